// Appeals as people read them: rows of lists, and one with all that is needed to decide it.
#ifndef HALLWARDEN_TOOLS_GMCTL_APPEAL_VIEWS_H_
#define HALLWARDEN_TOOLS_GMCTL_APPEAL_VIEWS_H_

#include "hallwarden/v1/appeal_service.pb.h"

#include "tools/gmctl/dossier_view.h"
#include "tools/gmctl/look.h"
#include "tools/gmctl/sheet.h"

namespace hallwarden::gmctl {

[[nodiscard]] Sheet AppealSheet();
void AddRow(Sheet& sheet, const v1::AppealItem& item, const Look& look);
[[nodiscard]] Sheet ReplySheet();
void AddRow(Sheet& sheet, const v1::CannedReply& reply, const Look& look);

// What he says, whom it is about, what was imposed and why, what was said, what the handbook
// recommends, and the command to go on with.
[[nodiscard]] Pairs DescribeAppeal(const v1::AppealView& view, const Look& look);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_APPEAL_VIEWS_H_
