// From bytes to a v1::Policy, with the place of everything in it. Internal to rules/policy.
#ifndef HALLWARDEN_RULES_POLICY_PARSE_H_
#define HALLWARDEN_RULES_POLICY_PARSE_H_

#include <cstddef>
#include <string_view>

#include <google/protobuf/text_format.h>

#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/diagnostics.h"

namespace hallwarden::policy {

using InfoTree = google::protobuf::TextFormat::ParseInfoTree;

inline constexpr std::size_t kSourceMaxBytes = std::size_t{1} << 20;
inline constexpr int kNestingMax = 16;

// Looks at the bytes before anything is built from them: size, UTF-8, control characters, nesting,
// and characters outside ASCII outside quotes (full-width punctuation, most often).
void ScanSource(std::string_view source, Reporter* reporter);

// Parses `source` into `policy` and `tree`, both empty before. All unknown fields and unknown
// values of enums are reported, other errors of syntax up to the first.
// Requires: ScanSource found no error.
void ParseSource(std::string_view source, Reporter* reporter, v1::Policy* policy, InfoTree* tree);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_PARSE_H_
