#include "tools/gmctl/partner_file.h"

#include <optional>
#include <utility>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kLongestCell = 64;

struct Line {
  std::size_t number = 0;
  std::vector<std::string> cells;
  bool open_quote = false;
};

// Takes one record off `text`; quoted cells may span lines.
Line TakeLine(std::string_view& text, char separator, std::size_t& number) {
  Line line;
  line.number = ++number;
  std::string cell;
  bool quoted = false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (quoted && c == '"' && text.starts_with('"')) {
      cell += '"';
      text.remove_prefix(1);
    } else if (c == '"' && (quoted || cell.empty())) {
      quoted = !quoted;
    } else if (!quoted && c == separator) {
      line.cells.push_back(std::move(cell));
      cell.clear();
    } else if (!quoted && c == '\n') {
      break;
    } else {
      if (c == '\n') ++number;
      cell += c;
    }
  }
  line.open_quote = quoted;
  line.cells.push_back(std::move(cell));
  for (std::string& one : line.cells)
    one = std::string(Trim(one));
  return line;
}

std::optional<PartnerFault> ReadTime(const Line& line, std::size_t at, absl::TimeZone zone,
                                     google::protobuf::Timestamp& out) {
  const absl::StatusOr<absl::Time> time = ParsePoint(line.cells[at], zone);
  if (!time.ok()) {
    return PartnerFault{line.number, "err.partner.time", {{"text", line.cells[at]}}};
  }
  ToProto(*time, out);
  return std::nullopt;
}

std::optional<PartnerFault> ReadSpan(const Line& line, absl::TimeZone zone, v1::PartnerSpan& span) {
  if (line.open_quote) return PartnerFault{line.number, "err.partner.quote", {}};
  if (line.cells.size() < 3 || line.cells.size() > 4) {
    return PartnerFault{
        line.number, "err.partner.cells", {{"count", std::to_string(line.cells.size())}}};
  }
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}}) {
    const std::string& cell = line.cells[at];
    const bool good =
        !cell.empty() && cell.size() <= kLongestCell && IsValidUtf8(cell) && Guard(cell) == cell;
    if (!good) {
      return PartnerFault{
          line.number, at == 0 ? "err.partner.account" : "err.partner.channel", {{"text", cell}}};
    }
  }
  span.set_account(line.cells[0]);
  span.set_channel(line.cells[1]);
  if (auto fault = ReadTime(line, 2, zone, *span.mutable_begin_time())) return fault;
  if (line.cells.size() < 4 || line.cells[3].empty()) return std::nullopt;
  if (auto fault = ReadTime(line, 3, zone, *span.mutable_end_time())) return fault;
  if (FromProto(span.end_time()) <= FromProto(span.begin_time())) {
    return PartnerFault{line.number, "err.partner.order", {{"text", line.cells[3]}}};
  }
  return std::nullopt;
}

}  // namespace

PartnerFile ReadPartnerFile(std::string_view text, absl::TimeZone zone) {
  PartnerFile file;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::string_view first = text.substr(0, text.find('\n'));
  const char separator = first.find('\t') == std::string_view::npos ? ',' : '\t';
  std::size_t number = 0;
  bool may_be_heading = true;
  while (!text.empty()) {
    const Line line = TakeLine(text, separator, number);
    const bool blank = line.cells.size() == 1 && line.cells[0].empty() && !line.open_quote;
    const bool heading = may_be_heading && LowerAscii(line.cells[0]) == "account";
    if (blank || heading) {
      may_be_heading = may_be_heading && blank;
      continue;
    }
    may_be_heading = false;
    v1::PartnerSpan span;
    std::optional<PartnerFault> fault = ReadSpan(line, zone, span);
    if (fault.has_value()) {
      file.faults.push_back(*std::move(fault));
    } else {
      file.spans.push_back(std::move(span));
    }
  }
  return file;
}

}  // namespace hallwarden::gmctl
