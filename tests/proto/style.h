#pragma once

#include <string>
#include <vector>

#include <google/protobuf/descriptor.pb.h>

namespace hallwarden::vocabulary {

// What is wrong with one element of the vocabulary.
struct Violation {
  // Full name, such as hallwarden.v1.HallEvent.account.
  std::string element;
  std::string what;
};

// "element: what".
std::string ToString(const Violation& violation);

// The style of our vocabulary, for one file with its source info:
//   - a comment before each message, field, enum, enum value, service and call
//   - UPPER_SNAKE_CASE enum values that start with the name of their enum; the zero value ends in
//   _UNSPECIFIED
//   - lower_snake_case fields
//   - services end in Service; a call Foo takes FooRequest and returns FooResponse, or the resource
//   that its name ends
//     with (GetCase returns Case), or what kSharedResponses in style.cc lists with a reason
//   - player text is `bytes` and marked personal: invalid UTF-8 in a `string` ends a gRPC stream,
//   so one chat line
//     could cut off a hall
//   - only singular bytes and string fields are marked personal
std::vector<Violation> CheckStyle(const google::protobuf::FileDescriptorProto& file);

}  // namespace hallwarden::vocabulary
