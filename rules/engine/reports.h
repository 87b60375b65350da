// What players report about each other, and what comes of it. Internal to rules/engine.
//
// A report is a hint, never evidence: it moves a case forward, or opens one for people, and makes
// no machine act. The reporter's own cell says how often and how well he reports, the cell of the
// reported one whether it can be at all.
#ifndef HALLWARDEN_RULES_ENGINE_REPORTS_H_
#define HALLWARDEN_RULES_ENGINE_REPORTS_H_

#include "rules/engine/cases.h"
#include "rules/engine/event_view.h"

namespace hallwarden {

// The account of the event reports somebody.
void OnPlayerReported(const Step& step, const AccountRef& ref, const EventView& event);

// account -> account: somebody reported you.
void OnReported(const Step& step, const Fact& fact);

// account -> account: what became of what you reported.
void OnReportOutcome(const Step& step, const Fact& fact);

// Tells everybody who reported the case how it ended.
void TellReporters(const Step& step, const AccountRef& ref, const CaseRef& found,
                   v1::CaseVerdict verdict);

// Counts a report towards the case's place. The first few are remembered, to be told the outcome.
void CountReport(const v1::CaseReport& report, DeskCase* desk);

// How much a reporter's word weighs, in thousandths: right ones among all that were decided, as if
// he had been right once and wrong once before. 500 for who never reported.
[[nodiscard]] std::uint32_t ReliabilityMilli(const ReporterMark& mark);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_REPORTS_H_
