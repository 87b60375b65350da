// A word list as people write it, checked the way a compiler checks.
//
// File format (UTF-8, one item per line, '#' starts a comment line, blank lines are skipped):
//
//   category | severity | pattern | flags | comment
//   allow | pattern | comment
//   word  | innocent words, separated by spaces
//   set   | name | words, separated by spaces
//   mark  | class | pattern | flags | comment
//   rule  | category | severity | name | class class !class ... | window | comment
//   [must_hit]
//   category | severity | name
//   [must_miss]
//   name
//   [entries]
//
// A file starts in [entries]. Flags and comment may be left out.
// Categories: porn, insult, religion, politics, impersonation, advert, gamble, fraud, abuse.
// Severities: see Severity. Flags, separated by commas:
//   sub     a Latin pattern also inside a word (the default for Latin is the whole word)
//   prefix  a Latin pattern at the start of a word
//   head    only at the start of the text, tail: only at its end, whole: both (ornaments, spaces
//           and punctuation around it do not count)
//   exact   only the plain reading: no look-alikes, no separators taken out (implied by `link`
//           and by signs in the pattern)
//   number  only before a number of 5 to 12 digits (up to 3 separators before it and one between
//           digits are skipped); the number is part of the hit
//   id      only before a number as above or a Latin account name of 5 to 20 characters that
//           contains a digit, '_' or '-'
//   link    only after a host name ("abc888" in abc888.com), and not before a letter or digit
//   sound   also by sound (the default for plain patterns of Han characters), nosound: never
//   by=NAME the author, at=YYYY-MM-DD the day it was added, until=YYYY-MM-DD the last day the entry
//           counts. An allow entry may have these three as well: allow | pattern | flags | comment
// Patterns are folded like names (see fold.h): write them simplified and in lower case. A pattern
// of one character would hit ordinary names; it is allowed only with `number`, `id` and in marks.
//
// allow   leaves out the hits that it covers on the original text.
// word    claims its characters: a hit that begins or ends inside of it, and reaches beyond it, was
//         never a word ("crossroads traffic" cut in the middle).
// set     names words. <name> in a pattern stands for each of them: "<trade><goods>" is as many
//         entries as there are pairs. A set is also the class of its words.
// mark    a pattern that is no hit but gives its class to rules.
// rule    a hit if every class stands in the text at places of its own, no more than `window`
//         characters from first to last (default 60), and no class with '!' anywhere. Classes that
//         the reader knows by itself: link, number (5 to 12 digits), phone, price, account, amount
//         (100, 5k).
#ifndef HALLWARDEN_RULES_TEXT_LEXICON_H_
#define HALLWARDEN_RULES_TEXT_LEXICON_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace hallwarden::text {

inline constexpr std::size_t kLexiconBytesMax = std::size_t{16} << 20U;
inline constexpr std::size_t kLexiconEntriesMax = 200'000;
inline constexpr std::size_t kLexiconLineBytesMax = 4096;

// The numbers are frozen: they reach the journal.
enum class Category : std::uint8_t {
  kAllow = 0,
  kPorn = 1,
  kInsult = 2,
  kReligion = 3,
  kPolitics = 4,
  kImpersonation = 5,
  kAdvert = 6,
  kGamble = 7,
  kFraud = 8,
  kAbuse = 9,
  kUnreadable = 10,  // blank or made to be mistaken; not of entries, see skeleton.h
};

// Days since 1970-01-01 of a day written YYYY-MM-DD; nullopt if it is none.
[[nodiscard]] std::optional<std::int32_t> ParseDay(std::string_view text);
// The reverse. Requires: a day of the years 1970 to 9999.
[[nodiscard]] std::string FormatDay(std::int32_t day);

// The numbers are frozen. A greater one is stronger.
enum class Severity : std::uint8_t {
  kNote = 1,    // `note`: worth knowing, never acted upon
  kReview = 2,  // `review`: a GM should look at it
  kPlain = 3,   // `plain`: no honest reading; a machine may act
};

// "porn", ...; "plain", ...: the words of the file format.
[[nodiscard]] std::string_view CategoryName(Category category);
[[nodiscard]] std::string_view SeverityName(Severity severity);
// The reverse; nullopt if there is none of that name.
[[nodiscard]] std::optional<Category> CategoryNamed(std::string_view name);
[[nodiscard]] std::optional<Severity> SeverityNamed(std::string_view name);

enum EntryFlag : std::uint32_t {
  kFlagSub = 1U << 0U,
  kFlagPrefix = 1U << 1U,
  kFlagHead = 1U << 2U,
  kFlagTail = 1U << 3U,
  kFlagExact = 1U << 4U,
  kFlagNumber = 1U << 5U,
  kFlagId = 1U << 6U,
  kFlagLink = 1U << 7U,
  kFlagSound = 1U << 8U,
  kFlagNoSound = 1U << 9U,
};

// The flags of `bits` as the file format writes them, separated by commas.
[[nodiscard]] std::string FlagNames(std::uint32_t bits);

// What a pattern is for.
enum class EntryKind : std::uint8_t {
  kDeny = 0,
  kAllow = 1,
  kWord = 2,
  kMark = 3,
};

// Classes that the reader of contacts finds by itself; the others follow.
enum BuiltInClass : std::uint8_t {
  kClassLink = 0,
  kClassNumber = 1,
  kClassPhone = 2,
  kClassPrice = 3,
  kClassAccount = 4,
  kClassAmount = 5,
  kBuiltInClasses = 6,
};
inline constexpr std::size_t kLexiconClassesMax = 64;
inline constexpr std::size_t kLexiconRulesMax = 1'000;
// Characters from the first to the last class of a rule that gives no window.
inline constexpr std::uint32_t kRuleWindowDefault = 60;

struct LexiconEntry {
  EntryKind kind = EntryKind::kDeny;
  std::uint8_t mark = 0;  // of kMark: its class
  Category category = Category::kAllow;
  Severity severity = Severity::kNote;  // kNote for allow entries, without meaning
  std::uint32_t flags = 0;              // bits of EntryFlag; `whole` is head and tail
  std::uint32_t line = 0;               // 1-based
  std::string pattern;                  // as written
  std::u32string folded;                // under the plain reading
  std::string comment;
  std::string author;
  std::int32_t until_day = 0;  // the last day it counts, in days since 1970-01-01; 0: for ever
  std::int32_t since_day = 0;  // the day it was added; 0: not said
  bool own = false;            // of the operator's list, see operator_list.h
};

struct LexiconRule {
  Category category = Category::kAdvert;
  Severity severity = Severity::kReview;
  std::string name;
  std::uint64_t needs = 0;    // bits of classes
  std::uint64_t refuses = 0;  // bits of classes
  std::uint32_t window = kRuleWindowDefault;
  std::uint32_t line = 0;
  std::string comment;
};

// What the author of the list promises about it. A must_hit name has a hit of this category and
// severity; a must_miss name has none above `note`.
struct LexiconExample {
  Category category = Category::kAllow;  // kAllow for must_miss
  Severity severity = Severity::kNote;
  std::uint32_t line = 0;
  std::string name;
};

// An immutable, checked list. Copyable and movable; const use is thread-safe.
class Lexicon {
 public:
  // Parses `text`; `file` only names it in messages. INVALID_ARGUMENT names up to 20 faults, one
  // per line, as "file:line: reason; hint". Faults: wrong field count, unknown category, severity,
  // flag or section, empty or invalid pattern, one character without `number` or `id`, duplicate
  // (same pattern and flags), deny pattern equal to an allow pattern, more than the limits above.
  // RESOURCE_EXHAUSTED if `text` is longer than kLexiconBytesMax.
  static absl::StatusOr<Lexicon> Parse(std::string_view text, std::string_view file);

  // Entries in file order; an entry's index is its entry_id.
  [[nodiscard]] const std::vector<LexiconEntry>& entries() const { return entries_; }
  [[nodiscard]] const std::vector<LexiconExample>& must_hit() const { return must_hit_; }
  [[nodiscard]] const std::vector<LexiconExample>& must_miss() const { return must_miss_; }
  [[nodiscard]] const std::vector<LexiconRule>& rules() const { return rules_; }
  // Names of the classes by number, the built-in ones first.
  [[nodiscard]] const std::vector<std::string>& classes() const { return classes_; }
  [[nodiscard]] const std::string& file() const { return file_; }

  // The same list without the entries whose last day lies before `day` (days since 1970-01-01).
  [[nodiscard]] Lexicon On(std::int32_t day) const;

  // This list with the entries of `own` on top: what `own` lists is taken out here first, and so is
  // what it contradicts (its allow against a deny here, and the reverse), so the operator has the
  // last word. Keeps the rules and classes of this list and the examples of `own`.
  [[nodiscard]] Lexicon With(const Lexicon& own) const;

  // A digest of what the list decides: categories, severities, folded patterns and flags. The same
  // for the same content in any order; comments, examples and layout do not count.
  [[nodiscard]] std::uint64_t version() const { return version_; }

 private:
  Lexicon() = default;

  std::vector<LexiconEntry> entries_;
  std::vector<LexiconRule> rules_;
  std::vector<std::string> classes_;
  std::vector<LexiconExample> must_hit_;
  std::vector<LexiconExample> must_miss_;
  std::string file_;
  std::uint64_t version_ = 0;

  friend class LexiconParser;
};

// The list for nicknames that comes with the program (`data/names.lex`). Parsed once; the same
// pointer for ever.
[[nodiscard]] std::shared_ptr<const Lexicon> BuiltInNameLexicon();
// The list for chat, posts and notices (`data/chat.lex`).
[[nodiscard]] std::shared_ptr<const Lexicon> BuiltInChatLexicon();
// Their text: what both share (`data/shared.lex`) before what each has alone.
[[nodiscard]] std::string_view BuiltInNameLexiconText();
[[nodiscard]] std::string_view BuiltInChatLexiconText();

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_LEXICON_H_
