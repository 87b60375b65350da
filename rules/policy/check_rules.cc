#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"

namespace hallwarden::policy {
namespace {

constexpr std::size_t kTitleMaxBytes = 200;

// Only these are written, and can have a category or content to remove.
bool IsWritten(v1::Offence offence) {
  switch (offence) {
    case v1::OFFENCE_NAME:
    case v1::OFFENCE_AVATAR:
    case v1::OFFENCE_ADVERTISING:
    case v1::OFFENCE_ABUSE:
    case v1::OFFENCE_GOLD_TRADING:
    case v1::OFFENCE_OTHER:
      return true;
    default:
      return false;
  }
}

class RuleCheck {
 public:
  RuleCheck(const CheckContext& context, const Node<v1::Rule>& rule)
      : context_(context), rule_(rule) {}

  void Run() {
    CheckText(context_, ChildOf(rule_, rule_->title(), v1::Rule::kTitleFieldNumber), "title",
              kTitleMaxBytes);
    CheckOffences();
    CheckSelectors();
    CheckMode();
    CheckLadder();
    if (rule_->action() == v1::ACTION_HOLD) {
      CheckHold();
    } else {
      CheckNoHold();
    }
    if (rule_->hourly_quota() < 0) {
      Error(v1::Rule::kHourlyQuotaFieldNumber, "hourly_quota is negative", "0 is no limit");
    }
  }

 private:
  void Error(int field_number, std::string reason, std::string hint, int index = -1) {
    context_.reporter->Error(rule_.At(field_number, index), std::move(reason), std::move(hint));
  }
  void Warning(int field_number, std::string reason, std::string hint, int index = -1) {
    context_.reporter->Warning(rule_.At(field_number, index), std::move(reason), std::move(hint));
  }

  void CheckOffences() {
    if (rule_->offences_size() == 0) {
      context_.reporter->Error(rule_.place, "a rule without offences",
                               "name at least one, for example OFFENCE_NAME");
    }
    for (int i = 0; i < rule_->offences_size(); ++i) {
      const auto offence = rule_->offences(i);
      const std::string name = v1::Offence_Name(offence);
      if (offence == v1::OFFENCE_UNSPECIFIED) {
        Error(v1::Rule::kOffencesFieldNumber, "OFFENCE_UNSPECIFIED matches nothing",
              "name an offence, for example OFFENCE_NAME", i);
      } else if (offence == v1::OFFENCE_STOLEN_ACCOUNT && !rule_->ladder().empty()) {
        Error(v1::Rule::kLadderFieldNumber,
              "OFFENCE_STOLEN_ACCOUNT on a ladder: it would punish the owner",
              "hold the account or open a case, without a ladder");
      } else if (v1::Offence_IsValid(offence) && !IsWritten(offence)) {
        if (rule_->categories_size() > 0) {
          Warning(v1::Rule::kCategoriesFieldNumber,
                  "categories never match " + name + ": it is not about text",
                  "remove the categories, or move the offence to a rule without them", 0);
        }
        if (rule_->reset_content()) {
          Warning(v1::Rule::kResetContentFieldNumber,
                  "reset_content has nothing to reset for " + name,
                  "remove it, or move the offence to a rule without it");
        }
      }
    }
  }

  void CheckSelectors() {
    for (int i = 0; i < rule_->categories_size(); ++i) {
      if (rule_->categories(i) != v1::TEXT_CATEGORY_UNSPECIFIED) continue;
      Error(v1::Rule::kCategoriesFieldNumber, "TEXT_CATEGORY_UNSPECIFIED as a category",
            "leave categories empty to match all", i);
    }
    for (int i = 0; i < rule_->severities_size(); ++i) {
      if (rule_->severities(i) != v1::SEVERITY_UNSPECIFIED) continue;
      Error(v1::Rule::kSeveritiesFieldNumber, "SEVERITY_UNSPECIFIED as a severity",
            "leave severities empty to match all; not graded counts as light", i);
    }
    for (int i = 0; i < rule_->account_classes_size(); ++i) {
      if (rule_->account_classes(i) != v1::ACCOUNT_CLASS_UNSPECIFIED) continue;
      Error(v1::Rule::kAccountClassesFieldNumber, "ACCOUNT_CLASS_UNSPECIFIED as a class",
            "leave account_classes empty to match all; unknown counts as ordinary", i);
    }
  }

  void CheckMode() {
    if (rule_->action() == v1::ACTION_UNSPECIFIED) {
      Error(v1::Rule::kActionFieldNumber, "a rule without action",
            "write action: ACTION_NOTE, ACTION_CASE, ACTION_HOLD or ACTION_LADDER");
    }
    if (rule_->mode() == v1::MODE_UNSPECIFIED) {
      Warning(v1::Rule::kModeFieldNumber, "a rule without mode is off",
              "write mode: MODE_OFF, MODE_SHADOW, MODE_REVIEW or MODE_ENFORCE");
    }
    if (rule_->mode() != v1::MODE_ENFORCE) return;
    if (rule_->action() == v1::ACTION_LADDER && rule_->min_confidence() < v1::CONFIDENCE_PLAIN) {
      Error(v1::Rule::kMinConfidenceFieldNumber,
            "a machine would climb a ladder on findings that are not plain",
            "write min_confidence: CONFIDENCE_PLAIN, and a rule with ACTION_CASE for the rest");
    }
    if (rule_->action() == v1::ACTION_HOLD && rule_->min_confidence() < v1::CONFIDENCE_REVIEW) {
      Error(v1::Rule::kMinConfidenceFieldNumber, "a machine would hold accounts on mere notes",
            "write min_confidence: CONFIDENCE_PLAIN, or at least CONFIDENCE_REVIEW");
    }
  }

  void CheckLadder() {
    if (rule_->ladder().empty()) {
      if (rule_->action() == v1::ACTION_LADDER) {
        Error(v1::Rule::kActionFieldNumber, "ACTION_LADDER without ladder",
              "write ladder: \"...\", the identifier of one of ladders");
      }
      return;
    }
    const auto found = context_.ladders.find(rule_->ladder());
    if (found == context_.ladders.end()) {
      Error(v1::Rule::kLadderFieldNumber, "no ladder " + Quoted(rule_->ladder()),
            context_.reporter->DidYouMean(rule_->ladder(), Names(context_.ladders),
                                          "define it under ladders"));
      return;
    }
    if (rule_->action() == v1::ACTION_LADDER && rule_->mode() == v1::MODE_ENFORCE) {
      CheckPermanentRungs(found->second);
    }
  }

  // A permanent ban needs a human, or an explicit line.
  void CheckPermanentRungs(int ladder_index) {
    const auto ladder = ChildOf(context_.policy, context_.policy->ladders(ladder_index),
                                v1::Policy::kLaddersFieldNumber, ladder_index);
    for (int i = 0; i < ladder->rungs_size(); ++i) {
      const v1::Rung& rung = ladder->rungs(i);
      if (!rung.permanent() || rung.machine_permanent() || rung.human_only()) continue;
      const auto node = ChildOf(ladder, rung, v1::Ladder::kRungsFieldNumber, i);
      context_.reporter->Error(
          node.At(v1::Rung::kPermanentFieldNumber),
          "rule " + Quoted(rule_->rule_id()) + " lets a machine reach a permanent rung",
          "write human_only: true (a human decides) or machine_permanent: true (the machine may)");
    }
  }

  void CheckHold() {
    if (rule_->hold_capabilities_size() == 0) {
      Error(v1::Rule::kActionFieldNumber, "ACTION_HOLD without hold_capabilities",
            "say what it takes away, for example CAPABILITY_EXCHANGE");
    }
    CheckCapabilities(context_, rule_, v1::Rule::kHoldCapabilitiesFieldNumber,
                      rule_->hold_capabilities());
    if (rule_->has_hold_term()) {
      CheckDuration(context_, rule_.At(v1::Rule::kHoldTermFieldNumber), rule_->hold_term(),
                    {"hold_term", kTermMinUs, kHoldMaxUs});
    } else {
      Error(v1::Rule::kActionFieldNumber, "ACTION_HOLD without hold_term",
            "say for how long, at most { seconds: 259200 } (72 hours)");
    }
    CheckTemplate(context_, rule_.At(v1::Rule::kHoldTemplateFieldNumber), rule_->hold_template(),
                  {"this hold", true});
  }

  void CheckNoHold() {
    const std::string hint = "remove it, or write action: ACTION_HOLD";
    if (rule_->hold_capabilities_size() > 0) {
      Warning(v1::Rule::kHoldCapabilitiesFieldNumber, "hold_capabilities without ACTION_HOLD", hint,
              0);
    }
    if (rule_->has_hold_term()) {
      Warning(v1::Rule::kHoldTermFieldNumber, "hold_term without ACTION_HOLD", hint);
    }
    if (!rule_->hold_template().empty()) {
      Warning(v1::Rule::kHoldTemplateFieldNumber, "hold_template without ACTION_HOLD", hint);
    }
  }

  const CheckContext& context_;
  const Node<v1::Rule>& rule_;
};

}  // namespace

void CheckRules(const CheckContext& context) {
  IdIndex ids;
  if (context.policy->rules_size() == 0) {
    context.reporter->Error({1, 1}, "a policy without rules", "add rules");
  }
  for (int i = 0; i < context.policy->rules_size(); ++i) {
    const auto rule =
        ChildOf(context.policy, context.policy->rules(i), v1::Policy::kRulesFieldNumber, i);
    const Place id = rule.At(v1::Rule::kRuleIdFieldNumber);
    if (CheckId(context, id, rule->rule_id(), ".") && !ids.emplace(rule->rule_id(), i).second) {
      context.reporter->Error(id, "a second rule " + Quoted(rule->rule_id()),
                              "identifiers are unique: rename one");
    }
    RuleCheck(context, rule).Run();
  }
}

}  // namespace hallwarden::policy
