// The little that a policy needs to know about UTF-8. Internal to rules/policy.
#ifndef HALLWARDEN_RULES_POLICY_UTF8_H_
#define HALLWARDEN_RULES_POLICY_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace hallwarden::policy {

// Length of the well-formed character that `text` begins with (no surrogates, no overlong forms,
// nothing above U+10FFFF), or 0.
[[nodiscard]] std::size_t CharacterLength(std::string_view text);

// Offset of the first byte that is no well-formed UTF-8; npos if there is none.
[[nodiscard]] std::size_t FirstBadByte(std::string_view text);

// `text` with every control character and every byte that is no UTF-8 replaced by `?`.
[[nodiscard]] std::string Printable(std::string_view text);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_UTF8_H_
