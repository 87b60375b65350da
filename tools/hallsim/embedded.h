// Files of data/, compiled in by CMakeLists.txt.
#ifndef HALLWARDEN_TOOLS_HALLSIM_EMBEDDED_H_
#define HALLWARDEN_TOOLS_HALLSIM_EMBEDDED_H_

#include <string>

namespace hallwarden::hallsim {

std::string EmbeddedWords();
std::string EmbeddedViolatingNames();

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_EMBEDDED_H_
