// What a recommendation about an appeal rests on, gathered from what is stored and known. Pure.
#ifndef HALLWARDEN_DAEMON_DESK_APPEAL_FACTS_H_
#define HALLWARDEN_DAEMON_DESK_APPEAL_FACTS_H_

#include <cstdint>
#include <vector>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "daemon/desk/text_reading.h"
#include "rules/appeal/recommend.h"
#include "rules/policy/play_settings.h"

namespace hallwarden::daemon {

struct AppealSources {
  const v1::Appeal* appeal = nullptr;
  const v1::Sanction* sanction = nullptr;
  // The register's rows of the account.
  std::vector<v1::PartnerSpan> partners;
  // Sanctions of the account that were lifted as mistakes.
  std::int32_t mistakes = 0;
  // Rules as they act today.
  std::vector<v1::RuleStatus> rules;
  // Thresholds of today.
  std::int64_t case_milli = 0;
  std::int64_t act_milli = 0;
  appeal::FoundNow found_now = appeal::FoundNow::kUnknown;
  // A login before the offence had a new address and a new device.
  bool logins_broke = false;
  std::int64_t now_us = 0;
};

[[nodiscard]] appeal::AppealFacts FactsOf(const AppealSources& sources);

// Reads the words that were judged once more with what is in force now. Unknown if they are gone,
// or if it rests on anything but a nickname or signature. No only if nothing at all is found.
[[nodiscard]] appeal::FoundNow ReadAgain(const v1::Sanction& sanction, const ReadingParts& parts);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_APPEAL_FACTS_H_
