// Reads the operator's list of partner accounts: CSV, or TSV when the first line has a tab.
//
//   account,channel,begin,end
//   10086,dandan,2026-01-01,
//   10087,doudou,2026-01-01T08:00:00+08:00,2026-06-30
//
// A first line whose first cell is `account` is a heading. Cells may be quoted as in RFC 4180. An
// empty `end`: still. A date alone is its first moment, so an `end` of 2026-06-30 is before that
// day.
#ifndef HALLWARDEN_TOOLS_GMCTL_PARTNER_FILE_H_
#define HALLWARDEN_TOOLS_GMCTL_PARTNER_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <absl/time/time.h>

#include "hallwarden/v1/policy.pb.h"

#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {

struct PartnerFault {
  std::size_t line = 0;  // From 1.
  std::string key;       // Of the catalogue.
  MessageArgs args;
};

struct PartnerFile {
  std::vector<v1::PartnerSpan> spans;  // In the file's order.
  std::vector<PartnerFault> faults;    // Every faulty line, not only the first.
};

[[nodiscard]] PartnerFile ReadPartnerFile(std::string_view text, absl::TimeZone zone);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_PARTNER_FILE_H_
