// The programs over TLS with the certificates of tools/certs; a daemon that runs out of
// descriptors, and one that is asked to stop while a client reads nothing.
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/e2e/child.h"

namespace hallwarden::e2e {
namespace {

class BorderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Certs({"init", "hall.test"});
    Certs({"daemon", "localhost", "127.0.0.1"});
    Certs({"server", "gs1"});
    Certs({"server", "gs2"});
    StartDaemon();
    ASSERT_TRUE(Await(
        [this] {
          return Gmctl({"token", "create", "--principal", "gs1", "--role", "server", "--reason",
                        "border test", "--yes"}) == 0;
        },
        60))
        << ReadFile(scratch_ / "out.err") << ReadFile(log_);
    const std::string text = ReadFile(log_);
    const std::string key = "listens on ";
    const std::size_t at = text.find(key);
    ASSERT_NE(at, std::string::npos) << text;
    const std::size_t begin = at + key.size();
    address_ = text.substr(begin, text.find(',', begin) - begin);
  }

  void Certs(std::vector<std::string> words) {
    words.insert(words.begin(), Cert(""));
    EXPECT_EQ(RunToEnd(HW_CERTS, words, scratch_ / "certs.out"), 0)
        << ReadFile(scratch_ / "certs.out.err");
  }
  std::string Cert(const std::string& file) { return (scratch_ / "certs") / file; }

  void StartDaemon() {
    daemon_ = std::make_unique<Child>(
        HW_HALLWARDEND,
        std::vector<std::string>{
            "--store", scratch_ / "store", "--listen", "127.0.0.1:0", "--listen-plain", plain_,
            "--tls-cert", Cert("daemon.crt"), "--tls-key", Cert("daemon.key"), "--tls-client-ca",
            Cert("ca.pem"), "--tls-crl", Cert("revoked.pem"), "--tls-trust-domain", "hall.test"},
        log_);
  }

  // As the administrator, on the daemon's own host.
  int Gmctl(std::vector<std::string> words) { return GmctlAt(plain_, std::move(words)); }
  int GmctlAt(const std::string& server, std::vector<std::string> words) {
    words.insert(words.end(), {"--server", server, "--token-file",
                               (scratch_ / "store") / "admin.token", "--timeout", "3s"});
    return RunToEnd(HW_GMCTL, words, scratch_ / "out");
  }

  // Ships one event.
  int Relay(const std::string& name, std::vector<std::string> words) {
    const std::filesystem::path feed = scratch_ / (name + ".jsonl");
    WriteFile(feed, "{\"account\":\"p1\",\"registered\":{\"nickname\":\"cGxheWVy\"}}\n");
    words.insert(words.end(), {"--server", address_, "--tls-ca", Cert("ca.pem"), "--from-start",
                               "--once", "--quiet", feed});
    return RunToEnd(HW_RELAY, words, scratch_ / (name + ".out"));
  }
  std::vector<std::string> Shows(const std::string& certificate) {
    return {"--tls-cert", Cert(certificate + ".crt"), "--tls-key", Cert(certificate + ".key")};
  }

  // A TCP connection that says nothing; -1 if it is refused.
  int Dial() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(
        static_cast<std::uint16_t>(std::atoi(address_.substr(address_.rfind(':') + 1).c_str())));
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0) return fd;
    close(fd);
    return -1;
  }

  Scratch scratch_;
  const std::filesystem::path log_ = scratch_ / "daemon.log";
  const std::string plain_ = "unix:" + (scratch_ / "plain.sock").string();
  std::unique_ptr<Child> daemon_;
  std::string address_;
};

TEST_F(BorderTest, TheProgramsSpeakTls) {
  EXPECT_EQ(Relay("good", Shows("server-gs1")), 0) << ReadFile(scratch_ / "good.out.err");
  EXPECT_EQ(GmctlAt(address_, {"who", "p1", "--tls-ca", Cert("ca.pem")}), 0)
      << ReadFile(scratch_ / "out.err");
  EXPECT_EQ(Relay("unregistered", Shows("server-gs2")), 3) << "an admin must know it first";
  EXPECT_NE(ReadFile(scratch_ / "unregistered.out.err").find("CERTIFICATE_UNKNOWN"),
            std::string::npos)
      << ReadFile(scratch_ / "unregistered.out.err");
  Certs({"revoke", Cert("server-gs1.crt")});
  EXPECT_TRUE(Await([this] { return Relay("revoked", Shows("server-gs1")) == 3; }, 30));
  EXPECT_NE(ReadFile(scratch_ / "revoked.out.err").find("CERTIFICATE_REVOKED"), std::string::npos)
      << ReadFile(scratch_ / "revoked.out.err");
  Certs({"server", "gs1"});
  EXPECT_EQ(Relay("renewed", Shows("server-gs1")), 0) << ReadFile(scratch_ / "renewed.out.err");
}

TEST_F(BorderTest, ADaemonThatRanOutOfDescriptorsServesAgain) {
  const std::filesystem::path fds = "/proc/" + std::to_string(daemon_->pid()) + "/fd";
  const auto open = static_cast<rlim_t>(std::distance(std::filesystem::directory_iterator(fds),
                                                      std::filesystem::directory_iterator()));
  rlimit before{};
  ASSERT_EQ(prlimit(daemon_->pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  const rlimit low{open + 8, before.rlim_max};
  ASSERT_EQ(prlimit(daemon_->pid(), RLIMIT_NOFILE, &low, nullptr), 0);
  std::vector<int> idle;
  for (int i = 0; i < 100; ++i)
    idle.push_back(Dial());
  ASSERT_TRUE(Await(
      [this] { return ReadFile(log_).find("no descriptor is left") != std::string::npos; }, 30))
      << ReadFile(log_);
  for (const int fd : idle) {
    if (fd >= 0) close(fd);
  }
  // The limit stays as low as it is: the daemon gets by with what came free.
  EXPECT_TRUE(Await(
      [this] {
        return GmctlAt(address_, {"whoami", "--tls-ca", Cert("ca.pem")}) == 0;
      },
      30))
      << ReadFile(scratch_ / "out.err") << ReadFile(log_);
  EXPECT_TRUE(daemon_->Running());
}

TEST_F(BorderTest, AStopTakesSecondsThoughAClientReadsNothing) {
  Child tail(HW_GMCTL,
             {"tail", "--server", plain_, "--token-file", (scratch_ / "store") / "admin.token"},
             scratch_ / "tail.log");
  ASSERT_TRUE(Await([this] { return Gmctl({"whoami"}) == 0; }, 30));
  tail.Signal(SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  daemon_->Signal(SIGTERM);
  EXPECT_EQ(daemon_->Wait(), 0) << ReadFile(log_);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_LT(took, std::chrono::seconds(10)) << "five seconds, and what a busy machine adds";
  RecordProperty("milliseconds", static_cast<int>(took / std::chrono::milliseconds(1)));
  tail.Signal(SIGCONT);
  tail.Signal(SIGKILL);
}

}  // namespace
}  // namespace hallwarden::e2e
