// Take-over: an account that is suddenly used from elsewhere, and emptied.
//
// A break is a login from a device and an address neither of which the account was ever seen with,
// after at least ten logins over five days. Alone it is a new phone on a journey. With most of the
// gold gone within hours it opens a case; gone within the hour, its transfers are held until the
// owner answers.
#ifndef HALLWARDEN_RULES_PLAY_LOGINS_H_
#define HALLWARDEN_RULES_PLAY_LOGINS_H_

#include "rules/play/claim.h"

namespace hallwarden::play {

// 0: the event did not tell.
void OnLogin(const Context& context, std::uint64_t device, std::uint64_t ip, PlayCell* cell);

// Gold left the account. `balance_after` below 0 or unknown with 0 gold: then nothing is claimed.
void OnValueLeft(const Context& context, std::int64_t amount, std::int64_t balance_after,
                 PlayCell* cell, Outcome* out);

}  // namespace hallwarden::play

#endif  // HALLWARDEN_RULES_PLAY_LOGINS_H_
