// Entries of banks of pictures as a file: what `gmctl bank export` writes and `gmctl bank import`
// reads. One entry a line, cells separated by tabs:
//
//   hash  kind  bank  category  confidence  expires  reason
//   f0c9...  block  porn  porn  plain    2027-01-01T00:00:00Z  reported by players
//   83aa...  allow  official  -  review  -  the hall's own picture
//
// `-` is nothing. Lines that begin with # are comments. A hash is 64 hex digits.
#ifndef HALLWARDEN_TOOLS_GMCTL_BANK_FILE_H_
#define HALLWARDEN_TOOLS_GMCTL_BANK_FILE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/time/time.h>

#include "hallwarden/v1/bank.pb.h"

#include "tools/gmctl/look.h"
#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {

struct BankFault {
  std::size_t line = 0;  // From 1.
  std::string key;       // Of the catalogue.
  MessageArgs args;
};

struct BankFile {
  std::vector<v1::BankEntry> entries;  // In the file's order.
  std::vector<BankFault> faults;       // Every faulty line, not only the first.
};

[[nodiscard]] BankFile ReadBankFile(std::string_view text, absl::TimeZone zone);

// A line of such a file, without its end; and the comment that heads it.
[[nodiscard]] std::string BankLine(const v1::BankEntry& entry, const Look& look);
[[nodiscard]] std::string_view BankHeading();

// 32 bytes of 64 hex digits. Nothing for anything else.
[[nodiscard]] std::optional<std::string> ReadHash(std::string_view text);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_BANK_FILE_H_
