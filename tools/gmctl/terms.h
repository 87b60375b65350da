// The words of the trade: short names of enums, as typed, as shown, and for machines.
//
// A short name is the enum's own name in lower case without its prefix (OFFENCE_STALLING is
// `stalling`), but for a few that GMs call otherwise. What people read is in the catalogue under
// `offence.stalling`, `state.active` and so on.
#ifndef HALLWARDEN_TOOLS_GMCTL_TERMS_H_
#define HALLWARDEN_TOOLS_GMCTL_TERMS_H_

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/recovery_service.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "tools/gmctl/catalogue.h"

namespace hallwarden::gmctl {

// What kind of word it is.
enum class Vocabulary {
  kOffence,
  kCapability,
  kDisposition,
  kRole,
  kSeverity,
  kCategory,
  kState,
  kTimelineKind,
  kProfileField,
  kSanctionKind,
  kAccountClass,
  kCaseState,
  kCaseKind,
  kCaseVerdict,
  kCaseStep,
  kOutcome,
  kBankKind,
  kConfidence,
  kOrientation,
  kRingRole,
  kRegistrationLink,
  kFlowKind,
  kExchangeState,
  kAssetKind,
  kReportCategory,
  kAppealKind,
  kAppealState,
  kAppealSide,
  kAppealVerdict,
  kAppealWithdrawal,
  kReplyStage,
};

// Short name for machines: lower-case ASCII. A number that this build does not know: `unknown_42`;
// 0: empty.
[[nodiscard]] std::string ShortName(Vocabulary vocabulary, int number);

// The word for people.
[[nodiscard]] std::string WordFor(Vocabulary vocabulary, int number, const Catalogue& catalogue);

// The number of a word that was typed, in English or Chinese. Unknown: a usage problem
// `err.word.<vocabulary>` with the nearest word, if one is near, or the list.
[[nodiscard]] absl::StatusOr<int> ReadWord(Vocabulary vocabulary, std::string_view word);

// Comma-separated words, each as ReadWord.
[[nodiscard]] absl::StatusOr<std::vector<int>> ReadWords(Vocabulary vocabulary,
                                                         std::string_view words);

// English words that may be typed.
[[nodiscard]] std::vector<std::string> TypedWords(Vocabulary vocabulary);

// Joins the short names with commas.
template <typename Numbers>
[[nodiscard]] std::string ShortNames(Vocabulary vocabulary, const Numbers& numbers) {
  std::string out;
  for (const auto number : numbers) {
    if (!out.empty()) out += ',';
    out += ShortName(vocabulary, number);
  }
  return out;
}

// Joins the words for people.
template <typename Numbers>
[[nodiscard]] std::string WordsFor(Vocabulary vocabulary, const Numbers& numbers,
                                   const Catalogue& catalogue) {
  std::string out;
  for (const auto number : numbers) {
    if (!out.empty()) out += ", ";
    out += WordFor(vocabulary, number, catalogue);
  }
  return out;
}

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_TERMS_H_
