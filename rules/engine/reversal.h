// Undoing what machines did on the word of one game server. Internal to rules/engine.
//
// Every sanction that a machine imposes on a server's event is told to the server's entity, which
// keeps the list in pages of their own. The undoing is a job of the server's entity: one page a
// record, a timer from page to page, the cursor in the cell, so that a restart goes on where it was
// and no record grows with the length of the list.
#ifndef HALLWARDEN_RULES_ENGINE_REVERSAL_H_
#define HALLWARDEN_RULES_ENGINE_REVERSAL_H_

#include "hallwarden/v1/gm_service.pb.h"

#include "rules/engine/command_context.h"
#include "rules/engine/step.h"

namespace hallwarden {

// The account tells the server that its event led to this sanction. Nothing without a server.
void TellCaused(const Step& step, const AccountRef& ref, const SanctionMark& mark);
// The server gives it a place, the page keeps it.
void OnCaused(const Step& step, const Fact& fact);
void OnCausedKept(const Step& step, const Fact& fact);

Outcome ReverseServer(CommandContext* context, const v1::ReverseServerRequest& request);
// The job goes on: the server names a page, the page its accounts, the accounts answer the server.
void OnServerTimer(const Step& step, const EntityKey& server, const v1::TimerFired& timer);
void OnReversePage(const Step& step, const Fact& fact);
void OnReverseSanction(const Step& step, const Fact& fact);
void OnPageReversed(const Step& step, const Fact& fact);
void OnSanctionReversed(const Step& step, const Fact& fact);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_REVERSAL_H_
