// One order, one commit, nothing before it.

#include <algorithm>
#include <atomic>
#include <future>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "rules/engine/engine.h"
#include "tests/daemon/spine_fixture.h"

namespace hallwarden::daemon {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class SequencerTest : public SpineTest {};

TEST_F(SequencerTest, ANewStoreBeginsWithTheEngine) {
  Start();
  recorder_->AwaitPosition(1);
  EXPECT_THAT(recorder_->kinds(), ElementsAre(RecordKind::kEngineActivated));
  EXPECT_EQ(sequencer_->Stats().replay, ReplayState::kReady);
}

TEST_F(SequencerTest, TheSameEngineIsNotActivatedAgain) {
  Start();
  recorder_->AwaitPosition(1);
  Stop();
  Start();
  Hello("hall-1");
  EXPECT_THAT(recorder_->kinds(), ElementsAre(RecordKind::kServerHello));
}

TEST_F(SequencerTest, AcknowledgesOnlyAfterTheCommit) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  store_->HoldCommits();
  ASSERT_TRUE(
      sequencer_->SubmitEvents(Prepare("hall-1", epoch, 1, {LoggedIn("a"), LoggedIn("b")})).ok());
  store_->AwaitHeld();
  EXPECT_EQ(sequencer_->Sources().front().durable_seq, 0U);
  EXPECT_EQ(sequencer_->Stats().durable_position, 2U);
  store_->ReleaseCommits();
  const SourceAck ack = recorder_->AwaitAck("hall-1", 2);
  EXPECT_EQ(ack.durable_seq, 2U);
  EXPECT_EQ(ack.session_epoch, epoch);
  EXPECT_EQ(ack.events, 2U);
  EXPECT_EQ(sequencer_->Stats().durable_position, 4U);
}

TEST_F(SequencerTest, AppliesTheNextGroupWhileOneIsSynced) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  store_->HoldCommits();
  ASSERT_TRUE(sequencer_->SubmitEvents(Prepare("hall-1", epoch, 1, {LoggedIn("a")})).ok());
  store_->AwaitHeld();
  // The engine answers although the first group is not durable yet; what it saw is told only after.
  std::promise<void> looked;
  std::promise<void> told;
  sequencer_->Look([&](EngineRunner&, std::int64_t) { looked.set_value(); },
                   [&](const absl::Status& status) {
                     EXPECT_TRUE(status.ok());
                     told.set_value();
                   });
  looked.get_future().wait();
  ASSERT_TRUE(sequencer_->SubmitEvents(Prepare("hall-1", epoch, 2, {LoggedIn("b")})).ok());
  std::future<void> answer = told.get_future();
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  store_->ReleaseCommits();
  answer.wait();
  recorder_->AwaitAck("hall-1", 2);
  const std::vector<std::uint64_t> positions = recorder_->durable_positions();
  EXPECT_TRUE(std::is_sorted(positions.begin(), positions.end()));
}

TEST_F(SequencerTest, CommitsWhatWaitsAsOneGroup) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  store_->HoldCommits();
  std::uint64_t seq = 1;
  for (; seq <= 10; ++seq) {
    ASSERT_TRUE(sequencer_->SubmitEvents(Prepare("hall-1", epoch, seq, {LoggedIn("a")})).ok());
    if (seq == 1) store_->AwaitHeld();
  }
  store_->ReleaseCommits();
  recorder_->AwaitAck("hall-1", 10);
  // Engine, Hello, the first event, then at most one group that was built while it was synced.
  EXPECT_LE(store_->group_sizes().size(), 5U);
}

TEST_F(SequencerTest, ALargeBatchIsCutIntoGroups) {
  options_.group_records_max = 100;
  Start();
  const std::int64_t epoch = Hello("hall-1");
  std::vector<std::string> events(950, LoggedIn("a"));
  Send("hall-1", epoch, 1, events);
  for (const std::size_t size : store_->group_sizes())
    EXPECT_LE(size, 100U);
}

TEST_F(SequencerTest, AFailedCommitEndsTheProcessAndAcknowledgesNothing) {
  for (const bool written : {false, true}) {
    SCOPED_TRACE(written);
    exit_code_ = 0;
    Start();
    const std::int64_t epoch = Hello("hall-1");
    const std::uint64_t before = sequencer_->Sources().front().durable_seq;
    store_->FailNextCommit(absl::InternalError("the disk said no"), written);
    ASSERT_TRUE(
        sequencer_->SubmitEvents(Prepare("hall-1", epoch, before + 1, {LoggedIn("a")})).ok());
    Await([this] { return exit_code_ != 0; }, "the exit");
    EXPECT_EQ(exit_code_, 70);
    EXPECT_EQ(sequencer_->Sources().front().durable_seq, before);
    Kill();
    // The client sends it again; the watermark knows whether it was there.
    Start();
    const std::int64_t next = Hello("hall-1");
    const SourceAck ack = Send("hall-1", next, before + 1, {LoggedIn("a")});
    EXPECT_EQ(ack.durable_seq, before + 1);
    const std::vector<RecordKind> kinds = recorder_->kinds();
    EXPECT_EQ(std::count(kinds.begin(), kinds.end(), RecordKind::kHallEvent), written ? 0 : 1);
    Kill();
  }
}

TEST_F(SequencerTest, ARepeatIsAbsorbedAndAcknowledged) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  Send("hall-1", epoch, 1, {LoggedIn("a"), LoggedIn("b")});
  const std::uint64_t position = sequencer_->Stats().durable_position;
  const SourceAck ack = Send("hall-1", epoch, 1, {LoggedIn("a"), LoggedIn("b")});
  EXPECT_EQ(ack.durable_seq, 2U);
  EXPECT_THAT(ack.rejected, IsEmpty());
  EXPECT_EQ(sequencer_->Stats().durable_position, position);
}

TEST_F(SequencerTest, ARepeatThatGoesOnIsTakenFromWhereItIsNew) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  Send("hall-1", epoch, 1, {LoggedIn("a"), LoggedIn("b")});
  const SourceAck ack = Send("hall-1", epoch, 2, {LoggedIn("b"), LoggedIn("c")});
  EXPECT_EQ(ack.durable_seq, 3U);
}

TEST_F(SequencerTest, TheSameNumberWithOtherContentIsRefusedAndOnRecord) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  Send("hall-1", epoch, 1, {LoggedIn("a")});
  ASSERT_TRUE(sequencer_->SubmitEvents(Prepare("hall-1", epoch, 1, {LoggedIn("b")})).ok());
  Await([this] { return !recorder_->rejected().empty(); }, "the refusal");
  EXPECT_EQ(recorder_->rejected().front().seq(), 1);
  EXPECT_EQ(recorder_->rejected().front().reason(), v1::REJECT_REASON_SEQ_REUSED);
  EXPECT_THAT(recorder_->kinds(), Contains(RecordKind::kEventRefused));
  EXPECT_EQ(sequencer_->Stats().reused_seqs, 1U);
  // The stream goes on.
  EXPECT_EQ(Send("hall-1", epoch, 2, {LoggedIn("c")}).durable_seq, 2U);
}

TEST_F(SequencerTest, AReuseIsKnownAfterARestart) {
  Start();
  Send("hall-1", Hello("hall-1"), 1, {LoggedIn("a")});
  Stop();
  Start();
  const std::int64_t epoch = Hello("hall-1");
  ASSERT_TRUE(sequencer_->SubmitEvents(Prepare("hall-1", epoch, 1, {LoggedIn("b")})).ok());
  Await([this] { return !recorder_->rejected().empty(); }, "the refusal");
  EXPECT_EQ(recorder_->rejected().front().reason(), v1::REJECT_REASON_SEQ_REUSED);
}

TEST_F(SequencerTest, AGapIsRefusedWithTheNumberThatComesNext) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  Send("hall-1", epoch, 1, {LoggedIn("a")});
  const absl::Status status =
      sequencer_->SubmitEvents(Prepare("hall-1", epoch, 3, {LoggedIn("b")}));
  EXPECT_TRUE(absl::IsOutOfRange(status)) << status;
  EXPECT_EQ(sequencer_->ExpectedSeq("hall-1"), 2U);
}

TEST_F(SequencerTest, ANewerHelloFencesTheOlderSession) {
  Start();
  const std::int64_t older = Hello("hall-1");
  const std::int64_t newer = Hello("hall-1");
  EXPECT_GT(newer, older);
  EXPECT_TRUE(
      absl::IsAborted(sequencer_->SubmitEvents(Prepare("hall-1", older, 1, {LoggedIn("a")}))));
  EXPECT_EQ(Send("hall-1", newer, 1, {LoggedIn("a")}).session_epoch, newer);
}

TEST_F(SequencerTest, AHelloWaitsForWhatTheOlderSessionHadQueued) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  store_->HoldCommits();
  ASSERT_TRUE(sequencer_->SubmitEvents(Prepare("hall-1", epoch, 1, {LoggedIn("a")})).ok());
  std::promise<OpenedSession> promise;
  sequencer_->SubmitHello("hall-1", MakeHello(),
                          [&](const OpenedSession& opened) { promise.set_value(opened); });
  store_->ReleaseCommits();
  EXPECT_EQ(promise.get_future().get().durable_seq, 1U);
}

TEST_F(SequencerTest, AFullQueueRefusesAndLosesNothing) {
  options_.queue_events_max = 4;
  Start();
  const std::int64_t epoch = Hello("hall-1");
  store_->HoldCommits();
  std::uint64_t seq = 1;
  absl::Status status;
  for (; seq < 1000; ++seq) {
    status = sequencer_->SubmitEvents(Prepare("hall-1", epoch, seq, {LoggedIn("a")}));
    if (!status.ok()) break;
  }
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_EQ(sequencer_->ExpectedSeq("hall-1"), seq);
  store_->ReleaseCommits();
  recorder_->AwaitAck("hall-1", seq - 1);
  EXPECT_EQ(Send("hall-1", epoch, seq, {LoggedIn("a")}).durable_seq, seq);
}

TEST_F(SequencerTest, ACommandIsAnsweredAfterItsCommit) {
  Start();
  Send("hall-1", Hello("hall-1"), 1, {LoggedIn("a")});
  store_->HoldCommits();
  std::promise<CommandOutcome> promise;
  sequencer_->SubmitCommand(Ban("a", "request-1"),
                            [&](const CommandOutcome& outcome) { promise.set_value(outcome); });
  store_->AwaitHeld();
  std::future<CommandOutcome> answer = promise.get_future();
  EXPECT_EQ(answer.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  store_->ReleaseCommits();
  const CommandOutcome outcome = answer.get();
  ASSERT_TRUE(outcome.status.ok());
  ASSERT_TRUE(outcome.answer.has_value());
  EXPECT_FALSE(outcome.answer->refusal.has_value()) << outcome.answer->refusal->message;
  EXPECT_GT(outcome.position, 0U);
  EXPECT_TRUE(store_->GetSanction(outcome.answer->response.sanction().name()).ok());
  EXPECT_THAT(recorder_->directives(), SizeIs(1));
}

TEST_F(SequencerTest, ARehearsalChangesNothing) {
  Start();
  Send("hall-1", Hello("hall-1"), 1, {LoggedIn("a")});
  const std::uint64_t position = sequencer_->Stats().durable_position;
  std::promise<CommandOutcome> promise;
  v1::Command command = Ban("a", "request-1");
  command.mutable_create_sanction()->mutable_options()->set_validate_only(true);
  sequencer_->Rehearse(std::move(command),
                       [&](const CommandOutcome& outcome) { promise.set_value(outcome); });
  const CommandOutcome outcome = promise.get_future().get();
  ASSERT_TRUE(outcome.status.ok());
  EXPECT_TRUE(outcome.answer.has_value());
  EXPECT_EQ(outcome.position, 0U);
  EXPECT_EQ(sequencer_->Stats().durable_position, position);
  EXPECT_THAT(recorder_->directives(), IsEmpty());
}

TEST_F(SequencerTest, AStopAnswersWhoComesTooLate) {
  Start();
  const std::int64_t epoch = Hello("hall-1");
  sequencer_->Stop();
  EXPECT_TRUE(
      absl::IsUnavailable(sequencer_->SubmitEvents(Prepare("hall-1", epoch, 1, {LoggedIn("a")}))));
  EXPECT_TRUE(absl::IsUnavailable(Run(Ban("a", "request-1")).status));
  absl::Status looked;
  sequencer_->Look([](EngineRunner&, std::int64_t) { ADD_FAILURE(); },
                   [&](const absl::Status& status) { looked = status; });
  EXPECT_TRUE(absl::IsUnavailable(looked));
}

TEST_F(SequencerTest, TimersGoOffWhenTheirTimeComes) {
  Start();
  Send("hall-1", Hello("hall-1"), 1, {LoggedIn("a")});
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  EXPECT_FALSE(base_->Timers()->empty());
  clock_.Advance(3601 * kSecondUs);
  Await(
      [this] {
        const std::vector<RecordKind> kinds = recorder_->kinds();
        return std::count(kinds.begin(), kinds.end(), RecordKind::kTimerFired) > 0;
      },
      "the timer");
  Await([this] { return base_->Timers()->empty(); }, "the timer's end");
}

TEST_F(SequencerTest, TimersSurviveARestart) {
  Start();
  Send("hall-1", Hello("hall-1"), 1, {LoggedIn("a")});
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  Kill();
  clock_.Advance(3601 * kSecondUs);
  Start();
  Await(
      [this] {
        const std::vector<RecordKind> kinds = recorder_->kinds();
        return std::count(kinds.begin(), kinds.end(), RecordKind::kTimerFired) > 0;
      },
      "the timer");
}

TEST_F(SequencerTest, AStepOfTheWallClockIsNotFollowedUntilItIsAccepted) {
  Start();
  const std::int64_t before = sequencer_->NowUs();
  clock_.StepWall(-3600 * kSecondUs);
  Await([this] { return sequencer_->Stats().clock_step_us != 0; }, "the step");
  EXPECT_GE(sequencer_->NowUs(), before);
  Await(
      [this] {
        const std::vector<RecordKind> kinds = recorder_->kinds();
        return std::count(kinds.begin(), kinds.end(), RecordKind::kClockStepped) == 1;
      },
      "its record");
  v1::Command accept;
  accept.mutable_actor()->set_principal("admin");
  accept.mutable_actor()->set_role(v1::ROLE_ADMIN);
  accept.set_body_hash(std::string(16, 'c'));
  accept.mutable_accept_clock()->mutable_options()->set_request_id("request-2");
  accept.mutable_accept_clock()->mutable_options()->set_reason("the clock was wrong");
  const CommandOutcome outcome = Run(accept);
  ASSERT_TRUE(outcome.answer.has_value());
  ASSERT_FALSE(outcome.answer->refusal.has_value()) << outcome.answer->refusal->message;
  EXPECT_EQ(sequencer_->Stats().clock_step_us, 0);
  // Time still does not go back.
  EXPECT_GE(sequencer_->NowUs(), before);
}

// A ban of one hour, and somebody who plays with the wall clock, also while the daemon is down.
TEST_F(SequencerTest, JumpsOfTheWallClockEndNoBanEarlyAndNoneIsKeptForEver) {
  constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  clock_.Reboot("boot-1");
  options_.clock_anchor_file = directory_.path() + "/clock";
  Start();
  Send("hall-1", Hello("hall-1"), 1, {LoggedIn("a")});
  for (int round = 0; round < 12; ++round) {
    const std::string request = "request-" + std::to_string(100 + round);
    ASSERT_FALSE(Run(Ban("a", request)).answer->refusal.has_value());
    std::int64_t elapsed = 0;
    // Small steps are followed, five minutes in an hour.
    const auto ended = [this] { return base_->Timers()->empty(); };
    while (elapsed < 50 * kMinuteUs) {
      ASSERT_FALSE(ended()) << "after " << elapsed / kSecondUs << " s";
      const std::int64_t day_us = 24 * (60 * kMinuteUs);
      const std::vector<std::int64_t> sizes = {kMinuteUs, 60 * kMinuteUs, day_us, 3650 * day_us};
      const std::int64_t size = sizes[random() % sizes.size()];
      clock_.StepWall(random() % 2 == 0 ? size : -size);
      const bool down = random() % 4 == 0;
      if (down) Stop();
      const std::int64_t by = std::min<std::int64_t>(10 * kMinuteUs, 50 * kMinuteUs - elapsed);
      clock_.Advance(by);
      elapsed += by;
      if (down) Start();
      // The sequencer looks at the clocks before each group.
      std::atomic<bool> looked{false};
      sequencer_->Look([](EngineRunner&, std::int64_t) {},
                       [&looked](const absl::Status&) { looked = true; });
      Await([&looked] { return looked.load(); }, "a look");
    }
    clock_.Advance(30 * kMinuteUs);
    Await(ended, "the end of the ban");
  }
  EXPECT_EQ(sequencer_->Stats().replay_differences, 0U);
}

}  // namespace
}  // namespace hallwarden::daemon
