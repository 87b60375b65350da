#pragma once

#include <string>
#include <vector>

#include "tests/arch/cpp_source.h"

namespace hallwarden::arch {

// The arrows between the folders, and what the folders may use from outside: includes of a file
// against the table in layer_checks.cc. Every include of ours is written from the top of the tree.
std::vector<Violation> CheckIncludes(const SourceFile& file);

// A file in rules/ with floating point, and why it may have it.
struct FloatFile {
  std::string path;
  std::string reason;
};

// Reads the list of such files: one "path: reason" per line, empty lines and lines that start with
// # left out. A line without a reason yields an empty one, which CheckRulesPurity refuses.
std::vector<FloatFile> ParseFloatFiles(const std::string& text);

// rules/ is a function of the journal: no clock, no randomness, no thread, no I/O, no environment,
// no order that an implementation chooses, and floating point only where `float_files` gives a
// reason. Other folders pass.
std::vector<Violation> CheckRulesPurity(const SourceFile& file,
                                        const std::vector<FloatFile>& float_files);

// RocksDB iterators end early on an error and look as if they were done, so a file in storage/ that
// makes one must ask for its status. A heuristic: it sees that the file asks, not where. Other
// folders pass.
std::vector<Violation> CheckIteratorStatus(const SourceFile& file);

}  // namespace hallwarden::arch
