// Cosines as whole numbers: what the transform of PDQ is made of.
#ifndef HALLWARDEN_RULES_AVATAR_COSINES_H_
#define HALLWARDEN_RULES_AVATAR_COSINES_H_

#include <array>
#include <cstdint>

namespace hallwarden::avatar {

// One, in the units of the table.
inline constexpr std::int32_t kCosineOne = 1 << 24;

// kQuarter[k] = cos(pi * k / 128), rounded to a multiple of 2^-24; a test compares it with the
// library's. Whole numbers, so that every machine and compiler computes the same hash.
inline constexpr std::array<std::int32_t, 65> kQuarter = {
    16777216, 16772163, 16757007, 16731757, 16696429, 16651044, 16595628, 16530216, 16454846,
    16369565, 16274424, 16169479, 16054795, 15930439, 15796488, 15653022, 15500126, 15337895,
    15166424, 14985817, 14796184, 14597637, 14390298, 14174291, 13949745, 13716797, 13475586,
    13226258, 12968963, 12703856, 12431097, 12150850, 11863283, 11568571, 11266890, 10958422,
    10643353, 10321873, 9994176,  9660458,  9320922,  8975771,  8625213,  8269459,  7908725,
    7543226,  7173184,  6798821,  6420363,  6038037,  5652074,  5262706,  4870169,  4474698,
    4076531,  3675909,  3273072,  2868265,  2461729,  2053710,  1644455,  1234209,  823219,
    411733,   0};

// cos(pi * k / 128) for any k >= 0.
constexpr std::int32_t Cosine(unsigned k) {
  k %= 256;
  if (k > 128) k = 256 - k;
  return k > 64 ? -kQuarter[128 - k] : kQuarter[k];
}

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_COSINES_H_
