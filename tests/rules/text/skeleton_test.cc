#include "rules/text/skeleton.h"

#include <string>

#include <gtest/gtest.h>

namespace hallwarden::text {
namespace {

TEST(NameSkeletonTest, IsEqualForNamesThatLookAlike) {
  const std::string skeleton = NameSkeleton("棋圣|1");
  for (const std::string_view same :
       {"棋圣丨l", "棋圣Il", "棋圣 l1", "棋圣\u200b|1", "棋聖ll", "★棋圣ıl★"}) {
    EXPECT_EQ(NameSkeleton(same), skeleton) << same;
  }
  EXPECT_EQ(NameSkeleton("Lоvе99"), NameSkeleton("LOVE99"));
  EXPECT_EQ(NameSkeleton("B0SS"), NameSkeleton("BOSS"));
}

TEST(NameSkeletonTest, KeepsNumbersAndOtherNamesApart) {
  EXPECT_NE(NameSkeleton("wx10086"), NameSkeleton("wx10087"));
  EXPECT_NE(NameSkeleton("mm"), NameSkeleton("rnrn"));
  EXPECT_NE(NameSkeleton("棋圣"), NameSkeleton("棋王"));
}

TEST(NameLookTest, DependsOnTheKey) {
  EXPECT_EQ(NameLook("棋圣丨l", SipKey{.k0 = 1, .k1 = 2}),
            NameLook("棋圣ll", SipKey{.k0 = 1, .k1 = 2}));
  EXPECT_NE(NameLook("棋圣", SipKey{.k0 = 1, .k1 = 2}), NameLook("棋圣", SipKey{.k0 = 1, .k1 = 3}));
}

std::string Shape(std::string_view name) {
  const std::vector<TextHit> hits = JudgeNameShape(name);
  return hits.empty() ? "" : hits[0].entry;
}

TEST(NameShapeTest, TellsWhatIsWrong) {
  EXPECT_EQ(Shape("\u3164\u3164"), "(blank)");
  EXPECT_EQ(Shape("   "), "(blank)");
  EXPECT_EQ(Shape("a\u202eb"), "(direction controls)");
  EXPECT_EQ(Shape("棋圣丨l"), "(strokes drawn alike)");
}

TEST(NameShapeTest, OrdinaryNamesAreFine) {
  for (const std::string_view name :
       {"", "小明", "Bill", "小明11", "小明ll", "lil", "111", "王l"}) {
    EXPECT_EQ(Shape(name), "") << name;
  }
}

}  // namespace
}  // namespace hallwarden::text
