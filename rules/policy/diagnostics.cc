#include "rules/policy/diagnostics.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/gm_service.pb.h"

namespace hallwarden::policy {
namespace {

constexpr std::size_t kKept = 100;      // of errors, and of warnings
constexpr std::size_t kNameMax = 64;    // longest name that is compared
constexpr std::size_t kQuotedMax = 80;  // longest name that is printed

// Number of insertions, deletions, substitutions and swaps of neighbours that turn one name into
// the other. Both at most kNameMax long.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  using Row = std::array<std::size_t, kNameMax + 1>;
  Row two_above{};
  Row above{};
  Row row{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], two_above[j - 2] + 1);
      }
    }
    two_above = above;
    above = row;
  }
  return above[b.size()];
}

}  // namespace

void Reporter::Error(Place place, std::string reason, std::string hint) {
  if (++errors_ <= kKept) Add(place, std::move(reason), std::move(hint), true);
}

void Reporter::Warning(Place place, std::string reason, std::string hint) {
  if (++warnings_ <= kKept) Add(place, std::move(reason), std::move(hint), false);
}

void Reporter::Add(Place place, std::string reason, std::string hint, bool fatal) {
  v1::Diagnostic diagnostic;
  diagnostic.set_file(file_);
  diagnostic.set_line(place.line);
  diagnostic.set_column(place.column);
  diagnostic.set_reason(std::move(reason));
  diagnostic.set_hint(std::move(hint));
  diagnostic.set_fatal(fatal);
  diagnostics_.push_back(std::move(diagnostic));
}

std::string Reporter::DidYouMean(std::string_view name,
                                 const std::vector<std::string_view>& candidates,
                                 std::string_view otherwise) const {
  // Nobody will see the hint of a diagnostic that is not kept.
  if (name.size() > kNameMax || errors_ >= kKept) return std::string(otherwise);
  // A third of the letters may be wrong; more is another word.
  std::size_t best_distance = name.size() / 3 + 2;
  std::string_view best;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > kNameMax) continue;
    const std::size_t distance = EditDistance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  if (best.empty()) return std::string(otherwise);
  return "did you mean " + Quoted(best) + "?";
}

std::vector<v1::Diagnostic> Reporter::Take() {
  std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                   [](const v1::Diagnostic& a, const v1::Diagnostic& b) {
                     return std::pair(a.line(), a.column()) < std::pair(b.line(), b.column());
                   });
  const std::size_t left_out = errors_ + warnings_ - diagnostics_.size();
  if (left_out > 0) {
    const v1::Diagnostic& last = diagnostics_.back();
    Add({last.line(), last.column()}, "and " + std::to_string(left_out) + " more",
        "mend the ones above first", errors_ > 0);
  }
  return std::move(diagnostics_);
}

std::string Quoted(std::string_view name) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : name.substr(0, kQuotedMax)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7F) {
      out.push_back(c);
    } else {
      out.append("\\x").append({kHex[byte >> 4], kHex[byte & 0xF]});
    }
  }
  out.append(name.size() > kQuotedMax ? "...\"" : "\"");
  return out;
}

}  // namespace hallwarden::policy
