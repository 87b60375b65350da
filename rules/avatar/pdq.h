// PDQ: a hash of a picture that stays nearly the same when the picture is scaled, compressed again
// or changed a little, and one transform from which the hashes of the turned and mirrored picture
// come for nothing.
//
// The algorithm is the one that its authors published ("PDQ reference implementations", 2019, and
// "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm", 2019):
//   1. luminance, 0.299 R + 0.587 G + 0.114 B;
//   2. smoothing, two passes of a box filter along rows and columns (a tent filter, after Jarosz),
//      its width 1/128 of the side, rounded up;
//   3. every 64th: 64 x 64 samples;
//   4. quality: how much neighbouring samples differ, 0 (nothing in it) to 100;
//   5. the 16 x 16 lowest frequencies of its cosine transform, the constant ones left out;
//   6. a bit for each: above the median of all 256 or not.
// Pictures match at a distance of at most 31 bits, if their quality is at least 50.
//
// Written from that description, in whole numbers: luminance in thousandths with 8 further bits,
// cosines from a table, every sum exact in 64 bits, every rounding written out. So the hash is the
// same on every machine, with every compiler; it differs from one computed in floating point in
// those few bits whose coefficient lies within a rounding error of the median.
#ifndef HALLWARDEN_RULES_AVATAR_PDQ_H_
#define HALLWARDEN_RULES_AVATAR_PDQ_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "hallwarden/v1/common.pb.h"

#include "rules/avatar/hash256.h"

namespace hallwarden::avatar {

inline constexpr int kOrientations = 8;
// Both recommended by the authors.
inline constexpr int kMatchDistance = 31;
inline constexpr int kMatchQuality = 50;
// Sides of pictures that can be hashed. The upper bound is ours: it bounds time and memory.
inline constexpr int kSideMin = 5;
inline constexpr int kSideMax = 4096;

// The hashes of a picture in its eight orientations: hashes[0] as it is, then in the order of
// v1::AvatarOrientation.
using Dihedral = std::array<Hash256, kOrientations>;

struct PdqHashes {
  Dihedral hashes;
  int quality = 0;  // 0 to 100
};

// Luminance of a pixel in thousandths: 0 to 255,000.
[[nodiscard]] constexpr std::uint32_t Luminance(std::uint32_t red, std::uint32_t green,
                                                std::uint32_t blue) {
  return 299 * red + 587 * green + 114 * blue;
}

// A picture of rows from the top, each from the left. Nullopt if a side is out of bounds or
// `luminance` has not width * height values. Time is linear in the pixels; memory twice that of
// `luminance`.
[[nodiscard]] std::optional<PdqHashes> HashPicture(std::span<const std::uint32_t> luminance,
                                                   int width, int height);

// The hashes of the turned and mirrored picture, made from its hash alone: what flips the sign of a
// coefficient flips its bit. A few bits off where a coefficient lies near the median (a test says
// how many), for game servers that send a hash and no picture.
[[nodiscard]] Dihedral TurnHash(const Hash256& hash);

// v1::AvatarOrientation of hashes[index].
[[nodiscard]] v1::AvatarOrientation OrientationAt(int index);

}  // namespace hallwarden::avatar

#endif  // HALLWARDEN_RULES_AVATAR_PDQ_H_
