#include "tools/session/position_file.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tests/tools/session/fakes.h"
#include "tools/session/positions.h"

namespace hallwarden::session {
namespace {

using ::testing::HasSubstr;

constexpr char kPath[] = "dir/hall.position";

TEST(PositionFileTest, IsAbsentAtFirst) {
  PowerSwitch power;
  FakeFileSystem fs(&power);
  EXPECT_TRUE(absl::IsNotFound(PositionFile(&fs, kPath).Load().status()));
}

TEST(PositionFileTest, KeepsValuesInAFileThatPeopleCanRead) {
  PowerSwitch power;
  FakeFileSystem fs(&power);
  PositionFile file(&fs, kPath);
  ASSERT_TRUE(file.Save({{"last_acked_seq", "4711"}, {"answered", ""}}).ok());
  EXPECT_THAT(fs.Read(kPath), HasSubstr("last_acked_seq 4711\n"));
  EXPECT_EQ(*file.Load(), (PositionValues{{"last_acked_seq", "4711"}, {"answered", ""}}));
}

TEST(PositionFileTest, RefusesEveryChangedByte) {
  PowerSwitch power;
  FakeFileSystem fs(&power);
  PositionFile file(&fs, kPath);
  ASSERT_TRUE(file.Save({{"last_acked_seq", "4711"}}).ok());
  const std::string good = fs.Read(kPath);
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 1);
    fs.Write(kPath, bad);
    EXPECT_EQ(file.Load().status().code(), absl::StatusCode::kDataLoss) << i;
    fs.Write(kPath, good.substr(0, i));
    EXPECT_EQ(file.Load().status().code(), absl::StatusCode::kDataLoss) << i;
  }
  EXPECT_THAT(std::string(file.Load().status().message()), HasSubstr("gmctl server ls"));
}

TEST(PositionFileTest, HoldsTheOldOrTheNewValuesAfterAnyPowerCut) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (int step = 0; step < 6; ++step) {
      SCOPED_TRACE(absl::StrCat("seed=", seed, " step=", step));
      PowerSwitch power;
      FakeFileSystem fs(&power);
      PositionFile file(&fs, kPath);
      ASSERT_TRUE(file.Save({{"n", "1"}}).ok());
      power.CutBefore(step);
      const absl::Status saved = file.Save({{"n", "2"}});
      SeededJitter jitter(seed);
      fs.ForgetUnsynced(&jitter);
      const absl::StatusOr<PositionValues> after = file.Load();
      ASSERT_TRUE(after.ok()) << after.status();
      if (saved.ok()) {
        EXPECT_EQ(after->at("n"), "2");
      } else {
        EXPECT_TRUE(after->at("n") == "1" || after->at("n") == "2");
      }
    }
  }
}

TEST(PositionsTest, SurviveTheFile) {
  const Positions positions{
      .history_epoch = 3, .last_acked_seq = 10, .last_directive_seq = 4, .answered = {6, 7, 8, 11}};
  PositionValues values;
  ToValues(positions, &values);
  EXPECT_EQ(values["answered"], "6-8,11-11");
  EXPECT_EQ(*FromValues(values), positions);
}

TEST(PositionsTest, RefuseWhatMakesNoSense) {
  PositionValues values;
  ToValues(Positions{}, &values);
  for (const char* bad : {"", "x", "-1", "99999999999999999999"}) {
    PositionValues changed = values;
    changed["last_acked_seq"] = bad;
    EXPECT_FALSE(FromValues(changed).ok()) << bad;
  }
  for (const char* bad : {"9-9,6-6", "6", "7-6", "0-3", "5-999999999", "-", "6-x", ",6-6"}) {
    values["answered"] = bad;
    EXPECT_FALSE(FromValues(values).ok()) << bad;
  }
}

}  // namespace
}  // namespace hallwarden::session
