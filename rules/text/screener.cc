#include "rules/text/screener.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "rules/text/combine.h"
#include "rules/text/contact.h"
#include "rules/text/context.h"
#include "rules/text/gate.h"
#include "rules/text/patterns.h"
#include "rules/text/readings.h"
#include "rules/text/sound_match.h"
#include "rules/text/thorough.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// More hits than these in one text are not looked at: an ordinary text has none, a hostile one must
// not cost more.
constexpr std::size_t kCandidatesMax = 64;
constexpr std::size_t kMatchesMax = 512;  // occurrences of patterns, over all readings
// Numbers and account names looked for behind a cue.
constexpr std::size_t kAnnouncedMax = 96;
constexpr std::size_t kMarksMax = 96;
// Letters of a word that are looked at for initials; no initials are as long.
constexpr std::size_t kWordMax = 20;
// Letters of zhuyin that make a word.
constexpr std::ptrdiff_t kZhuyinMin = 3;
// Hits of more characters than these are not cut off by a word that crosses their ends.
constexpr std::size_t kCrossedUnitsMax = 3;
// Words shorter than these are never read from the back inside a text.
constexpr std::size_t kReversedUnitsMin = 3;
constexpr std::size_t kReversedLettersMin = 5;

bool RepeatsEnough(const Form& form, const std::vector<Unit>& units, std::uint32_t begin) {
  for (std::size_t i = 0; i < form.repeats.size(); ++i) {
    if (units[begin + i].repeat < form.repeats[i]) return false;
  }
  return true;
}

// An occurrence that passed every check of its entry.
struct Candidate {
  std::uint32_t entry = 0;
  Category category = Category::kAllow;
  Severity severity = Severity::kNote;
  std::size_t begin = 0;  // bytes of the original
  std::size_t end = 0;
  std::size_t units = 0;  // of the reading
  bool disguised = false;
  std::string reading;
};

struct Claim {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool word = false;  // an innocent word; else an allowed text
};

bool OverridesAdvert(Category category) {
  return category == Category::kAdvert || category == Category::kGamble ||
         category == Category::kFraud;
}

// The screening of one text.
class Run {
 public:
  Run(const PatternSet& patterns, std::string_view text, ScreenCost* cost)
      : patterns_(patterns), chain_(text), cost_(cost) {}

  std::vector<TextHit> Go() {
    for (std::size_t i = 0; i < kReadingCount; ++i) {
      const auto reading = static_cast<Reading>(i);
      if (reading == Reading::kReversed && !MayReadBackwards()) continue;
      const Folded* read = chain_.Next(reading);
      if (read == nullptr) continue;
      cost_->units += 1 + read->units.size();
      if (reading == Reading::kReversed && chain_.plain().notes.bidi_control) {
        // With the separators that the stripped readings took out.
        const std::optional<Folded> shown = Reverse(chain_.plain());
        if (shown.has_value()) AddContacts(shown->units);
      }
      if (reading == Reading::kSound) {
        ReadBySound(*read);
      } else {
        Collect(reading, read->units);
      }
    }
    if (!patterns_.lexicon().rules().empty()) Combine();
    return denied_.empty() ? std::vector<TextHit>() : Conclude();
  }

 private:
  const Lexicon& lexicon() const { return patterns_.lexicon(); }

  void Collect(Reading reading, const std::vector<Unit>& units) {
    matches_.clear();
    patterns_.letters().FindAll(units, &matches_);
    for (const Matcher::Match& match : matches_) {
      if (++cost_->candidates > kMatchesMax) return;
      const Form& form = patterns_.forms()[match.value];
      if (!(IsStripped(reading) ? form.stripped : form.plain)) continue;
      const LexiconEntry& entry = patterns_.EntryOf(form);
      const bool exact = (entry.flags & kFlagExact) != 0;
      if (exact && reading > Reading::kUnescaped) continue;
      if (!RepeatsEnough(form, units, match.begin)) continue;
      if (reading == Reading::kReversed && (form.variant || !FitsReversed(entry, units, match))) {
        continue;
      }
      Take(entry, form.entry, form.variant, units, match);
    }
  }

  // Read from the back short words turn up by chance.
  [[nodiscard]] bool FitsReversed(const LexiconEntry& entry, const std::vector<Unit>& units,
                                  const Matcher::Match& match) const {
    if (entry.kind == EntryKind::kAllow || entry.kind == EntryKind::kWord) return false;
    if (entry.kind == EntryKind::kMark) return (entry.flags & (kFlagId | kFlagNumber)) != 0;
    if (entry.severity == Severity::kNote) return false;
    if ((entry.flags & (kFlagId | kFlagNumber)) != 0) return true;
    const std::size_t size = match.end - match.begin;
    if (chain_.plain().notes.bidi_control) return size >= 2;
    if (!StrongBackwards(entry)) return false;
    if (MatchContext(units, match.begin, match.end).IsWhole()) return true;
    return size >= (IsLatin(units[match.begin].code) ? kReversedLettersMin : kReversedUnitsMin);
  }

  // A cheap test: false if nothing in the text may be read from the back.
  [[nodiscard]] bool MayReadBackwards() const {
    const std::vector<Unit>& units = chain_.base().units;
    if (chain_.plain().notes.bidi_control) return true;
    for (std::size_t i = 1; i < units.size(); ++i) {
      const char32_t third = i > 1 ? units[i - 2].code : char32_t{0};
      if (patterns_.MayBeginBackwards(units[i].code, units[i - 1].code, third)) {
        return true;
      }
    }
    return false;
  }

  void Take(const LexiconEntry& entry, std::uint32_t id, bool variant,
            const std::vector<Unit>& units, const Matcher::Match& match) {
    if ((entry.flags & (kFlagId | kFlagNumber)) != 0 && ++announced_ > kAnnouncedMax) return;
    MatchContext context(units, match.begin, match.end);
    if (!context.Fits(entry.flags)) return;
    switch (entry.kind) {
      case EntryKind::kAllow:
      case EntryKind::kWord:
        if (claims_.size() < kCandidatesMax) {
          claims_.push_back(Claim{.begin = context.begin_byte(),
                                  .end = context.end_byte(),
                                  .word = entry.kind == EntryKind::kWord});
        }
        break;
      case EntryKind::kMark:
        AddMark(entry.mark, variant || context.Disguised(), context.begin_byte(),
                context.end_byte());
        break;
      case EntryKind::kDeny:
        if (denied_.size() >= kCandidatesMax) break;
        denied_.push_back(Candidate{.entry = id,
                                    .category = entry.category,
                                    .severity = entry.severity,
                                    .begin = context.begin_byte(),
                                    .end = context.end_byte(),
                                    .units = match.end - match.begin,
                                    .disguised = variant || context.Disguised(),
                                    .reading = context.Reading()});
        break;
    }
  }

  void AddMark(std::uint8_t what, bool disguised, std::size_t begin, std::size_t end) {
    if (marks_.size() >= kMarksMax) return;
    for (const ClassMark& mark : marks_) {
      if (mark.what == what && mark.begin == begin && mark.end == end) return;
    }
    const std::vector<Unit>& units = chain_.plain().units;
    const auto at =
        std::lower_bound(units.begin(), units.end(), begin,
                         [](const Unit& unit, std::size_t b) { return unit.begin < b; });
    marks_.push_back(ClassMark{.what = what,
                               .disguised = disguised,
                               .at = static_cast<std::uint32_t>(at - units.begin()),
                               .begin = static_cast<std::uint32_t>(begin),
                               .end = static_cast<std::uint32_t>(end)});
  }

  // Some letters of zhuyin are drawn like ornaments, so it is read before those are taken out.
  [[nodiscard]] bool HoldsZhuyin() const {
    const std::vector<Unit>& units = chain_.plain().units;
    return std::count_if(units.begin(), units.end(), [](const Unit& unit) {
             return unit.code >= 0x3105 && unit.code <= 0x3129;
           }) >= kZhuyinMin;
  }

  void ReadBySound(const Folded& stripped) {
    // With every letter as often as it was written.
    const Folded& plain = chain_.plain();
    ReadInitials(plain.units);
    const bool zhuyin = HoldsZhuyin();
    if (!zhuyin) ReadSoundsOf(stripped);
    // In pinyin one syllable may end with the letter that the next one begins with.
    const bool letters = std::any_of(plain.units.begin(), plain.units.end(),
                                     [](const Unit& unit) { return IsLatin(unit.code); });
    if (zhuyin || (letters && &plain != &stripped)) ReadSoundsOf(plain);
  }

  void ReadSoundsOf(const Folded& parent) {
    if (!patterns_.MayHoldSounds(parent)) return;
    const SoundText sound = ReadSounds(parent);
    cost_->units += sound.text.units.size();
    matches_.clear();
    patterns_.sounds().FindAll(sound.text.units, &matches_);
    for (const Matcher::Match& match : matches_) {
      if (++cost_->candidates > kMatchesMax) break;
      const LexiconEntry& entry = lexicon().entries()[match.value];
      const SoundMatch how = MatchSound(sound, match, patterns_.SoundPattern(match.value), entry);
      if (!how.fits) continue;
      const std::size_t before = denied_.size();
      Take(entry, match.value, true, sound.text.units, match);
      if (denied_.size() > before) {
        denied_.back().severity = std::min(entry.severity, how.most);
        denied_.back().reading = EncodeUtf8(patterns_.SoundPattern(match.value));
      }
    }
  }

  // Words that are nothing but initials of entries.
  void ReadInitials(const std::vector<Unit>& units) {
    std::size_t i = 0;
    while (i < units.size()) {
      std::size_t end = i;
      std::u32string word;
      while (end < units.size() && IsLatin(units[end].code)) {
        if (word.size() < kWordMax) word.push_back(units[end].code);
        ++end;
      }
      const std::int64_t id = word.empty() ? -1 : patterns_.EntryOfInitials(word);
      if (id >= 0 && denied_.size() < kCandidatesMax) {
        const LexiconEntry& entry = lexicon().entries()[static_cast<std::size_t>(id)];
        denied_.push_back(Candidate{.entry = static_cast<std::uint32_t>(id),
                                    .category = entry.category,
                                    .severity = Severity::kReview,
                                    .begin = units[i].begin,
                                    .end = units[end - 1].end,
                                    .units = word.size(),
                                    .disguised = true,
                                    .reading = entry.pattern});
      }
      i = std::max(end, i + 1);
    }
  }

  void AddContacts(const std::vector<Unit>& units) {
    std::vector<ContactSpan> spans;
    FindContacts(units, &spans);
    for (const ContactSpan& span : spans) {
      const Unit& first = units[span.begin];
      const Unit& last = units[span.end - 1];
      AddMark(span.what, false, std::min(first.begin, last.begin), std::max(first.end, last.end));
    }
  }

  void Combine() {
    AddContacts(chain_.plain().units);
    if (marks_.empty()) return;
    // What stands inside an innocent word is no word of its own.
    std::erase_if(marks_, [this](const ClassMark& mark) {
      return std::any_of(claims_.begin(), claims_.end(), [&](const Claim& claim) {
        return claim.begin <= mark.begin && mark.end <= claim.end &&
               claim.end - claim.begin > mark.end - mark.begin;
      });
    });
    for (const RuleMatch& match : MatchRules(lexicon(), marks_, &cost_->rule_steps)) {
      const LexiconRule& rule = lexicon().rules()[match.rule];
      denied_.push_back(
          Candidate{.entry = static_cast<std::uint32_t>(lexicon().entries().size()) + match.rule,
                    .category = rule.category,
                    .severity = rule.severity,
                    .begin = match.begin,
                    .end = match.end,
                    .units = 0,
                    .disguised = match.disguised,
                    .reading = ReadingOf(match)});
    }
    if (Marked("report")) {
      for (Candidate& hit : denied_) {
        if (!OverridesAdvert(hit.category) || hit.severity == Severity::kNote) continue;
        hit.severity = hit.severity == Severity::kPlain ? Severity::kReview : Severity::kNote;
      }
    }
  }

  [[nodiscard]] bool Marked(std::string_view name) const {
    return std::any_of(marks_.begin(), marks_.end(), [&](const ClassMark& mark) {
      return lexicon().classes()[mark.what] == name;
    });
  }

  [[nodiscard]] std::string ReadingOf(const RuleMatch& match) const {
    std::string text;
    for (const Unit& unit : chain_.plain().units) {
      if (unit.begin >= match.begin && unit.end <= match.end) AppendUtf8(unit.code, &text);
    }
    return text;
  }

  [[nodiscard]] bool IsRule(const Candidate& hit) const {
    return hit.entry >= lexicon().entries().size();
  }

  [[nodiscard]] bool Claimed(const Candidate& hit) const {
    if (IsRule(hit)) return false;
    return std::any_of(claims_.begin(), claims_.end(), [&hit](const Claim& claim) {
      if (claim.begin <= hit.begin && hit.end <= claim.end) {
        // The word itself is listed for what it says, not for what sounds or looks like it.
        return !claim.word || hit.disguised || claim.end - claim.begin > hit.end - hit.begin;
      }
      if (!claim.word || hit.units > kCrossedUnitsMax) return false;
      const bool left = claim.begin < hit.begin && hit.begin < claim.end;
      const bool right = claim.begin < hit.end && hit.end < claim.end;
      return left || right;
    });
  }

  // True if `outer` makes `inner` superfluous: the same entry again, or a part of a longer hit.
  [[nodiscard]] static bool Absorbs(const Candidate& outer, const Candidate& inner) {
    const bool covers = outer.begin <= inner.begin && inner.end <= outer.end;
    const bool overlaps = outer.begin < inner.end && inner.begin < outer.end;
    if (outer.entry == inner.entry) return overlaps;
    return covers && outer.category == inner.category && outer.severity >= inner.severity;
  }

  [[nodiscard]] std::vector<TextHit> Conclude() {
    std::erase_if(denied_, [this](const Candidate& hit) { return Claimed(hit); });
    // Longest first within a severity, so that what is absorbed comes after what absorbs it. The
    // plainest reading of an entry was collected first and the sort is stable.
    std::stable_sort(denied_.begin(), denied_.end(), [](const Candidate& a, const Candidate& b) {
      return std::tuple(b.severity, a.disguised, b.end - b.begin) <
             std::tuple(a.severity, b.disguised, a.end - a.begin);
    });
    std::vector<Candidate> kept;
    for (Candidate& hit : denied_) {
      const bool absorbed = std::any_of(
          kept.begin(), kept.end(), [&](const Candidate& other) { return Absorbs(other, hit); });
      if (!absorbed) kept.push_back(std::move(hit));
      if (kept.size() == kTextHitsMax) break;
    }
    std::sort(kept.begin(), kept.end(), [](const Candidate& a, const Candidate& b) {
      const auto key = [](const Candidate& c) {
        return std::tuple(-static_cast<int>(c.severity), c.disguised, c.begin, c.begin - c.end,
                          c.entry);
      };
      return key(a) < key(b);
    });
    std::vector<TextHit> hits;
    hits.reserve(kept.size());
    for (Candidate& hit : kept) {
      const std::string& name = IsRule(hit)
                                    ? lexicon().rules()[hit.entry - lexicon().entries().size()].name
                                    : lexicon().entries()[hit.entry].pattern;
      hits.push_back(TextHit{.category = hit.category,
                             .severity = hit.severity,
                             .entry_id = hit.entry,
                             .entry = name,
                             .reading = std::move(hit.reading),
                             .begin = hit.begin,
                             .end = hit.end,
                             .disguised = hit.disguised});
    }
    return hits;
  }

  const PatternSet& patterns_;
  ReadingChain chain_;
  ScreenCost* cost_;
  std::vector<Matcher::Match> matches_;
  std::vector<Candidate> denied_;
  std::vector<Claim> claims_;
  std::vector<ClassMark> marks_;
  std::size_t announced_ = 0;
};

}  // namespace

class Screener::Impl {
 public:
  explicit Impl(const Lexicon& lexicon) : patterns(lexicon), gate(patterns) {}
  PatternSet patterns;
  Gate gate;
};

Screener::Screener(const Lexicon& lexicon) : impl_(std::make_unique<const Impl>(lexicon)) {}
Screener::~Screener() = default;

std::vector<TextHit> Screener::Screen(std::string_view text, ScreenCost* cost) const {
  if (impl_->gate.Clears(text)) return {};  // and a cost of nothing
  return ScreenThoroughly(impl_->patterns, text, cost);
}

std::vector<TextHit> ScreenThoroughly(const PatternSet& patterns, std::string_view text,
                                      ScreenCost* cost) {
  ScreenCost own;
  return Run(patterns, text, cost == nullptr ? &own : cost).Go();
}

}  // namespace hallwarden::text
