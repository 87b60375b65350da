#include "rules/text/name_screener.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "rules/text/fold.h"
#include "rules/text/matcher.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// More hits than these in one name are not looked at: an ordinary name has none, a hostile one must
// not cost more.
constexpr std::size_t kCandidatesMax = 512;
constexpr std::size_t kNumberDigitsMin = 5;
constexpr std::size_t kNumberDigitsMax = 12;
// U+96F6 zero, U+3007, one to nine, then the forms for cheques, then U+5E7A (one, on the
// telephone).
constexpr std::u32string_view kHanNumerals =
    U"\u96f6\u3007\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d"
    U"\u58f9\u8d30\u53c1\u8086\u4f0d\u9646\u67d2\u634c\u7396\u5e7a";
constexpr std::u32string_view kDigitLike = U"oli";
constexpr std::size_t kIdUnitsMin = 5;
constexpr std::size_t kIdUnitsMax = 20;
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

// One way an entry is looked for. The stripped reading has every repeated character once, so its
// patterns do too, and `repeats` tells how often each must have stood there at least.
struct Form {
  std::uint32_t entry = 0;
  bool plain = false;
  bool stripped = false;
  std::vector<std::uint16_t> repeats;  // empty: once each
};

// An occurrence that passed every check of its entry.
struct Candidate {
  std::uint32_t entry = 0;
  std::size_t begin = 0;  // bytes of the original
  std::size_t end = 0;
  bool disguised = false;
  std::string reading;
};

// A match in one reading of one name, with the questions that an entry's flags ask about it.
class Context {
 public:
  Context(const std::vector<Unit>& units, const Matcher::Match& match)
      : units_(units), begin_(match.begin), end_(match.end) {}

  // Whether the match is what an entry with these flags looks for. Takes the number or account name
  // that the entry announces into the match.
  [[nodiscard]] bool Fits(std::uint32_t flags) {
    if ((flags & kFlagSub) == 0 && !StartsWord()) return false;
    if ((flags & (kFlagSub | kFlagPrefix)) == 0 && !EndsWord()) return false;
    if ((flags & kFlagHead) != 0 && !OnlyFillers(0, begin_)) return false;
    if ((flags & kFlagTail) != 0 && !OnlyFillers(end_, units_.size())) return false;
    if ((flags & kFlagLink) != 0 && !(AfterHost() && EndsHost())) return false;
    if ((flags & (kFlagId | kFlagNumber)) == 0) return true;
    const std::size_t number = NumberEnd();
    const std::size_t end = number == 0 && (flags & kFlagId) != 0 ? IdEnd() : number;
    if (end == 0) return false;
    end_ = end;
    return true;
  }
  [[nodiscard]] std::size_t end() const { return end_; }

  [[nodiscard]] bool Disguised() const {
    for (std::size_t i = begin_; i < end_; ++i) {
      // What stands before the first unit is not part of the match.
      const unsigned between = i == begin_ ? kChangeGap | kChangeJoined : kChangeNone;
      if ((units_[i].changes & ~(kChangesHonest | between)) != 0) return true;
    }
    return false;
  }

  [[nodiscard]] std::string Reading() const {
    std::string text;
    for (std::size_t i = begin_; i < end_; ++i) {
      AppendUtf8(units_[i].code, &text);
    }
    return text;
  }

 private:
  // A Latin word starts and ends beside anything but a letter, and for words of some length where
  // lower case turns to upper case ("NiceWord"). A digit beside a digit is inside a number.
  [[nodiscard]] bool StartsWord() const {
    if (begin_ == 0 || !IsWestern(units_[begin_].code)) return true;
    return IsBreak(units_[begin_ - 1], units_[begin_]);
  }
  [[nodiscard]] bool EndsWord() const {
    if (end_ == units_.size() || !IsWestern(units_[end_ - 1].code)) return true;
    return IsBreak(units_[end_ - 1], units_[end_]);
  }
  [[nodiscard]] bool IsBreak(const Unit& left, const Unit& right) const {
    if (IsDigit(left.code) && IsDigit(right.code)) return false;
    if (!IsLatin(left.code) || !IsLatin(right.code)) return true;
    return end_ - begin_ >= kCamelUnitsMin && !WasUpper(left) && WasUpper(right);
  }

  [[nodiscard]] bool OnlyFillers(std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      if (!IsFiller(units_[i].code)) return false;
    }
    return true;
  }

  [[nodiscard]] std::size_t AfterGap() const {
    std::size_t i = end_;
    while (i < units_.size() && i < end_ + kContactGapMax && IsSeparator(units_[i].code)) {
      ++i;
    }
    return i;
  }

  // The end of the number behind the match, 0 if there is none. Between two digits there may be one
  // separator. A letter drawn like a digit counts between digits, a Han numeral anywhere; such a
  // number must be one digit longer, for ordinary words hold numerals.
  [[nodiscard]] std::size_t NumberEnd() const {
    std::size_t digits = 0;
    std::size_t end = 0;
    bool disguised = false;
    for (std::size_t i = AfterGap(); i < units_.size(); ++i) {
      const char32_t code = units_[i].code;
      const bool numeral = kHanNumerals.find(code) != std::u32string_view::npos;
      const bool alike = kDigitLike.find(code) != std::u32string_view::npos && end == i &&
                         digits > 0 && i + 1 < units_.size() && IsDigit(units_[i + 1].code);
      if (IsDigit(code) || numeral || alike) {
        disguised = disguised || !IsDigit(code);
        ++digits;
        end = i + 1;
      } else if (end != i || digits == 0 || !IsSeparator(code)) {
        break;
      }
    }
    const std::size_t least = kNumberDigitsMin + (disguised ? 1 : 0);
    return digits >= least && digits <= kNumberDigitsMax ? end : 0;
  }

  // The end of the account name behind the match, 0 if there is none.
  [[nodiscard]] std::size_t IdEnd() const {
    const std::size_t begin = AfterGap();
    bool telling = false;  // ordinary words have neither digits nor signs
    std::size_t end = begin;
    while (end < units_.size()) {
      const char32_t code = units_[end].code;
      const bool sign = code == U'_' || code == U'-';
      if (!IsWestern(code) && !sign) break;
      telling = telling || sign || IsDigit(code);
      ++end;
    }
    const std::size_t size = end - begin;
    return telling && size >= kIdUnitsMin && size <= kIdUnitsMax ? end : 0;
  }

  [[nodiscard]] bool AfterHost() const {
    std::size_t size = 0;
    while (size < begin_ &&
           (IsWestern(units_[begin_ - size - 1].code) || units_[begin_ - size - 1].code == U'-')) {
      ++size;
    }
    return size >= 2;
  }
  [[nodiscard]] bool EndsHost() const {
    return end_ == units_.size() || !IsWestern(units_[end_].code);
  }

  const std::vector<Unit>& units_;
  std::size_t begin_;
  std::size_t end_;
};

bool RepeatsEnough(const Form& form, const std::vector<Unit>& units, std::uint32_t begin) {
  for (std::size_t i = 0; i < form.repeats.size(); ++i) {
    if (units[begin + i].repeat < form.repeats[i]) return false;
  }
  return true;
}

}  // namespace

class NameScreener::Impl {
 public:
  explicit Impl(const Lexicon& lexicon) : lexicon_(lexicon), matcher_(Build()) {}

  [[nodiscard]] std::vector<NameHit> Screen(std::string_view name) const {
    std::vector<Candidate> denied;
    std::vector<Candidate> allowed;
    std::array<std::optional<Folded>, kReadingCount> read;
    for (const Reading reading : kReadings) {
      std::optional<Folded>& text = read[static_cast<std::size_t>(reading)];
      if (reading == Reading::kPlain) {
        text = Fold(name);
      } else {
        const std::optional<Folded>& parent = read[static_cast<std::size_t>(ParentOf(reading))];
        if (parent.has_value() && MayDiffer(reading, *parent)) text = Derive(reading, *parent);
      }
      if (text.has_value()) Collect(reading, text->units, &denied, &allowed);
    }
    return denied.empty() ? std::vector<NameHit>() : Conclude(std::move(denied), allowed);
  }

 private:
  Matcher Build() {
    Matcher::Builder builder;
    for (std::size_t id = 0; id < lexicon_.entries().size(); ++id) {
      const LexiconEntry& entry = lexicon_.entries()[id];
      const bool exact = (entry.flags & kFlagExact) != 0;
      const std::optional<Folded> stripped = Derive(Reading::kStripped, Fold(entry.pattern));
      Form form;
      form.entry = static_cast<std::uint32_t>(id);
      form.plain = true;
      form.stripped = !exact && !stripped.has_value();
      AddForm(entry.folded, form, &builder);
      if (exact || !stripped.has_value()) continue;
      form.plain = false;
      form.stripped = true;
      for (const Unit& unit : stripped->units) {
        form.repeats.push_back(unit.repeat);
      }
      AddForm(stripped->ToCodes(), std::move(form), &builder);
    }
    return std::move(builder).Build();
  }

  void AddForm(std::u32string_view pattern, Form form, Matcher::Builder* builder) {
    builder->Add(pattern, static_cast<std::uint32_t>(forms_.size()));
    forms_.push_back(std::move(form));
  }

  void Collect(Reading reading, const std::vector<Unit>& units, std::vector<Candidate>* denied,
               std::vector<Candidate>* allowed) const {
    std::vector<Matcher::Match> matches;
    matcher_.FindAll(units, &matches);
    for (const Matcher::Match& match : matches) {
      const Form& form = forms_[match.value];
      const bool stripped = reading == Reading::kStripped || reading == Reading::kStrippedLookalike;
      if (!(stripped ? form.stripped : form.plain)) continue;
      const LexiconEntry& entry = lexicon_.entries()[form.entry];
      if (reading != Reading::kPlain && (entry.flags & kFlagExact) != 0) continue;
      if (!RepeatsEnough(form, units, match.begin)) continue;
      const bool allow = entry.category == Category::kAllow;
      std::vector<Candidate>* const into = allow ? allowed : denied;
      Context context(units, match);
      if (into->size() >= kCandidatesMax || !context.Fits(entry.flags)) continue;
      Candidate candidate;
      candidate.entry = form.entry;
      candidate.begin = units[match.begin].begin;
      candidate.end = units[context.end() - 1].end;
      if (!allow) {
        candidate.disguised = context.Disguised();
        candidate.reading = context.Reading();
      }
      into->push_back(std::move(candidate));
    }
  }

  [[nodiscard]] const LexiconEntry& EntryOf(const Candidate& candidate) const {
    return lexicon_.entries()[candidate.entry];
  }

  [[nodiscard]] bool Stronger(const Candidate& a, const Candidate& b) const {
    const auto key = [this](const Candidate& c) {
      return std::tuple(-static_cast<int>(EntryOf(c).severity), c.disguised, c.begin,
                        c.begin - c.end, c.entry);
    };
    return key(a) < key(b);
  }

  // True if `outer` makes `inner` superfluous: the same entry again, or a part of a longer hit.
  [[nodiscard]] bool Absorbs(const Candidate& outer, const Candidate& inner) const {
    const bool covers = outer.begin <= inner.begin && inner.end <= outer.end;
    const bool overlaps = outer.begin < inner.end && inner.begin < outer.end;
    if (outer.entry == inner.entry) return overlaps;
    const LexiconEntry& a = EntryOf(outer);
    const LexiconEntry& b = EntryOf(inner);
    return covers && a.category == b.category && a.severity >= b.severity;
  }

  [[nodiscard]] std::vector<NameHit> Conclude(std::vector<Candidate> denied,
                                              const std::vector<Candidate>& allowed) const {
    std::erase_if(denied, [&allowed](const Candidate& hit) {
      return std::any_of(allowed.begin(), allowed.end(), [&hit](const Candidate& allow) {
        return allow.begin <= hit.begin && hit.end <= allow.end;
      });
    });
    // Longest first within a severity, so that what is absorbed comes after what absorbs it. The
    // plainest reading of an entry was collected first and the sort is stable.
    std::stable_sort(denied.begin(), denied.end(), [this](const Candidate& a, const Candidate& b) {
      return std::tuple(EntryOf(b).severity, a.disguised, b.end - b.begin) <
             std::tuple(EntryOf(a).severity, b.disguised, a.end - a.begin);
    });
    std::vector<Candidate> kept;
    for (Candidate& hit : denied) {
      const bool absorbed = std::any_of(
          kept.begin(), kept.end(), [&](const Candidate& other) { return Absorbs(other, hit); });
      if (!absorbed) kept.push_back(std::move(hit));
      if (kept.size() == kNameHitsMax) break;
    }
    std::sort(kept.begin(), kept.end(),
              [this](const Candidate& a, const Candidate& b) { return Stronger(a, b); });
    std::vector<NameHit> hits;
    hits.reserve(kept.size());
    for (Candidate& hit : kept) {
      const LexiconEntry& entry = EntryOf(hit);
      hits.push_back(NameHit{.category = entry.category,
                             .severity = entry.severity,
                             .entry_id = hit.entry,
                             .entry = entry.pattern,
                             .reading = std::move(hit.reading),
                             .begin = hit.begin,
                             .end = hit.end,
                             .disguised = hit.disguised});
    }
    return hits;
  }

  const Lexicon& lexicon_;
  std::vector<Form> forms_;
  Matcher matcher_;
};

NameScreener::NameScreener(std::shared_ptr<const Lexicon> lexicon)
    : lexicon_(std::move(lexicon)), impl_(std::make_unique<const Impl>(*lexicon_)) {}
NameScreener::~NameScreener() = default;
NameScreener::NameScreener(NameScreener&&) noexcept = default;
NameScreener& NameScreener::operator=(NameScreener&&) noexcept = default;

std::vector<NameHit> NameScreener::Screen(std::string_view name) const {
  return impl_->Screen(name);
}

Hash128 NameFingerprint(std::string_view name, const SipKey& key) {
  const Folded folded = Fold(name);
  std::string text;
  for (const Unit& unit : folded.units) {
    const bool space = unit.code == U' ';
    if (space && (text.empty() || text.back() == ' ')) continue;
    AppendUtf8(unit.code, &text);
  }
  if (!text.empty() && text.back() == ' ') text.pop_back();
  if (folded.bytes_read < name.size()) {
    // Two long names may differ only in what was not read.
    text.push_back('\0');
    text += name.substr(folded.bytes_read);
  }
  return SipHash128(key, text);
}

std::vector<std::string> ExplainReading(std::string_view name) {
  const Folded folded = Fold(name);
  std::vector<std::string> steps = {
      "original: " + EncodeUtf8(DecodeUtf8(name.substr(0, std::min(name.size(), kFoldBytesMax))))};
  const FoldNotes& notes = folded.notes;
  const std::pair<bool, std::string_view> dropped[] = {
      {notes.truncated, "cut: longer than what is read"},
      {notes.invalid_utf8, "replaced: bytes that are no UTF-8"},
      {notes.invisible, "dropped: invisible characters"},
      {notes.bidi_control, "dropped: direction controls"},
      {notes.control, "dropped: control characters"},
      {notes.mark, "dropped: accents and combining marks"},
      {notes.styled, "unified: letters and digits in decorative forms"},
      {notes.traditional, "unified: traditional and variant characters"},
      {notes.blank, "blank: nothing visible is left"}};
  for (const auto& [happened, sentence] : dropped) {
    if (happened) steps.emplace_back(sentence);
  }
  std::array<std::optional<Folded>, kReadingCount> read;
  for (const Reading reading : kReadings) {
    const std::optional<Folded>& parent = read[static_cast<std::size_t>(ParentOf(reading))];
    std::optional<Folded>& text = read[static_cast<std::size_t>(reading)];
    if (reading == Reading::kPlain) {
      text = folded;
    } else if (parent.has_value()) {
      text = Derive(reading, *parent);
    }
    if (text.has_value())
      steps.push_back(std::string(ReadingName(reading)) + ": " + text->ToUtf8());
  }
  return steps;
}

std::vector<std::string> CheckExamples(const NameScreener& screener) {
  const Lexicon& lexicon = screener.lexicon();
  std::vector<std::string> broken;
  const auto report = [&](const LexiconExample& example, const std::string& what) {
    broken.push_back(lexicon.file() + ":" + std::to_string(example.line) + ": '" + example.name +
                     "' " + what);
  };
  for (const LexiconExample& example : lexicon.must_hit()) {
    const std::vector<NameHit> hits = screener.Screen(example.name);
    const bool found = std::any_of(hits.begin(), hits.end(), [&](const NameHit& hit) {
      return hit.category == example.category && hit.severity == example.severity;
    });
    if (found) continue;
    std::string what = "must hit " + std::string(CategoryName(example.category)) + " " +
                       std::string(SeverityName(example.severity)) + ", found ";
    what += hits.empty()
                ? "nothing"
                : std::string(CategoryName(hits[0].category)) + " " +
                      std::string(SeverityName(hits[0].severity)) + " '" + hits[0].entry + "'";
    report(example, what);
  }
  for (const LexiconExample& example : lexicon.must_miss()) {
    const std::vector<NameHit> hits = screener.Screen(example.name);
    if (hits.empty() || hits[0].severity == Severity::kNote) continue;
    report(example, "must not hit, found " + std::string(CategoryName(hits[0].category)) + " '" +
                        hits[0].entry + "'");
  }
  return broken;
}

}  // namespace hallwarden::text
