// Cases that are about to be claimed: set aside for the one who asked first.
#ifndef HALLWARDEN_DAEMON_DESK_PICKS_H_
#define HALLWARDEN_DAEMON_DESK_PICKS_H_

#include <set>
#include <string>

#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Thread-safe.
class Picks {
 public:
  // False: somebody else has it.
  [[nodiscard]] bool Take(const std::string& name) {
    const MutexLock lock(&mutex_);
    return names_.insert(name).second;
  }
  void Drop(const std::string& name) {
    const MutexLock lock(&mutex_);
    names_.erase(name);
  }

 private:
  Mutex mutex_;
  std::set<std::string> names_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_PICKS_H_
