// Unauthenticated calls are counted by peer and minute, in bounded memory.
#include "daemon/auth/peer_counter.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t kMinute = 60'000'000;

class PeerCounterTest : public ::testing::Test {
 protected:
  std::vector<std::string> lines_;
  PeerCounter counter_{[this](const PeerCounter::Line& line) {
                         lines_.push_back(std::to_string(line.minute_us / kMinute) + " " +
                                          line.peer + " " + std::to_string(line.count));
                       },
                       2};
};

TEST_F(PeerCounterTest, TellsOneLineAPeerWhenTheMinuteIsOver) {
  counter_.Count("10.0.0.1", 5 * kMinute);
  counter_.Count("10.0.0.2", 5 * kMinute + 1);
  counter_.Count("10.0.0.1", 6 * kMinute - 1);
  EXPECT_THAT(lines_, IsEmpty());
  counter_.Count("10.0.0.1", 6 * kMinute);
  EXPECT_THAT(lines_, ElementsAre("5 10.0.0.1 2", "5 10.0.0.2 1"));
  EXPECT_EQ(counter_.total(), 4U);
}

TEST_F(PeerCounterTest, CountsPeersBeyondTheLimitTogether) {
  for (int i = 0; i < 10; ++i)
    counter_.Count("10.0.0." + std::to_string(i), 0);
  counter_.Count("10.0.0.1", kMinute);
  EXPECT_THAT(lines_, ElementsAre("0  8", "0 10.0.0.0 1", "0 10.0.0.1 1"));
}

TEST(AddressOf, LeavesSchemeAndPortOut) {
  EXPECT_EQ(AddressOf("ipv4:10.0.0.1:5000"), "10.0.0.1");
  EXPECT_EQ(AddressOf("ipv6:[2001:db8::1]:5000"), "2001:db8::1");
  EXPECT_EQ(AddressOf("ipv6:%5B::1%5D:5000"), "::1");
  EXPECT_EQ(AddressOf("unix:/tmp/socket"), "unix");
  EXPECT_EQ(AddressOf("inproc"), "inproc");
  EXPECT_EQ(AddressOf(""), "");
}

}  // namespace
}  // namespace hallwarden::daemon
