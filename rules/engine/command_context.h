// What every command handler works with. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_COMMAND_CONTEXT_H_
#define HALLWARDEN_RULES_ENGINE_COMMAND_CONTEXT_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rules/engine/step.h"

namespace hallwarden {

// Canonical status codes that the engine uses, as in google.rpc.Code.
enum class Code : int {
  kInvalidArgument = 3,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
};

// A refusal; `metadata` repeats every value of the message.
[[nodiscard]] Refusal Refuse(Code code, std::string reason, std::string message,
                             std::vector<std::pair<std::string, std::string>> metadata = {});

// One command on its way.
struct CommandContext {
  const Step& step;
  const v1::Command& command;
  const v1::ActionOptions& options;
  std::string method;    // for the audit, for example `GmService.LiftSanction`
  std::string resource;  // what it is about
  std::string before;    // for the audit
  std::string after;
  v1::ActionResponse response;
  // Revision of the case that it changed; empty: the account's version is the etag.
  std::string etag;

  [[nodiscard]] const v1::Actor& actor() const { return command.actor(); }
  // Adds a line to the plan.
  void Plan(std::string_view key, const v1::LocalizedText& from, const v1::LocalizedText& to);
};

// The same text in both languages: numbers, ids, times.
[[nodiscard]] v1::LocalizedText Same(std::string text);
[[nodiscard]] v1::LocalizedText Both(std::string zh, std::string en);

// A line of the feed about no account: what an operator did to the installation.
void PostSystem(const CommandContext& context, PostingDetail detail, std::string resource,
                std::int64_t amount);

// Handlers: nullopt when done, else why not; then nothing was changed.
using Outcome = std::optional<Refusal>;

Outcome PunishAccount(CommandContext* context, const AccountRef& ref,
                      const v1::PunishAccountRequest& request);
Outcome CreateSanction(CommandContext* context, const AccountRef& ref,
                       const v1::CreateSanctionRequest& request);
Outcome KickAccount(CommandContext* context, const AccountRef& ref,
                    const v1::KickAccountRequest& request);
Outcome ResetProfile(CommandContext* context, const AccountRef& ref,
                     const v1::ResetProfileRequest& request);
Outcome LiftSanction(CommandContext* context, const AccountRef& ref,
                     const v1::LiftSanctionRequest& request);
Outcome UndoAction(CommandContext* context, const AccountRef& ref,
                   const v1::UndoActionRequest& request);
Outcome ReinstateSanction(CommandContext* context, const AccountRef& ref,
                          const v1::ReinstateSanctionRequest& request);
Outcome CreateNote(CommandContext* context, const AccountRef& ref,
                   const v1::CreateNoteRequest& request);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_COMMAND_CONTEXT_H_
