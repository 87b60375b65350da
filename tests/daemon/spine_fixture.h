// What the tests of the spine share: a real store and engine in a directory of their own, a clock
// that stands still, a listener and game servers without sockets.
#ifndef HALLWARDEN_TESTS_DAEMON_SPINE_FIXTURE_H_
#define HALLWARDEN_TESTS_DAEMON_SPINE_FIXTURE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/hall_service.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "daemon/artefact_cache.h"
#include "daemon/clock.h"
#include "daemon/hall/session.h"
#include "daemon/hall/sessions.h"
#include "daemon/mutex.h"
#include "daemon/prepare.h"
#include "daemon/sequencer.h"
#include "tests/daemon/wrapped_store.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::daemon {

inline constexpr std::int64_t kNow = 1'800'000'000'000'000;
inline constexpr std::int64_t kSecondUs = 1'000'000;

// Remembers what was committed.
class Recorder final : public Listener {
 public:
  void OnCommitted(const CommittedGroup& committed) override;

  // The last ack of a source once it covers `seq`; blocks until then.
  SourceAck AwaitAck(const std::string& source, std::uint64_t seq);
  // Blocks until the position is durable.
  void AwaitPosition(std::uint64_t position);

  [[nodiscard]] std::vector<v1::RejectedEvent> rejected() const;
  [[nodiscard]] std::vector<RecordKind> kinds() const;
  [[nodiscard]] std::vector<SendDirective> directives() const;
  [[nodiscard]] std::vector<std::uint64_t> durable_positions() const;

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  std::vector<SourceAck> acks_ HW_GUARDED_BY(mutex_);
  std::vector<v1::RejectedEvent> rejected_ HW_GUARDED_BY(mutex_);
  std::vector<RecordKind> kinds_ HW_GUARDED_BY(mutex_);
  std::vector<SendDirective> directives_ HW_GUARDED_BY(mutex_);
  std::vector<std::uint64_t> positions_ HW_GUARDED_BY(mutex_);
};

// The client's end of a session without a socket.
class FakeTransport final : public SessionTransport {
 public:
  // With `slow`, a write ends only when the test says so.
  explicit FakeTransport(bool slow = false) : slow_(slow) {}

  void Attach(std::shared_ptr<Session> session);
  // Sends as soon as the session reads.
  void Send(const v1::SessionRequest& request) { SendBytes(request.SerializeAsString()); }
  void SendBytes(std::string bytes);
  // Takes the write that is under way.
  void TakeWrite();

  // The next message from the daemon; fails the test if the stream ends instead.
  v1::SessionResponse Next();
  // The end of the stream. Messages before it are dropped.
  Refusal AwaitEnd();
  [[nodiscard]] bool ended() const;
  [[nodiscard]] bool aborted() const;
  // Messages that wait for Next.
  [[nodiscard]] std::size_t received() const;

  // SessionTransport.
  void Read() override;
  void Write(std::string bytes) override;
  void Finish(const Refusal& refusal) override;
  void Abort(const Refusal& refusal) override;

 private:
  const bool slow_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::shared_ptr<Session> session_ HW_GUARDED_BY(mutex_);
  std::deque<std::string> to_send_ HW_GUARDED_BY(mutex_);
  bool reading_ HW_GUARDED_BY(mutex_) = false;
  std::deque<v1::SessionResponse> received_ HW_GUARDED_BY(mutex_);
  std::optional<Refusal> end_ HW_GUARDED_BY(mutex_);
  bool aborted_ HW_GUARDED_BY(mutex_) = false;
};

class SpineTest : public ::testing::Test {
 protected:
  SpineTest();
  ~SpineTest() override;

  // Opens the store and starts everything. After Kill or Stop it goes on with the same directory.
  void Start();
  // Ends everything, with a checkpoint.
  void Stop();
  // Ends everything as a crash would: nothing that was not committed survives.
  void Kill();

  // An open session of a server, Hello and HelloOk exchanged.
  std::shared_ptr<FakeTransport> Connect(const std::string& server, v1::Hello hello = MakeHello(),
                                         bool slow = false);
  // A stream on which nothing was said yet.
  std::shared_ptr<FakeTransport> OpenStream(const Principal& principal, bool slow = false);

  // Opens a session without a transport; returns its epoch.
  std::int64_t Hello(const std::string& source);
  // Submits and waits for the ack.
  SourceAck Send(const std::string& source, std::int64_t epoch, std::uint64_t first_seq,
                 const std::vector<std::string>& events);
  [[nodiscard]] PreparedBatch Prepare(const std::string& source, std::int64_t epoch,
                                      std::uint64_t first_seq,
                                      const std::vector<std::string>& events);
  CommandOutcome Run(v1::Command command);
  // Waits until the condition holds; fails the test after ten seconds.
  static void Await(const std::function<bool()>& condition, const char* what);

  static v1::Hello MakeHello();
  static Principal Server(const std::string& name);
  // Serialized events.
  static std::string LoggedIn(const std::string& account);
  static std::string LoggedOut(const std::string& account);
  static std::string Nickname(const std::string& account, const std::string& nickname);
  static v1::SessionRequest Batch(std::int64_t first_seq, const std::vector<std::string>& events);
  // A GM's ban of an account, now.
  static v1::Command Ban(const std::string& account, const std::string& request_id);

  storage::TempDirectory directory_;
  FakeClock clock_{kNow};
  SequencerOptions options_;
  Sessions::Options session_options_;
  std::atomic<int> exit_code_{0};

  std::unique_ptr<storage::Store> base_;
  std::unique_ptr<WrappedStore> store_;
  std::unique_ptr<ArtefactCache> artefacts_;
  std::unique_ptr<Recorder> recorder_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<Sessions> sessions_;
  // As long as the sessions, which call them until their end.
  std::vector<std::shared_ptr<FakeTransport>> transports_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_TESTS_DAEMON_SPINE_FIXTURE_H_
