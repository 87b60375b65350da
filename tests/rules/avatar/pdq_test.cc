// PDQ against the reference implementation's hashes, the library's cosines, and the properties that
// its authors promise.
#include "rules/avatar/pdq.h"

#include <cmath>
#include <numbers>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/avatar/cosines.h"
#include "tests/rules/avatar/pictures.h"

namespace hallwarden::avatar {
namespace {

using ::hallwarden::testing::Discs;
using ::hallwarden::testing::FlippedColumns;
using ::hallwarden::testing::FlippedRows;
using ::hallwarden::testing::LuminanceOf;
using ::hallwarden::testing::Noisy;
using ::hallwarden::testing::Picture;
using ::hallwarden::testing::Plain;
using ::hallwarden::testing::Scaled;
using ::hallwarden::testing::Transposed;

constexpr std::uint64_t kSeeds = 20;

PdqHashes Hash(const Picture& picture) {
  const auto hashed = HashPicture(LuminanceOf(picture), picture.width, picture.height);
  EXPECT_TRUE(hashed.has_value());
  return hashed.value_or(PdqHashes{});
}

std::string Hex(const Hash256& hash) {
  std::string hex;
  for (const char byte : ToBytes(hash)) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex.push_back(kDigits[static_cast<unsigned char>(byte) >> 4U]);
    hex.push_back(kDigits[static_cast<unsigned char>(byte) & 15U]);
  }
  return hex;
}

TEST(PdqTest, CosinesAreTheLibrarysRounded) {
  for (unsigned k = 0; k < 512; ++k) {
    EXPECT_EQ(Cosine(k), std::lround(std::cos(std::numbers::pi * k / 128) * kCosineOne)) << k;
  }
}

// Hashes that the authors' reference implementation (floating point) gives for these very pixels.
struct Reference {
  std::uint64_t seed;
  int width;
  int height;
  int quality;
  const char* hash;
};
constexpr Reference kReferences[] = {
    {1, 64, 64, 100, "be3587e1e4cc8e3d318f39c30d31c266e0469b3163c8e29c61e73ce3ec1865be"},
    {2, 200, 200, 100, "fe2e16ecbc11a917e11e27581ee2d0b711bdf409ff4a81728822ffde025dea01"},
    {3, 256, 256, 100, "e3aed92ed835a97750eb0a958b3c8d285de42e44a716762dce31d50ea08f751c"},
    {4, 160, 120, 100, "5a66ec6c84f65a13635ba9ecd49c52d33d4bb5e4e0a0aef31c73b4b88a30861d"},
    {5, 97, 131, 100, "03424cc8d81b7c276fc1d959925e7ec68fb9813f70477f11831600a6ffd89b4d"},
    {6, 512, 512, 100, "46abff52a97dfb0b55d2f4141b64e029ada52405db4ac85a7fa484b7f6802366"},
    {7, 1000, 700, 100, "82e590f06012c24f087f01bb27f704ff00fec1f311eb9b3d1a6733e6e7843ce3"},
};

TEST(PdqTest, EqualsTheReferenceImplementationBitForBit) {
  for (const Reference& reference : kReferences) {
    const PdqHashes hashed = Hash(Discs(reference.seed, reference.width, reference.height));
    EXPECT_EQ(Hex(hashed.hashes[0]), reference.hash) << "seed " << reference.seed;
    EXPECT_EQ(hashed.quality, reference.quality);
  }
}

TEST(PdqTest, ScalingMovesFewBits) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Hash256 large = Hash(Discs(seed, 480, 480)).hashes[0];
    const Picture whole = Discs(seed, 480, 480);
    for (const auto& [width, height] : {std::pair{240, 240}, {160, 160}, {96, 96}, {300, 200}}) {
      EXPECT_LE(Distance(large, Hash(Scaled(whole, width, height)).hashes[0]), kMatchDistance)
          << "seed " << seed << " at " << width << "x" << height;
    }
  }
}

TEST(PdqTest, NoiseMovesFewBits) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Picture picture = Discs(seed, 128, 128);
    EXPECT_LE(Distance(Hash(picture).hashes[0], Hash(Noisy(picture, seed, 20)).hashes[0]),
              kMatchDistance)
        << seed;
  }
}

TEST(PdqTest, OneTransformKnowsAllEightOrientations) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Picture picture = Discs(seed, 256, 256);
    const Picture turned[] = {picture,
                              FlippedRows(Transposed(picture)),
                              FlippedRows(FlippedColumns(picture)),
                              FlippedColumns(Transposed(picture)),
                              FlippedRows(picture),
                              FlippedColumns(picture),
                              Transposed(picture),
                              FlippedRows(FlippedColumns(Transposed(picture)))};
    const Dihedral hashes = Hash(picture).hashes;
    for (std::size_t i = 0; i < hashes.size(); ++i) {
      const Hash256 own = Hash(turned[i]).hashes[0];
      for (std::size_t j = 0; j < hashes.size(); ++j) {
        const int distance = Distance(own, hashes[j]);
        if (i == j) {
          // Not 0: the window of an even width is longer on one side.
          EXPECT_LE(distance, 2 * kMatchDistance) << "seed " << seed << " orientation " << i;
        } else {
          EXPECT_GT(distance, 70) << "seed " << seed << " orientations " << i << ", " << j;
        }
      }
    }
  }
}

TEST(PdqTest, AHashAloneCanBeTurned) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const Dihedral exact = Hash(Discs(seed, 200, 200)).hashes;
    const Dihedral turned = TurnHash(exact[0]);
    EXPECT_EQ(turned[0], exact[0]);
    for (std::size_t i = 0; i < exact.size(); ++i)
      EXPECT_LE(Distance(turned[i], exact[i]), 16) << "seed " << seed << " orientation " << i;
  }
}

TEST(PdqTest, UnrelatedPicturesDifferInHalfOfTheBits) {
  std::vector<Hash256> hashes;
  for (std::uint64_t seed = 1; seed <= 60; ++seed)
    hashes.push_back(Hash(Discs(seed, 96, 96)).hashes[0]);
  std::int64_t sum = 0;
  int pairs = 0;
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const int distance = Distance(hashes[i], hashes[j]);
      EXPECT_GT(distance, 2 * kMatchDistance) << i << ", " << j;
      sum += distance;
      ++pairs;
    }
  }
  EXPECT_NEAR(static_cast<double>(sum) / pairs, 128, 4);
}

TEST(PdqTest, HalfOfTheBitsAreSet) {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    for (const Hash256& hash : Hash(Discs(seed, 150, 90)).hashes)
      EXPECT_EQ(hash.Weight(), 128);
  }
}

TEST(PdqTest, ThereIsNothingInAPlainPicture) {
  const PdqHashes hashed = Hash(Plain(120, 120, {200, 30, 90}));
  EXPECT_EQ(hashed.quality, 0);
  EXPECT_EQ(hashed.hashes[0].Weight(), 0);
  EXPECT_FALSE(Plausible(hashed.hashes[0]));
}

TEST(PdqTest, SizesAreBounded) {
  const std::vector<std::uint32_t> pixels(25, 1000);
  EXPECT_TRUE(HashPicture(pixels, 5, 5).has_value());
  EXPECT_FALSE(HashPicture(pixels, 4, 5).has_value());
  EXPECT_FALSE(HashPicture(pixels, 5, 6).has_value());
  EXPECT_FALSE(HashPicture({}, 0, 0).has_value());
  EXPECT_FALSE(HashPicture(pixels, -5, -5).has_value());
  EXPECT_FALSE(HashPicture(std::vector<std::uint32_t>(std::size_t{5} * 4097), 4097, 5).has_value());
}

TEST(Hash256Test, BytesComeBack) {
  const Hash256 hash = Hash(Discs(9, 80, 80)).hashes[0];
  const std::string bytes = ToBytes(hash);
  ASSERT_EQ(bytes.size(), 32U);
  EXPECT_EQ(FromBytes(bytes), hash);
  EXPECT_FALSE(FromBytes(bytes.substr(1)).has_value());
  Hash256 one;
  one.Set(0);
  EXPECT_EQ(ToBytes(one), std::string(31, '\0') + '\1');
  EXPECT_TRUE(one.Bit(0));
  EXPECT_EQ(one.Slice(0), 1);
}

}  // namespace
}  // namespace hallwarden::avatar
