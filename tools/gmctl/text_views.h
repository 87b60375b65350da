// Rows about words: entries of lists, steps of a reading, texts of the past.
#ifndef HALLWARDEN_TOOLS_GMCTL_TEXT_VIEWS_H_
#define HALLWARDEN_TOOLS_GMCTL_TEXT_VIEWS_H_

#include <string>

#include "hallwarden/v1/text_service.pb.h"

#include "tools/gmctl/look.h"
#include "tools/gmctl/sheet.h"

namespace hallwarden::gmctl {

[[nodiscard]] Sheet LexiconEntrySheet();
void AddRow(Sheet& sheet, const v1::LexiconEntry& entry, const Look& look);
// The lists in force, as one thing.
[[nodiscard]] Sheet LexiconSheet(const v1::Lexicon& lexicon, const Look& look);
[[nodiscard]] Sheet BacktestSheet();
void AddRow(Sheet& sheet, const v1::BacktestSample& sample, const Look& look);

// What becomes of a text, for people: steps, matches, remarks, verdict.
[[nodiscard]] std::string ReadingText(const v1::ExplainTextResponse& answer, const Catalogue& text);
// Whom a change would have hit, for people.
[[nodiscard]] std::string BacktestText(const v1::BacktestLexiconResponse& answer, const Look& look);

[[nodiscard]] std::string VerdictWord(v1::TextVerdict verdict, const Catalogue& text);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_TEXT_VIEWS_H_
