// Rows and columns, and the seven ways to print them.
//
//   table  aligned by display width, for people; the narrow columns
//   wide   the same with all columns, nothing cut
//   tsv    one row a line; full ids, RFC 3339 times, short English names. Tab, line end and every
//          control character inside a cell are escaped. A cell that begins with = + - @ is left as
//          it is: that is a danger of spreadsheets that open CSV, not of TSV, and a changed cell
//          would be wrong everywhere else.
//   json, jsonl, yaml   the whole messages, or the chosen fields
//   name   resource names only
#ifndef HALLWARDEN_TOOLS_GMCTL_SHEET_H_
#define HALLWARDEN_TOOLS_GMCTL_SHEET_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "tools/gmctl/catalogue.h"
#include "tools/gmctl/value.h"

namespace hallwarden::gmctl {

enum class Format { kTable, kWide, kJson, kJsonLines, kYaml, kTsv, kName };

// Nothing if there is no such format.
[[nodiscard]] std::optional<Format> ReadFormat(std::string_view name);

// For people, or for machines.
[[nodiscard]] inline bool IsForPeople(Format format) {
  return format == Format::kTable || format == Format::kWide;
}

// Both sides of one cell. Both are escaped already.
struct Cell {
  std::string human;
  std::string plain;
};

// A cell that looks the same for everybody.
[[nodiscard]] inline Cell SameCell(const std::string& text) {
  return Cell{text, text};
}

struct Column {
  std::string_view key;  // Of --fields and TSV; `col.<key>` is its title.
  bool wide_only = false;
  // Not in `table` while no row has anything there: what the caller may not see is not shown empty.
  bool if_any = false;
  int width_max = 0;  // Cut in `table`; 0: never.
};

struct Row {
  std::vector<Cell> cells;  // As many as columns.
  Value value;              // The whole message.
  std::string name;         // Resource name.
};

struct Sheet {
  std::vector<Column> columns;
  std::vector<Row> rows;
  bool single = false;  // One thing, not a list: JSON prints no array.
};

struct SheetStyle {
  Format format = Format::kTable;
  std::vector<std::string> fields;  // Empty: all.
  bool header = true;
};

// Whether a table goes without this column.
[[nodiscard]] bool LeftOut(const Sheet& sheet, std::size_t column);

// Everything including line ends. `err.args.field` if a field does not exist.
[[nodiscard]] absl::StatusOr<std::string> PrintSheet(const Sheet& sheet, const SheetStyle& style,
                                                     const Catalogue& catalogue);

// Lines of `key  value`, the values aligned. Cells may hold line ends; the lines after the first
// are indented.
[[nodiscard]] std::string PrintPairs(const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_SHEET_H_
