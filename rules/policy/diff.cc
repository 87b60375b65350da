#include "rules/policy/diff.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/notice.h"
#include "rules/policy/utf8.h"
#include "rules/policy/words.h"

namespace hallwarden::policy {
namespace {

namespace pb = google::protobuf;

// Everything is described through the schema, so that a field that is added to it cannot be
// forgotten here. Two descriptions differ whenever the values do.

std::string DurationText(const pb::Duration& duration, Language language) {
  const std::int64_t us = ToMicros(duration);
  if (us > 0 && us % kMinuteUs == 0 && duration.nanos() == 0) return TermText(us, language);
  std::string text = std::to_string(duration.seconds());
  if (duration.nanos() != 0) text += " + " + std::to_string(duration.nanos()) + "e-9";
  return text + (language == Language::kZh ? " \u79d2" : " seconds");
}

std::string Describe(const pb::Message& message, Language language);

// One value of a field; `index` is -1 for singular fields.
// NOLINTNEXTLINE(misc-no-recursion): the schema is four levels deep
std::string DescribeValue(const pb::Message& message, const pb::FieldDescriptor* field, int index,
                          Language language) {
  const pb::Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return Describe(index < 0 ? reflection.GetMessage(message, field)
                                : reflection.GetRepeatedMessage(message, field, index),
                      language);
    case pb::FieldDescriptor::CPPTYPE_ENUM: {
      const int value = index < 0 ? reflection.GetEnumValue(message, field)
                                  : reflection.GetRepeatedEnumValue(message, field, index);
      const auto* known = field->enum_type()->FindValueByNumber(value);
      return known == nullptr ? std::to_string(value) : ValueWord(*known, language);
    }
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return Printable(index < 0 ? reflection.GetString(message, field)
                                 : reflection.GetRepeatedString(message, field, index));
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return reflection.GetBool(message, field) ? "+" : "-";
    case pb::FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(reflection.GetInt64(message, field));
    default:
      return std::to_string(reflection.GetInt32(message, field));
  }
}

// All values of a field, or nothing if it is not set.
std::string DescribeField(const pb::Message& message, const pb::FieldDescriptor* field,
                          Language language) {
  const pb::Reflection& reflection = *message.GetReflection();
  if (!field->is_repeated()) {
    return reflection.HasField(message, field) ? DescribeValue(message, field, -1, language) : "";
  }
  std::string out;
  for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
    const std::string value = DescribeValue(message, field, i, language);
    if (i > 0) out += ", ";
    // Rungs and their like are counted, so that one can see which it is.
    out += field->message_type() == nullptr ? value : std::to_string(i + 1) + " (" + value + ")";
  }
  return out;
}

std::string Labelled(const pb::FieldDescriptor* field, const std::string& value,
                     Language language) {
  std::string label = FieldWord(*field, language);
  return field->cpp_type() == pb::FieldDescriptor::CPPTYPE_BOOL ? label : label + " " + value;
}

// NOLINTNEXTLINE(misc-no-recursion): the schema is four levels deep
std::string Describe(const pb::Message& message, Language language) {
  if (message.GetDescriptor() == pb::Duration::descriptor()) {
    return DurationText(static_cast<const pb::Duration&>(message), language);
  }
  if (message.GetDescriptor() == v1::LocalizedText::descriptor()) {
    const auto& text = static_cast<const v1::LocalizedText&>(message);
    return Printable(language == Language::kZh ? text.zh() : text.en());
  }
  std::string out;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* field = message.GetDescriptor()->field(i);
    const std::string value = DescribeField(message, field, language);
    if (value.empty()) continue;
    if (!out.empty()) out += ", ";
    out += Labelled(field, value, language);
  }
  return out;
}

bool SameField(const pb::Message& before, const pb::Message& after,
               const pb::FieldDescriptor* field) {
  return DescribeField(before, field, Language::kZh) ==
             DescribeField(after, field, Language::kZh) &&
         DescribeField(before, field, Language::kEn) == DescribeField(after, field, Language::kEn);
}

// What two messages differ in, told of `message`.
std::string DescribeChanged(const pb::Message& message, const pb::Message& other,
                            Language language) {
  std::string out;
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const pb::FieldDescriptor* field = message.GetDescriptor()->field(i);
    if (SameField(message, other, field)) continue;
    const std::string value = DescribeField(message, field, language);
    if (!out.empty()) out += "; ";
    out += value.empty() ? FieldWord(*field, language) + " -" : Labelled(field, value, language);
  }
  return out;
}

void SetBoth(v1::LocalizedText* text, const std::string& zh, const std::string& en) {
  text->set_zh(zh);
  text->set_en(en);
}

// Elements of one repeated field of the policy, matched by what identifies them.
struct Group {
  int field_number;
  std::string_view label;
  std::vector<int> id_field_numbers;
};

std::string IdOf(const pb::Message& element, const Group& group) {
  std::string id(group.label);
  for (const int number : group.id_field_numbers) {
    const std::string part =
        DescribeField(element, element.GetDescriptor()->FindFieldByNumber(number), Language::kEn);
    if (!part.empty()) id += " " + part;
  }
  return id;
}

class Differ {
 public:
  Differ(const v1::Policy& before, const v1::Policy& after) : before_(before), after_(after) {}

  std::vector<v1::PlanLine> Run();

 private:
  [[nodiscard]] static std::vector<const pb::Message*> Elements(const v1::Policy& policy,
                                                                const Group& group) {
    const auto* field = policy.GetDescriptor()->FindFieldByNumber(group.field_number);
    const int count = policy.GetReflection()->FieldSize(policy, field);
    std::vector<const pb::Message*> elements;
    elements.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
      elements.push_back(&policy.GetReflection()->GetRepeatedMessage(policy, field, i));
    }
    return elements;
  }

  static const pb::Message* Find(const std::vector<const pb::Message*>& elements,
                                 const Group& group, const std::string& id) {
    for (const pb::Message* element : elements) {
      if (IdOf(*element, group) == id) return element;
    }
    return nullptr;
  }

  v1::PlanLine* Add(std::string_view key) {
    lines_.emplace_back().set_key(std::string(key));
    return &lines_.back();
  }

  void DiffField(const pb::FieldDescriptor* field);
  void DiffGroup(const Group& group);
  void DiffOrder();

  const v1::Policy& before_;
  const v1::Policy& after_;
  std::vector<v1::PlanLine> lines_;
};

void Differ::DiffField(const pb::FieldDescriptor* field) {
  if (SameField(before_, after_, field)) return;
  v1::PlanLine* line = Add(field->name());
  for (const bool old : {true, false}) {
    const v1::Policy& policy = old ? before_ : after_;
    SetBoth(old ? line->mutable_before() : line->mutable_after(),
            DescribeField(policy, field, Language::kZh),
            DescribeField(policy, field, Language::kEn));
  }
}

void Differ::DiffGroup(const Group& group) {
  const auto before = Elements(before_, group);
  const auto after = Elements(after_, group);
  for (const pb::Message* element : after) {
    const std::string id = IdOf(*element, group);
    const pb::Message* old = Find(before, group, id);
    if (old == nullptr) {
      SetBoth(Add(id)->mutable_after(), Describe(*element, Language::kZh),
              Describe(*element, Language::kEn));
      continue;
    }
    const std::string now_zh = DescribeChanged(*element, *old, Language::kZh);
    if (now_zh.empty()) continue;
    v1::PlanLine* line = Add(id);
    SetBoth(line->mutable_before(), DescribeChanged(*old, *element, Language::kZh),
            DescribeChanged(*old, *element, Language::kEn));
    SetBoth(line->mutable_after(), now_zh, DescribeChanged(*element, *old, Language::kEn));
  }
  for (const pb::Message* element : before) {
    const std::string id = IdOf(*element, group);
    if (Find(after, group, id) != nullptr) continue;
    SetBoth(Add(id)->mutable_before(), Describe(*element, Language::kZh),
            Describe(*element, Language::kEn));
  }
}

// Rules that both have, in the order of `policy`.
std::string CommonRules(const v1::Policy& policy, const v1::Policy& other) {
  std::string out;
  for (const v1::Rule& rule : policy.rules()) {
    const bool common = std::any_of(
        other.rules().begin(), other.rules().end(),
        [&rule](const v1::Rule& candidate) { return candidate.rule_id() == rule.rule_id(); });
    if (!common) continue;
    if (!out.empty()) out += ", ";
    out += Printable(rule.rule_id());
  }
  return out;
}

// The first rule that matches decides, so the order is part of the policy.
void Differ::DiffOrder() {
  const std::string before = CommonRules(before_, after_);
  const std::string after = CommonRules(after_, before_);
  if (before == after) return;
  v1::PlanLine* line = Add("rule order");
  SetBoth(line->mutable_before(), before, before);
  SetBoth(line->mutable_after(), after, after);
}

std::vector<v1::PlanLine> Differ::Run() {
  const std::vector<Group> groups = {
      {v1::Policy::kLaddersFieldNumber, "ladder", {v1::Ladder::kLadderIdFieldNumber}},
      {v1::Policy::kRulesFieldNumber, "rule", {v1::Rule::kRuleIdFieldNumber}},
      {v1::Policy::kTemplatesFieldNumber, "template", {v1::NoticeTemplate::kTemplateIdFieldNumber}},
      {v1::Policy::kGamesFieldNumber, "game", {v1::GameName::kGameFieldNumber}},
      {v1::Policy::kOffenceNamesFieldNumber,
       "offence name",
       {v1::OffenceName::kOffenceFieldNumber, v1::OffenceName::kCategoryFieldNumber}},
      {v1::Policy::kRoleLimitsFieldNumber, "limit", {v1::RoleLimit::kRoleFieldNumber}},
      {v1::Policy::kFailModesFieldNumber, "fail mode", {v1::FailMode::kCapabilityFieldNumber}},
  };
  const pb::Descriptor* descriptor = v1::Policy::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const pb::FieldDescriptor* field = descriptor->field(i);
    const auto group = std::find_if(groups.begin(), groups.end(), [field](const Group& candidate) {
      return candidate.field_number == field->number();
    });
    if (group == groups.end()) {
      DiffField(field);
    } else {
      DiffGroup(*group);
    }
    if (field->number() == v1::Policy::kRulesFieldNumber) DiffOrder();
  }
  return std::move(lines_);
}

}  // namespace

std::vector<v1::PlanLine> DiffPolicies(const v1::Policy& before, const v1::Policy& after) {
  return Differ(before, after).Run();
}

}  // namespace hallwarden::policy
