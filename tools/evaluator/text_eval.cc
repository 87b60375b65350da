#include "tools/evaluator/text_eval.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hallwarden::evaluator {
namespace {

std::vector<std::string> SplitTabs(std::string_view line) {
  std::vector<std::string> fields;
  while (true) {
    const std::size_t at = line.find('\t');
    fields.emplace_back(line.substr(0, at));
    if (at == std::string_view::npos) return fields;
    line.remove_prefix(at + 1);
  }
}

bool IsTier(const std::string& field) {
  return field.size() == 1 && field[0] >= '1' && field[0] <= '9';
}

// "E05" or a word of lower-case letters and '_'.
bool IsTechnique(const std::string& field) {
  if (field.empty() || field.size() > 40) return false;
  if (field[0] == 'E' && field.size() == 3) return std::isdigit(field[1]) != 0;
  return std::all_of(field.begin(), field.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; }) &&
         field.find('_') != std::string::npos;
}

void Add(const std::vector<text::TextHit>& hits, Tally* tally) {
  ++tally->rows;
  if (hits.empty()) return;
  if (!Flagged(hits)) {
    ++tally->noted;
    return;
  }
  ++tally->flagged;
  if (Acted(hits)) ++tally->acted;
  ++tally->by[absl::StrCat(std::string(text::CategoryName(hits[0].category)), "/", hits[0].entry)];
}

double Percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<std::pair<std::string, std::size_t>> Top(const Tally& tally, std::size_t count) {
  std::vector<std::pair<std::string, std::size_t>> rows(tally.by.begin(), tally.by.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (rows.size() > count) rows.resize(count);
  return rows;
}

void AppendLine(const std::string& name, const Tally& tally, std::size_t top, std::string* table) {
  absl::StrAppendFormat(table, "%-36s %6d %7d %8.2f%% %8.2f%%  ", name, tally.rows, tally.flagged,
                        Percent(tally.flagged, tally.rows), Percent(tally.acted, tally.rows));
  for (const auto& [entry, rows] : Top(tally, top)) {
    absl::StrAppendFormat(table, " %s %d", entry, rows);
  }
  *table += "\n";
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&quoted, "\\u%04x", c);
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string JsonOf(const std::map<std::string, Tally>& tallies) {
  std::string json = "{";
  for (const auto& [name, tally] : tallies) {
    if (json.size() > 1) json += ", ";
    absl::StrAppend(&json, Quoted(name), ": {\"rows\": ", tally.rows,
                    ", \"flagged\": ", tally.flagged, ", \"acted\": ", tally.acted,
                    ", \"noted\": ", tally.noted, ", \"by\": {");
    bool first = true;
    for (const auto& [entry, rows] : tally.by) {
      absl::StrAppend(&json, first ? "" : ", ", Quoted(entry), ": ", rows);
      first = false;
    }
    json += "}}";
  }
  return json + "}";
}

}  // namespace

absl::StatusOr<std::vector<TextRow>> ReadRows(std::string_view tsv) {
  std::vector<TextRow> rows;
  std::size_t number = 0;
  while (!tsv.empty()) {
    const std::size_t size = std::min(tsv.find('\n'), tsv.size());
    std::string_view line = tsv.substr(0, size);
    tsv.remove_prefix(std::min(size + 1, tsv.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    std::vector<std::string> fields = SplitTabs(line);
    if (fields.size() < 2 || fields[0].empty()) {
      return absl::InvalidArgumentError(absl::StrCat("line ", number, ": expected label<TAB>text"));
    }
    TextRow row;
    row.label = std::move(fields[0]);
    row.text = std::move(fields[1]);
    row.line = number;
    row.more.assign(fields.begin() + 2, fields.end());
    rows.push_back(std::move(row));
  }
  return rows;
}

std::string TechniqueOf(const TextRow& row) {
  if (row.more.empty()) return "";
  if (row.more[0] == "none" || IsTechnique(row.more[0])) return row.more[0];
  // Single words name a technique where another column gives the text behind the disguise.
  return row.more.size() == 2 && !row.more[1].empty() &&
                 std::all_of(row.more[0].begin(), row.more[0].end(),
                             [](char c) { return c >= 'a' && c <= 'z'; })
             ? row.more[0]
             : "";
}

std::string TierOf(const TextRow& row) {
  return row.more.size() > 1 && IsTechnique(row.more[0]) && IsTier(row.more[1]) ? row.more[1] : "";
}

bool Flagged(const std::vector<text::TextHit>& hits) {
  return !hits.empty() && hits[0].severity != text::Severity::kNote;
}

bool Acted(const std::vector<text::TextHit>& hits) {
  return !hits.empty() && hits[0].severity == text::Severity::kPlain;
}

TextReport Evaluate(const std::vector<TextRow>& rows, const Screen& screen, const Visit& visit) {
  TextReport report;
  for (const TextRow& row : rows) {
    const std::vector<text::TextHit> hits = screen(row.text);
    Add(hits, &report.labels[row.label]);
    if (const std::string technique = TechniqueOf(row); !technique.empty()) {
      Add(hits, &report.techniques[technique]);
    }
    if (const std::string tier = TierOf(row); !tier.empty()) {
      Add(hits, &report.techniques["tier " + tier]);
    }
    visit(row, hits);
  }
  return report;
}

std::string ShowTable(const TextReport& report, std::size_t top) {
  std::string table = absl::StrFormat("%-36s %6s %7s %9s %9s   %s\n", "label or technique", "rows",
                                      "flagged", "rate", "by machine", "flagged by");
  for (const auto& [name, tally] : report.labels) {
    AppendLine(name, tally, top, &table);
  }
  for (const auto& [name, tally] : report.techniques) {
    AppendLine("  " + name, tally, top, &table);
  }
  return table;
}

std::string ShowJson(const TextReport& report) {
  return absl::StrCat("{\"labels\": ", JsonOf(report.labels),
                      ", \"techniques\": ", JsonOf(report.techniques), "}\n");
}

}  // namespace hallwarden::evaluator
