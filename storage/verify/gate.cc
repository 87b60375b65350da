// What the gate answers is computed here a second time, from the sanctions in force.
#include <map>
#include <set>
#include <tuple>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

constexpr std::int64_t kForever = INT64_MAX;
constexpr std::int64_t kMicrosPerSecond = 1'000'000;

// Capability, game, hall.
using Place = std::tuple<int, std::string, std::string>;
// Until when, kForever for ever.
using Restrictions = std::map<Place, std::int64_t>;

Place PlaceOf(int capability, const v1::Scope& scope) {
  return {capability, scope.game(), scope.hall()};
}

// Until when a sanction restricts, seen from now: what is pending runs from its deadline at the
// latest.
std::int64_t UntilOf(const v1::Sanction& sanction) {
  if (sanction.permanent()) return kForever;
  if (sanction.has_end_time()) return ToMicros(sanction.end_time());
  const std::int64_t from_us = sanction.has_deadline_time() ? ToMicros(sanction.deadline_time())
                                                            : ToMicros(sanction.create_time());
  return from_us + sanction.term().seconds() * kMicrosPerSecond + sanction.term().nanos() / 1'000;
}

bool InForce(const v1::Sanction& sanction) {
  const bool restricts =
      sanction.kind() == v1::SANCTION_KIND_RESTRICTION || sanction.kind() == v1::SANCTION_KIND_HOLD;
  return restricts && (sanction.state() == v1::SANCTION_STATE_PENDING ||
                       sanction.state() == v1::SANCTION_STATE_ACTIVE);
}

Restrictions RestrictionsOf(const v1::GateEntry& entry) {
  Restrictions restrictions;
  for (const v1::Restriction& restriction : entry.restrictions()) {
    restrictions[PlaceOf(restriction.capability(), restriction.scope())] =
        restriction.permanent() ? kForever : ToMicros(restriction.until_time());
  }
  return restrictions;
}

class GateCheck {
 public:
  explicit GateCheck(Verifier* verifier) : verifier_(verifier) {}

  void Run() {
    Timers();
    verifier_->Scan(Family::kTables, RowKey(Table::kSanction, {}),
                    [this](std::string_view key, std::string_view value) { Sanction(key, value); });
    verifier_->Scan(Family::kGate, {},
                    [this](std::string_view key, std::string_view value) { Entry(key, value); });
    for (const auto& [account, restrictions] : expected_) {
      verifier_->Problem("gate " + account, "is missing, but sanctions restrict the account");
    }
  }

 private:
  void Timers() {
    verifier_->Scan(Family::kTimers, {}, [this](std::string_view key, std::string_view value) {
      const std::string where = Where(Family::kTimers, key);
      const absl::StatusOr<Timer> timer = DecodeTimer(key);
      verifier_->ProblemIfError(where, timer.status());
      if (!timer.ok()) return;
      if (value != std::string_view("\x01", 1)) verifier_->Problem(where, "has a malformed value");
      if (!timer->account.empty()) timers_.insert({timer->account, timer->due_us});
    });
  }

  void Sanction(std::string_view key, std::string_view value) {
    SanctionRow row;
    // What does not decode was reported with the tables.
    if (!verifier_->codec().Decode({Family::kTables, std::string(key)}, value, &row).ok()) return;
    const v1::Sanction& sanction = row.sanction;
    if (!InForce(sanction) || sanction.capabilities().empty()) return;
    const std::int64_t until_us = UntilOf(sanction);
    Restrictions& restrictions = expected_[sanction.account()];
    for (const int capability : sanction.capabilities()) {
      const auto [it, added] =
          restrictions.emplace(PlaceOf(capability, sanction.scope()), until_us);
      if (!added) it->second = std::max(it->second, until_us);
    }
    const bool ends = sanction.state() == v1::SANCTION_STATE_ACTIVE && sanction.has_end_time();
    if (ends && !timers_.contains({sanction.account(), ToMicros(sanction.end_time())})) {
      verifier_->Problem(Where(Family::kTables, key), "no timer ends it: it would never expire");
    }
  }

  void Entry(std::string_view key, std::string_view value) {
    const std::string where = Where(Family::kGate, key);
    const absl::StatusOr<v1::GateEntry> entry = DecodeGate(key, value);
    verifier_->ProblemIfError(where, entry.status());
    const auto found = expected_.find(std::string(key));
    const Restrictions expected = found == expected_.end() ? Restrictions() : found->second;
    if (found != expected_.end()) expected_.erase(found);
    if (entry.ok() && RestrictionsOf(*entry) != expected) {
      verifier_->Problem(where, "does not say what the account's sanctions in force say");
    }
  }

  Verifier* const verifier_;
  std::map<std::string, Restrictions, std::less<>> expected_;
  std::set<std::pair<std::string, std::int64_t>> timers_;
};

}  // namespace

void VerifyGate(Verifier* verifier) {
  verifier->Begin("gate");
  GateCheck(verifier).Run();
}

}  // namespace hallwarden::storage
