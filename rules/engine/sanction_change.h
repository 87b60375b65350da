// What every change of a sanction is made of. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_SANCTION_CHANGE_H_
#define HALLWARDEN_RULES_ENGINE_SANCTION_CHANGE_H_

#include <cstdint>
#include <string_view>

#include "rules/appeal/reduce.h"
#include "rules/engine/sanctions.h"

namespace hallwarden {

// Restrictions and holds: what takes something away for a time.
[[nodiscard]] bool Restricts(const SanctionMark& mark);

// Until when the mark restricts, seen from now: what is pending runs from its deadline at the
// latest.
[[nodiscard]] std::int64_t UntilOf(const SanctionMark& mark);

[[nodiscard]] Timer TimerOf(const AccountRef& ref, const SanctionMark& mark, TimerKind kind,
                            std::int64_t due);

// Raises the revisions of sanction and account; the caller fills in what changed.
[[nodiscard]] PatchSanction PatchOf(const AccountRef& ref, SanctionMark* mark);

// A line of the account's history and of the feed.
void PostSanction(const Step& step, const AccountRef& ref, const SanctionMark& mark,
                  PostingDetail detail, std::string_view principal);

[[nodiscard]] v1::Directive NewDirective(const Step& step, const AccountRef& ref,
                                         std::string_view cause);
// Asks the server's entity to number the directive and send it.
void Want(const Step& step, const AccountRef& ref, std::string_view server,
          const v1::Directive& directive);

// The account's restrictions changed: the gate, every server with a session, and every server that
// still holds an older state must know.
void Republish(const Step& step, const AccountRef& ref, std::string_view cause);

// Makes it what `to` says, from now on. Requires: it restricts and is in force, `to` has no fault.
void ReduceSanction(const Step& step, const AccountRef& ref, SanctionMark* mark,
                    const appeal::Reduced& to, v1::Reduction reduction);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_SANCTION_CHANGE_H_
