#include "tools/relay/relay_source.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "tools/relay/event_line.h"

namespace hallwarden::relay {
namespace {

void PlaceToValues(const Place& place, const std::string& prefix, session::PositionValues* values) {
  (*values)[prefix + "inode"] = std::to_string(place.inode);
  (*values)[prefix + "offset"] = std::to_string(place.offset);
  (*values)[prefix + "line"] = std::to_string(place.line);
  (*values)[prefix + "head_size"] = std::to_string(place.head_size);
  (*values)[prefix + "head_hash"] = std::to_string(place.head_hash);
}

absl::Status PlaceFromValues(const session::PositionValues& values, const std::string& prefix,
                             Place* place) {
  const auto unsigned_number = [&values, &prefix](const char* name, std::uint64_t* number) {
    const auto it = values.find(prefix + name);
    return it != values.end() && absl::SimpleAtoi(it->second, number);
  };
  if (!unsigned_number("inode", &place->inode) ||
      !unsigned_number("head_hash", &place->head_hash)) {
    return absl::InvalidArgumentError(absl::StrCat("no place `", prefix, "inode`"));
  }
  struct Number {
    const char* name;
    std::int64_t* value;
  };
  for (const Number& number : {Number{"offset", &place->offset}, Number{"line", &place->line},
                               Number{"head_size", &place->head_size}}) {
    absl::StatusOr<std::int64_t> value = session::PositionNumber(values, prefix + number.name);
    if (!value.ok()) return value.status();
    *number.value = *value;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RelayPosition> RelayPositionFromValues(const session::PositionValues& values) {
  RelayPosition position;
  absl::StatusOr<session::Positions> session = session::FromValues(values);
  if (!session.ok()) return session.status();
  position.session = *std::move(session);
  if (absl::Status s = PlaceFromValues(values, "", &position.place); !s.ok()) return s;
  if (absl::Status s = PlaceFromValues(values, "results_", &position.results); !s.ok()) return s;
  absl::StatusOr<std::int64_t> finished = session::PositionNumber(values, "finished");
  if (!finished.ok()) return finished.status();
  absl::StatusOr<std::int64_t> pipe = session::PositionNumber(values, "pipe");
  if (!pipe.ok()) return pipe.status();
  position.finished = *finished != 0;
  position.pipe = *pipe != 0;
  return position;
}

session::PositionValues ToValues(const RelayPosition& position) {
  session::PositionValues values;
  session::ToValues(position.session, &values);
  PlaceToValues(position.place, "", &values);
  PlaceToValues(position.results, "results_", &values);
  values["finished"] = position.finished ? "1" : "0";
  values["pipe"] = position.pipe ? "1" : "0";
  return values;
}

RelaySource::RelaySource(Options options, std::unique_ptr<LineInput> input, RelayPosition position,
                         bool known, session::PositionFile* file, RejectLog* rejects)
    : options_(options),
      input_(std::move(input)),
      position_(std::move(position)),
      known_(known),
      file_(file),
      rejects_(rejects),
      acked_(position_.session.last_acked_seq) {
  position_.place = input_->Here();
}

absl::Status RelaySource::FirstMeeting(std::int64_t durable_seq) {
  known_ = true;
  if (durable_seq == 0 || options_.first_contact == FirstContact::kFromStart)
    return absl::OkStatus();
  if (options_.first_contact == FirstContact::kAppend) {
    acked_ = durable_seq;
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the daemon holds ", durable_seq,
                   " events of this server already, but there is no position file ", file_->path(),
                   " that says which lines they are. If the input continues behind them, start "
                   "once with --append; "
                   "if its first line is the server's first event, start once with --from-start"));
}

absl::Status RelaySource::Resume(std::int64_t durable_seq) {
  if (position_.pipe) return ResumePipe(durable_seq);
  if (!known_) {
    if (absl::Status s = FirstMeeting(durable_seq); !s.ok()) return s;
  }
  if (durable_seq < acked_) {
    // A restored store: what it lost is read again.
    const std::int64_t lines = last_seq() - durable_seq;
    if (durable_seq + 1 < OldestHeld()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the daemon wants event ", durable_seq + 1,
                       " again, but the oldest line that is left is event ", OldestHeld()));
    }
    if (absl::Status s = input_->GoBack(lines); !s.ok()) return s;
    window_.clear();
    acked_ = durable_seq;
    position_.place = input_->Here();
    return absl::OkStatus();
  }
  return SkipTo(durable_seq);
}

std::int64_t RelaySource::OldestHeld() const {
  const absl::StatusOr<std::int64_t> lines = input_->LinesBefore();
  // Unknown: the daemon then gives nothing up.
  return lines.ok() ? last_seq() + 1 - *lines : 0;
}

// A pipe brings new lines, or all of them again: --from-start says which.
absl::Status RelaySource::ResumePipe(std::int64_t durable_seq) {
  if (pipe_met_) {
    if (durable_seq < acked_) return input_->GoBack(last_seq() - durable_seq);
    return absl::OkStatus();
  }
  pipe_met_ = true;
  const bool again = options_.first_contact == FirstContact::kFromStart;
  acked_ = again ? 0 : durable_seq;
  skip_to_ = again ? durable_seq : 0;
  return absl::OkStatus();
}

// Events whose acknowledgement was lost: their lines are read and passed over.
absl::Status RelaySource::SkipTo(std::int64_t durable_seq) {
  while (last_seq() < durable_seq) {
    absl::StatusOr<session::Fetch> read = ReadOne();
    if (!read.ok()) return read.status();
    if (*read == session::Fetch::kEvent) {
      // Keeps memory bounded, however far the daemon is ahead.
      if (absl::Status s = Acked(last_seq()); !s.ok()) return s;
      continue;
    }
    return absl::FailedPreconditionError(
        absl::StrCat("the daemon holds ", durable_seq,
                     " events of this server, but the input has lines for ", last_seq(),
                     " only: another client sent with this token, or the input is not the one that "
                     "was sent. Give each input its "
                     "own token (`gmctl token create`), or check the file"));
  }
  return absl::OkStatus();
}

absl::StatusOr<session::Fetch> RelaySource::ReadOne() {
  Line line;
  absl::StatusOr<Input> got = input_->Next(&line);
  if (!got.ok()) return got.status();
  if (*got != Input::kLine) {
    return *got == Input::kEnd ? session::Fetch::kEnd : session::Fetch::kNothingYet;
  }
  EventLine event = ParseEventLine(line.text, line.too_long, options_.ignore_unknown_fields);
  Entry& entry = window_.emplace_back();
  entry.bytes = std::move(event.bytes);
  entry.next = line.next;
  entry.file = line.file;
  entry.line = line.number;
  if (!event.fault.empty()) {
    entry.reason = "NOT_AN_EVENT";
    entry.detail = std::move(event.fault);
  }
  last_file_ = line.file;
  last_line_ = line.number;
  return session::Fetch::kEvent;
}

absl::StatusOr<session::Fetch> RelaySource::Get(std::int64_t seq, std::string* event) {
  while (last_seq() < skip_to_) {
    absl::StatusOr<session::Fetch> read = ReadOne();
    if (!read.ok() || *read != session::Fetch::kEvent) return read;
    if (absl::Status s = Acked(last_seq()); !s.ok()) return s;
  }
  if (seq > last_seq()) {
    absl::StatusOr<session::Fetch> read = ReadOne();
    if (!read.ok() || *read != session::Fetch::kEvent) return read;
  }
  if (seq <= acked_ || seq > last_seq()) {
    return absl::InternalError(absl::StrCat("event ", seq, " was asked for out of order"));
  }
  *event = window_[static_cast<std::size_t>(seq - acked_ - 1)].bytes;
  return session::Fetch::kEvent;
}

void RelaySource::Rejected(const v1::RejectedEvent& rejected) {
  if (rejected.seq() <= acked_ || rejected.seq() > last_seq()) return;
  Entry& entry = window_[static_cast<std::size_t>(rejected.seq() - acked_ - 1)];
  // Of a line that is no event we know better why.
  if (!entry.reason.empty()) return;
  const std::string name = v1::RejectReason_Name(rejected.reason());
  const std::string prefix = "REJECT_REASON_";
  entry.reason = name.rfind(prefix, 0) == 0 ? name.substr(prefix.size()) : name;
  entry.detail = rejected.detail();
}

absl::Status RelaySource::Acked(std::int64_t durable_seq) {
  std::deque<RejectLog::Reject> refused;
  while (acked_ < durable_seq && !window_.empty()) {
    Entry& entry = window_.front();
    ++acked_;
    position_.place = entry.next;
    if (!entry.reason.empty()) {
      ++bad_lines_;
      refused.push_back(RejectLog::Reject{acked_, std::move(entry.file), entry.line,
                                          std::move(entry.reason), std::move(entry.detail)});
    }
    window_.pop_front();
  }
  return refused.empty() ? absl::OkStatus() : rejects_->Add(refused);
}

absl::Status RelaySource::Save(const session::Positions& positions) {
  position_.session = positions;
  // Numbers and place are of the same moment: both are those of the last acknowledgement.
  position_.session.last_acked_seq = acked_;
  if (results_place_) position_.results = results_place_();
  return file_->Save(ToValues(position_));
}

}  // namespace hallwarden::relay
