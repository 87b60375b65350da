#include "rules/text/name_screener.h"

#include <algorithm>
#include <utility>

#include "rules/text/fold.h"
#include "rules/text/operator_list.h"
#include "rules/text/readings.h"
#include "rules/text/skeleton.h"
#include "rules/text/sound.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {

NameScreener::NameScreener(std::shared_ptr<const Lexicon> lexicon)
    : lexicon_(std::move(lexicon)), screener_(std::make_unique<const Screener>(*lexicon_)) {}
NameScreener::~NameScreener() = default;
NameScreener::NameScreener(NameScreener&&) noexcept = default;
NameScreener& NameScreener::operator=(NameScreener&&) noexcept = default;

std::vector<NameHit> NameScreener::Screen(std::string_view name, ScreenCost* cost) const {
  ScreenCost own;
  if (cost == nullptr) cost = &own;
  *cost = {};
  std::vector<NameHit> hits = screener_->Screen(name, cost);
  // Nothing was read: the name is of ordinary characters, and so is its shape.
  if (cost->units == 0) return hits;
  // Review at most, so behind what is plain and before what is only a note.
  for (NameHit& shape : JudgeNameShape(name)) {
    const auto at = std::find_if(hits.begin(), hits.end(), [&shape](const NameHit& hit) {
      return hit.severity < shape.severity;
    });
    hits.insert(at, std::move(shape));
  }
  if (hits.size() > kNameHitsMax) hits.resize(kNameHitsMax);
  return hits;
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
  ReadingChain chain(name);
  for (std::size_t i = 0; i < kReadingCount; ++i) {
    const auto reading = static_cast<Reading>(i);
    const Folded* read = chain.Next(reading);
    if (read == nullptr || reading == Reading::kReversed) continue;
    if (reading == Reading::kSound) {
      const SoundText sound = ReadSounds(*read);
      if (!sound.has_pinyin) continue;
      std::string spoken;
      for (const Unit& unit : sound.text.units) {
        const std::string_view syllable = SoundTable::Get().Spelling(unit.code);
        if (!spoken.empty()) spoken += ' ';
        if (syllable.empty()) {
          AppendUtf8(unit.code, &spoken);
        } else {
          spoken += syllable;
        }
      }
      steps.push_back("sound: " + spoken);
    } else {
      steps.push_back(std::string(ReadingName(reading)) + ": " + read->ToUtf8());
    }
  }
  return steps;
}

std::vector<std::string> CheckExamples(const NameScreener& screener) {
  return BrokenPromises(screener.lexicon(), screener);
}

}  // namespace hallwarden::text
