#include "daemon/border/accept_loop.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/log.h"

namespace hallwarden::daemon {
namespace {

constexpr int kPollMs = 1000;
constexpr std::int64_t kSweepEveryUs = 1'000'000;
// At most so many from one door before the others are looked at.
constexpr int kTakeAtOnce = 64;
// Out of descriptors: one client a pause is told by closing its connection, the others wait in the
// kernel's queue for descriptors to come free.
constexpr int kPauseMs = 50;
// A peer that acknowledges nothing for so long is gone, whatever its keepalive says.
constexpr unsigned kUserTimeoutMs = 15'000;

int OpenSpare() {
  return open("/dev/null", O_RDONLY | O_CLOEXEC);
}

void SetOptions(int fd) {
  const int on = 1;
  // Fails on unix sockets, which need neither.
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUserTimeoutMs, sizeof(kUserTimeoutMs));
}

bool OutOfDescriptors(int error) {
  return error == EMFILE || error == ENFILE;
}
bool OutOfMemory(int error) {
  return error == ENOBUFS || error == ENOMEM;
}

}  // namespace

absl::StatusOr<std::unique_ptr<AcceptLoop>> AcceptLoop::Start(std::vector<Door> doors,
                                                              const ConnectionLimits& limits,
                                                              Clock* clock, Refused refused) {
  std::unique_ptr<AcceptLoop> loop(
      new AcceptLoop(std::move(doors), limits, clock, std::move(refused)));
  loop->wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  loop->spare_ = OpenSpare();
  if (loop->wake_ < 0 || loop->spare_ < 0) {
    return absl::InternalError(
        "no descriptor is left to listen with: raise the limit of open files");
  }
  loop->thread_ = std::thread([raw = loop.get()] { raw->Run(); });
  return loop;
}

AcceptLoop::AcceptLoop(std::vector<Door> doors, const ConnectionLimits& limits, Clock* clock,
                       Refused refused)
    : doors_(std::move(doors)),
      clock_(clock),
      refused_(std::move(refused)),
      table_(limits, IsSameSocket) {}

AcceptLoop::~AcceptLoop() {
  Stop();
  if (spare_ >= 0) close(spare_);
  if (wake_ >= 0) close(wake_);
}

void AcceptLoop::Stop() {
  stopping_ = true;
  if (wake_ >= 0) eventfd_write(wake_, 1);
  if (thread_.joinable()) thread_.join();
  doors_.clear();
}

void AcceptLoop::Run() {
  std::vector<pollfd> polled;
  for (const Door& door : doors_)
    polled.push_back({door.socket.fd(), POLLIN, 0});
  polled.push_back({wake_, POLLIN, 0});
  pollfd* const wake = &polled.back();
  while (!stopping_) {
    if (poll(polled.data(), polled.size(), kPollMs) < 0 && errno != EINTR) {
      Log(LogLevel::kError, "border: poll failed");
    }
    if (stopping_) return;
    bool pause = false;
    for (std::size_t i = 0; i < doors_.size(); ++i) {
      if (polled[i].revents != 0 && !TakeFrom(doors_[i])) pause = true;
    }
    const std::int64_t now_us = clock_->BootUs();
    if (now_us - swept_us_ >= kSweepEveryUs) {
      swept_us_ = now_us;
      table_.Sweep(now_us);
    }
    open_ = table_.size();
    if (pause) poll(wake, 1, kPauseMs);
  }
}

bool AcceptLoop::TakeFrom(const Door& door) {
  for (int i = 0; i < kTakeAtOnce; ++i) {
    sockaddr_storage peer{};
    socklen_t size = sizeof(peer);
    const int fd = accept4(door.socket.fd(), reinterpret_cast<sockaddr*>(&peer), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      TakeOne(door, fd, &peer);
      continue;
    }
    const int error = errno;
    if (error == EAGAIN) return true;
    if (OutOfDescriptors(error)) {
      if (out_of_descriptors_++ == 0) {
        Log(LogLevel::kError,
            "ALARM border: no descriptor is left for connections: raise LimitNOFILE, or look for "
            "who opens so many");
      }
      Shed(door);
      return false;
    }
    if (OutOfMemory(error)) return false;
    // Of this one connection: it broke while it waited.
  }
  return true;
}

void AcceptLoop::TakeOne(const Door& door, int fd, const void* peer) {
  const std::string address = AddressKey(peer);
  const Admission admission = table_.Admit(address, clock_->BootUs());
  if (admission == Admission::kAdmitted) {
    ++accepted_;
    SetOptions(fd);
    table_.Add(address, fd, SocketInode(fd));
    door.take(fd);
    return;
  }
  close(fd);
  if (admission == Admission::kTooMany) {
    ++refused_too_many_;
  } else if (admission == Admission::kTooFast) {
    ++refused_too_fast_;
  } else {
    ++refused_of_address_;
  }
  if (refused_) refused_(address, admission);
}

void AcceptLoop::Shed(const Door& door) {
  if (spare_ >= 0) close(spare_);
  const int fd = accept4(door.socket.fd(), nullptr, nullptr, SOCK_CLOEXEC);
  if (fd >= 0) close(fd);
  // Another thread may have been quicker: then the next pause tries again.
  spare_ = OpenSpare();
}

ConnectionStats AcceptLoop::Stats() const {
  return {accepted_,         refused_too_many_,   refused_of_address_,
          refused_too_fast_, out_of_descriptors_, open_};
}

}  // namespace hallwarden::daemon
