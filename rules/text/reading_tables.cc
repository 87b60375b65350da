#include "rules/text/reading_tables.h"

#include <algorithm>
#include <tuple>

#include "rules/text/data.h"
#include "rules/text/sound.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

bool IsSpace(char32_t code) {
  return code == U' ' || code == U'\t' || code == U'\r';
}

// The words of a line, split at white space.
std::vector<std::u32string> WordsOf(const std::u32string& line) {
  std::vector<std::u32string> words;
  std::size_t i = 0;
  while (i < line.size()) {
    std::size_t end = i;
    while (end < line.size() && !IsSpace(line[end])) {
      ++end;
    }
    if (end > i) words.push_back(line.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  return words;
}

template <typename Visit>
void ForEachRow(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, size);
    text.remove_prefix(std::min(size + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::u32string> words = WordsOf(DecodeUtf8(line));
    if (words.size() >= 2) visit(words);
  }
}

// Lists name characters as they are written; texts are asked after they were folded.
std::u32string FoldedForm(const std::u32string& word) {
  return Fold(EncodeUtf8(word)).ToCodes();
}

}  // namespace

const ReadingTables& ReadingTables::Get() {
  static const ReadingTables* const kTables = new ReadingTables();  // used by other statics
  return *kTables;
}

ReadingTables::ReadingTables() {
  ReadEmoji();
  ReadSplits();
  ReadVariantsOf();
}

std::u32string_view ReadingTables::Find(const std::vector<Row>& rows, char32_t code) {
  const auto it = std::lower_bound(rows.begin(), rows.end(), code,
                                   [](const Row& row, char32_t c) { return row.code < c; });
  return it != rows.end() && it->code == code ? std::u32string_view(it->text)
                                              : std::u32string_view();
}

void ReadingTables::ReadEmoji() {
  ForEachRow(EmojiText(), [this](const std::vector<std::u32string>& words) {
    emoji_.push_back(Row{.code = words[0][0], .text = words[1]});
  });
  std::sort(emoji_.begin(), emoji_.end(),
            [](const Row& a, const Row& b) { return a.code < b.code; });
}

void ReadingTables::ReadSplits() {
  ForEachRow(SplitsText(), [this](const std::vector<std::u32string>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::u32string parts = FoldedForm(words[i]);
      if (parts.size() < 2) continue;
      ways_.push_back(Way{.parts = parts, .code = words[0][0]});
      pairs_.Add(parts[0], parts[1]);
    }
  });
  std::stable_sort(ways_.begin(), ways_.end(),
                   [](const Way& a, const Way& b) { return a.parts < b.parts; });
}

void ReadingTables::ReadVariantsOf() {
  const SoundTable& sounds = SoundTable::Get();
  ForEachRow(VariantsText(), [&](const std::vector<std::u32string>& words) {
    Row row{.code = words[0][0], .text = {}};
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::u32string folded = FoldedForm(words[i]);
      // What the plain reading undoes already needs no help.
      if (folded.size() != 1 || folded[0] != words[i][0] || folded[0] == row.code) continue;
      if (sounds.IsCommon(folded[0])) {
        row.text.push_back(folded[0]);
        if (i == 1) nearest_.push_back(Row{.code = row.code, .text = folded});
      } else {
        rare_.emplace_back(folded[0], row.code);
      }
    }
    variants_.push_back(std::move(row));
  });
  // One reading for each: the first that the file names.
  std::stable_sort(rare_.begin(), rare_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  rare_.erase(std::unique(rare_.begin(), rare_.end(),
                          [](const auto& a, const auto& b) { return a.first == b.first; }),
              rare_.end());
  const auto by_code = [](const Row& a, const Row& b) { return a.code < b.code; };
  std::stable_sort(variants_.begin(), variants_.end(), by_code);
  std::stable_sort(nearest_.begin(), nearest_.end(), by_code);
}

std::u32string_view ReadingTables::EmojiWord(char32_t code) const {
  return Find(emoji_, code);
}

std::pair<char32_t, std::size_t> ReadingTables::Joined(const std::vector<Unit>& units,
                                                       std::size_t at) const {
  std::pair<char32_t, std::size_t> best = {0, 0};
  // The ways that begin with this unit lie together; there are few.
  auto it = std::lower_bound(ways_.begin(), ways_.end(), units[at].code,
                             [](const Way& way, char32_t code) { return way.parts[0] < code; });
  for (; it != ways_.end() && it->parts[0] == units[at].code; ++it) {
    const std::size_t size = it->parts.size();
    if (size <= best.second || at + size > units.size()) continue;
    bool same = true;
    for (std::size_t i = 1; same && i < size; ++i) {
      same = units[at + i].code == it->parts[i];
    }
    if (same) best = {it->code, size};
  }
  return best;
}

char32_t ReadingTables::RareVariant(char32_t code) const {
  const auto it = std::lower_bound(rare_.begin(), rare_.end(), code,
                                   [](const auto& row, char32_t c) { return row.first < c; });
  return it != rare_.end() && it->first == code ? it->second : 0;
}

char32_t ReadingTables::NearestVariant(char32_t code) const {
  const std::u32string_view found = Find(nearest_, code);
  return found.empty() ? char32_t{0} : found[0];
}

std::u32string_view ReadingTables::CommonVariants(char32_t code) const {
  return Find(variants_, code);
}

}  // namespace hallwarden::text
