#include "tools/session/session_client.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/tools/session/fakes.h"
#include "tools/session/retained_events.h"

namespace hallwarden::session {
namespace {

using ::testing::ElementsAre;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A game server that makes numbered events and obeys everything at once, unless told otherwise.
class Hall final : public EventSource, public DirectiveHandler, public PositionStore {
 public:
  explicit Hall(std::int64_t last) : last_(last) {
    for (std::int64_t i = 1; i <= last_; ++i)
      events_.Append(absl::StrCat("event ", i));
  }

  absl::Status Resume(std::int64_t durable_seq) override {
    return events_.ContinueBehind(durable_seq);
  }
  absl::StatusOr<Fetch> Get(std::int64_t seq, std::string* event) override {
    const std::string* found = events_.Get(seq);
    if (found == nullptr) return endless_ ? Fetch::kNothingYet : Fetch::kEnd;
    *event = *found;
    return Fetch::kEvent;
  }
  absl::Status Acked(std::int64_t durable_seq) override {
    acked_ = durable_seq;
    events_.Acked(durable_seq, Micros{0}, retention_);
    return absl::OkStatus();
  }
  [[nodiscard]] std::int64_t OldestHeld() const override {
    return says_oldest_ ? events_.first_seq() : 0;
  }
  void Rejected(const v1::RejectedEvent& rejected) override { rejected_.push_back(rejected.seq()); }
  void Handle(const v1::Directive& directive) override {
    handled_.push_back(directive.directive_seq());
    if (answers_) client_->Answer(directive.directive_seq(), v1::DIRECTIVE_OUTCOME_APPLIED, "");
  }
  absl::Status Save(const Positions& positions) override {
    if (!save_status_.ok()) return save_status_;
    saved_ = positions;
    ++saves_;
    return absl::OkStatus();
  }

  SessionClient* client_ = nullptr;
  bool endless_ = false;
  bool answers_ = true;
  bool says_oldest_ = false;
  RetentionOptions retention_;
  std::int64_t acked_ = 0;
  std::vector<std::int64_t> rejected_;
  std::vector<std::int64_t> handled_;
  Positions saved_;
  int saves_ = 0;
  absl::Status save_status_;

 private:
  std::int64_t last_;
  RetainedEvents events_{1};
};

class SessionClientTest : public ::testing::Test {
 protected:
  SessionClient& Start(Hall* hall, const Positions& positions = {}) {
    SessionOptions options;
    options.batch_events_max = 10;
    options.batch_bytes_max = 500;
    client_ = std::make_unique<SessionClient>(
        options,
        SessionClient::Parts{.transport = &daemon_,
                             .source = hall,
                             .handler = hall,
                             .store = hall,
                             .clock = &clock_,
                             .jitter = &jitter_,
                             .log = [this](const std::string& line) { log_.push_back(line); }},
        positions);
    hall->client_ = client_.get();
    return *client_;
  }

  // Steps until everything is acknowledged, the client gives up, or it goes nowhere.
  absl::Status Drain(SessionClient* client) {
    int steps = 0;
    return client->Run([&] { return client->Drained() || ++steps > 100'000; });
  }

  FakeClock clock_;
  PowerSwitch power_;
  FakeDaemon daemon_{&clock_, &power_, 1};
  SeededJitter jitter_{2};
  std::unique_ptr<SessionClient> client_;
  std::vector<std::string> log_;
};

TEST_F(SessionClientTest, SendsEverythingOnceInGoodWeather) {
  Hall hall(1000);
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_EQ(daemon_.durable(), 1000);
  EXPECT_EQ(daemon_.repeated_events, 0);
  EXPECT_EQ(hall.acked_, 1000);
  EXPECT_EQ(client.stats().events_acked, 1000);
  EXPECT_THAT(daemon_.breaches, IsEmpty());
  EXPECT_LE(daemon_.max_batch, 10U);
}

TEST_F(SessionClientTest, KeepsWithinItsCredit) {
  Hall hall(200);
  daemon_.credit_events = 7;
  daemon_.credit_bytes = 60;
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_LE(daemon_.max_in_flight, 7);
  EXPECT_THAT(daemon_.breaches, IsEmpty());
}

TEST_F(SessionClientTest, ContinuesBehindWhatTheDaemonHolds) {
  Hall hall(50);
  for (std::int64_t i = 1; i <= 20; ++i)
    daemon_.events[i] = absl::StrCat("event ", i);
  daemon_.set_durable(20);
  SessionClient& client = Start(&hall, Positions{.history_epoch = 1, .last_acked_seq = 12});
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_EQ(daemon_.durable(), 50);
  EXPECT_EQ(daemon_.repeated_events, 0);
  EXPECT_EQ(daemon_.hellos.front().last_acked_seq(), 12);
}

TEST_F(SessionClientTest, TellsTheSourceWhatWasRefused) {
  Hall hall(30);
  daemon_.refuses = [](const std::string& event) {
    return event == "event 7" || event == "event 8";
  };
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_THAT(hall.rejected_, ElementsAre(7, 8));
  EXPECT_EQ(client.stats().events_rejected, 2);
}

TEST_F(SessionClientTest, StopsWhenTheDaemonLostAcknowledgedEvents) {
  Hall hall(50);
  daemon_.set_durable(20);
  SessionClient& client = Start(&hall, Positions{.history_epoch = 1, .last_acked_seq = 30});
  const absl::Status status = Drain(&client);
  EXPECT_EQ(client.failure(), Failure::kHistory);
  EXPECT_THAT(std::string(status.message()), HasSubstr("gmctl store accept-restore"));
  EXPECT_EQ(daemon_.durable(), 20);
}

TEST_F(SessionClientTest, StopsWhenAnUnawareDaemonLostAcknowledgedEvents) {
  Hall hall(50);
  daemon_.mute = true;
  SessionClient& client = Start(&hall, Positions{.history_epoch = 1, .last_acked_seq = 30});
  ASSERT_TRUE(client.Step().ok());
  v1::SessionResponse response;
  response.mutable_hello_ok()->set_history_epoch(1);
  response.mutable_hello_ok()->set_durable_seq(29);
  daemon_.Say(response);
  EXPECT_FALSE(client.Step().ok());
  EXPECT_EQ(client.failure(), Failure::kHistory);
}

TEST_F(SessionClientTest, RefusesAnOlderHistory) {
  Hall hall(50);
  SessionClient& client = Start(&hall, Positions{.history_epoch = 2});
  EXPECT_THAT(std::string(Drain(&client).message()), HasSubstr("old copy"));
  EXPECT_EQ(client.failure(), Failure::kHistory);
}

TEST_F(SessionClientTest, RefillsARestoredStoreFromItsWindow) {
  Hall hall(50);
  SessionClient* client = &Start(&hall);
  ASSERT_TRUE(Drain(client).ok());
  daemon_.Order("x");
  ASSERT_TRUE(client->Step().ok());
  // A backup from event 20 is put back, and an operator accepts it.
  daemon_.events.erase(daemon_.events.upper_bound(20), daemon_.events.end());
  daemon_.set_durable(20);
  daemon_.history_epoch = 2;
  daemon_.directives.clear();
  daemon_.outcomes.clear();
  client->Disconnect();
  int steps = 0;
  ASSERT_TRUE(client->Run([&] { return daemon_.durable() == 50 || ++steps > 1000; }).ok());
  EXPECT_EQ(daemon_.durable(), 50);
  // Its directives begin again, and are no repeats.
  daemon_.Order("y");
  ASSERT_TRUE(client->Run([&] { return hall.handled_.size() == 2 || ++steps > 2000; }).ok());
  EXPECT_THAT(hall.handled_, ElementsAre(1, 1));
  EXPECT_EQ(hall.saved_.history_epoch, 2);
}

TEST_F(SessionClientTest, SaysWhichEventsAreGone) {
  Hall hall(50);
  hall.retention_.acked_bytes_max = 0;
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(Drain(&client).ok());
  daemon_.events.erase(daemon_.events.upper_bound(20), daemon_.events.end());
  daemon_.set_durable(20);
  daemon_.history_epoch = 2;
  client.Disconnect();
  int steps = 0;
  const absl::Status status = client.Run([&] { return ++steps > 1000; });
  EXPECT_THAT(std::string(status.message()), HasSubstr("from 21 on"));
  EXPECT_EQ(client.failure(), Failure::kHistory);
}

TEST_F(SessionClientTest, GivesUpWhatNobodyKeepsAfterAnAcceptedRestore) {
  Hall hall(50);
  hall.retention_.acked_bytes_max = 90;
  hall.says_oldest_ = true;
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(Drain(&client).ok());
  const std::int64_t oldest = hall.OldestHeld();
  ASSERT_GT(oldest, 21);
  ASSERT_LT(oldest, 50);
  daemon_.events.erase(daemon_.events.upper_bound(20), daemon_.events.end());
  daemon_.set_durable(20);
  daemon_.history_epoch = 7;
  client.Disconnect();
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return daemon_.durable() == 50 || ++steps > 1000; }).ok());
  EXPECT_EQ(daemon_.durable(), 50);
  EXPECT_EQ(daemon_.events.count(oldest - 1), 0U);
  EXPECT_EQ(daemon_.events.count(oldest), 1U);
  // Said only when it was needed, and still as of the old history.
  EXPECT_EQ(daemon_.hellos.back().oldest_seq(), oldest);
  EXPECT_EQ(daemon_.hellos.back().history_epoch(), 1);
  for (std::size_t i = 0; i + 1 < daemon_.hellos.size(); ++i)
    EXPECT_EQ(daemon_.hellos[i].oldest_seq(), 0);
  EXPECT_THAT(log_, Contains(HasSubstr("they are lost")));
  EXPECT_EQ(hall.saved_.history_epoch, 7);
}

v1::AuditCheckpoint Checkpoint(std::int64_t size, char head) {
  v1::AuditCheckpoint checkpoint;
  checkpoint.set_origin(std::string(32, 'a'));
  checkpoint.set_history_epoch(1);
  checkpoint.set_size(size);
  checkpoint.set_head(std::string(32, head));
  checkpoint.set_key(std::string(32, 'k'));
  checkpoint.set_sig(std::string(64, 's'));
  return checkpoint;
}

TEST_F(SessionClientTest, IsAWitnessOfTheAudit) {
  struct Case {
    const char* name;
    v1::AuditCheckpoint later;
    const char* alarm;  // Empty: none.
  };
  const std::vector<Case> cases = {
      {"the same", Checkpoint(10, 'h'), ""},
      {"more", Checkpoint(11, 'i'), ""},
      {"fewer", Checkpoint(9, 'h'), "was rolled back"},
      {"others", Checkpoint(10, 'i'), "was forked"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    log_.clear();
    Hall hall(10);
    daemon_.audit_checkpoint = Checkpoint(10, 'h');
    SessionClient& client = Start(&hall);
    ASSERT_TRUE(Drain(&client).ok());
    const std::string kept = client.positions().audit_checkpoint;
    EXPECT_THAT(kept, HasSubstr(" 10 6868"));
    daemon_.audit_checkpoint = c.later;
    client.Disconnect();
    ASSERT_TRUE(Drain(&client).ok());
    const bool alarmed = *c.alarm != '\0';
    EXPECT_EQ(client.stats().audit_alarms, alarmed ? 1 : 0);
    if (alarmed) {
      // The proof stays, and the session goes on.
      EXPECT_EQ(client.positions().audit_checkpoint, kept);
      EXPECT_THAT(log_, Contains(HasSubstr(c.alarm)));
    }
    EXPECT_TRUE(client.open());
    client.Disconnect();
    daemon_.set_durable(0);
    daemon_.events.clear();
  }
}

TEST_F(SessionClientTest, TellsOnceThatTheDaemonTakesNoEvents) {
  Hall hall(10);
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(Drain(&client).ok());
  v1::SessionResponse response;
  response.mutable_progress()->set_durable_seq(10);
  for (const bool paused : {true, true, false}) {
    response.mutable_progress()->set_intake_paused(paused);
    daemon_.Say(response);
  }
  ASSERT_TRUE(client.Step().ok());
  EXPECT_THAT(log_, Contains(HasSubstr("disk is almost full")).Times(1));
  EXPECT_THAT(log_, Contains(HasSubstr("takes events again")).Times(1));
}

TEST_F(SessionClientTest, ContinuesFromTheExpectedEventAfterAGap) {
  Hall hall(100);
  daemon_.credit_events = 10;
  SessionClient& client = Start(&hall);
  while (daemon_.durable() < 40)
    ASSERT_TRUE(client.Step().ok());
  daemon_.End(absl::FailedPreconditionError("gap"), "SEQ_GAP", {{"expected_seq", "41"}});
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_EQ(daemon_.durable(), 100);
  EXPECT_EQ(client.stats().sessions, 2);
}

TEST_F(SessionClientTest, StopsWhenFenced) {
  Hall hall(100);
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(client.Step().ok());
  daemon_.End(absl::AbortedError("newer"), "FENCED", {});
  EXPECT_FALSE(Drain(&client).ok());
  EXPECT_EQ(client.failure(), Failure::kFenced);
}

TEST_F(SessionClientTest, ComesBackWhenTheDaemonShutsDown) {
  Hall hall(100);
  SessionClient& client = Start(&hall);
  ASSERT_TRUE(client.Step().ok());
  daemon_.End(absl::UnavailableError("later"), "SHUTTING_DOWN", {});
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_EQ(daemon_.durable(), 100);
}

TEST_F(SessionClientTest, GivesUpOnADaemonThatIsSilent) {
  Hall hall(1);
  daemon_.mute = true;
  SessionClient& client = Start(&hall);
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return client.stats().connects > 1 || ++steps > 1000; }).ok());
  EXPECT_GT(client.stats().connects, 1);
  EXPECT_THAT(log_.front(), HasSubstr("said nothing for"));
}

TEST_F(SessionClientTest, BacksOffLongerAndLongerWithFullJitter) {
  Hall hall(1);
  daemon_.weather.lost = 1000;
  SessionClient& client = Start(&hall);
  std::vector<Micros> waits;
  for (int i = 0; i < 40; ++i) {
    const absl::StatusOr<Micros> wait = client.Step();
    ASSERT_TRUE(wait.ok());
    if (!daemon_.CanSend()) waits.push_back(*wait);
    clock_.Advance(*wait);
  }
  const Micros longest = *std::max_element(waits.begin(), waits.end());
  EXPECT_LE(longest, Micros{30'000'000});
  EXPECT_GT(longest, Micros{10'000'000});
  EXPECT_LE(waits.front(), Micros{100'000});
}

TEST_F(SessionClientTest, DeliversDirectivesInOrderAndSavesBeforeItAnswers) {
  Hall hall(0);
  hall.endless_ = true;
  SessionClient& client = Start(&hall);
  for (int i = 0; i < 5; ++i)
    daemon_.Order("x");
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 5 || ++steps > 100; }).ok());
  EXPECT_THAT(hall.handled_, ElementsAre(1, 2, 3, 4, 5));
  // Answered, but nothing says yet that the answers arrived.
  EXPECT_EQ(hall.saved_.last_directive_seq, 0);
  EXPECT_THAT(hall.saved_.answered, ElementsAre(1, 2, 3, 4, 5));
}

TEST_F(SessionClientTest, KnowsThatAnswersArrivedWhenALaterEventIsAcknowledged) {
  Hall hall(50);
  hall.answers_ = false;
  daemon_.credit_events = 10;
  SessionClient& client = Start(&hall);
  daemon_.Order("x");
  daemon_.Order("x");
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return hall.handled_.size() == 2 || ++steps > 100; }).ok());
  client.Answer(1, v1::DIRECTIVE_OUTCOME_APPLIED, "");
  EXPECT_EQ(client.SettledAnswers(), 0);
  ASSERT_TRUE(Drain(&client).ok());
  EXPECT_EQ(client.SettledAnswers(), 1);
  EXPECT_EQ(client.positions().last_directive_seq, 1);
  EXPECT_THAT(client.positions().answered, IsEmpty());
}

TEST_F(SessionClientTest, SaysAgainWhatABrokenStreamMayHaveSwallowed) {
  Hall hall(0);
  hall.endless_ = true;
  SessionClient& client = Start(&hall);
  daemon_.Order("x");
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 1 || ++steps > 100; }).ok());
  // The daemon died before it kept the answer.
  daemon_.outcomes.clear();
  client.Disconnect();
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 1 || ++steps > 200; }).ok());
  EXPECT_THAT(hall.handled_, ElementsAre(1));
}

TEST_F(SessionClientTest, DoesNotAnswerWhatItCannotPersist) {
  Hall hall(0);
  hall.endless_ = true;
  SessionClient& client = Start(&hall);
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return client.open() || ++steps > 100; }).ok());
  hall.save_status_ = absl::DataLossError("disk");
  daemon_.Order("x");
  EXPECT_FALSE(client.Run([&] { return ++steps > 100; }).ok());
  EXPECT_EQ(client.failure(), Failure::kLocal);
  EXPECT_THAT(daemon_.outcomes, IsEmpty());
}

TEST_F(SessionClientTest, LeavesUnansweredDirectivesOutOfItsPosition) {
  Hall hall(0);
  hall.endless_ = true;
  hall.answers_ = false;
  SessionClient& client = Start(&hall);
  for (int i = 0; i < 4; ++i)
    daemon_.Order("x");
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return hall.handled_.size() == 4 || ++steps > 100; }).ok());
  client.Answer(1, v1::DIRECTIVE_OUTCOME_APPLIED, "");
  client.Answer(3, v1::DIRECTIVE_OUTCOME_NOT_HERE, "");
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 2 || ++steps > 200; }).ok());
  EXPECT_EQ(hall.saved_.last_directive_seq, 0);
  EXPECT_THAT(hall.saved_.answered, ElementsAre(1, 3));
  // After a crash the daemon sends 2 and 4 again, and 3 makes no hole.
  Hall after(0);
  after.endless_ = true;
  SessionClient& restarted = Start(&after, hall.saved_);
  ASSERT_TRUE(restarted.Run([&] { return daemon_.outcomes.size() == 4 || ++steps > 300; }).ok());
  EXPECT_THAT(after.handled_, ElementsAre(2, 4));
  EXPECT_EQ(restarted.stats().directive_gaps, 0);
  EXPECT_EQ(restarted.stats().sessions, 1);
}

TEST_F(SessionClientTest, SeesNoHoleWhereADirectiveWasAnsweredBeforeACrash) {
  Hall hall(0);
  hall.endless_ = true;
  for (int i = 0; i < 5; ++i)
    daemon_.Order("x");
  for (const std::int64_t seq : {1, 2, 4}) {
    daemon_.outcomes[seq].push_back(v1::DIRECTIVE_OUTCOME_APPLIED);
  }
  SessionClient& client = Start(
      &hall,
      Positions{.history_epoch = 1, .last_acked_seq = 0, .last_directive_seq = 2, .answered = {4}});
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 5 || ++steps > 100; }).ok());
  EXPECT_THAT(hall.handled_, ElementsAre(3, 5));
  EXPECT_EQ(client.stats().sessions, 1);
}

TEST_F(SessionClientTest, ReconnectsOnceOverAHoleThenGoesOnLoudly) {
  Hall hall(0);
  hall.endless_ = true;
  for (int i = 0; i < 5; ++i)
    daemon_.Order("x");
  for (const std::int64_t seq : {1, 2, 3}) {
    daemon_.outcomes[seq].push_back(v1::DIRECTIVE_OUTCOME_APPLIED);
  }
  SessionClient& client =
      Start(&hall, Positions{.history_epoch = 1, .last_acked_seq = 0, .last_directive_seq = 1});
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 5 || ++steps > 100; }).ok());
  EXPECT_THAT(hall.handled_, ElementsAre(4, 5));
  EXPECT_EQ(client.stats().sessions, 2);
  EXPECT_EQ(client.stats().directive_gaps, 1);
  EXPECT_TRUE(std::any_of(log_.begin(), log_.end(), [](const std::string& line) {
    return line.find("directives 2 to 3") != std::string::npos;
  }));
}

TEST_F(SessionClientTest, AnswersARepeatWithoutASecondDelivery) {
  Hall hall(50);
  daemon_.credit_events = 10;
  SessionClient& client = Start(&hall);
  daemon_.Order("x");
  ASSERT_TRUE(Drain(&client).ok());
  v1::SessionResponse again;
  *again.mutable_directive() = daemon_.directives.front();
  daemon_.Say(again);
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes[1].size() == 2 || ++steps > 200; }).ok());
  EXPECT_EQ(daemon_.outcomes[1].size(), 2U);
  EXPECT_THAT(hall.handled_, ElementsAre(1));
  EXPECT_EQ(client.stats().directive_repeats, 1);
}

TEST_F(SessionClientTest, AnswersDoNotMultiplyWithEveryReconnect) {
  constexpr int kDirectives = 20;
  constexpr int kReconnects = 12;
  Hall hall(0);
  hall.endless_ = true;
  SessionClient& client = Start(&hall);
  for (int i = 0; i < kDirectives; ++i)
    daemon_.Order("x");
  int steps = 0;
  const auto all_answered = [&] {
    return daemon_.outcomes.size() == kDirectives || ++steps > 10'000;
  };
  ASSERT_TRUE(client.Run(all_answered).ok());
  for (int i = 0; i < kReconnects; ++i) {
    // The daemon died before it kept the answers, and sends every directive again.
    daemon_.outcomes.clear();
    client.Disconnect();
    ASSERT_TRUE(client.Run(all_answered).ok());
  }
  EXPECT_EQ(daemon_.outcomes.size(), kDirectives);
  EXPECT_EQ(client.stats().results_sent, kDirectives * (kReconnects + 1));
  // No event came after them: nothing proves that they arrived.
  EXPECT_EQ(client.positions().last_directive_seq, 0);
  EXPECT_THAT(hall.handled_, SizeIs(kDirectives));
}

TEST_F(SessionClientTest, RefusesADirectiveOfAnOlderHistory) {
  Hall hall(0);
  hall.endless_ = true;
  daemon_.history_epoch = 3;
  SessionClient& client = Start(&hall);
  int steps = 0;
  ASSERT_TRUE(client.Run([&] { return client.open() || ++steps > 100; }).ok());
  daemon_.history_epoch = 2;
  daemon_.Order("x");
  ASSERT_TRUE(client.Run([&] { return daemon_.outcomes.size() == 1 || ++steps > 200; }).ok());
  EXPECT_THAT(hall.handled_, IsEmpty());
  EXPECT_THAT(daemon_.outcomes[1], ElementsAre(v1::DIRECTIVE_OUTCOME_REJECTED));
}

// Whatever the network does: every event arrives once and unchanged, directives are handled once
// each in order, and each one is answered.
class StormTest : public SessionClientTest, public ::testing::WithParamInterface<int> {};

TEST_P(StormTest, LosesNothingAndDoublesNothing) {
  SCOPED_TRACE(absl::StrCat("seed=", GetParam()));
  FakeDaemon daemon(&clock_, &power_, static_cast<std::uint64_t>(GetParam()));
  daemon.weather = Weather{
      .lost = 60, .answer_lost = 60, .repeated_ack = 100, .late_ack = 200, .directive = 300};
  daemon.credit_events = 1 + GetParam() % 40;
  daemon.refuses = [](const std::string& event) { return event.back() == '3'; };
  Hall hall(700);
  SessionOptions options;
  options.batch_events_max = 13;
  SessionClient client(options,
                       SessionClient::Parts{.transport = &daemon,
                                            .source = &hall,
                                            .handler = &hall,
                                            .store = &hall,
                                            .clock = &clock_,
                                            .jitter = &jitter_,
                                            .log = nullptr},
                       Positions{});
  hall.client_ = &client;
  int steps = 0;
  ASSERT_TRUE(
      client.Run([&] { return (client.Drained() && client.Settled()) || ++steps > 1'000'000; })
          .ok());
  ASSERT_EQ(daemon.durable(), 700);
  for (std::int64_t i = 1; i <= 700; ++i)
    EXPECT_EQ(daemon.events[i], absl::StrCat("event ", i));
  EXPECT_THAT(daemon.breaches, IsEmpty());
  EXPECT_LE(daemon.max_in_flight, daemon.credit_events);
  std::vector<std::int64_t> all(daemon.directives.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<std::int64_t>(i) + 1;
  // A directive that the storm swallowed comes with the next session; none may be left.
  client.Disconnect();
  ASSERT_TRUE(client
                  .Run([&] {
                    return daemon.outcomes.size() == daemon.directives.size() ||
                           ++steps > 2'000'000;
                  })
                  .ok());
  EXPECT_EQ(hall.handled_, all);
  EXPECT_GT(client.stats().sessions, 1);
}

INSTANTIATE_TEST_SUITE_P(Seeds, StormTest, ::testing::Range(1, 40));

}  // namespace
}  // namespace hallwarden::session
