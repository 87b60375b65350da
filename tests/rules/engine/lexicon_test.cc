// The operator's word list in the engine: swapped by a record, names judged again, hits counted.
#include <map>
#include <memory>
#include <span>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/engine/lexicon_entity.h"
#include "rules/state/lexicon_cells.h"
#include "rules/state/small_cells.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class EngineLexiconTest : public ::testing::Test {
 protected:
  static v1::Command Change(const std::string& artefact, const std::string& base,
                            bool rescreen = false) {
    v1::Command command = As(v1::ROLE_SENIOR_GM, "gm-wang");
    v1::ActivateLexicon& activate = *command.mutable_activate_lexicon();
    activate.set_artefact(artefact);
    activate.set_base_artefact(base);
    activate.set_entry_count(1);
    activate.add_changes("+ advert plain stallword");
    activate.set_rescreen(rescreen);
    activate.mutable_options()->set_reason("for a test");
    return command;
  }
  static v1::Command Again(const std::string& account, const std::string& words,
                           std::uint64_t position) {
    v1::Command command;
    *command.mutable_actor() = MachineActor();
    command.set_target_account(account);
    command.mutable_rescreen_name()->set_surface("nickname");
    command.mutable_rescreen_name()->set_text(words);
    command.mutable_rescreen_name()->set_name_position(static_cast<std::int64_t>(position));
    command.mutable_rescreen_name()->set_server("gs1");
    return command;
  }
  static v1::Command Progress(const std::string& artefact, std::int64_t cursor, bool done) {
    v1::Command command;
    *command.mutable_actor() = MachineActor();
    v1::RescreenProgress& progress = *command.mutable_rescreen_progress();
    progress.set_artefact(artefact);
    progress.set_cursor_position(cursor);
    progress.set_screened_count(10);
    progress.set_finding_count(1);
    progress.set_done(done);
    return command;
  }
  std::uint64_t LastPosition() { return hall_.journal().back().record.position; }

  TestArtefacts artefacts_;
  const std::string list_ = artefacts_.AddOperators("insult | plain | stallword\n");
  const std::string other_ = artefacts_.AddOperators("allow | rudeword\n");
  Hall hall_{&artefacts_};
};

TEST_F(EngineLexiconTest, AListIsInForceFromItsRecordOn) {
  hall_.Tell("gs1", Registered("a", "stallword"));
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  hall_.Ask(Change(list_, ""));
  ASSERT_THAT(hall_.Last<Audit>(), SizeIs(1));
  EXPECT_EQ(hall_.Last<Audit>()[0].record.method(), "TextService.ChangeLexicon");
  EXPECT_EQ(hall_.Last<Audit>()[0].record.code(), 0);
  hall_.Tell("gs1", Registered("b", "stallword"));
  EXPECT_THAT(hall_.SanctionsOf("b"), SizeIs(1));
  hall_.Ask(Change(other_, list_));
  hall_.Tell("gs1", Registered("c", "stallword"));
  hall_.Tell("gs1", Registered("d", "rudeword"));
  EXPECT_THAT(hall_.SanctionsOf("c"), IsEmpty());
  EXPECT_THAT(hall_.SanctionsOf("d"), IsEmpty());
}

TEST_F(EngineLexiconTest, AStaleOrUnknownListIsRefusedAndChangesNothing) {
  hall_.Ask(Change(list_, ""));
  hall_.Ask(Change(other_, ""));
  ASSERT_THAT(hall_.Last<Answer>(), SizeIs(1));
  EXPECT_EQ(hall_.Last<Answer>()[0].refusal->reason, "ETAG_MISMATCH");
  hall_.Ask(Change("nobody-stored-this", list_));
  EXPECT_EQ(hall_.Last<Answer>()[0].refusal->reason, "UNKNOWN_LEXICON");
  EXPECT_EQ(hall_.runner().engine().Lexicon().lists.operators, list_);
  hall_.Tell("gs1", Registered("b", "stallword"));
  EXPECT_THAT(hall_.SanctionsOf("b"), SizeIs(1));
}

TEST_F(EngineLexiconTest, AStoredNameIsJudgedAgainWhileTheAccountCarriesIt) {
  hall_.Tell("gs1", Registered("a", "stallword"));
  const std::uint64_t given = LastPosition();
  hall_.Tell("gs1", Registered("b", "stallword"));
  const std::uint64_t gone = LastPosition();
  hall_.Tell("gs1", Renamed("b", "fine"));
  hall_.Ask(Change(list_, "", true));
  hall_.Ask(Again("a", "stallword", given));
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  // A step of a job is no call of a person.
  EXPECT_THAT(hall_.Last<Answer>(), IsEmpty());
  hall_.Ask(Again("b", "stallword", gone));
  EXPECT_THAT(hall_.SanctionsOf("b"), IsEmpty());
  // Other words than the account carries prove nothing.
  hall_.Tell("gs1", Registered("c", "fine"));
  hall_.Ask(Again("c", "stallword", LastPosition()));
  EXPECT_THAT(hall_.SanctionsOf("c"), IsEmpty());
  // Nobody is judged twice for one name, and nobody who was never heard of.
  hall_.Ask(Again("a", "stallword", given));
  hall_.Ask(Again("nobody", "stallword", given));
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  EXPECT_THAT(hall_.SanctionsOf("nobody"), IsEmpty());
}

TEST_F(EngineLexiconTest, ThePardonedAreLeftAlone) {
  hall_.Ask(Change(list_, ""));
  hall_.Tell("gs1", Registered("a", "stallword"));
  const std::uint64_t given = LastPosition();
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  hall_.Ask(LiftAs("a", hall_.SanctionsOf("a")[0].name(), v1::DISPOSITION_MISTAKE));
  hall_.Ask(Again("a", "stallword", given));
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(EngineLexiconTest, TheJobsCursorIsStateAndFollowsItsOwnListOnly) {
  hall_.Ask(Change(list_, "", true));
  const std::uint64_t end = LastPosition();
  const auto status = [this] { return hall_.runner().engine().Lexicon().rescreen; };
  EXPECT_TRUE(status().running());
  EXPECT_EQ(status().end_position(), static_cast<std::int64_t>(end));
  hall_.Ask(Progress(other_, 1, true));
  EXPECT_EQ(status().screened_count(), 0);
  hall_.Ask(Progress(list_, 1, false));
  EXPECT_EQ(status().cursor_position(), 1);
  EXPECT_EQ(status().screened_count(), 10);
  hall_.Ask(Progress(list_, 0, true));
  EXPECT_TRUE(status().running());
  // Another list while it runs: names were judged by what was in force before the first.
  hall_.Ask(Change(other_, list_, true));
  EXPECT_EQ(hall_.runner().engine().Lexicon().rescreen_base, "");
  hall_.Ask(Progress(other_, 2, true));
  EXPECT_FALSE(status().running());
  EXPECT_EQ(status().finding_count(), 1);
  hall_.Ask(Change(list_, other_, true));
  EXPECT_EQ(hall_.runner().engine().Lexicon().rescreen_base, other_);
}

TEST_F(EngineLexiconTest, HitsAreCountedPerEntry) {
  hall_.Ask(Change(list_, ""));
  hall_.Tell("gs1", Registered("a", "stallword"));
  hall_.Tell("gs1", Registered("b", "stallword"));
  hall_.Tell("gs1", Registered("c", "rudeword"));
  hall_.Tell("gs1", Registered("d", "fine"));
  const auto hits = hall_.runner().engine().LexiconHits();
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const auto& [key, entry] : hits)
    counts[key] = entry.count;
  EXPECT_EQ(counts,
            (std::map<std::uint64_t, std::uint64_t>{{LexiconHitKey("insult/stallword"), 2},
                                                    {LexiconHitKey("insult/rudeword"), 1}}));
}

TEST(LexiconHitsCellTest, IsBoundedAndForgetsTheOldest) {
  LexiconHitsCell cell;
  for (std::uint64_t key = 0; key < LexiconHitsCell::kEntriesMax; ++key)
    cell.Add(key, static_cast<std::int64_t>(key) + 1);
  cell.Add(0, 1'000'000);
  cell.Add(9'999'999, 1'000'001);
  ASSERT_EQ(cell.entries.size(), LexiconHitsCell::kEntriesMax);
  EXPECT_EQ(cell.entries.front().key, 0U);
  EXPECT_EQ(cell.entries.front().count, 2U);
  EXPECT_EQ(cell.entries[1].key, 2U);
  EXPECT_EQ(cell.entries.back().key, 9'999'999U);
  std::string bytes;
  cell.Encode(&bytes);
  LexiconHitsCell again;
  ASSERT_TRUE(again.Decode(bytes));
  std::string twice;
  again.Encode(&twice);
  EXPECT_EQ(twice, bytes);
  EXPECT_FALSE(again.Decode(bytes.substr(0, bytes.size() - 1)));
}

TEST(SystemCellTest, OneOfVersionOneIsRead) {
  // Version, policy, lexicon, epoch 7 as zigzag, no answered requests.
  const std::string old("\x01\x01p\x01l\x0e\x00", 7);
  SystemCell cell;
  ASSERT_TRUE(cell.Decode(old));
  EXPECT_EQ(cell.policy_artefact, "p");
  EXPECT_EQ(cell.lexicon_artefact, "l");
  EXPECT_EQ(cell.history_epoch, 7);
  EXPECT_EQ(cell.operators_artefact, "");
  cell.operators_artefact = "o";
  cell.rescreen.running = true;
  cell.rescreen.end = 9;
  std::string bytes;
  cell.Encode(&bytes);
  SystemCell again;
  ASSERT_TRUE(again.Decode(bytes));
  EXPECT_EQ(again.operators_artefact, "o");
  EXPECT_TRUE(again.rescreen.running);
  EXPECT_EQ(again.rescreen.end, 9U);
}

}  // namespace
}  // namespace hallwarden::testing
