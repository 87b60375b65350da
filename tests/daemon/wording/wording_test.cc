// Every word that the daemon can need exists in both languages, with the same placeholders.
#include "daemon/wording/wording.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/hall_service.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "daemon/wording/table.h"

namespace hallwarden::wording {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(WordingTable, HasThreeColumnsAndNoKeyTwice) {
  std::set<std::string> keys;
  std::string_view tsv = WordingTsv();
  while (!tsv.empty()) {
    const std::size_t end = std::min(tsv.find('\n'), tsv.size());
    const std::string line(tsv.substr(0, end));
    tsv.remove_prefix(std::min(end + 1, tsv.size()));
    if (line.starts_with("#")) continue;
    EXPECT_EQ(std::count(line.begin(), line.end(), '\t'), 2) << line;
    EXPECT_TRUE(keys.insert(line.substr(0, line.find('\t'))).second) << line;
  }
  EXPECT_EQ(keys.size(), Keys().size());
}

TEST(WordingTable, SaysTheSameInBothLanguages) {
  for (const std::string& key : Keys()) {
    const v1::LocalizedText text = Say(key);
    EXPECT_NE(text.zh(), "") << key;
    EXPECT_NE(text.en(), "") << key;
    EXPECT_EQ(PlaceholdersOf(text.zh()), PlaceholdersOf(text.en())) << key;
  }
}

class EnumWording : public ::testing::TestWithParam<const google::protobuf::EnumDescriptor*> {};

TEST_P(EnumWording, IsComplete) {
  for (int i = 0; i < GetParam()->value_count(); ++i) {
    const std::string key = "enum." + GetParam()->value(i)->name();
    EXPECT_TRUE(Has(key)) << key;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Vocabulary, EnumWording,
    ::testing::Values(
        v1::Offence_descriptor(), v1::TextCategory_descriptor(), v1::Severity_descriptor(),
        v1::Confidence_descriptor(), v1::AccountClass_descriptor(), v1::Capability_descriptor(),
        v1::SanctionKind_descriptor(), v1::SanctionState_descriptor(), v1::CaseState_descriptor(),
        v1::Disposition_descriptor(), v1::DirectiveOutcome_descriptor(), v1::Role_descriptor(),
        v1::ProfileField_descriptor(), v1::RejectReason_descriptor(), v1::TimelineKind_descriptor(),
        v1::AppealKind_descriptor(), v1::AppealState_descriptor(), v1::AppealSide_descriptor(),
        v1::AppealVerdict_descriptor(), v1::AppealWithdrawal_descriptor(),
        v1::AppealObstacle_descriptor()),
    [](const auto& param_info) { return param_info.param->name(); });

TEST(PostingWording, IsCompleteForEveryNumberOfTheHeader) {
  const std::string header = ReadFile("../../../rules/engine/posting_detail.h");
  ASSERT_FALSE(header.empty());
  const std::regex line(R"((k[A-Za-z]+) = (\d+),)");
  int count = 0;
  for (std::sregex_iterator it(header.begin(), header.end(), line), end; it != end; ++it) {
    const std::string_view key = KeyOf(static_cast<PostingDetail>(std::stoi((*it)[2])));
    EXPECT_TRUE(Has(key)) << (*it)[1];
    ++count;
  }
  EXPECT_GE(count, 40);
}

TEST(PostingWording, LeavesNoPlaceholderOpen) {
  for (int detail = 0; detail < 256; ++detail) {
    if (KeyOf(static_cast<PostingDetail>(detail)).empty()) continue;
    Posting posting;
    posting.detail = static_cast<std::uint8_t>(detail);
    posting.resource = "sanctions/7";
    posting.amount = 2;
    EXPECT_THAT(PlaceholdersOf(SayPosting(posting).zh()), IsEmpty()) << detail;
    EXPECT_THAT(PlaceholdersOf(SayPosting(posting).en()), IsEmpty()) << detail;
  }
}

TEST(PostingWording, TellsTheRungAndTheDisposition) {
  Posting posting;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kWarned);
  posting.resource = "sanctions/7";
  posting.amount = 1;
  EXPECT_EQ(SayPosting(posting).en(), "warned (rung 1), sanctions/7");
  posting.amount = 0;
  EXPECT_EQ(SayPosting(posting).en(), "warned (beside the ladder), sanctions/7");
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kLifted);
  posting.amount = v1::DISPOSITION_MERCY;
  EXPECT_EQ(SayPosting(posting).en(), "lifted (mercy), sanctions/7");
}

// Every reason that the rules can give: whatever looks like one in their sources.
TEST(ReasonWording, IsCompleteForWhatTheRulesSay) {
  const std::regex literal(R"re("([A-Z][A-Z]+(_[A-Z]+)*)")re");
  // Why a case was opened is worded by gmctl.
  const std::string gmctl = ReadFile("../../../tools/gmctl/messages.tsv");
  for (const auto& file : std::filesystem::recursive_directory_iterator("../../../rules/engine")) {
    if (file.path().extension() != ".cc") continue;
    const std::string text = ReadFile(file.path());
    for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it) {
      const std::string word = (*it)[1];
      EXPECT_TRUE(Has("refusal." + word) || Has("prior." + word) ||
                  gmctl.find("\ncause." + word + "\t") != std::string::npos ||
                  Has("verdict." + word) || Has("ignored." + word))
          << word << " in " << file.path().filename();
    }
  }
}

// Reasons of our own half of the daemon. What it asks the environment for is no reason.
TEST(ReasonWording, IsCompleteForWhatTheDaemonSays) {
  const std::regex literal(R"re((getenv\()?"([A-Z][A-Z]+(_[A-Z]+)+)")re");
  for (const auto& file : std::filesystem::recursive_directory_iterator("../../../daemon")) {
    if (file.path().extension() != ".cc" && file.path().extension() != ".h") continue;
    const std::string text = ReadFile(file.path());
    for (std::sregex_iterator it(text.begin(), text.end(), literal), end; it != end; ++it) {
      if ((*it)[1].matched) continue;
      EXPECT_TRUE(Has("refusal." + (*it)[2].str())) << (*it)[2] << " in " << file.path().filename();
    }
  }
}

TEST(Say, FillsInOnePass) {
  const v1::LocalizedText text =
      Say("posting.case_joined", {Fill("resource", "{amount}"), Fill("amount", 3)});
  EXPECT_EQ(text.en(), "joined a case, 3 findings so far, {amount}");
}

TEST(Say, KeepsWhatNothingFills) {
  EXPECT_THAT(PlaceholdersOf(Say("posting.case_joined", {Fill("amount", 3)}).en()),
              ElementsAre("resource"));
}

TEST(Say, GivesTheKeyWhenItIsMissing) {
  EXPECT_EQ(Say("no.such.key").en(), "no.such.key");
}

TEST(NameOf, GivesTheNumberOfAnUnknownValue) {
  EXPECT_EQ(NameOf(v1::OFFENCE_STALLING).en(), "stalling");
  EXPECT_EQ(NameOf(static_cast<v1::Offence>(99)).zh(), "99");
}

TEST(Join, UsesTheCommaOfTheLanguage) {
  const v1::LocalizedText text = Join({NameOf(v1::CAPABILITY_LOGIN), NameOf(v1::CAPABILITY_CHAT)});
  EXPECT_EQ(text.en(), "log in, chat");
  EXPECT_EQ(Join({}).en(), "none");
}

TEST(Keys, AreSorted) {
  const std::vector<std::string> keys = Keys();
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_THAT(keys, Contains("refusal.NOT_FOUND"));
}

}  // namespace
}  // namespace hallwarden::wording
