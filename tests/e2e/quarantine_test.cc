// A game server that lies, seen by its operator: the breaker trips, it is cut off, what it caused
// is undone although the daemon is killed meanwhile, it comes back, and nobody else noticed.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/child.h"

namespace hallwarden::e2e {
namespace {

using ::testing::HasSubstr;

// More than the breaker lets pass in two minutes of the clock, should one end just now.
constexpr int kAccused = 400;
constexpr std::size_t kPerMinute = 150;

class QuarantineTest : public ::testing::Test {
 protected:
  void StartDaemon() {
    WriteFile(log_, "");
    daemon_ = std::make_unique<Child>(
        HW_HALLWARDEND,
        std::vector<std::string>{"--store", store_.string(), "--listen", address_, "--metrics",
                                 "127.0.0.1:0", "--log-format", "json"},
        log_);
    ASSERT_TRUE(Await([&] { return MetricsPort() != 0; }, 60)) << ReadFile(log_);
  }

  int MetricsPort() {
    const std::string text = ReadFile(log_);
    const std::string key = "metrics on port ";
    const std::size_t at = text.find(key);
    return at == std::string::npos ? 0 : std::atoi(text.c_str() + at + key.size());
  }

  // Standard output of gmctl; empty if it failed.
  std::string Gmctl(std::vector<std::string> words) {
    std::vector<std::string> all = {"--server", address_, "--token-file",
                                    (store_ / "admin.token").string()};
    all.insert(all.end(), words.begin(), words.end());
    const std::filesystem::path out = scratch_ / "gmctl.out";
    code_ = RunToEnd(HW_GMCTL, all, out);
    return ReadFile(out);
  }

  void MakeToken(const std::string& server) {
    std::string text;
    ASSERT_TRUE(Await(
        [&] {
          text = Gmctl({"token", "create", "--principal", server, "--role", "server", "--reason",
                        "quarantine test", "--yes", "-o", "json"});
          return code_ == 0;
        },
        60))
        << ReadFile(scratch_ / "gmctl.out.err") << ReadFile(log_);
    const std::size_t at = text.find("hw_");
    ASSERT_NE(at, std::string::npos) << text;
    WriteFile(scratch_ / (server + ".token"),
              text.substr(at, text.find_first_of("\"\n ", at) - at) + "\n");
  }

  std::unique_ptr<Child> StartRelay(const std::string& server) {
    return std::make_unique<Child>(
        HW_RELAY,
        std::vector<std::string>{"--server", address_, "--token-file",
                                 (scratch_ / (server + ".token")).string(), "--position",
                                 (scratch_ / (server + ".position")).string(), "--from-start",
                                 "--follow", (scratch_ / (server + ".jsonl")).string()},
        scratch_ / (server + ".log"));
  }

  void Feed(const std::string& server, const std::string& prefix, int count,
            const std::string& nickname) {
    std::string text;
    for (int i = 1; i <= count; ++i) {
      text += R"({"account":")" + prefix + std::to_string(i) + R"(","registered":{"nickname":")" +
              base64_.at(nickname) + "\"}}\n";
      ++fed_[server];
    }
    std::ofstream(scratch_ / (server + ".jsonl"), std::ios::app) << text;
  }

  bool Acked(const std::string& server) {
    const std::string text = ReadFile(scratch_ / (server + ".position"));
    const std::string key = "last_acked_seq ";
    const std::size_t at = text.find(key);
    return at != std::string::npos && std::atoi(text.c_str() + at + key.size()) >= fed_[server];
  }

  std::string Page(const std::string& path) {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(MetricsPort()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    std::string page;
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
      const std::string request = "GET " + path + " HTTP/1.1\r\n\r\n";
      EXPECT_GT(send(fd, request.data(), request.size(), MSG_NOSIGNAL), 0);
      char buffer[4096];
      for (ssize_t got = 0; (got = recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
        page.append(buffer, static_cast<std::size_t>(got));
      }
    }
    close(fd);
    return page;
  }

  std::size_t Sanctions(const std::string& state) {
    const std::string rows = Gmctl({"sanction", "ls", "--all", "--state", state, "-o", "name"});
    return static_cast<std::size_t>(std::count(rows.begin(), rows.end(), '\n'));
  }

  Scratch scratch_;
  std::filesystem::path store_ = scratch_ / "store";
  std::filesystem::path log_ = scratch_ / "daemon.log";
  std::string address_ = "unix:" + (scratch_ / "sock").string();
  std::unique_ptr<Child> daemon_;
  int code_ = 0;
  std::map<std::string, int> fed_;
  // The relay reads proto3 JSON: bytes are base64.
  std::map<std::string, std::string> base64_ = {{"fuck you", "ZnVjayB5b3U="}, {"anna", "YW5uYQ=="}};
};

TEST_F(QuarantineTest, ALyingServerIsCutOffAndUndoneAndComesBack) {
  StartDaemon();
  MakeToken("liar");
  MakeToken("honest");
  Feed("liar", "victim", kAccused, "fuck you");
  Feed("honest", "player", 10, "anna");
  const std::unique_ptr<Child> liar = StartRelay("liar");
  const std::unique_ptr<Child> honest = StartRelay("honest");
  ASSERT_TRUE(Await([&] { return Acked("liar") && Acked("honest"); }, 60))
      << ReadFile(scratch_ / "liar.log") << ReadFile(log_);

  EXPECT_THAT(Gmctl({"server", "show", "liar", "-o", "json"}), HasSubstr("trip_time"));
  EXPECT_THAT(Page("/metrics"), HasSubstr("hallwarden_server_tripped{server=\"liar\"} 1\n"));
  const std::size_t imposed = Sanctions("pending");
  EXPECT_GE(imposed, kPerMinute);
  EXPECT_LE(imposed, 2 * kPerMinute);

  Gmctl({"server", "quarantine", "liar", "--reason", "looks broken into", "--yes"});
  ASSERT_EQ(code_, 0) << ReadFile(scratch_ / "gmctl.out.err");
  ASSERT_TRUE(Await(
      [&] {
        return Page("/metrics").find("hallwarden_server_connected{server=\"liar\"} 0\n") !=
               std::string::npos;
      },
      10));
  Feed("liar", "later", 5, "anna");
  Feed("honest", "more", 5, "anna");
  ASSERT_TRUE(Await([&] { return Acked("honest"); }, 60)) << ReadFile(scratch_ / "honest.log");
  EXPECT_FALSE(Acked("liar"));
  EXPECT_THAT(Page("/readyz"), HasSubstr("\"check\":\"quarantine\",\"ok\":false"));
  EXPECT_THAT(Page("/readyz"), HasSubstr("HTTP/1.1 200 OK")) << "the daemon itself is well";

  Gmctl(
      {"server", "reverse", "liar", "--since", "1h", "--reason", "looks broken into", "--dry-run"});
  EXPECT_EQ(code_, 6) << "a plan that would change something";
  EXPECT_EQ(Sanctions("pending"), imposed);
  Gmctl({"server", "reverse", "liar", "--since", "1h", "--reason", "looks broken into", "--confirm",
         "liar"});
  ASSERT_EQ(code_, 0) << ReadFile(scratch_ / "gmctl.out.err");
  daemon_->Signal(SIGKILL);
  daemon_->Wait();
  StartDaemon();
  ASSERT_TRUE(Await([&] { return Sanctions("lifted") == imposed && code_ == 0; }, 60))
      << ReadFile(scratch_ / "gmctl.out.err");
  EXPECT_EQ(Sanctions("pending"), 0U);
  EXPECT_THAT(Page("/metrics"), HasSubstr("hallwarden_server_quarantined{server=\"liar\"} 1\n"));

  Gmctl({"server", "release", "liar", "--reason", "mended", "--yes"});
  ASSERT_EQ(code_, 0) << ReadFile(scratch_ / "gmctl.out.err");
  ASSERT_TRUE(Await([&] { return Acked("liar"); }, 120)) << ReadFile(scratch_ / "liar.log");
  daemon_->Signal(SIGTERM);
  EXPECT_EQ(daemon_->Wait(), 0) << ReadFile(log_);
  EXPECT_EQ(ReadFile(log_).find("victim"), std::string::npos) << "no player in the log";
}

}  // namespace
}  // namespace hallwarden::e2e
