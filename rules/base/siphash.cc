#include "rules/base/siphash.h"

#include <bit>
#include <cstddef>
#include <cstring>

namespace hallwarden {
namespace {

struct State {
  std::uint64_t v0 = 0;
  std::uint64_t v1 = 0;
  std::uint64_t v2 = 0;
  std::uint64_t v3 = 0;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void Absorb(std::uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }

  std::uint64_t Finish() {
    for (int round = 0; round < 4; ++round) {
      Round();
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
};

// `count` <= 8 bytes, least significant first.
std::uint64_t LoadLittleEndian(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  }
  return word;
}

// Eight bytes. gcc makes one load of the loop only where it unrolls it, which at -O2 it does not.
std::uint64_t LoadWord(const char* bytes) {
  if constexpr (std::endian::native == std::endian::little) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  } else {
    return LoadLittleEndian(bytes, sizeof(std::uint64_t));
  }
}

State Start(const SipKey& key) {
  // The four constants spell "somepseudorandomlygeneratedbytes".
  return State{.v0 = key.k0 ^ 0x736f6d6570736575U,
               .v1 = key.k1 ^ 0x646f72616e646f6dU,
               .v2 = key.k0 ^ 0x6c7967656e657261U,
               .v3 = key.k1 ^ 0x7465646279746573U};
}

void AbsorbAll(State& state, std::string_view data) {
  const std::size_t whole = data.size() / 8 * 8;
  for (std::size_t i = 0; i < whole; i += 8) {
    state.Absorb(LoadWord(data.data() + i));
  }
  const std::uint64_t length = std::uint64_t{data.size() & 0xffU} << 56;
  const std::size_t rest = data.size() - whole;
  if (rest != 0 && whole != 0) {
    // The last eight bytes in one load; what was absorbed already is shifted out.
    const std::uint64_t last = LoadWord(data.data() + data.size() - 8);
    state.Absorb(length | (last >> (8 * (8 - rest))));
    return;
  }
  state.Absorb(length | LoadLittleEndian(data.data() + whole, rest));
}

}  // namespace

SipKey SipKey::FromBytes(const std::array<std::uint8_t, 16>& bytes) {
  SipKey key;
  for (std::size_t i = 0; i < 8; ++i) {
    key.k0 |= std::uint64_t{bytes[i]} << (8 * i);
    key.k1 |= std::uint64_t{bytes[i + 8]} << (8 * i);
  }
  return key;
}

std::uint64_t SipHash64(const SipKey& key, std::string_view data) {
  State state = Start(key);
  AbsorbAll(state, data);
  state.v2 ^= 0xff;
  return state.Finish();
}

Hash128 SipHash128(const SipKey& key, std::string_view data) {
  State state = Start(key);
  state.v1 ^= 0xee;
  AbsorbAll(state, data);
  Hash128 hash;
  state.v2 ^= 0xee;
  hash.lo = state.Finish();
  state.v1 ^= 0xdd;
  hash.hi = state.Finish();
  return hash;
}

std::string ToHex(const Hash128& hash) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(32);
  for (const std::uint64_t word : {hash.hi, hash.lo}) {
    for (int shift = 60; shift >= 0; shift -= 4) {
      hex.push_back(kDigits[(word >> shift) & 0xfU]);
    }
  }
  return hex;
}

}  // namespace hallwarden
