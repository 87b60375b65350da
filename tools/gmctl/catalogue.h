// Every sentence that a GM sees, in both languages. The sentences are in messages.tsv, which CMake
// embeds: key, Chinese, English, separated by tabs; `\n` stands for a line end. A test checks that
// every key that the sources name exists, with both languages and the same placeholders.
#ifndef HALLWARDEN_TOOLS_GMCTL_CATALOGUE_H_
#define HALLWARDEN_TOOLS_GMCTL_CATALOGUE_H_

#include <map>
#include <string>
#include <string_view>

#include "hallwarden/v1/common.pb.h"

#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {

enum class Language { kChinese, kEnglish };

// One line of messages.tsv.
struct Sentence {
  std::string zh;
  std::string en;
};

// The whole file, by key. Thread-safe; reads it once.
[[nodiscard]] const std::map<std::string, Sentence, std::less<>>& AllSentences();

// Puts the values in. They pass Guard, so nothing in them can harm a terminal.
[[nodiscard]] std::string FillPlaceholders(std::string_view sentence, const MessageArgs& args);

class Catalogue {
 public:
  explicit Catalogue(Language language) : language_(language) {}

  [[nodiscard]] Language language() const { return language_; }
  [[nodiscard]] bool Has(std::string_view key) const;

  // The sentence of `key`, filled in. An unknown key is shown as it is: a test keeps that from
  // happening, and a GM must not lose an answer over it.
  [[nodiscard]] std::string Text(std::string_view key, const MessageArgs& args = {}) const;

  // The daemon's text in this language, or in the other one if it is empty. Guarded.
  [[nodiscard]] std::string Text(const v1::LocalizedText& text) const;

 private:
  Language language_;
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_CATALOGUE_H_
