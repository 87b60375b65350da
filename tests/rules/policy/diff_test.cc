#include "rules/policy/diff.h"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "tests/rules/policy/golden.h"

namespace hallwarden::policy {
namespace {

using ::testing::IsEmpty;

std::string Tell(const std::vector<v1::PlanLine>& lines) {
  std::ostringstream out;
  for (const v1::PlanLine& line : lines) {
    out << line.key() << "\n  zh - " << line.before().zh() << "\n  zh + " << line.after().zh()
        << "\n  en - " << line.before().en() << "\n  en + " << line.after().en() << "\n";
  }
  return out.str();
}

v1::Policy Base() {
  return Compile(ReadTestdata("base.policy.textproto"), "base", "00").policy->source();
}

TEST(DiffTest, SamePoliciesDoNotDiffer) {
  EXPECT_THAT(DiffPolicies(Base(), Base()), IsEmpty());
  EXPECT_THAT(DiffPolicies(v1::Policy(), v1::Policy()), IsEmpty());
}

TEST(DiffTest, ReadsAsTheGoldenDoes) {
  const v1::Policy before = Base();
  v1::Policy after = before;
  after.set_title("base-2");
  after.mutable_ladders(0)->mutable_rungs(1)->mutable_term()->set_seconds(std::int64_t{3} * 86'400);
  after.mutable_ladders(0)->clear_decay();
  after.mutable_ladders(0)->mutable_unchanged_after()->set_seconds(90);
  after.mutable_rules(0)->set_mode(v1::MODE_REVIEW);
  after.mutable_rules(0)->set_reset_content(true);
  after.mutable_rules(1)->add_hold_capabilities(v1::CAPABILITY_EXCHANGE);
  after.mutable_rules()->SwapElements(0, 1);
  after.mutable_rules(2)->set_rule_id("rest.new");
  after.mutable_templates(0)->mutable_text()->set_en("Please mind {reason}.");
  after.mutable_role_limits(0)->set_max_bulk(20);
  after.mutable_role_limits(0)->set_lift_others(true);
  after.mutable_offence_names(0)->mutable_display()->set_en("a nickname");
  after.mutable_timing()->mutable_skew()->set_seconds(60);
  after.mutable_fail_modes(0)->set_deny(true);
  after.add_games()->set_game("ddz");
  ExpectGolden("diff.txt", Tell(DiffPolicies(before, after)));
}

// The other way round, every line is the same with its sides changed.
TEST(DiffTest, IsSymmetric) {
  const v1::Policy before = Base();
  v1::Policy after = DefaultPolicy()->source();
  const auto there = DiffPolicies(before, after);
  const auto back = DiffPolicies(after, before);
  EXPECT_EQ(there.size(), back.size());
}

TEST(DiffTest, EverythingIsNewAtFirst) {
  const v1::Policy& policy = DefaultPolicy()->source();
  for (const v1::PlanLine& line : DiffPolicies(v1::Policy(), policy)) {
    EXPECT_EQ(line.before().zh(), "") << line.key();
    EXPECT_NE(line.after().zh(), "") << line.key();
    EXPECT_NE(line.after().en(), "") << line.key();
  }
}

}  // namespace
}  // namespace hallwarden::policy
