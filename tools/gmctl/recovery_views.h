// Rows of what RecoveryService answers.
#ifndef HALLWARDEN_TOOLS_GMCTL_RECOVERY_VIEWS_H_
#define HALLWARDEN_TOOLS_GMCTL_RECOVERY_VIEWS_H_

#include "hallwarden/v1/recovery_service.pb.h"

#include "tools/gmctl/look.h"
#include "tools/gmctl/sheet.h"

namespace hallwarden::gmctl {

[[nodiscard]] Sheet FlowSheet();
void AddRow(Sheet& sheet, const v1::GoldFlow& flow, const Look& look);

[[nodiscard]] Sheet TracedSheet();
void AddRow(Sheet& sheet, const v1::TracedAccount& traced, const Look& look);

[[nodiscard]] Sheet LoginSheet();
void AddRow(Sheet& sheet, const v1::Login& login, const Look& look);

[[nodiscard]] Sheet HandSheet();
void AddRow(Sheet& sheet, const v1::HandEvent& event, const Look& look);

[[nodiscard]] Sheet ExchangeSheet();
void AddRow(Sheet& sheet, const v1::Exchange& exchange, const Look& look);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_RECOVERY_VIEWS_H_
