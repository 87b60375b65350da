// What hall events do to the account they are about. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_ACCOUNT_EVENTS_H_
#define HALLWARDEN_RULES_ENGINE_ACCOUNT_EVENTS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "rules/engine/record.h"
#include "rules/engine/step.h"

namespace hallwarden {

// Applies a hall event to its account. Refuses it (RejectEvent) when the account has no session on
// the server that reports it.
void OnHallEvent(const Step& step, const Record& record, const EventView& event);

// Words that the account still carries, read again because a word list changed: judged as if they
// had come now, unless they were sanctioned before. `position` is of the record that gave them.
void JudgeAgain(const Step& step, const AccountRef& ref, std::string_view surface,
                const std::string& words, std::uint64_t position);

// A timer of the account went off.
void OnAccountTimer(const Step& step, const v1::TimerFired& timer);

// A row of the partner register.
void OnPartnerSpan(const Step& step, std::string_view payload);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_ACCOUNT_EVENTS_H_
