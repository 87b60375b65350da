// The one-screen dossier, as far as the rules know it. Internal to rules/engine.
#ifndef HALLWARDEN_RULES_ENGINE_DOSSIER_H_
#define HALLWARDEN_RULES_ENGINE_DOSSIER_H_

#include "rules/engine/step.h"

namespace hallwarden {

// `policy` may be null: then there are no standings.
[[nodiscard]] v1::Account MakeDossier(const AccountRef& ref, const policy::CompiledPolicy* policy,
                                      Cells* cells, std::int64_t now_us);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_DOSSIER_H_
