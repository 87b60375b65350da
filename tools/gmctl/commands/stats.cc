// stats: what the desk did.
#include <string>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/report_views.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::string_view kSinceDefault = "24h";

absl::Status ReadSpan(Context& context, v1::GetDeskReportRequest* request) {
  const auto read = [&](std::string_view text, google::protobuf::Timestamp* time) -> absl::Status {
    const auto moment = ParseSince(text, context.manner().zone, context.look().now());
    if (!moment.ok()) return moment.status();
    ToProto(*moment, *time);
    return absl::OkStatus();
  };
  const std::string_view since =
      context.args().Has("since") ? std::string_view(context.args().Get("since")) : kSinceDefault;
  HW_RETURN_IF_ERROR(read(since, request->mutable_since_time()));
  if (!context.args().Has("until")) return absl::OkStatus();
  return read(context.args().Get("until"), request->mutable_until_time());
}

absl::Status PrintForPeople(Context& context, const v1::DeskReport& report) {
  const Look& look = context.look();
  context.Out(context.Text("report.span", {{"since", look.Moment(report.since_time())},
                                           {"until", look.Moment(report.until_time())}}) +
              "\n");
  for (const ReportPart& part : ReportParts(report, look)) {
    if (part.sheet.rows.empty()) continue;
    context.Out("\n" + context.Text(part.title) + "\n");
    HW_RETURN_IF_ERROR(context.Print(part.sheet));
  }
  for (const std::string& caveat : ReportCaveats(report, look))
    context.Talk(caveat);
  return absl::OkStatus();
}

}  // namespace

absl::Status CommandStats(Context& context) {
  v1::GetDeskReportRequest request;
  HW_RETURN_IF_ERROR(ReadSpan(context, &request));
  const std::string& path = context.args().Get("html");
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  const absl::StatusOr<v1::DeskReport> report = (*daemon)->GetDeskReport(request);
  if (!report.ok()) return report.status();
  if (!path.empty()) {
    HW_RETURN_IF_ERROR(
        WritePrivateFile(path, ReportPage(*report, context.look()), Durability::kOnDisk));
    context.Talk(context.Text("msg.report_saved", {{"path", path}}));
    return absl::OkStatus();
  }
  if (context.for_people()) return PrintForPeople(context, *report);
  Sheet sheet;
  sheet.single = true;
  sheet.columns = {
      {.key = "opened"}, {.key = "closed"}, {.key = "waiting_now"}, {.key = "overdue"}};
  const v1::CaseFigures& total = report->total();
  sheet.rows.push_back(Row{.cells = {SameCell(std::to_string(total.opened_count())),
                                     SameCell(std::to_string(total.closed_count())),
                                     SameCell(std::to_string(total.open_now_count())),
                                     SameCell(std::to_string(total.overdue_count()))},
                           .value = Value::FromMessage(*report, context.look().zone()),
                           .name = ""});
  return context.Print(sheet);
}

}  // namespace hallwarden::gmctl
