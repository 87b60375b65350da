#include "daemon/border/connection_table.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

class ConnectionTableTest : public ::testing::Test {
 protected:
  // Takes connections until one is refused; why that was.
  Admission Fill(const std::string& address, int* taken) {
    for (*taken = 0;; ++*taken) {
      const Admission admission = table_.Admit(address, now_us_);
      if (admission != Admission::kAdmitted) return admission;
      table_.Add(address, ++last_fd_, 1);
      open_.insert(last_fd_);
    }
  }

  std::set<int> open_;
  int last_fd_ = 0;
  std::int64_t now_us_ = kSecond;
  ConnectionTable table_{{.connections_max = 10, .per_address_max = 4, .burst = 6, .per_second = 2},
                         [this](int fd, std::uint64_t) { return open_.contains(fd); }};
};

TEST_F(ConnectionTableTest, OneAddressHasItsShareOnly) {
  int taken = 0;
  EXPECT_EQ(Fill("10.0.0.1", &taken), Admission::kTooManyOfAddress);
  EXPECT_EQ(taken, 4);
  EXPECT_EQ(table_.Admit("10.0.0.2", now_us_), Admission::kAdmitted) << "another is unharmed";
}

TEST_F(ConnectionTableTest, WhoClosesMayOpenAgain) {
  int taken = 0;
  EXPECT_EQ(Fill("10.0.0.1", &taken), Admission::kTooManyOfAddress);
  open_.erase(open_.begin());
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kAdmitted);
}

TEST_F(ConnectionTableTest, WhoHurriesWaits) {
  for (int i = 0; i < 6; ++i)
    EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kAdmitted) << i;
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kTooFast);
  now_us_ += 2 * kSecond;
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kAdmitted);
}

TEST_F(ConnectionTableTest, WhoNeverStopsTryingIsNotForgivenSooner) {
  for (int i = 0; i < 1000; ++i)
    (void)table_.Admit("10.0.0.1", now_us_);
  now_us_ += kSecond;
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kTooFast);
  now_us_ += 5 * kSecond;
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kAdmitted);
}

TEST_F(ConnectionTableTest, ThisHostFillsTheHouseButNoMore) {
  int taken = 0;
  EXPECT_EQ(Fill("", &taken), Admission::kTooMany);
  EXPECT_EQ(taken, 10);
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kTooMany);
  open_.clear();
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kTooMany) << "just looked after";
  now_us_ += kSecond;
  EXPECT_EQ(table_.Admit("10.0.0.1", now_us_), Admission::kAdmitted) << "looked after when full";
  EXPECT_EQ(table_.size(), 0U);
}

TEST_F(ConnectionTableTest, AFloodFromManyAddressesCostsBoundedMemory) {
  for (int i = 0; i < 40'000; ++i)
    (void)table_.Admit("10." + std::to_string(i), now_us_);
  // Beyond the limit all are one, and that one hurries.
  EXPECT_EQ(table_.Admit("10.x", now_us_), Admission::kTooFast);
  now_us_ += 10 * kSecond;
  EXPECT_EQ(table_.Admit("10.x", now_us_), Admission::kAdmitted) << "the quiet ones are forgotten";
}

TEST(AddressKeyTest, NamesHostsAndNotTheirPorts) {
  const auto v4 = [](const char* text) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, text, &address.sin_addr);
    return AddressKey(&address);
  };
  const auto v6 = [](const char* text) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    inet_pton(AF_INET6, text, &address.sin6_addr);
    return AddressKey(&address);
  };
  EXPECT_EQ(v4("10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(v4("127.9.9.9"), "");
  EXPECT_EQ(v6("::1"), "");
  EXPECT_EQ(v6("::ffff:127.0.0.1"), "");
  EXPECT_EQ(v6("::ffff:10.1.2.3"), "10.1.2.3");
  EXPECT_EQ(v6("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
  const sockaddr unix_socket{.sa_family = AF_UNIX, .sa_data = {}};
  EXPECT_EQ(AddressKey(&unix_socket), "");
}

}  // namespace
}  // namespace hallwarden::daemon
