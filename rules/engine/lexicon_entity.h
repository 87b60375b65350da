// The operator's word list, the screening of stored names behind a change of it, and how often its
// entries hit.
#ifndef HALLWARDEN_RULES_ENGINE_LEXICON_ENTITY_H_
#define HALLWARDEN_RULES_ENGINE_LEXICON_ENTITY_H_

#include <cstdint>
#include <string_view>

#include "hallwarden/v1/lexicon.pb.h"

#include "rules/engine/command_context.h"
#include "rules/engine/step.h"
#include "rules/state/lexicon_cells.h"

namespace hallwarden {

// Of an entry as evidence names it, `porn/pattern`: entries of the same category and pattern are
// counted as one.
[[nodiscard]] std::uint64_t LexiconHitKey(std::string_view matched_entry);

// Counts the entries behind a finding, each once.
void TellLexiconHits(const Step& step, const EntityKey& from, const v1::Finding& finding);
void OnLexiconHit(const Step& step, const Fact& fact);

// ABORTED if another list is in force than the one that it was made from, FAILED_PRECONDITION if
// its text is not stored.
Outcome ActivateLexicon(CommandContext* context, const v1::ActivateLexicon& request);
Outcome StartRescreen(CommandContext* context);

// The daemon's own; ignored when they are about another list than the one in force.
void OnRescreenProgress(const Step& step, const v1::RescreenProgress& progress);
// Judges a stored name again, if the account still carries it.
void OnRescreenName(const Step& step, const v1::Command& command);

void DescribeRescreen(const Rescreen& rescreen, v1::RescreenStatus* status);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_LEXICON_ENTITY_H_
