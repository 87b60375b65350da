#include "daemon/desk/request_ids.h"

namespace hallwarden::daemon {

RequestIds::Begun RequestIds::Begin(const Key& key, const std::string& body_hash, Over over) {
  const MutexLock lock(&mutex_);
  const auto [flight, first] = flights_.try_emplace(key);
  if (first) {
    flight->second.body_hash = body_hash;
    return Begun::kFirst;
  }
  if (flight->second.body_hash != body_hash) return Begun::kReused;
  flight->second.waiting.push_back(std::move(over));
  return Begun::kWaits;
}

void RequestIds::End(const Key& key) {
  std::vector<Over> waiting;
  {
    const MutexLock lock(&mutex_);
    const auto flight = flights_.find(key);
    if (flight == flights_.end()) return;
    waiting = std::move(flight->second.waiting);
    flights_.erase(flight);
  }
  for (const Over& over : waiting)
    over();
}

std::size_t RequestIds::size() const {
  const MutexLock lock(&mutex_);
  return flights_.size();
}

}  // namespace hallwarden::daemon
