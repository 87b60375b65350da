#include "rules/text/context.h"

#include <algorithm>

#include "rules/text/contact.h"
#include "rules/text/lexicon.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// Shorter words turn up by chance in names of mixed case.
constexpr std::size_t kCamelUnitsMin = 4;
constexpr std::size_t kContactGapMax = 3;  // separators between a contact cue and what it announces

bool IsWestern(char32_t code) {
  return IsLatin(code) || IsDigit(code);
}
bool WasUpper(const Unit& unit) {
  return (unit.changes & kChangeCase) != 0;
}
bool IsFiller(char32_t code) {
  return IsSeparator(code) || IsOrnament(code) || IsDigit(code);
}

// Small words between a cue and what it announces: "number", "is", "add".
bool IsLinking(char32_t code) {
  static constexpr std::u32string_view kLinking = U"\u53f7\u662f\u52a0\u7801\u641c";
  return kLinking.find(code) != std::u32string_view::npos;
}

}  // namespace

bool MatchContext::Fits(std::uint32_t flags) {
  if ((flags & kFlagSub) == 0 && !StartsWord()) return false;
  // What was spelled out with separators before a number or account name ended there.
  const bool announces = (flags & (kFlagId | kFlagNumber)) != 0;
  const bool apart =
      announces && end_ < units_.size() && (units_[end_].changes & kChangeJoined) != 0;
  if ((flags & (kFlagSub | kFlagPrefix)) == 0 && !apart && !EndsWord()) return false;
  if ((flags & kFlagHead) != 0 && !OnlyFillers(0, begin_)) return false;
  if ((flags & kFlagTail) != 0 && !OnlyFillers(end_, units_.size())) return false;
  if ((flags & kFlagLink) != 0 && !(AfterHost() && EndsHost())) return false;
  if (!announces) return true;
  const std::size_t from = AfterGap();
  const std::size_t number = NumberEnd(units_, from, (flags & kFlagId) != 0);
  const std::size_t end = number == 0 && (flags & kFlagId) != 0 ? AccountEnd(units_, from) : number;
  if (end == 0) return false;
  end_ = end;
  return true;
}

bool MatchContext::IsWhole() const {
  return OnlyFillers(0, begin_) && OnlyFillers(end_, units_.size());
}

bool MatchContext::Disguised() const {
  for (std::size_t i = begin_; i < end_; ++i) {
    // What stands before the first unit is not part of the match.
    const std::uint32_t between =
        i == begin_ ? kChangeGap | kChangeJoined | kChangeFilled : kChangeNone;
    if ((units_[i].changes & ~(kChangesHonest | between)) != 0) return true;
  }
  return false;
}

std::string MatchContext::Reading() const {
  std::string text;
  for (std::size_t i = begin_; i < end_; ++i) {
    AppendUtf8(units_[i].code, &text);
  }
  return text;
}

std::size_t MatchContext::begin_byte() const {
  return std::min(units_[begin_].begin, units_[end_ - 1].begin);
}
std::size_t MatchContext::end_byte() const {
  return std::max(units_[begin_].end, units_[end_ - 1].end);
}

// A Latin word starts and ends beside anything but a letter, and for words of some length where
// lower case turns to upper case ("NiceWord"). A digit beside a digit is inside a number.
bool MatchContext::StartsWord() const {
  if (begin_ == 0 || !IsWestern(units_[begin_].code)) return true;
  return IsBreak(units_[begin_ - 1], units_[begin_]);
}
bool MatchContext::EndsWord() const {
  if (end_ == units_.size() || !IsWestern(units_[end_ - 1].code)) return true;
  return IsBreak(units_[end_ - 1], units_[end_]);
}
bool MatchContext::IsBreak(const Unit& left, const Unit& right) const {
  if (IsDigit(left.code) && IsDigit(right.code)) return false;
  if (!IsLatin(left.code) || !IsLatin(right.code)) return true;
  return end_ - begin_ >= kCamelUnitsMin && !WasUpper(left) && WasUpper(right);
}

bool MatchContext::OnlyFillers(std::size_t begin, std::size_t end) const {
  for (std::size_t i = begin; i < end; ++i) {
    if (!IsFiller(units_[i].code)) return false;
  }
  return true;
}

std::size_t MatchContext::AfterGap() const {
  std::size_t i = end_;
  std::size_t linking = 0;
  while (i < units_.size() && i < end_ + kContactGapMax + linking) {
    const char32_t code = units_[i].code;
    if (IsLinking(code) && linking < 2) {
      ++linking;
    } else if (!IsSeparator(code) && !IsOrnament(code)) {
      break;
    }
    ++i;
  }
  return i;
}

bool MatchContext::AfterHost() const {
  std::size_t size = 0;
  while (size < begin_ &&
         (IsWestern(units_[begin_ - size - 1].code) || units_[begin_ - size - 1].code == U'-')) {
    ++size;
  }
  return size >= 2;
}
bool MatchContext::EndsHost() const {
  return end_ == units_.size() || !IsWestern(units_[end_].code);
}

}  // namespace hallwarden::text
