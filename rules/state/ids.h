// Identifiers that people type and directives are absorbed by.
#ifndef HALLWARDEN_RULES_STATE_IDS_H_
#define HALLWARDEN_RULES_STATE_IDS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/base/siphash.h"

namespace hallwarden {

// `prefix` and 12 characters of 0-9a-z without i, l, o, u, made from (kind, owner, ordinal): the same on
// every run, 60 bits wide, and owned by the entity that counts the ordinal. The store refuses a second
// one of the same name, so a collision is loud.
[[nodiscard]] std::string MakeId(std::string_view prefix, std::string_view owner,
                                 std::uint64_t ordinal);

// Identifier of a directive: of what caused it, what it orders, and which time it is ordered.
[[nodiscard]] std::string DirectiveId(std::string_view cause, std::string_view action,
                                      std::uint64_t number);

// Key of a command by its principal and request id.
[[nodiscard]] Hash128 RequestKey(std::string_view principal, std::string_view request_id);

// 128-bit value of any bytes under a public key: it spreads, it hides nothing.
[[nodiscard]] Hash128 PublicHash(std::string_view bytes);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_IDS_H_
