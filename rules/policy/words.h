// What fields and values of the schema are called in front of people. Internal to rules/policy.
#ifndef HALLWARDEN_RULES_POLICY_WORDS_H_
#define HALLWARDEN_RULES_POLICY_WORDS_H_

#include <string>

#include <google/protobuf/descriptor.h>

#include "rules/policy/notice.h"

namespace hallwarden::policy {

// What has no Chinese word yet is called by its name in the schema.
[[nodiscard]] std::string FieldWord(const google::protobuf::FieldDescriptor& field,
                                    Language language);
[[nodiscard]] std::string ValueWord(const google::protobuf::EnumValueDescriptor& value,
                                    Language language);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_WORDS_H_
