// What a policy must fulfil beyond its syntax. Internal to rules/policy.
//
// Every check speaks about a place in the text, so each works on nodes: a message together with
// where it was written.
#ifndef HALLWARDEN_RULES_POLICY_CHECK_H_
#define HALLWARDEN_RULES_POLICY_CHECK_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/message.h>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/diagnostics.h"
#include "rules/policy/parse.h"

namespace hallwarden::policy {

// A message and its place. Cheap to copy; the message and the tree outlive it.
struct AnyNode {
  const google::protobuf::Message* message = nullptr;
  const InfoTree* tree = nullptr;  // nullptr: places of fields are unknown, `place` stands in
  Place place;

  // Where a field was written: element `index` of a repeated one, -1 for others. The place of the
  // message itself if it was not written.
  [[nodiscard]] Place At(int field_number, int index = -1) const;
  [[nodiscard]] AnyNode Child(const google::protobuf::Message& child, int field_number,
                              int index) const;
};

template <typename M>
struct Node : AnyNode {
  explicit Node(const AnyNode& node) : AnyNode(node) {}
  const M& get() const { return static_cast<const M&>(*message); }
  const M* operator->() const { return &get(); }
};

// Node of element `index` of a repeated field, or of a singular field (index -1).
template <typename M>
[[nodiscard]] Node<M> ChildOf(const AnyNode& parent, const M& child, int field_number,
                              int index = -1) {
  return Node<M>(parent.Child(child, field_number, index));
}

inline constexpr std::int64_t kSecondUs = 1'000'000;
inline constexpr std::int64_t kMinuteUs = 60 * kSecondUs;
inline constexpr std::int64_t kHourUs = 60 * kMinuteUs;
inline constexpr std::int64_t kDayUs = 24 * kHourUs;
inline constexpr std::int64_t kTermMinUs = kMinuteUs;
inline constexpr std::int64_t kTermMaxUs = 3'652 * kDayUs;  // ten years
inline constexpr std::int64_t kHoldMaxUs = 72 * kHourUs;

// Exact for durations within the 10,000 years that protobuf allows; clamped to them beyond.
[[nodiscard]] std::int64_t ToMicros(const google::protobuf::Duration& duration);

// Things of one kind by identifier.
using IdIndex = std::map<std::string_view, int>;
[[nodiscard]] std::vector<std::string_view> Names(const IdIndex& index);

// Everything the checks share.
struct CheckContext {
  Reporter* reporter;
  Node<v1::Policy> policy;
  IdIndex ladders;
  IdIndex templates;
};

// Runs all checks.
void CheckPolicy(const v1::Policy& policy, const InfoTree& tree, Reporter* reporter);

// The parts, one file each.
void CheckLadders(const CheckContext& context);
void CheckRules(const CheckContext& context);
void CheckCoverage(const CheckContext& context);
void CheckTexts(const CheckContext& context);
void CheckSettings(const CheckContext& context);
void CheckPlay(const CheckContext& context);
void CheckAvatars(const CheckContext& context);
void CheckDesk(const CheckContext& context);
void CheckAppeals(const CheckContext& context);

// Vocabulary of the checks; each returns whether all was well.

// A duration within [min, max]. `what` begins the reason, for example `term`.
struct DurationRange {
  std::string_view what;
  std::int64_t min_us;
  std::int64_t max_us;
};
bool CheckDuration(const CheckContext& context, Place place,
                   const google::protobuf::Duration& duration, const DurationRange& range);
// A text that people read: both languages, of sensible length, no control characters.
void CheckText(const CheckContext& context, const Node<v1::LocalizedText>& text,
               std::string_view what, std::size_t bytes_max);
// A text with placeholders: known ones, the same in both languages, no threshold. `fillable` has
// bit 1 << Placeholder of those that can be filled there.
void CheckNoticeText(const CheckContext& context, const Node<v1::LocalizedText>& text,
                     std::uint32_t fillable);
// An identifier of [a-z0-9_] and `extra`.
bool CheckId(const CheckContext& context, Place place, std::string_view id, std::string_view extra);
// A template that exists and fits what it is used for.
struct TemplateUse {
  std::string_view what;  // for example `this rung`
  bool has_term;          // {until} and {term} can be filled
};
void CheckTemplate(const CheckContext& context, Place place, std::string_view template_id,
                   const TemplateUse& use);
// Capabilities as set, without the unspecified one and without repeats.
void CheckCapabilities(const CheckContext& context, const AnyNode& node, int field_number,
                       const google::protobuf::RepeatedField<int>& capabilities);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_CHECK_H_
