// Makes events ready for the sequencer, off its thread: parsed, checked, split, sealed, hashed.
#ifndef HALLWARDEN_DAEMON_PREPARE_H_
#define HALLWARDEN_DAEMON_PREPARE_H_

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/hall_service.pb.h"

#include "absl/status/statusor.h"
#include "daemon/sequencer.h"
#include "storage/vault.h"

namespace hallwarden::daemon {

// Thread-safe.
class EventPreparer {
 public:
  // `vault` outlives this.
  explicit EventPreparer(storage::Vault* vault);

  // Takes the events out of `batch`. A bad event becomes a refusal and harms no other. INTERNAL if
  // the vault cannot seal.
  [[nodiscard]] absl::StatusOr<PreparedBatch> Prepare(std::string_view source,
                                                      std::int64_t session_epoch,
                                                      v1::EventBatch* batch);

  // Events with fields or enum values that this build does not know, since the start.
  [[nodiscard]] std::uint64_t unknown_events() const { return unknown_events_.load(); }

 private:
  struct Place {
    std::string_view source;
    std::uint64_t seq = 0;
    google::protobuf::Arena* arena = nullptr;
  };

  absl::Status PrepareOne(const Place& place, std::string* bytes, PreparedEvent* prepared);
  [[nodiscard]] static std::string_view Settle(const Place& place, std::string* bytes);
  [[nodiscard]] static const EventView* ReadPicture(const Place& place, const EventView& event,
                                                    std::string* bytes);
  absl::Status Seal(const Place& place, const std::string& bytes, PreparedEvent* prepared);
  void Refuse(const Place& place, v1::RejectReason reason, std::string detail,
              PreparedEvent* prepared) const;

  storage::Vault* vault_;
  SipKey hash_key_;
  // By body number: can it hold personal fields?
  std::vector<bool> personal_;
  std::atomic<std::uint64_t> unknown_events_{0};
};

// An 8-byte field of the journal.
[[nodiscard]] std::string HashBytes(std::uint64_t hash);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_PREPARE_H_
