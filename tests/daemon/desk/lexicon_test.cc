// The operator's word list at the desk: changed, listed, exported, tried, and what follows from it.
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/artefact_cache.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/lexicon_keeper.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

v1::LexiconEntry Deny(const std::string& pattern,
                      v1::LexiconSeverity severity = v1::LEXICON_SEVERITY_PLAIN) {
  v1::LexiconEntry entry;
  entry.set_surface(v1::LEXICON_SURFACE_BOTH);
  entry.set_kind(v1::LEXICON_ENTRY_KIND_DENY);
  entry.set_category("advert");
  entry.set_severity(severity);
  entry.set_pattern(pattern);
  return entry;
}

class LexiconDeskTest : public ::testing::Test {
 protected:
  v1::ChangeLexiconRequest Adding(const v1::LexiconEntry& entry) {
    v1::ChangeLexiconRequest request;
    *request.add_add() = entry;
    *request.mutable_options() = world_.Options();
    return request;
  }
  std::string Change(const v1::ChangeLexiconRequest& request,
                     v1::ChangeLexiconResponse* response = nullptr) {
    v1::ChangeLexiconResponse own;
    return ReasonOf(
        world_.Do(&Desk::ChangeLexicon, senior_, request, response == nullptr ? &own : response));
  }
  v1::Lexicon Get() {
    v1::Lexicon lexicon;
    EXPECT_EQ(ReasonOf(world_.Do(&Desk::GetLexicon, senior_, v1::GetLexiconRequest(), &lexicon)),
              "OK");
    return lexicon;
  }
  v1::ListLexiconEntriesResponse List(const v1::ListLexiconEntriesRequest& request = {}) {
    v1::ListLexiconEntriesResponse response;
    EXPECT_EQ(ReasonOf(world_.Do(&Desk::ListLexiconEntries, senior_, request, &response)), "OK");
    return response;
  }
  std::size_t SanctionsOf(const std::string& account) {
    const auto page = world_.store().ListSanctions(account, 10, "");
    EXPECT_TRUE(page.ok());
    return page->items.size();
  }
  std::string Export() {
    v1::ExportLexiconResponse response;
    EXPECT_EQ(
        ReasonOf(world_.Do(&Desk::ExportLexicon, senior_, v1::ExportLexiconRequest(), &response)),
        "OK");
    return response.source();
  }
  // Runs the keeper until the screening of stored names is at its end.
  void Rescreen() {
    const ArtefactCache artefacts(&world_.store());
    LexiconKeeper::Options options;
    options.piece = 3;
    options.every = std::chrono::milliseconds(1);
    const LexiconKeeper keeper({&world_.store(), &world_.core(), &artefacts}, options);
    while (Get().rescreen().running()) {
    }
  }

  DeskWorld world_;
  const Call senior_ = DeskWorld::As(v1::ROLE_SENIOR_GM, "TextService.ChangeLexicon");
};

TEST_F(LexiconDeskTest, AnEntryIsAddedJudgesSurvivesARestartAndGoes) {
  world_.Register("before", "豆豆老铺");
  v1::ChangeLexiconResponse response;
  const v1::ChangeLexiconRequest request = Adding(Deny("豆豆老铺"));
  ASSERT_EQ(Change(request, &response), "OK");
  EXPECT_EQ(response.added_count(), 1);
  EXPECT_GT(response.journal_position(), 0);
  EXPECT_EQ(Get().artefact(), response.artefact());
  // A repeat is answered alike and changes nothing.
  v1::ChangeLexiconResponse again;
  ASSERT_EQ(Change(request, &again), "OK");
  EXPECT_EQ(again.artefact(), response.artefact());
  EXPECT_EQ(again.journal_position(), response.journal_position());
  world_.Register("after", "豆豆老铺");
  EXPECT_EQ(SanctionsOf("after"), 1U);
  EXPECT_EQ(SanctionsOf("before"), 0U);

  world_.Restart();
  EXPECT_EQ(Get().artefact(), response.artefact());
  world_.Register("later", "豆 豆 老 铺");
  v1::ListLexiconEntriesResponse list = List();
  ASSERT_THAT(list.entries(), SizeIs(1));
  EXPECT_EQ(list.entries(0).author(), "ROLE_SENIOR_GM");
  EXPECT_EQ(list.entries(0).reason(), request.options().reason());
  EXPECT_EQ(list.entries(0).hit_count(), 2);

  v1::ChangeLexiconRequest gone;
  gone.add_remove(list.entries(0).name());
  *gone.mutable_options() = world_.Options();
  ASSERT_EQ(Change(gone, &response), "OK");
  EXPECT_EQ(response.removed_count(), 1);
  EXPECT_EQ(Get().artefact(), "");
  EXPECT_THAT(List().entries(), IsEmpty());
  world_.Register("free", "豆豆老铺");
  EXPECT_EQ(SanctionsOf("free"), 0U);
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::ChangeLexicon, senior_, gone, &response)), "OK");
  *gone.mutable_options() = world_.Options();
  EXPECT_EQ(Change(gone), "NOT_FOUND");
}

TEST_F(LexiconDeskTest, ADryRunChangesNothing) {
  v1::ChangeLexiconRequest request = Adding(Deny("豆豆老铺"));
  request.mutable_options()->set_validate_only(true);
  v1::ChangeLexiconResponse response;
  const std::size_t audited = world_.Audit().size();
  ASSERT_EQ(Change(request, &response), "OK");
  EXPECT_TRUE(response.dry_run());
  EXPECT_EQ(response.added_count(), 1);
  EXPECT_EQ(response.journal_position(), 0);
  EXPECT_EQ(Get().artefact(), "");
  EXPECT_EQ(world_.Audit().size(), audited);
}

TEST_F(LexiconDeskTest, WhatIsWrongIsRefusedAndAudited) {
  for (const std::string pattern : {"豆", "a|b", "a\nb", ""}) {
    EXPECT_EQ(Change(Adding(Deny(pattern))), "LEXICON_REFUSED") << pattern;
    EXPECT_EQ(world_.Audit().back().error_reason(), "LEXICON_REFUSED");
    EXPECT_EQ(world_.Audit().back().method(), "TextService.ChangeLexicon");
  }
  v1::LexiconEntry entry = Deny("豆豆老铺");
  entry.set_category("weather");
  EXPECT_EQ(Change(Adding(entry)), "LEXICON_REFUSED");
  entry = Deny("豆豆老铺");
  entry.set_surface(v1::LEXICON_SURFACE_UNSPECIFIED);
  EXPECT_EQ(Change(Adding(entry)), "LEXICON_REFUSED");
  entry = Deny("豆豆老铺");
  entry.add_flags("by=somebody");
  EXPECT_EQ(Change(Adding(entry)), "LEXICON_REFUSED");
  v1::ChangeLexiconRequest stale = Adding(Deny("豆豆老铺"));
  stale.mutable_options()->set_etag("another");
  EXPECT_EQ(Change(stale), "ETAG_MISMATCH");
  // A list whose own examples do not hold.
  v1::ChangeLexiconRequest broken;
  broken.set_source("advert | plain | 老铺子\n[must_miss]\n老铺子好\n");
  *broken.mutable_options() = world_.Options();
  EXPECT_EQ(Change(broken), "LEXICON_REFUSED");
  EXPECT_EQ(Get().artefact(), "");
}

TEST_F(LexiconDeskTest, AListIsImportedInPartsExportedAndReplaced) {
  const std::string text =
      "[both]\nadvert | plain | 老铺子 | by=li | x\nadvert | review | 新铺子 | by=li | y\n";
  v1::StageLexiconRequest part;
  part.set_source(text.substr(0, 30));
  v1::StageLexiconResponse staged;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::StageLexicon, senior_, part, &staged)), "OK");
  part.set_upload(staged.upload());
  // Lost on its way back, so it comes again.
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::StageLexicon, senior_, part, &staged)), "OK");
  part.set_offset(40);
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::StageLexicon, senior_, part, &staged)), "UPLOAD_OFFSET");
  part.set_offset(30);
  part.set_source(text.substr(30));
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::StageLexicon, senior_, part, &staged)), "OK");
  v1::ChangeLexiconRequest request;
  request.set_upload(staged.upload());
  *request.mutable_options() = world_.Options();
  ASSERT_EQ(Change(request), "OK");
  EXPECT_THAT(List().entries(), SizeIs(2));
  const std::string exported = Export();
  EXPECT_THAT(exported, HasSubstr("advert | review | 新铺子 | by=li,at="));
  v1::ChangeLexiconRequest replace;
  replace.set_source("[names]\nadvert | plain | 独一家\n");
  replace.set_replace(true);
  *replace.mutable_options() = world_.Options();
  v1::ChangeLexiconResponse response;
  ASSERT_EQ(Change(replace, &response), "OK");
  EXPECT_EQ(response.added_count(), 1);
  EXPECT_EQ(response.removed_count(), 2);
  // What was exported makes the same list again.
  replace.set_source(exported);
  *replace.mutable_options() = world_.Options();
  ASSERT_EQ(Change(replace), "OK");
  EXPECT_EQ(Export(), exported);
}

TEST_F(LexiconDeskTest, ABacktestTellsWhomItWouldHaveHit) {
  world_.Register("a", "豆豆老铺");
  world_.Register("b", "fine");
  world_.Rename("b", "豆豆老铺2");
  v1::HallEvent chat;
  chat.set_account("a");
  chat.mutable_chat()->set_text("来豆豆老铺看看");
  world_.Tell({chat});
  v1::BacktestLexiconRequest request;
  *request.add_add() = Deny("豆豆老铺");
  v1::BacktestLexiconResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::BacktestLexicon, senior_, request, &response)), "OK");
  EXPECT_EQ(response.hit_count(), 3);
  EXPECT_EQ(response.act_count(), 3);
  EXPECT_EQ(response.account_count(), 2);
  EXPECT_EQ(response.text_count(), 4);
  EXPECT_TRUE(response.complete());
  EXPECT_EQ(response.first_position(), 1);
  ASSERT_THAT(response.samples(), SizeIs(3));
  EXPECT_EQ(response.samples(0).surface(), "chat");
  EXPECT_EQ(response.samples(0).text(), "来豆豆老铺看看");
  EXPECT_EQ(response.samples(0).before(), v1::TEXT_VERDICT_CLEAN);
  EXPECT_EQ(response.samples(0).match().pattern(), "豆豆老铺");
  // Nothing was changed by looking.
  EXPECT_EQ(Get().artefact(), "");
  EXPECT_EQ(SanctionsOf("a"), 0U);
}

TEST_F(LexiconDeskTest, ABacktestWithoutTimeSaysSo) {
  for (int i = 0; i < 50; ++i)
    world_.Register("a" + std::to_string(i), "豆豆老铺");
  v1::BacktestLexiconRequest request;
  *request.add_add() = Deny("豆豆老铺");
  request.mutable_deadline_duration()->set_nanos(1000);
  v1::BacktestLexiconResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::BacktestLexicon, senior_, request, &response)), "OK");
  EXPECT_FALSE(response.complete());
  EXPECT_LT(response.text_count(), 50);
}

TEST_F(LexiconDeskTest, StoredNamesAreScreenedAgainThroughARestart) {
  for (int i = 0; i < 10; ++i)
    world_.Register("a" + std::to_string(i), i % 2 == 0 ? "豆豆老铺" : "fine");
  world_.Rename("a0", "fine");
  ASSERT_EQ(Change(Adding(Deny("豆豆老铺"))), "OK");
  EXPECT_TRUE(Get().rescreen().running());
  world_.Restart();
  EXPECT_TRUE(Get().rescreen().running());
  Rescreen();
  const v1::RescreenStatus job = Get().rescreen();
  EXPECT_EQ(job.screened_count(), 11);
  // a0 left the name: the job found it, the engine let it be.
  EXPECT_EQ(job.finding_count(), 5);
  EXPECT_EQ(SanctionsOf("a0"), 0U);
  EXPECT_EQ(SanctionsOf("a1"), 0U);
  for (int i = 2; i < 10; i += 2)
    EXPECT_EQ(SanctionsOf("a" + std::to_string(i)), 1U) << i;
  // The next change finds only what is new.
  ASSERT_EQ(Change(Adding(Deny("另一家铺"))), "OK");
  Rescreen();
  EXPECT_EQ(Get().rescreen().finding_count(), 0);
  EXPECT_EQ(SanctionsOf("a2"), 1U);
}

TEST_F(LexiconDeskTest, AnEntryLeavesWhenItsLastDayIsOver) {
  v1::LexiconEntry entry = Deny("豆豆老铺");
  entry.set_until_date("2020-01-31");
  ASSERT_EQ(Change(Adding(entry)), "OK");
  *entry.mutable_pattern() = "永远的铺";
  entry.clear_until_date();
  ASSERT_EQ(Change(Adding(entry)), "OK");
  {
    const ArtefactCache artefacts(&world_.store());
    LexiconKeeper::Options options;
    options.every = std::chrono::milliseconds(1);
    const LexiconKeeper keeper({&world_.store(), &world_.core(), &artefacts}, options);
    while (Get().entry_count() != 1) {
    }
  }
  EXPECT_EQ(List().entries(0).pattern(), "永远的铺");
  bool audited = false;
  for (const v1::AuditRecord& record : world_.Audit())
    audited =
        audited || (record.method() == "TextService.ChangeLexicon" && record.actor().machine());
  EXPECT_TRUE(audited);
}

TEST_F(LexiconDeskTest, ATextIsExplainedStepByStep) {
  ASSERT_EQ(Change(Adding(Deny("豆豆老铺"))), "OK");
  v1::ExplainTextRequest request;
  request.set_text("豆❤豆老鋪");
  v1::ExplainTextResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::ExplainText, senior_, request, &response)), "OK");
  ASSERT_GE(response.steps_size(), 2);
  EXPECT_EQ(response.steps(0).key(), "original");
  EXPECT_EQ(response.steps(0).text(), request.text());
  EXPECT_FALSE(response.steps(1).title().zh().empty());
  ASSERT_GE(response.matches_size(), 1);
  EXPECT_TRUE(response.matches(0).operators());
  EXPECT_TRUE(response.matches(0).disguised());
  EXPECT_EQ(response.verdict(), v1::TEXT_VERDICT_ACT);
  v1::LexiconEntry allow;
  allow.set_surface(v1::LEXICON_SURFACE_NAMES);
  allow.set_kind(v1::LEXICON_ENTRY_KIND_ALLOW);
  allow.set_pattern("我是傻逼粉");
  ASSERT_EQ(Change(Adding(allow)), "OK");
  request.set_text("我是傻逼粉");
  response.Clear();
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::ExplainText, senior_, request, &response)), "OK");
  EXPECT_EQ(response.verdict(), v1::TEXT_VERDICT_CLEAN);
  ASSERT_GE(response.matches_size(), 1);
  EXPECT_EQ(response.matches(0).allowed_by(), "我是傻逼粉");
}

TEST_F(LexiconDeskTest, ExamplesOfAFileAndOfTheListInForceAreRun) {
  v1::TestLexiconRequest request;
  request.set_file("own.lex");
  request.set_source("advert | plain | 老铺子\n[must_hit]\nadvert | plain | 新铺子\n");
  v1::TestLexiconResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::TestLexicon, senior_, request, &response)), "OK");
  EXPECT_EQ(response.example_count(), 2);
  EXPECT_EQ(response.failure_count(), 1);
  ASSERT_THAT(response.failures(), SizeIs(1));
  EXPECT_THAT(response.failures(0), HasSubstr("own.lex:3:"));
  response.Clear();
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::TestLexicon, senior_, v1::TestLexiconRequest(), &response)),
            "OK");
  EXPECT_GT(response.example_count(), 20);
  EXPECT_EQ(response.failure_count(), 0) << response.ShortDebugString();
}

}  // namespace
}  // namespace hallwarden::daemon
