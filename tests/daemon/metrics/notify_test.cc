#include "daemon/metrics/notify.h"

#include <cstdlib>
#include <cstring>
#include <string>

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hallwarden::daemon {
namespace {

TEST(NotifyTest, SendsOneDatagramToTheSocket) {
  std::string directory = ::testing::TempDir() + "/notifyXXXXXX";
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  const std::string path = directory + "/socket";
  const int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
  ASSERT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  EXPECT_TRUE(SendNotify(path, "READY=1"));
  char buffer[64];
  const ssize_t got = recv(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
  EXPECT_EQ(std::string(buffer, got < 0 ? 0 : static_cast<std::size_t>(got)), "READY=1");
  close(fd);
  unlink(path.c_str());
  rmdir(directory.c_str());
}

TEST(NotifyTest, NobodyThereIsNoHarm) {
  EXPECT_FALSE(SendNotify("", "READY=1"));
  EXPECT_FALSE(SendNotify("relative", "READY=1"));
  EXPECT_FALSE(SendNotify("/nonexistent/socket", "READY=1"));
  EXPECT_FALSE(SendNotify(std::string(200, '/'), "READY=1"));
}

}  // namespace
}  // namespace hallwarden::daemon
