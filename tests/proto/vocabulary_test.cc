// The checks of this folder, applied to proto/hallwarden/v1.

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include "tests/proto/lock.h"
#include "tests/proto/style.h"

namespace hallwarden::vocabulary {
namespace {

constexpr char kPackage[] = "hallwarden.v1";

google::protobuf::FileDescriptorSet ReadDescriptors() {
  std::ifstream in(HW_DESCRIPTORS, std::ios::binary);
  google::protobuf::FileDescriptorSet set;
  EXPECT_TRUE(set.ParseFromIstream(&in)) << HW_DESCRIPTORS;
  return set;
}

TEST(VocabularyTest, FollowsItsStyle) {
  const auto set = ReadDescriptors();
  int files = 0;
  for (const auto& file : set.file()) {
    if (file.package() != kPackage) {
      continue;  // google.rpc and google.protobuf have rules of their own.
    }
    ++files;
    EXPECT_EQ(file.syntax(), "proto3") << file.name();
    for (const Violation& violation : CheckStyle(file)) {
      ADD_FAILURE() << file.name() << ": " << ToString(violation);
    }
  }
  EXPECT_GT(files, 0);
}

TEST(V1LockTest, NoPromiseIsBroken) {
  const auto current = LockLines(ReadDescriptors(), kPackage);
  ASSERT_FALSE(current.empty());
  // NOLINTNEXTLINE(concurrency-mt-unsafe): a test has one thread
  if (std::getenv("HW_UPDATE_LOCK") != nullptr) {
    std::ofstream out(HW_LOCK_FILE, std::ios::binary | std::ios::trunc);
    out << PrintLock(current);
    ASSERT_TRUE(out.flush()) << HW_LOCK_FILE;
    return;
  }
  std::ifstream in(HW_LOCK_FILE, std::ios::binary);
  ASSERT_TRUE(in) << HW_LOCK_FILE;
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const LockDifference difference = Compare(ParseLock(text), current);
  for (const std::string& line : difference.broken) {
    ADD_FAILURE() << line;
  }
  if (!difference.broken.empty()) {
    ADD_FAILURE()
        << "Clients and stored bytes rely on these lines: keep them, and add beside them.\n"
           "Where nobody can have used them yet: HW_UPDATE_LOCK=1 ctest --preset dev -R V1Lock";
  }
  if (!difference.added.empty()) {
    std::cout
        << difference.added.size()
        << " additions are not written down yet: HW_UPDATE_LOCK=1 ctest --preset dev -R V1Lock\n";
  }
}

}  // namespace
}  // namespace hallwarden::vocabulary
