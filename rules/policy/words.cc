#include "rules/policy/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include <google/protobuf/descriptor.h>

#include "rules/policy/notice.h"

namespace hallwarden::policy {
namespace {

struct Word {
  std::string_view name;
  std::string_view zh;
};

// Sorted by name, in ASCII order.
constexpr std::array<Word, 96> kWords = {{
    {"ACCOUNT_CLASS_ORDINARY", "\u666e\u901a\u7528\u6237"},
    {"ACCOUNT_CLASS_PARTNER", "\u5408\u4f5c\u65b9\u7528\u6237"},
    {"ACTION_CASE", "\u5de5\u5355"},
    {"ACTION_HOLD", "\u4e34\u65f6\u9650\u5236"},
    {"ACTION_LADDER", "\u5904\u7f5a\u9636\u68af"},
    {"ACTION_NOTE", "\u8bb0\u5f55"},
    {"CAPABILITY_AVATAR", "\u5934\u50cf"},
    {"CAPABILITY_CHAT", "\u804a\u5929"},
    {"CAPABILITY_EXCHANGE", "\u5151\u6362"},
    {"CAPABILITY_GIFT", "\u8d60\u9001"},
    {"CAPABILITY_LOGIN", "\u767b\u5f55"},
    {"CAPABILITY_NAME", "\u6635\u79f0"},
    {"CAPABILITY_PLAY", "\u6e38\u620f"},
    {"CAPABILITY_RANKED", "\u6392\u4f4d"},
    {"CONFIDENCE_NOTE", "\u7ebf\u7d22"},
    {"CONFIDENCE_PLAIN", "\u660e\u786e"},
    {"CONFIDENCE_REVIEW", "\u5f85\u6838"},
    {"EFFECT_HAND_END", "\u5c40\u672b"},
    {"EFFECT_NOW", "\u7acb\u5373"},
    {"MODE_ENFORCE", "\u6267\u884c"},
    {"MODE_OFF", "\u5173\u95ed"},
    {"MODE_REVIEW", "\u590d\u6838"},
    {"MODE_SHADOW", "\u5f71\u5b50"},
    {"OFFENCE_ABUSE", "\u6076\u610f\u8c29\u9a82"},
    {"OFFENCE_ADVERTISING", "\u79c1\u81ea\u53d1\u5e03\u5e7f\u544a"},
    {"OFFENCE_AVATAR", "\u5934\u50cf"},
    {"OFFENCE_CHEATING", "\u6076\u610f\u4f5c\u5f0a"},
    {"OFFENCE_DATA_ANOMALY", "\u6570\u636e\u5f02\u5e38"},
    {"OFFENCE_GOLD_FARMING", "\u5237\u91d1\u5e01"},
    {"OFFENCE_GOLD_TRADING", "\u79c1\u4e0b\u4ea4\u6613\u91d1\u5e01"},
    {"OFFENCE_NAME", "\u6635\u79f0"},
    {"OFFENCE_OTHER", "\u5176\u4ed6"},
    {"OFFENCE_STALLING", "\u5237\u65f6\u95f4"},
    {"OFFENCE_STOLEN_ACCOUNT", "\u76d7\u53f7"},
    {"ROLE_ADMIN", "\u7ba1\u7406\u5458"},
    {"ROLE_APPEAL_AGENT", "\u7533\u8bc9\u4e13\u5458"},
    {"ROLE_GM", "GM"},
    {"ROLE_LEAD", "\u4e3b\u7ba1"},
    {"ROLE_SENIOR_GM", "\u8d44\u6df1GM"},
    {"ROLE_VIEWER", "\u67e5\u770b\u5458"},
    {"SEVERITY_LIGHT", "\u60c5\u8282\u8f7b"},
    {"SEVERITY_SERIOUS", "\u60c5\u8282\u4e25\u91cd"},
    {"TEXT_CATEGORY_ADVERT", "\u5e7f\u544a"},
    {"TEXT_CATEGORY_IMPERSONATION", "\u5192\u5145"},
    {"TEXT_CATEGORY_INSULT", "\u4fae\u8fb1"},
    {"TEXT_CATEGORY_POLITICS", "\u653f\u6cbb"},
    {"TEXT_CATEGORY_PORN", "\u8272\u60c5"},
    {"TEXT_CATEGORY_RELIGION", "\u5b97\u6559"},
    {"account_classes", "\u7528\u6237\u7c7b\u522b"},
    {"action", "\u52a8\u4f5c"},
    {"audit", "\u5ba1\u8ba1"},
    {"capabilities", "\u529f\u80fd"},
    {"categories", "\u7c7b\u522b"},
    {"clean_hands", "\u5c40\u6570"},
    {"clean_time", "\u65e0\u8fdd\u89c4\u65f6\u95f4"},
    {"confirm_permanent", "\u53ef\u786e\u8ba4\u6c38\u4e45\u5904\u7f5a"},
    {"decay", "\u9012\u51cf"},
    {"deny", "\u62d2\u7edd"},
    {"display", "\u540d\u79f0"},
    {"effect", "\u751f\u6548"},
    {"hand_end_deadline", "\u7b49\u5f85\u5c40\u672b"},
    {"history", "\u5386\u53f2"},
    {"hold_capabilities", "\u9650\u5236\u529f\u80fd"},
    {"hold_template", "\u9650\u5236\u6a21\u677f"},
    {"hold_term", "\u9650\u5236\u65f6\u9650"},
    {"hourly_limit", "\u6bcf\u5c0f\u65f6\u6b21\u6570"},
    {"hourly_quota", "\u6bcf\u5c0f\u65f6\u4e0a\u9650"},
    {"human_only", "\u4ec5\u7531\u4eba\u5de5\u51b3\u5b9a"},
    {"journal", "\u6d41\u6c34"},
    {"ladder", "\u9636\u68af"},
    {"lateness", "\u8fdf\u5230\u5bb9\u9650"},
    {"lift_others", "\u53ef\u89e3\u9664\u4ed6\u4eba\u5904\u7f5a"},
    {"machine_permanent", "\u7cfb\u7edf\u53ef\u6c38\u4e45\u5904\u7f5a"},
    {"max_bulk", "\u5355\u6b21\u8d26\u53f7\u6570"},
    {"max_term", "\u6700\u957f\u65f6\u9650"},
    {"min_confidence", "\u6700\u4f4e\u628a\u63e1"},
    {"mode", "\u65b9\u5f0f"},
    {"offences", "\u8fdd\u89c4"},
    {"permanent", "\u6c38\u4e45"},
    {"reset_content", "\u91cd\u7f6e\u5185\u5bb9"},
    {"result_retention", "\u7ed3\u679c\u4fdd\u7559"},
    {"rule_norm_factor", "\u89c4\u5219\u5e38\u503c\u500d\u6570"},
    {"rule_norm_floor", "\u89c4\u5219\u6700\u4f4e\u6b21\u6570"},
    {"rungs", "\u6863"},
    {"server_per_hour", "\u6bcf\u670d\u6bcf\u5c0f\u65f6"},
    {"server_per_minute", "\u6bcf\u670d\u6bcf\u5206\u949f"},
    {"severities", "\u7a0b\u5ea6"},
    {"skew", "\u65f6\u949f\u5bb9\u9650"},
    {"template", "\u6a21\u677f"},
    {"term", "\u65f6\u9650"},
    {"text", "\u6587\u5b57"},
    {"title", "\u6807\u9898"},
    {"unchanged_after", "\u672a\u6539\u518d\u8ba1"},
    {"undo_window", "\u64a4\u9500\u65f6\u9650"},
    {"unenforced_after", "\u672a\u6267\u884c\u63d0\u793a"},
    {"warning", "\u8b66\u544a"},
}};

constexpr bool IsSorted() {
  for (std::size_t i = 1; i < kWords.size(); ++i) {
    if (!(kWords[i - 1].name < kWords[i].name)) return false;
  }
  return true;
}
static_assert(IsSorted());

// Empty if there is none.
std::string_view ChineseFor(std::string_view name) {
  const auto* const it =
      std::lower_bound(kWords.begin(), kWords.end(), name,
                       [](const Word& word, std::string_view key) { return word.name < key; });
  return it != kWords.end() && it->name == name ? it->zh : std::string_view();
}

// `MAX_TERM` -> `max term`.
std::string Spoken(std::string_view name) {
  std::string out(name);
  for (char& c : out) {
    if (c == '_') c = ' ';
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace

std::string FieldWord(const google::protobuf::FieldDescriptor& field, Language language) {
  const std::string_view zh = ChineseFor(field.name());
  return language == Language::kZh && !zh.empty() ? std::string(zh) : Spoken(field.name());
}

std::string ValueWord(const google::protobuf::EnumValueDescriptor& value, Language language) {
  const std::string_view zh = ChineseFor(value.name());
  if (language == Language::kZh && !zh.empty()) return std::string(zh);
  // Names of values begin with the name of their enum, which the zero value tells.
  const std::string_view zero = value.type()->value(0)->name();
  const std::size_t prefix = zero.rfind('_') + 1;
  return Spoken(std::string_view(value.name()).substr(prefix));
}

}  // namespace hallwarden::policy
