// The banks of pictures: what they hold, who asks them, who changes them. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_BANK_ENTITY_H_
#define HALLWARDEN_RULES_ENGINE_BANK_ENTITY_H_

#include <cstdint>
#include <string>

#include "hallwarden/v1/bank.pb.h"
#include "hallwarden/v1/bank_service.pb.h"

#include "rules/avatar/bank.h"
#include "rules/engine/command_context.h"
#include "rules/engine/step.h"

namespace hallwarden {

// Reads what the cells hold into the index that avatars are looked up in.
void LoadBank(Cells* cells, avatar::Bank* bank);

// An avatar asks which claim is to be made of it. In this order: an allowing entry ends it; a
// blocking entry or a QR code is claimed, the plainer one; an unknown picture of a risky account is
// queued, as long as the day's number allows.
void OnAvatarAsked(const Step& step, const Fact& fact);

// What would be claimed of an avatar, and what it matches. Counts nothing.
void DescribeAvatar(const Step& step, const v1::AvatarChanged& changed,
                    v1::TestBanksResponse* response);

// See v1::BankService. The index follows the cells, except in a rehearsal, which changes nothing.
Outcome AddBankEntries(CommandContext* context, const v1::AddBankEntriesRequest& request);
Outcome RemoveBankEntries(CommandContext* context, const v1::RemoveBankEntriesRequest& request);

// The entry in a slot that is not free.
[[nodiscard]] v1::BankEntry DescribeBankEntry(Cells* cells, avatar::Bank::Slot slot);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_BANK_ENTITY_H_
