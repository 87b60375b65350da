#include "rules/text/lexicon.h"

#include <algorithm>
#include <array>
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
// Raised when the meaning of an unchanged list changes. Part of Lexicon::version().
constexpr std::uint32_t kFormatVersion = 1;

struct NamedCategory {
  std::string_view name;
  Category category;
};
constexpr std::array<NamedCategory, 7> kCategories = {{{"allow", Category::kAllow},
                                                       {"porn", Category::kPorn},
                                                       {"insult", Category::kInsult},
                                                       {"religion", Category::kReligion},
                                                       {"politics", Category::kPolitics},
                                                       {"impersonation", Category::kImpersonation},
                                                       {"advert", Category::kAdvert}}};

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
constexpr std::array<NamedFlag, 9> kFlags = {{{"sub", kFlagSub},
                                              {"prefix", kFlagPrefix},
                                              {"head", kFlagHead},
                                              {"tail", kFlagTail},
                                              {"whole", kFlagHead | kFlagTail},
                                              {"exact", kFlagExact},
                                              {"number", kFlagNumber},
                                              {"id", kFlagId},
                                              {"link", kFlagLink}}};

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

absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

void AppendWord(std::uint64_t word, std::string* bytes) {
  for (int shift = 0; shift < 64; shift += 8) {
    bytes->push_back(static_cast<char>((word >> shift) & 0xffU));
  }
}

std::uint64_t DigestOf(const std::vector<LexiconEntry>& entries) {
  std::vector<std::string> rows;
  rows.reserve(entries.size());
  for (const LexiconEntry& entry : entries) {
    std::string row;
    row.push_back(static_cast<char>(entry.category));
    row.push_back(static_cast<char>(entry.severity));
    AppendWord(entry.flags, &row);
    row += EncodeUtf8(entry.folded);
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

class LexiconParser {
 public:
  explicit LexiconParser(std::string_view file) { lexicon_.file_ = std::string(file); }

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
    if (!faults_.empty()) return absl::InvalidArgumentError(ToAbsl(Report()));
    lexicon_.version_ = DigestOf(lexicon_.entries_);
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

  std::optional<std::uint32_t> ReadFlags(std::string_view text) {
    std::uint32_t flags = 0;
    if (text.empty()) return flags;
    for (const std::string_view name : Split(text, ',', std::string_view::npos)) {
      const auto* row = FindName(kFlags, name);
      if (row == kFlags.end()) {
        Fault("unknown flag '" + std::string(name) + "'", "use one of " + NamesIn(kFlags));
        return std::nullopt;
      }
      flags |= row->bits;
    }
    // Links hold separators, so they are read before anything is stripped.
    if ((flags & kFlagLink) != 0) flags |= kFlagExact;
    return flags;
  }

  void ReadEntry(std::string_view line) {
    const bool allow = line.substr(0, line.find('|')).starts_with("allow");
    const std::vector<std::string_view> fields = Split(line, '|', allow ? 3 : 5);
    if (fields.size() < (allow ? 2 : 3)) {
      Fault("expected at least " + std::string(allow ? "2" : "3") + " fields, found " +
                std::to_string(fields.size()),
            allow ? "write: allow | pattern | comment"
                  : "write: category | severity | pattern | flags | comment");
      return;
    }
    LexiconEntry entry;
    entry.line = line_;
    const std::optional<Category> category = ReadCategory(fields[0]);
    if (!category.has_value()) return;
    entry.category = *category;
    if (!allow) {
      const std::optional<Severity> severity = ReadSeverity(fields[1]);
      const std::optional<std::uint32_t> flags = ReadFlags(fields.size() > 3 ? fields[3] : "");
      if (!severity.has_value() || !flags.has_value()) return;
      entry.severity = *severity;
      entry.flags = *flags;
    }
    entry.pattern = std::string(fields[allow ? 1 : 2]);
    const std::size_t comment = allow ? 2 : 4;
    if (fields.size() > comment) entry.comment = std::string(fields[comment]);
    AddEntry(std::move(entry));
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
    } else if (folded.units.size() == 1 && (entry.flags & (kFlagNumber | kFlagId)) == 0) {
      Fault("one-character pattern '" + entry.pattern + "' would hit ordinary names",
            "write the words that it stands in");
    } else {
      return true;
    }
    return false;
  }

  void AddEntry(LexiconEntry entry) {
    const Folded folded = Fold(entry.pattern);
    if (!CheckPattern(entry, folded)) return;
    entry.folded = folded.ToCodes();
    // A sign that belongs to the pattern must not be taken out as a separator.
    const bool sign = std::any_of(entry.folded.begin(), entry.folded.end(), [](char32_t code) {
      return code != U' ' && (IsSeparator(code) || IsOrnament(code));
    });
    if (sign) entry.flags |= kFlagExact;
    const bool allow = entry.category == Category::kAllow;
    const auto same = seen_.equal_range(entry.folded);
    for (auto it = same.first; it != same.second; ++it) {
      const LexiconEntry& other = lexicon_.entries_[it->second];
      const bool contradiction = allow != (other.category == Category::kAllow);
      if (!contradiction && other.flags != entry.flags) continue;
      Fault("pattern '" + entry.pattern + "' is already " +
                std::string(contradiction ? (allow ? "denied" : "allowed") : "listed") +
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
  std::vector<std::string> faults_;
  std::size_t fault_count_ = 0;
  std::multimap<std::u32string, std::size_t> seen_;  // folded pattern -> entry
};

std::string_view CategoryName(Category category) {
  for (const NamedCategory& row : kCategories) {
    if (row.category == category) return row.name;
  }
  return "unknown";
}

std::string_view SeverityName(Severity severity) {
  for (const NamedSeverity& row : kSeverities) {
    if (row.severity == severity) return row.name;
  }
  return "unknown";
}

absl::StatusOr<Lexicon> Lexicon::Parse(std::string_view text, std::string_view file) {
  if (text.size() > kLexiconBytesMax) {
    std::string reason(file);
    reason += ": longer than " + std::to_string(kLexiconBytesMax) + " bytes; split the list";
    return absl::ResourceExhaustedError(ToAbsl(reason));
  }
  return LexiconParser(file).Parse(text);
}

std::shared_ptr<const Lexicon> BuiltInNameLexicon() {
  static const std::shared_ptr<const Lexicon> kLexicon = [] {
    absl::StatusOr<Lexicon> parsed = Lexicon::Parse(NamesLexiconText(), "names.lex");
    // The list is part of the program and a test parses it: a fault here is a broken build.
    if (!parsed.ok()) std::abort();
    return std::make_shared<const Lexicon>(*std::move(parsed));
  }();
  return kLexicon;
}

}  // namespace hallwarden::text
