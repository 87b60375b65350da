// An account and its avatar. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_AVATAR_EVENTS_H_
#define HALLWARDEN_RULES_ENGINE_AVATAR_EVENTS_H_

#include "rules/engine/avatar_question.h"
#include "rules/engine/record.h"
#include "rules/engine/step.h"

namespace hallwarden {

// The player chose an avatar: asks the banks, unless there is nothing to ask about.
void OnAvatarChanged(const Step& step, const Record& record, const AccountRef& ref,
                     const EventView& event);

// What an avatar asks the banks, by itself: without its account. `judge_words`: its QR codes too.
// Requires: a policy.
[[nodiscard]] AvatarQuestion MakeAvatarQuestion(const Step& step, const v1::AvatarChanged& changed,
                                                bool judge_words);

// What the banks said. One avatar counts once: the claim that was made of the avatar that still
// shows is not made again.
void OnAvatarSaid(const Step& step, const Fact& fact);

// Another avatar shows: the claim about the old one is over.
void ForgetAvatar(const AccountRef& ref);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_AVATAR_EVENTS_H_
