#include "rules/policy/match_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

namespace hallwarden::policy {
namespace {

template <typename List, typename Value>
bool HasOrEmpty(const List& list, Value value) {
  return list.empty() || std::find(list.begin(), list.end(), value) != list.end();
}

bool HasOffence(const v1::Rule& rule, v1::Offence offence) {
  return !rule.offences().empty() && HasOrEmpty(rule.offences(), offence);
}

bool FitsBesidesOffenceAndConfidence(const v1::Rule& rule, const FindingKey& key) {
  return HasOrEmpty(rule.categories(), key.category) &&
         HasOrEmpty(rule.severities(), key.severity) &&
         HasOrEmpty(rule.account_classes(), key.account_class);
}

bool IsLive(const v1::Rule& rule) {
  return rule.mode() == v1::MODE_REVIEW || rule.mode() == v1::MODE_ENFORCE;
}

// What stands for an unspecified value.
FindingKey Normal(FindingKey key) {
  if (key.severity == v1::SEVERITY_UNSPECIFIED) key.severity = v1::SEVERITY_LIGHT;
  if (key.account_class == v1::ACCOUNT_CLASS_UNSPECIFIED) {
    key.account_class = v1::ACCOUNT_CLASS_ORDINARY;
  }
  if (key.confidence == v1::CONFIDENCE_UNSPECIFIED) key.confidence = v1::CONFIDENCE_NOTE;
  return key;
}

// The three rules of one cell.
struct Found {
  int live = MatchTable::kNoRule;
  int shadow = MatchTable::kNoRule;
  int gm = MatchTable::kNoRule;
};

// Rules of one offence in the order of the policy, by index.
std::vector<int> RulesOf(const v1::Policy& policy, v1::Offence offence) {
  std::vector<int> indexes;
  for (int i = 0; i < policy.rules_size(); ++i) {
    if (HasOffence(policy.rules(i), offence)) indexes.push_back(i);
  }
  return indexes;
}

// `indexes` are the rules of the key's offence.
Found FindRules(const v1::Policy& policy, const std::vector<int>& indexes, const FindingKey& key) {
  Found found;
  int gm_in_shadow = MatchTable::kNoRule;
  for (const int i : indexes) {
    const v1::Rule& rule = policy.rules(i);
    if (!FitsBesidesOffenceAndConfidence(rule, key)) continue;
    const bool in_shadow = rule.mode() == v1::MODE_SHADOW;
    if (!rule.ladder().empty()) {
      int& gm = in_shadow ? gm_in_shadow : found.gm;
      if (gm == MatchTable::kNoRule) gm = i;
    }
    if (found.live != MatchTable::kNoRule || key.confidence < rule.min_confidence()) continue;
    if (IsLive(rule)) found.live = i;
    if (in_shadow && found.shadow == MatchTable::kNoRule) found.shadow = i;
  }
  if (found.gm == MatchTable::kNoRule) found.gm = gm_in_shadow;
  return found;
}

}  // namespace

bool Matches(const v1::Rule& rule, const FindingKey& key) {
  return HasOffence(rule, key.offence) && FitsBesidesOffenceAndConfidence(rule, key) &&
         key.confidence >= rule.min_confidence();
}

MatchTable::MatchTable() {
  live_.fill(kNoRule);
  shadow_.fill(kNoRule);
  gm_.fill(kNoRule);
}

MatchTable::MatchTable(const v1::Policy& policy) : MatchTable() {
  constexpr std::size_t kCellsOfOffence = kCells / kOffences;
  for (std::size_t offence = 1; offence < kOffences; ++offence) {
    FindingKey key;
    key.offence = static_cast<v1::Offence>(offence);
    const std::vector<int> indexes = RulesOf(policy, key.offence);
    for (std::size_t rest = 0; rest < kCellsOfOffence; ++rest) {
      key.confidence = static_cast<v1::Confidence>(rest % kConfidences);
      key.account_class = static_cast<v1::AccountClass>(rest / kConfidences % kClasses);
      key.severity = static_cast<v1::Severity>(rest / kConfidences / kClasses % kSeverities);
      key.category = static_cast<v1::TextCategory>(rest / kConfidences / kClasses / kSeverities);
      const Found found = FindRules(policy, indexes, Normal(key));
      const std::size_t cell = offence * kCellsOfOffence + rest;
      live_[cell] = static_cast<std::int16_t>(found.live);
      shadow_[cell] = static_cast<std::int16_t>(found.shadow);
      gm_[cell] = static_cast<std::int16_t>(found.gm);
    }
  }
}

std::size_t MatchTable::CellOf(const FindingKey& key) {
  // Negative values become large ones.
  const auto offence = static_cast<std::size_t>(key.offence);
  const auto category = static_cast<std::size_t>(key.category);
  const auto severity = static_cast<std::size_t>(key.severity);
  const auto account_class = static_cast<std::size_t>(key.account_class);
  const auto confidence = static_cast<std::size_t>(key.confidence);
  if (offence >= kOffences || category >= kCategories || severity >= kSeverities ||
      account_class >= kClasses || confidence >= kConfidences) {
    return kCells;
  }
  return (((offence * kCategories + category) * kSeverities + severity) * kClasses +
          account_class) *
             kConfidences +
         confidence;
}

int MatchTable::Live(const FindingKey& key) const {
  return live_[CellOf(key)];
}

int MatchTable::Shadow(const FindingKey& key) const {
  return shadow_[CellOf(key)];
}

int MatchTable::ForGm(const FindingKey& key) const {
  return gm_[CellOf(key)];
}

}  // namespace hallwarden::policy
