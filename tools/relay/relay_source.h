// Lines as numbered events, and the durable mapping between the two.
#ifndef HALLWARDEN_TOOLS_RELAY_RELAY_SOURCE_H_
#define HALLWARDEN_TOOLS_RELAY_RELAY_SOURCE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/relay/line_input.h"
#include "tools/session/position_file.h"
#include "tools/session/session_client.h"

namespace hallwarden::relay {

// What the position file of a relay holds besides the session's own positions.
struct RelayPosition {
  session::Positions session;
  // Place of the line that is event session.last_acked_seq + 1.
  Place place;
  // Standard input has no place.
  bool pipe = false;
  // Everything was sent and acknowledged to the end of the input.
  bool finished = false;
  // Where the results of directives are read next.
  Place results;
};

absl::StatusOr<RelayPosition> RelayPositionFromValues(const session::PositionValues& values);
session::PositionValues ToValues(const RelayPosition& position);

// What to do when the daemon holds events of this server and there is no position file.
enum class FirstContact {
  // Ask the operator.
  kAsk,
  // The first line is the event behind those.
  kAppend,
  // The first line is event 1: the daemon holds the first ones already.
  kFromStart,
};

// Where refused lines are told. Each once, also across crashes.
class RejectLog {
 public:
  struct Reject {
    std::int64_t seq = 0;
    std::string file;
    std::int64_t line = 0;
    std::string reason;
    std::string detail;
  };

  virtual ~RejectLog() = default;
  // Durable on return.
  virtual absl::Status Add(const std::deque<Reject>& rejects) = 0;
};

// Not thread-safe. What is passed in must outlive it.
//
// The mapping never changes: every line, good or bad, is one event, and the event's number is that
// of the line before plus one. The position file ties one number to one place; everything else
// follows from counting.
class RelaySource final : public session::EventSource, public session::PositionStore {
 public:
  struct Options {
    FirstContact first_contact = FirstContact::kAsk;
    bool ignore_unknown_fields = false;
  };

  // `known` is false when there was no position file.
  RelaySource(Options options, std::unique_ptr<LineInput> input, RelayPosition position, bool known,
              session::PositionFile* file, RejectLog* rejects);

  absl::Status Resume(std::int64_t durable_seq) override;
  [[nodiscard]] std::int64_t OldestHeld() const override;
  absl::StatusOr<session::Fetch> Get(std::int64_t seq, std::string* event) override;
  absl::Status Acked(std::int64_t durable_seq) override;
  void Rejected(const v1::RejectedEvent& rejected) override;
  absl::Status Save(const session::Positions& positions) override;

  // Marks the position as finished; the next Save keeps that.
  void Finished() { position_.finished = true; }
  // Asked before each save: how far results have been read for good.
  void set_results_place(std::function<Place()> place) { results_place_ = std::move(place); }

  [[nodiscard]] const RelayPosition& position() const { return position_; }
  [[nodiscard]] std::int64_t bad_lines() const { return bad_lines_; }
  // The newest line that was read, for people.
  [[nodiscard]] const std::string& last_file() const { return last_file_; }
  [[nodiscard]] std::int64_t last_line() const { return last_line_; }

 private:
  struct Entry {
    std::string bytes;
    Place next;
    std::string file;
    std::int64_t line = 0;
    // Filled when the line was refused, here or by the daemon.
    std::string reason;
    std::string detail;
  };

  // Reads the line of event `last_seq() + 1`.
  absl::StatusOr<session::Fetch> ReadOne();
  absl::Status SkipTo(std::int64_t durable_seq);
  absl::Status ResumePipe(std::int64_t durable_seq);
  absl::Status FirstMeeting(std::int64_t durable_seq);
  [[nodiscard]] std::int64_t last_seq() const {
    return acked_ + static_cast<std::int64_t>(window_.size());
  }

  Options options_;
  std::unique_ptr<LineInput> input_;
  RelayPosition position_;
  bool known_;
  session::PositionFile* file_;
  RejectLog* rejects_;
  std::function<Place()> results_place_;
  // Number of the event before the window: everything up to it is acknowledged.
  std::int64_t acked_ = 0;
  std::deque<Entry> window_;
  // Pipes only: the session began; lines up to here are dropped.
  bool pipe_met_ = false;
  std::int64_t skip_to_ = 0;
  std::int64_t bad_lines_ = 0;
  std::string last_file_;
  std::int64_t last_line_ = 0;
};

}  // namespace hallwarden::relay

#endif  // HALLWARDEN_TOOLS_RELAY_RELAY_SOURCE_H_
