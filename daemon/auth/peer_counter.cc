#include "daemon/auth/peer_counter.h"

#include <utility>

namespace hallwarden::daemon {

namespace {
constexpr std::int64_t kMinuteUs = 60'000'000;
}

PeerCounter::PeerCounter(std::function<void(const Line&)> told, std::size_t peers_max)
    : told_(std::move(told)), peers_max_(peers_max) {}

void PeerCounter::Count(std::string_view peer, std::int64_t now_us) {
  std::map<std::string, std::uint64_t, std::less<>> ended;
  std::int64_t ended_us = 0;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const std::int64_t minute_us = now_us - now_us % kMinuteUs;
    if (minute_us != minute_us_) {
      ended_us = std::exchange(minute_us_, minute_us);
      ended.swap(counts_);
    }
    ++total_;
    auto found = counts_.find(peer);
    if (found == counts_.end()) {
      const bool full = counts_.size() >= peers_max_;
      found = counts_.try_emplace(full ? std::string() : std::string(peer)).first;
    }
    ++found->second;
  }
  if (!told_) return;
  for (const auto& [name, count] : ended)
    told_(Line{ended_us, name, count});
}

std::uint64_t PeerCounter::total() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return total_;
}

std::string AddressOf(std::string_view peer) {
  const std::size_t scheme = peer.find(':');
  if (peer.starts_with("ipv4:") || peer.starts_with("ipv6:")) peer.remove_prefix(scheme + 1);
  // gRPC writes the brackets of IPv6 addresses percent-encoded.
  std::string out;
  for (std::size_t i = 0; i < peer.size(); ++i) {
    const std::string_view three = peer.substr(i, 3);
    if (three == "%5B" || three == "%5D") {
      out.push_back(three == "%5B" ? '[' : ']');
      i += 2;
    } else {
      out.push_back(peer[i]);
    }
  }
  const std::size_t bracket = out.find(']');
  if (out.starts_with('[') && bracket != std::string::npos) return out.substr(1, bracket - 1);
  const std::size_t colon = out.find(':');
  if (colon != std::string::npos && colon == out.rfind(':')) out.resize(colon);
  return out;
}

}  // namespace hallwarden::daemon
