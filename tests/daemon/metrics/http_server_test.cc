// The pages' server over real sockets of this host.
#include "daemon/metrics/http_server.h"

#include <atomic>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hallwarden::daemon {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() {
    auto started = HttpServer::Start("127.0.0.1:0", [this](std::string_view path) {
      ++calls_;
      if (path != "/metrics") return HttpAnswer();
      return HttpAnswer{200, "text/plain", body_};
    });
    EXPECT_TRUE(started.ok()) << started.status();
    server_ = *std::move(started);
  }

  int Connect() {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(server_->port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    return fd;
  }

  static std::string ReadAll(int fd) {
    std::string all;
    char buffer[4096];
    for (;;) {
      const ssize_t got = recv(fd, buffer, sizeof(buffer), 0);
      if (got <= 0) break;
      all.append(buffer, static_cast<std::size_t>(got));
    }
    close(fd);
    return all;
  }

  std::string Ask(const std::string& request) {
    const int fd = Connect();
    EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    return ReadAll(fd);
  }

  std::string body_ = "a 1\n";
  std::atomic<int> calls_{0};
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServerTest, AnswersGetWithAWholePage) {
  body_ = std::string(1 << 20, 'x');
  const std::string page = Ask("GET /metrics?x=1 HTTP/1.1\r\nHost: here\r\n\r\n");
  EXPECT_THAT(page, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(page, HasSubstr("Content-Length: 1048576\r\n"));
  EXPECT_THAT(page, EndsWith("\r\n\r\n" + body_));
}

TEST_F(HttpServerTest, KnowsNoOtherPageAndNoOtherMethod) {
  EXPECT_THAT(Ask("GET /etc/passwd HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404 "));
  EXPECT_THAT(Ask("POST /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405 "));
  EXPECT_EQ(calls_, 1);
}

TEST_F(HttpServerTest, WhoeverBreaksOffOrTalksNonsenseHoldsUpNobody) {
  close(Connect());
  EXPECT_EQ(Ask(std::string(20'000, 'x')), "") << "a head without end";
  EXPECT_THAT(Ask("GET /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, ATakenPortAndABadAddressAreErrors) {
  const auto handler = [](std::string_view) { return HttpAnswer(); };
  const auto taken = HttpServer::Start("127.0.0.1:" + std::to_string(server_->port()), handler);
  ASSERT_FALSE(taken.ok());
  EXPECT_THAT(std::string(taken.status().message()), HasSubstr("is the port taken?"));
  for (const char* listen : {"", "9464", "127.0.0.1:", "127.0.0.1:70000", "here:1", "::1:9464"}) {
    EXPECT_FALSE(HttpServer::Start(listen, handler).ok()) << listen;
  }
}

}  // namespace
}  // namespace hallwarden::daemon
