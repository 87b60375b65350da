// Lists, page by page, up to what was asked for.
#ifndef HALLWARDEN_TOOLS_GMCTL_COMMANDS_LISTS_H_
#define HALLWARDEN_TOOLS_GMCTL_COMMANDS_LISTS_H_

#include <algorithm>
#include <limits>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "tools/gmctl/context.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {

// Rows to show: --limit, --all, or 50.
[[nodiscard]] absl::StatusOr<int> ReadLimit(Context& context);

// A whole number from a flag, between `least` and `most`; `otherwise` when it was not given.
[[nodiscard]] absl::StatusOr<int> ReadCount(Context& context, std::string_view flag, int least,
                                            int most, int otherwise);

// One thing: pairs for people, a row or an object for programs.
[[nodiscard]] absl::Status PrintOne(Context& context, Sheet sheet);

// Fetches pages with `call`, a member of Client, adds a row for each of `items(response)`, prints.
template <typename Request, typename Response, typename Items>
absl::Status PrintPages(Context& context, Sheet sheet, Request request,
                        absl::StatusOr<Response> (Client::*call)(const Request&),
                        const Items& items) {
  constexpr int kLargestPage = 1000;
  const absl::StatusOr<int> limit = ReadLimit(context);
  if (!limit.ok()) return limit.status();
  const absl::StatusOr<Client*> daemon = context.Daemon();
  if (!daemon.ok()) return daemon.status();
  int left = *limit;
  bool more = true;
  while (left > 0 && more) {
    request.set_page_size(std::min(left, kLargestPage));
    const absl::StatusOr<Response> page = ((*daemon)->*call)(request);
    if (!page.ok()) return page.status();
    for (const auto& item : items(*page)) {
      if (left > 0) AddRow(sheet, item, context.look());
      left -= left > 0 ? 1 : 0;
    }
    more = !page->next_page_token().empty();
    request.set_page_token(page->next_page_token());
  }
  HW_RETURN_IF_ERROR(context.Print(sheet));
  if (context.for_people() && sheet.rows.empty()) context.Talk(context.Text("msg.none"));
  if (more) {
    context.Talk(context.Text("msg.more", {{"count", std::to_string(sheet.rows.size())}}));
  }
  return absl::OkStatus();
}

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_COMMANDS_LISTS_H_
