#pragma once

#include <string_view>
#include <vector>

#include "tests/arch/cpp_source.h"

namespace hallwarden::arch {

// Each check takes one file and is a function of its path and text.

// The file is not empty, ends with exactly one line break and has Unix line ends.
std::vector<Violation> CheckLineEnds(const SourceFile& file);

// A header can be included twice.
std::vector<Violation> CheckHeaderGuard(const SourceFile& file);

// No marks of unfinished work: it belongs into the list of issues, where it is seen.
std::vector<Violation> CheckUnfinishedMarks(const SourceFile& file);

// No `using namespace`, except of literals, which have no other way in.
std::vector<Violation> CheckUsingNamespace(const SourceFile& file);

// No test is switched off: one that fails is mended or taken out.
std::vector<Violation> CheckDisabledTests(const SourceFile& file);

// Who silences clang-tidy names the check and gives a reason, in the form (check): reason.
std::vector<Violation> CheckNolint(const SourceFile& file);

// Nothing tells on which machine it was written: no home directories, and not `source_dir`, where
// this checkout lies.
std::vector<Violation> CheckMachinePaths(const SourceFile& file, std::string_view source_dir);

// Characters that cannot be seen are written as escapes, and code outside of literals and comments
// is ASCII. In a project that hunts disguised text, a disguised character in its own source would
// mislead the next reader.
std::vector<Violation> CheckCharacters(const SourceFile& file);

// The following look at the tree as a whole.

// Every folder with sources says in a README.md what it is for. tests and bench have one each, for
// their subfolders.
std::vector<Violation> CheckReadmes(const std::vector<SourceFile>& files);

// Every .cc is named in the CMakeLists.txt of its folder or of one above: a test that is not listed
// never runs.
std::vector<Violation> CheckListedSources(const std::vector<SourceFile>& files);

}  // namespace hallwarden::arch
