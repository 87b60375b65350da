// Where the daemon listens.
#ifndef HALLWARDEN_DAEMON_BORDER_ADDRESS_H_
#define HALLWARDEN_DAEMON_BORDER_ADDRESS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace hallwarden::daemon {

// True for 127.0.0.0/8, ::1, localhost and unix sockets, with a port where there is one.
[[nodiscard]] bool IsLoopback(const std::string& listen);

// A socket that listens. Closes it, and takes the file of a unix socket away.
class ListeningSocket {
 public:
  ListeningSocket(int fd, int port, std::string unix_path)
      : fd_(fd), port_(port), unix_path_(std::move(unix_path)) {}
  ~ListeningSocket();
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&& other) = delete;

  // Non-blocking, closed on exec.
  [[nodiscard]] int fd() const { return fd_; }
  // 0 for unix sockets.
  [[nodiscard]] int port() const { return port_; }

 private:
  int fd_;
  int port_;
  std::string unix_path_;
};

// Listens on `HOST:PORT`, `[IPV6]:PORT` or `unix:PATH`; port 0 is any free one, and a name with
// several addresses gets one socket for each that this host has. A unix socket that nobody answers
// on any more is replaced. INVALID_ARGUMENT: not such an address; UNAVAILABLE: it is taken or not
// this host's.
[[nodiscard]] absl::StatusOr<std::vector<ListeningSocket>> Listen(const std::string& address);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_BORDER_ADDRESS_H_
