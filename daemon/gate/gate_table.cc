#include "daemon/gate/gate_table.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <variant>

#include "absl/strings/str_cat.h"
#include "rules/engine/effect.h"
#include "storage/crash_point.h"

namespace hallwarden::daemon {
namespace {

std::int64_t ToUs(const google::protobuf::Timestamp& time) {
  return time.seconds() * 1'000'000 + time.nanos() / 1000;
}

// A sanction that holds in one game or hall only says nothing about a place that is not named.
bool Covers(const v1::Scope& scope, const v1::CheckAccountRequest& request) {
  return (scope.game().empty() || scope.game() == request.game()) &&
         (scope.hall().empty() || scope.hall() == request.hall());
}

const v1::Restriction* FindRestriction(const v1::GateEntry& entry,
                                       const v1::CheckAccountRequest& request,
                                       std::int64_t now_us) {
  for (const v1::Restriction& restriction : entry.restrictions()) {
    if (restriction.capability() != request.capability()) continue;
    if (!Covers(restriction.scope(), request)) continue;
    if (!restriction.permanent() && ToUs(restriction.until_time()) <= now_us) continue;
    return &restriction;
  }
  return nullptr;
}

// What a hand is played with may go on until its end. Gifts and exchanges stop at once: they carry
// gold away.
bool MayFinishHand(const v1::GateEntry& entry, const v1::CheckAccountRequest& request,
                   std::int64_t now_us) {
  if (entry.not_before_hand().empty() || entry.not_before_hand() != request.hand()) return false;
  if (request.capability() == v1::CAPABILITY_GIFT ||
      request.capability() == v1::CAPABILITY_EXCHANGE) {
    return false;
  }
  return !entry.has_deadline_time() || now_us < ToUs(entry.deadline_time());
}

std::string TokenOf(const GateTable::Place& place) {
  return absl::StrCat(place.first, "-", place.second);
}

std::optional<GateTable::Place> ParseToken(std::string_view token) {
  const std::size_t dash = token.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  GateTable::Place place;
  const char* const begin = token.data();
  const char* const middle = begin + dash;
  const char* const end = begin + token.size();
  const auto position = std::from_chars(begin, middle, place.first);
  const auto ordinal = std::from_chars(middle + 1, end, place.second);
  const bool whole = position.ec == std::errc() && position.ptr == middle &&
                     ordinal.ec == std::errc() && ordinal.ptr == end;
  return whole ? std::optional<GateTable::Place>(place) : std::nullopt;
}

v1::WatchSanctionsResponse Describe(const v1::GateEntry& entry) {
  v1::WatchSanctionsResponse response;
  response.set_account(entry.account());
  response.set_account_revision(entry.account_revision());
  *response.mutable_restrictions() = entry.restrictions();
  if (entry.has_change_time()) *response.mutable_change_time() = entry.change_time();
  response.set_not_before_hand(entry.not_before_hand());
  return response;
}

absl::Status TooOld() {
  return absl::OutOfRangeError("changes behind this token are gone: watch again without a token");
}

}  // namespace

absl::Status GateTable::Load(storage::Store* store) {
  MutexLock lock(&mutex_);
  seen_ = {store->last_position(), std::numeric_limits<std::uint32_t>::max()};
  floor_ = seen_;
  absl::flat_hash_map<std::string, EntryPtr> entries;
  absl::Status status = store->ScanGate([&](const v1::GateEntry& entry) {
    entries[entry.account()] = std::make_shared<const v1::GateEntry>(entry);
  });
  entries_ = std::move(entries);
  return status;
}

v1::CheckAccountResponse GateTable::Check(const v1::CheckAccountRequest& request,
                                          std::int64_t now_us) const {
  EntryPtr entry;
  {
    MutexLock lock(&mutex_);
    const auto it = entries_.find(request.account());
    if (it != entries_.end()) entry = it->second;
  }
  v1::CheckAccountResponse response;
  response.set_allowed(true);
  if (entry == nullptr) return response;
  response.set_account_revision(entry->account_revision());
  const v1::Restriction* restriction = FindRestriction(*entry, request, now_us);
  if (restriction == nullptr) return response;
  *response.mutable_restriction() = *restriction;
  response.set_until_hand_end(MayFinishHand(*entry, request, now_us));
  response.set_allowed(response.until_hand_end());
  return response;
}

std::size_t GateTable::size() const {
  MutexLock lock(&mutex_);
  return entries_.size();
}

absl::StatusOr<GateTable::Cursor> GateTable::Begin(std::string_view resume_token) const {
  Cursor cursor;
  MutexLock lock(&mutex_);
  if (!resume_token.empty()) {
    const std::optional<Place> place = ParseToken(resume_token);
    if (!place.has_value()) return absl::InvalidArgumentError("resume_token is none of ours");
    if (*place < floor_ || *place > seen_) return TooOld();
    cursor.place = *place;
    return cursor;
  }
  cursor.place = seen_;
  cursor.announce = true;
  for (const auto& entry : entries_) {
    if (!entry.second->restrictions().empty()) cursor.in_force.push_back(entry.second);
  }
  return cursor;
}

absl::StatusOr<std::optional<v1::WatchSanctionsResponse>> GateTable::Next(Cursor* cursor) const {
  // Without a token: a watch that breaks here has to start afresh.
  if (cursor->told < cursor->in_force.size()) return Describe(*cursor->in_force[cursor->told++]);
  if (cursor->announce) {
    cursor->announce = false;
    cursor->in_force = {};
    return Alive(*cursor);
  }
  MutexLock lock(&mutex_);
  if (cursor->place < floor_) return TooOld();
  const auto next = std::upper_bound(
      changes_.begin(), changes_.end(), cursor->place,
      [](const Place& place, const Change& change) { return place < change.place; });
  if (next == changes_.end()) {
    cursor->place = seen_;
    return std::nullopt;
  }
  cursor->place = next->place;
  v1::WatchSanctionsResponse response = Describe(*next->entry);
  response.set_resume_token(TokenOf(next->place));
  return response;
}

v1::WatchSanctionsResponse GateTable::Alive(const Cursor& cursor) const {
  v1::WatchSanctionsResponse response;
  response.set_resume_token(TokenOf(cursor.place));
  return response;
}

void GateTable::AddWatcher(std::function<bool()> wake) {
  auto shared = std::make_shared<const std::function<bool()>>(std::move(wake));
  MutexLock lock(&watchers_mutex_);
  watchers_.push_back(std::move(shared));
}

bool GateTable::Apply(const CommittedGroup& committed) {
  bool changed = false;
  MutexLock lock(&mutex_);
  for (const PositionedEffect& effect : committed.group->effects) {
    const auto* put = std::get_if<PutGate>(&effect.effect);
    if (put == nullptr) continue;
    auto entry = std::make_shared<const v1::GateEntry>(put->entry);
    entries_[entry->account()] = entry;
    changes_.push_back({{effect.position, effect.ordinal}, std::move(entry)});
    changed = true;
  }
  while (changes_.size() > changes_max_) {
    floor_ = changes_.front().place;
    changes_.pop_front();
  }
  seen_ =
      std::max(seen_, Place{committed.durable_position, std::numeric_limits<std::uint32_t>::max()});
  return changed;
}

void GateTable::OnCommitted(const CommittedGroup& committed) {
  const bool changed = Apply(committed);
  HW_CRASH_POINT("release.gate_published");
  if (!changed) return;
  std::vector<std::shared_ptr<const std::function<bool()>>> watchers;
  {
    MutexLock lock(&watchers_mutex_);
    watchers = watchers_;
  }
  // Outside the lock: a watcher may end while it is woken.
  std::vector<const std::function<bool()>*> gone;
  for (const auto& wake : watchers) {
    if (!(*wake)()) gone.push_back(wake.get());
  }
  if (gone.empty()) return;
  MutexLock lock(&watchers_mutex_);
  std::erase_if(watchers_, [&](const auto& wake) {
    return std::find(gone.begin(), gone.end(), wake.get()) != gone.end();
  });
}

}  // namespace hallwarden::daemon
