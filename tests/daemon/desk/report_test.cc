// What the desk did, counted.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "rules/state/time.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Property;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class ReportTest : public ::testing::Test {
 protected:
  ReportTest() {
    for (const std::string account : {"a", "b", "c"})
      world_.Register(account, "name " + account);
  }

  v1::DeskReport Report(v1::Role role = v1::ROLE_LEAD, std::int64_t since_us = kWorldStartUs) {
    v1::GetDeskReportRequest request;
    SetTimestamp(since_us, request.mutable_since_time());
    v1::DeskReport report;
    const absl::Status status =
        world_.Do(&Desk::GetDeskReport, DeskWorld::As(role), request, &report);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_TRUE(report.complete());
    return report;
  }

  // Opens a case about `account`; its name.
  std::string Open(const std::string& account, v1::CaseKind kind) {
    v1::OpenCaseRequest request;
    request.set_parent("accounts/" + account);
    request.set_kind(kind);
    if (kind == v1::CASE_KIND_MISCONDUCT) request.set_offence(v1::OFFENCE_ABUSE);
    request.set_text("told by a player");
    *request.mutable_options() = world_.Options();
    v1::ActionResponse response;
    const absl::Status status =
        world_.Do(&Desk::OpenCase, DeskWorld::As(v1::ROLE_SENIOR_GM), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    storage::Page<v1::Case> cases = *world_.store().ListCases("", false, 100, "");
    return cases.items.back().name();
  }
  void Claim(const std::string& name, v1::Role role) {
    v1::ClaimCaseRequest request;
    request.set_name(name);
    *request.mutable_options() = world_.Options();
    v1::ActionResponse response;
    const absl::Status status =
        world_.Do(&Desk::ClaimCase, DeskWorld::As(role), request, &response);
    EXPECT_TRUE(status.ok()) << status;
  }
  void Decide(const std::string& name, v1::CaseVerdict verdict, v1::Role role) {
    v1::DecideCaseRequest request;
    request.set_name(name);
    request.set_verdict(verdict);
    *request.mutable_options() = world_.Options();
    v1::ActionResponse response;
    const absl::Status status =
        world_.Do(&Desk::DecideCase, DeskWorld::As(role), request, &response);
    EXPECT_TRUE(status.ok()) << status;
  }
  void Lift(const std::string& name, v1::Disposition disposition) {
    v1::LiftSanctionRequest request;
    request.set_name(name);
    request.set_disposition(disposition);
    *request.mutable_options() = world_.Options();
    v1::ActionResponse response;
    const absl::Status status =
        world_.Do(&Desk::LiftSanction, DeskWorld::As(v1::ROLE_LEAD), request, &response);
    EXPECT_TRUE(status.ok()) << status;
  }
  void Wait(std::int64_t us) { world_.clock().Advance(us); }

  DeskWorld world_;
};

TEST_F(ReportTest, CasesAreCountedByKindWithTheirWaits) {
  const std::string first = Open("a", v1::CASE_KIND_MISSING_ASSETS);
  const std::string second = Open("b", v1::CASE_KIND_MISSING_ASSETS);
  Open("c", v1::CASE_KIND_BUG);
  Wait(2 * kMinuteUs);
  Claim(first, v1::ROLE_GM);
  Wait(10 * kMinuteUs);
  Claim(second, v1::ROLE_GM);
  Decide(first, v1::CASE_VERDICT_FOUNDED, v1::ROLE_GM);
  Decide(second, v1::CASE_VERDICT_UNFOUNDED, v1::ROLE_GM);
  const v1::DeskReport report = Report();
  EXPECT_EQ(report.total().opened_count(), 3);
  EXPECT_EQ(report.total().closed_count(), 2);
  EXPECT_EQ(report.total().open_now_count(), 1);
  ASSERT_THAT(report.kinds(), SizeIs(2));
  const v1::CaseFigures& missing = report.kinds(0);
  EXPECT_EQ(missing.kind(), v1::CASE_KIND_MISSING_ASSETS);
  EXPECT_EQ(missing.upheld_count(), 1);
  EXPECT_EQ(missing.rejected_count(), 1);
  EXPECT_EQ(missing.open_now_count(), 0);
  EXPECT_EQ(missing.first_claim().count(), 2);
  EXPECT_EQ(missing.first_claim().within_five_minutes_count(), 1);
  EXPECT_NEAR(static_cast<double>(missing.first_claim().median_duration().seconds()), 120, 5);
  EXPECT_NEAR(static_cast<double>(missing.first_claim().worst_duration().seconds()), 720, 5);
  EXPECT_NEAR(static_cast<double>(missing.closing().worst_duration().seconds()), 720, 5);
  EXPECT_EQ(report.kinds(1).kind(), v1::CASE_KIND_BUG);
  EXPECT_EQ(report.kinds(1).open_now_count(), 1);
  ASSERT_THAT(report.people(), SizeIs(1));
  EXPECT_EQ(report.people(0).claimed_count(), 2);
  EXPECT_EQ(report.people(0).closed_count(), 2);
  EXPECT_NEAR(static_cast<double>(report.people(0).closing().worst_duration().seconds()), 600, 5)
      << "his time begins when he takes it, not when the player waited first";
}

TEST_F(ReportTest, SanctionsAreCountedByRuleAndMistakesByWhoMadeThem) {
  const std::string right = world_.Warn("a").sanction().name();
  const std::string wrong = world_.Warn("b").sanction().name();
  Lift(wrong, v1::DISPOSITION_MISTAKE);
  v1::DeskReport report = Report();
  EXPECT_EQ(report.sanctioned_account_count(), 2);
  ASSERT_THAT(report.rules(), SizeIs(1));
  EXPECT_EQ(report.rules(0).rule(), "");
  EXPECT_EQ(report.rules(0).warning_count(), 2);
  EXPECT_EQ(report.rules(0).machine_count(), 0);
  EXPECT_EQ(report.rules(0).lifted_count(), 1);
  EXPECT_EQ(report.rules(0).mistake_count(), 1);
  const std::string senior = DeskWorld::As(v1::ROLE_SENIOR_GM).principal.name;
  const std::string lead = DeskWorld::As(v1::ROLE_LEAD).principal.name;
  ASSERT_THAT(report.people(), UnorderedElementsAre(Property(&v1::PersonFigures::principal, senior),
                                                    Property(&v1::PersonFigures::principal, lead)));
  for (const v1::PersonFigures& person : report.people()) {
    EXPECT_EQ(person.sanction_count(), person.principal() == senior ? 2 : 0);
    EXPECT_EQ(person.mistake_count(), person.principal() == senior ? 1 : 0);
    EXPECT_EQ(person.lift_count(), person.principal() == lead ? 1 : 0);
  }
}

TEST_F(ReportTest, TheTimeIsHeededAndNothingIsCountedTwice) {
  world_.Warn("a");
  Wait(kHourUs);
  const std::int64_t later_us = world_.clock().WallUs();
  world_.Warn("b");
  EXPECT_EQ(Report(v1::ROLE_LEAD, later_us).sanctioned_account_count(), 1);
  EXPECT_EQ(Report().sanctioned_account_count(), 2);
  world_.Restart();
  EXPECT_EQ(Report().sanctioned_account_count(), 2);
  v1::GetDeskReportRequest request;
  SetTimestamp(kWorldStartUs, request.mutable_since_time());
  SetTimestamp(later_us, request.mutable_until_time());
  v1::DeskReport report;
  ASSERT_TRUE(world_.Do(&Desk::GetDeskReport, DeskWorld::As(v1::ROLE_LEAD), request, &report).ok());
  EXPECT_EQ(report.sanctioned_account_count(), 1);
  EXPECT_THAT(Report(v1::ROLE_LEAD, later_us + kHourUs).rules(), IsEmpty());
}

TEST_F(ReportTest, AGmSeesHimselfAndNotHisColleagues) {
  const std::string name = Open("a", v1::CASE_KIND_BUG);
  Claim(name, v1::ROLE_GM);
  Decide(name, v1::CASE_VERDICT_FOUNDED, v1::ROLE_GM);
  world_.Warn("a");
  EXPECT_THAT(Report(v1::ROLE_LEAD).people(), SizeIs(2));
  EXPECT_THAT(Report(v1::ROLE_GM).people(),
              ElementsAre(Property(&v1::PersonFigures::principal,
                                   DeskWorld::As(v1::ROLE_GM).principal.name)));
}

TEST_F(ReportTest, PartnersAreListedForTheirChannel) {
  v1::ImportPartnersRequest import;
  v1::PartnerSpan& span = *import.add_spans();
  span.set_account("a");
  span.set_channel("dandan");
  SetTimestamp(kWorldStartUs - kDayUs, span.mutable_begin_time());
  *import.mutable_options() = world_.Options();
  v1::ImportPartnersResponse imported;
  ASSERT_TRUE(
      world_.Do(&Desk::ImportPartners, DeskWorld::As(v1::ROLE_ADMIN), import, &imported).ok());
  const std::string name = world_.Warn("a").sanction().name();
  world_.Warn("b");
  v1::DeskReport report = Report();
  ASSERT_THAT(report.partners(), SizeIs(1));
  EXPECT_EQ(report.partners(0).channel(), "dandan");
  EXPECT_EQ(report.partners(0).sanction(), name);
  EXPECT_FALSE(report.partners(0).lifted());
  Lift(name, v1::DISPOSITION_MERCY);
  EXPECT_TRUE(Report().partners(0).lifted());
}

TEST_F(ReportTest, WhatWaitsTooLongIsToBeLookedAt) {
  const std::string name = Open("a", v1::CASE_KIND_INTERRUPTED_MATCH);
  Open("b", v1::CASE_KIND_BUG);
  v1::EscalateCaseRequest request;
  request.set_name(name);
  *request.mutable_options() = world_.Options();
  v1::ActionResponse response;
  const Call gm = DeskWorld::As(v1::ROLE_GM);
  Claim(name, v1::ROLE_GM);
  const absl::Status escalated = world_.Do(&Desk::EscalateCase, gm, request, &response);
  ASSERT_TRUE(escalated.ok()) << escalated;
  EXPECT_THAT(Report().hard_cases(), ElementsAre(Property(&v1::HardCase::name, name)));
  Claim(name, v1::ROLE_LEAD);
  Decide(name, v1::CASE_VERDICT_UNFOUNDED, v1::ROLE_LEAD);
  EXPECT_THAT(Report().hard_cases(), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::daemon
