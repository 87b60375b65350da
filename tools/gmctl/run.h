// One command line from its words to its exit code.
#ifndef HALLWARDEN_TOOLS_GMCTL_RUN_H_
#define HALLWARDEN_TOOLS_GMCTL_RUN_H_

#include <string>
#include <vector>

#include "tools/gmctl/context.h"
#include "tools/gmctl/problem.h"

namespace hallwarden::gmctl {

// `words` without the program's name. Errors are written to the standard error.
[[nodiscard]] ExitCode Run(const std::vector<std::string>& words, World& world);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_RUN_H_
