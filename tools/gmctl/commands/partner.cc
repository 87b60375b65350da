// partner import|ls
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/commands/lists.h"
#include "tools/gmctl/files.h"
#include "tools/gmctl/order.h"
#include "tools/gmctl/partner_file.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kLargestFileBytes = 64UL * 1024 * 1024;
constexpr std::size_t kRowsInCall = 1000;

struct Sums {
  int imported = 0;
  int changed = 0;
};

// `<base>-0001`: the same file under the same base gives the same ids.
std::string ChunkId(const std::string& base, std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return Cat({base, "-", digits});
}

class Import {
 public:
  Import(Context& context, Client& daemon, std::vector<v1::PartnerSpan> spans, std::string base)
      : context_(context), daemon_(daemon), spans_(std::move(spans)), base_(std::move(base)) {}

  [[nodiscard]] std::size_t chunks() const {
    return (spans_.size() + kRowsInCall - 1) / kRowsInCall;
  }
  [[nodiscard]] std::size_t done() const { return done_; }
  [[nodiscard]] const Sums& sums() const { return sums_; }

  // Sends all chunks in order and stops at the first error.
  absl::Status SendAll(bool validate_only, const std::string& reason) {
    sums_ = Sums{};
    for (done_ = 0; done_ < chunks(); ++done_) {
      v1::ImportPartnersRequest request;
      const std::size_t begin = done_ * kRowsInCall;
      const std::size_t end = std::min(spans_.size(), begin + kRowsInCall);
      for (std::size_t i = begin; i < end; ++i)
        *request.add_spans() = spans_[i];
      v1::ActionOptions& options = *request.mutable_options();
      const std::string id = ChunkId(base_, done_ + 1);
      options.set_request_id(validate_only ? id + "-plan" : id);
      options.set_validate_only(validate_only);
      options.set_reason(reason);
      if (!validate_only) HW_RETURN_IF_ERROR(Keep(request));
      const auto answer = daemon_.ImportPartners(request);
      if (!answer.ok()) return answer.status();
      sums_.imported += answer->imported_count();
      sums_.changed += answer->changed_count();
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Keep(const v1::ImportPartnersRequest& request) {
    // The file has the rows; what must not get lost is the id.
    return context_.state().KeepOrder(request.options().request_id(),
                                      SentOrder{.server = context_.server(),
                                                .method = "ImportPartners",
                                                .body = "",
                                                .options = request.options().SerializeAsString()});
  }

  Context& context_;
  Client& daemon_;
  std::vector<v1::PartnerSpan> spans_;
  std::string base_;
  std::size_t done_ = 0;
  Sums sums_;
};

MessageArgs SumArgs(const Import& import) {
  return {{"rows", std::to_string(import.sums().imported)},
          {"changed", std::to_string(import.sums().changed)},
          {"done", std::to_string(import.done())},
          {"chunks", std::to_string(import.chunks())}};
}

absl::Status ReportFaults(Context& context, const PartnerFile& file) {
  constexpr std::size_t kShown = 20;
  for (std::size_t i = 0; i < file.faults.size() && i < kShown; ++i) {
    const PartnerFault& fault = file.faults[i];
    context.Talk(Cat({Guard(context.args().At(0)), ":", std::to_string(fault.line), ": ",
                      context.Text(fault.key, fault.args)}));
  }
  return UsageProblem("err.partner.faults", {{"path", context.args().At(0)},
                                             {"count", std::to_string(file.faults.size())}});
}

absl::Status ReportSums(Context& context, const Import& import, std::string_view key) {
  if (context.for_people()) {
    context.Out(context.Text(key, SumArgs(import)) + "\n");
    return absl::OkStatus();
  }
  Sheet sheet;
  sheet.single = true;
  sheet.columns = {{.key = "imported"}, {.key = "changed"}};
  Value::Object object = {{"imported", Value(std::int64_t{import.sums().imported})},
                          {"changed", Value(std::int64_t{import.sums().changed})}};
  sheet.rows.push_back(Row{.cells = {SameCell(std::to_string(import.sums().imported)),
                                     SameCell(std::to_string(import.sums().changed))},
                           .value = Value(std::move(object)),
                           .name = "partners"});
  return context.Print(sheet);
}

}  // namespace

absl::Status CommandPartnerImport(Context& context) {
  const std::string& path = context.args().At(0);
  const absl::StatusOr<std::string> text = path == "-"
                                               ? context.world().console.ReadAll(kLargestFileBytes)
                                               : ReadFile(path, kLargestFileBytes);
  if (!text.ok()) return text.status();
  PartnerFile file = ReadPartnerFile(*text, context.manner().zone);
  if (!file.faults.empty()) return ReportFaults(context, file);
  if (file.spans.empty()) return UsageProblem("err.partner.empty", {{"path", path}});
  const absl::StatusOr<std::string> base = RequestIdBase(context);
  if (!base.ok()) return base.status();
  std::string reason = context.args().Get("reason");
  if (!context.args().Has("dry-run")) {
    const absl::StatusOr<std::string> read = ReadReason(context);
    if (!read.ok()) return read.status();
    reason = *read;
  }
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  Import import(context, **daemon, std::move(file.spans), *base);
  HW_RETURN_IF_ERROR(import.SendAll(true, reason));
  if (context.args().Has("dry-run")) {
    HW_RETURN_IF_ERROR(ReportSums(context, import, "msg.partner_plan"));
    return import.sums().changed > 0 ? QuietExit(ExitCode::kWouldChange) : absl::OkStatus();
  }
  context.Talk(context.Text("msg.partner_plan", SumArgs(import)));
  HW_RETURN_IF_ERROR(Confirm(context, 1, path));
  (*daemon)->set_patience((*daemon)->timeout());
  absl::Status sent = import.SendAll(false, reason);
  if (!sent.ok()) {
    if (import.done() == 0) return AdviseRetry(context, std::move(sent), *base);
    context.Talk(context.Text("msg.partner_partial", SumArgs(import)));
    return Problem(ExitCode::kPartial, "err.partner.partial", {{"id", *base}, {"path", path}});
  }
  return ReportSums(context, import, "msg.partner_done");
}

absl::Status CommandPartnerList(Context& context) {
  v1::ListPartnersRequest request;
  request.set_channel(context.args().Get("channel"));
  return PrintPages(
      context, PartnerSheet(), request, &Client::ListPartners,
      [](const auto& page) -> const auto& { return page.spans(); });
}

}  // namespace hallwarden::gmctl
