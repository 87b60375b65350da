#pragma once

#include <string>

#include <google/protobuf/descriptor.pb.h>

namespace hallwarden::vocabulary {

// Compiles one .proto text in memory, as protoc does with --include_source_info. It may import our
// options.proto. A text that does not compile fails the test that runs.
google::protobuf::FileDescriptorProto Compile(const std::string& text);

}  // namespace hallwarden::vocabulary
