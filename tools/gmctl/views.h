// Rows of the things that lists show.
#ifndef HALLWARDEN_TOOLS_GMCTL_VIEWS_H_
#define HALLWARDEN_TOOLS_GMCTL_VIEWS_H_

#include <string>
#include <string_view>

#include "hallwarden/v1/audit.pb.h"
#include "hallwarden/v1/bank_service.pb.h"
#include "hallwarden/v1/case_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/policy.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "tools/gmctl/look.h"
#include "tools/gmctl/sheet.h"

namespace hallwarden::gmctl {

// `sn_7K2M` of `sanctions/sn_7K2M`.
[[nodiscard]] std::string ShortId(std::string_view resource);

// `gm-li`, or the word for the machine.
[[nodiscard]] std::string ActorWord(const v1::Actor& actor, const Look& look);

// `ban login 7d`, `warning`, `mute for ever`: what a sanction does, in a few words.
[[nodiscard]] std::string EffectWords(const v1::Sanction& sanction, const Look& look);
// `until Tue ... (6d 21h left)`, `for ever`, `from the end of the hand`, or the state.
[[nodiscard]] std::string TermWords(const v1::Sanction& sanction, const Look& look);

// A column shows nothing for what is missing, and a moment otherwise.
[[nodiscard]] Cell MomentCell(bool known, const google::protobuf::Timestamp& time,
                              const Look& look);

// Columns first, then one row for each thing.
[[nodiscard]] Sheet AccountSheet();
void AddRow(Sheet& sheet, const v1::Account& account, const Look& look);
[[nodiscard]] Sheet SanctionSheet();
void AddRow(Sheet& sheet, const v1::Sanction& sanction, const Look& look);
[[nodiscard]] Sheet CaseSheet();
void AddRow(Sheet& sheet, const v1::Case& item, const Look& look);
[[nodiscard]] Sheet QueueSheet();
void AddRow(Sheet& sheet, const v1::QueueItem& item, const Look& look);
[[nodiscard]] Sheet CaseLogSheet();
void AddRow(Sheet& sheet, const v1::CaseLogEntry& entry, const Look& look);
[[nodiscard]] Sheet TimelineSheet();
void AddRow(Sheet& sheet, const v1::TimelineEntry& entry, const Look& look);
[[nodiscard]] Sheet TailSheet();
void AddRow(Sheet& sheet, const v1::TailResponse& entry, const Look& look);
[[nodiscard]] Sheet PolicySheet();
void AddRow(Sheet& sheet, const v1::GetPolicyResponse& policy, const Look& look);
[[nodiscard]] Sheet DiagnosticSheet();
void AddRow(Sheet& sheet, const v1::Diagnostic& diagnostic, const Look& look);
[[nodiscard]] Sheet PartnerSheet();
void AddRow(Sheet& sheet, const v1::PartnerSpan& span, const Look& look);
[[nodiscard]] Sheet BankSheet();
void AddRow(Sheet& sheet, const v1::BankEntry& entry, const Look& look);
[[nodiscard]] Sheet BankTestSheet();
void AddRow(Sheet& sheet, const v1::TestBanksResponse& answer, const Look& look);
[[nodiscard]] Sheet BankMatchSheet();
void AddRow(Sheet& sheet, const v1::BankMatch& match, const Look& look);
[[nodiscard]] Sheet TokenSheet();
void AddRow(Sheet& sheet, const v1::Token& token, const Look& look);
[[nodiscard]] Sheet ServerSheet();
void AddRow(Sheet& sheet, const v1::Server& server, const Look& look);
// All of one server.
[[nodiscard]] Sheet ServerDetailSheet(const v1::Server& server, const Look& look);
[[nodiscard]] Sheet CausedSheet();
void AddRow(Sheet& sheet, const v1::Caused& caused, const Look& look);
[[nodiscard]] Sheet RuleSheet();
void AddRow(Sheet& sheet, const v1::RuleStatus& rule, const Look& look);
[[nodiscard]] Sheet AuditSheet();
void AddRow(Sheet& sheet, const v1::AuditRecord& record, const Look& look);
[[nodiscard]] Sheet PlanSheet();
void AddRow(Sheet& sheet, const v1::PlanLine& line, const Look& look);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_VIEWS_H_
