#include "daemon/border/address.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::daemon {
namespace {

constexpr int kBacklog = 1024;
constexpr int kPortMax = 65535;
constexpr const char* kUnix = "unix:";

std::string Error(int number) {
  return std::generic_category().message(number);
}

absl::Status CannotListen(const std::string& address, int number) {
  return absl::UnavailableError(
      absl::StrCat("cannot listen on ", address, ": ", Error(number),
                   number == EADDRINUSE ? ": is another daemon running there?" : ""));
}

struct HostPort {
  std::string host;
  int port = 0;
};

absl::StatusOr<HostPort> SplitHostPort(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  HostPort out;
  if (colon != std::string::npos) {
    const char* const end = address.data() + address.size();
    const auto parsed = std::from_chars(address.data() + colon + 1, end, out.port);
    out.host = address.substr(0, colon);
    const bool bracketed = out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']';
    if (bracketed) out.host = out.host.substr(1, out.host.size() - 2);
    const bool plain = bracketed || out.host.find_first_of(":[]") == std::string::npos;
    if (parsed.ec == std::errc() && parsed.ptr == end && !out.host.empty() && plain &&
        out.port >= 0 && out.port <= kPortMax) {
      return out;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("cannot listen on `", address, "`: give HOST:PORT, [IPV6]:PORT or unix:PATH"));
}

int PortOf(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof(bound);
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &size) != 0) return 0;
  if (bound.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&bound)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&bound)->sin_port);
}

void SetPort(int port, sockaddr* address) {
  const auto network = htons(static_cast<std::uint16_t>(port));
  if (address->sa_family == AF_INET6) {
    reinterpret_cast<sockaddr_in6*>(address)->sin6_port = network;
  } else {
    reinterpret_cast<sockaddr_in*>(address)->sin_port = network;
  }
}

// errno, 0: done.
int BindTcp(const sockaddr* address, socklen_t size, int* fd) {
  *fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (*fd < 0) return errno;
  // A restart must not wait for the connections of the daemon before; without SO_REUSEPORT a second
  // daemon still cannot have the port.
  const int on = 1;
  setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  // [::] takes IPv4, too.
  const int off = 0;
  if (address->sa_family == AF_INET6) {
    setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  }
  if (bind(*fd, address, size) == 0 && listen(*fd, kBacklog) == 0) return 0;
  const int error = errno;
  close(*fd);
  return error;
}

absl::StatusOr<std::vector<ListeningSocket>> ListenTcp(const std::string& address) {
  const absl::StatusOr<HostPort> place = SplitHostPort(address);
  if (!place.ok()) return place.status();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE;
  addrinfo* found = nullptr;
  const int failed = getaddrinfo(place->host.c_str(), nullptr, &hints, &found);
  if (failed != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", address, ": ", gai_strerror(failed)));
  }
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
  std::vector<ListeningSocket> sockets;
  int port = place->port;
  int last_error = EADDRNOTAVAIL;
  for (addrinfo* info = found; info != nullptr; info = info->ai_next) {
    if (info->ai_family != AF_INET && info->ai_family != AF_INET6) continue;
    SetPort(port, info->ai_addr);
    int fd = -1;
    const int error = BindTcp(info->ai_addr, info->ai_addrlen, &fd);
    if (error == EADDRINUSE) return CannotListen(address, error);
    if (error != 0) {
      // localhost has an IPv6 address on hosts without IPv6, too.
      last_error = error;
      continue;
    }
    port = PortOf(fd);
    sockets.emplace_back(fd, port, "");
  }
  if (sockets.empty()) return CannotListen(address, last_error);
  return sockets;
}

// What a daemon that was killed left behind; a socket that answers stays.
void RemoveDeadSocket(const sockaddr_un& name) {
  struct stat info {};
  if (lstat(name.sun_path, &info) != 0 || !S_ISSOCK(info.st_mode)) return;
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  if (connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 &&
      errno == ECONNREFUSED) {
    unlink(name.sun_path);
  }
  close(fd);
}

absl::StatusOr<std::vector<ListeningSocket>> ListenUnix(const std::string& address) {
  std::string path = address.substr(std::strlen(kUnix));
  if (path.rfind("//", 0) == 0) path = path.substr(2);
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof(name.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on `", address,
                                                   "`: a path of 1 to ", sizeof(name.sun_path) - 1,
                                                   " bytes is needed"));
  }
  std::copy(path.begin(), path.end(), std::begin(name.sun_path));
  RemoveDeadSocket(name);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return CannotListen(address, errno);
  if (bind(fd, reinterpret_cast<const sockaddr*>(&name), sizeof(name)) != 0 ||
      listen(fd, kBacklog) != 0) {
    const int error = errno;
    close(fd);
    return CannotListen(address, error);
  }
  std::vector<ListeningSocket> sockets;
  sockets.emplace_back(fd, 0, path);
  return sockets;
}

}  // namespace

bool IsLoopback(const std::string& listen) {
  if (listen.rfind(kUnix, 0) == 0) return true;
  if (listen.rfind("[::1]:", 0) == 0) return true;
  const std::size_t colon = listen.rfind(':');
  const std::string host = listen.substr(0, colon);
  if (host == "localhost") return true;
  // Four numbers, so that 127.0.0.1.example.org is none.
  if (host.rfind("127.", 0) != 0) return false;
  return std::count(host.begin(), host.end(), '.') == 3 &&
         host.find_first_not_of("0123456789.") == std::string::npos;
}

ListeningSocket::~ListeningSocket() {
  if (fd_ < 0) return;
  close(fd_);
  if (!unix_path_.empty()) unlink(unix_path_.c_str());
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      port_(other.port_),
      unix_path_(std::move(other.unix_path_)) {}

absl::StatusOr<std::vector<ListeningSocket>> Listen(const std::string& address) {
  return address.rfind(kUnix, 0) == 0 ? ListenUnix(address) : ListenTcp(address);
}

}  // namespace hallwarden::daemon
