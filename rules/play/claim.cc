#include "rules/play/claim.h"

#include <algorithm>

#include "rules/base/siphash.h"
#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::size_t kClaimsMax = 16;
// Spreads values and hides nothing.
constexpr SipKey kShortKey{0x706c617900000000ULL, 0x73686f7274000000ULL};

}  // namespace

int TierOf(const policy::PlaySettings& settings, Milli level) {
  if (level >= settings.act_milli) return 4;
  if (level >= settings.hold_milli) return 3;
  if (level >= settings.case_milli) return 2;
  return level >= settings.note_milli ? 1 : 0;
}

bool Due(const policy::PlaySettings& settings, ClaimKind kind, Milli level, std::int64_t event_us,
         PlayCell* cell) {
  ClaimMark* mark = cell->FindClaim(static_cast<std::uint8_t>(kind));
  if (mark != nullptr && TierOf(settings, level) <= TierOf(settings, mark->level) &&
      event_us - mark->event_us < kDayUs) {
    return false;
  }
  if (mark == nullptr) {
    if (cell->claims.size() >= kClaimsMax) cell->claims.erase(cell->claims.begin());
    mark = &cell->claims.emplace_back();
    mark->kind = static_cast<std::uint8_t>(kind);
  }
  mark->level = level;
  mark->event_us = event_us;
  return true;
}

PlayClaim MakeClaim(const Context& context, ClaimKind kind, v1::Offence offence,
                    std::string_view detector, Milli level) {
  PlayClaim claim;
  claim.kind = kind;
  claim.event_us = context.event_us;
  claim.game = context.game;
  claim.finding.set_offence(offence);
  claim.finding.set_severity(v1::SEVERITY_LIGHT);
  claim.finding.set_confidence(TierOf(*context.settings, level) >= 2 ? v1::CONFIDENCE_REVIEW
                                                                     : v1::CONFIDENCE_NOTE);
  claim.finding.set_detector(std::string(detector));
  claim.finding.set_evidence_log10_milli(std::max<Milli>(level, 0));
  v1::Evidence& evidence = *claim.finding.add_evidence();
  evidence.set_surface("play");
  evidence.set_hand(std::string(context.hand));
  SetTimestamp(context.event_us, evidence.mutable_event_time());
  return claim;
}

void AddMeasure(std::string_view key, std::int64_t value, std::int64_t expected_milli,
                v1::Evidence* evidence) {
  constexpr std::int64_t kMilli = 1'000;
  constexpr std::int64_t kMost = INT64_MAX / kMilli;
  v1::Measure& measure = *evidence->add_measures();
  measure.set_key(std::string(key));
  measure.set_value_milli(std::clamp(value, -kMost, kMost) * kMilli);
  measure.set_expected_milli(expected_milli);
}

void AddHands(const std::vector<HandMark>& hands, v1::Finding* finding) {
  for (const HandMark& mark : hands) {
    if (mark.hand.empty()) continue;
    v1::Evidence& evidence = *finding->add_evidence();
    evidence.set_surface("hand");
    evidence.set_hand(mark.hand);
    SetTimestamp(mark.event_us, evidence.mutable_event_time());
  }
}

void KeepHand(const Context& context, std::size_t max, std::vector<HandMark>* hands) {
  if (context.hand.empty()) return;
  if (!hands->empty() && hands->back().hand == context.hand) return;
  if (hands->size() >= max) hands->erase(hands->begin());
  hands->push_back(HandMark{std::string(context.hand), context.event_us});
}

std::uint64_t ShortHash(std::string_view name) {
  return SipHash64(kShortKey, name);
}

}  // namespace hallwarden::play
