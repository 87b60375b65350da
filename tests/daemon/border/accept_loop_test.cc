#include "daemon/border/accept_loop.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/border/address.h"
#include "daemon/mutex.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

class AcceptLoopTest : public ::testing::Test {
 protected:
  ~AcceptLoopTest() override {
    if (loop_ != nullptr) loop_->Stop();
    for (const int fd : taken_)
      close(fd);
    for (const int fd : clients_)
      close(fd);
  }

  void Bind(const std::string& address = "127.0.0.1:0") {
    absl::StatusOr<std::vector<ListeningSocket>> sockets = Listen(address);
    ASSERT_TRUE(sockets.ok()) << sockets.status();
    port_ = sockets->front().port();
    for (ListeningSocket& socket : *sockets) {
      doors_.push_back({std::move(socket), [this](int fd) {
                          const MutexLock lock(&mutex_);
                          taken_.push_back(fd);
                          changed_.NotifyAll();
                        }});
    }
  }
  void Start(const ConnectionLimits& limits = {}) {
    absl::StatusOr<std::unique_ptr<AcceptLoop>> loop = AcceptLoop::Start(
        std::move(doors_), limits, &clock_, [this](const std::string&, Admission) {
          const MutexLock lock(&mutex_);
          ++refused_;
          changed_.NotifyAll();
        });
    ASSERT_TRUE(loop.ok()) << loop.status();
    loop_ = *std::move(loop);
  }
  int Connect() {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    clients_.push_back(fd);
    return fd;
  }
  // Ends with the test's own time-out if it never comes true.
  template <class True>
  void Await(const True& is_true) {
    MutexLock lock(&mutex_);
    while (!is_true())
      changed_.WaitFor(&mutex_, std::chrono::milliseconds(20));
  }

  SystemClock clock_;
  std::vector<AcceptLoop::Door> doors_;
  int port_ = 0;
  Mutex mutex_;
  CondVar changed_;
  std::vector<int> taken_;
  int refused_ = 0;
  std::vector<int> clients_;
  std::unique_ptr<AcceptLoop> loop_;
};

TEST_F(AcceptLoopTest, HandsConnectionsOverReadyForUse) {
  Bind();
  Start();
  Connect();
  Await([this] { return taken_.size() == 1; });
  int no_delay = 0;
  socklen_t size = sizeof(no_delay);
  ASSERT_EQ(getsockopt(taken_[0], IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
  EXPECT_NE(no_delay, 0);
  EXPECT_NE(fcntl(taken_[0], F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(taken_[0], F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(AcceptLoopTest, TakesConnectionsAgainWhenDescriptorsComeFree) {
  Bind();
  // They wait in the kernel's queue.
  for (int i = 0; i < 100; ++i)
    Connect();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  // Two for the loop itself, three for connections, and what gaps there are below.
  const rlimit low{static_cast<rlim_t>(clients_.back()) + 6, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  Start();
  Await([this] { return loop_->Stats().out_of_descriptors >= 3; });
  const ConnectionStats without = loop_->Stats();
  EXPECT_LT(without.accepted, 50U);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  Await([this] {
    const ConnectionStats stats = loop_->Stats();
    return stats.accepted + stats.out_of_descriptors >= 100;
  });
  EXPECT_GT(loop_->Stats().accepted, without.accepted + 50);
}

TEST_F(AcceptLoopTest, ASecondDaemonCannotHaveThePlace) {
  Bind();
  const auto second = Listen("127.0.0.1:" + std::to_string(port_));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("another daemon"));
}

TEST_F(AcceptLoopTest, TooManyAreClosedAndCounted) {
  Bind();
  Start({.connections_max = 2});
  for (int i = 0; i < 3; ++i)
    Connect();
  Await([this] { return refused_ == 1; });
  EXPECT_EQ(loop_->Stats().accepted, 2U);
  EXPECT_EQ(loop_->Stats().refused_too_many, 1U);
  char byte = 0;
  EXPECT_EQ(recv(clients_.back(), &byte, 1, 0), 0) << "closed, not left hanging";
}

TEST_F(AcceptLoopTest, StopClosesTheDoors) {
  Bind();
  Start();
  loop_->Stop();
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  clients_.push_back(fd);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  EXPECT_NE(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
}

TEST(ListenTest, NamesWhatIsWrong) {
  for (const char* address : {"", "7700", "127.0.0.1", "127.0.0.1:", ":7700", "127.0.0.1:70000",
                              "127.0.0.1:x", "::1:7700", "unix:"}) {
    EXPECT_EQ(Listen(address).status().code(), absl::StatusCode::kInvalidArgument) << address;
  }
  EXPECT_EQ(Listen("192.0.2.1:0").status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Listen("unix:/no/such/folder/socket").status().code(), absl::StatusCode::kUnavailable);
}

TEST(ListenTest, ANameMayHaveSeveralAddressesAndOnePort) {
  const auto sockets = Listen("localhost:0");
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  for (const ListeningSocket& socket : *sockets)
    EXPECT_EQ(socket.port(), sockets->front().port());
}

TEST(ListenTest, ADeadUnixSocketIsReplacedAndALiveOneIsNot) {
  std::string folder = ::testing::TempDir() + "listen_XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string address = "unix:" + folder + "/s";
  {
    // Killed: its file stays.
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string path = folder + "/s";
    std::copy(path.begin(), path.end(), std::begin(name.sun_path));
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ASSERT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)), 0);
    close(fd);
  }
  {
    const auto first = Listen(address);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_FALSE(Listen(address).ok());
  }
  EXPECT_FALSE(std::filesystem::exists(folder + "/s")) << "taken away at the end";
  std::filesystem::remove_all(folder);
}

TEST(ListenTest, OnlyThisHostIsLoopback) {
  for (const char* listen : {"127.0.0.1:7700", "127.1.2.3:1", "[::1]:7700", "localhost:7700",
                             "unix:/run/hallwarden.sock"}) {
    EXPECT_TRUE(IsLoopback(listen)) << listen;
  }
  for (const char* listen : {"0.0.0.0:7700", "[::]:7700", "10.0.0.1:1", "example.org:1",
                             "127.0.0.1.example.org:1", "127.evil:1", ":7700", ""}) {
    EXPECT_FALSE(IsLoopback(listen)) << listen;
  }
}

}  // namespace
}  // namespace hallwarden::daemon
