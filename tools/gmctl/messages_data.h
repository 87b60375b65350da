// messages.tsv as bytes. CMake makes the source file of it.
#ifndef HALLWARDEN_TOOLS_GMCTL_MESSAGES_DATA_H_
#define HALLWARDEN_TOOLS_GMCTL_MESSAGES_DATA_H_

#include <string_view>

namespace hallwarden::gmctl {

// The file as it is in the source tree.
[[nodiscard]] std::string_view MessagesFile();

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_MESSAGES_DATA_H_
