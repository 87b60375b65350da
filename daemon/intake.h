// What waits for the sequencer.
#ifndef HALLWARDEN_DAEMON_INTAKE_H_
#define HALLWARDEN_DAEMON_INTAKE_H_

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/hall_service.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/status/status.h"
#include "daemon/mutex.h"
#include "daemon/sequencer.h"
#include "daemon/space_guard.h"

namespace hallwarden::daemon {

// Answers to directives of one server.
struct ResultsItem {
  std::string source;
  std::int64_t session_epoch = 0;
  std::vector<v1::DirectiveAnswered> answers;
};

struct HelloItem {
  std::string source;
  std::int64_t session_epoch = 0;
  v1::Hello hello;
  // Where the source goes on if the restored store ends before it: what lies between is lost for
  // good. 0: nothing may be given up.
  std::uint64_t resume_seq = 0;
  std::function<void(const OpenedSession&)> done;
};

struct CommandItem {
  v1::Command command;
  bool rehearse = false;
  std::function<void(const CommandOutcome&)> done;
};

struct LookItem {
  std::function<void(EngineRunner&, std::int64_t)> look;
  std::function<void(const absl::Status&)> done;
};

using StreamItem = std::variant<PreparedBatch, ResultsItem, HelloItem>;
using DeskItem = std::variant<CommandItem, LookItem>;

// What the sequencer takes at once.
struct Intaken {
  std::vector<StreamItem> stream;
  std::vector<DeskItem> desk;
  // Nothing more will come.
  bool closed = false;
};

// Two bounded queues, what streams in and what people ask, and how far each source got. The order
// of the first is the order of each source, so that a Hello stands behind all that the session
// before it had queued. Thread-safe.
class Intake {
 public:
  struct Limits {
    std::size_t events_max = 0;
    std::size_t bytes_max = 0;
    std::size_t commands_max = 0;
  };

  explicit Intake(const Limits& limits) : limits_(limits) {}

  // Where the store stands. Called once, before anything else.
  void Load(const std::vector<storage::SourcePosition>& positions, std::int64_t history_epoch);

  // ---- sessions and desk; see Sequencer
  // -----------------------------------------------------------
  [[nodiscard]] absl::Status AddBatch(PreparedBatch&& batch);
  [[nodiscard]] absl::Status AddResults(const std::string& source, std::int64_t session_epoch,
                                        std::vector<v1::DirectiveAnswered>&& answers);
  void AddHello(const std::string& source, const v1::Hello& hello,
                std::function<void(const OpenedSession&)> done);
  void AddDesk(DeskItem item);
  void SessionClosed(const std::string& source, std::int64_t session_epoch);
  // The client knows of directives that this store does not have.
  void NoteClientAhead(const std::string& source);
  // What is not taken for want of disk space: events, and then everything that is recorded.
  void SetSpace(SpaceState state);
  [[nodiscard]] bool events_paused() const { return space_.load() != SpaceState::kPlenty; }
  [[nodiscard]] bool commands_paused() const { return space_.load() == SpaceState::kFull; }
  [[nodiscard]] std::uint64_t ExpectedSeq(std::string_view source) const;
  [[nodiscard]] std::vector<SourceState> Sources() const;

  // ---- sequencer
  // -------------------------------------------------------------------------------------- How much
  // to take at once.
  struct Room {
    std::size_t records_max = 0;
    std::size_t bytes_max = 0;
    std::size_t desk_max = 0;
  };
  // Waits until there is something, Close was called or `at_most` went by. Takes what people ask
  // first, then whole items of the stream until they make about `records_max` records or
  // `bytes_max` bytes.
  [[nodiscard]] Intaken Take(const Room& room, std::chrono::microseconds at_most);
  // What was committed.
  void Committed(const std::vector<SourceAck>& acks, std::int64_t commit_us);
  void SetHistoryEpoch(std::int64_t epoch);

  // Refuses whatever comes from now on. What waits can still be taken.
  void Close();
  // Answers what still waits UNAVAILABLE and drops it.
  void DropAll();

  [[nodiscard]] std::int64_t history_epoch() const;
  [[nodiscard]] std::size_t queued_events() const;
  [[nodiscard]] std::size_t queued_commands() const;

 private:
  struct Slot {
    SourceState state;
    // Highest number that was queued.
    std::uint64_t queued_seq = 0;
  };

  [[nodiscard]] absl::Status Admit(const Slot& slot, std::int64_t session_epoch) const
      HW_REQUIRES(mutex_);
  [[nodiscard]] Slot& SlotOf(const std::string& source) HW_REQUIRES(mutex_);
  [[nodiscard]] bool IsAhead(const Slot& slot, const v1::Hello& hello) const HW_REQUIRES(mutex_);
  [[nodiscard]] std::uint64_t ResumeSeq(const v1::Hello& hello) const HW_REQUIRES(mutex_);

  const Limits limits_;
  std::atomic<SpaceState> space_{SpaceState::kPlenty};
  mutable Mutex mutex_;
  CondVar wake_;
  std::deque<StreamItem> stream_ HW_GUARDED_BY(mutex_);
  std::deque<DeskItem> desk_ HW_GUARDED_BY(mutex_);
  std::map<std::string, Slot, std::less<>> slots_ HW_GUARDED_BY(mutex_);
  std::size_t events_ HW_GUARDED_BY(mutex_) = 0;
  std::size_t bytes_ HW_GUARDED_BY(mutex_) = 0;
  std::int64_t history_epoch_ HW_GUARDED_BY(mutex_) = 1;
  bool closed_ HW_GUARDED_BY(mutex_) = false;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_INTAKE_H_
