// The same journal gives the same decisions: replayed, evicted, sharded.
#include <map>
#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/state/account_cell.h"
#include "rules/state/small_cells.h"
#include "tests/rules/support/hall.h"
#include "tests/rules/support/replay.h"
#include "tests/rules/support/sharded.h"
#include "tests/rules/support/traffic.h"

namespace hallwarden::testing {
namespace {

constexpr int kSteps = 700;

class DeterminismTest : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  // Traffic under three word lists: none of the operator's, one, and another.
  void DriveThroughLists(Hall* hall) {
    Drive(hall, GetParam(), kSteps / 4);
    Change(hall, harsher_, "");
    Drive(hall, GetParam() + 100, kSteps / 2);
    Change(hall, milder_, harsher_);
    Drive(hall, GetParam() + 200, kSteps / 4);
  }

  TestArtefacts artefacts_;

 private:
  static void Change(Hall* hall, const std::string& artefact, const std::string& base) {
    v1::Command command = As(v1::ROLE_SENIOR_GM, "gm-wang");
    v1::ActivateLexicon& activate = *command.mutable_activate_lexicon();
    activate.set_artefact(artefact);
    activate.set_base_artefact(base);
    activate.set_rescreen(true);
    activate.mutable_options()->set_reason("for a test");
    hall->Ask(command);
    EXPECT_EQ(hall->runner().engine().Lexicon().lists.operators, artefact);
  }

  const std::string harsher_ = artefacts_.AddOperators("insult | plain | oddword\n");
  const std::string milder_ = artefacts_.AddOperators("allow | rudeword\n");
};

TEST_P(DeterminismTest, AReplayMakesTheSameEffectsAndTheSameState) {
  Hall hall(&artefacts_);
  DriveThroughLists(&hall);
  Cells cells;
  EngineRunner replay(EngineOptions{}, &cells, &artefacts_);
  std::vector<PositionedEffect> effects;
  for (const OwnedRecord& owned : hall.journal()) {
    Record record = owned.record;
    record.source = owned.source;
    replay.Step(record, &effects);
  }
  EXPECT_EQ(Canonical(effects), Canonical(hall.all()));
  EXPECT_EQ(DigestEffects(effects), DigestEffects(hall.all()));
  EXPECT_EQ(cells.Digest(), hall.cells().Digest());
  EXPECT_FALSE(hall.sanctions().empty());
}

TEST_P(DeterminismTest, ACacheOfThreeCellsDecidesLikeAnUnlimitedOne) {
  Hall hall(&artefacts_);
  DriveThroughLists(&hall);
  std::size_t most = 0;
  const std::vector<std::string> decided = ReplayWithThreeCells(hall.journal(), &artefacts_, &most);
  EXPECT_LE(most, 3U);
  EXPECT_EQ(decided, Canonical(hall.all()));
}

TEST_P(DeterminismTest, ACheckpointAndTheTailMakeTheWholeState) {
  Hall hall(&artefacts_);
  DriveThroughLists(&hall);
  const std::size_t cut = hall.journal().size() / 2;
  MapSource source;
  {
    Cells first(&source);
    EngineRunner runner(EngineOptions{}, &first, &artefacts_);
    std::vector<PositionedEffect> ignored;
    for (std::size_t i = 0; i < cut; ++i) {
      Record record = hall.journal()[i].record;
      record.source = hall.journal()[i].source;
      runner.Step(record, &ignored);
    }
    source.Write(first.TakeDirty());
  }
  Cells second(&source);
  EngineRunner runner(EngineOptions{}, &second, &artefacts_);
  std::vector<PositionedEffect> effects;
  for (std::size_t i = cut; i < hall.journal().size(); ++i) {
    Record record = hall.journal()[i].record;
    record.source = hall.journal()[i].source;
    runner.Step(record, &effects);
  }
  std::vector<PositionedEffect> expected;
  for (const PositionedEffect& effect : hall.all()) {
    if (effect.position > cut) expected.push_back(effect);
  }
  EXPECT_EQ(Canonical(effects), Canonical(expected));
}

TEST_P(DeterminismTest, OneFourAndSixteenShardsWithLateFactsDecideAlike) {
  Hall hall(&artefacts_);
  DriveThroughLists(&hall);
  std::vector<std::unique_ptr<ShardedRun>> runs;
  for (const auto& [shards, delay] :
       {std::pair<std::uint32_t, std::size_t>{1, 0}, {4, 50}, {16, 200}}) {
    runs.push_back(std::make_unique<ShardedRun>(shards, delay, &artefacts_));
    runs.back()->ApplyAll(hall.journal());
  }
  EXPECT_EQ(runs[0]->sanctions.size(), hall.sanctions().size());
  for (std::size_t i = 1; i < runs.size(); ++i) {
    EXPECT_EQ(runs[i]->sanctions, runs[0]->sanctions);
    EXPECT_EQ(runs[i]->patches, runs[0]->patches);
    EXPECT_EQ(runs[i]->cases, runs[0]->cases);
    EXPECT_EQ(runs[i]->gates, runs[0]->gates);
    EXPECT_EQ(runs[i]->directives, runs[0]->directives);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, DeterminismTest, ::testing::Values(1, 2, 3),
                         [](const auto& param_info) {
                           return "seed" + std::to_string(param_info.param);
                         });

}  // namespace
}  // namespace hallwarden::testing
