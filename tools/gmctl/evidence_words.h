// Findings and evidence as people read them.
#ifndef HALLWARDEN_TOOLS_GMCTL_EVIDENCE_WORDS_H_
#define HALLWARDEN_TOOLS_GMCTL_EVIDENCE_WORDS_H_

#include <string>
#include <string_view>

#include "hallwarden/v1/common.pb.h"

#include "tools/gmctl/look.h"

namespace hallwarden::gmctl {

// One claim on several lines: what is claimed, in the rules' own sentence where they made one; what
// speaks for it (+), what speaks against it (-), the hands to look at, and what was missing. With
// `explain` the strength of the evidence, too, as powers of ten, which only who knows what they
// mean should read.
[[nodiscard]] std::string FindingWords(const v1::Finding& finding, const Look& look, bool explain);

// What speaks for a claim, a line each.
[[nodiscard]] std::string EvidenceLines(const v1::Finding& finding, const Look& look);

// A number with its name in words: `hands lost quickly 9, honest play would give 2`. A number that
// has no name in the catalogue shows its key, so that nothing is hidden.
[[nodiscard]] std::string MeasureWords(const v1::Measure& measure, const Look& look);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_EVIDENCE_WORDS_H_
