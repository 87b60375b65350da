// Makes any bytes safe to show, and measures what is shown.
//
// What players write reaches a GM's terminal, spreadsheet and scripts. Nothing of it may move a
// cursor, turn the direction of a line, hide characters or break a table. Shown as escapes, always:
//   C0, C1, DEL                       \n \t \r, otherwise \xNN (below U+0080) or \u{NN}
//   bidi controls, zero-width, tags,
//   other invisible or unassigned     \u{202E}
//   blanks other than the space and
//   the ideographic space             \u{A0}
//   a combining mark without a base,
//   and from the fifth on one base    \u{301}
//   bytes that are no UTF-8           \xNN
#ifndef HALLWARDEN_TOOLS_GMCTL_ESCAPE_H_
#define HALLWARDEN_TOOLS_GMCTL_ESCAPE_H_

#include <optional>
#include <string>
#include <string_view>

namespace hallwarden::gmctl {

// For words of players: also doubles the backslash, so that no two texts look the same.
// `EscapePlayerText(x)` is valid UTF-8 in one line for every x; UnescapePlayerText is its inverse.
[[nodiscard]] std::string EscapePlayerText(std::string_view bytes);

// Undoes EscapePlayerText. Nothing for what it cannot have made.
[[nodiscard]] std::optional<std::string> UnescapePlayerText(std::string_view text);

// For words of the daemon, of files and of the command line. Leaves the backslash alone, hence
// Guard(Guard(x)) == Guard(x).
[[nodiscard]] std::string Guard(std::string_view bytes);

// As Guard, but keeps line ends (\n).
[[nodiscard]] std::string GuardLines(std::string_view bytes);

[[nodiscard]] bool IsValidUtf8(std::string_view bytes);

// Columns that a terminal needs for `text`, which must have passed one of the functions above. Wide
// and full-width characters count two, combining marks none; the marks of Tint count none.
[[nodiscard]] int DisplayWidth(std::string_view text);

// The longest start of `text` that needs at most `width` columns, ".." at its end when something
// was cut off. Never cuts inside a character or an escape's base and marks.
[[nodiscard]] std::string CutToWidth(std::string_view text, int width);

// Colours travel as these bytes inside our own strings. Player text cannot contain them (they are
// escaped); the console turns them into ANSI sequences or drops them.
inline constexpr char kTintBold = '\x01';
inline constexpr char kTintRed = '\x02';
inline constexpr char kTintGreen = '\x03';
inline constexpr char kTintYellow = '\x04';
inline constexpr char kTintDim = '\x05';
inline constexpr char kTintEnd = '\x06';

// `text` between a mark and kTintEnd.
[[nodiscard]] std::string Tinted(char tint, std::string_view text);

// The last step before any byte leaves the program, and the second line of defence: turns tints
// into ANSI sequences (or drops them) and escapes whatever should not be here. Keeps line ends, and
// tabs if `keep_tabs`.
[[nodiscard]] std::string FinishForConsole(std::string_view text, bool color, bool keep_tabs);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_ESCAPE_H_
