// A game server as an entity: how much machines may do on its word, and its quarantine. Internal to
// rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_SERVER_ENTITY_H_
#define HALLWARDEN_RULES_ENGINE_SERVER_ENTITY_H_

#include <cstdint>
#include <string_view>

#include "hallwarden/v1/gm_service.pb.h"

#include "rules/engine/command_context.h"
#include "rules/engine/step.h"

namespace hallwarden {

// `servers/gs1` -> `gs1`.
[[nodiscard]] std::string_view ServerName(std::string_view resource);

// May a machine act once more on what this server said? The one that is too many trips the breaker.
void OnServerAsk(const Step& step, const Fact& fact);

// Commands, each about one server.
Outcome RetireServer(CommandContext* context, const v1::RetireServerRequest& request);
Outcome QuarantineServer(CommandContext* context, const v1::QuarantineServerRequest& request);
Outcome ReleaseServer(CommandContext* context, const v1::ReleaseServerRequest& request);

// Fills what the cell knows at `now_us`.
void DescribeServer(const ServerCell& cell, std::int64_t now_us, v1::Server* server);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_SERVER_ENTITY_H_
