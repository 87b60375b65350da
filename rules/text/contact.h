// The grammar of contacts and prices: numbers, account names, links, prices, as people write them
// in adverts. Read before any look-alike folding turns digits into letters. Private to rules/text.
#ifndef HALLWARDEN_RULES_TEXT_CONTACT_H_
#define HALLWARDEN_RULES_TEXT_CONTACT_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "rules/text/fold.h"
#include "rules/text/lexicon.h"

namespace hallwarden::text {

inline constexpr std::size_t kNumberDigitsMin = 5;
inline constexpr std::size_t kNumberDigitsMax = 12;
inline constexpr std::size_t kAccountUnitsMin = 5;
inline constexpr std::size_t kAccountUnitsMax = 20;

// The value 0..9 of a digit, a Han numeral of any form, else -1.
[[nodiscard]] int DigitValue(char32_t code);

// True for what NumberEnd may take for a digit: numerals, and characters that sound like digits.
[[nodiscard]] bool MayBeDigit(char32_t code);
// Fewer of them in a row are no number.
inline constexpr std::size_t kDisguisedDigitsMin = 6;

// The end of the number that begins at units[from], 0 if there is none: 5 to 12 digits (up to 40 if
// digits repeat) with at most one separator between two. A letter drawn like a digit counts between
// digits, a Han numeral anywhere; such a number must be one digit longer, for ordinary words hold
// numerals. With `by_sound`, characters that sound like digits count too, if there are 6 or more.
[[nodiscard]] std::size_t NumberEnd(const std::vector<Unit>& units, std::size_t from,
                                    bool by_sound);

// The end of the account name that begins at units[from], 0 if there is none: 5 to 20 letters,
// digits (Han numerals too), '_' and '-' with a digit or sign among them, beginning with a letter;
// single letters and digits may be spelled out with separators.
[[nodiscard]] std::size_t AccountEnd(const std::vector<Unit>& units, std::size_t from);

// A place where a class of BuiltInClass stands: units [begin, end).
struct ContactSpan {
  std::uint8_t what = kClassLink;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool strong = false;  // of links: with http, www or a host of digits and letters
};

// Appends what stands in `units` (a reading in which separators still stand), at most 32 spans.
// Linear in the units.
void FindContacts(const std::vector<Unit>& units, std::vector<ContactSpan>* spans);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_CONTACT_H_
