// What is gone, and where it went.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/gold_trace.h"
#include "daemon/desk/journal_walk.h"
#include "daemon/desk/login_history.h"
#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "rules/engine/posting_detail.h"
#include "rules/engine/step.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

constexpr int kDepthDefault = 3;
constexpr std::int64_t kDeadlineDefaultUs = 10 * kSecondUs;
constexpr std::int64_t kDeadlineMostUs = 60 * kSecondUs;
constexpr std::int64_t kMicrosPerMilli = 1'000;
// Logins of one traced account that are looked at for its addresses.
constexpr std::size_t kLoginsLookedAt = 100;
// Traced accounts whose addresses are shown: each costs some reads.
constexpr int kOriginsShown = 100;
// Records shown of one hand: 16 seats of a long game, and what was said.
constexpr int kHandEventsMax = 2'000;
// Around a known record of a hand: nothing is told of a hand for longer than this.
constexpr std::int64_t kHandBeforeUs = 2 * 60 * 60 * kSecondUs;
constexpr std::int64_t kHandAfterUs = 30 * 60 * kSecondUs;
constexpr int kExchangesShown = 100;
constexpr std::int64_t kExchangeDays = 30;
constexpr std::int64_t kNewAccountUs = 7 * kDayUs;

std::chrono::milliseconds Deadline(std::int64_t us) {
  return std::chrono::milliseconds(us / kMicrosPerMilli);
}

std::int64_t UntilOf(bool given, const google::protobuf::Timestamp& time) {
  return given ? Micros(time) : INT64_MAX;
}

}  // namespace

// ---- logins
// ------------------------------------------------------------------------------------------

absl::StatusOr<std::string> Desk::LoginPage(const std::string& account, std::int64_t since_us,
                                            const PageSpec& page,
                                            v1::ListLoginsResponse* response) {
  absl::Status failed;
  // One more than is shown, to know what came before the last one.
  v1::Login before;
  const auto take = [&](const storage::StoredPosting& posting) {
    const auto detail = static_cast<PostingDetail>(posting.posting.detail);
    const bool registered = detail == PostingDetail::kRegistered;
    if (!failed.ok() || (detail != PostingDetail::kLoggedIn && !registered)) return false;
    absl::StatusOr<v1::Login> login = LoginAt(store_, posting);
    if (!login.ok()) {
      failed = login.status();
      return false;
    }
    if (registered) *response->mutable_registration() = *login;
    *response->add_logins() = *std::move(login);
    return true;
  };
  absl::StatusOr<std::string> next = HistoryPage(account, since_us, page, take);
  if (!failed.ok()) return failed;
  if (!next.ok()) return next;
  if (!next->empty()) {
    v1::ListLoginsResponse older;
    const auto take_one = [&](const storage::StoredPosting& posting) {
      const auto detail = static_cast<PostingDetail>(posting.posting.detail);
      if (detail != PostingDetail::kLoggedIn && detail != PostingDetail::kRegistered) return false;
      const absl::StatusOr<v1::Login> login = LoginAt(store_, posting);
      if (login.ok()) before = *login;
      return true;
    };
    if (auto more = HistoryPage(account, 0, {1, *next}, take_one); !more.ok()) return more;
  }
  MarkLogins(response->registration(), before, response->mutable_logins());
  return next;
}

void Desk::ListLogins(const Call& /*call*/, const v1::ListLoginsRequest& request,
                      v1::ListLoginsResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return done(page.status());
  const std::string account = *IdOf(request.parent(), "accounts/");
  core_->LookAtAccount(
      account,
      WithGlance(done, [this, &request, response, done, account, page = *page](const Glance& seen) {
        if (seen.accounts.empty()) return done(NoSuch(request.parent()));
        // The registration is older than any page of logins: the dossier knows where it stands.
        v1::Login registration;
        if (const std::uint64_t at = seen.accounts.front().words.registration; at != 0) {
          storage::StoredPosting posting;
          posting.position = at;
          posting.commit_us = Micros(seen.accounts.front().account.register_time());
          absl::StatusOr<v1::Login> login = LoginAt(store_, posting);
          if (!login.ok()) return done(login.status());
          registration = *std::move(login);
        }
        *response->mutable_registration() = registration;
        const std::int64_t since_us = request.has_since_time() ? Micros(request.since_time()) : 0;
        const absl::StatusOr<std::string> next = LoginPage(account, since_us, page, response);
        if (!next.ok()) return done(next.status());
        response->set_next_page_token(NextPage(request, *next));
        done(absl::OkStatus());
      }));
}

// ---- gold
// --------------------------------------------------------------------------------------------

// Registration, last login and what is shared with the account that was asked for, which is the
// first one.
absl::Status Desk::AddOrigins(std::int64_t since_us, v1::TraceGoldResponse* response) {
  std::set<std::string> devices;
  std::set<std::string> addresses;
  const int most = std::min(response->accounts_size(), kOriginsShown);
  for (int i = 0; i < most; ++i) {
    v1::TracedAccount& traced = *response->mutable_accounts(i);
    v1::ListLoginsResponse logins;
    // From the registration on, so that it is found; the logins of the time are the newest.
    const absl::StatusOr<std::string> next =
        LoginPage(traced.account(), 0, {kLoginsLookedAt, ""}, &logins);
    if (!next.ok()) return next.status();
    traced.set_register_ip(logins.registration().ip());
    traced.set_register_device(logins.registration().device());
    if (!logins.logins().empty()) {
      traced.set_last_ip(logins.logins(0).ip());
      traced.set_last_device(logins.logins(0).device());
    }
    for (const v1::Login& login : logins.logins()) {
      if (!login.registration() && Micros(login.create_time()) < since_us) continue;
      if (i == 0) {
        if (!login.device().empty()) devices.insert(login.device());
        if (!login.ip().empty()) addresses.insert(login.ip());
        continue;
      }
      if (devices.contains(login.device())) traced.set_shares_device(true);
      if (addresses.contains(login.ip())) traced.set_shares_ip(true);
    }
  }
  return absl::OkStatus();
}

void Desk::TraceGold(const Call& call, const v1::TraceGoldRequest& request,
                     v1::TraceGoldResponse* response, const Done& done) {
  const std::shared_ptr<void> place = long_reads_.Take();
  if (place == nullptr) return done(TooManyReads());
  GoldTrace trace({.account = *IdOf(request.name(), "accounts/"),
                   .asset = request.asset() == v1::ASSET_KIND_UNSPECIFIED ? v1::ASSET_KIND_GOLD
                                                                          : request.asset(),
                   .depth = request.depth() == 0 ? kDepthDefault : request.depth(),
                   .least = request.least_amount()});
  const std::int64_t deadline_us =
      request.has_deadline_duration() ? Micros(request.deadline_duration()) : kDeadlineDefaultUs;
  const WalkOptions options{.since_us = Micros(request.since_time()),
                            .until_us = UntilOf(request.has_until_time(), request.until_time()),
                            .deadline = Deadline(std::min(deadline_us, kDeadlineMostUs)),
                            .cancelled = call.cancelled};
  const absl::StatusOr<WalkResult> walked =
      WalkEvents(store_, options, [&](const storage::JournalEntry& entry, const EventView& event) {
        trace.Add(event, entry.position, entry.commit_us);
        return true;
      });
  if (!walked.ok()) return done(walked.status());
  trace.Fill(response);
  response->set_complete(walked->complete);
  if (walked->read_until_us != 0) {
    SetTimestamp(walked->read_until_us, response->mutable_read_until_time());
  }
  response->set_record_count(walked->record_count);
  response->set_before_journal(walked->before_journal);
  done(AddOrigins(options.since_us, response));
}

// ---- hands
// -------------------------------------------------------------------------------------------

void Desk::GetHandRecord(const Call& call, const v1::GetHandRecordRequest& request,
                         v1::HandRecord* response, const Done& done) {
  const std::shared_ptr<void> place = long_reads_.Take();
  if (place == nullptr) return done(TooManyReads());
  WalkOptions options{.cancelled = call.cancelled};
  if (request.near_position() > 0) {
    const auto entry = store_->ReadEntry(static_cast<std::uint64_t>(request.near_position()));
    if (!entry.ok()) {
      return done(NotFoundAs(entry.status(), "record " + std::to_string(request.near_position())));
    }
    options.since_us = entry->commit_us - kHandBeforeUs;
    options.until_us = entry->commit_us + kHandAfterUs;
  } else {
    options.since_us = Micros(request.since_time());
    options.until_us =
        request.has_until_time() ? Micros(request.until_time()) : options.since_us + kDayUs;
  }
  response->set_hand(request.hand());
  absl::Status failed;
  const absl::StatusOr<WalkResult> walked =
      WalkEvents(store_, options, [&](const storage::JournalEntry& entry, const EventView& event) {
        if (event.hand() != request.hand() || event.realm() != request.realm()) return true;
        if (response->events_size() == kHandEventsMax) {
          response->set_truncated(true);
          return false;
        }
        v1::HandEvent& out = *response->add_events();
        out.set_journal_position(static_cast<std::int64_t>(entry.position));
        SetTimestamp(entry.commit_us, out.mutable_create_time());
        out.set_server(entry.source);
        if (!out.mutable_event()->ParseFromString(entry.payload)) return true;
        failed = JoinWords(store_, entry, out.mutable_event());
        return failed.ok();
      });
  if (!failed.ok()) return done(failed);
  if (!walked.ok()) return done(walked.status());
  response->set_complete(walked->complete);
  if (response->events().empty() && walked->complete) return done(NoSuch("hand " + request.hand()));
  done(absl::OkStatus());
}

// ---- exchanges
// ---------------------------------------------------------------------------------------

absl::Status Desk::FillExchanges(const std::string& account, std::int64_t since_us,
                                 v1::CheckExchangeResponse* response) {
  std::map<std::string, int> places;
  PageSpec page{1'000, ""};
  do {
    const auto take = [&](const storage::StoredPosting& posting) {
      const auto detail = static_cast<PostingDetail>(posting.posting.detail);
      const bool asked = detail == PostingDetail::kExchangeAsked;
      if (!asked && detail != PostingDetail::kExchangeShipped) return false;
      const auto [place, added] =
          places.try_emplace(posting.posting.resource, response->exchanges_size());
      if (added && response->exchanges_size() == kExchangesShown) {
        places.erase(place);
        response->set_truncated(true);
        return false;
      }
      // Newest first: what was shipped is met before it was asked for.
      v1::Exchange& exchange =
          added ? *response->add_exchanges() : *response->mutable_exchanges(place->second);
      exchange.set_exchange(posting.posting.resource);
      exchange.set_amount(posting.posting.amount);
      if (exchange.state() != v1::EXCHANGE_STATE_SHIPPED) {
        exchange.set_state(asked ? v1::EXCHANGE_STATE_ASKED : v1::EXCHANGE_STATE_SHIPPED);
      }
      SetTimestamp(posting.commit_us,
                   asked ? exchange.mutable_ask_time() : exchange.mutable_ship_time());
      return true;
    };
    absl::StatusOr<std::string> next = HistoryPage(account, since_us, page, take);
    if (!next.ok()) return next.status();
    page.place = *std::move(next);
  } while (!page.place.empty() && !response->truncated());
  return absl::OkStatus();
}

namespace {

void Doubt(std::string_view key, const std::string& resource, bool forbids,
           v1::CheckExchangeResponse* response) {
  v1::ShippingDoubt& doubt = *response->add_doubts();
  *doubt.mutable_text() = wording::Say(key);
  doubt.set_resource(resource);
  doubt.set_forbids(forbids);
}

}  // namespace

void Desk::CheckExchange(const Call& /*call*/, const v1::CheckExchangeRequest& request,
                         v1::CheckExchangeResponse* response, const Done& done) {
  const std::string account = *IdOf(request.name(), "accounts/");
  core_->LookAtAccount(
      account, WithGlance(done, [this, &request, response, done, account](const Glance& seen) {
        if (seen.accounts.empty()) return done(NoSuch(request.name()));
        const v1::Account& known = seen.accounts.front().account;
        const std::int64_t since_us = request.has_since_time()
                                          ? Micros(request.since_time())
                                          : core_->NowUs() - kExchangeDays * kDayUs;
        if (absl::Status status = FillExchanges(account, since_us, response); !status.ok()) {
          return done(status);
        }
        for (const v1::Restriction& one : known.restrictions()) {
          if (one.capability() == v1::CAPABILITY_EXCHANGE) {
            Doubt("doubt.restricted", one.sanction(), true, response);
          } else if (one.capability() == v1::CAPABILITY_LOGIN) {
            Doubt("doubt.banned", one.sanction(), false, response);
          }
        }
        for (const std::string& open : known.open_cases())
          Doubt("doubt.case", open, false, response);
        if (core_->NowUs() - Micros(known.register_time()) < kNewAccountUs) {
          Doubt("doubt.new", "", false, response);
        }
        v1::ListLoginsResponse logins;
        const absl::StatusOr<std::string> next =
            LoginPage(account, since_us, {kLoginsLookedAt, ""}, &logins);
        if (!next.ok()) return done(next.status());
        if (std::any_of(logins.logins().begin(), logins.logins().end(),
                        [](const v1::Login& login) { return login.broken(); })) {
          Doubt("doubt.broken", "", false, response);
        }
        done(absl::OkStatus());
      }));
}

}  // namespace hallwarden::daemon
