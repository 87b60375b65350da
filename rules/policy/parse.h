// From bytes to a v1::Policy, with the place of everything in it. Internal to rules/policy.
#ifndef HALLWARDEN_RULES_POLICY_PARSE_H_
#define HALLWARDEN_RULES_POLICY_PARSE_H_

#include <cstddef>
#include <memory>
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

// A policy and the place of everything in it.
struct ParsedPolicy {
  v1::Policy policy;
  std::unique_ptr<InfoTree> tree;
};

// All unknown fields and unknown values of enums are reported, other errors of syntax up to the
// first. The result is of use only if there is none.
// Requires: ScanSource found no error.
[[nodiscard]] ParsedPolicy ParseSource(std::string_view source, Reporter* reporter);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_PARSE_H_
