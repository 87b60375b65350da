#include "rules/text/lexicon.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "rules/base/siphash.h"
#include "rules/text/data.h"
#include "rules/text/fold.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

constexpr std::size_t kFaultsMax = 20;
// Ways to write one pattern out of sets.
constexpr std::size_t kExpansionsMax = 20'000;
// Raised when the meaning of an unchanged list changes. Part of Lexicon::version().
constexpr std::uint32_t kFormatVersion = 2;

struct NamedCategory {
  std::string_view name;
  Category category;
};
constexpr std::array<NamedCategory, 10> kCategories = {{{"allow", Category::kAllow},
                                                        {"porn", Category::kPorn},
                                                        {"insult", Category::kInsult},
                                                        {"religion", Category::kReligion},
                                                        {"politics", Category::kPolitics},
                                                        {"impersonation", Category::kImpersonation},
                                                        {"advert", Category::kAdvert},
                                                        {"gamble", Category::kGamble},
                                                        {"fraud", Category::kFraud},
                                                        {"abuse", Category::kAbuse}}};

struct NamedSeverity {
  std::string_view name;
  Severity severity;
};
constexpr std::array<NamedSeverity, 3> kSeverities = {
    {{"note", Severity::kNote}, {"review", Severity::kReview}, {"plain", Severity::kPlain}}};

struct NamedFlag {
  std::string_view name;
  std::uint32_t bits;
};
constexpr std::array<NamedFlag, 11> kFlags = {{{"sub", kFlagSub},
                                               {"prefix", kFlagPrefix},
                                               {"head", kFlagHead},
                                               {"tail", kFlagTail},
                                               {"whole", kFlagHead | kFlagTail},
                                               {"exact", kFlagExact},
                                               {"number", kFlagNumber},
                                               {"id", kFlagId},
                                               {"link", kFlagLink},
                                               {"sound", kFlagSound},
                                               {"nosound", kFlagNoSound}}};
constexpr std::array<std::string_view, kBuiltInClasses> kOwnClasses = {
    "link", "number", "phone", "price", "account", "amount"};

std::string_view Trim(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// Splits at `separator` into at most `most` trimmed fields; the last one takes the rest.
std::vector<std::string_view> Split(std::string_view text, char separator, std::size_t most) {
  std::vector<std::string_view> fields;
  while (fields.size() + 1 < most) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos) break;
    fields.push_back(Trim(text.substr(0, at)));
    text.remove_prefix(at + 1);
  }
  fields.push_back(Trim(text));
  return fields;
}

template <typename Table>
std::string NamesIn(const Table& table) {
  std::string names;
  for (const auto& row : table) {
    if (!names.empty()) names += ", ";
    names += row.name;
  }
  return names;
}

template <typename Table>
auto FindName(const Table& table, std::string_view name) {
  return std::find_if(table.begin(), table.end(),
                      [name](const auto& row) { return row.name == name; });
}

std::vector<std::string_view> Words(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : Split(text, ' ', std::string_view::npos)) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

std::optional<std::uint32_t> NumberOf(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<std::uint32_t>(c - '0');
  }
  return number;
}

absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

void AppendWord(std::uint64_t word, std::string* bytes) {
  for (int shift = 0; shift < 64; shift += 8) {
    bytes->push_back(static_cast<char>((word >> shift) & 0xffU));
  }
}

std::uint64_t DigestOf(const std::vector<LexiconEntry>& entries,
                       const std::vector<LexiconRule>& rules,
                       const std::vector<std::string>& classes) {
  std::vector<std::string> rows;
  rows.reserve(entries.size() + rules.size());
  for (const LexiconEntry& entry : entries) {
    std::string row;
    row.push_back(static_cast<char>(entry.kind));
    if (entry.kind == EntryKind::kMark) row += classes[entry.mark] + '\0';
    row.push_back(static_cast<char>(entry.category));
    row.push_back(static_cast<char>(entry.severity));
    AppendWord(entry.flags, &row);
    row += EncodeUtf8(entry.folded);
    rows.push_back(std::move(row));
  }
  for (const LexiconRule& rule : rules) {
    std::string row = "rule";
    row.push_back(static_cast<char>(rule.category));
    row.push_back(static_cast<char>(rule.severity));
    AppendWord(rule.window, &row);
    for (const bool refused : {false, true}) {
      std::vector<std::string> names;
      for (std::size_t i = 0; i < classes.size(); ++i) {
        if (((refused ? rule.refuses : rule.needs) >> i & 1U) != 0) names.push_back(classes[i]);
      }
      std::sort(names.begin(), names.end());
      for (const std::string& name : names) {
        row += name + ' ';
      }
      row.push_back('!');
    }
    rows.push_back(std::move(row));
  }
  std::sort(rows.begin(), rows.end());
  std::string bytes;
  AppendWord(kFormatVersion, &bytes);
  for (const std::string& row : rows) {
    AppendWord(row.size(), &bytes);
    bytes += row;
  }
  return SipHash64(SipKey{}, bytes);
}

}  // namespace

std::optional<std::int32_t> ParseDay(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<std::uint32_t> year = NumberOf(text.substr(0, 4));
  const std::optional<std::uint32_t> month = NumberOf(text.substr(5, 2));
  const std::optional<std::uint32_t> day = NumberOf(text.substr(8, 2));
  if (!year.has_value() || !month.has_value() || !day.has_value()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok() || *year < 1970) return std::nullopt;
  return static_cast<std::int32_t>(std::chrono::sys_days(date).time_since_epoch().count());
}

std::string FormatDay(std::int32_t day) {
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{day}}};
  const auto digits = [](unsigned number, std::size_t width) {
    std::string text = std::to_string(number);
    return std::string(width - std::min(width, text.size()), '0') + text;
  };
  return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
         digits(static_cast<unsigned>(date.month()), 2) + "-" +
         digits(static_cast<unsigned>(date.day()), 2);
}

class LexiconParser {
 public:
  explicit LexiconParser(std::string_view file) {
    lexicon_.file_ = std::string(file);
    lexicon_.classes_.assign(kOwnClasses.begin(), kOwnClasses.end());
  }

  absl::StatusOr<Lexicon> Parse(std::string_view text) {
    while (!text.empty()) {
      const std::size_t size = std::min(text.find('\n'), text.size());
      ++line_;
      if (size > kLexiconLineBytesMax) {
        Fault("line is longer than " + std::to_string(kLexiconLineBytesMax) + " bytes",
              "one entry per line");
      } else {
        ReadLine(Trim(text.substr(0, size)));
      }
      text.remove_prefix(std::min(size + 1, text.size()));
    }
    MarkSets();
    if (!faults_.empty()) return absl::InvalidArgumentError(ToAbsl(Report()));
    lexicon_.version_ = DigestOf(lexicon_.entries_, lexicon_.rules_, lexicon_.classes_);
    return std::move(lexicon_);
  }

 private:
  enum class Section { kEntries, kMustHit, kMustMiss };

  void Fault(std::string_view reason, std::string_view hint) {
    ++fault_count_;
    if (faults_.size() >= kFaultsMax) return;
    std::string fault = lexicon_.file_ + ":" + std::to_string(line_) + ": ";
    fault += reason;
    fault += "; ";
    fault += hint;
    faults_.push_back(std::move(fault));
  }

  [[nodiscard]] std::string Report() const {
    std::string report;
    for (const std::string& fault : faults_) {
      if (!report.empty()) report += "\n";
      report += fault;
    }
    if (fault_count_ > faults_.size()) {
      report += "\n... and " + std::to_string(fault_count_ - faults_.size()) + " more";
    }
    return report;
  }

  void ReadLine(std::string_view line) {
    if (line.empty() || line[0] == '#') return;
    if (line[0] == '[' && section_ != Section::kMustMiss) {
      ReadSection(line);
      return;
    }
    switch (section_) {
      case Section::kEntries:
        ReadEntry(line);
        break;
      case Section::kMustHit:
        ReadMustHit(line);
        break;
      case Section::kMustMiss:
        if (line == "[entries]" || line == "[must_hit]" || line == "[must_miss]") {
          ReadSection(line);  // any other name may start with a bracket
        } else {
          lexicon_.must_miss_.push_back(LexiconExample{.line = line_, .name = std::string(line)});
        }
        break;
    }
  }

  void ReadSection(std::string_view line) {
    if (line == "[entries]") {
      section_ = Section::kEntries;
    } else if (line == "[must_hit]") {
      section_ = Section::kMustHit;
    } else if (line == "[must_miss]") {
      section_ = Section::kMustMiss;
    } else {
      Fault("unknown section " + std::string(line), "use [entries], [must_hit] or [must_miss]");
    }
  }

  std::optional<Category> ReadCategory(std::string_view name) {
    const auto* row = FindName(kCategories, name);
    if (row != kCategories.end()) return row->category;
    Fault("unknown category '" + std::string(name) + "'", "use one of " + NamesIn(kCategories));
    return std::nullopt;
  }

  std::optional<Severity> ReadSeverity(std::string_view name) {
    const auto* row = FindName(kSeverities, name);
    if (row != kSeverities.end()) return row->severity;
    Fault("unknown severity '" + std::string(name) + "'", "use one of " + NamesIn(kSeverities));
    return std::nullopt;
  }

  // Flags, author and last day into `entry`; false after a fault.
  bool ReadFlags(std::string_view text, LexiconEntry* entry) {
    if (text.empty()) return true;
    for (const std::string_view name : Split(text, ',', std::string_view::npos)) {
      if (name.starts_with("by=")) {
        entry->author = std::string(name.substr(3));
        continue;
      }
      if (name.starts_with("until=")) {
        const std::optional<std::int32_t> day = ParseDay(name.substr(6));
        if (!day.has_value()) {
          Fault("'" + std::string(name) + "' is no day", "write until=2027-01-31");
          return false;
        }
        entry->until_day = *day;
        continue;
      }
      if (name.starts_with("at=")) {
        const std::optional<std::int32_t> day = ParseDay(name.substr(3));
        if (!day.has_value()) {
          Fault("'" + std::string(name) + "' is no day", "write at=2027-01-31");
          return false;
        }
        entry->since_day = *day;
        continue;
      }
      const auto* row = FindName(kFlags, name);
      if (row == kFlags.end()) {
        Fault("unknown flag '" + std::string(name) + "'", "use one of " + NamesIn(kFlags));
        return false;
      }
      entry->flags |= row->bits;
    }
    // Links hold separators, so they are read before anything is stripped.
    if ((entry->flags & kFlagLink) != 0) entry->flags |= kFlagExact;
    return true;
  }

  void ReadEntry(std::string_view line) {
    const std::string_view first = Trim(line.substr(0, line.find('|')));
    if (first == "set") return ReadSet(line);
    if (first == "word") return ReadWords(line);
    if (first == "rule") return ReadRule(line);
    const bool allow = first == "allow";
    const bool mark = first == "mark";
    const std::vector<std::string_view> fields = Split(line, '|', allow ? 4 : 5);
    if (fields.size() < (allow ? 2 : 3)) {
      Fault("expected at least " + std::string(allow ? "2" : "3") + " fields, found " +
                std::to_string(fields.size()),
            allow  ? "write: allow | pattern | flags | comment"
            : mark ? "write: mark | class | pattern | flags | comment"
                   : "write: category | severity | pattern | flags | comment");
      return;
    }
    LexiconEntry entry;
    entry.line = line_;
    if (allow) {
      entry.kind = EntryKind::kAllow;
    } else if (mark) {
      const std::optional<std::uint8_t> number = ClassNumber(fields[1]);
      if (!number.has_value()) return;
      entry.kind = EntryKind::kMark;
      entry.mark = *number;
    } else {
      const std::optional<Category> category = ReadCategory(fields[0]);
      if (!category.has_value()) return;
      const std::optional<Severity> severity = ReadSeverity(fields[1]);
      if (!severity.has_value()) return;
      entry.category = *category;
      entry.severity = *severity;
    }
    // An allow line with three fields has no flags.
    const bool short_allow = allow && fields.size() == 3;
    const std::size_t flags = allow ? 2 : 3;
    if (!short_allow && fields.size() > flags && !ReadFlags(fields[flags], &entry)) return;
    if (allow && entry.flags != 0) {
      Fault("an allow entry is not bound to a place", "it takes by=, at= and until= only");
      return;
    }
    const std::size_t comment = allow ? (short_allow ? 2 : 3) : 4;
    if (fields.size() > comment) entry.comment = std::string(fields[comment]);
    AddPatterns(std::move(entry), fields[allow ? 1 : 2]);
  }

  void ReadSet(std::string_view line) {
    const std::vector<std::string_view> fields = Split(line, '|', 3);
    if (fields.size() != 3 || fields[1].empty()) {
      Fault("expected 3 fields", "write: set | name | word word");
      return;
    }
    if (std::find(kOwnClasses.begin(), kOwnClasses.end(), fields[1]) != kOwnClasses.end()) {
      Fault("'" + std::string(fields[1]) + "' is a class of the reader", "use another name");
      return;
    }
    std::vector<std::string>& words = sets_[std::string(fields[1])];
    for (const std::string_view word : Words(fields[2])) {
      words.emplace_back(word);
    }
  }

  void ReadWords(std::string_view line) {
    const std::vector<std::string_view> fields = Split(line, '|', 2);
    if (fields.size() != 2) {
      Fault("expected 2 fields", "write: word | word word");
      return;
    }
    for (const std::string_view word : Words(fields[1])) {
      LexiconEntry entry;
      entry.kind = EntryKind::kWord;
      entry.line = line_;
      entry.pattern = std::string(word);
      AddEntry(std::move(entry), true);
    }
  }

  // The number of a class, given one if it is new.
  std::optional<std::uint8_t> ClassNumber(std::string_view name) {
    const auto it = std::find(lexicon_.classes_.begin(), lexicon_.classes_.end(), name);
    const auto number = static_cast<std::uint8_t>(it - lexicon_.classes_.begin());
    if (it != lexicon_.classes_.end()) return number;
    if (name.empty() || lexicon_.classes_.size() == kLexiconClassesMax) {
      Fault(name.empty() ? "a class without a name" : "more classes than 64", "use fewer");
      return std::nullopt;
    }
    lexicon_.classes_.emplace_back(name);
    return number;
  }

  void ReadRule(std::string_view line) {
    const std::vector<std::string_view> fields = Split(line, '|', 7);
    if (fields.size() < 5) {
      Fault("expected at least 5 fields",
            "write: rule | category | severity | name | class class !class | window");
      return;
    }
    LexiconRule rule;
    rule.line = line_;
    const std::optional<Category> category = ReadCategory(fields[1]);
    const std::optional<Severity> severity = ReadSeverity(fields[2]);
    if (!category.has_value() || !severity.has_value()) return;
    rule.category = *category;
    rule.severity = *severity;
    rule.name = std::string(fields[3]);
    for (std::string_view name : Words(fields[4])) {
      const bool refused = name.starts_with("!");
      if (refused) name.remove_prefix(1);
      const std::optional<std::uint8_t> number = ClassNumber(name);
      if (!number.has_value()) return;
      (refused ? rule.refuses : rule.needs) |= std::uint64_t{1} << *number;
    }
    if (fields.size() > 5 && !fields[5].empty()) {
      const std::optional<std::uint32_t> window = NumberOf(fields[5]);
      if (!window.has_value() || *window == 0 || *window > kFoldCodePointsMax) {
        Fault("'" + std::string(fields[5]) + "' is no window", "write characters, 1 to 512");
        return;
      }
      rule.window = *window;
    }
    if (fields.size() > 6) rule.comment = std::string(fields[6]);
    if (rule.needs == 0 || rule.name.empty()) {
      Fault("a rule needs a name and a class", "say what must stand in the text");
    } else if (lexicon_.rules_.size() == kLexiconRulesMax) {
      Fault("more rules than " + std::to_string(kLexiconRulesMax), "use fewer");
    } else {
      lexicon_.rules_.push_back(std::move(rule));
    }
  }

  // Adds `pattern` once for each way to write the words of sets for their <names>. The words
  // themselves are taken as they are.
  void AddPatterns(LexiconEntry entry, std::string_view pattern) {
    std::vector<std::string> written = {""};
    bool expanded = false;
    while (!pattern.empty()) {
      const std::size_t open = pattern.find('<');
      const std::size_t close = open == std::string_view::npos ? open : pattern.find('>', open);
      if (close == std::string_view::npos) break;
      const std::string name(pattern.substr(open + 1, close - open - 1));
      const auto set = sets_.find(name);
      if (set == sets_.end()) {
        Fault("unknown set '" + name + "'", "define it in an earlier line");
        return;
      }
      if (written.size() * set->second.size() > kExpansionsMax) {
        Fault("more than " + std::to_string(kExpansionsMax) + " ways to write one pattern",
              "use smaller sets, or a rule");
        return;
      }
      std::vector<std::string> longer;
      for (const std::string& before : written) {
        for (const std::string& word : set->second) {
          std::string& made = longer.emplace_back(before);
          made.append(pattern.substr(0, open)).append(word);
        }
      }
      written = std::move(longer);
      pattern.remove_prefix(close + 1);
      expanded = true;
    }
    for (const std::string& before : written) {
      entry.pattern = before + std::string(pattern);
      AddEntry(entry, expanded);
    }
  }

  // A set that a rule names is the class of its words.
  void MarkSets() {
    for (const auto& [name, words] : sets_) {
      const auto it = std::find(lexicon_.classes_.begin(), lexicon_.classes_.end(), name);
      if (it == lexicon_.classes_.end()) continue;
      for (const std::string& word : words) {
        LexiconEntry entry;
        entry.kind = EntryKind::kMark;
        entry.mark = static_cast<std::uint8_t>(it - lexicon_.classes_.begin());
        entry.pattern = word;
        AddEntry(std::move(entry), true);
      }
    }
  }

  bool CheckPattern(const LexiconEntry& entry, const Folded& folded) {
    const FoldNotes& notes = folded.notes;
    if (entry.pattern.empty() || folded.units.empty()) {
      Fault("empty pattern", "remove the line");
    } else if (notes.invalid_utf8) {
      Fault("pattern is not valid UTF-8", "save the file as UTF-8");
    } else if (notes.truncated) {
      Fault("pattern is too long", "use the part that matters");
    } else if (notes.invisible || notes.bidi_control || notes.control || notes.mark) {
      Fault("pattern '" + entry.pattern + "' holds invisible characters or loose accents",
            "names are read without them; remove them");
    } else if (folded.units.size() == 1 && entry.kind != EntryKind::kMark &&
               (entry.flags & (kFlagNumber | kFlagId)) == 0) {
      Fault("one-character pattern '" + entry.pattern + "' would hit ordinary names",
            "write the words that it stands in");
    } else {
      return true;
    }
    return false;
  }

  // `quietly`: what is listed already is left as it is.
  void AddEntry(LexiconEntry entry, bool quietly) {
    const Folded folded = Fold(entry.pattern);
    if (!CheckPattern(entry, folded)) return;
    entry.folded = folded.ToCodes();
    // A sign that belongs to the pattern must not be taken out as a separator.
    const bool sign = std::any_of(entry.folded.begin(), entry.folded.end(), [](char32_t code) {
      return code != U' ' && (IsSeparator(code) || IsOrnament(code));
    });
    if (sign) entry.flags |= kFlagExact;
    const auto same = seen_.equal_range(entry.folded);
    for (auto it = same.first; it != same.second; ++it) {
      const LexiconEntry& other = lexicon_.entries_[it->second];
      if (other.kind == entry.kind && entry.kind == EntryKind::kMark && other.mark != entry.mark) {
        continue;
      }
      const bool contradiction = Contradict(entry.kind, other.kind);
      if (!contradiction && (other.kind != entry.kind || other.flags != entry.flags)) continue;
      if (quietly) return;
      Fault("pattern '" + entry.pattern + "' is already " +
                std::string(!contradiction                    ? "listed"
                            : entry.kind == EntryKind::kAllow ? "denied"
                                                              : "allowed") +
                " in line " + std::to_string(other.line),
            "keep one of the two");
      return;
    }
    if (lexicon_.entries_.size() == kLexiconEntriesMax) {
      Fault("more than " + std::to_string(kLexiconEntriesMax) + " entries", "split the list");
      return;
    }
    seen_.emplace(entry.folded, lexicon_.entries_.size());
    lexicon_.entries_.push_back(std::move(entry));
  }

  static bool Contradict(EntryKind a, EntryKind b) {
    return (a == EntryKind::kDeny && b == EntryKind::kAllow) ||
           (a == EntryKind::kAllow && b == EntryKind::kDeny);
  }

  void ReadMustHit(std::string_view line) {
    const std::vector<std::string_view> fields = Split(line, '|', 3);
    if (fields.size() != 3 || fields[2].empty()) {
      Fault("expected 3 fields", "write: category | severity | name");
      return;
    }
    const std::optional<Category> category = ReadCategory(fields[0]);
    const std::optional<Severity> severity = ReadSeverity(fields[1]);
    if (!category.has_value() || !severity.has_value()) return;
    lexicon_.must_hit_.push_back(LexiconExample{.category = *category,
                                                .severity = *severity,
                                                .line = line_,
                                                .name = std::string(fields[2])});
  }

  Lexicon lexicon_;
  Section section_ = Section::kEntries;
  std::uint32_t line_ = 0;
  std::map<std::string, std::vector<std::string>> sets_;
  std::vector<std::string> faults_;
  std::size_t fault_count_ = 0;
  std::multimap<std::u32string, std::size_t> seen_;  // folded pattern -> entry
};

std::string_view CategoryName(Category category) {
  for (const NamedCategory& row : kCategories) {
    if (row.category == category) return row.name;
  }
  if (category == Category::kUnreadable) return "unreadable";
  return "unknown";
}

std::string_view SeverityName(Severity severity) {
  for (const NamedSeverity& row : kSeverities) {
    if (row.severity == severity) return row.name;
  }
  return "unknown";
}

std::optional<Category> CategoryNamed(std::string_view name) {
  const auto* row = FindName(kCategories, name);
  if (row == kCategories.end()) return std::nullopt;
  return row->category;
}

std::optional<Severity> SeverityNamed(std::string_view name) {
  const auto* row = FindName(kSeverities, name);
  if (row == kSeverities.end()) return std::nullopt;
  return row->severity;
}

std::string FlagNames(std::uint32_t bits) {
  std::string names;
  constexpr std::uint32_t kWhole = kFlagHead | kFlagTail;
  const bool whole = (bits & kWhole) == kWhole;
  for (const NamedFlag& flag : kFlags) {
    const bool part = whole && flag.bits != kWhole && (flag.bits & kWhole) != 0;
    if (part || (bits & flag.bits) != flag.bits) continue;
    if (!names.empty()) names += ',';
    names += flag.name;
  }
  return names;
}

absl::StatusOr<Lexicon> Lexicon::Parse(std::string_view text, std::string_view file) {
  if (text.size() > kLexiconBytesMax) {
    std::string reason(file);
    reason += ": longer than " + std::to_string(kLexiconBytesMax) + " bytes; split the list";
    return absl::ResourceExhaustedError(ToAbsl(reason));
  }
  return LexiconParser(file).Parse(text);
}

Lexicon Lexicon::On(std::int32_t day) const {
  Lexicon list = *this;
  std::erase_if(list.entries_, [day](const LexiconEntry& entry) {
    return entry.until_day != 0 && entry.until_day < day;
  });
  list.version_ = DigestOf(list.entries_, list.rules_, list.classes_);
  return list;
}

Lexicon Lexicon::With(const Lexicon& own) const {
  std::vector<const LexiconEntry*> sorted;
  sorted.reserve(own.entries_.size());
  for (const LexiconEntry& entry : own.entries_)
    sorted.push_back(&entry);
  const auto less = [](const LexiconEntry* a, const LexiconEntry* b) {
    return a->folded < b->folded;
  };
  std::sort(sorted.begin(), sorted.end(), less);
  Lexicon list = *this;
  std::erase_if(list.entries_, [&](const LexiconEntry& entry) {
    if (entry.kind != EntryKind::kDeny && entry.kind != EntryKind::kAllow) return false;
    const auto [first, last] = std::equal_range(sorted.begin(), sorted.end(), &entry, less);
    return std::any_of(first, last, [&](const LexiconEntry* other) {
      return other->kind != entry.kind || other->flags == entry.flags;
    });
  });
  list.entries_.reserve(list.entries_.size() + own.entries_.size());
  for (const LexiconEntry& entry : own.entries_) {
    list.entries_.push_back(entry);
    list.entries_.back().own = true;
  }
  list.must_hit_ = own.must_hit_;
  list.must_miss_ = own.must_miss_;
  list.file_ = own.file_;
  list.version_ = DigestOf(list.entries_, list.rules_, list.classes_);
  return list;
}

std::string_view BuiltInNameLexiconText() {
  static const std::string* const kText =
      new std::string(std::string(SharedLexiconText()) + std::string(NamesLexiconText()));
  return *kText;
}

std::string_view BuiltInChatLexiconText() {
  static const std::string* const kText =
      new std::string(std::string(SharedLexiconText()) + std::string(ChatLexiconText()));
  return *kText;
}

namespace {

std::shared_ptr<const Lexicon> ParseBuiltIn(std::string_view text, std::string_view file) {
  absl::StatusOr<Lexicon> parsed = Lexicon::Parse(text, file);
  // The lists are part of the program and a test parses them: a fault here is a broken build.
  if (!parsed.ok()) std::abort();
  return std::make_shared<const Lexicon>(*std::move(parsed));
}

}  // namespace

std::shared_ptr<const Lexicon> BuiltInNameLexicon() {
  static const std::shared_ptr<const Lexicon> kLexicon =
      ParseBuiltIn(BuiltInNameLexiconText(), "names.lex");
  return kLexicon;
}

std::shared_ptr<const Lexicon> BuiltInChatLexicon() {
  static const std::shared_ptr<const Lexicon> kLexicon =
      ParseBuiltIn(BuiltInChatLexiconText(), "chat.lex");
  return kLexicon;
}

}  // namespace hallwarden::text
