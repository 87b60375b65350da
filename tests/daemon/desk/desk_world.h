// A hall in a temporary directory: real store, sequencer, engine and desk; only the clock is a
// fake.
#ifndef HALLWARDEN_TESTS_DAEMON_DESK_DESK_WORLD_H_
#define HALLWARDEN_TESTS_DAEMON_DESK_DESK_WORLD_H_

#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/gm_service.pb.h"

#include "absl/status/status.h"
#include "daemon/artefact_cache.h"
#include "daemon/auth/token_table.h"
#include "daemon/clock.h"
#include "daemon/desk/core.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/feed.h"
#include "daemon/desk/worker_pool.h"
#include "daemon/mutex.h"
#include "daemon/prepare.h"
#include "daemon/sequencer.h"
#include "storage/store.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::daemon {

// 2026-11-22 08:00 UTC.
inline constexpr std::int64_t kWorldStartUs = 1'795'334'400'000'000;

// Passes everything on, and holds commands back while it is told to.
class HeldCore final : public DeskCore {
 public:
  explicit HeldCore(std::unique_ptr<DeskCore> core) : core_(std::move(core)) {}

  // From here on commands wait; Release passes them on in order.
  void Hold();
  void Release();
  [[nodiscard]] std::size_t held() const;
  // Commands that came here, held ones included; refused calls are none.
  [[nodiscard]] std::size_t commands() const;

  void SubmitCommand(v1::Command command, CommandDone done) override;
  void Rehearse(v1::Command command, CommandDone done) override {
    core_->Rehearse(std::move(command), std::move(done));
  }
  void LookAtPolicy(GlanceDone done) override { core_->LookAtPolicy(std::move(done)); }
  void LookAtServer(const std::string& server, GlanceDone done) override {
    core_->LookAtServer(server, std::move(done));
  }
  void LookAtRules(GlanceDone done) override { core_->LookAtRules(std::move(done)); }
  void LookAtBanks(const Engine::BankFilter& filter, GlanceDone done) override {
    core_->LookAtBanks(filter, std::move(done));
  }
  void LookAtAvatar(const v1::AvatarChanged& avatar, GlanceDone done) override {
    core_->LookAtAvatar(avatar, std::move(done));
  }
  void LookAtLexicon(bool hits, GlanceDone done) override {
    core_->LookAtLexicon(hits, std::move(done));
  }
  void LookAtAccount(const std::string& account, GlanceDone done) override {
    core_->LookAtAccount(account, std::move(done));
  }
  void LookAtNamesakes(const std::string& nickname, const std::string& after, std::size_t limit,
                       GlanceDone done) override {
    core_->LookAtNamesakes(nickname, after, limit, std::move(done));
  }
  std::vector<storage::StoredPosting> Tail(std::string_view account,
                                           std::int64_t since_us) const override {
    return core_->Tail(account, since_us);
  }
  std::vector<SourceState> Sources() const override { return core_->Sources(); }
  SequencerStats Stats() const override { return core_->Stats(); }
  std::int64_t NowUs() const override { return core_->NowUs(); }

 private:
  std::unique_ptr<DeskCore> core_;
  mutable Mutex mutex_;
  bool holding_ HW_GUARDED_BY(mutex_) = false;
  std::vector<std::pair<v1::Command, CommandDone>> held_ HW_GUARDED_BY(mutex_);
  std::size_t commands_ HW_GUARDED_BY(mutex_) = 0;
};

class DeskWorld : public Listener {
 public:
  DeskWorld();
  ~DeskWorld() override;
  DeskWorld(const DeskWorld&) = delete;
  DeskWorld& operator=(const DeskWorld&) = delete;

  // Stops with a checkpoint and starts again.
  void Restart();

  // A call of somebody in this role; principals are named after their roles.
  [[nodiscard]] static Call As(v1::Role role, std::string_view method = "GmService.Test");

  // Runs a call of the desk and waits for its end.
  template <class Request, class Response>
  absl::Status Do(void (Desk::*handler)(const Call&, const Request&, Response*, const Desk::Done&),
                  const Call& call, const Request& request, Response* response) {
    std::promise<absl::Status> promise;
    Begin(handler, call, request, response,
          [&promise](const absl::Status& status) { promise.set_value(status); });
    return promise.get_future().get();
  }
  // Runs it and goes on.
  template <class Request, class Response>
  void Begin(void (Desk::*handler)(const Call&, const Request&, Response*, const Desk::Done&),
             const Call& call, const Request& request, Response* response, Desk::Done done) {
    pool().Continue([this, handler, call, &request, response, done = std::move(done)] {
      (desk().*handler)(call, request, response, done);
    });
  }

  // What a game server tells; durable on return.
  void Tell(std::vector<v1::HallEvent> events);
  void Register(const std::string& account, const std::string& nickname);
  void Rename(const std::string& account, const std::string& nickname);
  void LogIn(const std::string& account);

  // A warning beside the ladder for `account` by a senior GM; its answer.
  v1::ActionResponse Warn(const std::string& account);

  // Lets time go by until the reversal of the server is done.
  void AwaitReversal(const std::string& name);

  // Audit records, oldest first.
  [[nodiscard]] std::vector<v1::AuditRecord> Audit();

  // A request id that was not used before.
  [[nodiscard]] std::string NewId() { return "request-" + std::to_string(++ids_); }
  // Options of a mutating call with a new request id and a reason.
  [[nodiscard]] v1::ActionOptions Options();

  void OnCommitted(const CommittedGroup& committed) override;

  [[nodiscard]] Desk& desk() { return running_->desk; }
  [[nodiscard]] HeldCore& core() { return running_->core; }
  [[nodiscard]] WorkerPool& pool() { return running_->pool; }
  [[nodiscard]] Feed& feed() { return running_->feed; }
  [[nodiscard]] TokenTable& tokens() { return tokens_; }
  [[nodiscard]] storage::Store& store() { return *store_; }
  [[nodiscard]] FakeClock& clock() { return clock_; }
  [[nodiscard]] Sequencer& sequencer() { return running_->sequencer; }

 private:
  struct Running {
    explicit Running(DeskWorld* world);

    ArtefactCache artefacts;
    Sequencer sequencer;
    WorkerPool pool;
    Feed feed;
    HeldCore core;
    Desk desk;
  };

  void Start();

  storage::TempDirectory directory_;
  FakeClock clock_{kWorldStartUs};
  std::unique_ptr<storage::Store> store_;
  TokenTable tokens_;
  std::unique_ptr<Running> running_;
  std::int64_t session_epoch_ = 0;
  std::uint64_t next_seq_ = 1;
  int ids_ = 0;

  Mutex mutex_;
  CondVar acked_;
  std::uint64_t durable_seq_ HW_GUARDED_BY(mutex_) = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_TESTS_DAEMON_DESK_DESK_WORLD_H_
