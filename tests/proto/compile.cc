#include "tests/proto/compile.h"

#include <map>
#include <utility>

#include <google/protobuf/compiler/importer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/options.pb.h"

namespace hallwarden::vocabulary {
namespace {

class MemoryTree : public google::protobuf::compiler::SourceTree {
 public:
  explicit MemoryTree(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  google::protobuf::io::ZeroCopyInputStream* Open(const std::string& name) override {
    const auto found = files_.find(name);
    if (found == files_.end()) {
      return nullptr;
    }
    return new google::protobuf::io::ArrayInputStream(found->second.data(),
                                                      static_cast<int>(found->second.size()));
  }

 private:
  std::map<std::string, std::string> files_;
};

class FailTest : public google::protobuf::compiler::MultiFileErrorCollector {
 public:
  void AddError(const std::string& name, int line, int column,
                const std::string& message) override {
    ADD_FAILURE() << name << ":" << line + 1 << ":" << column + 1 << ": " << message;
  }
};

}  // namespace

google::protobuf::FileDescriptorProto Compile(const std::string& text) {
  const auto* options = v1::Personal_descriptor()->file();
  const auto* descriptor = google::protobuf::FieldOptions::descriptor()->file();
  MemoryTree tree({{"test.proto", text},
                   {options->name(), options->DebugString()},
                   {descriptor->name(), descriptor->DebugString()}});
  FailTest errors;
  google::protobuf::compiler::Importer importer(&tree, &errors);
  google::protobuf::FileDescriptorProto compiled;
  const auto* file = importer.Import("test.proto");
  if (file == nullptr) {
    return compiled;
  }
  file->CopyTo(&compiled);
  file->CopySourceCodeInfoTo(&compiled);
  // Our options came out as unknown fields; read again, they are known.
  google::protobuf::FileDescriptorProto reread;
  EXPECT_TRUE(reread.ParseFromString(compiled.SerializeAsString()));
  return reread;
}

}  // namespace hallwarden::vocabulary
