// Says what went wrong and what to do, in two lines.
#ifndef HALLWARDEN_TOOLS_GMCTL_REPORT_H_
#define HALLWARDEN_TOOLS_GMCTL_REPORT_H_

#include <string>

#include <absl/status/status.h>

#include "tools/gmctl/catalogue.h"

namespace hallwarden::gmctl {

// `error: <what>` and, where anybody knows, `what to do: <...>`; with line ends. Empty for a quiet
// exit. The daemon's reasons are the catalogue's `reason.<REASON>` and `reason.<REASON>.do`; of one
// that it does not know, the daemon's own message is shown.
[[nodiscard]] std::string DescribeError(const absl::Status& status, const Catalogue& catalogue);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_REPORT_H_
