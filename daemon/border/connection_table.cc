#include "daemon/border/connection_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace hallwarden::daemon {
namespace {

// Addresses that are remembered; a flood from more of them is one address.
constexpr std::size_t kAddressesMax = 16'384;
constexpr const char* kOthers = "others";
constexpr double kUsPerSecond = 1e6;
constexpr std::int64_t kSweepPauseUs = 100'000;

}  // namespace

ConnectionTable::ConnectionTable(const ConnectionLimits& limits, IsOpen is_open)
    : limits_(limits), is_open_(std::move(is_open)) {}

Admission ConnectionTable::Admit(const std::string& address, std::int64_t now_us) {
  if (size_ >= limits_.connections_max) SweepIfDue(now_us);
  if (size_ >= limits_.connections_max) return Admission::kTooMany;
  if (address.empty()) return Admission::kAdmitted;
  auto found = addresses_.find(address);
  if (found == addresses_.end()) {
    if (addresses_.size() >= kAddressesMax) SweepIfDue(now_us);
    const bool full = addresses_.size() >= kAddressesMax;
    found = addresses_.try_emplace(full ? kOthers : address).first;
    if (found->second.refilled_us == 0) {
      found->second.tokens = limits_.burst;
      found->second.refilled_us = now_us;
    }
  }
  Address& of = found->second;
  Refill(now_us, &of);
  // Charged for refused ones, too: who keeps on trying keeps on waiting.
  of.tokens -= 1;
  if (of.tokens < 0) {
    of.tokens = std::max(of.tokens, -limits_.burst);
    return Admission::kTooFast;
  }
  if (of.open.size() >= limits_.per_address_max) SweepOne(&of);
  return of.open.size() >= limits_.per_address_max ? Admission::kTooManyOfAddress
                                                   : Admission::kAdmitted;
}

void ConnectionTable::Add(const std::string& address, int fd, std::uint64_t inode) {
  auto found = addresses_.find(address);
  if (found == addresses_.end()) {
    found = addresses_.try_emplace(addresses_.size() >= kAddressesMax ? kOthers : address).first;
  }
  found->second.open.push_back({fd, inode});
  ++size_;
}

void ConnectionTable::Sweep(std::int64_t now_us) {
  next_sweep_us_ = now_us + kSweepPauseUs;
  for (auto it = addresses_.begin(); it != addresses_.end();) {
    SweepOne(&it->second);
    Refill(now_us, &it->second);
    const bool quiet = it->second.open.empty() && it->second.tokens >= limits_.burst;
    it = quiet ? addresses_.erase(it) : std::next(it);
  }
}

void ConnectionTable::SweepIfDue(std::int64_t now_us) {
  if (now_us >= next_sweep_us_) Sweep(now_us);
}

void ConnectionTable::SweepOne(Address* address) {
  size_ -= std::erase_if(address->open, [this](const Connection& connection) {
    return !is_open_(connection.fd, connection.inode);
  });
}

void ConnectionTable::Refill(std::int64_t now_us, Address* address) const {
  const double seconds = static_cast<double>(now_us - address->refilled_us) / kUsPerSecond;
  address->tokens = std::min(limits_.burst, address->tokens + seconds * limits_.per_second);
  address->refilled_us = now_us;
}

std::string AddressKey(const void* peer) {
  const auto* any = static_cast<const sockaddr*>(peer);
  in_addr v4{};
  if (any->sa_family == AF_INET) {
    v4 = reinterpret_cast<const sockaddr_in*>(any)->sin_addr;
  } else if (any->sa_family == AF_INET6) {
    in6_addr v6 = reinterpret_cast<const sockaddr_in6*>(any)->sin6_addr;
    if (IN6_IS_ADDR_LOOPBACK(&v6)) return {};
    if (!IN6_IS_ADDR_V4MAPPED(&v6)) {
      // A host has a whole /64 to itself.
      std::fill(std::begin(v6.s6_addr) + 8, std::end(v6.s6_addr), 0);
      std::array<char, INET6_ADDRSTRLEN> text{};
      return inet_ntop(AF_INET6, &v6, text.data(), text.size());
    }
    std::memcpy(&v4, v6.s6_addr + 12, sizeof(v4));
  } else {
    return {};
  }
  if ((ntohl(v4.s_addr) >> 24U) == 127) return {};
  std::array<char, INET_ADDRSTRLEN> text{};
  return inet_ntop(AF_INET, &v4, text.data(), text.size());
}

std::uint64_t SocketInode(int fd) {
  struct stat info {};
  return fstat(fd, &info) == 0 && S_ISSOCK(info.st_mode) ? info.st_ino : 0;
}

bool IsSameSocket(int fd, std::uint64_t inode) {
  return SocketInode(fd) == inode;
}

}  // namespace hallwarden::daemon
