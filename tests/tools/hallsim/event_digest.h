// A digest of events over an encoding of our own: protobuf promises no stable bytes.
#pragma once

#include <cstdint>
#include <string>

#include <google/protobuf/message.h>

namespace hallwarden::hallsim {

// Appends every field that is set: number, then value; messages in brackets, texts with their
// length.
void Encode(const google::protobuf::Message& message, std::string* out);

}  // namespace hallwarden::hallsim
