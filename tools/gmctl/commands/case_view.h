// One case on one screen.
#ifndef HALLWARDEN_TOOLS_GMCTL_COMMANDS_CASE_VIEW_H_
#define HALLWARDEN_TOOLS_GMCTL_COMMANDS_CASE_VIEW_H_

#include <absl/status/status.h>

#include "hallwarden/v1/case_service.pb.h"

#include "tools/gmctl/context.h"

namespace hallwarden::gmctl {

// The case, its evidence for and against, whom it is about and what a confirmation would do; for
// programs the whole message.
[[nodiscard]] absl::Status PrintCaseView(Context& context, const v1::CaseView& view);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_COMMANDS_CASE_VIEW_H_
