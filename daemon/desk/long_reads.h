// Calls that read much of the journal, few at once.
#ifndef HALLWARDEN_DAEMON_DESK_LONG_READS_H_
#define HALLWARDEN_DAEMON_DESK_LONG_READS_H_

#include <atomic>
#include <memory>

namespace hallwarden::daemon {

// Such a call keeps one of the desk's few threads for many seconds. Two leave the others to the
// short ones, with which sanctions are given. Thread-safe.
class LongReads {
 public:
  static constexpr int kAtOnce = 2;

  // A place for one call, given back when the pointer goes. Null: all are taken.
  [[nodiscard]] std::shared_ptr<void> Take() {
    if (running_.fetch_add(1) >= kAtOnce) {
      running_.fetch_sub(1);
      return nullptr;
    }
    return {this, [](LongReads* reads) { reads->running_.fetch_sub(1); }};
  }

 private:
  std::atomic<int> running_ = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_LONG_READS_H_
