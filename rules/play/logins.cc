#include "rules/play/logins.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/play/wording.h"
#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::uint32_t kLoginsMin = 10;
constexpr std::int64_t kHistoryUs = 5 * kDayUs;
constexpr std::int64_t kAfterUs = kDayUs;
constexpr std::int64_t kAtOnceUs = kHourUs;

// True if it was known; remembers it.
bool Know(std::uint64_t value, std::vector<std::uint64_t>* known) {
  if (value == 0) return true;  // not told: nothing new
  auto found = std::find(known->begin(), known->end(), value);
  if (found != known->end()) return true;
  if (known->size() >= LoginCell::kKnownMax) known->erase(known->begin());
  known->push_back(value);
  return false;
}

}  // namespace

void OnLogin(const Context& context, std::uint64_t device, std::uint64_t ip, PlayCell* cell) {
  LoginCell& login = cell->Login();
  if (login.first_us == 0) login.first_us = context.event_us;
  ++login.logins;
  const bool device_known = Know(device, &login.devices);
  const bool ip_known = Know(ip, &login.ips);
  if (device_known || ip_known) return;
  if (login.logins < kLoginsMin || context.event_us - login.first_us < kHistoryUs) return;
  login.break_us = context.event_us;
  login.out_since_break = 0;
}

void OnValueLeft(const Context& context, std::int64_t amount, std::int64_t balance_after,
                 PlayCell* cell, Outcome* out) {
  if (!cell->login || cell->login->break_us == 0 || balance_after < 0) return;
  LoginCell& login = *cell->login;
  const std::int64_t since = context.event_us - login.break_us;
  if (since < 0 || since > kAfterUs) return;
  login.out_since_break += amount;
  const std::int64_t had = login.out_since_break + balance_after;
  // Four fifths of all there was.
  if (had <= 0 || login.out_since_break * 5 < had * 4) return;
  const policy::PlaySettings& settings = *context.settings;
  if (!Due(settings, ClaimKind::kTakeover, settings.case_milli, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kTakeover, v1::OFFENCE_STOLEN_ACCOUNT, "takeover", 0);
  const bool at_once = since <= kAtOnceUs && login.out_since_break * 10 >= had * 9;
  claim.finding.set_confidence(at_once ? v1::CONFIDENCE_PLAIN : v1::CONFIDENCE_REVIEW);
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("takeover.minutes_since_break", since / kMinuteUs, 0, &numbers);
  AddMeasure("takeover.gold_out", login.out_since_break, 0, &numbers);
  AddMeasure("takeover.gold_left", balance_after, 0, &numbers);
  v1::Evidence& against = *claim.finding.add_counter_evidence();
  against.set_surface("play");
  AddMeasure("takeover.logins_before", login.logins, 0, &against);
  SetSummary("从从未用过的设备和地址登录后 " + std::to_string(since / kMinuteUs) + " 分钟内转走 " +
                 std::to_string(login.out_since_break) + " 金币，余 " +
                 std::to_string(balance_after),
             "moved " + std::to_string(login.out_since_break) + " gold away within " +
                 std::to_string(since / kMinuteUs) +
                 " minutes of a login from a device and address never seen before; " +
                 std::to_string(balance_after) + " left",
             0, &claim.finding);
  out->claims.push_back(std::move(claim));
}

}  // namespace hallwarden::play
