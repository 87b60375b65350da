#include "rules/play/gold.h"

#include <bit>
#include <string>
#include <utility>

#include "rules/play/feeding.h"
#include "rules/play/logins.h"
#include "rules/play/wording.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::int64_t kWindowUs = 7 * kDayUs;
// So many different ones pay it, and it pays so many, within a week. Bits of a 64-bit linear count,
// which counts low.
constexpr int kHubPayers = 8;
constexpr int kHubPayees = 8;

void StartWeek(const Context& context, GoldCell* gold) {
  if (gold->week_us != 0 && context.event_us - gold->week_us < kWindowUs) return;
  gold->week_us = context.event_us;
  gold->payers = gold->payees = 0;
  gold->week_in = gold->week_out = 0;
}

std::uint64_t BitOf(std::string_view account) {
  return std::uint64_t{1} << (ShortHash(account) >> 58U);
}

void JudgeHub(const Context& context, PlayCell* cell, Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const GoldCell& gold = *cell->gold;
  const int payers = std::popcount(gold.payers);
  const int payees = std::popcount(gold.payees);
  if (payers < kHubPayers || payees < kHubPayees) return;
  // It passes on at least half of what comes in, or hands out what it bought.
  if (gold.week_out * 2 < gold.week_in) return;
  if (!Due(settings, ClaimKind::kTrading, settings.case_milli, context.event_us, cell)) return;
  PlayClaim claim = MakeClaim(context, ClaimKind::kTrading, v1::OFFENCE_GOLD_TRADING, "trading", 0);
  claim.finding.set_severity(v1::SEVERITY_SERIOUS);
  // No statistic: a club that shares out prizes looks alike, so a person looks first.
  claim.finding.set_confidence(v1::CONFIDENCE_REVIEW);
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("trading.payers", payers, 0, &numbers);
  AddMeasure("trading.payees", payees, 0, &numbers);
  AddMeasure("trading.gold_in", gold.week_in, 0, &numbers);
  AddMeasure("trading.gold_out", gold.week_out, 0, &numbers);
  v1::Evidence& against = *claim.finding.add_counter_evidence();
  against.set_surface("play");
  AddMeasure("trading.own_hands", cell->hands, 0, &against);
  v1::RingMember& self = *claim.finding.add_ring();
  self.set_account(std::string(context.account));
  self.set_role(v1::RING_ROLE_TRADER);
  SetSummary("一周内至少 " + std::to_string(payers) + " 个账号付给它，它又付给至少 " +
                 std::to_string(payees) + " 个账号",
             "within a week at least " + std::to_string(payers) +
                 " accounts paid it and it paid at least " + std::to_string(payees),
             0, &claim.finding);
  out->claims.push_back(std::move(claim));
}

}  // namespace

void OnMoved(const Context& context, const v1::AssetMoved& moved, std::string_view to,
             PlayCell* cell, Outcome* out) {
  if (moved.asset() == v1::ASSET_KIND_ITEM || moved.asset() == v1::ASSET_KIND_CHARM) return;
  const std::int64_t amount = moved.amount();
  if (amount <= 0) return;
  GoldCell& gold = cell->Gold();
  StartWeek(context, &gold);
  switch (moved.kind()) {
    case v1::MOVE_KIND_GRANT:
      gold.granted += amount;
      return;
    case v1::MOVE_KIND_TOP_UP:
      gold.topped_up += amount;
      return;
    case v1::MOVE_KIND_EXCHANGE_ASKED:
      gold.exchanged += amount;
      OnValueLeft(context, amount, moved.balance_after(), cell, out);
      return;
    case v1::MOVE_KIND_GIFT:
      break;
    default:
      return;
  }
  if (to.empty()) return;
  gold.gift_out += amount;
  gold.week_out += amount;
  gold.payees |= BitOf(to);
  out->messages.push_back(
      Message{Message::Kind::kGift, std::string(to), EncodeGift(context, amount, *cell)});
  OnPassedOn(context, to, amount, cell, out);
  OnValueLeft(context, amount, moved.balance_after(), cell, out);
  JudgeHub(context, cell, out);
}

void OnGift(const Context& context, std::string_view payload, PlayCell* cell, Outcome* out) {
  Reader in(payload);
  (void)in.Signed();
  (void)in.Bytes();
  (void)in.Bytes();
  const std::string_view payer = in.Bytes();
  (void)in.Byte();
  const std::int64_t amount = in.Signed();
  if (!in.ok()) return;
  GoldCell& gold = cell->Gold();
  StartWeek(context, &gold);
  gold.gift_in += amount;
  gold.week_in += amount;
  gold.payers |= BitOf(payer);
  OnFed(context, payload, cell, out);
  JudgeHub(context, cell, out);
}

}  // namespace hallwarden::play
