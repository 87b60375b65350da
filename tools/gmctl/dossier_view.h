// Who an account is: what a GM looks at before he decides.
#ifndef HALLWARDEN_TOOLS_GMCTL_DOSSIER_VIEW_H_
#define HALLWARDEN_TOOLS_GMCTL_DOSSIER_VIEW_H_

#include <string>
#include <utility>
#include <vector>

#include "hallwarden/v1/gm_service.pb.h"

#include "tools/gmctl/look.h"

namespace hallwarden::gmctl {

// Titles and what stands behind them, a line each or several.
using Pairs = std::vector<std::pair<std::string, std::string>>;

// Everything, with the commands to go on with.
[[nodiscard]] Pairs Dossier(const v1::Account& account, const Look& look);

// What a case needs of it: who it is, what stands against it, who it may belong to.
[[nodiscard]] Pairs ShortDossier(const v1::Account& account, const Look& look);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_DOSSIER_VIEW_H_
