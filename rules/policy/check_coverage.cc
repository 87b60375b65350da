// Rules that can never match, and findings that no rule takes.
#include <cstddef>
#include <string>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"
#include "rules/policy/match_table.h"

namespace hallwarden::policy {
namespace {

// Every finding that there can be, without unspecified values but the category.
template <typename Function>
void ForEachKey(Function function) {
  constexpr int kSeverities = v1::Severity_ARRAYSIZE - 1;
  constexpr int kClasses = v1::AccountClass_ARRAYSIZE - 1;
  constexpr int kConfidences = v1::Confidence_ARRAYSIZE - 1;
  for (int i = 0; i < v1::TextCategory_ARRAYSIZE * kSeverities * kClasses * kConfidences; ++i) {
    FindingKey key;
    key.confidence = static_cast<v1::Confidence>(i % kConfidences + 1);
    key.account_class = static_cast<v1::AccountClass>(i / kConfidences % kClasses + 1);
    key.severity = static_cast<v1::Severity>(i / kConfidences / kClasses % kSeverities + 1);
    key.category = static_cast<v1::TextCategory>(i / kConfidences / kClasses / kSeverities);
    function(key);
  }
}

// Warns if earlier rules take everything that rule `index` matches.
void CheckReach(const CheckContext& context, const MatchTable& table, int index) {
  const v1::Rule& rule = context.policy->rules(index);
  const bool in_shadow = rule.mode() == v1::MODE_SHADOW;
  if (!in_shadow && rule.mode() != v1::MODE_REVIEW && rule.mode() != v1::MODE_ENFORCE) return;
  bool reached = false;
  int taker = MatchTable::kNoRule;
  for (const int offence : rule.offences()) {
    ForEachKey([&](FindingKey key) {
      key.offence = static_cast<v1::Offence>(offence);
      if (reached || !Matches(rule, key)) return;
      int first = in_shadow ? table.Shadow(key) : table.Live(key);
      if (first == MatchTable::kNoRule) first = table.Live(key);
      reached = first == index;
      if (taker == MatchTable::kNoRule) taker = first;
    });
  }
  if (reached || taker == MatchTable::kNoRule) return;
  const auto node = ChildOf(context.policy, rule, v1::Policy::kRulesFieldNumber, index);
  context.reporter->Warning(node.At(v1::Rule::kRuleIdFieldNumber),
                            "rule " + Quoted(rule.rule_id()) + " can never match: " +
                                Quoted(context.policy->rules(taker).rule_id()) +
                                " comes before it and takes all",
                            "the first rule that matches decides: put the narrower one first");
}

// What of one offence and class no rule takes.
struct Holes {
  int cells = 0;
  int holes = 0;
  std::vector<int> by_severity = std::vector<int>(v1::Severity_ARRAYSIZE);
  std::vector<int> by_category = std::vector<int>(v1::TextCategory_ARRAYSIZE);

  friend bool operator==(const Holes&, const Holes&) = default;
};

// In words: nothing if all is a hole, else the severity or the categories that are.
std::string Narrow(const Holes& holes) {
  if (holes.holes == holes.cells) return "";
  for (int severity = 1; severity < v1::Severity_ARRAYSIZE; ++severity) {
    if (holes.by_severity[static_cast<std::size_t>(severity)] == holes.holes) {
      return std::string(", ") + (severity == v1::SEVERITY_LIGHT ? "light" : "serious");
    }
  }
  std::string out;
  for (int category = 0; category < v1::TextCategory_ARRAYSIZE; ++category) {
    if (holes.by_category[static_cast<std::size_t>(category)] == 0) continue;
    out += ", " + v1::TextCategory_Name(static_cast<v1::TextCategory>(category));
  }
  return out;
}

Holes FindHoles(const MatchTable& table, v1::Offence offence, v1::AccountClass account_class) {
  Holes holes;
  ForEachKey([&](FindingKey key) {
    if (key.account_class != account_class || key.confidence != v1::CONFIDENCE_PLAIN) return;
    key.offence = offence;
    ++holes.cells;
    if (table.Live(key) != MatchTable::kNoRule) return;
    ++holes.holes;
    ++holes.by_severity[static_cast<std::size_t>(key.severity)];
    ++holes.by_category[static_cast<std::size_t>(key.category)];
  });
  return holes;
}

void CheckHoles(const CheckContext& context, const MatchTable& table, v1::Offence offence) {
  const Holes ordinary = FindHoles(table, offence, v1::ACCOUNT_CLASS_ORDINARY);
  const Holes partner = FindHoles(table, offence, v1::ACCOUNT_CLASS_PARTNER);
  const auto warn = [&](const std::string& whose, const Holes& holes) {
    if (holes.holes == 0) return;
    context.reporter->Warning(
        context.policy.At(v1::Policy::kRulesFieldNumber, 0),
        "no rule for " + v1::Offence_Name(offence) + whose + Narrow(holes) + ": it falls to a note",
        "add a rule that is not off or in shadow, for example with ACTION_CASE");
  };
  if (ordinary == partner) {
    warn("", ordinary);
  } else {
    warn(" of ordinary accounts", ordinary);
    warn(" of partner accounts", partner);
  }
}

}  // namespace

void CheckCoverage(const CheckContext& context) {
  const MatchTable table(context.policy.get());
  for (int i = 0; i < context.policy->rules_size(); ++i)
    CheckReach(context, table, i);
  for (int offence = 1; offence < v1::Offence_ARRAYSIZE; ++offence) {
    CheckHoles(context, table, static_cast<v1::Offence>(offence));
  }
}

}  // namespace hallwarden::policy
