#include "tools/evaluator/text_eval.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::evaluator {
namespace {

using ::testing::HasSubstr;

// A review hit for "r", a plain one for "p", a note for "n".
std::vector<text::TextHit> Screen(std::string_view text) {
  text::TextHit hit;
  hit.category = text::Category::kPorn;
  hit.entry = std::string(text);
  hit.severity = text == "p"   ? text::Severity::kPlain
                 : text == "r" ? text::Severity::kReview
                               : text::Severity::kNote;
  if (text != "p" && text != "r" && text != "n") return {};
  return {hit};
}

std::vector<TextRow> Rows(std::string_view tsv) {
  absl::StatusOr<std::vector<TextRow>> rows = ReadRows(tsv);
  EXPECT_TRUE(rows.ok()) << rows.status().message();
  return *std::move(rows);
}

TEST(ReadRowsTest, ReadsLabelTextAndMore) {
  const std::vector<TextRow> rows = Rows("ok\tone\r\n\nad\ttwo\tE05\t1\tname\n");
  ASSERT_EQ(rows.size(), 2);
  EXPECT_EQ(rows[0].text, "one");
  EXPECT_EQ(rows[1].line, 3);
  EXPECT_EQ(TechniqueOf(rows[0]), "");
  EXPECT_EQ(TechniqueOf(rows[1]), "E05");
  EXPECT_EQ(TierOf(rows[1]), "1");
}

TEST(ReadRowsTest, NamesTheLineThatIsNone) {
  const absl::StatusOr<std::vector<TextRow>> rows = ReadRows("ok\tone\nno tab\n");
  ASSERT_FALSE(rows.ok());
  EXPECT_EQ(rows.status().message(), "line 2: expected label<TAB>text");
}

TEST(TechniqueTest, IsAColumnOfItsOwn) {
  EXPECT_EQ(TechniqueOf(Rows("ad\tx\tpinyin_full\tbase\n")[0]), "pinyin_full");
  EXPECT_EQ(TechniqueOf(Rows("ad\tx\tspaces\tbase\n")[0]), "spaces");
  EXPECT_EQ(TechniqueOf(Rows("ad\tx\tnone\tbase\n")[0]), "none");
  EXPECT_EQ(TechniqueOf(Rows("ok\tx\tsource\n")[0]), "");
}

TEST(EvaluateTest, CountsPerLabelAndTechnique) {
  std::size_t visited = 0;
  const TextReport report =
      Evaluate(Rows("ad\tp\tE01\t1\tx\nad\tr\tE01\t2\tx\nad\tn\tE02\t1\tx\nok\tz\n"), Screen,
               [&visited](const TextRow&, const std::vector<text::TextHit>&) { ++visited; });
  EXPECT_EQ(visited, 4);
  const Tally& ad = report.labels.at("ad");
  EXPECT_EQ(ad.rows, 3);
  EXPECT_EQ(ad.flagged, 2);
  EXPECT_EQ(ad.acted, 1);
  EXPECT_EQ(ad.noted, 1);
  EXPECT_EQ(ad.by.at("porn/p"), 1);
  EXPECT_EQ(report.labels.at("ok").flagged, 0);
  EXPECT_EQ(report.techniques.at("E01").flagged, 2);
  EXPECT_EQ(report.techniques.at("tier 1").rows, 2);
  EXPECT_THAT(ShowTable(report, 3), HasSubstr("66.67%    33.33%   porn/p 1 porn/r 1"));
  EXPECT_THAT(ShowJson(report), HasSubstr("\"ad\": {\"rows\": 3, \"flagged\": 2, \"acted\": 1"));
}

}  // namespace
}  // namespace hallwarden::evaluator
