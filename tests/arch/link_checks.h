#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/arch/cpp_source.h"

namespace hallwarden::arch {

// A target of the build and all that it links, near and far.
struct LinkedTarget {
  std::string name;
  // Labels of a test; empty for everything else.
  std::set<std::string> labels;
  std::vector<std::string> links;
};

// Reads what hw_write_link_closure() in tests/arch/CMakeLists.txt writes: per line name, labels and
// links, with tabs between them.
std::vector<LinkedTarget> ParseLinkClosure(std::string_view text);

// The arrows once more, as the linker sees them: an include can be missing although a library is
// linked. Also, that a test which links gRPC says so with its label, because the thread sanitizer
// must leave it out.
std::vector<Violation> CheckLinks(const std::vector<LinkedTarget>& targets);

}  // namespace hallwarden::arch
