#include "daemon/desk/tail_stream.h"

#include <chrono>
#include <utility>

#include "daemon/auth/grpc_status.h"
#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kBatch = 64;
// A write that the client does not take for so long ends the stream.
constexpr std::int64_t kStuckAfterUs = 60'000'000;

}  // namespace

std::shared_ptr<TailStream> TailStream::Make(Parts parts, const Principal& principal,
                                             TailReader reader, bool follow) {
  return std::shared_ptr<TailStream>(
      new TailStream(std::move(parts), principal, std::move(reader), follow));
}

void TailStream::Start() {
  self_ = shared_from_this();
  SetAlarm();
  // The client learns that it was let in, however quiet the house is.
  StartSendInitialMetadata();
  parts_.pool->Continue([stream = self_] { stream->Work(); });
}

void TailStream::Tick() {
  const bool may_go_on = parts_.authenticator->Recheck(principal_).ok();
  {
    const MutexLock lock(&mutex_);
    if (state_ == State::kWriting) {
      const bool stuck = parts_.clock->BootUs() - writing_since_us_ >= kStuckAfterUs;
      // The write that does not end holds up the status, too. Locked: the call lasts at least until
      // OnWriteDone, which waits for the lock.
      if (stuck || !may_go_on) parts_.cancel();
      return;
    }
  }
  if (!may_go_on) Nudge();
}

TailStream::TailStream(Parts parts, const Principal& principal, TailReader reader, bool follow)
    : parts_(std::move(parts)),
      principal_(principal),
      follow_(follow),
      reader_(std::move(reader)) {}

// An idle stream has nobody else to tell it that its token expired.
void TailStream::SetAlarm() {
  if (principal_.expire_us == 0) return;
  const std::int64_t left_us = std::max<std::int64_t>(principal_.expire_us - parts_.now_us(), 0);
  expiry_.Set(std::chrono::system_clock::now() + std::chrono::microseconds(left_us),
              [weak = std::weak_ptr<TailStream>(self_)](bool rang) {
                const std::shared_ptr<TailStream> stream = weak.lock();
                if (rang && stream != nullptr) stream->Nudge();
              });
}

void TailStream::OnWriteDone(bool ok) {
  {
    const MutexLock lock(&mutex_);
    state_ = State::kWorking;
    gone_ = gone_ || !ok;
  }
  // The rest of the page needs no store, and so no other thread.
  if (ok && !batch_.empty()) {
    Work();
  } else {
    parts_.pool->Continue([stream = self_] { stream->Work(); });
  }
}

void TailStream::OnCancel() {
  {
    const MutexLock lock(&mutex_);
    gone_ = true;
  }
  Nudge();
}

void TailStream::OnDone() {
  expiry_.Cancel();
  parts_.over();
  self_.reset();  // may be the end of this
}

void TailStream::Work() {
  while (true) {
    const grpc::Status status = MayGoOn();
    if (!status.ok()) {
      End(status);
      return;
    }
    if (!batch_.empty()) {
      WriteNext();
      return;
    }
    const std::uint64_t seen = parts_.feed->News();
    absl::StatusOr<std::vector<v1::TailResponse>> next = reader_.Next(kBatch);
    if (!next.ok()) {
      End(ToGrpcStatus(next.status()));
      return;
    }
    for (v1::TailResponse& entry : *next)
      batch_.push_back(std::move(entry));
    if (!batch_.empty()) continue;
    if (!follow_) {
      End(grpc::Status::OK);
      return;
    }
    if (WaitFor(seen)) return;
  }
}

void TailStream::WriteNext() {
  writing_ = std::move(batch_.front());
  batch_.pop_front();
  {
    const MutexLock lock(&mutex_);
    state_ = State::kWriting;
    writing_since_us_ = parts_.clock->BootUs();
  }
  StartWrite(&writing_);
}

bool TailStream::WaitFor(std::uint64_t seen) {
  const std::uint64_t number = parts_.feed->Wait(seen, [stream = self_] { stream->Nudge(); });
  const MutexLock lock(&mutex_);
  wait_number_ = number;
  if (std::exchange(nudged_, false)) return false;
  state_ = State::kWaiting;
  return true;
}

void TailStream::Nudge() {
  {
    const MutexLock lock(&mutex_);
    if (state_ != State::kWaiting) {
      nudged_ = true;
      return;
    }
    state_ = State::kWorking;
  }
  parts_.pool->Continue([stream = self_] { stream->Work(); });
}

grpc::Status TailStream::MayGoOn() {
  {
    const MutexLock lock(&mutex_);
    if (gone_) return ToGrpcStatus(absl::CancelledError("the caller is gone"));
  }
  if (parts_.stopping()) return ToGrpcStatus(absl::UnavailableError("stopping"));
  return ToGrpcStatus(parts_.authenticator->Recheck(principal_));
}

void TailStream::End(const grpc::Status& status) {
  std::uint64_t number = 0;
  {
    const MutexLock lock(&mutex_);
    state_ = State::kEnded;
    number = wait_number_;
  }
  parts_.feed->Forget(number);
  Finish(status);
}

}  // namespace hallwarden::daemon
