// The data files of this folder as they lie in the program (see CMakeLists.txt). Private to
// rules/text.
#ifndef HALLWARDEN_RULES_TEXT_DATA_H_
#define HALLWARDEN_RULES_TEXT_DATA_H_

#include <string_view>

namespace hallwarden::text {

[[nodiscard]] std::string_view SimplifiedText();     // data/simplified.txt
[[nodiscard]] std::string_view LookalikesText();     // data/lookalikes.txt
[[nodiscard]] std::string_view OrnamentsText();      // data/ornaments.txt
[[nodiscard]] std::string_view EmojiText();          // data/emoji.txt
[[nodiscard]] std::string_view SplitsText();         // data/splits.txt
[[nodiscard]] std::string_view VariantsText();       // data/variants.txt
[[nodiscard]] std::string_view SoundsText();         // data/sounds.txt
[[nodiscard]] std::string_view SharedLexiconText();  // data/shared.lex
[[nodiscard]] std::string_view NamesLexiconText();   // data/names.lex
[[nodiscard]] std::string_view ChatLexiconText();    // data/chat.lex

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_DATA_H_
