#include "rules/policy/appeal_settings.h"

#include <algorithm>
#include <array>
#include <string>

#include "rules/policy/check.h"

namespace hallwarden::policy {
namespace {

constexpr std::int32_t kPerDay = 3;
constexpr std::int32_t kPerMonth = 10;
constexpr std::int32_t kPerSanction = 2;
constexpr std::int32_t kPlayerMessages = 5;
constexpr std::int32_t kOverturnedPercent = 30;
constexpr std::int32_t kOverturnedLeast = 10;

struct BuiltIn {
  std::string_view zh;
  std::string_view en;
};

// In the order of AppealText.
constexpr std::array<BuiltIn, kAppealTexts> kBuiltIn = {{
    {"您好，您对编号 {sanction} 的申诉已收到，申诉编号 {appeal}。我们会在 {due} "
     "前答复您，请您耐心等候。",
     "We have received your appeal against {sanction}; its number is {appeal}. You will hear from "
     "us by {due}. Thank you for your patience."},
    {"您的申诉 {appeal} 需由另一位同事复核，正在排队处理，我们会在 {due} "
     "前答复您。让您久等了，非常抱歉。",
     "Your appeal {appeal} will be looked at by another colleague and is waiting for one. You will "
     "hear from us by {due}. We are sorry to keep you waiting."},
    {"您好，您的申诉 {appeal} 已由专人复核。经核实，您的账号 {account} "
     "因{reason}受到的处罚维持不变。感谢您的理解，欢迎继续健康游戏。",
     "Your appeal {appeal} was looked at again by a colleague. What account {account} was given "
     "for {reason} stands as it is. Thank you for your understanding."},
    {"您好，您的申诉 {appeal} 已复核，您账号 {account} 的处罚已酌情减轻为{term}，{until} "
     "自动解除。已执行的时间计算在内。",
     "Your appeal {appeal} was looked at again. What account {account} was given is shortened to "
     "{term} and ends at {until} by itself. The time that has passed is counted."},
    {"您好，您的申诉 {appeal} 已复核，您账号 {account} 的处罚已解除。祝您游戏愉快！",
     "Your appeal {appeal} was looked at again, and what account {account} was given has been "
     "lifted. We wish you good games!"},
    {"您好，经复核，此前对您账号 {account} 的处罚（编号 "
     "{sanction}）属于误判，现已解除，不计入记录。"
     "给您带来不便，我们深表歉意，感谢您的申诉 {appeal} 让我们得以改正。",
     "We looked again: what account {account} was given ({sanction}) was our mistake. It is lifted "
     "and does not count. We are sorry, and thank you for your appeal {appeal}."},
    {"您的申诉 {appeal} 因暂未收到您的补充说明已结束。如仍有异议，欢迎通过 {appeal_entry} "
     "再次申诉。",
     "Your appeal {appeal} has ended because we did not hear from you. You are welcome to appeal "
     "again: {appeal_entry}."},
    {"您的申诉 {appeal} 有新的回复，请通过 {appeal_entry} 查看。",
     "There is an answer to your appeal {appeal}. Please read it here: {appeal_entry}."},
    {"为了核实您的申诉 {appeal}，需要您补充一些情况，请在 {due} 前通过 {appeal_entry} 回复。",
     "To look into your appeal {appeal} we would like to ask you something. Please answer by "
     "{due}: "
     "{appeal_entry}."},
    {"您的申诉 {appeal} 已结束。如有疑问，欢迎通过 {appeal_entry} 联系我们。",
     "Your appeal {appeal} has ended. If you have questions, please reach us here: "
     "{appeal_entry}."},
    {"您好，您的申诉 {appeal} 已复核，您账号 {account} 的处罚已酌情减轻，部分功能现已恢复。",
     "Your appeal {appeal} was looked at again. What account {account} was given is milder now, "
     "and some of what was taken away is back."},
    {"您好，您的申诉 {appeal} 已复核，您账号 {account} 的处罚已酌情减轻，现已执行期满并解除。"
     "祝您游戏愉快！",
     "Your appeal {appeal} was looked at again. What account {account} was given is shortened, and "
     "with the time that has passed it is over. We wish you good games!"},
}};

const v1::LocalizedText& BuiltInText(AppealText which) {
  static const std::array<v1::LocalizedText, kAppealTexts> kTexts = [] {
    std::array<v1::LocalizedText, kAppealTexts> made;
    for (std::size_t i = 0; i < kAppealTexts; ++i) {
      made[i].set_zh(std::string(kBuiltIn[i].zh));
      made[i].set_en(std::string(kBuiltIn[i].en));
    }
    return made;
  }();
  return kTexts[static_cast<std::size_t>(which)];
}

std::int64_t Or(bool present, const google::protobuf::Duration& duration, std::int64_t built_in) {
  return present ? ToMicros(duration) : built_in;
}

std::uint32_t Or(std::int32_t value, std::int32_t built_in) {
  return static_cast<std::uint32_t>(value == 0 ? built_in : value);
}

}  // namespace

AppealSettings CompileAppeals(const v1::AppealPolicy& appeals) {
  AppealSettings made;
  made.answer_us = Or(appeals.has_answer_within(), appeals.answer_within(), 30 * kMinuteUs);
  made.decide_us = Or(appeals.has_decide_within(), appeals.decide_within(), kDayUs);
  made.player_us = Or(appeals.has_player_within(), appeals.player_within(), 7 * kDayUs);
  made.lease_us = Or(appeals.has_lease(), appeals.lease(), 30 * kMinuteUs);
  const v1::AppealLimits& limits = appeals.limits();
  made.per_day = Or(limits.per_day(), kPerDay);
  made.per_month = Or(limits.per_month(), kPerMonth);
  made.per_sanction = Or(limits.per_sanction(), kPerSanction);
  made.again_after_us = Or(limits.has_again_after(), limits.again_after(), 7 * kDayUs);
  made.late_until_us = Or(limits.has_late_until(), limits.late_until(), 90 * kDayUs);
  made.player_messages = Or(limits.player_messages(), kPlayerMessages);
  made.compensation_max_gold = appeals.compensation_max_gold();
  made.overturned_percent = Or(appeals.overturned().percent(), kOverturnedPercent);
  made.overturned_least = Or(appeals.overturned().least_decided(), kOverturnedLeast);
  return made;
}

std::string_view NameOf(AppealText which) {
  constexpr int kFirstField = v1::AppealTexts::kReceivedFieldNumber;
  return v1::AppealTexts::descriptor()
      ->FindFieldByNumber(kFirstField + static_cast<int>(which))
      ->name();
}

const v1::LocalizedText& TextOf(const v1::AppealTexts& texts, AppealText which) {
  constexpr int kFirstField = v1::AppealTexts::kReceivedFieldNumber;
  const auto* const field =
      v1::AppealTexts::descriptor()->FindFieldByNumber(kFirstField + static_cast<int>(which));
  if (!texts.GetReflection()->HasField(texts, field)) return BuiltInText(which);
  return static_cast<const v1::LocalizedText&>(texts.GetReflection()->GetMessage(texts, field));
}

const v1::CannedReply* FindReply(const v1::AppealPolicy& appeals, std::string_view reply_id) {
  const auto& replies = appeals.canned_replies();
  const auto found =
      std::find_if(replies.begin(), replies.end(),
                   [&](const v1::CannedReply& reply) { return reply.reply_id() == reply_id; });
  return found == replies.end() ? nullptr : &*found;
}

bool IsFor(const v1::CannedReply& reply, v1::Offence offence) {
  return reply.offences().empty() || std::find(reply.offences().begin(), reply.offences().end(),
                                               offence) != reply.offences().end();
}

}  // namespace hallwarden::policy
