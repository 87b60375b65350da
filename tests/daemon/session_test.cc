// The contract of HallService.Session, word by word, without a socket.

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/spine_fixture.h"

namespace hallwarden::daemon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::SizeIs;

int Code(absl::StatusCode code) {
  return static_cast<int>(code);
}

class SessionTest : public SpineTest {
 protected:
  // Acks until one covers `seq`; the refusals on the way.
  static std::vector<v1::RejectedEvent> AwaitAck(FakeTransport* transport, std::int64_t seq) {
    std::vector<v1::RejectedEvent> rejected;
    for (;;) {
      const v1::SessionResponse response = transport->Next();
      if (!response.has_ack()) {
        if (transport->ended()) return rejected;
        continue;
      }
      for (const auto& one : response.ack().rejected())
        rejected.push_back(one);
      if (response.ack().durable_seq() >= seq) return rejected;
    }
  }
  static v1::Directive NextDirective(FakeTransport* transport) {
    for (;;) {
      const v1::SessionResponse response = transport->Next();
      if (response.has_directive()) return response.directive();
      if (transport->ended()) return {};
    }
  }
  static v1::SessionRequest Result(std::int64_t seq, v1::DirectiveOutcome outcome) {
    v1::SessionRequest request;
    v1::DirectiveResult* result = request.mutable_directive_results()->add_results();
    result->set_directive_seq(seq);
    result->set_outcome(outcome);
    return request;
  }
  [[nodiscard]] std::size_t Count(RecordKind kind) const {
    std::size_t count = 0;
    for (const RecordKind one : recorder_->kinds())
      count += one == kind ? 1 : 0;
    return count;
  }
};

TEST_F(SessionTest, HelloOkTellsWhereToContinue) {
  Start();
  auto first = Connect("hall-1");
  first->Send(Batch(1, {LoggedIn("a"), LoggedIn("b")}));
  AwaitAck(first.get(), 2);
  auto again = OpenStream(Server("hall-1"));
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  request.mutable_hello()->set_last_acked_seq(2);
  again->Send(request);
  const v1::HelloOk ok = again->Next().hello_ok();
  EXPECT_EQ(ok.server(), "hall-1");
  EXPECT_EQ(ok.durable_seq(), 2);
  EXPECT_EQ(ok.session_epoch(), 2);
  EXPECT_EQ(ok.history_epoch(), 1);
  EXPECT_EQ(ok.credit_events(), 4096);
  EXPECT_EQ(ok.credit_bytes(), 1 << 20);
  EXPECT_EQ(ok.resend_window().seconds(), 86'400);
}

// ---- what ends a stream -------------------------------------------------------------------------

struct EndCase {
  std::string name;
  // What the client sends after its Hello (or instead of it).
  v1::SessionRequest request;
  bool hello_first = true;
  absl::StatusCode code = absl::StatusCode::kInvalidArgument;
  std::string reason;
  friend void PrintTo(const EndCase& c, std::ostream* os) { *os << c.name; }
};

class SessionEndTest : public SessionTest, public ::testing::WithParamInterface<EndCase> {
 public:
  static std::vector<EndCase> Cases() {
    const auto hello = [](auto change) {
      v1::SessionRequest request;
      *request.mutable_hello() = MakeHello();
      change(request.mutable_hello());
      return request;
    };
    const auto invalid = absl::StatusCode::kInvalidArgument;
    return {
        {"NoHello", Batch(1, {LoggedIn("a")}), false, invalid, "MALFORMED_REQUEST"},
        {"SecondHello", hello([](v1::Hello*) {}), true, invalid, "MALFORMED_REQUEST"},
        {"Empty", v1::SessionRequest(), true, invalid, "MALFORMED_REQUEST"},
        {"UnsupportedProtocol", hello([](v1::Hello* h) { h->set_protocol(2); }), false,
         absl::StatusCode::kFailedPrecondition, "UNSUPPORTED_PROTOCOL"},
        {"NegativeSeq", hello([](v1::Hello* h) { h->set_last_acked_seq(-1); }), false, invalid,
         "MALFORMED_REQUEST"},
        {"ClientAhead", hello([](v1::Hello* h) { h->set_last_acked_seq(7); }), false,
         absl::StatusCode::kAborted, "CLIENT_AHEAD"},
        {"ClientOfALaterHistory", hello([](v1::Hello* h) { h->set_history_epoch(2); }), false,
         absl::StatusCode::kAborted, "CLIENT_AHEAD"},
        {"ClientAheadInDirectives", hello([](v1::Hello* h) { h->set_last_directive_seq(1); }),
         false, absl::StatusCode::kAborted, "CLIENT_AHEAD"},
        {"Gap", Batch(2, {LoggedIn("a")}), true, absl::StatusCode::kOutOfRange, "SEQ_GAP"},
        {"SeqZero", Batch(0, {LoggedIn("a")}), true, invalid, "MALFORMED_REQUEST"},
        {"TooManyEvents", Batch(1, std::vector<std::string>(4097, "x")), true, invalid,
         "BATCH_TOO_LARGE"},
        {"TooManyBytes", Batch(1, std::vector<std::string>(5, std::string(60'000, 'x'))), true,
         invalid, "BATCH_TOO_LARGE"},
        {"UnsetOutcome", Result(1, v1::DIRECTIVE_OUTCOME_UNSPECIFIED), true, invalid,
         "MALFORMED_REQUEST"},
    };
  }
};

TEST_P(SessionEndTest, EndsTheStreamWithItsReason) {
  Start();
  auto transport = GetParam().hello_first ? Connect("hall-1") : OpenStream(Server("hall-1"));
  transport->Send(GetParam().request);
  const Refusal refusal = transport->AwaitEnd();
  EXPECT_EQ(refusal.code, Code(GetParam().code)) << refusal.message;
  EXPECT_EQ(refusal.reason, GetParam().reason) << refusal.message;
  EXPECT_EQ(Count(RecordKind::kHallEvent), 0U);
}

INSTANTIATE_TEST_SUITE_P(All, SessionEndTest, ::testing::ValuesIn(SessionEndTest::Cases()),
                         [](const auto& param_info) { return param_info.param.name; });

TEST_F(SessionTest, BytesThatAreNoRequestEndTheStream) {
  Start();
  auto transport = Connect("hall-1");
  transport->SendBytes("\xff\xff\xff");
  EXPECT_EQ(transport->AwaitEnd().reason, "MALFORMED_REQUEST");
}

TEST_F(SessionTest, OnlyGameServersMayOpenOne) {
  Start();
  Principal gm = Server("gm-li");
  gm.role = v1::ROLE_GM;
  const Refusal refusal = OpenStream(gm)->AwaitEnd();
  EXPECT_EQ(refusal.code, Code(absl::StatusCode::kPermissionDenied));
  EXPECT_EQ(refusal.reason, "NOT_A_GAME_SERVER");
}

TEST_F(SessionTest, AGapNamesTheNumberThatComesNext) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  transport->Send(Batch(5, {LoggedIn("b")}));
  EXPECT_THAT(transport->AwaitEnd().metadata, Contains(Pair("expected_seq", "2")));
}

TEST_F(SessionTest, MoreThanTheCreditEndsTheStream) {
  session_options_.limits.credit_events = 10;
  Start();
  auto transport = Connect("hall-1");
  store_->HoldCommits();
  transport->Send(Batch(1, std::vector<std::string>(10, LoggedIn("a"))));
  transport->Send(Batch(11, {LoggedIn("a")}));
  EXPECT_EQ(transport->AwaitEnd().reason, "CREDIT_EXCEEDED");
}

TEST_F(SessionTest, CreditComesBackWithTheAck) {
  session_options_.limits.credit_events = 10;
  Start();
  auto transport = Connect("hall-1");
  for (std::int64_t seq = 1; seq <= 41; seq += 10) {
    transport->Send(Batch(seq, std::vector<std::string>(10, LoggedIn("a"))));
    AwaitAck(transport.get(), seq + 9);
  }
  EXPECT_FALSE(transport->ended());
}

TEST_F(SessionTest, ANewerHelloFencesTheOlderStream) {
  Start();
  auto older = Connect("hall-1");
  auto newer = Connect("hall-1");
  const Refusal refusal = older->AwaitEnd();
  EXPECT_EQ(refusal.code, Code(absl::StatusCode::kAborted));
  EXPECT_EQ(refusal.reason, "FENCED");
  newer->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(newer.get(), 1);
}

TEST_F(SessionTest, TwoServersDoNotDisturbEachOther) {
  Start();
  auto one = Connect("hall-1");
  auto two = Connect("hall-2");
  one->Send(Batch(1, {LoggedIn("a"), LoggedIn("b")}));
  two->Send(Batch(1, {LoggedIn("c")}));
  EXPECT_THAT(AwaitAck(one.get(), 2), SizeIs(0));
  EXPECT_THAT(AwaitAck(two.get(), 1), SizeIs(0));
  EXPECT_FALSE(one->ended());
}

// ---- what is refused alone ----------------------------------------------------------------------

struct RefusedCase {
  std::string name;
  std::string event;
  v1::RejectReason reason;
  friend void PrintTo(const RefusedCase& c, std::ostream* os) { *os << c.name; }
};

class RefusedEventTest : public SessionTest, public ::testing::WithParamInterface<RefusedCase> {
 public:
  static std::string Event(const std::function<void(v1::HallEvent*)>& change) {
    v1::HallEvent event;
    event.set_account("a");
    event.mutable_logged_out();
    change(&event);
    return event.SerializeAsString();
  }
  static std::vector<RefusedCase> Cases() {
    const auto invalid = v1::REJECT_REASON_INVALID;
    const auto large = v1::REJECT_REASON_TOO_LARGE;
    std::string bad_utf8 = LoggedOut("a");
    bad_utf8 += "\x22\x02\xff\xfe";  // field 4, hall, no UTF-8
    return {
        {"Garbage", "\xff\xff\xff", v1::REJECT_REASON_MALFORMED},
        {"InvalidUtf8", bad_utf8, v1::REJECT_REASON_MALFORMED},
        {"Nothing", "", invalid},
        {"NoAccount", Event([](v1::HallEvent* e) { e->clear_account(); }), invalid},
        {"BadAccount", Event([](v1::HallEvent* e) { e->set_account("a b"); }), invalid},
        {"LongAccount", Event([](v1::HallEvent* e) { e->set_account(std::string(65, 'a')); }),
         invalid},
        {"NoBody", Event([](v1::HallEvent* e) { e->clear_body(); }), invalid},
        {"BadTime", Event([](v1::HallEvent* e) { e->mutable_event_time()->set_nanos(-1); }),
         invalid},
        {"OneSeat",
         Event([](v1::HallEvent* e) { e->mutable_hand_settled()->add_seats()->set_account("a"); }),
         invalid},
        {"LongName", Event([](v1::HallEvent* e) {
           e->mutable_nickname_changed()->set_nickname(std::string(2049, 'n'));
         }),
         large},
        {"LongChat",
         Event([](v1::HallEvent* e) { e->mutable_chat()->set_text(std::string(4097, 'c')); }),
         large},
        {"TooLarge",
         Event([](v1::HallEvent* e) { e->mutable_post()->set_text(std::string(65'536, 'p')); }),
         large},
    };
  }
};

TEST_P(RefusedEventTest, IsRefusedAloneAndTheStreamGoesOn) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a"), GetParam().event, LoggedOut("a")}));
  const std::vector<v1::RejectedEvent> rejected = AwaitAck(transport.get(), 3);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected.front().seq(), 2);
  EXPECT_EQ(rejected.front().reason(), GetParam().reason) << rejected.front().detail();
  EXPECT_FALSE(rejected.front().detail().empty());
  EXPECT_EQ(Count(RecordKind::kEventRefused), 1U);
  EXPECT_EQ(Count(RecordKind::kHallEvent), 2U);
  transport->Send(Batch(4, {LoggedIn("b")}));
  AwaitAck(transport.get(), 4);
}

INSTANTIATE_TEST_SUITE_P(All, RefusedEventTest, ::testing::ValuesIn(RefusedEventTest::Cases()),
                         [](const auto& param_info) { return param_info.param.name; });

TEST_F(SessionTest, AnAccountWithoutASessionIsRefusedByTheEngine) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {Nickname("stranger", "anna")}));
  const std::vector<v1::RejectedEvent> rejected = AwaitAck(transport.get(), 1);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected.front().reason(), v1::REJECT_REASON_NO_SESSION);
}

TEST_F(SessionTest, TheSameNumberWithOtherContentIsRefusedAlone) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a"), LoggedIn("b")}));
  AwaitAck(transport.get(), 2);
  transport->Send(Batch(2, {LoggedIn("c"), LoggedIn("d")}));
  const std::vector<v1::RejectedEvent> rejected = AwaitAck(transport.get(), 3);
  ASSERT_THAT(rejected, SizeIs(1));
  EXPECT_EQ(rejected.front().seq(), 2);
  EXPECT_EQ(rejected.front().reason(), v1::REJECT_REASON_SEQ_REUSED);
}

TEST_F(SessionTest, WhatThisBuildDoesNotKnowIsKeptAndCounted) {
  Start();
  auto transport = Connect("hall-1");
  std::string later_field = LoggedIn("a");
  later_field += std::string("\xa2\x3f\x03new", 6);  // field 1012, three bytes
  v1::HallEvent later_value;
  later_value.set_account("a");
  later_value.mutable_left_table()->set_reason(static_cast<v1::LeaveReason>(77));
  std::string later_body;
  {
    v1::HallEvent event;
    event.set_account("a");
    later_body = event.SerializeAsString() + std::string("\xaa\x3f\x01x", 4);  // field 1013
  }
  transport->Send(Batch(1, {later_field, later_value.SerializeAsString(), later_body}));
  EXPECT_THAT(AwaitAck(transport.get(), 3), SizeIs(0));
  EXPECT_EQ(sessions_->preparer().unknown_events(), 3U);
  bool kept = false;
  ASSERT_TRUE(base_
                  ->ScanJournal(1,
                                [&](const storage::StoredGroup& group) {
                                  for (const auto& entry : group.entries) {
                                    kept |= entry.payload.find("new") != std::string::npos;
                                  }
                                  return true;
                                })
                  .ok());
  EXPECT_TRUE(kept);
}

TEST_F(SessionTest, PersonalWordsAreNotInTheJournal) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a"), Nickname("a", "a-very-rare-word")}));
  AwaitAck(transport.get(), 2);
  const storage::JournalEntry entry = *base_->ReadEntry(base_->last_position());
  EXPECT_EQ(entry.payload.find("rare"), std::string::npos);
  EXPECT_EQ(entry.sealed_account, "a");
  const absl::StatusOr<std::string> opened =
      base_->vault().Unseal("a", storage::SealContext("hall-1", 2), entry.sealed);
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_THAT(*opened, HasSubstr("a-very-rare-word"));
}

// ---- directives ---------------------------------------------------------------------------------

TEST_F(SessionTest, ADirectiveGoesToTheServerThatHoldsTheAccount) {
  Start();
  auto holder = Connect("hall-1");
  auto other = Connect("hall-2");
  holder->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(holder.get(), 1);
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  const v1::Directive directive = NextDirective(holder.get());
  EXPECT_EQ(directive.directive_seq(), 1);
  EXPECT_EQ(directive.account(), "a");
  EXPECT_TRUE(directive.has_set_restrictions());
  EXPECT_EQ(other->received(), 0U);
}

TEST_F(SessionTest, WhatIsNotAnsweredIsSentAgainInOrder) {
  Start();
  auto first = Connect("hall-1");
  first->Send(Batch(1, {LoggedIn("a"), LoggedIn("b"), LoggedIn("c")}));
  AwaitAck(first.get(), 3);
  for (const char* account : {"a", "b", "c"}) {
    ASSERT_FALSE(Run(Ban(account, std::string("request-") + account)).answer->refusal.has_value());
  }
  const std::vector<std::string> before = {NextDirective(first.get()).SerializeAsString(),
                                           NextDirective(first.get()).SerializeAsString(),
                                           NextDirective(first.get()).SerializeAsString()};
  first->Send(Result(1, v1::DIRECTIVE_OUTCOME_APPLIED));
  Await([this] { return Count(RecordKind::kDirectiveAnswered) == 1; }, "the answer");
  auto again = Connect("hall-1");
  EXPECT_EQ(NextDirective(again.get()).SerializeAsString(), before[1]);
  EXPECT_EQ(NextDirective(again.get()).SerializeAsString(), before[2]);
  // The client keeps what it applied and persisted.
  v1::Hello hello = MakeHello();
  hello.set_last_directive_seq(2);
  auto third = Connect("hall-1", hello);
  EXPECT_EQ(NextDirective(third.get()).SerializeAsString(), before[2]);
}

// Directives that are committed behind the look at the outbox and before the session is known are
// told to nobody: the session has to read on until nothing is left, however many there are.
TEST_F(SessionTest, WhatComesWhileASessionOpensIsSentToTheLast) {
  constexpr int kAccounts = 100;
  Start();
  auto first = Connect("hall-1");
  std::vector<std::string> logins;
  for (int i = 0; i < kAccounts; ++i)
    logins.push_back(LoggedIn("a" + std::to_string(i)));
  first->Send(Batch(1, logins));
  AwaitAck(first.get(), kAccounts);
  store_->HoldCommits();
  std::atomic<int> banned{0};
  for (int i = 0; i < kAccounts; ++i) {
    const std::string account = "a" + std::to_string(i);
    sequencer_->SubmitCommand(Ban(account, "request-" + account),
                              [&banned](const CommandOutcome&) { ++banned; });
  }
  const std::int64_t epoch = sequencer_->Sources().front().session_epoch;
  auto second = OpenStream(Server("hall-1"));
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  second->Send(request);
  Await([&] { return sequencer_->Sources().front().session_epoch > epoch; }, "the Hello");
  store_->ReleaseCommits();
  Await([&] { return second->received() >= kAccounts + 1U; }, "HelloOk and every directive");
  ASSERT_FALSE(HasFatalFailure());
  for (std::int64_t seq = 1; seq <= kAccounts; ++seq)
    EXPECT_EQ(NextDirective(second.get()).directive_seq(), seq);
  EXPECT_EQ(banned, kAccounts);
}

TEST_F(SessionTest, DirectivesOutliveTheProcess) {
  Start();
  auto first = Connect("hall-1");
  first->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(first.get(), 1);
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  const std::string before = NextDirective(first.get()).SerializeAsString();
  Kill();
  Start();
  auto again = Connect("hall-1");
  EXPECT_EQ(NextDirective(again.get()).SerializeAsString(), before);
}

TEST_F(SessionTest, AnAnswerIsJournalledOnceWithWhatItIsAbout) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  const CommandOutcome ban = Run(Ban("a", "request-1"));
  NextDirective(transport.get());
  transport->Send(Result(1, v1::DIRECTIVE_OUTCOME_APPLIED));
  transport->Send(Result(1, v1::DIRECTIVE_OUTCOME_APPLIED));
  transport->Send(Result(99, v1::DIRECTIVE_OUTCOME_APPLIED));
  transport->Send(Batch(2, {LoggedOut("a")}));
  AwaitAck(transport.get(), 2);
  ASSERT_EQ(Count(RecordKind::kDirectiveAnswered), 1U);
  v1::DirectiveAnswered answered;
  ASSERT_TRUE(base_
                  ->ScanJournal(1,
                                [&](const storage::StoredGroup& group) {
                                  for (const auto& entry : group.entries) {
                                    if (entry.kind == RecordKind::kDirectiveAnswered) {
                                      EXPECT_TRUE(answered.ParseFromString(entry.payload));
                                    }
                                  }
                                  return true;
                                })
                  .ok());
  EXPECT_EQ(answered.account(), "a");
  EXPECT_EQ(answered.cause(), ban.answer->response.sanction().name());
  EXPECT_EQ(answered.action(), "set_restrictions");
  EXPECT_TRUE(base_->ReadOutbox("hall-1", 1, 10)->empty());
  // After a restart the store remembers.
  Kill();
  Start();
  auto again = Connect("hall-1");
  again->Send(Result(1, v1::DIRECTIVE_OUTCOME_APPLIED));
  again->Send(Batch(3, {LoggedIn("a")}));
  AwaitAck(again.get(), 3);
  EXPECT_EQ(Count(RecordKind::kDirectiveAnswered), 0U);
}

TEST_F(SessionTest, ASlowReaderCostsNoMemoryAndMissesNothing) {
  session_options_.limits.directives_max = 4;
  Start();
  auto slow = Connect("hall-1", MakeHello(), true);
  slow->TakeWrite();
  constexpr int kAccounts = 40;
  std::vector<std::string> events;
  for (int i = 0; i < kAccounts; ++i)
    events.push_back(LoggedIn("a" + std::to_string(i)));
  slow->Send(Batch(1, events));
  EXPECT_EQ(slow->Next().ack().durable_seq(), kAccounts);
  // The ack's write does not end; directives pile up, in the store.
  for (int i = 0; i < kAccounts; ++i) {
    const std::string account = "a" + std::to_string(i);
    ASSERT_FALSE(Run(Ban(account, "request-" + account)).answer->refusal.has_value());
  }
  EXPECT_EQ(slow->received(), 0U);
  for (int i = 0; i < kAccounts; ++i) {
    slow->TakeWrite();
    EXPECT_EQ(slow->Next().directive().directive_seq(), i + 1);
  }
}

// ---- silence and the end ------------------------------------------------------------------------

TEST_F(SessionTest, SilenceIsBrokenByProgress) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  sessions_->Tick();
  EXPECT_EQ(transport->received(), 0U);
  // The ack's write may still be ending, which counts as life.
  Await(
      [&] {
        clock_.Advance(5 * kSecondUs);
        sessions_->Tick();
        return transport->received() > 0;
      },
      "progress");
  const v1::SessionResponse response = transport->Next();
  ASSERT_TRUE(response.has_progress());
  EXPECT_EQ(response.progress().durable_seq(), 1);
  EXPECT_GE(response.progress().daemon_time().seconds(), kNow / kSecondUs + 5);
}

TEST_F(SessionTest, AClientThatTakesNothingIsPutOut) {
  Start();
  auto slow = Connect("hall-1", MakeHello(), true);
  clock_.Advance(61 * kSecondUs);
  sessions_->Tick();
  EXPECT_EQ(slow->AwaitEnd().reason, "STUCK");
  EXPECT_TRUE(slow->aborted());
}

TEST_F(SessionTest, AStreamThatSaysNoHelloIsPutOut) {
  Start();
  auto silent = OpenStream(Server("hall-1"));
  clock_.Advance(30 * kSecondUs);
  sessions_->Tick();
  EXPECT_EQ(silent->AwaitEnd().reason, "NO_HELLO");
}

TEST_F(SessionTest, OneServerHasAFewStreamsOnly) {
  Start();
  for (int i = 0; i < 8; ++i)
    EXPECT_NE(OpenStream(Server("hall-1")), nullptr);
  EXPECT_EQ(OpenStream(Server("hall-1")), nullptr);
  EXPECT_NE(OpenStream(Server("hall-2")), nullptr);
}

// Says who may go on.
class FakeAuthenticator final : public Authenticator {
 public:
  absl::StatusOr<Principal> Authenticate(const grpc::CallbackServerContext&) override {
    return absl::UnimplementedError("not here");
  }
  absl::Status Recheck(const Principal& principal) const override {
    ++asked;
    return principal.name == banned
               ? RefusalStatus(absl::StatusCode::kUnauthenticated, "TOKEN_REVOKED", "revoked")
               : absl::OkStatus();
  }
  mutable std::atomic<int> asked = 0;
  std::string banned;
};

TEST_F(SessionTest, WhoLosesHisRightsLosesHisStreamWithTheNextTick) {
  FakeAuthenticator authenticator;
  session_options_.authenticator = &authenticator;
  Start();
  auto loses = Connect("hall-1");
  auto keeps = Connect("hall-2");
  sessions_->Tick();
  EXPECT_FALSE(loses->ended());
  authenticator.banned = "hall-1";
  sessions_->Tick();
  EXPECT_EQ(loses->AwaitEnd().reason, "TOKEN_REVOKED");
  EXPECT_FALSE(keeps->ended());
  Kill();
}

TEST_F(SessionTest, RightsAreCheckedWithEveryMessage) {
  FakeAuthenticator authenticator;
  session_options_.authenticator = &authenticator;
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  EXPECT_EQ(authenticator.asked, 2) << "the Hello and the batch";
  authenticator.banned = "hall-1";
  transport->Send(Batch(2, {LoggedIn("b")}));
  EXPECT_EQ(transport->AwaitEnd().reason, "TOKEN_REVOKED");
  EXPECT_EQ(sequencer_->ExpectedSeq("hall-1"), 2U) << "nothing of it was taken";
  Kill();
}

TEST_F(SessionTest, ShutdownEndsEveryStreamAndTakesNoNewOne) {
  Start();
  auto one = Connect("hall-1");
  auto silent = OpenStream(Server("hall-2"));
  sessions_->Shutdown();
  EXPECT_EQ(one->AwaitEnd().reason, "SHUTTING_DOWN");
  EXPECT_EQ(silent->AwaitEnd().reason, "SHUTTING_DOWN");
  EXPECT_EQ(OpenStream(Server("hall-3")), nullptr);
}

TEST_F(SessionTest, AFullQueueSlowsTheClientInsteadOfEndingIt) {
  options_.queue_events_max = 10;
  Start();
  auto transport = Connect("hall-1");
  store_->HoldCommits();
  for (std::int64_t seq = 1; seq <= 100; seq += 10) {
    transport->Send(Batch(seq, std::vector<std::string>(10, LoggedIn("a"))));
  }
  store_->AwaitHeld();
  store_->ReleaseCommits();
  AwaitAck(transport.get(), 100);
  EXPECT_FALSE(transport->ended());
}

TEST_F(SessionTest, AServerThatComesAfterAnAcceptedRestoreMayBeAhead) {
  Start();
  v1::Command accept;
  accept.mutable_actor()->set_principal("admin");
  accept.mutable_actor()->set_role(v1::ROLE_ADMIN);
  accept.set_body_hash(std::string(16, 'r'));
  accept.mutable_accept_restore()->mutable_options()->set_request_id("request-9");
  accept.mutable_accept_restore()->mutable_options()->set_reason("the host was lost");
  const CommandOutcome outcome = Run(accept);
  ASSERT_FALSE(outcome.answer->refusal.has_value()) << outcome.answer->refusal->message;
  v1::Hello hello = MakeHello();
  hello.set_history_epoch(1);
  hello.set_last_acked_seq(7);
  hello.set_last_directive_seq(3);
  auto transport = OpenStream(Server("hall-1"));
  v1::SessionRequest request;
  *request.mutable_hello() = hello;
  transport->Send(request);
  const v1::HelloOk ok = transport->Next().hello_ok();
  EXPECT_EQ(ok.history_epoch(), outcome.commit_us / kSecondUs);
  EXPECT_EQ(ok.durable_seq(), 0);
}

// A game server that knows more than the store: at first refused, then heard.
class RestoreTest : public SessionTest {
 protected:
  v1::Hello Old(std::int64_t acked, std::int64_t oldest, std::int64_t directive = 0) {
    v1::Hello hello = MakeHello();
    hello.set_history_epoch(1);
    hello.set_last_acked_seq(acked);
    hello.set_oldest_seq(oldest);
    hello.set_last_directive_seq(directive);
    return hello;
  }
  std::shared_ptr<FakeTransport> Say(const v1::Hello& hello) {
    auto transport = OpenStream(Server("hall-1"));
    v1::SessionRequest request;
    *request.mutable_hello() = hello;
    transport->Send(request);
    return transport;
  }
  CommandOutcome Accept() {
    v1::Command accept;
    accept.mutable_actor()->set_principal("admin");
    accept.mutable_actor()->set_role(v1::ROLE_ADMIN);
    accept.set_body_hash(std::string(16, 'r'));
    accept.mutable_accept_restore()->mutable_options()->set_request_id("request-9");
    accept.mutable_accept_restore()->mutable_options()->set_reason("the host was lost");
    return Run(accept);
  }
  std::int64_t LostEvents() {
    const auto outboxes = store_->Outboxes();
    for (const auto& [server, outbox] : *outboxes) {
      if (server == "hall-1") return outbox.lost_events;
    }
    return -1;
  }
};

TEST_F(RestoreTest, WhatTheServerKeepsNoMoreIsRecordedAsLostAndTheSessionGoesOn) {
  Start();
  Connect("hall-1")->Send(Batch(1, {LoggedIn("a"), LoggedIn("b")}));
  recorder_->AwaitAck("hall-1", 2);
  EXPECT_EQ(Say(Old(9, 6))->AwaitEnd().reason, "CLIENT_AHEAD");
  ASSERT_FALSE(Accept().answer->refusal.has_value());
  auto transport = Say(Old(9, 6));
  EXPECT_EQ(transport->Next().hello_ok().durable_seq(), 5);
  transport->Send(Batch(6, {LoggedIn("c")}));
  AwaitAck(transport.get(), 6);
  EXPECT_EQ(LostEvents(), 3);
  const auto audit = store_->ListAudit({"", "", "hallwarden.LoseEvents", 0}, 10, "");
  ASSERT_EQ(audit->items.size(), 1U);
  EXPECT_EQ(audit->items[0].resource(), "servers/hall-1");
  EXPECT_EQ(audit->items[0].after(), "lost 3 to 5");
  // It is all in the journal: a restart knows it.
  Kill();
  Start();
  EXPECT_EQ(sequencer_->ExpectedSeq("hall-1"), 7U);
  EXPECT_EQ(LostEvents(), 3);
  EXPECT_EQ(sequencer_->Stats().replay_differences, 0U);
}

TEST_F(RestoreTest, OnlyWhatWasAcknowledgedOnceCanBeGivenUp) {
  struct Case {
    const char* name;
    bool accepted;
    v1::Hello hello;
    std::int64_t durable;
  };
  const std::vector<Case> cases = {
      {"nothing was restored", false, Old(0, 6), 0},
      {"it keeps all", true, Old(9, 1), 0},
      {"it does not say", true, Old(9, 0), 0},
      {"it claims more than was ever acknowledged", true, Old(9, 1'000'000), 9},
      {"it keeps nothing", true, Old(9, 10), 9},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Start();
    if (c.accepted) {
      ASSERT_FALSE(Accept().answer->refusal.has_value());
    }
    auto transport = Say(c.hello);
    EXPECT_EQ(transport->Next().hello_ok().durable_seq(), c.durable);
    Stop();
    std::filesystem::remove_all(directory_.store());
  }
}

TEST_F(RestoreTest, AServerThatIsAheadInDirectivesOnlyMayBeAcceptedToo) {
  Start();
  EXPECT_EQ(Say(Old(0, 0, 4))->AwaitEnd().reason, "CLIENT_AHEAD");
  bool ahead = false;
  for (const SourceState& source : sequencer_->Sources())
    ahead = ahead || source.client_ahead;
  EXPECT_TRUE(ahead);
  ASSERT_FALSE(Accept().answer->refusal.has_value());
  auto transport = Say(Old(0, 0, 4));
  EXPECT_TRUE(transport->Next().has_hello_ok());
  // Whatever it applied in the old history, it hears all of the new one.
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  EXPECT_EQ(NextDirective(transport.get()).directive_seq(), 1);
}

TEST_F(RestoreTest, TwoRestoresOfOneBackupAreTwoHistories) {
  Start();
  const std::int64_t first = Accept().commit_us / kSecondUs;
  EXPECT_EQ(sequencer_->Stats().history_epoch, first);
  Stop();
  std::filesystem::remove_all(directory_.store());
  clock_.Advance(5 * kSecondUs);
  Start();
  EXPECT_EQ(Accept().commit_us / kSecondUs, first + 5);
  EXPECT_EQ(sequencer_->Stats().history_epoch, first + 5);
}

class SpaceTest : public SessionTest {};

TEST_F(SpaceTest, EventsWaitWhileTheDiskIsAlmostFullAndPeopleDoNot) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  sequencer_->SetSpace(SpaceState::kPaused);
  transport->Send(Batch(2, {LoggedIn("b")}));
  sessions_->Tick();
  const v1::SessionResponse told = transport->Next();
  ASSERT_TRUE(told.has_progress());
  EXPECT_TRUE(told.progress().intake_paused());
  EXPECT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  EXPECT_EQ(NextDirective(transport.get()).account(), "a");
  EXPECT_EQ(store_->Sources()->front().durable_seq, 1U);
  // Another server may come meanwhile.
  EXPECT_FALSE(Connect("hall-2")->ended());
  sequencer_->SetSpace(SpaceState::kPlenty);
  sessions_->Tick();
  AwaitAck(transport.get(), 2);
  EXPECT_FALSE(transport->ended());
}

TEST_F(SpaceTest, NothingIsRecordedOnAFullDisk) {
  Start();
  auto transport = Connect("hall-1");
  transport->Send(Batch(1, {LoggedIn("a")}));
  AwaitAck(transport.get(), 1);
  sequencer_->SetSpace(SpaceState::kFull);
  const std::uint64_t last = store_->last_position();
  EXPECT_EQ(Run(Ban("a", "request-1")).status.code(), absl::StatusCode::kResourceExhausted);
  auto late = OpenStream(Server("hall-2"));
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  late->Send(request);
  const Refusal refusal = late->AwaitEnd();
  EXPECT_EQ(refusal.reason, "READ_ONLY");
  EXPECT_EQ(refusal.code, Code(absl::StatusCode::kUnavailable));
  EXPECT_EQ(store_->last_position(), last);
  sequencer_->SetSpace(SpaceState::kPlenty);
  EXPECT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  EXPECT_EQ(NextDirective(transport.get()).account(), "a");
}

TEST_F(SpaceTest, AServerIsToldOfEachNewCheckpointOfTheAudit) {
  std::shared_ptr<const v1::AuditCheckpoint> latest;
  session_options_.checkpoint = [&latest] { return latest; };
  Start();
  EXPECT_FALSE(Connect("hall-1")->ended());
  const auto make = [](std::int64_t size) {
    v1::AuditCheckpoint checkpoint;
    checkpoint.set_size(size);
    return std::make_shared<const v1::AuditCheckpoint>(checkpoint);
  };
  latest = make(3);
  auto transport = OpenStream(Server("hall-1"));
  v1::SessionRequest request;
  *request.mutable_hello() = MakeHello();
  transport->Send(request);
  EXPECT_EQ(transport->Next().hello_ok().audit_checkpoint().size(), 3);
  sessions_->Tick();
  latest = make(4);
  sessions_->Tick();
  EXPECT_EQ(transport->Next().progress().audit_checkpoint().size(), 4);
}

}  // namespace
}  // namespace hallwarden::daemon
