// The banks of pictures, from the command line to what the daemon is asked and what the GM reads.
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"
#include "tools/gmctl/bank_file.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string HexHash(char digit) {
  return std::string(64, digit);
}

v1::BankEntry SampleEntry() {
  v1::BankEntry entry;
  entry.set_name("bankEntries/block-" + HexHash('a'));
  entry.set_bank("porn");
  entry.set_kind(v1::BANK_KIND_BLOCK);
  entry.set_pdq_hash(std::string(32, '\xaa'));
  entry.set_pdq_quality(90);
  entry.set_category(v1::TEXT_CATEGORY_PORN);
  entry.set_confidence(v1::CONFIDENCE_PLAIN);
  entry.set_reason("reported by players");
  entry.mutable_author()->set_principal("gm-wang");
  entry.mutable_expire_time()->set_seconds(1788339600 + 86400);
  entry.set_hit_count(3);
  return entry;
}

class BankTest : public GmctlTest {
 protected:
  std::string Write(const std::string& name, const std::string& content) {
    std::string path = folder_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }
};

TEST_F(BankTest, AFileIsSentAsAnImageAndAHashAsAHash) {
  daemon_.AddBankEntries.answer = PlanThenDo<v1::AddBankEntriesRequest>;
  const std::string path = Write("bad.png", "\x89PNG bytes");
  EXPECT_EQ(Gmctl({"bank", "add", path, "--category", "porn", "--plain", "--reason", "reported",
                   "--yes", "--confirm", "porn"}),
            0)
      << error();
  ASSERT_THAT(daemon_.AddBankEntries.asked, SizeIs(2));
  const v1::BankEntry& entry = daemon_.AddBankEntries.asked[1].entries(0);
  EXPECT_EQ(entry.image(), "\x89PNG bytes");
  EXPECT_EQ(entry.pdq_hash(), "");
  EXPECT_EQ(entry.bank(), "porn");
  EXPECT_EQ(entry.kind(), v1::BANK_KIND_BLOCK);
  EXPECT_EQ(entry.confidence(), v1::CONFIDENCE_PLAIN);
  EXPECT_EQ(entry.category(), v1::TEXT_CATEGORY_PORN);
  daemon_.AddBankEntries.asked.clear();
  EXPECT_EQ(Gmctl({"bank", "add", HexHash('A'), "--allow", "--for", "30d", "--reason", "our own",
                   "--yes"}),
            0)
      << error();
  const v1::BankEntry& allowed = daemon_.AddBankEntries.asked[1].entries(0);
  EXPECT_EQ(allowed.pdq_hash(), std::string(32, '\xaa'));
  EXPECT_EQ(allowed.kind(), v1::BANK_KIND_ALLOW);
  EXPECT_EQ(allowed.bank(), "official");
  EXPECT_EQ(allowed.expire_time().seconds(), 1788339600 + 30 * 86400);
}

TEST_F(BankTest, WhatIsBlockedMustBeAboutSomething) {
  EXPECT_EQ(Gmctl({"bank", "add", HexHash('a'), "--reason", "reported", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr("--category"));
  EXPECT_EQ(Gmctl({"bank", "add", folder_.path() + "/missing.png", "--allow", "--reason", "our own",
                   "--yes"}),
            1);
  EXPECT_EQ(Gmctl({"bank", "add", HexHash('a'), "--allow", "--for", "1d", "--until", "2027-01-01",
                   "--reason", "our own", "--yes"}),
            2);
  EXPECT_THAT(daemon_.AddBankEntries.asked, IsEmpty());
}

TEST_F(BankTest, WithoutPlainAMatchOnlyOpensACase) {
  daemon_.AddBankEntries.answer = PlanThenDo<v1::AddBankEntriesRequest>;
  EXPECT_EQ(
      Gmctl({"bank", "add", HexHash('a'), "--category", "porn", "--reason", "reported", "--yes"}),
      0)
      << error();
  EXPECT_EQ(daemon_.AddBankEntries.asked[1].entries(0).confidence(), v1::CONFIDENCE_REVIEW);
}

TEST_F(BankTest, ListsAndRemoves) {
  v1::ListBankEntriesResponse page;
  *page.add_entries() = SampleEntry();
  daemon_.ListBankEntries.Says(page);
  EXPECT_EQ(Gmctl({"bank", "ls", "--bank", "porn"}), 0) << error();
  EXPECT_THAT(out(),
              HasSubstr("bankEntries/block-" + HexHash('a') + "\tporn\tblock\tporn\tplain\t3"));
  EXPECT_EQ(daemon_.ListBankEntries.asked[0].bank(), "porn");
  daemon_.RemoveBankEntries.answer = PlanThenDo<v1::RemoveBankEntriesRequest>;
  EXPECT_EQ(Gmctl({"bank", "rm", "block-" + HexHash('a'), "bankEntries/allow-" + HexHash('b'),
                   "--reason", "not ours", "--yes"}),
            0)
      << error();
  EXPECT_THAT(
      daemon_.RemoveBankEntries.asked[1].names(),
      ElementsAre("bankEntries/block-" + HexHash('a'), "bankEntries/allow-" + HexHash('b')));
}

TEST_F(BankTest, ATestTellsInBothLanguages) {
  v1::TestBanksResponse answer;
  answer.mutable_summary()->set_en("differs in 3 bits");
  answer.mutable_summary()->set_zh("\u76f8\u5dee 3 \u4f4d");
  answer.mutable_finding()->set_offence(v1::OFFENCE_AVATAR);
  *answer.add_matches()->mutable_entry() = SampleEntry();
  answer.mutable_matches(0)->mutable_match()->set_distance(3);
  answer.mutable_matches(0)->mutable_match()->set_orientation(v1::AVATAR_ORIENTATION_ROTATED_90);
  daemon_.TestBanks.Says(answer);
  AtTerminal({});
  EXPECT_EQ(Gmctl({"bank", "test", HexHash('a'), "--lang", "en"}), 0) << error();
  EXPECT_THAT(out(), HasSubstr("differs in 3 bits"));
  EXPECT_THAT(out(), HasSubstr("turned by 90 degrees"));
  EXPECT_EQ(Gmctl({"bank", "test", HexHash('a'), "--lang", "zh"}), 0) << error();
  EXPECT_THAT(out(), HasSubstr("\u76f8\u5dee 3 \u4f4d"));
  EXPECT_EQ(daemon_.TestBanks.asked[0].pdq_hash(), std::string(32, '\xaa'));
}

TEST_F(BankTest, WhatIsExportedCanBeImported) {
  v1::ListBankEntriesResponse page;
  *page.add_entries() = SampleEntry();
  v1::BankEntry allowed = SampleEntry();
  allowed.set_kind(v1::BANK_KIND_ALLOW);
  allowed.clear_category();
  allowed.clear_expire_time();
  allowed.set_reason("a\treason\nwith\x1b everything");
  *page.add_entries() = allowed;
  daemon_.ListBankEntries.Says(page);
  const std::string path = folder_.path() + "/banks.tsv";
  EXPECT_EQ(Gmctl({"bank", "export", "--save", path}), 0) << error();
  daemon_.AddBankEntries.answer = PlanThenDo<v1::AddBankEntriesRequest>;
  EXPECT_EQ(Gmctl({"bank", "import", path, "--reason", "from the other hall", "--yes"}), 0)
      << error();
  ASSERT_THAT(daemon_.AddBankEntries.asked, SizeIs(2));
  const v1::AddBankEntriesRequest& sent = daemon_.AddBankEntries.asked[1];
  ASSERT_EQ(sent.entries_size(), 2);
  EXPECT_EQ(sent.entries(0).pdq_hash(), SampleEntry().pdq_hash());
  EXPECT_EQ(sent.entries(0).kind(), v1::BANK_KIND_BLOCK);
  EXPECT_EQ(sent.entries(0).category(), v1::TEXT_CATEGORY_PORN);
  EXPECT_EQ(sent.entries(0).confidence(), v1::CONFIDENCE_PLAIN);
  EXPECT_EQ(sent.entries(0).expire_time().seconds(), SampleEntry().expire_time().seconds());
  EXPECT_EQ(sent.entries(0).reason(), "reported by players");
  EXPECT_EQ(sent.entries(1).kind(), v1::BANK_KIND_ALLOW);
  EXPECT_FALSE(sent.entries(1).has_expire_time());
}

TEST_F(BankTest, AFaultyFileIsNotSentAtAll) {
  const std::string path = Write("bad.tsv", "# heading\n" + HexHash('a') + "\tblock\tporn\tporn\n" +
                                                "short\tblock\tporn\n" + HexHash('b') +
                                                "\tmaybe\tporn\n" + HexHash('c') + "\n");
  EXPECT_EQ(Gmctl({"bank", "import", path, "--reason", "from elsewhere", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr(":3: "));
  EXPECT_THAT(error(), HasSubstr(":4: "));
  EXPECT_THAT(error(), HasSubstr(":5: "));
  EXPECT_THAT(daemon_.AddBankEntries.asked, IsEmpty());
}

TEST_F(BankTest, ALongFileIsSentAThousandAtATime) {
  std::string text;
  for (int i = 0; i < 2001; ++i) {
    std::string digits = std::to_string(100'000 + i);
    text += std::string(58, 'a') + digits + "\tblock\tporn\tporn\n";
  }
  daemon_.AddBankEntries.answer = PlanThenDo<v1::AddBankEntriesRequest>;
  EXPECT_EQ(Gmctl({"bank", "import", Write("many.tsv", text), "--reason", "a list", "--yes",
                   "--request-id", "banks-2026-12"}),
            0)
      << error();
  ASSERT_THAT(daemon_.AddBankEntries.asked, SizeIs(6));
  EXPECT_EQ(daemon_.AddBankEntries.asked[3].options().request_id(), "banks-2026-12-1");
  EXPECT_EQ(daemon_.AddBankEntries.asked[5].options().request_id(), "banks-2026-12-3");
  EXPECT_EQ(daemon_.AddBankEntries.asked[5].entries_size(), 1);
}

}  // namespace
}  // namespace hallwarden::gmctl
