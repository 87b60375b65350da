// The desk: cases on their way through the queue, verdicts on rings, reports of players.
#include <map>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/rules/support/hall.h"

namespace hallwarden::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class DeskTest : public ::testing::Test {
 protected:
  void SetUp() override { hall_.Tell("gs1", Registered("a", "goodname")); }

  // `OK` or the reason of the refusal.
  std::string Ask(const v1::Command& command) {
    hall_.Ask(command);
    Gather();
    const std::vector<Answer> answers = hall_.Last<Answer>();
    if (answers.size() != 1) return "no answer";
    response_ = answers[0].response;
    return answers[0].refusal.has_value() ? answers[0].refusal->reason : "OK";
  }

  // Cases as a store would hold them.
  void Gather() {
    for (; seen_ < hall_.all().size(); ++seen_) {
      const Effect& effect = hall_.all()[seen_].effect;
      if (const auto* put = std::get_if<PutCase>(&effect)) {
        cases_[put->opened.name()] = put->opened;
      }
      if (const auto* patch = std::get_if<PatchCase>(&effect)) {
        v1::Case& item = cases_[patch->change.name()];
        item.clear_claim();
        item.clear_referral();
        item.clear_overdue_time();
        item.clear_queue_key();
        item.MergeFrom(patch->change);
      }
    }
  }
  const v1::Case& Case(const std::string& name) {
    Gather();
    return cases_[name];
  }

  std::string Open(const std::string& account, v1::CaseKind kind,
                   v1::Offence offence = v1::OFFENCE_UNSPECIFIED) {
    v1::Command open = As(v1::ROLE_GM, "gm-li");
    open.set_target_account(account);
    open.mutable_open_case()->set_parent("accounts/" + account);
    open.mutable_open_case()->set_kind(kind);
    open.mutable_open_case()->set_offence(offence);
    open.mutable_open_case()->set_text("told on the phone");
    EXPECT_EQ(Ask(open), "OK");
    for (const v1::PlanLine& line : response_.lines()) {
      if (line.key() == "case") return line.after().en();
    }
    return {};
  }

  v1::Command Claim(const std::string& name, const std::string& who, v1::Role role = v1::ROLE_GM) {
    v1::Command claim = As(role, who);
    claim.set_target_account(Case(name).account());
    claim.mutable_claim_case()->set_name(name);
    return claim;
  }

  v1::Command Decide(const std::string& name, v1::CaseVerdict verdict, const std::string& who,
                     v1::Role role = v1::ROLE_SENIOR_GM) {
    v1::Command decide = As(role, who);
    decide.set_target_account(Case(name).account());
    decide.mutable_decide_case()->set_name(name);
    decide.mutable_decide_case()->set_verdict(verdict);
    decide.mutable_decide_case()->mutable_options()->set_reason("looked at it");
    return decide;
  }

  v1::HallEvent Report(const std::string& from, const std::string& about,
                       v1::ReportCategory category) {
    v1::HallEvent event;
    event.set_account(from);
    event.mutable_player_reported()->set_target_account(about);
    event.mutable_player_reported()->set_category(category);
    return event;
  }

  TestArtefacts artefacts_;
  Hall hall_{&artefacts_};
  std::map<std::string, v1::Case> cases_;
  std::size_t seen_ = 0;
  v1::ActionResponse response_;
};

TEST_F(DeskTest, OneWinsTheClaimAndTheLeaseEndsByItself) {
  const std::string name = Open("a", v1::CASE_KIND_BUG);
  EXPECT_EQ(Ask(Claim(name, "gm-li")), "OK");
  EXPECT_EQ(Ask(Claim(name, "gm-wang")), "CASE_CLAIMED");
  EXPECT_EQ(Case(name).claim().principal(), "gm-li");
  hall_.Wait(20 * kMinuteUs);
  // Claiming it again renews the lease.
  EXPECT_EQ(Ask(Claim(name, "gm-li")), "OK");
  hall_.Wait(20 * kMinuteUs);
  EXPECT_EQ(Case(name).state(), v1::CASE_STATE_CLAIMED);
  hall_.Wait(11 * kMinuteUs);
  EXPECT_EQ(Case(name).state(), v1::CASE_STATE_OPEN);
  EXPECT_FALSE(Case(name).has_claim());
  EXPECT_EQ(Ask(Claim(name, "gm-wang")), "OK");
}

TEST_F(DeskTest, WhoDecidesHoldsTheCase) {
  const std::string name = Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_CONFIRMED, "gm-li")), "CASE_NOT_CLAIMED");
  EXPECT_EQ(Ask(Claim(name, "gm-li", v1::ROLE_SENIOR_GM)), "OK");
  EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_FOUNDED, "gm-li")), "VERDICT_DOES_NOT_FIT");
  EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_CONFIRMED, "gm-li")), "OK");
  EXPECT_EQ(Case(name).state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(Case(name).queue_key(), "");
  ASSERT_THAT(hall_.SanctionsOf("a"), SizeIs(1));
  EXPECT_EQ(hall_.SanctionsOf("a")[0].case_name(), name);
  EXPECT_EQ(Case(name).sanctions(0), hall_.SanctionsOf("a")[0].name());
  EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_CONFIRMED, "gm-li")), "CASE_CLOSED");
}

TEST_F(DeskTest, OneOpenCasePerMatter) {
  const std::string first = Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_CHEATING);
  EXPECT_EQ(Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_CHEATING), first);
  EXPECT_NE(Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_ABUSE), first);
  EXPECT_NE(Open("a", v1::CASE_KIND_PRIZE), first);
}

TEST_F(DeskTest, TheQueueIsOrderedByWhatHappensAndNeverByTheClock) {
  const std::string bug = Open("a", v1::CASE_KIND_BUG);
  hall_.Wait(kMinuteUs);
  const std::string match = Open("a", v1::CASE_KIND_INTERRUPTED_MATCH);
  // Half an hour is promised for one and four for the other.
  EXPECT_LT(Case(match).queue_key(), Case(bug).queue_key());
  const std::string before = Case(bug).queue_key();
  hall_.Wait(29 * kMinuteUs);
  EXPECT_EQ(Case(bug).queue_key(), before);
  EXPECT_FALSE(Case(match).has_overdue_time());
  hall_.Wait(2 * kMinuteUs);
  EXPECT_TRUE(Case(match).has_overdue_time());
  EXPECT_EQ(Case(match).queue_key().substr(0, 2), "00");
  EXPECT_EQ(Case(bug).queue_key(), before);
}

TEST_F(DeskTest, ACaseWaitsForADepartmentUntilItsTime) {
  const std::string name = Open("a", v1::CASE_KIND_PRIZE);
  v1::Command refer = As(v1::ROLE_GM, "gm-li");
  refer.set_target_account("a");
  refer.mutable_refer_case()->set_name(name);
  refer.mutable_refer_case()->set_department("nobody");
  EXPECT_EQ(Ask(refer), "UNKNOWN_DEPARTMENT");
  refer.mutable_refer_case()->set_department("\u53d1\u8d27");
  EXPECT_EQ(Ask(refer), "OK");
  EXPECT_EQ(Case(name).referral().department(), "shipping");
  EXPECT_EQ(Case(name).queue_key().substr(0, 2), "02");
  hall_.Wait(49 * kHourUs);
  EXPECT_FALSE(Case(name).has_referral());
  EXPECT_EQ(Case(name).state(), v1::CASE_STATE_OPEN);
}

TEST_F(DeskTest, WhatWasGivenUpIsDecidedAbove) {
  const std::string name = Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_CHEATING);
  v1::Command escalate = As(v1::ROLE_GM, "gm-li");
  escalate.set_target_account("a");
  escalate.mutable_escalate_case()->set_name(name);
  EXPECT_EQ(Ask(escalate), "OK");
  EXPECT_EQ(Ask(Claim(name, "gm-li")), "CASE_LEVEL");
  EXPECT_EQ(Ask(Claim(name, "gm-sun", v1::ROLE_SENIOR_GM)), "OK");
}

TEST_F(DeskTest, AMergedCaseGoesOnInTheOther) {
  const std::string one = Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_CHEATING);
  const std::string two = Open("a", v1::CASE_KIND_MISCONDUCT, v1::OFFENCE_GOLD_FARMING);
  v1::Command merge = As(v1::ROLE_GM, "gm-li");
  merge.set_target_account("a");
  merge.mutable_merge_case()->set_name(one);
  merge.mutable_merge_case()->set_into(two);
  EXPECT_EQ(Ask(merge), "OK");
  EXPECT_EQ(Case(one).case_verdict(), v1::CASE_VERDICT_MERGED);
  EXPECT_EQ(Case(one).merged_into(), two);
  EXPECT_THAT(Case(two).merged_cases(), ElementsAre(one));
  v1::Command reopen = As(v1::ROLE_SENIOR_GM, "gm-sun");
  reopen.set_target_account("a");
  reopen.mutable_reopen_case()->set_name(one);
  EXPECT_EQ(Ask(reopen), "CASE_MERGED");
}

TEST_F(DeskTest, AClosedCaseOpensAgainForAWhile) {
  const std::string name = Open("a", v1::CASE_KIND_BUG);
  EXPECT_EQ(Ask(Claim(name, "gm-li", v1::ROLE_SENIOR_GM)), "OK");
  EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_FOUNDED, "gm-li")), "OK");
  v1::Command reopen = As(v1::ROLE_SENIOR_GM, "gm-sun");
  reopen.set_target_account("a");
  reopen.mutable_reopen_case()->set_name(name);
  EXPECT_EQ(Ask(reopen), "OK");
  EXPECT_EQ(Case(name).state(), v1::CASE_STATE_OPEN);
  EXPECT_EQ(Ask(Claim(name, "gm-li", v1::ROLE_SENIOR_GM)), "OK");
  EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_UNFOUNDED, "gm-li")), "OK");
  hall_.Wait(31 * kDayUs);
  EXPECT_EQ(Ask(reopen), "REOPEN_WINDOW_OVER");
}

TEST_F(DeskTest, TwoStrangersMakeACaseAndOneDoesNot) {
  hall_.Tell("gs1", Registered("b", "one"));
  hall_.Tell("gs1", Registered("c", "two"));
  hall_.Tell("gs1", Report("b", "a", v1::REPORT_CATEGORY_ABUSE));
  EXPECT_THAT(hall_.All<PutCase>(), IsEmpty());
  // The same one again is no second voice.
  hall_.Tell("gs1", Report("b", "a", v1::REPORT_CATEGORY_ABUSE));
  EXPECT_THAT(hall_.All<PutCase>(), IsEmpty());
  hall_.Tell("gs1", Report("c", "a", v1::REPORT_CATEGORY_ABUSE));
  ASSERT_THAT(hall_.All<PutCase>(), SizeIs(1));
  EXPECT_EQ(hall_.All<PutCase>()[0].opened.reports_size(), 2);
  EXPECT_THAT(hall_.SanctionsOf("a"), IsEmpty());
}

TEST_F(DeskTest, WhoWasNeverAtTheTableReportsNoStalling) {
  hall_.Tell("gs1", Registered("b", "one"));
  hall_.Tell("gs1", Registered("c", "two"));
  for (const char* reporter : {"b", "c"}) {
    hall_.Tell("gs1", Report(reporter, "a", v1::REPORT_CATEGORY_STALLING));
  }
  EXPECT_THAT(hall_.All<PutCase>(), IsEmpty());
}

TEST_F(DeskTest, WhoIsAlwaysWrongIsNotCountedAnyMore) {
  hall_.Tell("gs1", Registered("liar", "liar"));
  hall_.Tell("gs1", Registered("other", "other"));
  for (int i = 0; i < 4; ++i) {
    const std::string victim = "v" + std::to_string(i);
    hall_.Tell("gs1", Registered(victim, "victim" + victim));
    hall_.Tell("gs1", Report("liar", victim, v1::REPORT_CATEGORY_ABUSE));
    hall_.Tell("gs1", Report("other", victim, v1::REPORT_CATEGORY_ABUSE));
    Gather();
    const std::vector<PutCase> opened = hall_.All<PutCase>();
    if (opened.size() <= static_cast<std::size_t>(i)) break;
    const std::string name = opened.back().opened.name();
    EXPECT_EQ(Ask(Claim(name, "gm-sun", v1::ROLE_SENIOR_GM)), "OK");
    EXPECT_EQ(Ask(Decide(name, v1::CASE_VERDICT_DISMISSED, "gm-sun")), "OK");
  }
  const std::size_t before = hall_.All<PutCase>().size();
  hall_.Tell("gs1", Registered("last", "lastone"));
  hall_.Tell("gs1", Report("liar", "last", v1::REPORT_CATEGORY_ABUSE));
  hall_.Tell("gs1", Report("other", "last", v1::REPORT_CATEGORY_ABUSE));
  EXPECT_THAT(hall_.All<PutCase>(), SizeIs(before));
}

TEST_F(DeskTest, ARefusedActionChangesNothingButTheAudit) {
  const std::string name = Open("a", v1::CASE_KIND_BUG);
  EXPECT_EQ(Ask(Claim(name, "gm-li")), "OK");
  const std::uint64_t before = hall_.cells().Digest();
  EXPECT_EQ(Ask(Claim(name, "gm-wang")), "CASE_CLAIMED");
  EXPECT_EQ(hall_.cells().Digest(), before);
  EXPECT_THAT(hall_.Last<Audit>(), SizeIs(1));
  EXPECT_THAT(hall_.Last<PatchCase>(), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::testing
