#include "rules/text/contact.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace hallwarden::text {
namespace {

constexpr std::size_t kSpansMax = 32;
// Places of one text where a link or an account name is looked for.
constexpr std::size_t kLinkTriesMax = 32;
constexpr std::size_t kAccountTriesMax = 32;
// A number in which every digit was repeated is still read.
constexpr std::size_t kRepeatedDigitsMax = 40;
constexpr std::size_t kHostUnitsMax = 64;
// Letters before digits that a separator cuts off: fewer are a cue, not an account.
constexpr std::size_t kSpelledUnitsMin = 3;

bool IsWestern(char32_t code) {
  return IsLatin(code) || IsDigit(code);
}

// U+96F6 zero, U+3007, one to nine, the forms for cheques, U+5E7A (one, on the telephone).
constexpr std::u32string_view kNumerals =
    U"\u96f6\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d"
    U"\u58f9\u8d30\u53c1\u8086\u4f0d\u9646\u67d2\u634c\u7396\u5e7a";
constexpr std::array<signed char, 21> kNumeralValues = {0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
                                                        1, 2, 3, 4, 5, 6, 7, 8, 9, 1};

// Characters that are written for a digit because they sound like it, by digit.
constexpr std::array<std::u32string_view, 10> kDigitSounds = {
    U"\u7075\u51cc\u94c3\u6797\u9f84\u7f9a",
    U"\u8981\u8170\u5996\u4f0a\u8863\u533b\u4f9d\u5c27",
    U"\u513f\u5c14\u800c\u8033\u4e24\u9975",
    U"\u4f1e\u6563\u5c71\u53c2\u5f0e",
    U"\u601d\u6b7b\u65af\u53f8\u4e1d\u8086",
    U"\u821e\u5348\u6b66\u543e\u5c4b\u65e0\u543e",
    U"\u6e9c\u6d41\u7559\u5218\u67f3\u69b4",
    U"\u6f06\u51c4\u59bb\u5947\u671f\u9f50\u6b3a",
    U"\u5427\u5df4\u6252\u7238\u628a\u53d1\u516b",
    U"\u9152\u4e45\u65e7\u6551\u97ed\u5c31"};

bool SoundsLikeDigit(char32_t code) {
  return std::any_of(kDigitSounds.begin(), kDigitSounds.end(), [code](std::u32string_view row) {
    return row.find(code) != std::u32string_view::npos;
  });
}

constexpr std::u32string_view kDigitLetters = U"oli";

// Ends of host names that adverts use. Short words that talk uses too ("go", "me") are left out.
constexpr std::array<std::string_view, 62> kTopDomains = {
    "com",   "net",    "org",   "cn",   "cc",   "top",  "vip",    "xyz",  "club", "info", "site",
    "shop",  "online", "store", "fun",  "win",  "bet",  "live",   "link", "ws",   "tk",   "ru",
    "eu",    "de",     "uk",    "us",   "jp",   "kr",   "hk",     "tw",   "icu",  "biz",  "co",
    "io",    "tv",     "pw",    "ltd",  "wang", "mobi", "asia",   "app",  "ink",  "red",  "pro",
    "ml",    "ga",     "cf",    "gq",   "ag",   "ph",   "la",     "one",  "cyou", "sbs",  "game",
    "games", "casino", "buzz",  "work", "bid",  "loan", "example"};

bool IsTopDomain(const std::string& name) {
  return std::find(kTopDomains.begin(), kTopDomains.end(), name) != kTopDomains.end();
}

// Reads links: host, dot, top domain; the dot may be written out, the letters spelled out.
class LinkReader {
 public:
  explicit LinkReader(const std::vector<Unit>& units) : units_(units) {}

  // A cheap test: false if no dot begins at `at`.
  [[nodiscard]] bool MayBeDot(std::size_t at) const {
    const char32_t code = units_[at].code;
    return code == U'd' || (!IsWestern(code) && kDots.find(code) != std::u32string_view::npos);
  }

  // The link whose last dot begins at `at`; end 0 if there is none.
  [[nodiscard]] ContactSpan ReadAt(std::size_t at) const {
    const std::size_t after = DotEnd(at);
    if (after == 0) return {};
    std::string top;
    const std::size_t end = ReadTop(after, &top);
    if (end == 0) return {};
    const Host host = ReadHost(at);
    const bool path = At(end) == U'/' && IsWestern(At(end + 1)) && IsWestern(At(end + 2)) &&
                      IsWestern(At(end + 3));
    if (host.letters + host.digits < (path ? 1 : 2)) return {};
    const bool plain_dot = units_[at].code == U'.' && after == at + 1;
    const bool telling = host.web || path || (host.digits > 0 && host.letters + host.digits >= 4);
    // A short host before a dot is a file, a version or two words; "example" ends no real host.
    const bool enough = telling || (host.letters >= 4 && (plain_dot || top == "com"));
    if (!enough) return {};
    return ContactSpan{.what = kClassLink,
                       .begin = static_cast<std::uint32_t>(host.begin),
                       .end = static_cast<std::uint32_t>(end),
                       .strong = telling};
  }

 private:
  static constexpr std::u32string_view kDots = U".\u3002\u00b7\u4e36\u2022\uff0e\u70b9\u4e76,";

  struct Host {
    std::size_t begin = 0;
    std::size_t letters = 0;
    std::size_t digits = 0;
    bool web = false;  // www or http before it, or spelled out
  };

  [[nodiscard]] char32_t At(std::size_t i) const { return i < units_.size() ? units_[i].code : 0; }

  [[nodiscard]] std::size_t SkipNoise(std::size_t i) const {
    std::size_t end = i;
    while (end < units_.size() && end < i + 2 &&
           (IsSeparator(units_[end].code) || IsOrnament(units_[end].code)) &&
           units_[end].code != U'.') {
      ++end;
    }
    return end;
  }

  // The end of the dot at `i`, 0 if there is none: . U+3002 U+00B7 U+4E36 "dian" "dot" "(.)".
  [[nodiscard]] std::size_t DotEnd(std::size_t i) const {
    const char32_t code = units_[i].code;
    std::size_t end = 0;
    if (kDots.find(code) != std::u32string_view::npos) {
      end = i + 1;
    } else if (code == U'd' && At(i + 1) == U'o' && At(i + 2) == U't' && i > 0 &&
               !IsLatin(units_[i - 1].code) && !IsLatin(At(i + 3))) {
      end = i + 3;
    } else {
      return 0;
    }
    return SkipNoise(end);
  }

  // The letter that stands for one in a top domain: 0, U+54E6, @ and ( are drawn or sound so.
  static char32_t TopLetter(char32_t code) {
    switch (code) {
      case U'0':
      case U'@':
      case U'\u54e6':
      case U'\u25cb':
        return U'o';
      case U'(':
        return U'c';
      default:
        return code;
    }
  }

  [[nodiscard]] std::size_t ReadTop(std::size_t from, std::string* top) const {
    std::size_t end = from;
    std::size_t i = from;
    std::size_t best = 0;
    std::string best_top;
    while (i < units_.size() && top->size() < 8) {
      const char32_t code = TopLetter(units_[i].code);
      if (IsLatin(code)) {
        top->push_back(static_cast<char>(code));
        end = ++i;
        const bool ends = !IsLatin(At(end));
        if (ends && IsTopDomain(*top)) {
          best = end;
          best_top = *top;
        }
      } else if ((IsSeparator(code) || IsOrnament(code)) && i == end && !top->empty()) {
        ++i;
      } else {
        break;
      }
    }
    *top = best_top;
    return best;
  }

  // Backwards from the dot; labels before other dots are part of the host.
  [[nodiscard]] Host ReadHost(std::size_t dot) const {
    Host host{.begin = dot};
    std::size_t gap = 0;
    bool space = false;       // in the gap
    std::size_t spelled = 0;  // letters and digits that stood alone
    std::string text;         // reversed
    for (std::size_t i = dot; i > 0 && dot - i < kHostUnitsMax;) {
      --i;
      const char32_t code = units_[i].code;
      if (IsWestern(code) || DigitValue(code) >= 0) {
        // Words before a space are not the host unless they are spelled out.
        if (space && host.letters + host.digits > 0 && !SpelledAt(i)) break;
        if (gap > 0 && SpelledAt(i)) ++spelled;
        ++(IsLatin(code) ? host.letters : host.digits);
        text.push_back(IsWestern(code) ? static_cast<char>(code) : '0');
        host.begin = i;
        gap = 0;
        space = false;
      } else if (code == U'.' || code == U'-' || code == U'_' || code == U'/' || code == U':') {
        text.push_back(static_cast<char>(code));
        if (++gap > 3) break;
      } else if (IsSeparator(code) || IsOrnament(code)) {
        space = space || code == U' ';
        if (++gap > 3) break;
      } else {
        break;
      }
    }
    std::reverse(text.begin(), text.end());
    std::erase_if(text, [](char c) { return c == '.' || c == '-' || c == '_'; });
    host.web = text.starts_with("www") || text.starts_with("http") || text.starts_with("hxxp") ||
               text.find("www") != std::string::npos || text.find("://") != std::string::npos ||
               spelled >= 4;
    return host;
  }

  // A letter or digit alone between separators: part of what is spelled out.
  [[nodiscard]] bool SpelledAt(std::size_t i) const {
    return i == 0 || !IsWestern(units_[i - 1].code) || units_[i + 1].code == U'.';
  }

  const std::vector<Unit>& units_;
};

// Units of money and of goods that stand behind an amount.
bool IsPriceUnit(char32_t code) {
  static constexpr std::u32string_view kUnits =
      U"\u5143\u5757\u94b1\u5200\u7c73\u5f20\u6bdb\u89d2\u5706r$\u00a5\uffe5\u20ac";
  return kUnits.find(code) != std::u32string_view::npos;
}
bool IsPriceSign(char32_t code) {
  return code == U'$' || code == U'\u00a5' || code == U'\uffe5' || code == U'\u20ac' ||
         code == U'\u00a3';
}

// The end of the amount at `from` (digits, dot, then k, w or U+4E07), 0 if there is none.
std::size_t AmountEnd(const std::vector<Unit>& units, std::size_t from) {
  std::size_t end = from;
  while (end < units.size() &&
         (IsDigit(units[end].code) || (units[end].code == U'.' && end > from &&
                                       end + 1 < units.size() && IsDigit(units[end + 1].code)))) {
    ++end;
  }
  if (end == from) return 0;
  static constexpr std::u32string_view kScales = U"kwm\u4e07\u5343\u4ebf\u767e";
  while (end < units.size() && kScales.find(units[end].code) != std::u32string_view::npos) {
    ++end;
  }
  return end;
}

bool StartsWith(const std::vector<Unit>& units, std::size_t at, std::u32string_view word) {
  if (at + word.size() > units.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (units[at + i].code != word[i]) return false;
  }
  return true;
}

// The end of the price that begins at `at`, 0 if there is none: "100 yuan", "$5", "10=100k".
std::size_t PriceEnd(const std::vector<Unit>& units, std::size_t at) {
  const bool sign = IsPriceSign(units[at].code);
  const std::size_t first = sign ? at + 1 : at;
  if (first >= units.size()) return 0;
  std::size_t end = AmountEnd(units, first);
  if (end == 0) return 0;
  if (sign) return end;
  while (end < units.size() && units[end].code == U' ') {
    ++end;
  }
  for (const std::u32string_view word : {U"rmb", U"usd", U"eur", U"gbp", U"euro", U"mb"}) {
    if (StartsWith(units, end, word)) return end + word.size();
  }
  if (end < units.size() && IsPriceUnit(units[end].code)) {
    // A letter that begins a word is no unit.
    const bool word =
        IsLatin(units[end].code) && end + 1 < units.size() && IsLatin(units[end + 1].code);
    return word ? 0 : end + 1;
  }
  const bool ratio = end < units.size() && (units[end].code == U'=' || units[end].code == U':');
  if (!ratio) return 0;
  std::size_t next = end + 1;
  if (next < units.size() && units[next].code == U' ') ++next;
  const std::size_t second = AmountEnd(units, next);
  const bool scaled = second > 0 && !IsDigit(units[second - 1].code);
  return scaled || (second > 0 && units[end].code == U'=') ? second : 0;
}

}  // namespace

int DigitValue(char32_t code) {
  if (IsDigit(code)) return static_cast<int>(code - U'0');
  if (code < 0x3007) return -1;
  const std::size_t at = kNumerals.find(code);
  return at == std::u32string_view::npos ? -1 : kNumeralValues[at];
}

bool MayBeDigit(char32_t code) {
  return DigitValue(code) >= 0 || SoundsLikeDigit(code);
}

std::size_t NumberEnd(const std::vector<Unit>& units, std::size_t from, bool by_sound) {
  std::size_t digits = 0;
  std::size_t distinct = 0;
  std::size_t end = 0;
  char32_t last = 0;
  bool disguised = false;
  bool sound = false;
  for (std::size_t i = from; i < units.size() && digits < kRepeatedDigitsMax; ++i) {
    const char32_t code = units[i].code;
    const bool numeral = DigitValue(code) >= 0;
    const bool alike = kDigitLetters.find(code) != std::u32string_view::npos && end == i &&
                       digits > 0 && i + 1 < units.size() && IsDigit(units[i + 1].code);
    const bool heard = !numeral && !alike && by_sound && SoundsLikeDigit(code);
    if (numeral || alike || heard) {
      disguised = disguised || !IsDigit(code);
      sound = sound || heard;
      ++digits;
      if (code != last) ++distinct;
      last = code;
      end = i + 1;
    } else if (digits == 0 || !(IsSeparator(code) || IsOrnament(code)) || i >= end + 2) {
      break;
    }
  }
  const std::size_t least = sound || disguised ? kDisguisedDigitsMin : kNumberDigitsMin;
  if (digits < least) return 0;
  return digits <= kNumberDigitsMax || distinct <= kNumberDigitsMax ? end : 0;
}

std::size_t AccountEnd(const std::vector<Unit>& units, std::size_t from) {
  bool telling = false;  // ordinary words have neither digits nor signs
  std::size_t size = 0;
  std::size_t end = from;
  std::size_t i = from;
  while (i < units.size() && size <= kAccountUnitsMax * 3) {
    const char32_t code = units[i].code;
    const bool sign = code == U'_' || code == U'-';
    const bool digit = DigitValue(code) >= 0;
    if (IsLatin(code) || digit || (sign && size > 0)) {
      if (size == 0 && !IsLatin(code)) return 0;
      telling = telling || sign || digit;
      ++size;
      end = ++i;
      continue;
    }
    if (size == 0 || !(IsSeparator(code) || IsOrnament(code)) || i >= end + 2) break;
    ++i;
    // Beyond a separator only what is spelled out goes on: single letters, or digits.
    const char32_t next = i < units.size() ? units[i].code : 0;
    const bool single = IsLatin(next) && (i + 1 >= units.size() || !IsWestern(units[i + 1].code));
    const bool digits = DigitValue(next) >= 0 && size >= kSpelledUnitsMin;
    if (!(digits || single || IsSeparator(next) || IsOrnament(next))) break;
  }
  return telling && size >= kAccountUnitsMin && size <= kAccountUnitsMax ? end : 0;
}

void FindContacts(const std::vector<Unit>& units, std::vector<ContactSpan>* spans) {
  const LinkReader links(units);
  const auto add = [spans](std::uint8_t what, std::size_t begin, std::size_t end) {
    spans->push_back(ContactSpan{.what = what,
                                 .begin = static_cast<std::uint32_t>(begin),
                                 .end = static_cast<std::uint32_t>(end)});
  };
  std::size_t done = 0;       // before it every digit belongs to something found
  std::size_t tried = 0;      // before it no number begins
  std::size_t link_done = 0;  // before it every dot belongs to a link
  std::size_t link_tries = 0;
  std::size_t account_tries = 0;
  for (std::size_t i = 0; i < units.size() && spans->size() < kSpansMax; ++i) {
    const char32_t code = units[i].code;
    if (i >= link_done && links.MayBeDot(i) && link_tries < kLinkTriesMax) {
      ++link_tries;
      const ContactSpan link = links.ReadAt(i);
      if (link.end > 0) {
        spans->push_back(link);
        link_done = link.end;
      }
    }
    const bool digit_before = i > 0 && IsDigit(units[i - 1].code);
    if (i >= done && !digit_before && (IsDigit(code) || IsPriceSign(code))) {
      if (const std::size_t price = PriceEnd(units, i); price > 0) {
        add(kClassPrice, i, price);
        done = price;
        tried = std::max(tried, price);
      }
    }
    if (i >= tried && IsDigit(code)) {
      std::size_t end = i;
      while (end < units.size() && IsDigit(units[end].code)) {
        ++end;
      }
      tried = end;
      const std::size_t size = end - i;
      if (size == 11 && code == U'1' && units[i + 1].code >= U'3') {
        add(kClassPhone, i, end);
      } else if (size >= kNumberDigitsMin && size <= kNumberDigitsMax) {
        add(kClassNumber, i, end);
      } else if (size < kNumberDigitsMin) {
        const std::size_t amount = AmountEnd(units, i);
        const char32_t before = i > 0 ? units[i - 1].code : 0;
        const bool inside = IsLatin(before) || before == U'.';
        tried = std::max(end, amount);
        if (!inside && (size >= 2 || amount > end)) add(kClassAmount, i, std::max(end, amount));
      }
    }
    const bool starts = i == 0 || !IsWestern(units[i - 1].code);
    if (starts && IsLatin(code) && account_tries < kAccountTriesMax) {
      ++account_tries;
      if (const std::size_t end = AccountEnd(units, i); end > 0) add(kClassAccount, i, end);
    }
  }
}

}  // namespace hallwarden::text
