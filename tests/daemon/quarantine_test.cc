// A game server that lies: cut off at once, held without a loss, and nobody else notices.
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "tests/daemon/spine_fixture.h"

namespace hallwarden::daemon {
namespace {

class QuarantineTest : public SpineTest {
 protected:
  static v1::Command Order(bool quarantine, const std::string& request_id) {
    v1::Command command;
    command.mutable_actor()->set_principal("lead-wang");
    command.mutable_actor()->set_role(v1::ROLE_LEAD);
    v1::ActionOptions options;
    options.set_request_id(request_id);
    options.set_reason("looks broken into");
    if (quarantine) {
      command.mutable_quarantine_server()->set_name("servers/liar");
      *command.mutable_quarantine_server()->mutable_options() = options;
    } else {
      command.mutable_release_server()->set_name("servers/liar");
      *command.mutable_release_server()->mutable_options() = options;
    }
    return command;
  }

  Refusal HelloOf(const std::string& server) {
    auto stream = OpenStream(Server(server));
    v1::SessionRequest request;
    *request.mutable_hello() = MakeHello();
    stream->Send(request);
    return stream->AwaitEnd();
  }

  static std::int64_t AwaitAck(FakeTransport* transport, std::int64_t seq) {
    for (;;) {
      const v1::SessionResponse response = transport->Next();
      if (response.ack().durable_seq() >= seq) return response.ack().durable_seq();
      if (transport->ended()) return -1;
    }
  }
};

TEST_F(QuarantineTest, CutsTheSessionWithItsCommitAndTheOthersGoOn) {
  Start();
  auto liar = Connect("liar");
  auto honest = Connect("honest");
  liar->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(liar.get(), 1);
  ASSERT_TRUE(Run(Order(true, "request-1")).status.ok());
  const Refusal end = liar->AwaitEnd();
  EXPECT_EQ(end.reason, "QUARANTINED");
  EXPECT_EQ(end.code, static_cast<int>(absl::StatusCode::kFailedPrecondition));
  honest->Send(Batch(1, {LoggedIn("b")}));
  EXPECT_EQ(AwaitAck(honest.get(), 1), 1);
  EXPECT_FALSE(honest->ended());
}

TEST_F(QuarantineTest, RefusesEveryHelloUntilTheReleaseAlsoAfterARestart) {
  Start();
  Connect("liar");
  ASSERT_TRUE(Run(Order(true, "request-1")).status.ok());
  EXPECT_EQ(HelloOf("liar").reason, "QUARANTINED");
  for (const SourceState& source : sequencer_->Sources())
    EXPECT_FALSE(source.connected) << "a refused Hello is no session";
  Kill();
  Start();
  EXPECT_EQ(HelloOf("liar").reason, "QUARANTINED");
  EXPECT_FALSE(Connect("honest")->ended());
  ASSERT_TRUE(Run(Order(false, "request-2")).status.ok());
  EXPECT_FALSE(Connect("liar")->ended());
  Stop();
  Start();
  EXPECT_FALSE(Connect("liar")->ended());
}

// What was on its way is neither taken nor refused: the server has it still and sends it again.
TEST_F(QuarantineTest, HoldsWhatWasOnItsWayWithoutALoss) {
  Start();
  auto liar = Connect("liar");
  liar->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(liar.get(), 1);
  ASSERT_TRUE(Run(Order(true, "request-1")).status.ok());
  // As a worker would that was just about to hand it over.
  v1::DirectiveAnswered answered;
  answered.mutable_result()->set_directive_seq(1);
  answered.mutable_result()->set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
  ASSERT_TRUE(sequencer_->SubmitDirectiveResults("liar", 1, {answered}).ok());
  PreparedBatch late = Prepare("liar", 1, 2, {Nickname("a", "first"), Nickname("a", "second")});
  ASSERT_TRUE(sequencer_->SubmitEvents(std::move(late)).ok());
  Await([&] { return sequencer_->ExpectedSeq("liar") == 2; }, "what is queued to be dropped");
  ASSERT_TRUE(Run(Order(false, "request-2")).status.ok());
  EXPECT_THAT(recorder_->rejected(), ::testing::IsEmpty());
  std::size_t events = 0;
  std::size_t answers = 0;
  for (const RecordKind kind : recorder_->kinds()) {
    if (kind == RecordKind::kHallEvent) ++events;
    if (kind == RecordKind::kDirectiveAnswered) ++answers;
  }
  EXPECT_EQ(events, 1U) << "only what came before the quarantine";
  EXPECT_EQ(answers, 0U);
  // The release finds the server where it was.
  auto again = Connect("liar");
  again->Send(Batch(2, {Nickname("a", "first"), Nickname("a", "second")}));
  EXPECT_EQ(AwaitAck(again.get(), 3), 3);
}

TEST_F(QuarantineTest, DirectivesWaitForTheRelease) {
  Start();
  auto liar = Connect("liar");
  liar->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(liar.get(), 1);
  ASSERT_TRUE(Run(Order(true, "request-1")).status.ok());
  liar->AwaitEnd();
  ASSERT_TRUE(Run(Ban("a", "request-ban")).status.ok());
  ASSERT_TRUE(Run(Order(false, "request-2")).status.ok());
  auto again = Connect("liar");
  for (;;) {
    const v1::SessionResponse response = again->Next();
    ASSERT_FALSE(again->ended());
    if (!response.has_directive()) continue;
    EXPECT_EQ(response.directive().account(), "a");
    EXPECT_TRUE(response.directive().has_set_restrictions());
    break;
  }
}

}  // namespace
}  // namespace hallwarden::daemon
