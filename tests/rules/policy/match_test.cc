// Which rule decides which finding.
#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/policy.h"
#include "tests/rules/policy/golden.h"

namespace hallwarden::policy {
namespace {

constexpr std::array kClasses = {v1::ACCOUNT_CLASS_ORDINARY, v1::ACCOUNT_CLASS_PARTNER};
constexpr std::array kSeverities = {v1::SEVERITY_LIGHT, v1::SEVERITY_SERIOUS};
constexpr std::array kConfidences = {v1::CONFIDENCE_NOTE, v1::CONFIDENCE_REVIEW,
                                     v1::CONFIDENCE_PLAIN};

std::string Tell(const Rule* rule) {
  if (rule == nullptr) return "-";
  std::string out = std::string(rule->id) + " " + v1::Action_Name(rule->action);
  if (rule->ladder != nullptr) out += " " + std::string(rule->ladder->id);
  return out + (rule->reset_content ? " reset" : "");
}

TEST(DefaultPolicyTest, CompilesWithoutADiagnostic) {
  const CompileResult result =
      Compile(DefaultPolicyText(), "default.policy.textproto", "0123456789abcdef");
  EXPECT_EQ(FormatDiagnostics(result, DefaultPolicyText()), "");
  ASSERT_NE(result.policy, nullptr);
  EXPECT_EQ(result.policy->revision(), "handbook@0123456789ab");
}

// The handbook as a table: every offence, class, severity and confidence.
TEST(DefaultPolicyTest, DecidesAsTheHandbookSays) {
  std::ostringstream out;
  for (int i = 1; i < v1::Offence_ARRAYSIZE; ++i) {
    const auto offence = static_cast<v1::Offence>(i);
    for (const auto account_class : kClasses) {
      for (const auto severity : kSeverities) {
        out << v1::Offence_Name(offence) << " " << v1::AccountClass_Name(account_class) << " "
            << v1::Severity_Name(severity) << "\n";
        for (const auto confidence : kConfidences) {
          out << "  " << v1::Confidence_Name(confidence) << ": "
              << Tell(DefaultPolicy()->Match(
                     {offence, v1::TEXT_CATEGORY_UNSPECIFIED, severity, account_class, confidence}))
              << "\n";
        }
        out << "  punish: "
            << Tell(DefaultPolicy()->RuleForGm(offence, v1::TEXT_CATEGORY_UNSPECIFIED, severity,
                                               account_class))
            << "\n";
      }
    }
  }
  ExpectGolden("default_matches.txt", out.str());
}

// Every rung of every ladder, so that no number changes unnoticed.
TEST(DefaultPolicyTest, LaddersAreTheHandbooks) {
  std::ostringstream out;
  for (const Ladder& ladder : DefaultPolicy()->ladders()) {
    out << ladder.id << ": decay " << ladder.decay_clean_us / 1'000'000 << " s and "
        << ladder.decay_clean_hands << " hands, unchanged after "
        << ladder.unchanged_after_us / 1'000'000 << " s\n";
    for (const Rung& rung : ladder.rungs) {
      constexpr std::array<std::string_view, 3> kKinds = {"warning", "term", "permanent"};
      out << "  " << kKinds[static_cast<std::size_t>(rung.kind)] << " " << rung.term_us / 1'000'000
          << " s, mask " << rung.capabilities << (rung.now ? ", now" : "")
          << (rung.machine_permanent ? ", machine_permanent" : "")
          << (rung.human_only ? ", human_only" : "") << ", " << rung.source->template_() << "\n";
      ASSERT_NE(rung.notice, nullptr);
    }
  }
  ExpectGolden("default_ladders.txt", out.str());
}

TEST(DefaultPolicyTest, CategoriesDoNotMatter) {
  for (int category = 0; category < v1::TextCategory_ARRAYSIZE; ++category) {
    FindingKey key;
    key.offence = v1::OFFENCE_NAME;
    key.category = static_cast<v1::TextCategory>(category);
    key.confidence = v1::CONFIDENCE_PLAIN;
    EXPECT_EQ(Tell(DefaultPolicy()->Match(key)), "name.plain ACTION_LADDER name_avatar reset");
  }
}

TEST(DefaultPolicyTest, UnknownIsNeverTheHarsher) {
  FindingKey key;
  key.offence = v1::OFFENCE_GOLD_FARMING;
  key.confidence = v1::CONFIDENCE_PLAIN;
  EXPECT_EQ(Tell(DefaultPolicy()->Match(key)), "farming.light ACTION_LADDER farming_light");
  key.confidence = v1::CONFIDENCE_UNSPECIFIED;
  EXPECT_EQ(DefaultPolicy()->Match(key), nullptr);
}

TEST(DefaultPolicyTest, ValuesOfALaterVersionMatchNothing) {
  for (const int value : {-1, 99, 1 << 30}) {
    FindingKey key;
    key.confidence = v1::CONFIDENCE_PLAIN;
    key.offence = static_cast<v1::Offence>(value);
    EXPECT_EQ(DefaultPolicy()->Match(key), nullptr);
    key.offence = v1::OFFENCE_NAME;
    key.severity = static_cast<v1::Severity>(value);
    EXPECT_EQ(DefaultPolicy()->Match(key), nullptr);
    EXPECT_EQ(DefaultPolicy()->MatchShadow(key), nullptr);
  }
}

TEST(DefaultPolicyTest, OnlyNamesAndAdvertsAreBannedForEverByMachine) {
  for (const Ladder& ladder : DefaultPolicy()->ladders()) {
    for (const Rung& rung : ladder.rungs) {
      if (!rung.machine_permanent) continue;
      EXPECT_TRUE(ladder.id == "name_avatar" || ladder.id == "advertising") << ladder.id;
    }
  }
}

TEST(DefaultPolicyTest, SettingsAreCompiled) {
  const CompiledPolicy& policy = *DefaultPolicy();
  EXPECT_EQ(policy.utc_offset_us(), 8LL * 3600 * 1'000'000);
  EXPECT_EQ(policy.timing().hand_end_deadline_us, 600'000'000);
  EXPECT_EQ(policy.timing().undo_window_us, 900'000'000);
  EXPECT_EQ(policy.timing().unenforced_after_us, 300'000'000);
  EXPECT_EQ(policy.timing().result_retention_us, 30LL * 86'400 * 1'000'000);
  EXPECT_EQ(policy.timing().lateness_us, 86'400LL * 1'000'000);
  EXPECT_EQ(policy.timing().skew_us, 300'000'000);
  EXPECT_EQ(policy.retention().journal_us, 180LL * 86'400 * 1'000'000);
  EXPECT_EQ(policy.fail_closed(), MaskOf(v1::CAPABILITY_GIFT) | MaskOf(v1::CAPABILITY_EXCHANGE));
  ASSERT_NE(policy.LimitOf(v1::ROLE_GM), nullptr);
  EXPECT_TRUE(policy.LimitOf(v1::ROLE_GM)->confirm_permanent);
  EXPECT_FALSE(policy.LimitOf(v1::ROLE_GM)->permanent);
  EXPECT_EQ(policy.LimitOf(v1::ROLE_APPEAL_AGENT)->max_term_us, 0);
  EXPECT_EQ(policy.LimitOf(v1::ROLE_ADMIN), nullptr);
  EXPECT_EQ(policy.LimitOf(v1::ROLE_GAME_SERVER), nullptr);
}

TEST(DefaultPolicyTest, FindsByIdentifier) {
  const CompiledPolicy& policy = *DefaultPolicy();
  for (const Rule& rule : policy.rules())
    EXPECT_EQ(policy.FindRule(rule.id), &rule);
  for (const Ladder& ladder : policy.ladders())
    EXPECT_EQ(policy.FindLadder(ladder.id), &ladder);
  EXPECT_EQ(policy.FindRule("no.such"), nullptr);
  EXPECT_EQ(policy.FindLadder(""), nullptr);
  EXPECT_EQ(policy.FindNotice("zzz"), nullptr);
}

TEST(LadderTest, LastRungRepeats) {
  const Ladder& ladder = *DefaultPolicy()->FindLadder("name_avatar");
  EXPECT_EQ(&ladder.At(1), &ladder.rungs[0]);
  EXPECT_EQ(&ladder.At(3), &ladder.rungs[2]);
  EXPECT_EQ(&ladder.At(4), &ladder.rungs[2]);
  EXPECT_EQ(&ladder.At(1'000'000), &ladder.rungs[2]);
}

// A policy with other rules before those of the base.
std::shared_ptr<const CompiledPolicy> WithRules(std::string_view rules) {
  std::string source = ReadTestdata("base.policy.textproto");
  source.insert(source.find("rules {"), rules);
  const CompileResult result = Compile(source, "hall", "00");
  EXPECT_NE(result.policy, nullptr) << FormatDiagnostics(result, source);
  return result.policy;
}

constexpr FindingKey kPlainName = {v1::OFFENCE_NAME, v1::TEXT_CATEGORY_PORN, v1::SEVERITY_LIGHT,
                                   v1::ACCOUNT_CLASS_ORDINARY, v1::CONFIDENCE_PLAIN};

TEST(MatchTest, ShadowChangesNothing) {
  const auto policy = WithRules(
      "rules { rule_id: 'try' title { zh: 'a' en: 'a' } offences: OFFENCE_NAME mode: MODE_SHADOW "
      "ladder: 'names' action: ACTION_LADDER categories: TEXT_CATEGORY_PORN "
      "min_confidence: CONFIDENCE_PLAIN }\n");
  EXPECT_EQ(policy->Match(kPlainName)->id, "name.plain");
  EXPECT_EQ(policy->MatchShadow(kPlainName)->id, "try");
  EXPECT_EQ(policy
                ->RuleForGm(v1::OFFENCE_NAME, v1::TEXT_CATEGORY_PORN, v1::SEVERITY_LIGHT,
                            v1::ACCOUNT_CLASS_ORDINARY)
                ->id,
            "name.plain");
  FindingKey other = kPlainName;
  other.category = v1::TEXT_CATEGORY_UNSPECIFIED;
  EXPECT_EQ(policy->MatchShadow(other), nullptr);
}

TEST(MatchTest, GmClimbsALadderThatTheMachineMayNot) {
  const auto policy = WithRules(
      "rules { rule_id: 'off' title { zh: 'a' en: 'a' } offences: OFFENCE_ABUSE mode: MODE_OFF "
      "ladder: 'names' action: ACTION_LADDER }\n"
      "rules { rule_id: 'try' title { zh: 'a' en: 'a' } offences: OFFENCE_OTHER mode: MODE_SHADOW "
      "ladder: 'names' action: ACTION_LADDER }\n");
  const auto for_gm = [&policy](v1::Offence offence) {
    return policy->RuleForGm(offence, v1::TEXT_CATEGORY_UNSPECIFIED, v1::SEVERITY_UNSPECIFIED,
                             v1::ACCOUNT_CLASS_UNSPECIFIED);
  };
  FindingKey abuse = kPlainName;
  abuse.offence = v1::OFFENCE_ABUSE;
  EXPECT_EQ(policy->Match(abuse)->id, "rest");
  EXPECT_EQ(for_gm(v1::OFFENCE_ABUSE)->id, "off");
  // Nothing but the one in shadow has a ladder for it.
  EXPECT_EQ(for_gm(v1::OFFENCE_OTHER)->id, "try");
  EXPECT_EQ(for_gm(v1::OFFENCE_STALLING), nullptr);
}

TEST(MatchTest, FirstRuleDecides) {
  const auto policy = WithRules(
      "rules { rule_id: 'porn' title { zh: 'a' en: 'a' } offences: OFFENCE_NAME mode: MODE_REVIEW "
      "action: ACTION_CASE categories: TEXT_CATEGORY_PORN }\n");
  EXPECT_EQ(policy->Match(kPlainName)->id, "porn");
  FindingKey insult = kPlainName;
  insult.category = v1::TEXT_CATEGORY_INSULT;
  EXPECT_EQ(policy->Match(insult)->id, "name.plain");
}

}  // namespace
}  // namespace hallwarden::policy
