// The desk's report as sheets, and as one HTML page.
#ifndef HALLWARDEN_TOOLS_GMCTL_REPORT_VIEWS_H_
#define HALLWARDEN_TOOLS_GMCTL_REPORT_VIEWS_H_

#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/stats_service.pb.h"

#include "tools/gmctl/look.h"
#include "tools/gmctl/sheet.h"

namespace hallwarden::gmctl {

// A part of the report.
struct ReportPart {
  std::string_view title;  // key of the catalogue
  Sheet sheet;             // without rows: there is nothing to say
};

// In the order in which a lead reads it: cases, what to look at, people, rules, complaints,
// partners.
[[nodiscard]] std::vector<ReportPart> ReportParts(const v1::DeskReport& report, const Look& look);

// What the figures leave out, one sentence each; empty: nothing.
[[nodiscard]] std::vector<std::string> ReportCaveats(const v1::DeskReport& report,
                                                     const Look& look);

// Self-contained: no script, nothing loaded from anywhere, readable in print and on a phone.
[[nodiscard]] std::string ReportPage(const v1::DeskReport& report, const Look& look);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_REPORT_VIEWS_H_
