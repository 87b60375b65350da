#include "tests/arch/link_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::arch {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ParseLinkClosureTest, ReadsNameLabelsAndLinks) {
  const auto targets =
      ParseLinkClosure("hw_rules\t\thw_proto absl::status\na_test\tgrpc,daemon\tx\nhw_proto\t\t\n");
  ASSERT_THAT(targets, SizeIs(3));
  EXPECT_EQ(targets[0].name, "hw_rules");
  EXPECT_THAT(targets[0].labels, IsEmpty());
  EXPECT_THAT(targets[0].links, ElementsAre("hw_proto", "absl::status"));
  EXPECT_THAT(targets[1].labels, ElementsAre("daemon", "grpc"));
  EXPECT_THAT(targets[2].links, IsEmpty());
}

TEST(CheckLinksTest, RulesReachNeitherGrpcNorRocksDb) {
  EXPECT_THAT(CheckLinks({{"hw_rules", {}, {"hw_proto", "gRPC::grpc++"}}}), SizeIs(1));
  EXPECT_THAT(CheckLinks({{"hw_rules", {}, {"RocksDB::rocksdb-shared"}}}), SizeIs(1));
  EXPECT_THAT(CheckLinks({{"hw_rules_text", {}, {"/usr/lib/librocksdb.so"}}}), SizeIs(1));
  EXPECT_THAT(CheckLinks({{"hw_rules", {}, {"hw_proto", "absl::status"}}}), IsEmpty());
}

TEST(CheckLinksTest, MessagesStayFreeOfGrpc) {
  EXPECT_THAT(CheckLinks({{"hw_proto", {}, {"gRPC::grpc++"}}}), SizeIs(1));
}

TEST(CheckLinksTest, StorageStaysBelowTheDaemon) {
  EXPECT_THAT(CheckLinks({{"hw_storage", {}, {"hw_grpc_proto"}}}), SizeIs(1));
  EXPECT_THAT(CheckLinks({{"hw_storage", {}, {"hw_rules", "RocksDB::rocksdb-shared"}}}), IsEmpty());
}

TEST(CheckLinksTest, TheSimulatorNeverReachesRules) {
  EXPECT_THAT(CheckLinks({{"hallsim", {}, {"hw_grpc_proto", "hw_rules"}}}),
              ElementsAre(Field(&Violation::what, HasSubstr("hw_rules"))));
  EXPECT_THAT(CheckLinks({{"hallsim_test", {"grpc"}, {"hw_rules"}}}), IsEmpty());
}

TEST(CheckLinksTest, ATestWithGrpcIsLabelled) {
  EXPECT_THAT(CheckLinks({{"a_test", {"daemon"}, {"gRPC::grpc++"}}}), SizeIs(1));
  EXPECT_THAT(CheckLinks({{"a_test", {"daemon", "grpc"}, {"gRPC::grpc++"}}}), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::arch
