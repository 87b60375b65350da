// The banks of pictures, as far as judging needs them: which picture means what.
#ifndef HALLWARDEN_RULES_AVATAR_BANK_H_
#define HALLWARDEN_RULES_AVATAR_BANK_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/bank.pb.h"
#include "hallwarden/v1/common.pb.h"

#include "rules/avatar/bank_index.h"
#include "rules/avatar/hash256.h"
#include "rules/avatar/pdq.h"

namespace hallwarden::avatar {

// Entries of all banks together. Ours: three times what a large hall has gathered in years, and a
// look stays far below a millisecond.
inline constexpr std::size_t kBankEntriesMax = 100'000;

// A picture in a bank.
struct BankPicture {
  Hash256 hash;
  v1::BankKind kind = v1::BANK_KIND_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  v1::Confidence confidence = v1::CONFIDENCE_REVIEW;
  std::int64_t expire_us = 0;  // commit time; 0: never
  std::string bank;
};

// `bankEntries/{block|allow}-{64 hex digits of the hash}`: one picture stands in a kind of bank
// once, and its name says which it is.
[[nodiscard]] std::string BankEntryName(v1::BankKind kind, const Hash256& hash);
struct NamedPicture {
  v1::BankKind kind = v1::BANK_KIND_UNSPECIFIED;
  Hash256 hash;
};
// Nullopt for what is no such name.
[[nodiscard]] std::optional<NamedPicture> ParseBankEntryName(std::string_view name);

// How an avatar compares with the banks.
struct BankHit {
  BankIndex::Slot slot = 0;
  int distance = 0;
  int orientation = 0;
};

// Not thread-safe.
class Bank {
 public:
  using Slot = BankIndex::Slot;

  // Puts it at `slot`, in the place of what is there.
  void Put(Slot slot, BankPicture picture);
  void Erase(Slot slot);

  // Null if the slot is free.
  [[nodiscard]] const BankPicture* At(Slot slot) const;
  [[nodiscard]] std::optional<Slot> Find(v1::BankKind kind, const Hash256& hash) const;
  // The lowest slots that are free, `count` of them, ascending.
  [[nodiscard]] std::vector<Slot> FreeSlots(std::size_t count) const;

  // The best match of each kind that has not expired at `now_us`: nearest, then lowest slot, then
  // first orientation.
  struct Bests {
    std::optional<BankHit> allowed;
    std::optional<BankHit> blocked;
  };
  [[nodiscard]] Bests Best(const Dihedral& hashes, int max_distance, std::int64_t now_us) const;
  // All of them, of both kinds, expired ones left out, allowing ones first, then best first; at
  // most `most`.
  [[nodiscard]] std::vector<BankHit> All(const Dihedral& hashes, int max_distance,
                                         std::int64_t now_us, std::size_t most) const;

  [[nodiscard]] std::size_t size() const { return index_.size(); }
  // One past the highest slot that was ever used.
  [[nodiscard]] std::size_t slots() const { return pictures_.size(); }

 private:
  BankIndex index_;
  std::vector<BankPicture> pictures_;
};

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_BANK_H_
