#include "rules/avatar/bank.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace hallwarden::avatar {
namespace {

constexpr std::string_view kPrefix = "bankEntries/";
constexpr std::string_view kBlock = "block-";
constexpr std::string_view kAllow = "allow-";
constexpr std::string_view kDigits = "0123456789abcdef";

bool Expired(const BankPicture& picture, std::int64_t now_us) {
  return picture.expire_us != 0 && picture.expire_us <= now_us;
}

std::tuple<int, BankIndex::Slot, int> Order(const BankHit& hit) {
  return {hit.distance, hit.slot, hit.orientation};
}

}  // namespace

std::string BankEntryName(v1::BankKind kind, const Hash256& hash) {
  std::string name(kPrefix);
  name += kind == v1::BANK_KIND_ALLOW ? kAllow : kBlock;
  for (const char byte : ToBytes(hash)) {
    const auto value = static_cast<unsigned char>(byte);
    name.push_back(kDigits[value >> 4U]);
    name.push_back(kDigits[value & 15U]);
  }
  return name;
}

std::optional<NamedPicture> ParseBankEntryName(std::string_view name) {
  if (!name.starts_with(kPrefix)) return std::nullopt;
  name.remove_prefix(kPrefix.size());
  NamedPicture named;
  if (name.starts_with(kBlock)) {
    named.kind = v1::BANK_KIND_BLOCK;
  } else if (name.starts_with(kAllow)) {
    named.kind = v1::BANK_KIND_ALLOW;
  } else {
    return std::nullopt;
  }
  name.remove_prefix(kBlock.size());
  if (name.size() != 2 * Hash256::kBytes) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < name.size(); i += 2) {
    const std::size_t high = kDigits.find(name[i]);
    const std::size_t low = kDigits.find(name[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes.push_back(static_cast<char>(high << 4U | low));
  }
  named.hash = *FromBytes(bytes);
  return named;
}

void Bank::Put(Slot slot, BankPicture picture) {
  index_.Erase(slot);
  if (pictures_.size() <= slot) pictures_.resize(std::size_t{slot} + 1);
  index_.Put(slot, picture.hash);
  pictures_[slot] = std::move(picture);
}

void Bank::Erase(Slot slot) {
  index_.Erase(slot);
}

const BankPicture* Bank::At(Slot slot) const {
  return index_.Holds(slot) ? &pictures_[slot] : nullptr;
}

std::optional<Bank::Slot> Bank::Find(v1::BankKind kind, const Hash256& hash) const {
  std::optional<Slot> found;
  index_.FindEqual(hash, [&](Slot slot) {
    if (pictures_[slot].kind == kind) found = slot;
  });
  return found;
}

std::vector<Bank::Slot> Bank::FreeSlots(std::size_t count) const {
  std::vector<Slot> free;
  for (Slot slot = 0; free.size() < count; ++slot) {
    if (!index_.Holds(slot)) free.push_back(slot);
  }
  return free;
}

Bank::Bests Bank::Best(const Dihedral& hashes, int max_distance, std::int64_t now_us) const {
  Bests bests;
  index_.Find(hashes, std::min(max_distance, kMatchDistance), [&](const BankIndex::Near& near) {
    const BankPicture& picture = pictures_[near.slot];
    if (Expired(picture, now_us)) return;
    std::optional<BankHit>& best =
        picture.kind == v1::BANK_KIND_ALLOW ? bests.allowed : bests.blocked;
    const BankHit hit{near.slot, near.distance, near.orientation};
    if (!best.has_value() || Order(hit) < Order(*best)) best = hit;
  });
  return bests;
}

std::vector<BankHit> Bank::All(const Dihedral& hashes, int max_distance, std::int64_t now_us,
                               std::size_t most) const {
  std::map<Slot, BankHit> best;
  index_.Find(hashes, std::min(max_distance, kMatchDistance), [&](const BankIndex::Near& near) {
    if (Expired(pictures_[near.slot], now_us)) return;
    const BankHit hit{near.slot, near.distance, near.orientation};
    const auto [at, made] = best.try_emplace(near.slot, hit);
    if (!made && Order(hit) < Order(at->second)) at->second = hit;
  });
  std::vector<BankHit> hits;
  hits.reserve(best.size());
  for (const auto& [slot, hit] : best)
    hits.push_back(hit);
  const auto blocks = [&](const BankHit& hit) {
    return pictures_[hit.slot].kind == v1::BANK_KIND_ALLOW ? 0 : 1;
  };
  std::sort(hits.begin(), hits.end(), [&](const BankHit& a, const BankHit& b) {
    return std::tuple(blocks(a), Order(a)) < std::tuple(blocks(b), Order(b));
  });
  if (hits.size() > most) hits.resize(most);
  return hits;
}

}  // namespace hallwarden::avatar
