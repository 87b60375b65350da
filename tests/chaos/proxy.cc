#include "tests/chaos/proxy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace hallwarden::chaos {
namespace {

constexpr std::size_t kChunk = 16 * 1024;
constexpr std::size_t kBufferMax = 256 * 1024;
constexpr std::int64_t kStallUs = 1'500'000;

std::int64_t NowUs() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void Die(const char* what) {
  std::perror(what);
  std::abort();
}

void NoWait(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

}  // namespace

Proxy::Proxy(std::string unix_path, ProxyFaults faults, std::uint64_t seed, ProxyCounts* counts)
    : unix_path_(std::move(unix_path)), faults_(faults), counts_(counts), random_(seed) {
  listen_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listen_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) Die("bind");
  if (::listen(listen_, 64) != 0) Die("listen");
  socklen_t size = sizeof(address);
  ::getsockname(listen_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  NoWait(listen_);
  thread_ = std::thread([this] { Run(); });
}

Proxy::~Proxy() {
  stop_ = true;
  thread_.join();
  for (const std::unique_ptr<Link>& link : links_)
    Close(link.get(), false);
  ::close(listen_);
}

void Proxy::Run() {
  while (!stop_) {
    std::vector<pollfd> wait{{listen_, POLLIN, 0}};
    for (const std::unique_ptr<Link>& link : links_) {
      for (const Way& way : link->ways) {
        if (way.from >= 0 && !way.ended && way.buffer.size() < kBufferMax) {
          wait.push_back({way.from, POLLIN, 0});
        }
      }
    }
    // Held and stalled bytes have no descriptor to wait on.
    ::poll(wait.data(), wait.size(), 2);
    Accept();
    const std::int64_t now_us = NowUs();
    for (const std::unique_ptr<Link>& link : links_)
      Pump(link.get(), now_us);
    std::erase_if(links_, [](const std::unique_ptr<Link>& link) { return link->dead; });
  }
}

void Proxy::Accept() {
  for (;;) {
    const int client = ::accept4(listen_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client < 0) return;
    const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, unix_path_.c_str(), sizeof(address.sun_path) - 1);
    if (::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
      // The daemon is down: so is the line.
      ::close(server);
      ::close(client);
      continue;
    }
    NoWait(server);
    ++counts_->connections;
    auto link = std::make_unique<Link>();
    link->ways[0].from = link->ways[1].to = client;
    link->ways[0].to = link->ways[1].from = server;
    Plan(link.get());
    links_.push_back(std::move(link));
  }
}

void Proxy::Plan(Link* link) {
  link->left = -1;
  if (faults_.cut_after_bytes <= 0 || behave_) return;
  // Anywhere from the first byte on, with the mean that was asked for.
  link->left = static_cast<std::int64_t>(random_.Next() %
                                         static_cast<std::uint64_t>(2 * faults_.cut_after_bytes));
}

void Proxy::Close(Link* link, bool reset) {
  if (link->dead) return;
  for (const int fd : {link->ways[0].from, link->ways[0].to}) {
    if (reset) {
      const linger now{1, 0};
      ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    }
    ::close(fd);
  }
  link->dead = true;
}

void Proxy::Pump(Link* link, std::int64_t now_us) {
  if (link->stalled_until_us > now_us) return;
  if (link->cut_after_stall) return Close(link, true);
  for (Way& way : link->ways) {
    if (!link->dead) PumpWay(link, &way, now_us);
  }
  if (!link->dead && link->ways[0].shut && link->ways[1].shut) Close(link, false);
}

void Proxy::PumpWay(Link* link, Way* way, std::int64_t now_us) {
  std::array<char, kChunk> chunk{};
  if (!way->ended && way->buffer.size() < kBufferMax) {
    const ssize_t got = ::read(way->from, chunk.data(), chunk.size());
    if (got > 0) {
      way->buffer.append(chunk.data(), static_cast<std::size_t>(got));
      if (faults_.delay_us > 0 && !behave_ && way->release_us <= now_us) {
        ++counts_->delays;
        way->release_us =
            now_us + static_cast<std::int64_t>(random_.Next() %
                                               static_cast<std::uint64_t>(faults_.delay_us));
      }
    } else if (got == 0) {
      way->ended = true;
    } else if (errno != EAGAIN && errno != EINTR) {
      return Close(link, true);
    }
  }
  if (!way->buffer.empty() && way->release_us <= now_us) {
    std::size_t size = way->buffer.size();
    const bool faulty = link->left >= 0 && !behave_;
    if (faulty) size = std::min(size, static_cast<std::size_t>(link->left));
    const ssize_t put = size == 0 ? 0 : ::send(way->to, way->buffer.data(), size, MSG_NOSIGNAL);
    if (put < 0 && errno != EAGAIN && errno != EINTR) return Close(link, true);
    if (put > 0) {
      counts_->bytes += put;
      way->buffer.erase(0, static_cast<std::size_t>(put));
      if (faulty) link->left -= put;
    }
    if (faulty && link->left <= 0) return Fault(link, way, now_us);
  }
  if (way->ended && way->buffer.empty() && !way->shut) {
    way->shut = true;
    ::shutdown(way->to, SHUT_WR);
  }
}

void Proxy::Fault(Link* link, Way* way, std::int64_t now_us) {
  const auto die = static_cast<int>(random_.Next() % 1000);
  if (die < faults_.half_close) {
    ++counts_->half_closes;
    way->ended = true;
    way->buffer.clear();
    way->shut = true;
    ::shutdown(way->to, SHUT_WR);
    Plan(link);
    return;
  }
  if (die < faults_.half_close + faults_.stall) {
    ++counts_->stalls;
    link->stalled_until_us =
        now_us + static_cast<std::int64_t>(random_.Next() % static_cast<std::uint64_t>(kStallUs));
    link->cut_after_stall = random_.Next() % 2 == 0;
    Plan(link);
    return;
  }
  ++counts_->cuts;
  Close(link, random_.Next() % 2 == 0);
}

}  // namespace hallwarden::chaos
