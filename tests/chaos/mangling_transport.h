// A transport that loses, repeats and reorders whole messages, and breaks streams, on purpose. What
// no reliable stream can do to an answer of a directive (lose it and keep what follows) it does not
// do either.
#ifndef HALLWARDEN_TESTS_CHAOS_MANGLING_TRANSPORT_H_
#define HALLWARDEN_TESTS_CHAOS_MANGLING_TRANSPORT_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "tests/chaos/validators.h"
#include "tools/session/clock.h"
#include "tools/session/transport.h"

namespace hallwarden::chaos {

// Per mille of messages. Zero: a clean transport.
struct Mangling {
  int lose_batch = 0;
  int repeat_batch = 0;
  int reorder_batch = 0;
  int repeat_answers = 0;
  int lose_ack = 0;
  int break_stream = 0;
};

// What was done, over all transports that share it.
struct MangleCounts {
  std::atomic<std::int64_t> messages{0};
  std::atomic<std::int64_t> lost{0};
  std::atomic<std::int64_t> repeated{0};
  std::atomic<std::int64_t> reordered{0};
  std::atomic<std::int64_t> broken{0};
};

class ManglingTransport final : public session::Transport {
 public:
  // Everything outlives it. `validator` sees what the wire carries.
  ManglingTransport(std::unique_ptr<session::Transport> under, Mangling mangling,
                    std::uint64_t seed, MangleCounts* counts, StreamValidator* validator)
      : under_(std::move(under)),
        mangling_(mangling),
        random_(seed),
        counts_(counts),
        validator_(validator) {}

  void Connect() override;
  bool CanSend() override;
  void Send(const v1::SessionRequest& request) override;
  void FinishSending() override;
  std::optional<session::Incoming> Receive() override;
  void Drop() override;
  void Wait(session::Micros wait_max) override;
  void Wake() override { under_->Wake(); }

  // Uses another connection from now on. Nothing may be open.
  void Redial(std::unique_ptr<session::Transport> under) { under_ = std::move(under); }
  // From now on nothing is mangled.
  void Behave() { mangling_ = Mangling(); }

 private:
  bool Chance(int per_mille) {
    return per_mille > 0 && random_.Next() % 1000 < static_cast<std::uint64_t>(per_mille);
  }
  void Queue(const v1::SessionRequest& request) { queue_.push_back(request); }
  void Flush();

  std::unique_ptr<session::Transport> under_;
  Mangling mangling_;
  session::SeededJitter random_;
  MangleCounts* counts_;
  StreamValidator* validator_;
  std::deque<v1::SessionRequest> queue_;
  // A batch that waits for the next one to overtake it.
  std::optional<v1::SessionRequest> held_;
  bool broken_ = false;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_MANGLING_TRANSPORT_H_
