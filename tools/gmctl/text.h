// Small helpers for strings. std::string_view throughout: Debian's absl::string_view is a class of
// its own and does not convert.
#ifndef HALLWARDEN_TOOLS_GMCTL_TEXT_H_
#define HALLWARDEN_TOOLS_GMCTL_TEXT_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hallwarden::gmctl {

// Joins the parts without a separator.
[[nodiscard]] std::string Cat(std::initializer_list<std::string_view> parts);

// Splits at every `separator`; "a,,b" has an empty part in the middle, "" has one empty part.
[[nodiscard]] std::vector<std::string> Split(std::string_view text, char separator);

// Joins with `separator`.
[[nodiscard]] std::string Join(const std::vector<std::string>& parts, std::string_view separator);

// Takes spaces, tabs and line ends off both sides.
[[nodiscard]] std::string_view Trim(std::string_view text);

// Lower-cases A-Z and leaves every other byte alone.
[[nodiscard]] std::string LowerAscii(std::string_view text);

// Reads all of `text` as a decimal number without sign. Empty, other characters, overflow: nothing.
[[nodiscard]] std::optional<long long> ParseNumber(std::string_view text);

// Quotes `word` for a POSIX shell where it needs it.
[[nodiscard]] std::string ShellQuote(std::string_view word);

// Lower-case hex, and back. Unhex gives nothing for anything that Hex cannot have made.
[[nodiscard]] std::string Hex(std::string_view bytes);
[[nodiscard]] std::optional<std::string> Unhex(std::string_view hex);

// The candidate that `word` was most likely meant to be, or nothing if none is near. Counts
// insertions, deletions, replacements and swaps of characters, not of bytes.
[[nodiscard]] std::optional<std::string> DidYouMean(std::string_view word,
                                                    const std::vector<std::string>& candidates);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_TEXT_H_
