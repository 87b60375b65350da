// The name rule: from what a player wrote to a finding. It only claims; the policy decides.
#ifndef HALLWARDEN_RULES_NAME_NAME_RULE_H_
#define HALLWARDEN_RULES_NAME_NAME_RULE_H_

#include <optional>
#include <string>
#include <string_view>

#include "hallwarden/v1/common.pb.h"
#include "rules/text/name_screener.h"

namespace hallwarden {

// Reads `text`, written on `surface` (`nickname` or `signature`), and claims an offence if there is one:
// an advert is OFFENCE_ADVERTISING, everything else OFFENCE_NAME. The strongest hit gives category and
// confidence; every hit is evidence with its span in the original bytes, strongest first, at most 8.
// Account, times and ids are left to the caller.
[[nodiscard]] std::optional<v1::Finding> JudgeName(const text::NameScreener& screener,
                                                   std::string_view surface,
                                                   std::string_view text);

// True if the strongest evidence needed a disguise undone: no machine makes a ban permanent on that.
[[nodiscard]] bool Disguised(const v1::Finding& finding);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_NAME_NAME_RULE_H_
