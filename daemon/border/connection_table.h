// Which connections are open, and whether one more may be.
#ifndef HALLWARDEN_DAEMON_BORDER_CONNECTION_TABLE_H_
#define HALLWARDEN_DAEMON_BORDER_CONNECTION_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace hallwarden::daemon {

struct ConnectionLimits {
  std::size_t connections_max = 4096;
  // Of one address; of one /64 with IPv6. This host itself is not counted: it is where tunnels and
  // proxies end.
  std::size_t per_address_max = 256;
  // New ones of one address: so many at once, then so many a second.
  double burst = 256;
  double per_second = 32;
};

enum class Admission : std::uint8_t {
  kAdmitted,
  kTooMany,           // in all
  kTooManyOfAddress,  // of this address
  kTooFast,           // of this address, for now
};

// gRPC does not tell when a connection ends. So every connection is remembered as its descriptor
// and the inode of its socket, and looked after when room is needed: a descriptor that is another
// socket by now, or none, is a connection that ended. Not thread-safe.
class ConnectionTable {
 public:
  // Whether descriptor `fd` still is the socket `inode`.
  using IsOpen = std::function<bool(int fd, std::uint64_t inode)>;

  ConnectionTable(const ConnectionLimits& limits, IsOpen is_open);

  // Whether a connection from `address` (see AddressKey) may be taken. `now_us` never decreases.
  [[nodiscard]] Admission Admit(const std::string& address, std::int64_t now_us);
  // It was taken.
  void Add(const std::string& address, int fd, std::uint64_t inode);
  // Forgets connections that ended, and addresses that have been quiet.
  void Sweep(std::int64_t now_us);

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Connection {
    int fd = -1;
    std::uint64_t inode = 0;
  };
  struct Address {
    std::vector<Connection> open;
    double tokens = 0;
    std::int64_t refilled_us = 0;
  };

  // Not again and again while everything is full: a flood must cost little.
  void SweepIfDue(std::int64_t now_us);
  void SweepOne(Address* address);
  void Refill(std::int64_t now_us, Address* address) const;

  const ConnectionLimits limits_;
  const IsOpen is_open_;
  std::map<std::string, Address, std::less<>> addresses_;
  std::size_t size_ = 0;
  std::int64_t next_sweep_us_ = 0;
};

// Empty for this host's own addresses and unix sockets; `1.2.3.4` or the first half of an IPv6
// address otherwise. `peer` points at a sockaddr.
[[nodiscard]] std::string AddressKey(const void* peer);

// Looks at a descriptor of this process.
[[nodiscard]] bool IsSameSocket(int fd, std::uint64_t inode);
// 0 if it is none.
[[nodiscard]] std::uint64_t SocketInode(int fd);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_BORDER_CONNECTION_TABLE_H_
