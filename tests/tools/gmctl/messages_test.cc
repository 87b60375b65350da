// messages.tsv against itself and against the sources.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/tools/gmctl/safety.h"
#include "tools/gmctl/args.h"
#include "tools/gmctl/catalogue.h"
#include "tools/gmctl/escape.h"
#include "tools/gmctl/messages_data.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

// ctest starts the tests in their source folder.
constexpr const char* kSources = "../../../tools/gmctl";

std::multiset<std::string> Placeholders(const std::string& text) {
  static const std::regex kPattern("\\{[a-z_]+\\}");
  return {std::sregex_token_iterator(text.begin(), text.end(), kPattern),
          std::sregex_token_iterator()};
}

std::string AllSources() {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kSources)) {
    const std::string extension = entry.path().extension().string();
    if (extension != ".cc" && extension != ".h") continue;
    std::ifstream file(entry.path());
    std::stringstream content;
    content << file.rdbuf();
    all += content.str();
  }
  return all;
}

TEST(MessagesTest, EveryLineHasAKeyAndBothLanguagesOnce) {
  std::set<std::string> keys;
  int number = 0;
  for (const std::string& line : Split(MessagesFile(), '\n')) {
    ++number;
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> cells = Split(line, '\t');
    ASSERT_EQ(cells.size(), 3U) << "line " << number;
    EXPECT_FALSE(cells[1].empty()) << cells[0];
    EXPECT_FALSE(cells[2].empty()) << cells[0];
    EXPECT_TRUE(keys.insert(cells[0]).second) << cells[0] << " stands there twice";
  }
  EXPECT_EQ(keys.size(), AllSentences().size());
}

TEST(MessagesTest, BothLanguagesHaveTheSamePlaceholders) {
  for (const auto& [key, sentence] : AllSentences()) {
    EXPECT_EQ(Placeholders(sentence.zh), Placeholders(sentence.en)) << key;
  }
}

TEST(MessagesTest, ChineseIsChineseAndEnglishIsAscii) {
  const std::set<std::string> same = {"role.gm", "who.next_line", "case.next_claim",
                                      "sanction.reduced_line"};
  for (const auto& [key, sentence] : AllSentences()) {
    const auto is_ascii = [](const std::string& text) {
      return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
    };
    EXPECT_TRUE(is_ascii(sentence.en)) << key;
    const bool may_be_ascii = same.contains(key) || key.ends_with(".more") || key.ends_with(".do");
    EXPECT_TRUE(may_be_ascii || !is_ascii(sentence.zh)) << key;
  }
}

TEST(MessagesTest, NoSentenceHoldsAnythingUnsafe) {
  for (const auto& [key, sentence] : AllSentences()) {
    EXPECT_EQ(WhatIsUnsafe(sentence.zh, false), "") << key;
    EXPECT_EQ(WhatIsUnsafe(sentence.en, false), "") << key;
    EXPECT_EQ(GuardLines(sentence.zh), sentence.zh) << key;
  }
}

TEST(MessagesTest, EveryKeyInTheSourcesExists) {
  const std::string sources = AllSources();
  ASSERT_FALSE(sources.empty());
  static const std::regex kPattern(
      "\"((?:err|msg|word|who|sanction|case|appeal|whoami|doctor|help)\\.[a-z0-9_.]*[a-z0-9_])\"");
  int found = 0;
  for (std::sregex_iterator it(sources.begin(), sources.end(), kPattern), end; it != end; ++it) {
    const std::string key = (*it)[1];
    ++found;
    EXPECT_TRUE(AllSentences().contains(key)) << key;
  }
  EXPECT_GT(found, 200);
}

TEST(MessagesTest, EveryColumnHasATitle) {
  const std::string sources = AllSources();
  static const std::regex kPattern("\\.key = \"([a-z_]+)\"");
  for (std::sregex_iterator it(sources.begin(), sources.end(), kPattern), end; it != end; ++it) {
    EXPECT_TRUE(AllSentences().contains("col." + (*it)[1].str())) << (*it)[1];
  }
}

TEST(MessagesTest, EverySentenceIsUsed) {
  const std::string sources = AllSources();
  // Made of a prefix and a value while the program runs; the tests below name most of them.
  const std::set<std::string> dynamic = {
      "reason",     "code",        "exit",      "term",           "cmd",      "flag",
      "col",        "plan",        "cause",     "prior",          "kind",     "state",
      "offence",    "capability",  "role",      "disposition",    "severity", "category",
      "class",      "case_state",  "outcome",   "weekday",        "standing", "bank_kind",
      "confidence", "orientation", "case_kind", "verdict",        "step",     "measure",
      "surface",    "ring_role",   "flow",      "exchange_state", "asset",    "link",
      "about",      "appeal_kind", "appeal_side", "appeal_state",   "appeal_verdict",
      "appeal_withdrawal", "reply_stage"};
  for (const auto& [key, sentence] : AllSentences()) {
    std::string base = key;
    if (base.ends_with(".do")) base.resize(base.size() - 3);
    if (dynamic.contains(key.substr(0, key.find('.')))) continue;
    if (key.starts_with("help.topic.")) continue;
    const bool kind_of_sanction = key == "sanction.warning" || key == "sanction.restriction" ||
                                  key == "sanction.hold" || key == "sanction.kick";
    EXPECT_TRUE(kind_of_sanction || sources.find("\"" + base + "\"") != std::string::npos) << key;
  }
}

// Whatever number a detector gives as evidence.
TEST(MessagesTest, EveryMeasureHasAName) {
  static const std::regex kPattern("AddMeasure\\(\"([a-z0-9_.]+)\"");
  int found = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator("../../../rules")) {
    if (file.path().extension() != ".cc") continue;
    std::ifstream stream(file.path());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    for (std::sregex_iterator it(text.begin(), text.end(), kPattern), end; it != end; ++it) {
      ++found;
      EXPECT_TRUE(AllSentences().contains("measure." + (*it)[1].str())) << (*it)[1];
    }
  }
  EXPECT_GT(found, 30);
}

TEST(MessagesTest, EveryCommandAndFlagIsExplained) {
  for (const CommandSpec& command : AllCommands()) {
    std::string key = Cat({"cmd.", command.path});
    for (char& c : key)
      c = c == ' ' ? '.' : c;
    EXPECT_TRUE(command.hidden || AllSentences().contains(key)) << key;
    for (const std::string_view flag : command.flags) {
      EXPECT_NE(FindFlag(flag), nullptr) << command.path << " " << flag;
    }
  }
  for (const FlagSpec& flag : AllFlags()) {
    EXPECT_TRUE(AllSentences().contains(Cat({"flag.", flag.name}))) << flag.name;
  }
}

TEST(MessagesTest, EveryWordOfTheVocabularyHasAName) {
  const Catalogue chinese(Language::kChinese);
  for (const Vocabulary vocabulary :
       {Vocabulary::kOffence,      Vocabulary::kCapability,    Vocabulary::kDisposition,
        Vocabulary::kRole,         Vocabulary::kSeverity,      Vocabulary::kCategory,
        Vocabulary::kState,        Vocabulary::kTimelineKind,  Vocabulary::kSanctionKind,
        Vocabulary::kAccountClass, Vocabulary::kCaseState,     Vocabulary::kCaseKind,
        Vocabulary::kCaseVerdict,  Vocabulary::kRingRole,      Vocabulary::kRegistrationLink,
        Vocabulary::kOutcome,      Vocabulary::kAppealKind,    Vocabulary::kAppealState,
        Vocabulary::kAppealSide,   Vocabulary::kAppealVerdict, Vocabulary::kAppealWithdrawal,
        Vocabulary::kReplyStage}) {
    for (const std::string& word : TypedWords(vocabulary)) {
      const absl::StatusOr<int> number = ReadWord(vocabulary, word);
      ASSERT_TRUE(number.ok()) << word;
      EXPECT_EQ(ShortName(vocabulary, *number), word);
      if (word != "gm") {
        EXPECT_NE(WordFor(vocabulary, *number, chinese), word);
      }
    }
  }
}

TEST(FillTest, FillsOnceAndGuardsWhatIsFilledIn) {
  EXPECT_EQ(FillPlaceholders("a {x} b {y}", {{"x", "{y}"}, {"y", "\x1b"}}), "a {y} b \\x1b");
  EXPECT_EQ(FillPlaceholders("{none} {", {}), "{none} {");
}

}  // namespace
}  // namespace hallwarden::gmctl
