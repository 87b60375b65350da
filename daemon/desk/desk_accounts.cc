// Dossier, search and timeline.
#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "daemon/auth/access_table.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/page_token.h"
#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "google/protobuf/util/time_util.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::util::TimeUtil;

constexpr std::size_t kNotesShown = 5;
// Sanctions of an account whose directives are looked at.
constexpr std::size_t kSanctionsLookedAt = 20;

// Place of a posting in the one order.
using Place = std::pair<std::uint64_t, std::uint32_t>;
constexpr Place kNewest = {std::numeric_limits<std::uint64_t>::max(), 0};

Place PlaceOf(const storage::StoredPosting& posting) {
  return {posting.position, posting.ordinal};
}

// Where a page of the timeline goes on: `t{position}-{ordinal}` below that line, wherever it is
// kept by then; `s{page}` at that page of the checkpointed lines, all of them below the tail that
// was shown.
struct TimelinePlace {
  Place below = kNewest;
  std::optional<std::string> store_page;
};

absl::StatusOr<TimelinePlace> ReadPlace(const std::string& text) {
  TimelinePlace place;
  if (text.empty()) return place;
  if (text.front() == 's') {
    place.store_page = text.substr(1);
    return place;
  }
  const std::optional<Place> below = ParsePlace(std::string_view(text).substr(1));
  if (text.front() != 't' || !below.has_value()) {
    return RefusalStatus(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN",
                         "page_token is not of this list");
  }
  place.below = *below;
  return place;
}

}  // namespace

// ---- dossier
// ----------------------------------------------------------------------------------------

void Desk::GetAccount(const Call& /*call*/, const v1::GetAccountRequest& request,
                      v1::Account* response, const Done& done) {
  core_->LookAtAccount(
      *IdOf(request.name(), "accounts/"),
      WithGlance(done, [this, name = request.name(), response, done](const Glance& seen) {
        if (seen.accounts.empty()) {
          done(NoSuch(name));
          return;
        }
        done(FinishAccount(seen.accounts.front(), seen.policy, response));
      }));
}

void Desk::SearchAccounts(const Call& /*call*/, const v1::SearchAccountsRequest& request,
                          v1::SearchAccountsResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) {
    done(page.status());
    return;
  }
  // One more than asked for tells whether there is a next page.
  core_->LookAtNamesakes(
      request.nickname(), page->place, page->limit + 1,
      WithGlance(done, [this, &request, limit = page->limit, response, done](const Glance& seen) {
        absl::Status status;
        const std::size_t shown = std::min(limit, seen.accounts.size());
        for (std::size_t i = 0; i < shown && status.ok(); ++i) {
          status = FinishAccount(seen.accounts[i], seen.policy, response->add_accounts());
        }
        if (shown < seen.accounts.size()) {
          response->set_next_page_token(
              NextPage(request, seen.accounts[shown - 1].account.account()));
        }
        done(status);
      }));
}

// Adds to what the engine knows: words, addresses, notes, and what no server enforced. Words whose
// record was dropped stay empty: a dossier without a name is still a dossier.
absl::Status Desk::FinishAccount(const LiveAccount& live, const PolicyPtr& policy,
                                 v1::Account* account) {
  *account = live.account;
  const auto read = [this](std::uint64_t position) -> absl::StatusOr<v1::HallEvent> {
    if (position == 0) return v1::HallEvent();
    absl::StatusOr<v1::HallEvent> event = ReadEvent(store_, position);
    return absl::IsNotFound(event.status()) ? v1::HallEvent() : event;
  };
  const auto registered = read(live.words.registration);
  const auto nickname = read(live.words.nickname);
  const auto signature = read(live.words.signature);
  for (const absl::Status& status : {registered.status(), nickname.status(), signature.status()}) {
    if (!status.ok()) return status;
  }
  account->set_register_ip(registered->registered().ip());
  account->set_register_device(registered->registered().device());
  account->set_nickname(NicknameIn(*nickname));
  account->set_signature(SignatureIn(*signature));

  auto notes = store_->ListNotes(account->account(), kNotesShown, {});
  if (!notes.ok()) return notes.status();
  for (v1::Note& note : notes->items)
    *account->add_notes() = std::move(note);

  const std::int64_t late_us = policy == nullptr ? 0 : policy->timing().unenforced_after_us;
  const std::int64_t decided_before_us = core_->NowUs() - late_us;
  auto sanctions = store_->ListSanctions(account->account(), kSanctionsLookedAt, {});
  if (!sanctions.ok()) return sanctions.status();
  std::int32_t unenforced = 0;
  for (const v1::Sanction& sanction : sanctions->items) {
    const auto directives = store_->DirectivesOf(sanction.name());
    if (!directives.ok()) return directives.status();
    unenforced += static_cast<std::int32_t>(std::count_if(
        directives->begin(), directives->end(), [&](const v1::DirectiveStatus& directive) {
          return directive.outcome() == v1::DIRECTIVE_OUTCOME_UNSPECIFIED &&
                 Micros(directive.create_time()) < decided_before_us;
        }));
  }
  account->set_unenforced_directives(unenforced);
  return absl::OkStatus();
}

// ---- timeline
// ---------------------------------------------------------------------------------------

v1::TimelineEntry EntryOf(const storage::StoredPosting& stored, std::string words) {
  const Posting& posting = stored.posting;
  v1::TimelineEntry entry;
  *entry.mutable_create_time() = TimeUtil::MicrosecondsToTimestamp(stored.commit_us);
  if (posting.event_us != 0) {
    *entry.mutable_event_time() = TimeUtil::MicrosecondsToTimestamp(posting.event_us);
  }
  entry.set_kind(posting.kind);
  *entry.mutable_summary() = wording::SayPosting(posting);
  if (posting.resource.find('/') != std::string::npos) entry.set_resource(posting.resource);
  if (!posting.principal.empty()) entry.mutable_actor()->set_principal(posting.principal);
  entry.set_text(std::move(words));
  entry.set_journal_position(static_cast<std::int64_t>(stored.position));
  return entry;
}

std::string WordsOf(storage::Store* store, const storage::StoredPosting& posting, v1::Role role) {
  const auto detail = static_cast<PostingDetail>(posting.posting.detail);
  const bool nickname =
      detail == PostingDetail::kNicknameSet || detail == PostingDetail::kNicknameReset;
  const bool signature = detail == PostingDetail::kSignatureSet;
  if (!MaySeeText(role) || (!nickname && !signature)) return {};
  const absl::StatusOr<v1::HallEvent> event = ReadEvent(store, posting.position);
  if (!event.ok()) return {};
  return nickname ? NicknameIn(*event) : SignatureIn(*event);
}

void Desk::ListTimeline(const Call& call, const v1::ListTimelineRequest& request,
                        v1::ListTimelineResponse* response, const Done& done) {
  const absl::StatusOr<std::string> next = TimelinePage(request, call.principal.role, response);
  if (next.ok()) response->set_next_page_token(NextPage(request, *next));
  done(next.status());
}

absl::StatusOr<std::string> Desk::TimelinePage(const v1::ListTimelineRequest& request,
                                               v1::Role role, v1::ListTimelineResponse* response) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return page.status();
  const std::string account = *IdOf(request.parent(), "accounts/");
  const std::int64_t since_us = request.has_since_time() ? Micros(request.since_time()) : 0;
  const KindFilter filter(request.kinds(), {v1::TIMELINE_KIND_SESSION, v1::TIMELINE_KIND_PLAY});
  return HistoryPage(account, since_us, *page, [&](const storage::StoredPosting& posting) {
    if (!filter.Passes(posting.posting.kind)) return false;
    *response->add_entries() = EntryOf(posting, WordsOf(store_, posting, role));
    return true;
  });
}

// The tail is read before the store: a checkpoint between the two then shows lines twice, and what
// is not below the last one shown is left out. The other way round it would hide them.
absl::StatusOr<std::string> Desk::HistoryPage(const std::string& account, std::int64_t since_us,
                                              const PageSpec& page, const AddPosting& add) {
  absl::StatusOr<TimelinePlace> place = ReadPlace(page.place);
  if (!place.ok()) return place.status();
  std::size_t shown = 0;
  if (!place->store_page.has_value()) {
    std::vector<storage::StoredPosting> tail = core_->Tail(account, since_us);
    std::reverse(tail.begin(), tail.end());
    for (const storage::StoredPosting& posting : tail) {
      if (PlaceOf(posting) >= place->below) continue;
      if (shown == page.limit) return "t" + PlaceText(place->below);
      place->below = PlaceOf(posting);
      if (add(posting)) ++shown;
    }
  }
  if (shown == page.limit) return "t" + PlaceText(place->below);
  absl::StatusOr<std::string> next = Collect(
      {page.limit - shown, place->store_page.value_or("")},
      [&](std::size_t limit, const std::string& store_page) {
        return store_->ListPostings(account, since_us, limit, store_page);
      },
      [&](const storage::StoredPosting& posting) {
        return PlaceOf(posting) < place->below && add(posting);
      });
  if (!next.ok() || next->empty()) return next;
  return "s" + *next;
}

}  // namespace hallwarden::daemon
