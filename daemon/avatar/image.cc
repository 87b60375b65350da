#include "daemon/avatar/image.h"

namespace hallwarden::daemon {

v1::ImageFormat FormatOf(std::string_view bytes) {
  using std::literals::string_view_literals::operator""sv;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n"sv)) return v1::IMAGE_FORMAT_PNG;
  if (bytes.starts_with("\xff\xd8\xff"sv)) return v1::IMAGE_FORMAT_JPEG;
  constexpr std::size_t kRiffHead = 12;
  if (bytes.size() >= kRiffHead && bytes.starts_with("RIFF"sv) && bytes.substr(8, 4) == "WEBP"sv) {
    return v1::IMAGE_FORMAT_WEBP;
  }
  return v1::IMAGE_FORMAT_UNSPECIFIED;
}

bool AcceptSize(std::uint64_t width, std::uint64_t height, Image* image) {
  constexpr std::uint64_t kShown = 1U << 20;
  image->width = static_cast<int>(width < kShown ? width : kShown);
  image->height = static_cast<int>(height < kShown ? height : kShown);
  if (width > kImageSideMax || height > kImageSideMax || width * height > kPixelsMax) {
    image->fault = v1::IMAGE_FAULT_TOO_LARGE;
  } else if (width < kImageSideMin || height < kImageSideMin) {
    image->fault = v1::IMAGE_FAULT_TOO_SMALL;
  }
  return image->fault == v1::IMAGE_FAULT_UNSPECIFIED;
}

void LayOnWhite(const std::uint8_t* rgba, Image* image) {
  const std::size_t pixels =
      static_cast<std::size_t>(image->width) * static_cast<std::size_t>(image->height);
  image->rgb.resize(3 * pixels);
  constexpr unsigned kFull = 255;
  for (std::size_t i = 0; i < pixels; ++i) {
    const unsigned opacity = rgba[4 * i + 3];
    for (std::size_t c = 0; c < 3; ++c) {
      const unsigned value = rgba[4 * i + c] * opacity + kFull * (kFull - opacity);
      image->rgb[3 * i + c] = static_cast<std::uint8_t>((value + kFull / 2) / kFull);
    }
  }
}

Image DecodeImage(std::string_view bytes) {
  Image image;
  image.format = FormatOf(bytes);
  switch (image.format) {
    case v1::IMAGE_FORMAT_PNG:
      DecodePng(bytes, &image);
      break;
    case v1::IMAGE_FORMAT_JPEG:
      DecodeJpeg(bytes, &image);
      break;
    case v1::IMAGE_FORMAT_WEBP:
      DecodeWebp(bytes, &image);
      break;
    default:
      image.fault = v1::IMAGE_FAULT_FORMAT;
      break;
  }
  if (image.fault != v1::IMAGE_FAULT_UNSPECIFIED) image.rgb.clear();
  return image;
}

}  // namespace hallwarden::daemon
