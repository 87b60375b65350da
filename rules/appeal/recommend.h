// What the handbook says about an appeal: partner or ordinary account, severity, history, and the
// evidence as it looks now. A recommendation, with reasons in words; a human decides.
#ifndef HALLWARDEN_RULES_APPEAL_RECOMMEND_H_
#define HALLWARDEN_RULES_APPEAL_RECOMMEND_H_

#include <cstdint>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/sanction.pb.h"

namespace hallwarden::appeal {

// How what was found looks with today's knowledge.
enum class FoundNow : std::uint8_t {
  kUnknown,  // what was judged is gone, or is no text
  kYes,      // it is found again
  kNo,       // today's lists find nothing in it
};

// What a recommendation rests on. Times are commit time in microseconds, evidence is log10 E in
// thousandths.
struct AppealFacts {
  v1::AppealKind kind = v1::APPEAL_KIND_UNSPECIFIED;
  std::int64_t now_us = 0;

  // ---- who
  // Class at the time of the offence, by the register as it stands today.
  v1::AccountClass account_class = v1::ACCOUNT_CLASS_UNSPECIFIED;
  // Earlier sanctions that still counted when this one was imposed.
  std::int32_t counted_before = 0;
  // Earlier sanctions of the account that were mistakes.
  std::int32_t mistakes_before = 0;

  // ---- the sanction
  v1::SanctionKind sanction_kind = v1::SANCTION_KIND_UNSPECIFIED;
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  bool machine = false;
  bool permanent = false;
  // A GM chose another rung than the ladder, or none.
  bool off_ladder = false;
  bool seen = false;
  std::int64_t start_us = 0;  // 0: pending
  std::int64_t term_us = 0;   // 0: permanent, or no restriction

  // ---- the evidence
  bool has_evidence = false;
  bool disguised = false;
  v1::Confidence confidence = v1::CONFIDENCE_UNSPECIFIED;
  std::int64_t evidence_milli = 0;  // 0: no statistic
  // The policy's thresholds for a case and for a machine to act, of today.
  std::int64_t case_milli = 0;
  std::int64_t act_milli = 0;
  std::int32_t counter_evidence = 0;
  FoundNow found_now = FoundNow::kUnknown;
  // The rule that made it was left to people since.
  bool rule_in_review = false;
  // Signs of a take-over before the offence: address, device or behaviour broke.
  bool takeover_signs = false;
};

// Never empty: there is a verdict, a summary and at least one reason.
[[nodiscard]] v1::AppealRecommendation Recommend(const AppealFacts& facts);

// True if a sanction lifted so was overturned: it should not have been imposed.
[[nodiscard]] bool Overturns(v1::Disposition disposition);

}  // namespace hallwarden::appeal

#endif  // HALLWARDEN_RULES_APPEAL_RECOMMEND_H_
