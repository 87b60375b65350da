// Commands on their way, by request id: a repeat that comes before the first one is answered waits
// for it instead of being journalled again.
#ifndef HALLWARDEN_DAEMON_DESK_REQUEST_IDS_H_
#define HALLWARDEN_DAEMON_DESK_REQUEST_IDS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/mutex.h"

namespace hallwarden::daemon {

// Thread-safe.
class RequestIds {
 public:
  struct Key {
    std::string principal;
    std::string request_id;

    friend auto operator<=>(const Key&, const Key&) = default;
  };
  // What a call is told when the first one with its id is over: look for the stored answer.
  using Over = std::function<void()>;

  enum class Begun {
    kFirst,   // go on, and call End whatever happens
    kWaits,   // the same request is on its way; `over` runs when it ended
    kReused,  // another request with this id is on its way
  };

  // `over` is kept for kWaits only.
  [[nodiscard]] Begun Begin(const Key& key, const std::string& body_hash, Over over);

  // The first call is over: tells who waited. Its answer, if it has one, is in the store.
  void End(const Key& key);

  [[nodiscard]] std::size_t size() const;

 private:
  struct Flight {
    std::string body_hash;
    std::vector<Over> waiting;
  };

  mutable Mutex mutex_;
  std::map<Key, Flight> flights_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_REQUEST_IDS_H_
