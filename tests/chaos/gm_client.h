// A GM at work: punishes, mutes, lifts, writes notes, applies policies; makes each request's id
// before the first try and sends it again until it is answered, and now and then once more.
#ifndef HALLWARDEN_TESTS_CHAOS_GM_CLIENT_H_
#define HALLWARDEN_TESTS_CHAOS_GM_CLIENT_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "hallwarden/v1/gm_service.grpc.pb.h"

#include "tests/chaos/oracle.h"
#include "tools/session/clock.h"

namespace hallwarden::chaos {

struct GmOptions {
  std::string principal;
  std::string token;
  std::string target;
  // Policies are switched with this token.
  std::string admin_token;
  std::string accounts = "p";
  int account_count = 60;
  std::uint64_t seed = 1;
  // Text of a policy that says the same each time.
  std::string policy;
  // Pause between calls.
  std::int64_t pause_us = 4'000;
};

class GmClient {
 public:
  explicit GmClient(GmOptions options);
  ~GmClient();

  void Start();
  void Stop();
  // No new requests; those on their way are sent until they are answered.
  void Finish() { finish_ = true; }
  void DaemonIsUp() { renew_ = true; }
  // The next thing it does is to apply a policy.
  void WantPolicy() { want_policy_ = true; }

  [[nodiscard]] bool Idle() const { return idle_; }
  [[nodiscard]] std::int64_t answered() const { return answered_count_; }
  [[nodiscard]] std::int64_t tries() const { return tries_; }
  [[nodiscard]] std::vector<GmAnswer> Answers() const;
  [[nodiscard]] std::vector<std::string> Faults() const;

 private:
  enum class Kind { kPunish, kMute, kLift, kNote, kPolicy };
  struct Request {
    Kind kind = Kind::kNote;
    std::string id;
    std::string about;  // account or sanction
    int number = 0;     // makes two requests of one kind different
    // What the first answer said.
    bool answered = false;
    int code = 0;
    std::string sanction;
    std::int64_t position = 0;
  };
  struct Said {
    grpc::Status status;
    std::string sanction;
    std::int64_t position = 0;
  };

  void Run();
  void Dial();
  Request Make();
  std::string PickSanction();
  Said Call(const Request& request);
  void Try(Request* request);
  void Fault(const std::string& what);
  std::uint64_t Roll(std::uint64_t below) { return random_.Next() % below; }

  GmOptions options_;
  session::SeededJitter random_;
  std::unique_ptr<v1::GmService::Stub> stub_;
  std::deque<Request> open_;
  // The last ones that were answered, to be sent once more.
  std::deque<Request> done_;
  std::int64_t made_ = 0;
  std::atomic<std::int64_t> tries_{0};
  std::atomic<std::int64_t> answered_count_{0};
  std::atomic<bool> finish_{false};
  std::atomic<bool> renew_{false};
  std::atomic<bool> want_policy_{false};
  std::atomic<bool> idle_{false};
  std::atomic<bool> stop_{false};
  mutable std::mutex mutex_;
  std::vector<GmAnswer> answers_;
  std::vector<std::string> faults_;
  std::thread thread_;
};

// The secret of a new token for `principal`. Empty: it failed; `why` says so.
[[nodiscard]] std::string CreateToken(const std::string& target, const std::string& admin_token,
                                      const std::string& principal, v1::Role role,
                                      std::string* why);
// Directives of all servers without an answer; -1: the daemon did not say.
[[nodiscard]] std::int64_t Unanswered(const std::string& target, const std::string& admin_token);

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_GM_CLIENT_H_
