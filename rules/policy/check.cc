#include "rules/policy/check.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>

#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/diagnostics.h"
#include "rules/policy/notice.h"
#include "rules/policy/utf8.h"

namespace hallwarden::policy {
namespace {

namespace pb = google::protobuf;

// More than any hall needs; beyond it the quadratic checks would take noticeable time.
constexpr int kLaddersMax = 200;
constexpr int kRulesMax = 500;
constexpr int kTemplatesMax = 500;
constexpr int kGamesMax = 500;
constexpr int kNamesMax = 500;
constexpr std::size_t kIdMaxBytes = 64;

// The parser takes any number for an enum, and escapes can smuggle any byte into a string: looks at
// every value once, so that no other check needs to.
class ValueWalk {
 public:
  explicit ValueWalk(Reporter* reporter) : reporter_(reporter) {}

  void Walk(const AnyNode& node) {  // NOLINT(misc-no-recursion): the schema is four levels deep
    const pb::Reflection& reflection = *node.message->GetReflection();
    std::vector<const pb::FieldDescriptor*> fields;
    reflection.ListFields(*node.message, &fields);
    for (const pb::FieldDescriptor* field : fields) {
      const int count = field->is_repeated() ? reflection.FieldSize(*node.message, field) : 1;
      for (int i = 0; i < count; ++i)
        Visit(node, field, field->is_repeated() ? i : -1);
    }
  }

 private:
  void Visit(const AnyNode& node, const pb::FieldDescriptor* field, int index) {
    const pb::Reflection& reflection = *node.message->GetReflection();
    const Place place = node.At(field->number(), index);
    if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_MESSAGE) {
      const pb::Message& child = index < 0
                                     ? reflection.GetMessage(*node.message, field)
                                     : reflection.GetRepeatedMessage(*node.message, field, index);
      Walk(node.Child(child, field->number(), index));
    } else if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_ENUM) {
      const int value = index < 0 ? reflection.GetEnumValue(*node.message, field)
                                  : reflection.GetRepeatedEnumValue(*node.message, field, index);
      if (field->enum_type()->FindValueByNumber(value) == nullptr) {
        reporter_->Error(place, std::to_string(value) + " is no value of " + Quoted(field->name()),
                         "write the name of a value, not a number");
      }
    } else if (field->cpp_type() == pb::FieldDescriptor::CPPTYPE_STRING) {
      std::string scratch;
      const std::string& value =
          index < 0 ? reflection.GetStringReference(*node.message, field, &scratch)
                    : reflection.GetRepeatedStringReference(*node.message, field, index, &scratch);
      CheckBytes(place, field->name(), value);
    }
  }

  void CheckBytes(Place place, const std::string& name, const std::string& value) {
    if (FirstBadByte(value) != std::string::npos) {
      reporter_->Error(place, Quoted(name) + " is no UTF-8", "write characters, not \\x escapes");
    } else if (std::any_of(value.begin(), value.end(), [](char c) {
                 const auto byte = static_cast<unsigned char>(c);
                 return (byte < 0x20 && c != '\n') || byte == 0x7F;
               })) {
      reporter_->Error(place, Quoted(name) + " contains a control character",
                       "remove it; only \\n is allowed");
    }
  }

  Reporter* reporter_;
};

bool CheckSizes(const CheckContext& context) {
  struct Limit {
    int count;
    int max;
    int field_number;
    std::string_view what;
  };
  const v1::Policy& policy = context.policy.get();
  const Limit limits[] = {
      {policy.ladders_size(), kLaddersMax, v1::Policy::kLaddersFieldNumber, "ladders"},
      {policy.rules_size(), kRulesMax, v1::Policy::kRulesFieldNumber, "rules"},
      {policy.templates_size(), kTemplatesMax, v1::Policy::kTemplatesFieldNumber, "templates"},
      {policy.games_size(), kGamesMax, v1::Policy::kGamesFieldNumber, "games"},
      {policy.offence_names_size(), kNamesMax, v1::Policy::kOffenceNamesFieldNumber,
       "offence_names"},
  };
  bool good = true;
  for (const Limit& limit : limits) {
    if (limit.count <= limit.max) continue;
    good = false;
    context.reporter->Error(context.policy.At(limit.field_number, limit.max),
                            std::to_string(limit.count) + " " + std::string(limit.what),
                            "at most " + std::to_string(limit.max));
  }
  return good;
}

}  // namespace

Place AnyNode::At(int field_number, int index) const {
  if (tree == nullptr) return place;
  const pb::FieldDescriptor* field = message->GetDescriptor()->FindFieldByNumber(field_number);
  auto location = tree->GetLocation(field, index);
  // A list in brackets has one place for all its elements.
  if (location.line < 0 && index > 0) location = tree->GetLocation(field, 0);
  if (location.line < 0) return place;
  return {location.line + 1, location.column + 1};
}

AnyNode AnyNode::Child(const pb::Message& child, int field_number, int index) const {
  const pb::FieldDescriptor* field = message->GetDescriptor()->FindFieldByNumber(field_number);
  const InfoTree* nested = tree == nullptr ? nullptr : tree->GetTreeForNested(field, index);
  return {&child, nested, At(field_number, index)};
}

std::int64_t ToMicros(const pb::Duration& duration) {
  constexpr std::int64_t kSecondsMax = 315'576'000'000;
  const std::int64_t seconds = std::clamp(duration.seconds(), -kSecondsMax, kSecondsMax);
  return seconds * kSecondUs + duration.nanos() / 1'000;
}

std::vector<std::string_view> Names(const IdIndex& index) {
  std::vector<std::string_view> names;
  names.reserve(index.size());
  for (const auto& [name, unused] : index)
    names.push_back(name);
  return names;
}

bool CheckDuration(const CheckContext& context, Place place, const pb::Duration& duration,
                   const DurationRange& range) {
  const std::string what(range.what);
  const std::int64_t us = ToMicros(duration);
  const bool mixed = (duration.seconds() > 0 && duration.nanos() < 0) ||
                     (duration.seconds() < 0 && duration.nanos() > 0);
  if (mixed || duration.nanos() <= -1'000'000'000 || duration.nanos() >= 1'000'000'000) {
    context.reporter->Error(place, what + " has nanos outside of a second",
                            "write seconds only, for example { seconds: 604800 } for 7 days");
    return false;
  }
  const bool zero_allowed = range.min_us == 0;
  if (us < 0 || (us == 0 && !zero_allowed)) {
    context.reporter->Error(place, what + (us < 0 ? " is negative" : " is zero"),
                            "write { seconds: ... }; without end is never a duration, only "
                            "permanent: true");
    return false;
  }
  if (us < range.min_us) {
    context.reporter->Error(place, what + " is too short",
                            "at least " + TermText(range.min_us, Language::kEn));
    return false;
  }
  if (us > range.max_us) {
    context.reporter->Error(place, what + " is too long",
                            "at most " + TermText(range.max_us, Language::kEn));
    return false;
  }
  return true;
}

void CheckText(const CheckContext& context, const Node<v1::LocalizedText>& text,
               std::string_view what, std::size_t bytes_max) {
  struct Side {
    const std::string& value;
    int field_number;
    std::string_view language;
  };
  const Side sides[] = {
      {text->zh(), v1::LocalizedText::kZhFieldNumber, "zh"},
      {text->en(), v1::LocalizedText::kEnFieldNumber, "en"},
  };
  for (const Side& side : sides) {
    const std::string named = std::string(what) + " in " + std::string(side.language);
    const Place place = text.At(side.field_number);
    if (side.value.find_first_not_of(" \n") == std::string::npos) {
      context.reporter->Error(place, "no " + named, "people read it: write it in zh and in en");
    } else if (side.value.size() > bytes_max) {
      context.reporter->Error(place, named + " has " + std::to_string(side.value.size()) + " bytes",
                              "at most " + std::to_string(bytes_max));
    }
  }
}

bool CheckId(const CheckContext& context, Place place, std::string_view id,
             std::string_view extra) {
  if (id.empty()) {
    context.reporter->Error(place, "no identifier", "give it one of [a-z0-9_]");
    return false;
  }
  const bool good = std::all_of(id.begin(), id.end(), [extra](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           extra.find(c) != std::string_view::npos;
  });
  if (good && id.size() <= kIdMaxBytes) return true;
  context.reporter->Error(
      place, Quoted(id) + " is no identifier",
      "1 to " + std::to_string(kIdMaxBytes) + " of [a-z0-9_" + std::string(extra) + "]");
  return false;
}

void CheckTemplate(const CheckContext& context, Place place, std::string_view template_id,
                   const TemplateUse& use) {
  const std::string what(use.what);
  if (template_id.empty()) {
    context.reporter->Error(place, what + " has no template",
                            "the player must be told: name one of templates");
    return;
  }
  const auto found = context.templates.find(template_id);
  if (found == context.templates.end()) {
    context.reporter->Error(place, "no template " + Quoted(template_id),
                            context.reporter->DidYouMean(template_id, Names(context.templates),
                                                         "define it under templates"));
    return;
  }
  if (use.has_term) return;
  const v1::LocalizedText& text = context.policy->templates(found->second).text();
  for (const Placeholder placeholder : {Placeholder::kUntil, Placeholder::kTerm}) {
    const std::string_view name = PlaceholderText(placeholder);
    if (text.zh().find(name) == std::string::npos && text.en().find(name) == std::string::npos) {
      continue;
    }
    context.reporter->Error(place,
                            "template " + Quoted(template_id) + " says " + std::string(name) +
                                ", but " + what + " has no term",
                            "use a template without {until} and {term}");
  }
}

void CheckCapabilities(const CheckContext& context, const AnyNode& node, int field_number,
                       const pb::RepeatedField<int>& capabilities) {
  std::uint32_t seen = 0;
  for (int i = 0; i < capabilities.size(); ++i) {
    const int value = capabilities.Get(i);
    if (!v1::Capability_IsValid(value)) continue;  // ValueWalk has reported it
    const std::uint32_t bit = 1U << static_cast<unsigned>(value);
    if (value == v1::CAPABILITY_UNSPECIFIED) {
      context.reporter->Error(node.At(field_number, i), "CAPABILITY_UNSPECIFIED takes nothing away",
                              "name a capability, for example CAPABILITY_LOGIN");
    } else if ((seen & bit) != 0) {
      context.reporter->Warning(
          node.At(field_number, i),
          v1::Capability_Name(static_cast<v1::Capability>(value)) + " stands there twice",
          "remove one");
    }
    seen |= bit;
  }
}

void CheckPolicy(const v1::Policy& policy, const InfoTree& tree, Reporter* reporter) {
  CheckContext context{reporter, Node<v1::Policy>({&policy, &tree, {1, 1}}), {}, {}};
  ValueWalk(reporter).Walk(context.policy);
  if (!CheckSizes(context)) return;
  for (int i = 0; i < policy.ladders_size(); ++i) {
    context.ladders.emplace(policy.ladders(i).ladder_id(), i);
  }
  for (int i = 0; i < policy.templates_size(); ++i) {
    context.templates.emplace(policy.templates(i).template_id(), i);
  }
  CheckSettings(context);
  CheckPlay(context);
  CheckAvatars(context);
  CheckDesk(context);
  CheckAppeals(context);
  CheckTexts(context);
  CheckLadders(context);
  CheckRules(context);
  // Holes are worth telling only when the rules themselves are sound.
  if (!reporter->has_errors()) CheckCoverage(context);
}

}  // namespace hallwarden::policy
