#include "daemon/timer_record.h"

#include <string>
#include <utility>

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kIdBytes = 16;

}  // namespace

// The store reads the same bytes when it takes a timer that went off out of its table.
v1::TimerFired FiredOf(const Timer& timer) {
  v1::TimerFired fired;
  fired.set_entity_kind(static_cast<std::int32_t>(timer.entity.kind));
  std::string id(kIdBytes, '\0');
  for (std::size_t i = 0; i < kIdBytes / 2; ++i) {
    id[i] = static_cast<char>(timer.entity.id.hi >> (56 - 8 * i));
    id[i + kIdBytes / 2] = static_cast<char>(timer.entity.id.lo >> (56 - 8 * i));
  }
  fired.set_entity_id(std::move(id));
  fired.set_timer_kind(timer.kind);
  fired.set_due_us(timer.due_us);
  fired.set_payload(timer.payload);
  fired.set_account(timer.account);
  return fired;
}

}  // namespace hallwarden::daemon
