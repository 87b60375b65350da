#include "storage/crash_point.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>

#include <signal.h>
#include <unistd.h>

namespace hallwarden::storage {
namespace {

constexpr std::array kCrashPoints = {
    // A start.
    CrashPoint{"start.locked", "the directory is locked, nothing was opened"},
    CrashPoint{"start.keys_opened", "the keys are open, the database is not"},
    CrashPoint{"start.meta_written", "a new store has its identity and nothing else"},
    CrashPoint{"start.recovered", "the end of the journal was found and marked"},
    CrashPoint{"start.planned", "what the engine will be is known, nothing was replayed"},
    CrashPoint{"start.replayed_group", "one group of the tail was replayed"},
    CrashPoint{"start.replayed", "the tail was replayed, nothing was accepted"},
    CrashPoint{"start.activation_handed", "the activation may or may not be committed"},
    CrashPoint{"start.activation_hinted", "the activation is committed and its hint written"},
    CrashPoint{"token.secret_written", "the first token's secret is aside, its record is not made"},
    CrashPoint{"token.committed", "the first token is committed, its file not in place"},
    // A group.
    CrashPoint{"session.hello_journalled", "a session is on its way into the journal"},
    CrashPoint{"session.hello_committed", "a session is committed, its HelloOk is not sent"},
    CrashPoint{"session.events_queued", "events are queued, not journalled"},
    CrashPoint{"session.answers_queued", "answers to directives are queued, not journalled"},
    CrashPoint{"group.timer_fired", "a timer went off in memory, its record is not committed"},
    CrashPoint{"group.answer_taken", "an answer to a directive has its record, not committed"},
    CrashPoint{"group.command_taken", "a GM's command was decided, not committed"},
    CrashPoint{"group.built", "a group was decided in memory, not handed on"},
    CrashPoint{"commit.begun", "a group is about to be written"},
    CrashPoint{"commit.directive_put", "a directive is in the batch, the batch is not written"},
    CrashPoint{"commit.keys_synced", "new keys are durable, the group that needs them is not"},
    CrashPoint{"commit.written", "the group is durable, the high-water mark is behind"},
    CrashPoint{"commit.marked", "group and high-water mark are written, nobody was told"},
    CrashPoint{"release.begun", "the group is durable, nobody was told"},
    CrashPoint{"release.intake_told", "the intake knows, gate and sessions do not"},
    CrashPoint{"release.gate_published", "the gate knows the group's sanctions, sessions do not"},
    CrashPoint{"release.sessions_told", "acks and directives are on their way, answers are not"},
    CrashPoint{"release.answered", "everybody was told"},
    CrashPoint{"session.ack_taken", "an ack is about to be written to the socket"},
    CrashPoint{"session.directive_taken", "a directive is about to be written to the socket"},
    CrashPoint{"session.written", "gRPC took a message; nobody knows whether it arrived"},
    // A checkpoint.
    CrashPoint{"checkpoint.cut", "the cells were cut, the marker is not through the committer"},
    CrashPoint{"checkpoint.begun", "nothing of the checkpoint is written"},
    CrashPoint{"checkpoint.cells_written", "the cells' files are written, not ingested"},
    CrashPoint{"checkpoint.postings_written", "all files are written, none is ingested"},
    CrashPoint{"checkpoint.ingested", "the checkpoint is visible, its files are not cleared away"},
    CrashPoint{"checkpoint.done", "the checkpoint is complete, memory holds its postings still"},
    // A policy.
    CrashPoint{"policy.stored", "the policy's text is stored, nothing activates it"},
    CrashPoint{"policy.committed", "the activation is committed, its caller was not told"},
    // An end.
    CrashPoint{"stop.begun", "asked to stop, everything still runs"},
    CrashPoint{"stop.sessions_ended", "sessions were told to go, the sequencer still runs"},
    CrashPoint{"stop.drained", "everything queued is committed, the last checkpoint is not begun"},
    CrashPoint{"stop.checkpointed", "the last checkpoint is written, the store is open"},
    CrashPoint{"stop.closing", "only the store is left to close"},
};

enum class Action { kKill, kSleep };

struct Armed {
  std::string name;
  Action action = Action::kKill;
  std::atomic<std::uint64_t> left{0};
};

Armed& TheArmed() {
  static Armed armed;
  return armed;
}

// No stream, no lock: the process dies in the next line.
void Say(std::string_view name) {
  const std::string line = "crash point " + std::string(name) + " reached\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

std::span<const CrashPoint> CrashPoints() {
  return kCrashPoints;
}

absl::Status ArmCrashPoint(std::string_view spec) {
  const std::string_view name = spec.substr(0, spec.find(':'));
  const bool known = std::any_of(kCrashPoints.begin(), kCrashPoints.end(),
                                 [&](const CrashPoint& point) { return point.name == name; });
  if (!known) {
    return absl::InvalidArgumentError("no crash point `" + std::string(name) +
                                      "`: see --crash-points");
  }
  Armed& armed = TheArmed();
  armed.action = Action::kKill;
  std::uint64_t nth = 1;
  std::string_view rest = spec.substr(name.size());
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find(':'));
    rest.remove_prefix(word.size());
    if (word == "kill" || word == "sleep") {
      armed.action = word == "kill" ? Action::kKill : Action::kSleep;
      continue;
    }
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), nth);
    if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size() || nth == 0) {
      return absl::InvalidArgumentError("crash point `" + std::string(spec) +
                                        "`: write NAME[:N][:kill|:sleep] with N from 1");
    }
  }
  armed.name = name;
  armed.left = nth;
  internal::crash_point_armed = true;
  return absl::OkStatus();
}

namespace internal {

void ReachCrashPoint(std::string_view name) {
  Armed& armed = TheArmed();
  if (name != armed.name) return;
  if (armed.left.fetch_sub(1) != 1) return;
  crash_point_armed = false;
  Say(name);
  if (armed.action == Action::kKill) {
    ::kill(::getpid(), SIGKILL);
    // The signal comes at once, but not necessarily before the next instruction of this thread.
    for (;;)
      ::pause();
  }
  std::this_thread::sleep_for(std::chrono::seconds(1));
}

}  // namespace internal
}  // namespace hallwarden::storage
