#include "tools/gmctl/bank_file.h"

#include <utility>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kHashDigits = 64;
constexpr std::size_t kLeastCells = 3;
constexpr std::string_view kNothing = "-";

struct Cells {
  std::vector<std::string> cells;

  // Empty for what is not there.
  [[nodiscard]] std::string At(std::size_t index) const {
    if (index >= cells.size()) return {};
    std::string cell(Trim(cells[index]));
    return cell == kNothing ? std::string() : cell;
  }
};

std::optional<BankFault> ReadEntry(const Cells& line, absl::TimeZone zone, v1::BankEntry* entry) {
  const auto fault = [](std::string key, std::string text) {
    return BankFault{0, std::move(key), {{"text", std::move(text)}}};
  };
  if (line.cells.size() < kLeastCells) {
    return fault("err.bank.cells", std::to_string(line.cells.size()));
  }
  const std::optional<std::string> hash = ReadHash(line.At(0));
  if (!hash.has_value()) return fault("err.bank.hash", line.At(0));
  entry->set_pdq_hash(*hash);
  const absl::StatusOr<int> kind = ReadWord(Vocabulary::kBankKind, line.At(1));
  if (!kind.ok()) return fault("err.bank.kind", line.At(1));
  entry->set_kind(static_cast<v1::BankKind>(*kind));
  entry->set_bank(line.At(2));
  if (!line.At(3).empty()) {
    const absl::StatusOr<int> category = ReadWord(Vocabulary::kCategory, line.At(3));
    if (!category.ok()) return fault("err.bank.category", line.At(3));
    entry->set_category(static_cast<v1::TextCategory>(*category));
  }
  if (!line.At(4).empty()) {
    const absl::StatusOr<int> confidence = ReadWord(Vocabulary::kConfidence, line.At(4));
    if (!confidence.ok()) return fault("err.bank.confidence", line.At(4));
    entry->set_confidence(static_cast<v1::Confidence>(*confidence));
  }
  if (!line.At(5).empty()) {
    const absl::StatusOr<absl::Time> expires = ParsePoint(line.At(5), zone);
    if (!expires.ok()) return fault("err.bank.expires", line.At(5));
    ToProto(*expires, *entry->mutable_expire_time());
  }
  if (!IsValidUtf8(line.At(6))) return fault("err.bank.reason", line.At(6));
  entry->set_reason(line.At(6));
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ReadHash(std::string_view text) {
  if (text.size() != kHashDigits) return std::nullopt;
  return Unhex(LowerAscii(text));
}

BankFile ReadBankFile(std::string_view text, absl::TimeZone zone) {
  BankFile file;
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::size_t number = 0;
  for (const std::string& line : Split(text, '\n')) {
    ++number;
    if (Trim(line).empty() || line.starts_with('#')) continue;
    v1::BankEntry entry;
    std::optional<BankFault> fault = ReadEntry({Split(line, '\t')}, zone, &entry);
    if (fault.has_value()) {
      fault->line = number;
      file.faults.push_back(*std::move(fault));
    } else {
      file.entries.push_back(std::move(entry));
    }
  }
  return file;
}

std::string_view BankHeading() {
  return "# hash\tkind\tbank\tcategory\tconfidence\texpires\treason";
}

std::string BankLine(const v1::BankEntry& entry, const Look& look) {
  const auto cell = [](const std::string& text) {
    return text.empty() ? std::string(kNothing) : Guard(text);
  };
  return Join({Hex(entry.pdq_hash()), cell(ShortName(Vocabulary::kBankKind, entry.kind())),
               cell(entry.bank()), cell(ShortName(Vocabulary::kCategory, entry.category())),
               cell(ShortName(Vocabulary::kConfidence, entry.confidence())),
               cell(entry.has_expire_time() ? look.Exact(entry.expire_time()) : std::string()),
               cell(entry.reason())},
              "\t");
}

}  // namespace hallwarden::gmctl
