// The banks of pictures: what GMs see and change of them.
#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "daemon/auth/refusals.h"
#include "daemon/avatar/avatar_reader.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/shape.h"
#include "rules/avatar/hash256.h"

namespace hallwarden::daemon {
namespace {

absl::Status BadImage(int index, v1::ImageFault fault) {
  const std::string entry = std::to_string(index + 1);
  const std::string name = v1::ImageFault_Name(fault);
  return RefusalStatus(absl::StatusCode::kInvalidArgument, "BAD_IMAGE",
                       "entry " + entry + ": the image cannot be read: " + name,
                       {{"entry", entry}, {"fault", name}});
}

// Hashes the pictures of a request and drops them: what is forbidden to show is not kept either.
absl::Status HashImages(v1::AddBankEntriesRequest* request) {
  for (int i = 0; i < request->entries_size(); ++i) {
    v1::BankEntry& entry = *request->mutable_entries(i);
    if (entry.image().empty()) continue;
    const v1::AvatarReading reading = ReadAvatar(entry.image());
    if (reading.fault() != v1::IMAGE_FAULT_UNSPECIFIED) return BadImage(i, reading.fault());
    entry.clear_image();
    entry.set_pdq_hash(reading.pdq_hashes().substr(0, avatar::Hash256::kBytes));
    // 0 would say that nobody knows it.
    entry.set_pdq_quality(std::max(reading.pdq_quality(), 1));
  }
  return absl::OkStatus();
}

}  // namespace

void Desk::ListBankEntries(const Call& /*call*/, const v1::ListBankEntriesRequest& request,
                           v1::ListBankEntriesResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return done(page.status());
  Engine::BankFilter filter;
  filter.bank = request.bank();
  filter.kind = request.kind();
  filter.most = page->limit;
  std::uint32_t from = 0;
  if (!page->place.empty() && !absl::SimpleAtoi(page->place, &from)) {
    return done(InvalidField("page_token", "as the answer before gave it"));
  }
  filter.from = from;
  core_->LookAtBanks(
      filter, WithGlance(done, [&request, response, done](const Glance& seen) {
        for (const v1::BankEntry& entry : seen.banks.entries)
          *response->add_entries() = entry;
        response->set_total_size(static_cast<std::int32_t>(seen.banks.total));
        if (seen.banks.next.has_value()) {
          response->set_next_page_token(NextPage(request, std::to_string(*seen.banks.next)));
        }
        done(absl::OkStatus());
      }));
}

void Desk::AddBankEntries(const Call& call, const v1::AddBankEntriesRequest& request,
                          v1::ActionResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, ResourceOf(request));
  *action->command.mutable_add_bank_entries() = request;
  const auto finish = Answers(response, done);
  if (absl::Status status = HashImages(action->command.mutable_add_bank_entries()); !status.ok()) {
    return Refuse(action, status, finish);
  }
  Act(action, finish);
}

void Desk::RemoveBankEntries(const Call& call, const v1::RemoveBankEntriesRequest& request,
                             v1::ActionResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, ResourceOf(request));
  *action->command.mutable_remove_bank_entries() = request;
  Act(action, Answers(response, done));
}

void Desk::TestBanks(const Call& /*call*/, const v1::TestBanksRequest& request,
                     v1::TestBanksResponse* response, const Done& done) {
  v1::AvatarChanged avatar;
  if (request.has_image()) {
    *avatar.mutable_reading() = ReadAvatar(request.image());
  } else {
    avatar.set_pdq_hash(request.pdq_hash());
    avatar.set_pdq_quality(100);
  }
  core_->LookAtAvatar(avatar, WithGlance(done, [response, done](const Glance& seen) {
                        *response = seen.tested;
                        done(absl::OkStatus());
                      }));
}

}  // namespace hallwarden::daemon
