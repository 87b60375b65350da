// Why a sanction is what it is, step by step, in both languages.
#ifndef HALLWARDEN_DAEMON_DESK_EXPLAIN_H_
#define HALLWARDEN_DAEMON_DESK_EXPLAIN_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/sanction.pb.h"

namespace hallwarden::daemon {

struct ExplainOptions {
  // Offset of local times, from the policy.
  std::int64_t utc_offset_us = 0;
  // Whether the player's words may be quoted.
  bool quote = false;
};

// From what was seen, over the ladder, to what became of it. Everything comes from the sanction
// itself, as it was stored when it was imposed, so that it can be explained years later under
// another policy.
[[nodiscard]] std::vector<v1::LocalizedText> Explain(
    const v1::Sanction& sanction, const std::vector<v1::DirectiveStatus>& directives,
    const ExplainOptions& options);

// The bytes of `text` from `begin` to before `end` as valid UTF-8: what is none becomes `?`, and so
// do control characters. Ends outside of the text are moved inside. At most 200 bytes.
[[nodiscard]] std::string QuotedSpan(std::string_view text, std::int32_t begin, std::int32_t end);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_EXPLAIN_H_
