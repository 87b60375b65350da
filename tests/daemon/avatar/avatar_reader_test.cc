// What is read from uploaded images, and that hostile ones cost nothing.
#include "daemon/avatar/avatar_reader.h"

#include <chrono>
#include <cstdlib>

#include "daemon/avatar/image.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/avatar/pdq.h"
#include "tests/daemon/avatar/encoders.h"

namespace hallwarden::daemon {
namespace {

using ::hallwarden::testing::Discs;
using ::hallwarden::testing::DrawQr;
using ::hallwarden::testing::EncodeEmptyPng;
using ::hallwarden::testing::EncodeJpeg;
using ::hallwarden::testing::EncodePng;
using ::hallwarden::testing::EncodeWebp;
using ::hallwarden::testing::FlippedColumns;
using ::hallwarden::testing::FlippedRows;
using ::hallwarden::testing::LuminanceOf;
using ::hallwarden::testing::Paste;
using ::hallwarden::testing::Picture;
using ::hallwarden::testing::Plain;
using ::hallwarden::testing::Qr;
using ::hallwarden::testing::QrWords;
using ::hallwarden::testing::Scaled;
using ::hallwarden::testing::Transposed;

avatar::Hash256 FirstHash(const v1::AvatarReading& reading) {
  EXPECT_EQ(reading.pdq_hashes().size(), 256U);
  return avatar::FromBytes(std::string_view(reading.pdq_hashes()).substr(0, 32))
      .value_or(avatar::Hash256{});
}

// The least distance of a picture's hash to one of the eight of another.
int Nearest(const avatar::Hash256& hash, const v1::AvatarReading& reading) {
  int nearest = 256;
  for (std::size_t i = 0; i < reading.pdq_hashes().size(); i += 32) {
    const auto other = avatar::FromBytes(std::string_view(reading.pdq_hashes()).substr(i, 32));
    nearest = std::min(nearest, avatar::Distance(hash, *other));
  }
  return nearest;
}

TEST(AvatarReaderTest, PngIsReadPixelByPixel) {
  const Picture picture = Discs(3, 200, 160);
  const v1::AvatarReading reading = ReadAvatar(EncodePng(picture));
  EXPECT_EQ(reading.format(), v1::IMAGE_FORMAT_PNG);
  EXPECT_EQ(reading.fault(), v1::IMAGE_FAULT_UNSPECIFIED);
  EXPECT_EQ(reading.width(), 200);
  EXPECT_EQ(reading.height(), 160);
  const auto exact = avatar::HashPicture(LuminanceOf(picture), 200, 160);
  EXPECT_EQ(FirstHash(reading), exact->hashes[0]);
  EXPECT_EQ(reading.pdq_quality(), exact->quality);
  EXPECT_THAT(reading.qr_codes(), ::testing::IsEmpty());
}

TEST(AvatarReaderTest, CompressionScalingAndTurningAreSeenThrough) {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    const Picture picture = Discs(seed, 320, 320);
    const avatar::Hash256 banked = FirstHash(ReadAvatar(EncodePng(picture)));
    const auto near = [&](const std::string& bytes) {
      return avatar::Distance(banked, FirstHash(ReadAvatar(bytes)));
    };
    EXPECT_LE(near(EncodeJpeg(picture, 85)), avatar::kMatchDistance) << seed;
    EXPECT_LE(near(EncodeJpeg(picture, 40)), avatar::kMatchDistance) << seed;
    EXPECT_LE(near(EncodeJpeg(picture, 60, true)), avatar::kMatchDistance) << seed;
    EXPECT_LE(near(EncodeWebp(picture, 60)), avatar::kMatchDistance) << seed;
    EXPECT_LE(near(EncodeJpeg(Scaled(picture, 160, 160), 90)), avatar::kMatchDistance) << seed;
    for (const Picture& turned :
         {Transposed(picture), FlippedRows(picture), FlippedColumns(picture),
          FlippedRows(Transposed(picture)), FlippedRows(FlippedColumns(picture))}) {
      EXPECT_LE(Nearest(banked, ReadAvatar(EncodeJpeg(turned, 80))), avatar::kMatchDistance)
          << seed;
    }
  }
}

TEST(AvatarReaderTest, TransparencyLiesOnWhite) {
  // Half of it is opaque black, half transparent black: what one sees is black and white.
  Image image;
  image.width = 8;
  image.height = 8;
  std::vector<std::uint8_t> rgba(256, 0);
  for (std::size_t i = 0; i < 32; ++i)
    rgba[4 * i + 3] = 255;
  LayOnWhite(rgba.data(), &image);
  EXPECT_EQ(image.rgb.front(), 0);
  EXPECT_EQ(image.rgb.back(), 255);
}

TEST(AvatarReaderTest, QrCodesAreRead) {
  for (const Qr code : {Qr::kWeChat, Qr::kOwnHall, Qr::kShop}) {
    const Picture alone = DrawQr(code, 5);
    const Picture inside = Paste(Discs(4, 400, 400), DrawQr(code, 4), 100, 120);
    for (const std::string& bytes :
         {EncodePng(alone), EncodeJpeg(alone, 70), EncodePng(inside), EncodeWebp(inside, 75)}) {
      const v1::AvatarReading reading = ReadAvatar(bytes);
      ASSERT_EQ(reading.qr_codes_size(), 1) << QrWords(code);
      EXPECT_EQ(reading.qr_codes(0).text(), QrWords(code));
    }
  }
}

TEST(AvatarReaderTest, OrdinaryPicturesHoldNoQrCodes) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    EXPECT_EQ(ReadAvatar(EncodeJpeg(Discs(seed, 256, 256), 80)).qr_codes_size(), 0) << seed;
  }
}

TEST(AvatarReaderTest, WhatIsNoImageIsRefused) {
  for (const std::string& bytes :
       {std::string(), std::string("GIF89a..............."), std::string(4096, '\0'),
        std::string("RIFF....WAVEfmt "), std::string("\x89PNG")}) {
    const v1::AvatarReading reading = ReadAvatar(bytes);
    EXPECT_EQ(reading.fault(), v1::IMAGE_FAULT_FORMAT);
    EXPECT_TRUE(reading.pdq_hashes().empty());
  }
}

TEST(AvatarReaderTest, SizesAreJudgedBeforeMemoryIsSpent) {
  // 900 million pixels in some hundred KiB, or less: only the header is looked at.
  std::string bomb = EncodeEmptyPng(16, 16);
  const auto put = [&](std::size_t at, std::uint32_t value) {
    for (int i = 0; i < 4; ++i)
      bomb[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i));
  };
  EXPECT_EQ(ReadAvatar(EncodeEmptyPng(2049, 10)).fault(), v1::IMAGE_FAULT_TOO_LARGE);
  EXPECT_EQ(ReadAvatar(EncodeEmptyPng(1025, 1024)).fault(), v1::IMAGE_FAULT_TOO_LARGE);
  EXPECT_EQ(ReadAvatar(EncodeEmptyPng(1024, 1024)).fault(), v1::IMAGE_FAULT_UNSPECIFIED);
  EXPECT_EQ(ReadAvatar(EncodeEmptyPng(4, 400)).fault(), v1::IMAGE_FAULT_TOO_SMALL);
  EXPECT_EQ(ReadAvatar(EncodeJpeg(Plain(1500, 1000, {}), 20)).fault(), v1::IMAGE_FAULT_TOO_LARGE);
  EXPECT_EQ(ReadAvatar(EncodeWebp(Plain(1500, 1000, {}), 20)).fault(), v1::IMAGE_FAULT_TOO_LARGE);
  // A header that lies: its check sum is wrong too, which is found first.
  put(16, 60'000);
  put(20, 60'000);
  EXPECT_NE(ReadAvatar(bomb).fault(), v1::IMAGE_FAULT_UNSPECIFIED);
}

TEST(AvatarReaderTest, ManyPassesAreNotFollowed) {
  // A progressive JPEG whose last scan is repeated: each costs a whole picture.
  const std::string jpeg = EncodeJpeg(Plain(1000, 1000, {90, 20, 200}), 50, true);
  const std::size_t last = jpeg.rfind("\xff\xda");
  ASSERT_NE(last, std::string::npos);
  const std::string scan = jpeg.substr(last, jpeg.size() - 2 - last);
  std::string bomb = jpeg.substr(0, jpeg.size() - 2);
  while (bomb.size() + scan.size() + 2 <= (48U << 10))
    bomb += scan;
  bomb += "\xff\xd9";
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(ReadAvatar(bomb).fault(), v1::IMAGE_FAULT_DAMAGED);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(20));
}

TEST(AvatarReaderTest, DamageNeverCrashes) {
  const Picture picture = Paste(Discs(8, 120, 120), DrawQr(Qr::kShop, 2), 10, 10);
  std::uint64_t state = 1;
  const auto next = [&] {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 33U;
  };
  for (const std::string& whole : {EncodePng(picture), EncodeJpeg(picture, 60),
                                   EncodeJpeg(picture, 60, true), EncodeWebp(picture, 60)}) {
    for (std::size_t cut = 0; cut < whole.size(); cut += 97)
      (void)ReadAvatar(whole.substr(0, cut));
    for (int i = 0; i < 200; ++i) {
      std::string damaged = whole;
      for (int j = 0; j < 4; ++j)
        damaged[next() % damaged.size()] = static_cast<char>(next());
      const v1::AvatarReading reading = ReadAvatar(damaged);
      EXPECT_LE(reading.qr_codes_size(), 4);
      if (reading.fault() != v1::IMAGE_FAULT_UNSPECIFIED) {
        EXPECT_TRUE(reading.pdq_hashes().empty());
      }
    }
  }
}

}  // namespace
}  // namespace hallwarden::daemon
