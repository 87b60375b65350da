#include "daemon/metrics/notify.h"

#include <cstddef>
#include <cstdlib>
#include <cstring>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hallwarden::daemon {

bool SendNotify(const std::string& socket, std::string_view state) {
  sockaddr_un address{};
  if (socket.size() < 2 || socket.size() >= sizeof(address.sun_path)) return false;
  if (socket.front() != '/' && socket.front() != '@') return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket.data(), socket.size());
  if (socket.front() == '@') address.sun_path[0] = '\0';
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const auto sent = ::sendto(fd, state.data(), state.size(), MSG_NOSIGNAL,
                             reinterpret_cast<const sockaddr*>(&address), length);
  ::close(fd);
  return sent == static_cast<ssize_t>(state.size());
}

void Notify(std::string_view state) {
  const char* const socket =
      std::getenv("NOTIFY_SOCKET");  // NOLINT(concurrency-mt-unsafe): never set here
  if (socket != nullptr) static_cast<void>(SendNotify(socket, state));
}

}  // namespace hallwarden::daemon
