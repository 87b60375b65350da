#include "daemon/desk/feed.h"

#include <algorithm>
#include <iterator>
#include <variant>

#include "daemon/auth/refusals.h"
#include "daemon/desk/desk.h"

namespace hallwarden::daemon {
namespace {

// Postings that are read at once.
constexpr std::size_t kReadMax = 256;
// How far back the backlog of a filtered stream is looked for.
constexpr std::size_t kBacklogReach = 10'000;

}  // namespace

Feed::Feed(TokenTable* tokens, WorkerPool* pool) : tokens_(tokens), pool_(pool) {}

void Feed::OnCommitted(const CommittedGroup& committed) {
  if (committed.group == nullptr) return;
  bool news = false;
  for (const PositionedEffect& positioned : committed.group->effects) {
    if (const auto* token = std::get_if<PutToken>(&positioned.effect)) {
      tokens_->Put(*token);
      news = true;
    } else if (const auto* posting = std::get_if<Posting>(&positioned.effect)) {
      news = news || posting->notable;
    }
  }
  if (news) WakeAll();
}

std::uint64_t Feed::News() const {
  const MutexLock lock(&mutex_);
  return news_;
}

std::uint64_t Feed::Wait(std::uint64_t seen, Wake wake) {
  std::uint64_t number = 0;
  {
    const MutexLock lock(&mutex_);
    number = ++last_number_;
    if (news_ == seen) {
      waiting_.emplace(number, std::move(wake));
      return number;
    }
  }
  pool_->Continue(std::move(wake));
  return number;
}

void Feed::Forget(std::uint64_t number) {
  const MutexLock lock(&mutex_);
  waiting_.erase(number);
}

void Feed::WakeAll() {
  std::map<std::uint64_t, Wake> woken;
  {
    const MutexLock lock(&mutex_);
    ++news_;
    woken.swap(waiting_);
  }
  for (auto& [number, wake] : woken)
    pool_->Continue(std::move(wake));
}

absl::StatusOr<TailReader> TailReader::Make(storage::Store* store, const v1::TailRequest& request,
                                            v1::Role role) {
  TailReader reader(store, request, role);
  if (request.resume_token().empty()) return reader;
  const std::optional<Place> seen = ParsePlace(request.resume_token());
  if (!seen.has_value()) {
    return RefusalStatus(absl::StatusCode::kInvalidArgument, "RESUME_TOKEN",
                         "resume_token is none of ours");
  }
  reader.next_ = Place(seen->first, seen->second + 1);
  return reader;
}

TailReader::TailReader(storage::Store* store, const v1::TailRequest& request, v1::Role role)
    : store_(store),
      account_(request.account()),
      filter_(request.kinds(),
              {v1::TIMELINE_KIND_SESSION, v1::TIMELINE_KIND_PROFILE, v1::TIMELINE_KIND_PLAY}),
      role_(role),
      backlog_(static_cast<std::size_t>(request.backlog())) {}

absl::StatusOr<std::vector<v1::TailResponse>> TailReader::Next(std::size_t limit) {
  if (!next_.has_value()) {
    absl::StatusOr<std::vector<v1::TailResponse>> old = Backlog();
    if (!old.ok() || !old->empty()) return old;
  }
  std::vector<v1::TailResponse> entries;
  while (entries.empty()) {
    const auto postings = store_->ReadFeed(next_->first, next_->second, std::min(limit, kReadMax));
    if (!postings.ok()) return postings.status();
    if (postings->empty()) break;
    entries = Take(*postings);
  }
  return entries;
}

// What a filter leaves out does not count: looks further back until there are enough.
absl::StatusOr<std::vector<v1::TailResponse>> TailReader::Backlog() {
  std::vector<v1::TailResponse> entries;
  for (std::size_t reach = std::max<std::size_t>(backlog_, 1);; reach *= 4) {
    reach = std::min(reach, kBacklogReach);
    const auto postings = store_->LastFeed(reach);
    if (!postings.ok()) return postings.status();
    next_ = Place(0, 0);
    entries = Take(*postings);
    if (entries.size() >= backlog_ || postings->size() < reach || reach == kBacklogReach) break;
  }
  if (entries.size() > backlog_) {
    entries.erase(entries.begin(), std::prev(entries.end(), static_cast<std::ptrdiff_t>(backlog_)));
  }
  return entries;
}

std::vector<v1::TailResponse> TailReader::Take(
    const std::vector<storage::StoredPosting>& postings) {
  std::vector<v1::TailResponse> entries;
  for (const storage::StoredPosting& stored : postings) {
    next_ = Place(stored.position, stored.ordinal + 1);
    const Posting& posting = stored.posting;
    if (!filter_.Passes(posting.kind)) continue;
    if (!account_.empty() && posting.account != account_) continue;
    v1::TailResponse& entry = entries.emplace_back();
    entry.set_resume_token(PlaceText({stored.position, stored.ordinal}));
    entry.set_account(posting.account);
    *entry.mutable_entry() = EntryOf(stored, WordsOf(store_, stored, role_));
  }
  return entries;
}

}  // namespace hallwarden::daemon
