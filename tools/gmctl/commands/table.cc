// All commands, in the order of the help.
#include <utility>
#include <vector>

#include "tools/gmctl/args.h"
#include "tools/gmctl/commands/commands.h"

namespace hallwarden::gmctl {
namespace {

const PositionalSpec kTarget{.name = "TARGET"};
const PositionalSpec kMaybeTarget{.name = "TARGET", .required = false};
const PositionalSpec kSanction{.name = "SANCTION|TARGET"};
const PositionalSpec kFile{.name = "FILE", .offer = Offer::kFile};

std::vector<CommandSpec> DailyCommands() {
  return {
      {.path = "who", .positionals = {kTarget}, .flags = {}, .handler = CommandWho},
      {.path = "punish",
       .positionals = {kTarget, {.name = "OFFENCE", .offer = Offer::kOffence}},
       .flags = {"severity", "category", "rung", "why", "evidence", "case", "silent"},
       .handler = CommandPunish,
       .mutating = true},
      {.path = "warn",
       .positionals = {kTarget},
       .flags = {"rule", "evidence", "case", "scope", "silent"},
       .handler = CommandWarn,
       .mutating = true},
      {.path = "mute",
       .positionals = {kTarget},
       .flags = {"rule", "for", "until", "perm", "evidence", "case", "scope", "now", "silent"},
       .handler = CommandMute,
       .mutating = true},
      {.path = "kick",
       .positionals = {kTarget},
       .flags = {"rule", "table", "silent"},
       .handler = CommandKick,
       .mutating = true},
      {.path = "ban",
       .positionals = {kTarget},
       .flags = {"rule", "for", "until", "perm", "caps", "evidence", "case", "scope", "now",
                 "silent"},
       .handler = CommandBan,
       .mutating = true},
      {.path = "hold",
       .positionals = {kTarget},
       .flags = {"rule", "for", "until", "caps", "evidence", "case", "scope", "now", "silent"},
       .handler = CommandHold,
       .mutating = true},
      {.path = "lift",
       .positionals = {kSanction},
       .flags = {"as", "silent"},
       .handler = CommandLift,
       .mutating = true},
      {.path = "undo",
       .positionals = {{.name = "SANCTION|TARGET", .required = false}},
       .flags = {"silent"},
       .handler = CommandUndo,
       .mutating = true},
      {.path = "history",
       .positionals = {kTarget},
       .flags = {"kind", "since", "limit", "all"},
       .handler = CommandHistory},
      {.path = "rename",
       .positionals = {kTarget},
       .flags = {"punish", "silent"},
       .handler = CommandRename,
       .mutating = true},
      {.path = "avatar reset",
       .positionals = {kTarget},
       .flags = {"punish", "silent"},
       .handler = CommandAvatarReset,
       .mutating = true},
      {.path = "signature reset",
       .positionals = {kTarget},
       .flags = {"punish", "silent"},
       .handler = CommandSignatureReset,
       .mutating = true},
      {.path = "tail",
       .positionals = {},
       .flags = {"follow", "no-follow", "backlog", "player", "kind", "resume"},
       .handler = CommandTail},
  };
}

std::vector<CommandSpec> DeskCommands() {
  return {
      {.path = "sanction ls",
       .positionals = {kMaybeTarget},
       .flags = {"state", "rule", "limit", "all"},
       .handler = CommandSanctionList},
      {.path = "sanction get",
       .positionals = {kSanction},
       .flags = {},
       .handler = CommandSanctionGet},
      {.path = "sanction explain",
       .positionals = {kSanction},
       .flags = {},
       .handler = CommandSanctionExplain},
      {.path = "case ls",
       .positionals = {kMaybeTarget},
       .flags = {"closed", "limit", "all"},
       .handler = CommandCaseList},
      {.path = "case show",
       .positionals = {{.name = "CASE|TARGET"}},
       .flags = {},
       .handler = CommandCaseShow},
      {.path = "case close",
       .positionals = {{.name = "CASE|TARGET"}},
       .flags = {"convict", "dismiss", "silent"},
       .handler = CommandCaseClose,
       .mutating = true},
      {.path = "note add",
       .positionals = {kTarget, {.name = "TEXT", .repeated = true}},
       .flags = {},
       .handler = CommandNoteAdd,
       .mutating = true},
  };
}

std::vector<CommandSpec> OperatorCommands() {
  return {
      {.path = "policy show",
       .positionals = {{.name = "REVISION", .required = false}},
       .flags = {"save"},
       .handler = CommandPolicyShow},
      {.path = "policy check", .positionals = {kFile}, .flags = {}, .handler = CommandPolicyCheck},
      {.path = "policy apply",
       .positionals = {kFile},
       .flags = {},
       .handler = CommandPolicyApply,
       .mutating = true},
      {.path = "policy history",
       .positionals = {},
       .flags = {"limit", "all"},
       .handler = CommandPolicyHistory},
      {.path = "partner import",
       .positionals = {kFile},
       .flags = {},
       .handler = CommandPartnerImport,
       .mutating = true},
      {.path = "partner ls",
       .positionals = {},
       .flags = {"channel", "limit", "all"},
       .handler = CommandPartnerList},
      {.path = "token create",
       .positionals = {},
       .flags = {"principal", "role", "for", "save"},
       .handler = CommandTokenCreate,
       .mutating = true},
      {.path = "token ls",
       .positionals = {},
       .flags = {"closed", "limit", "all"},
       .handler = CommandTokenList},
      {.path = "token revoke",
       .positionals = {{.name = "TOKEN"}},
       .flags = {},
       .handler = CommandTokenRevoke,
       .mutating = true},
      {.path = "server ls",
       .positionals = {},
       .flags = {"limit", "all"},
       .handler = CommandServerList},
      {.path = "server retire",
       .positionals = {{.name = "SERVER"}},
       .flags = {},
       .handler = CommandServerRetire,
       .mutating = true},
      {.path = "store accept-restore",
       .positionals = {},
       .flags = {},
       .handler = CommandStoreAcceptRestore,
       .mutating = true},
      {.path = "clock accept",
       .positionals = {},
       .flags = {},
       .handler = CommandClockAccept,
       .mutating = true},
      {.path = "audit ls",
       .positionals = {},
       .flags = {"principal", "account", "method", "since", "limit", "all"},
       .handler = CommandAuditList},
      {.path = "audit show",
       .positionals = {{.name = "RECORD"}},
       .flags = {},
       .handler = CommandAuditShow},
  };
}

std::vector<CommandSpec> OwnCommands() {
  return {
      {.path = "login", .positionals = {}, .flags = {"no-verify"}, .handler = CommandLogin},
      {.path = "whoami", .positionals = {}, .flags = {}, .handler = CommandWhoAmI},
      {.path = "can",
       .positionals = {{.name = "VERB", .repeated = true, .offer = Offer::kCommand}},
       .flags = {"for", "perm"},
       .handler = CommandCan},
      {.path = "doctor", .positionals = {}, .flags = {}, .handler = CommandDoctor},
      {.path = "context ls", .positionals = {}, .flags = {}, .handler = CommandContextList},
      {.path = "context use",
       .positionals = {{.name = "NAME"}},
       .flags = {},
       .handler = CommandContextUse},
      {.path = "context add",
       .positionals = {{.name = "NAME"}, {.name = "HOST:PORT"}},
       .flags = {},
       .handler = CommandContextAdd},
      {.path = "explain",
       .positionals = {{.name = "TOPIC", .offer = Offer::kTopic}},
       .flags = {},
       .handler = CommandExplain},
      {.path = "completion",
       .positionals = {{.name = "SHELL", .offer = Offer::kShell}},
       .flags = {},
       .handler = CommandCompletion},
      {.path = "version", .positionals = {}, .flags = {}, .handler = CommandVersion},
      {.path = "help",
       .positionals =
           {{.name = "COMMAND", .required = false, .repeated = true, .offer = Offer::kCommand}},
       .flags = {},
       .handler = CommandHelp},
      {.path = "__complete",
       .positionals = {{.name = "WORD", .required = false, .repeated = true}},
       .flags = {},
       .handler = CommandComplete,
       .hidden = true},
  };
}

}  // namespace

const std::vector<CommandSpec>& AllCommands() {
  static const std::vector<CommandSpec> kCommands = [] {
    std::vector<CommandSpec> all;
    for (std::vector<CommandSpec> (*part)() :
         {DailyCommands, DeskCommands, OperatorCommands, OwnCommands}) {
      for (CommandSpec& command : part())
        all.push_back(std::move(command));
    }
    return all;
  }();
  return kCommands;
}

}  // namespace hallwarden::gmctl
