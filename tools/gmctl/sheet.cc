#include "tools/gmctl/sheet.h"

#include <algorithm>
#include <cstddef>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kNoColumn = -1;

// A field that was asked for: a column, or a path into the message.
struct Chosen {
  std::string name;
  int column = kNoColumn;
};

absl::Status UnknownField(const Sheet& sheet, const std::string& field) {
  std::vector<std::string> known;
  for (const Column& column : sheet.columns)
    known.emplace_back(column.key);
  if (!sheet.rows.empty() && sheet.rows.front().value.object() != nullptr) {
    for (const auto& [name, value] : *sheet.rows.front().value.object()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    }
  }
  return UsageProblem("err.args.field", {{"field", field}, {"list", Join(known, ", ")}});
}

absl::StatusOr<std::vector<Chosen>> ChooseFields(const Sheet& sheet, const SheetStyle& style) {
  std::vector<Chosen> chosen;
  if (style.fields.empty()) {
    for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
      if (style.format == Format::kTable && LeftOut(sheet, i)) continue;
      chosen.push_back({std::string(sheet.columns[i].key), static_cast<int>(i)});
    }
    return chosen;
  }
  for (const std::string& field : style.fields) {
    const auto at = std::find_if(sheet.columns.begin(), sheet.columns.end(),
                                 [&](const Column& column) { return column.key == field; });
    if (at != sheet.columns.end()) {
      chosen.push_back({field, static_cast<int>(at - sheet.columns.begin())});
      continue;
    }
    const bool somewhere = sheet.rows.empty() ||
                           std::any_of(sheet.rows.begin(), sheet.rows.end(), [&](const Row& row) {
                             return row.value.Find(field) != nullptr;
                           });
    if (!somewhere) return UnknownField(sheet, field);
    chosen.push_back({field, kNoColumn});
  }
  return chosen;
}

const Cell& CellAt(const Row& row, int column) {
  return row.cells.at(static_cast<std::size_t>(column));
}

std::string PlainCell(const Row& row, const Chosen& chosen) {
  if (chosen.column != kNoColumn) return CellAt(row, chosen.column).plain;
  const Value* const value = row.value.Find(chosen.name);
  return value == nullptr ? std::string() : value->ToCell();
}

std::string PrintTsv(const Sheet& sheet, const SheetStyle& style,
                     const std::vector<Chosen>& chosen) {
  std::string out;
  std::vector<std::string> cells;
  if (style.header) {
    for (const Chosen& field : chosen)
      cells.push_back(field.name);
    out += Join(cells, "\t") + "\n";
  }
  for (const Row& row : sheet.rows) {
    cells.clear();
    for (const Chosen& field : chosen)
      cells.push_back(Guard(PlainCell(row, field)));
    out += Join(cells, "\t") + "\n";
  }
  return out;
}

std::string HumanCell(const Sheet& sheet, const Row& row, const Chosen& chosen, Format format) {
  if (chosen.column == kNoColumn) return PlainCell(row, chosen);
  const std::string& text = CellAt(row, chosen.column).human;
  const int limit = sheet.columns[static_cast<std::size_t>(chosen.column)].width_max;
  return format == Format::kTable && limit > 0 ? CutToWidth(text, limit) : text;
}

std::string TitleOf(const Chosen& chosen, const Catalogue& catalogue) {
  const std::string key = Cat({"col.", chosen.name});
  return catalogue.Has(key) ? catalogue.Text(key) : Guard(chosen.name);
}

std::string PrintTable(const Sheet& sheet, const SheetStyle& style,
                       const std::vector<Chosen>& chosen, const Catalogue& catalogue) {
  std::vector<std::vector<std::string>> lines;
  if (style.header) {
    std::vector<std::string> titles;
    titles.reserve(chosen.size());
    for (const Chosen& field : chosen)
      titles.push_back(TitleOf(field, catalogue));
    lines.push_back(std::move(titles));
  }
  for (const Row& row : sheet.rows) {
    std::vector<std::string> cells;
    cells.reserve(chosen.size());
    for (const Chosen& field : chosen) {
      cells.push_back(HumanCell(sheet, row, field, style.format));
    }
    lines.push_back(std::move(cells));
  }
  std::vector<int> widths(chosen.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(line[i]));
    }
  }
  std::string out;
  for (std::size_t n = 0; n < lines.size(); ++n) {
    std::string line;
    for (std::size_t i = 0; i < lines[n].size(); ++i) {
      line += lines[n][i];
      if (i + 1 < lines[n].size()) {
        const int blanks = widths[i] - DisplayWidth(lines[n][i]) + 2;
        line.append(static_cast<std::size_t>(blanks), ' ');
      }
    }
    while (line.ends_with(' '))
      line.pop_back();
    out += (style.header && n == 0 ? Tinted(kTintDim, line) : line) + "\n";
  }
  return out;
}

Value ChosenValue(const Row& row, const SheetStyle& style, const std::vector<Chosen>& chosen) {
  if (style.fields.empty()) return row.value;
  Value::Object object;
  for (const Chosen& field : chosen) {
    const Value* const value = row.value.Find(field.name);
    if (value != nullptr) {
      object.emplace_back(field.name, *value);
    } else {
      object.emplace_back(field.name,
                          field.column == kNoColumn ? Value() : Value(PlainCell(row, field)));
    }
  }
  return Value(std::move(object));
}

std::string PrintValues(const Sheet& sheet, const SheetStyle& style,
                        const std::vector<Chosen>& chosen) {
  Value::List values;
  for (const Row& row : sheet.rows)
    values.push_back(ChosenValue(row, style, chosen));
  if (style.format == Format::kJsonLines) {
    std::string out;
    for (const Value& value : values)
      out += value.ToJsonLine() + "\n";
    return out;
  }
  const Value whole =
      sheet.single && values.size() == 1 ? values.front() : Value(std::move(values));
  return (style.format == Format::kYaml ? whole.ToYaml() : whole.ToJson()) + "\n";
}

}  // namespace

std::optional<Format> ReadFormat(std::string_view name) {
  if (name == "table") return Format::kTable;
  if (name == "wide") return Format::kWide;
  if (name == "json") return Format::kJson;
  if (name == "jsonl") return Format::kJsonLines;
  if (name == "yaml") return Format::kYaml;
  if (name == "tsv") return Format::kTsv;
  if (name == "name") return Format::kName;
  return std::nullopt;
}

bool LeftOut(const Sheet& sheet, std::size_t column) {
  if (sheet.columns[column].wide_only) return true;
  return sheet.columns[column].if_any &&
         std::all_of(sheet.rows.begin(), sheet.rows.end(),
                     [&](const Row& row) { return row.cells.at(column).human.empty(); });
}

absl::StatusOr<std::string> PrintSheet(const Sheet& sheet, const SheetStyle& style,
                                       const Catalogue& catalogue) {
  const absl::StatusOr<std::vector<Chosen>> chosen = ChooseFields(sheet, style);
  if (!chosen.ok()) return chosen.status();
  switch (style.format) {
    case Format::kTable:
    case Format::kWide:
      return PrintTable(sheet, style, *chosen, catalogue);
    case Format::kTsv:
      return PrintTsv(sheet, style, *chosen);
    case Format::kName: {
      std::string out;
      for (const Row& row : sheet.rows)
        out += Guard(row.name) + "\n";
      return out;
    }
    default:
      return PrintValues(sheet, style, *chosen);
  }
}

std::string PrintPairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  int width = 0;
  for (const auto& [key, value] : pairs)
    width = std::max(width, DisplayWidth(key));
  std::string out;
  for (const auto& [key, value] : pairs) {
    const std::string margin(static_cast<std::size_t>(width + 2), ' ');
    const std::string rest(static_cast<std::size_t>(width + 2 - DisplayWidth(key)), ' ');
    bool first = true;
    for (const std::string& line : Split(value, '\n')) {
      out += Cat({first ? Tinted(kTintDim, key) + rest : margin, line, "\n"});
      first = false;
    }
  }
  return out;
}

}  // namespace hallwarden::gmctl
