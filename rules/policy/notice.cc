#include "rules/policy/notice.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"

#include "rules/policy/civil.h"
#include "rules/policy/notice_internal.h"
#include "rules/policy/policy.h"
#include "rules/policy/utf8.h"

namespace hallwarden::policy {
namespace {

constexpr std::int64_t kMinuteUs = 60'000'000;
constexpr std::int64_t kHourMinutes = 60;
constexpr std::int64_t kDayMinutes = 24 * kHourMinutes;

constexpr std::array<std::string_view, kPlaceholders> kPlaceholderTexts = {
    "{account}", "{month}",    "{day}",          "{game}",   "{reason}", "{until}",
    "{term}",    "{sanction}", "{appeal_entry}", "{appeal}", "{due}",
};

std::string TwoDigits(std::int32_t value) {
  return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

// Years before 1 get a minus sign: no record has such a time, but none may crash.
std::string DateText(const CivilTime& time) {
  std::string year = std::to_string(time.year < 0 ? -time.year : time.year);
  if (year.size() < 4) year.insert(0, 4 - year.size(), '0');
  return (time.year < 0 ? "-" : "") + year + "-" + TwoDigits(time.month) + "-" +
         TwoDigits(time.day);
}

std::int64_t MinutesUp(std::int64_t us) {
  return us / kMinuteUs + (us % kMinuteUs > 0 ? 1 : 0);
}

const std::string& In(const v1::LocalizedText& text, Language language) {
  return language == Language::kZh ? text.zh() : text.en();
}

// What stands for a placeholder.
std::string Fill(const CompiledPolicy& policy, Placeholder placeholder,
                 const NoticeContext& context, Language language) {
  switch (placeholder) {
    case Placeholder::kAccount:
      return Printable(context.account);
    case Placeholder::kMonth:
      return std::to_string(LocalCivilTime(context.time_us, policy.utc_offset_us()).month);
    case Placeholder::kDay:
      return std::to_string(LocalCivilTime(context.time_us, policy.utc_offset_us()).day);
    case Placeholder::kGame:
      return In(policy.GameText(context.game), language);
    case Placeholder::kReason:
      return In(policy.OffenceText(context.offence, context.category), language);
    case Placeholder::kUntil:
      return LocalMinuteText(context.until_us, policy.utc_offset_us());
    case Placeholder::kTerm:
      return TermText(context.term_us, language);
    case Placeholder::kSanction:
      return Printable(context.sanction);
    case Placeholder::kAppealEntry:
      return In(policy.source().appeal_entry(), language);
    case Placeholder::kAppeal:
      return Printable(context.appeal);
    case Placeholder::kDue:
      return LocalMinuteText(context.due_us, policy.utc_offset_us());
  }
  return {};
}

std::string FillAll(const CompiledPolicy& policy, const std::vector<NoticePiece>& pieces,
                    const NoticeContext& context, Language language) {
  std::string out;
  for (const NoticePiece& piece : pieces) {
    out.append(piece.literal);
    if (piece.has_placeholder) out.append(Fill(policy, piece.placeholder, context, language));
  }
  return out;
}

}  // namespace

std::string_view PlaceholderText(Placeholder placeholder) {
  return kPlaceholderTexts[static_cast<std::size_t>(placeholder)];
}

CutText CutNotice(std::string_view text) {
  CutText cut;
  std::size_t literal = 0;
  std::size_t at = 0;
  while ((at = text.find_first_of("{}", at)) != std::string_view::npos) {
    const std::size_t close = text[at] == '{' ? text.find_first_of("{}", at + 1) : at;
    const bool closed = close != std::string_view::npos && text[close] == '}';
    const std::string_view name = closed ? text.substr(at, close - at + 1) : text.substr(at, 1);
    const auto* const found = std::find(kPlaceholderTexts.begin(), kPlaceholderTexts.end(), name);
    at += name.size();
    if (found == kPlaceholderTexts.end()) {
      cut.bad.push_back(name);
      continue;
    }
    cut.pieces.push_back({text.substr(literal, at - name.size() - literal), true,
                          static_cast<Placeholder>(found - kPlaceholderTexts.begin())});
    literal = at;
  }
  cut.pieces.push_back({text.substr(literal), false, Placeholder::kAccount});
  return cut;
}

v1::LocalizedText Render(const CompiledPolicy& policy, const NoticeTemplate& notice,
                         const NoticeContext& context) {
  v1::LocalizedText text;
  text.set_zh(FillAll(policy, notice.zh, context, Language::kZh));
  text.set_en(FillAll(policy, notice.en, context, Language::kEn));
  return text;
}

v1::LocalizedText Render(const CompiledPolicy& policy, std::string_view template_id,
                         const NoticeContext& context) {
  const NoticeTemplate* notice = policy.FindNotice(template_id);
  return notice == nullptr ? v1::LocalizedText() : Render(policy, *notice, context);
}

std::string_view StandardTemplate(v1::SanctionKind kind, CapabilityMask capabilities,
                                  bool permanent) {
  if (kind == v1::SANCTION_KIND_KICK) return "kick";
  if (kind == v1::SANCTION_KIND_HOLD) return "hold";
  if (kind != v1::SANCTION_KIND_RESTRICTION) return "warning";
  if ((capabilities & MaskOf(v1::CAPABILITY_LOGIN)) != 0) {
    return permanent ? "ban_permanent" : "ban_term";
  }
  if (capabilities == MaskOf(v1::CAPABILITY_CHAT)) {
    return permanent ? "mute_permanent" : "mute_term";
  }
  return permanent ? "restrict_permanent" : "restrict_term";
}

std::string TermText(std::int64_t term_us, Language language) {
  struct Unit {
    std::int64_t minutes;
    std::string_view zh;  // day, hour, minute
    std::string_view en;
  };
  constexpr std::array<Unit, 3> kUnits = {{
      {kDayMinutes, "\u5929", "day"},
      {kHourMinutes, "\u5c0f\u65f6", "hour"},
      {1, "\u5206\u949f", "minute"},
  }};
  std::int64_t minutes = std::max<std::int64_t>(MinutesUp(term_us), 0);
  std::string out;
  for (const Unit& unit : kUnits) {
    const std::int64_t count = minutes / unit.minutes;
    minutes %= unit.minutes;
    if (count == 0 && !(unit.minutes == 1 && out.empty())) continue;
    if (!out.empty()) out.push_back(' ');
    out.append(std::to_string(count)).push_back(' ');
    out.append(language == Language::kZh ? unit.zh : unit.en);
    if (language == Language::kEn && count != 1) out.push_back('s');
  }
  return out;
}

std::string LocalMinuteText(std::int64_t time_us, std::int64_t utc_offset_us) {
  constexpr std::int64_t kMinutesMax = std::numeric_limits<std::int64_t>::max() / kMinuteUs;
  const std::int64_t minutes = std::min(MinutesUp(time_us), kMinutesMax);
  const CivilTime time = LocalCivilTime(minutes * kMinuteUs, utc_offset_us);
  return DateText(time) + " " + TwoDigits(time.hour) + ":" + TwoDigits(time.minute);
}

std::string Rfc3339Text(std::int64_t time_us, std::int64_t utc_offset_us) {
  const CivilTime time = LocalCivilTime(time_us, utc_offset_us);
  const auto offset = static_cast<std::int32_t>(utc_offset_us / kMinuteUs);
  const std::int32_t positive = offset < 0 ? -offset : offset;
  return DateText(time) + "T" + TwoDigits(time.hour) + ":" + TwoDigits(time.minute) + ":" +
         TwoDigits(time.second) + (offset < 0 ? "-" : "+") + TwoDigits(positive / 60) + ":" +
         TwoDigits(positive % 60);
}

std::string NeutralNickname(const CompiledPolicy& policy, std::uint64_t number) {
  constexpr std::string_view kNumber = "{number}";
  std::string digits = std::to_string(number % 100'000'000);
  digits.insert(0, 8 - digits.size(), '0');
  std::string name = policy.source().neutral_nickname();
  const std::size_t at = name.find(kNumber);
  if (at != std::string::npos) name.replace(at, kNumber.size(), digits);
  return name;
}

}  // namespace hallwarden::policy
