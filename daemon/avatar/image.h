// Images as players upload them, made into pixels: PNG, JPEG and WebP, by Debian's own libraries.
//
// What comes here is hostile until shown otherwise. The size is read from the header and judged
// before a single pixel has memory; nothing is decoded that would take more than kPixelsMax pixels,
// and of JPEG nothing that takes more than a bounded number of passes over them. A fault of the
// image is a value, never an exception, a message on stderr or an end of the process.
#ifndef HALLWARDEN_DAEMON_AVATAR_IMAGE_H_
#define HALLWARDEN_DAEMON_AVATAR_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::daemon {

// Ours: an avatar is shown at a few hundred pixels. Decoding a full one takes some 4 MiB and some
// 20 ms.
inline constexpr int kImageSideMax = 2048;
inline constexpr std::size_t kPixelsMax = std::size_t{1} << 20;
// Fewer pixels than this in a row or column are nothing to compare.
inline constexpr int kImageSideMin = 5;

struct Image {
  v1::ImageFormat format = v1::IMAGE_FORMAT_UNSPECIFIED;
  v1::ImageFault fault = v1::IMAGE_FAULT_UNSPECIFIED;
  int width = 0;
  int height = 0;
  // Red, green and blue of each pixel, rows from the top; what is transparent lies on white. Empty
  // if there is a fault.
  std::vector<std::uint8_t> rgb;
};

// Thread-safe.
[[nodiscard]] Image DecodeImage(std::string_view bytes);

// By its first bytes.
[[nodiscard]] v1::ImageFormat FormatOf(std::string_view bytes);

// Internal to this folder: each fills size and pixels, or sets a fault.
void DecodePng(std::string_view bytes, Image* image);
void DecodeJpeg(std::string_view bytes, Image* image);
void DecodeWebp(std::string_view bytes, Image* image);
// Judges the size that a header names. False: a fault is set.
[[nodiscard]] bool AcceptSize(std::uint64_t width, std::uint64_t height, Image* image);
// Lays pixels of red, green, blue and opacity on white.
void LayOnWhite(const std::uint8_t* rgba, Image* image);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AVATAR_IMAGE_H_
