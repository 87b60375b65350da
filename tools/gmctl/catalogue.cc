#include "tools/gmctl/catalogue.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/messages_data.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

std::string WithLineEnds(std::string_view cell) {
  std::string out;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] == '\\' && i + 1 < cell.size() && cell[i + 1] == 'n') {
      out += '\n';
      ++i;
    } else {
      out += cell[i];
    }
  }
  return out;
}

std::map<std::string, Sentence, std::less<>> ReadSentences() {
  std::map<std::string, Sentence, std::less<>> sentences;
  for (const std::string& line : Split(MessagesFile(), '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> cells = Split(line, '\t');
    if (cells.size() != 3) continue;  // The test of the file reports it.
    sentences.insert_or_assign(cells[0], Sentence{WithLineEnds(cells[1]), WithLineEnds(cells[2])});
  }
  return sentences;
}

}  // namespace

const std::map<std::string, Sentence, std::less<>>& AllSentences() {
  static const std::map<std::string, Sentence, std::less<>> kSentences = ReadSentences();
  return kSentences;
}

std::string FillPlaceholders(std::string_view sentence, const MessageArgs& args) {
  std::string out;
  while (!sentence.empty()) {
    const std::size_t open = sentence.find('{');
    const std::size_t close = open == std::string_view::npos ? open : sentence.find('}', open);
    if (close == std::string_view::npos) break;
    out.append(sentence.substr(0, open));
    const std::string_view name = sentence.substr(open + 1, close - open - 1);
    bool found = false;
    for (const auto& [key, value] : args) {
      if (key != name) continue;
      out += GuardLines(value);
      found = true;
      break;
    }
    if (!found) out.append(sentence.substr(open, close - open + 1));
    sentence.remove_prefix(close + 1);
  }
  out.append(sentence);
  return out;
}

bool Catalogue::Has(std::string_view key) const {
  return AllSentences().contains(key);
}

std::string Catalogue::Text(std::string_view key, const MessageArgs& args) const {
  const auto found = AllSentences().find(key);
  if (found == AllSentences().end()) return Guard(key);
  const Sentence& sentence = found->second;
  return FillPlaceholders(language_ == Language::kChinese ? sentence.zh : sentence.en, args);
}

std::string Catalogue::Text(const v1::LocalizedText& text) const {
  const std::string& wanted = language_ == Language::kChinese ? text.zh() : text.en();
  const std::string& other = language_ == Language::kChinese ? text.en() : text.zh();
  return Guard(wanted.empty() ? other : wanted);
}

}  // namespace hallwarden::gmctl
