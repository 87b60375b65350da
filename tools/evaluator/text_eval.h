// Labelled texts through a screener: how many are flagged, how many plainly enough for a machine to
// act, and by what. The tool `tools/eval text`.
#ifndef HALLWARDEN_TOOLS_EVALUATOR_TEXT_EVAL_H_
#define HALLWARDEN_TOOLS_EVALUATOR_TEXT_EVAL_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "rules/text/screener.h"

namespace hallwarden::evaluator {

// One line `label<TAB>text[<TAB>more...]`.
struct TextRow {
  std::string label;
  std::string text;
  std::vector<std::string> more;
  std::size_t line = 0;  // 1-based
};

// INVALID_ARGUMENT names the line without a TAB or with an empty label. Empty lines are skipped.
[[nodiscard]] absl::StatusOr<std::vector<TextRow>> ReadRows(std::string_view tsv);

// The technique that a row names: the first of `more` that looks like one ("E05", "rlo",
// "pinyin_full"), with its tier behind it if the next is a number; empty if none.
[[nodiscard]] std::string TechniqueOf(const TextRow& row);

// `tier` of a taxonomy row, empty if none.
[[nodiscard]] std::string TierOf(const TextRow& row);

struct Tally {
  std::size_t rows = 0;
  std::size_t flagged = 0;                // a hit of review or plain
  std::size_t acted = 0;                  // a hit of plain: a machine may act
  std::size_t noted = 0;                  // nothing but notes
  std::map<std::string, std::size_t> by;  // "category/entry" of the strongest hit -> rows
};

struct TextReport {
  std::map<std::string, Tally> labels;
  std::map<std::string, Tally> techniques;  // "label technique" and "tier N"
};

using Screen = std::function<std::vector<text::TextHit>(std::string_view)>;
// Called for each row with its hits.
using Visit = std::function<void(const TextRow&, const std::vector<text::TextHit>&)>;

[[nodiscard]] TextReport Evaluate(const std::vector<TextRow>& rows, const Screen& screen,
                                  const Visit& visit);

// True if a GM would see it, or a machine act on it.
[[nodiscard]] bool Flagged(const std::vector<text::TextHit>& hits);
[[nodiscard]] bool Acted(const std::vector<text::TextHit>& hits);

[[nodiscard]] std::string ShowTable(const TextReport& report, std::size_t top);
// One JSON object: {"labels": {...}, "techniques": {...}}.
[[nodiscard]] std::string ShowJson(const TextReport& report);

}  // namespace hallwarden::evaluator

#endif  // HALLWARDEN_TOOLS_EVALUATOR_TEXT_EVAL_H_
