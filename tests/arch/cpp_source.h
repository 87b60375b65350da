#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden::arch {

// What is wrong, where, and what to do about it.
struct Violation {
  std::string path;
  // Counted from 1; 0 when it concerns the file as a whole.
  std::size_t line = 0;
  std::string what;

  friend bool operator==(const Violation&, const Violation&) = default;
};

// "path:line: what", as compilers write it.
std::string ToString(const Violation& violation);

// One #include.
struct Include {
  std::size_t line = 0;
  std::string target;
  bool angled = false;
};

// A text file of the tree. For C++ its three layers are told apart, so that a check of the code is
// not misled by a comment or a string. `code` and `comments` are as long as `text`, with blanks
// where the other layers are; line breaks are in all three, and an offset means the same place
// everywhere.
struct SourceFile {
  // From the top of the tree, with forward slashes.
  std::string path;
  std::string text;
  // Code without comments. String and character literals keep their quotes and lose their content.
  // Empty unless C++.
  std::string code;
  // Comments without their code. Empty unless C++.
  std::string comments;
  // Empty unless C++.
  std::vector<Include> includes;
};

// True for .h and .cc.
bool IsCpp(std::string_view path);

// Takes the file apart. Accepts anything: an unfinished literal or comment ends with the line or
// the file.
SourceFile Parse(std::string path, std::string text);

// Line of an offset, from 1.
std::size_t LineAt(std::string_view text, std::size_t offset);

// Offsets at which `word` stands as a whole word, that is, not inside a longer identifier. A word
// may contain other characters, such as "std::log"; the rule applies to those of its ends that are
// identifier characters.
std::vector<std::size_t> FindWord(std::string_view text, std::string_view word);

// True for letters, digits and underscore.
bool IsIdentifierChar(char c);

}  // namespace hallwarden::arch
