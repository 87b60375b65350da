#include "tools/gmctl/commands/lists.h"

#include <optional>

#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {

absl::StatusOr<int> ReadCount(Context& context, std::string_view flag, int least, int most,
                              int otherwise) {
  if (!context.args().Has(flag)) return otherwise;
  const std::optional<long long> number = ParseNumber(context.args().Get(flag));
  if (number.has_value() && *number >= least && *number <= most) return static_cast<int>(*number);
  return UsageProblem("err.args.number", {{"flag", Cat({"--", flag})},
                                          {"value", context.args().Get(flag)},
                                          {"least", std::to_string(least)},
                                          {"most", std::to_string(most)}});
}

absl::StatusOr<int> ReadLimit(Context& context) {
  constexpr int kUsual = 50;
  constexpr int kMost = std::numeric_limits<int>::max();
  if (context.args().Has("all")) {
    if (context.args().Has("limit")) {
      return UsageProblem("err.args.exclusive", {{"flags", "--all, --limit"}});
    }
    return kMost;
  }
  return ReadCount(context, "limit", 1, kMost, kUsual);
}

absl::Status PrintOne(Context& context, Sheet sheet) {
  sheet.single = true;
  if (!context.for_people() || context.args().Has("fields") || sheet.rows.empty()) {
    return context.Print(sheet);
  }
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
    const std::string key = Cat({"col.", sheet.columns[i].key});
    const std::string& value = sheet.rows.front().cells[i].human;
    if (!value.empty()) pairs.emplace_back(context.Text(key), value);
  }
  context.Out(PrintPairs(pairs));
  return absl::OkStatus();
}

}  // namespace hallwarden::gmctl
