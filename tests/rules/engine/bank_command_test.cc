// Who changes the banks of pictures, and what is left of it.
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/avatar/bank.h"
#include "rules/state/bank_cells.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class BankCommandTest : public ::testing::Test {
 protected:
  BankCommandTest() { hall_.Apply(hall_.scribe().Activate()); }

  // The refusal's reason, or OK.
  std::string Ask(const v1::Command& command) {
    hall_.Ask(command);
    const auto answers = hall_.Last<Answer>();
    EXPECT_THAT(answers, SizeIs(1));
    if (answers.empty()) return "no answer";
    return answers.front().refusal.has_value() ? answers.front().refusal->reason : "OK";
  }
  [[nodiscard]] Engine::BankView View(std::size_t most = 1000, std::uint32_t from = 0) {
    return hall_.runner().engine().BankEntries({"", v1::BANK_KIND_UNSPECIFIED, from, most});
  }
  static v1::Command Remove(const std::string& name) {
    v1::Command command = As(v1::ROLE_SENIOR_GM, "gm-wang");
    command.mutable_remove_bank_entries()->add_names(name);
    command.mutable_remove_bank_entries()->mutable_options()->set_reason("for a test");
    return command;
  }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
};

TEST_F(BankCommandTest, AnEntryIsKeptWithWhoWhyAndUntilWhen) {
  v1::Command command = BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1));
  v1::BankEntry& entry = *command.mutable_add_bank_entries()->mutable_entries(0);
  SetTimestamp(kNoonUs + kDayUs, entry.mutable_expire_time());
  entry.set_pdq_quality(88);
  ASSERT_EQ(Ask(command), "OK");
  ASSERT_THAT(hall_.Last<Audit>(), SizeIs(1));
  const v1::AuditRecord audit = hall_.Last<Audit>().front().record;
  EXPECT_EQ(audit.method(), "BankService.AddBankEntries");
  EXPECT_EQ(audit.before(), "0 entries, revision 0");
  EXPECT_EQ(audit.after(), "1 entries, revision 1");
  ASSERT_THAT(View().entries, SizeIs(1));
  const v1::BankEntry kept = View().entries.front();
  EXPECT_EQ(kept.name(),
            avatar::BankEntryName(v1::BANK_KIND_BLOCK, *avatar::FromBytes(PictureHash(1))));
  EXPECT_EQ(kept.author().principal(), "gm-wang");
  EXPECT_EQ(kept.reason(), "for a test");
  EXPECT_EQ(kept.pdq_quality(), 88);
  EXPECT_EQ(TimestampUs(kept.expire_time()), kNoonUs + kDayUs);
}

TEST_F(BankCommandTest, WhatIsWrongIsNamedAndNothingChanges) {
  const auto bad = [&](const std::function<void(v1::BankEntry*)>& spoil) {
    v1::Command command = BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1));
    *command.mutable_add_bank_entries()->add_entries() =
        BankPicture(v1::BANK_KIND_BLOCK, PictureHash(2)).add_bank_entries().entries(0);
    spoil(command.mutable_add_bank_entries()->mutable_entries(1));
    return Ask(command);
  };
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->set_pdq_hash("short"); }), "BAD_HASH");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->set_pdq_hash(std::string(32, '\0')); }), "BAD_HASH");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->set_bank("Not A Bank"); }), "BAD_BANK");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->clear_kind(); }), "BANK_KIND_REQUIRED");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->clear_category(); }), "CATEGORY_REQUIRED");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->set_pdq_quality(49); }), "LOW_QUALITY");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->set_reason(std::string(201, 'x')); }), "REASON_TOO_LONG");
  EXPECT_EQ(bad([](v1::BankEntry* e) { e->set_pdq_hash(PictureHash(1)); }), "DUPLICATE_ENTRY");
  v1::Command none = As(v1::ROLE_SENIOR_GM, "gm-wang");
  none.mutable_add_bank_entries()->mutable_options()->set_reason("none");
  EXPECT_EQ(Ask(none), "BAD_COUNT");
  EXPECT_THAT(View().entries, IsEmpty());
  EXPECT_EQ(Ask(Remove("bankEntries/block-00")), "NOT_FOUND");
}

TEST_F(BankCommandTest, TheSamePictureReplacesItselfAndKeepsItsHits) {
  ASSERT_EQ(Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1), v1::CONFIDENCE_NOTE)), "OK");
  hall_.Tell("gs1", Registered("a", "goodname"));
  hall_.Tell("gs1", AvatarSet("a", PictureHash(1, 3)));
  ASSERT_EQ(View().entries.front().hit_count(), 1);
  ASSERT_EQ(Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1), v1::CONFIDENCE_REVIEW)), "OK");
  ASSERT_THAT(View().entries, SizeIs(1));
  EXPECT_EQ(View().entries.front().hit_count(), 1);
  EXPECT_TRUE(View().entries.front().has_last_hit_time());
  EXPECT_EQ(View().entries.front().confidence(), v1::CONFIDENCE_REVIEW);
}

TEST_F(BankCommandTest, WhatWasTakenOutMatchesNoMore) {
  ASSERT_EQ(Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1))), "OK");
  ASSERT_EQ(Ask(Remove(View().entries.front().name())), "OK");
  EXPECT_THAT(View().entries, IsEmpty());
  hall_.Tell("gs1", Registered("a", "goodname"));
  hall_.Tell("gs1", AvatarSet("a", PictureHash(1)));
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

TEST_F(BankCommandTest, ARehearsalChangesNothing) {
  ASSERT_EQ(Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1))), "OK");
  const std::uint64_t before = hall_.cells().Digest();
  for (const v1::Command& command :
       {BankPicture(v1::BANK_KIND_BLOCK, PictureHash(2)), Remove(View().entries.front().name())}) {
    const OwnedRecord record = hall_.scribe().Command(command);
    const auto effects = hall_.runner().Rehearse(record.record);
    EXPECT_FALSE(effects.empty());
    EXPECT_EQ(hall_.cells().Digest(), before);
    EXPECT_THAT(View().entries, SizeIs(1));
  }
  hall_.Tell("gs1", Registered("a", "goodname"));
  hall_.Tell("gs1", AvatarSet("a", PictureHash(2)));
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
  hall_.Tell("gs1", AvatarSet("a", PictureHash(1)));
  EXPECT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
}

TEST_F(BankCommandTest, ARepeatIsAnsweredOnce) {
  v1::Command command = BankPicture(v1::BANK_KIND_BLOCK, PictureHash(1));
  command.mutable_add_bank_entries()->mutable_options()->set_request_id("request-1");
  command.set_body_hash(std::string(16, 'b'));
  ASSERT_EQ(Ask(command), "OK");
  ASSERT_EQ(Ask(Remove(View().entries.front().name())), "OK");
  hall_.Ask(command);
  EXPECT_TRUE(hall_.Last<Answer>().front().repeat);
  EXPECT_THAT(View().entries, IsEmpty());
}

TEST_F(BankCommandTest, PagesAndFiltersShowEverythingOnce) {
  for (std::uint64_t batch = 0; batch < 3; ++batch) {
    v1::Command command = As(v1::ROLE_SENIOR_GM, "gm-wang");
    for (std::uint64_t i = 0; i < 50; ++i) {
      *command.mutable_add_bank_entries()->add_entries() =
          BankPicture(i % 2 == 0 ? v1::BANK_KIND_BLOCK : v1::BANK_KIND_ALLOW,
                      PictureHash(1000 + batch * 50 + i))
              .add_bank_entries()
              .entries(0);
    }
    command.mutable_add_bank_entries()->mutable_options()->set_reason("many");
    ASSERT_EQ(Ask(command), "OK");
  }
  std::set<std::string> names;
  std::uint32_t from = 0;
  for (int page = 0; page < 20; ++page) {
    const Engine::BankView view = View(16, from);
    EXPECT_EQ(view.total, 150U);
    for (const v1::BankEntry& entry : view.entries)
      EXPECT_TRUE(names.insert(entry.name()).second);
    if (!view.next.has_value()) break;
    from = *view.next;
  }
  EXPECT_THAT(names, SizeIs(150));
  EXPECT_THAT(hall_.runner().engine().BankEntries({"official", {}, 0, 1000}).entries, SizeIs(75));
  EXPECT_THAT(hall_.runner().engine().BankEntries({"", v1::BANK_KIND_BLOCK, 0, 1000}).entries,
              SizeIs(75));
}

// A checkpoint in memory.
class MapSource : public CellSource {
 public:
  void Load(std::span<const EntityKey> keys, std::vector<std::string>* encoded) override {
    for (const EntityKey& key : keys) {
      const auto found = cells_.find(key);
      encoded->push_back(found == cells_.end() ? std::string() : found->second);
    }
  }
  void Write(std::vector<EncodedCell> cells) {
    for (EncodedCell& cell : cells)
      cells_[cell.key] = std::move(cell.bytes);
  }

 private:
  std::map<EntityKey, std::string> cells_;
};

TEST_F(BankCommandTest, TheBanksComeBackFromACheckpoint) {
  for (std::uint64_t i = 0; i < 130; ++i) {
    ASSERT_EQ(Ask(BankPicture(v1::BANK_KIND_BLOCK, PictureHash(i))), "OK");
  }
  MapSource source;
  source.Write(hall_.cells().TakeDirty());
  Cells cells(&source);
  EngineRunner restarted(EngineOptions{}, &cells, &artefacts_);
  const auto view = restarted.engine().BankEntries({"", {}, 0, 1000});
  EXPECT_THAT(view.entries, SizeIs(130));
  v1::AvatarChanged changed;
  changed.set_pdq_hash(PictureHash(77, 5));
  changed.set_pdq_quality(90);
  const v1::TestBanksResponse told = restarted.engine().TestAvatar(changed, kNoonUs);
  ASSERT_THAT(told.matches(), SizeIs(1));
  EXPECT_EQ(told.matches(0).match().distance(), 5);
  EXPECT_EQ(told.finding().offence(), v1::OFFENCE_AVATAR);
  EXPECT_FALSE(told.summary().zh().empty());
}

}  // namespace
}  // namespace hallwarden::testing
