// After a crash: the last checkpoint and the tail give the same state, and what differs is seen.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/replay.h"
#include "rules/avatar/hash256.h"
#include "rules/avatar/pdq.h"
#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "tests/daemon/avatar/encoders.h"
#include "tests/daemon/spine_fixture.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

class RecoveryTest : public SpineTest {
 protected:
  // What the engine knows of an account, as text.
  std::string Dossier(const std::string& account) {
    std::string text;
    bool done = false;
    sequencer_->Look(
        [&](EngineRunner& runner, std::int64_t) {
          const auto dossier = runner.engine().Dossier("", account, kNow);
          text = dossier.has_value() ? dossier->DebugString() : "unknown";
        },
        [&](const absl::Status&) { done = true; });
    Await([&] { return done; }, "the dossier");
    return text;
  }
  // A few logins, names and a ban.
  void Live(const std::string& server) {
    const std::int64_t epoch = Hello(server);
    const std::uint64_t next = sequencer_->ExpectedSeq(server);
    Send(server, epoch, next, {LoggedIn("a"), Nickname("a", "anna"), LoggedIn("b")});
  }
};

// What was read from an image stands in the journal: a replay judges the same, without a decoder.
TEST_F(RecoveryTest, ReplaysAvatarsFromWhatWasReadOnce) {
  const auto avatar = [](const std::string& account, const std::string& image) {
    v1::HallEvent event;
    event.set_account(account);
    event.mutable_avatar_changed()->set_image(image);
    return event.SerializeAsString();
  };
  using testing::Discs;
  Start();
  Live("hall-1");
  v1::Command add;
  add.mutable_actor()->set_principal("gm-wang");
  add.mutable_actor()->set_role(v1::ROLE_SENIOR_GM);
  const testing::Picture banked = Discs(1, 128, 128);
  const auto hashed = avatar::HashPicture(testing::LuminanceOf(banked), 128, 128);
  v1::BankEntry& entry = *add.mutable_add_bank_entries()->add_entries();
  entry.set_bank("porn");
  entry.set_kind(v1::BANK_KIND_BLOCK);
  entry.set_category(v1::TEXT_CATEGORY_PORN);
  entry.set_confidence(v1::CONFIDENCE_PLAIN);
  entry.set_pdq_hash(avatar::ToBytes(hashed->hashes[0]));
  add.mutable_add_bank_entries()->mutable_options()->set_reason("for a test");
  ASSERT_FALSE(Run(add).answer->refusal.has_value());
  const std::int64_t epoch = Hello("hall-1");
  Send("hall-1", epoch, sequencer_->ExpectedSeq("hall-1"),
       {avatar("a", testing::EncodeJpeg(banked, 60)),
        avatar("b", testing::EncodePng(testing::DrawQr(testing::Qr::kWeChat, 4)))});
  const std::string a = Dossier("a");
  const std::string b = Dossier("b");
  EXPECT_THAT(a, HasSubstr("sanction_count: 1"));
  EXPECT_THAT(b, HasSubstr("sanction_count: 1"));
  Kill();
  Start();
  EXPECT_EQ(sequencer_->Stats().replay_differences, 0U);
  EXPECT_EQ(Dossier("a"), a);
  EXPECT_EQ(Dossier("b"), b);
}

TEST_F(RecoveryTest, ReplaysTheTailToTheSameState) {
  Start();
  Live("hall-1");
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  const std::string before = Dossier("a");
  const std::size_t postings = sequencer_->Tail("a", 0).size();
  EXPECT_GT(postings, 0U);
  const std::uint64_t position = sequencer_->Stats().durable_position;
  Kill();
  Start();
  const SequencerStats stats = sequencer_->Stats();
  EXPECT_EQ(stats.replayed_records, position);
  EXPECT_EQ(stats.replay_differences, 0U);
  EXPECT_EQ(Dossier("a"), before);
  EXPECT_THAT(sequencer_->Tail("a", 0), SizeIs(postings));
  // Nothing is issued again.
  EXPECT_THAT(recorder_->directives(), SizeIs(0));
}

TEST_F(RecoveryTest, ACheckpointTakesTheTailOver) {
  Start();
  Live("hall-1");
  ASSERT_FALSE(Run(Ban("a", "request-1")).answer->refusal.has_value());
  const std::string before = Dossier("a");
  const std::size_t postings = sequencer_->Tail("a", 0).size();
  Stop();
  Start();
  EXPECT_EQ(sequencer_->Stats().replay_records, 0U);
  EXPECT_EQ(Dossier("a"), before);
  EXPECT_THAT(sequencer_->Tail("a", 0), SizeIs(0));
  EXPECT_THAT(base_->ListPostings("a", 0, 100, "")->items, SizeIs(postings));
}

TEST_F(RecoveryTest, CheckpointsComeWhileItRuns) {
  options_.checkpoint_records = 5;
  Start();
  for (int i = 0; i < 5; ++i)
    Live("hall-1");
  Await([this] { return base_->checkpoint_position() > 0; }, "a checkpoint");
  const std::string before = Dossier("a");
  Kill();
  Start();
  EXPECT_LT(sequencer_->Stats().replay_records, base_->last_position());
  EXPECT_EQ(sequencer_->Stats().replay_differences, 0U);
  EXPECT_EQ(Dossier("a"), before);
}

TEST_F(RecoveryTest, ACheckpointThatFailsIsMadeUpForByTheNext) {
  options_.checkpoint_records = 3;
  Start();
  store_->FailCheckpoints(absl::ResourceExhaustedError("no space"));
  Live("hall-1");
  Await([this] { return !sequencer_->Stats().checkpoint_error.empty(); }, "the failure");
  EXPECT_EQ(base_->checkpoint_position(), 0U);
  const std::size_t postings = sequencer_->Tail("a", 0).size();
  EXPECT_GT(postings, 0U);
  store_->FailCheckpoints(absl::OkStatus());
  const std::string before = Dossier("a");
  Stop();
  Start();
  EXPECT_EQ(sequencer_->Stats().replay_records, 0U);
  EXPECT_EQ(Dossier("a"), before);
  EXPECT_GE(base_->ListPostings("a", 0, 100, "")->items.size(), postings);
}

// A cell that was cut but is not written yet is in neither place: dropped then, the next sanction
// would take the number of one that exists, and its commit would end the process.
TEST_F(RecoveryTest, NothingIsEvictedBeforeItIsWritten) {
  constexpr int kAccounts = 8;
  constexpr int kRounds = 25;
  options_.cells_max = 2;
  options_.checkpoint_records = 1;
  Start();
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kAccounts; ++i) {
      const std::string account = "a" + std::to_string(i);
      const CommandOutcome outcome = Run(Ban(account, account + "-" + std::to_string(round)));
      ASSERT_TRUE(outcome.status.ok()) << outcome.status;
      ASSERT_FALSE(outcome.answer->refusal.has_value());
      ASSERT_EQ(exit_code_, 0) << "round " << round;
    }
  }
  EXPECT_GT(base_->checkpoint_position(), 0U);
  for (int i = 0; i < kAccounts; ++i) {
    EXPECT_THAT(base_->ListSanctions("a" + std::to_string(i), 100, "")->items, SizeIs(kRounds));
  }
}

TEST_F(RecoveryTest, ADifferenceIsSeen) {
  Start();
  Live("hall-1");
  Kill();
  {
    // A record whose stored decisions are not what the engine decides.
    storage::StoreOptions store_options;
    store_options.directory = directory_.store();
    absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(store_options);
    ASSERT_TRUE(store.ok()) << store.status();
    storage::Group group;
    storage::JournalEntry& entry = group.entries.emplace_back();
    entry.position = (*store)->last_position() + 1;
    entry.commit_us = (*store)->last_commit_us();
    entry.kind = RecordKind::kClockStepped;
    entry.payload = v1::ClockStepped().SerializeAsString();
    PositionedEffect effect;
    effect.position = entry.position;
    effect.commit_us = entry.commit_us;
    effect.effect = PutGate{};
    std::get<PutGate>(effect.effect).entry.set_account("z");
    group.effects.push_back(effect);
    ASSERT_TRUE((*store)->Commit(group).ok());
  }
  Start();
  EXPECT_EQ(sequencer_->Stats().replay_differences, 1U);
}

TEST_F(RecoveryTest, ErasedWordsStayEmpty) {
  Start();
  Live("hall-1");
  Kill();
  {
    storage::StoreOptions store_options;
    store_options.directory = directory_.store();
    absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(store_options);
    ASSERT_TRUE(store.ok()) << store.status();
    const storage::JournalEntry entry = *(*store)->ReadEntry(4);
    absl::StatusOr<ReadRecord> read = ReadBack(entry, &(*store)->vault());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_FALSE(read->record.erased);
    EXPECT_EQ(read->record.As<EventView>().nickname_changed().nickname(), "anna");
    ASSERT_TRUE((*store)->vault().Destroy("a").ok());
    read = ReadBack(entry, &(*store)->vault());
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_TRUE(read->record.erased);
    EXPECT_EQ(read->record.As<EventView>().nickname_changed().nickname(), "");
  }
  Start();
  EXPECT_EQ(sequencer_->Stats().replay, ReplayState::kReady);
}

TEST_F(RecoveryTest, AnotherEngineRefusesATailAndLeavesTheStoreAlone) {
  Start();
  Live("hall-1");
  Kill();
  {
    storage::StoreOptions store_options;
    store_options.directory = directory_.store();
    absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(store_options);
    ASSERT_TRUE(store.ok()) << store.status();
    v1::EngineActivated other;
    other.set_engine_version(kEngineVersion + 1);
    storage::Group group;
    storage::JournalEntry& entry = group.entries.emplace_back();
    entry.position = (*store)->last_position() + 1;
    entry.commit_us = (*store)->last_commit_us();
    entry.kind = RecordKind::kEngineActivated;
    entry.payload = other.SerializeAsString();
    ASSERT_TRUE((*store)->Commit(group).ok());
    const std::uint64_t position = (*store)->last_position();
    ArtefactCache artefacts(store->get());
    Sequencer sequencer(options_, {store->get(), &artefacts, &clock_});
    const absl::Status status = sequencer.Start();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_THAT(std::string(status.message()), ::testing::HasSubstr("SIGTERM"));
    EXPECT_EQ((*store)->last_position(), position);
  }
}

TEST_F(RecoveryTest, WithTheTestClockTheSameEventsGiveTheSameDecisions) {
  options_.test_clock = true;
  const auto play = [this](std::size_t kill_every) {
    std::vector<std::string> lines;
    Start();
    for (std::uint64_t seq = 1; seq <= 12; ++seq) {
      if (kill_every != 0 && seq % kill_every == 0) {
        Kill();
        Start();
      }
      Send("hall-1", Hello("hall-1"), seq,
           {seq % 3 == 1 ? LoggedIn("a") : Nickname("a", "name" + std::to_string(seq))});
    }
    for (std::uint64_t position = 1; position <= base_->last_position(); ++position) {
      const storage::JournalEntry entry = *base_->ReadEntry(position);
      if (entry.kind == RecordKind::kHallEvent) lines.push_back(std::to_string(entry.commit_us));
    }
    Kill();
    return lines;
  };
  const std::vector<std::string> whole = play(0);
  std::filesystem::remove_all(directory_.store());
  std::filesystem::remove(directory_.path() + "/activation");
  EXPECT_EQ(play(3), whole);
}

// The file of --policy matters to a new store only; that it does not count later must be told.
TEST_F(RecoveryTest, APolicyThatIsNotTheOneInForceIsTold) {
  const std::string built_in(policy::DefaultPolicyText());
  options_.initial_policy = built_in;
  Start();
  EXPECT_EQ(sequencer_->Stats().ignored_policy, "");
  Stop();
  Start();
  EXPECT_EQ(sequencer_->Stats().ignored_policy, "") << "the same text";
  Stop();
  options_.initial_policy = "# edited\n" + built_in;
  Start();
  EXPECT_NE(sequencer_->Stats().ignored_policy, "");
  EXPECT_EQ(artefacts_->LoadPolicy(sequencer_->Stats().ignored_policy).status().ToString(), "OK");
}

}  // namespace
}  // namespace hallwarden::daemon
