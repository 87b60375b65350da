// How appeals are handled: terms that can be kept, limits that let somebody through, texts that
// players may read.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "hallwarden/v1/appeal_policy.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/appeal_settings.h"
#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"
#include "rules/policy/notice.h"
#include "rules/policy/notice_internal.h"

namespace hallwarden::policy {
namespace {

using AppealNode = Node<v1::AppealPolicy>;

constexpr int kRepliesMax = 200;
constexpr std::size_t kTitleMaxBytes = 64;
constexpr std::int64_t kGoldMax = 1'000'000'000;

struct NumberField {
  std::string_view what;
  int field_number;
  std::int32_t value;
  std::int32_t max;  // from 1; 0 stands for the built-in value
};

constexpr std::uint32_t Bit(Placeholder placeholder) {
  return 1U << static_cast<unsigned>(placeholder);
}

// Everything but {due}, and but {until} and {term}, which only a shortened sanction surely has.
constexpr std::uint32_t kAlways =
    ((1U << static_cast<unsigned>(kPlaceholders)) - 1) &
    ~(Bit(Placeholder::kDue) | Bit(Placeholder::kUntil) | Bit(Placeholder::kTerm));

std::uint32_t FillableIn(AppealText which) {
  switch (which) {
    case AppealText::kReceived:
    case AppealText::kWaiting:
    case AppealText::kAsked:
      return kAlways | Bit(Placeholder::kDue);
    case AppealText::kReduced:
      return kAlways | Bit(Placeholder::kUntil) | Bit(Placeholder::kTerm);
    default:
      return kAlways;
  }
}

void CheckTerms(const CheckContext& context, const AppealNode& appeals) {
  using A = v1::AppealPolicy;
  if (appeals->has_answer_within()) {
    CheckDuration(context, appeals.At(A::kAnswerWithinFieldNumber), appeals->answer_within(),
                  {"answer_within", kMinuteUs, 30 * kDayUs});
  }
  if (appeals->has_decide_within()) {
    CheckDuration(context, appeals.At(A::kDecideWithinFieldNumber), appeals->decide_within(),
                  {"decide_within", kMinuteUs, 90 * kDayUs});
  }
  if (appeals->has_player_within()) {
    CheckDuration(context, appeals.At(A::kPlayerWithinFieldNumber), appeals->player_within(),
                  {"player_within", kHourUs, 90 * kDayUs});
  }
  if (appeals->has_lease()) {
    CheckDuration(context, appeals.At(A::kLeaseFieldNumber), appeals->lease(),
                  {"lease", kMinuteUs, kDayUs});
  }
  const std::int64_t gold = appeals->compensation_max_gold();
  if (gold < 0 || gold > kGoldMax) {
    context.reporter->Error(appeals.At(A::kCompensationMaxGoldFieldNumber),
                            "compensation_max_gold is " + std::to_string(gold),
                            "within 0 and " + std::to_string(kGoldMax));
  }
}

void CheckNumber(const CheckContext& context, Place place, const NumberField& field) {
  if (field.value >= 0 && field.value <= field.max) return;
  context.reporter->Error(place, std::string(field.what) + " is " + std::to_string(field.value),
                          "within 1 and " + std::to_string(field.max));
}

void CheckOverturned(const CheckContext& context, const Node<v1::OverturnLimit>& limit) {
  using O = v1::OverturnLimit;
  for (const NumberField& field :
       {NumberField{"percent", O::kPercentFieldNumber, limit->percent(), 100},
        NumberField{"least_decided", O::kLeastDecidedFieldNumber, limit->least_decided(),
                    10'000}}) {
    CheckNumber(context, limit.At(field.field_number), field);
  }
}

void CheckLimits(const CheckContext& context, const Node<v1::AppealLimits>& limits) {
  using L = v1::AppealLimits;
  const NumberField fields[] = {
      {"per_day", L::kPerDayFieldNumber, limits->per_day(), 100},
      {"per_month", L::kPerMonthFieldNumber, limits->per_month(), 1000},
      {"per_sanction", L::kPerSanctionFieldNumber, limits->per_sanction(), 20},
      {"player_messages", L::kPlayerMessagesFieldNumber, limits->player_messages(), 20},
  };
  for (const NumberField& field : fields)
    CheckNumber(context, limits.At(field.field_number), field);
  if (limits->has_again_after()) {
    CheckDuration(context, limits.At(L::kAgainAfterFieldNumber), limits->again_after(),
                  {"again_after", kMinuteUs, 400 * kDayUs});
  }
  if (limits->has_late_until()) {
    CheckDuration(context, limits.At(L::kLateUntilFieldNumber), limits->late_until(),
                  {"late_until", kMinuteUs, kTermMaxUs});
  }
  v1::AppealPolicy appeals;
  *appeals.mutable_limits() = limits.get();
  const AppealSettings compiled = CompileAppeals(appeals);
  if (compiled.per_month < compiled.per_day) {
    context.reporter->Error(limits.place, "fewer appeals in a month than in a day",
                            "raise per_month or lower per_day; built in are 10 and 3");
  }
}

void CheckReplies(const CheckContext& context, const AppealNode& appeals) {
  using R = v1::CannedReply;
  if (appeals->canned_replies_size() > kRepliesMax) {
    context.reporter->Error(appeals.At(v1::AppealPolicy::kCannedRepliesFieldNumber, kRepliesMax),
                            std::to_string(appeals->canned_replies_size()) + " canned_replies",
                            "at most " + std::to_string(kRepliesMax));
    return;
  }
  std::set<std::string> seen;
  for (int i = 0; i < appeals->canned_replies_size(); ++i) {
    const auto reply = ChildOf(appeals, appeals->canned_replies(i),
                               v1::AppealPolicy::kCannedRepliesFieldNumber, i);
    const Place id = reply.At(R::kReplyIdFieldNumber);
    if (CheckId(context, id, reply->reply_id(), "") && !seen.insert(reply->reply_id()).second) {
      context.reporter->Error(id, "a second reply " + Quoted(reply->reply_id()),
                              "identifiers are unique: rename one");
    }
    CheckText(context, ChildOf(reply, reply->title(), R::kTitleFieldNumber), "title",
              kTitleMaxBytes);
    CheckNoticeText(context, ChildOf(reply, reply->text(), R::kTextFieldNumber), kAlways);
  }
}

}  // namespace

void CheckAppeals(const CheckContext& context) {
  const auto appeals =
      ChildOf(context.policy, context.policy->appeals(), v1::Policy::kAppealsFieldNumber);
  CheckTerms(context, appeals);
  CheckLimits(context, ChildOf(appeals, appeals->limits(), v1::AppealPolicy::kLimitsFieldNumber));
  CheckOverturned(
      context, ChildOf(appeals, appeals->overturned(), v1::AppealPolicy::kOverturnedFieldNumber));
  const auto texts = ChildOf(appeals, appeals->texts(), v1::AppealPolicy::kTextsFieldNumber);
  for (std::size_t i = 0; i < kAppealTexts; ++i) {
    const auto which = static_cast<AppealText>(i);
    const int number =
        v1::AppealTexts::descriptor()->FindFieldByName(std::string(NameOf(which)))->number();
    if (!texts->GetReflection()->HasField(
            texts.get(), v1::AppealTexts::descriptor()->FindFieldByNumber(number))) {
      continue;
    }
    CheckNoticeText(context, ChildOf(texts, TextOf(texts.get(), which), number), FillableIn(which));
  }
  CheckReplies(context, appeals);
}

}  // namespace hallwarden::policy
