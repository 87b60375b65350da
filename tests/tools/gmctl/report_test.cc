// stats, reinstate and audit rollback against a daemon that says what a test wants.
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

v1::DeskReport Evening() {
  v1::DeskReport report;
  report.mutable_since_time()->set_seconds(1788339600 - 28'800);
  report.mutable_until_time()->set_seconds(1788339600);
  report.set_complete(true);
  report.set_sanctioned_account_count(31);
  v1::CaseFigures& kind = *report.add_kinds();
  kind.set_kind(v1::CASE_KIND_MISCONDUCT);
  kind.set_opened_count(40);
  kind.set_closed_count(38);
  kind.set_overdue_count(2);
  kind.mutable_first_claim()->set_count(38);
  kind.mutable_first_claim()->mutable_median_duration()->set_seconds(240);
  kind.mutable_first_claim()->mutable_worst_duration()->set_seconds(3'600);
  kind.mutable_first_claim()->set_within_five_minutes_count(33);
  *report.mutable_total() = kind;
  v1::PersonFigures& person = *report.add_people();
  person.set_principal("gm-li<script>");
  person.set_closed_count(38);
  person.set_mistake_count(1);
  v1::RuleFigures& rule = *report.add_rules();
  rule.set_rule("name.plain");
  rule.set_warning_count(20);
  rule.set_machine_count(20);
  v1::PartnerSanction& partner = *report.add_partners();
  partner.set_channel("dandan");
  partner.set_account("10086");
  partner.set_sanction("sanctions/sn_1");
  partner.set_offence(v1::OFFENCE_STALLING);
  partner.set_permanent(true);
  v1::ComplaintFigures& complaint = *report.add_complaints();
  complaint.set_category(v1::REPORT_CATEGORY_STALLING);
  complaint.set_complaint_count(7);
  return report;
}

std::string Contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

class StatsTest : public GmctlTest {
 protected:
  StatsTest() {
    daemon_.GetDeskReport.Says(Evening());
    AtTerminal({});
  }
};

TEST_F(StatsTest, APersonReadsItInParts) {
  EXPECT_EQ(Gmctl({"stats", "--since", "8h"}), 0) << error();
  EXPECT_EQ(daemon_.GetDeskReport.asked.back().since_time().seconds(), 1788339600 - 28'800);
  EXPECT_THAT(out(), AllOf(HasSubstr("Cases"), HasSubstr("33 / 38"), HasSubstr("4m"),
                           HasSubstr("name.plain"), HasSubstr("dandan"), HasSubstr("stalling")));
  EXPECT_THAT(out(), Not(HasSubstr("Cases to look at"))) << "a part without rows is left out";
  EXPECT_EQ(Gmctl({"stats", "--lang", "zh"}), 0) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("工单"), HasSubstr("玩家投诉"), HasSubstr("永久封号")));
}

TEST_F(StatsTest, AProgramGetsTheWholeReport) {
  EXPECT_EQ(Gmctl({"stats", "-o", "json"}), 0) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("\"within_five_minutes_count\""), HasSubstr("\"partners\"")));
}

TEST_F(StatsTest, ThePageIsWholeAndNothingInItRuns) {
  const std::string path = folder_.path() + "/report.html";
  EXPECT_EQ(Gmctl({"stats", "--html", path, "--lang", "zh"}), 0) << error();
  const std::string page = Contents(path);
  EXPECT_THAT(page, AllOf(HasSubstr("<!DOCTYPE html>"), HasSubstr("lang=\"zh-CN\""),
                          HasSubstr("gm-li&lt;script&gt;"), HasSubstr("</html>")));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  for (const char* outside : {"http:", "https:", "src=", "href=", "url(", "@import"})
    EXPECT_THAT(page, Not(HasSubstr(outside)));
  EXPECT_THAT(page, HasSubstr("无")) << "an empty part says so";
}

TEST_F(StatsTest, WhatIsLeftOutIsSaid) {
  v1::DeskReport late = Evening();
  late.set_complete(false);
  late.mutable_read_until_time()->set_seconds(1788339600 - 3'600);
  late.set_before_journal(true);
  daemon_.GetDeskReport.Says(late);
  EXPECT_EQ(Gmctl({"stats"}), 0);
  EXPECT_THAT(error(), AllOf(HasSubstr("time was up"), HasSubstr("older records")));
}

class RollbackTest : public GmctlTest {
 protected:
  RollbackTest() {
    AtTerminal({});
    v1::ListAuditRecordsResponse audit;
    Add("GmService.PunishAccount", "accounts/10086", "sanctions/sn_1", &audit);
    Add("GmService.LiftSanction", "sanctions/sn_2", "DISPOSITION_MERCY", &audit);
    Add("CaseService.DecideCase", "cases/cs_1", "closed", &audit);
    Add("TextService.ChangeLexicon", "lexicon", "40 entries", &audit);
    Add("CaseService.ClaimCase", "cases/cs_2", "claimed", &audit);
    Add("GmService.PunishAccount", "accounts/10087", "", &audit)->set_code(7);
    daemon_.ListAuditRecords.Says(audit);
    v1::ActionResponse done;
    daemon_.LiftSanction.Says(done);
    daemon_.ReinstateSanction.Says(done);
    daemon_.ReopenCase.Says(done);
    v1::Case item;
    item.set_name("cases/cs_1");
    item.set_state(v1::CASE_STATE_CLOSED);
    item.mutable_closed_by()->set_principal("gm-li");
    daemon_.GetCase.Says(item);
  }
  static v1::AuditRecord* Add(const std::string& method, const std::string& resource,
                              const std::string& after, v1::ListAuditRecordsResponse* audit) {
    v1::AuditRecord& record = *audit->add_records();
    record.set_method(method);
    record.set_resource(resource);
    record.set_after(after);
    record.mutable_create_time()->set_seconds(1788339600);
    return &record;
  }
  static v1::Sanction Imposed(const std::string& name, const std::string& principal) {
    v1::Sanction sanction;
    sanction.set_name(name);
    sanction.set_kind(v1::SANCTION_KIND_RESTRICTION);
    sanction.set_state(v1::SANCTION_STATE_ACTIVE);
    sanction.mutable_actor()->set_principal(principal);
    return sanction;
  }
  void Knows(const std::vector<v1::Sanction>& sanctions) {
    daemon_.GetSanction.answer =
        [sanctions](const v1::GetSanctionRequest& call) -> absl::StatusOr<v1::Sanction> {
      for (const v1::Sanction& one : sanctions) {
        if (one.name() == call.name()) return one;
      }
      return absl::NotFoundError(call.name());
    };
  }
  // What he imposed stands, what he lifted is somebody else's and still lifted.
  void AsHeLeftIt() {
    v1::Sanction lifted = Imposed("sanctions/sn_2", "gm-wang");
    lifted.set_state(v1::SANCTION_STATE_LIFTED);
    lifted.mutable_lift()->mutable_actor()->set_principal("gm-li");
    Knows({Imposed("sanctions/sn_1", "gm-li"), lifted});
  }
  std::vector<std::string> Words(const std::vector<std::string>& more) {
    std::vector<std::string> words = {
        "audit",   "rollback", "--principal", "gm-li",
        "--since", "8h",       "--reason",    "his account was misused"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(RollbackTest, APlanShowsEachStepAndWhatIsLeftForPeople) {
  AsHeLeftIt();
  EXPECT_EQ(Gmctl(Words({"--dry-run"})), 6) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("sn_1"), HasSubstr("sn_2"), HasSubstr("cs_1"),
                           HasSubstr("lexicon"), HasSubstr("by hand")));
  EXPECT_THAT(out(), AllOf(Not(HasSubstr("cs_2")), Not(HasSubstr("10087"))));
  for (const v1::LiftSanctionRequest& asked : daemon_.LiftSanction.asked)
    EXPECT_TRUE(asked.options().validate_only());
  EXPECT_EQ(daemon_.ListAuditRecords.asked.back().principal(), "gm-li");
  EXPECT_EQ(daemon_.ListAuditRecords.asked.back().since_time().seconds(), 1788339600 - 28'800);
}

TEST_F(RollbackTest, WhatHeLiftedOnAppealIsReinstatedToo) {
  AsHeLeftIt();
  v1::ListAuditRecordsResponse audit;
  Add("AppealService.ClaimAppeal", "appeals/ap_1", "", &audit);
  Add("AppealService.DecideAppeal", "appeals/ap_1", "", &audit);
  daemon_.ListAuditRecords.Says(audit);
  v1::Appeal appeal;
  appeal.set_name("appeals/ap_1");
  appeal.set_sanction("sanctions/sn_2");
  appeal.mutable_decision()->set_verdict(v1::APPEAL_VERDICT_LIFT);
  daemon_.GetAppeal.Says(appeal);
  EXPECT_EQ(Gmctl(Words({"--confirm", "gm-li"})), 0) << error();
  EXPECT_EQ(daemon_.ReinstateSanction.asked.back().name(), "sanctions/sn_2");
  // A reduction is nothing that a step takes back.
  appeal.mutable_decision()->set_verdict(v1::APPEAL_VERDICT_REDUCE);
  daemon_.GetAppeal.Says(appeal);
  EXPECT_EQ(Gmctl(Words({"--dry-run"})), 0) << error();
  EXPECT_THAT(error(), HasSubstr("1 actions cannot be taken back by this command"));
}

TEST_F(RollbackTest, EachStepIsPlannedAndDoneUnderItsOwnRequestId) {
  AsHeLeftIt();
  EXPECT_EQ(Gmctl(Words({"--confirm", "gm-li"})), 0) << error();
  ASSERT_THAT(daemon_.LiftSanction.asked, SizeIs(2));
  EXPECT_TRUE(daemon_.LiftSanction.asked[0].options().validate_only());
  const v1::LiftSanctionRequest& lift = daemon_.LiftSanction.asked[1];
  EXPECT_FALSE(lift.options().validate_only());
  EXPECT_EQ(lift.name(), "sanctions/sn_1");
  EXPECT_EQ(lift.disposition(), v1::DISPOSITION_MISTAKE);
  EXPECT_EQ(lift.options().reason(), "his account was misused");
  ASSERT_THAT(daemon_.ReinstateSanction.asked, SizeIs(2));
  EXPECT_EQ(daemon_.ReinstateSanction.asked[1].name(), "sanctions/sn_2");
  ASSERT_THAT(daemon_.ReopenCase.asked, SizeIs(2));
  std::set<std::string> ids;
  for (const auto& asked : daemon_.LiftSanction.asked)
    ids.insert(asked.options().request_id());
  for (const auto& asked : daemon_.ReinstateSanction.asked)
    ids.insert(asked.options().request_id());
  for (const auto& asked : daemon_.ReopenCase.asked)
    ids.insert(asked.options().request_id());
  EXPECT_THAT(ids, SizeIs(6));
  EXPECT_THAT(error(), HasSubstr("3 taken back, 0 failed"));
}

TEST_F(RollbackTest, WhatIsPutRightAlreadyIsLeftAlone) {
  v1::Sanction gone = Imposed("sanctions/sn_1", "gm-li");
  gone.set_state(v1::SANCTION_STATE_LIFTED);
  Knows({gone, Imposed("sanctions/sn_2", "gm-wang")});
  v1::Case open;
  open.set_name("cases/cs_1");
  open.set_state(v1::CASE_STATE_OPEN);
  daemon_.GetCase.Says(open);
  EXPECT_EQ(Gmctl(Words({"--confirm", "gm-li"})), 0) << error();
  EXPECT_THAT(daemon_.LiftSanction.asked, IsEmpty());
  EXPECT_THAT(daemon_.ReinstateSanction.asked, IsEmpty());
  EXPECT_THAT(daemon_.ReopenCase.asked, IsEmpty());
  EXPECT_THAT(error(), HasSubstr("nothing to take back"));
}

TEST_F(RollbackTest, WhatFailsIsNamedAndTheRestIsDone) {
  AsHeLeftIt();
  daemon_.LiftSanction.Fails(absl::PermissionDeniedError("no"));
  EXPECT_EQ(Gmctl(Words({"--confirm", "gm-li"})), 8);
  EXPECT_THAT(out(), HasSubstr("sn_1"));
  EXPECT_THAT(error(), HasSubstr("2 taken back, 1 failed"));
}

TEST_F(RollbackTest, WhoAndSinceWhenAreNeverGuessed) {
  EXPECT_EQ(Gmctl({"audit", "rollback", "--since", "8h", "--reason", "misused"}), 2);
  EXPECT_EQ(Gmctl({"audit", "rollback", "--principal", "gm-li", "--reason", "misused"}), 2);
  EXPECT_THAT(daemon_.ListAuditRecords.asked, IsEmpty());
}

}  // namespace
}  // namespace hallwarden::gmctl
