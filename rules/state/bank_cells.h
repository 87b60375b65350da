// What the rules keep of the banks of pictures. Root and pages are one entity: a page is only how
// much of it is written again when an entry changes.
#ifndef HALLWARDEN_RULES_STATE_BANK_CELLS_H_
#define HALLWARDEN_RULES_STATE_BANK_CELLS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/bank.pb.h"
#include "hallwarden/v1/common.pb.h"

#include "rules/state/account_cell.h"

namespace hallwarden {

// The banks: how much there is, and what they count.
struct BankCell {
  // Pages that were ever written: entries lie in slots [0, pages * BankPageCell::kSlots).
  std::uint32_t pages = 0;
  std::uint32_t entries = 0;
  // Rises by one with every change: the version of the knowledge that a finding names.
  std::uint64_t revision = 0;
  // Unknown avatars queued in the local day `patrol_day`: commit time / 1 day.
  std::int64_t patrol_day = 0;
  std::uint32_t patrolled = 0;
  std::vector<AnsweredRequest> answered;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// A page of entries, by slot.
struct BankPageCell {
  // About 10 KiB written for a change of one entry; 1,600 pages when the banks are full.
  static constexpr std::uint32_t kSlots = 64;

  struct Entry {
    std::string hash;  // 32 bytes; empty: the slot is free
    v1::BankKind kind = v1::BANK_KIND_UNSPECIFIED;
    v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
    v1::Confidence confidence = v1::CONFIDENCE_UNSPECIFIED;
    std::uint8_t quality = 0;
    std::string bank;
    std::string reason;
    std::string principal;
    std::int32_t role = 0;
    std::int64_t create_us = 0;
    std::int64_t expire_us = 0;  // 0: never
    std::uint64_t hits = 0;
    std::int64_t last_hit_us = 0;

    [[nodiscard]] bool free() const { return hash.empty(); }
  };
  std::vector<Entry> entries;  // at most kSlots; what is missing at the end is free

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_BANK_CELLS_H_
