// The commands. Each handler reads its arguments, talks to the daemon and prints; table.cc lists
// them with their arguments and flags.
#ifndef HALLWARDEN_TOOLS_GMCTL_COMMANDS_COMMANDS_H_
#define HALLWARDEN_TOOLS_GMCTL_COMMANDS_COMMANDS_H_

#include <absl/status/status.h>

#include "tools/gmctl/context.h"

namespace hallwarden::gmctl {

// account.cc
absl::Status CommandWho(Context& context);
absl::Status CommandHistory(Context& context);
absl::Status CommandNoteAdd(Context& context);

// punish.cc
absl::Status CommandPunish(Context& context);
absl::Status CommandWarn(Context& context);
absl::Status CommandMute(Context& context);
absl::Status CommandBan(Context& context);
absl::Status CommandHold(Context& context);
absl::Status CommandKick(Context& context);
absl::Status CommandRename(Context& context);
absl::Status CommandAvatarReset(Context& context);
absl::Status CommandSignatureReset(Context& context);

// sanction.cc
absl::Status CommandLift(Context& context);
absl::Status CommandUndo(Context& context);
absl::Status CommandReinstate(Context& context);
absl::Status CommandAuditRollback(Context& context);
absl::Status CommandStats(Context& context);
absl::Status CommandSanctionList(Context& context);
absl::Status CommandSanctionGet(Context& context);
absl::Status CommandSanctionExplain(Context& context);

// case.cc
absl::Status CommandCaseList(Context& context);
absl::Status CommandCaseShow(Context& context);
absl::Status CommandCaseClose(Context& context);

// case_actions.cc
absl::Status CommandQueue(Context& context);
absl::Status CommandCaseNext(Context& context);
absl::Status CommandCaseOpen(Context& context);
absl::Status CommandCaseClaim(Context& context);
absl::Status CommandCaseRelease(Context& context);
absl::Status CommandCaseAssign(Context& context);
absl::Status CommandCaseEscalate(Context& context);
absl::Status CommandCaseRefer(Context& context);
absl::Status CommandCaseReturn(Context& context);
absl::Status CommandCaseNote(Context& context);
absl::Status CommandCaseMerge(Context& context);
absl::Status CommandCaseReopen(Context& context);
absl::Status CommandCaseLog(Context& context);
absl::Status CommandTraceGold(Context& context);
absl::Status CommandLogins(Context& context);
absl::Status CommandHandShow(Context& context);
absl::Status CommandExchangeCheck(Context& context);
absl::Status CommandFreeze(Context& context);
absl::Status CommandUnfreeze(Context& context);

// appeal.cc
absl::Status CommandAppealList(Context& context);
absl::Status CommandAppealShow(Context& context);
absl::Status CommandAppealNext(Context& context);
absl::Status CommandAppealSubmit(Context& context);
absl::Status CommandAppealClaim(Context& context);
absl::Status CommandAppealRelease(Context& context);
absl::Status CommandAppealSay(Context& context);
absl::Status CommandAppealNote(Context& context);
absl::Status CommandAppealDecide(Context& context);
absl::Status CommandAppealWithdraw(Context& context);
absl::Status CommandAppealReplies(Context& context);

// policy.cc
absl::Status CommandPolicyShow(Context& context);
absl::Status CommandPolicyCheck(Context& context);
absl::Status CommandPolicyApply(Context& context);
absl::Status CommandPolicyHistory(Context& context);

// partner.cc
absl::Status CommandPartnerImport(Context& context);
absl::Status CommandPartnerList(Context& context);

// bank.cc
absl::Status CommandBankList(Context& context);
absl::Status CommandBankAdd(Context& context);
absl::Status CommandBankRemove(Context& context);
absl::Status CommandBankTest(Context& context);
absl::Status CommandBankImport(Context& context);
absl::Status CommandBankExport(Context& context);
// lexicon.cc
absl::Status CommandLexiconList(Context& context);
absl::Status CommandLexiconShow(Context& context);
absl::Status CommandLexiconStatus(Context& context);
absl::Status CommandLexiconAdd(Context& context);
absl::Status CommandLexiconRemove(Context& context);
absl::Status CommandLexiconTest(Context& context);
absl::Status CommandLexiconImport(Context& context);
absl::Status CommandLexiconExport(Context& context);
absl::Status CommandLexiconRescreen(Context& context);
absl::Status CommandTextExplain(Context& context);

// tail.cc
absl::Status CommandTail(Context& context);

// operate.cc
absl::Status CommandTokenCreate(Context& context);
absl::Status CommandTokenList(Context& context);
absl::Status CommandTokenRevoke(Context& context);
absl::Status CommandStoreAcceptRestore(Context& context);
absl::Status CommandClockAccept(Context& context);
absl::Status CommandAuditList(Context& context);
absl::Status CommandAuditShow(Context& context);

// audit_verify.cc
absl::Status CommandAuditVerify(Context& context);

// server.cc
absl::Status CommandServerList(Context& context);
absl::Status CommandServerShow(Context& context);
absl::Status CommandServerQuarantine(Context& context);
absl::Status CommandServerRelease(Context& context);
absl::Status CommandServerRetire(Context& context);
absl::Status CommandServerCaused(Context& context);
absl::Status CommandServerReverse(Context& context);
absl::Status CommandRuleList(Context& context);
absl::Status CommandRuleRelease(Context& context);

// self.cc
absl::Status CommandLogin(Context& context);
absl::Status CommandWhoAmI(Context& context);
absl::Status CommandCan(Context& context);
absl::Status CommandDoctor(Context& context);
absl::Status CommandContextList(Context& context);
absl::Status CommandContextUse(Context& context);
absl::Status CommandContextAdd(Context& context);

// help.cc
absl::Status CommandHelp(Context& context);
absl::Status CommandExplain(Context& context);
absl::Status CommandVersion(Context& context);
absl::Status CommandCompletion(Context& context);
absl::Status CommandComplete(Context& context);
// The help of one command, also for --help.
absl::Status ShowHelp(Context& context, const CommandSpec& command);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_COMMANDS_COMMANDS_H_
