#include "tests/daemon/avatar/encoders.h"

#include <cstdio>  // jpeglib.h needs it before
#include <cstdlib>
#include <cstring>

#include <jpeglib.h>
#include <png.h>
#include <webp/encode.h>

#include "gtest/gtest.h"

namespace hallwarden::testing {
namespace {

std::string WritePng(png_image* image, const void* pixels) {
  png_alloc_size_t size = 0;
  EXPECT_NE(png_image_write_get_memory_size(*image, size, 0, pixels, 0, nullptr), 0);
  std::string bytes(size, '\0');
  EXPECT_NE(png_image_write_to_memory(image, bytes.data(), &size, 0, pixels, 0, nullptr), 0);
  bytes.resize(size);
  return bytes;
}

}  // namespace

std::string EncodePng(const Picture& picture) {
  png_image image;
  std::memset(&image, 0, sizeof(image));
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  image.format = PNG_FORMAT_RGB;
  return WritePng(&image, picture.rgb.data());
}

std::string EncodeEmptyPng(std::uint32_t width, std::uint32_t height) {
  png_image image;
  std::memset(&image, 0, sizeof(image));
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_GRAY;
  const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(width) * height);
  return WritePng(&image, pixels.data());
}

std::string EncodeJpeg(const Picture& picture, int quality, bool progressive) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = static_cast<JDIMENSION>(picture.width);
  info.image_height = static_cast<JDIMENSION>(picture.height);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  if (progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<JSAMPLE*>(picture.rgb.data()) +
                3 * static_cast<std::size_t>(info.next_scanline) * info.image_width;
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  std::string bytes(reinterpret_cast<const char*>(memory), size);
  jpeg_destroy_compress(&info);
  std::free(memory);  // NOLINT(cppcoreguidelines-no-malloc): what jpeg_mem_dest allocates
  return bytes;
}

std::string EncodeWebp(const Picture& picture, float quality) {
  std::uint8_t* memory = nullptr;
  const std::size_t size = WebPEncodeRGB(picture.rgb.data(), picture.width, picture.height,
                                         3 * picture.width, quality, &memory);
  EXPECT_GT(size, 0U);
  std::string bytes(reinterpret_cast<const char*>(memory), size);
  WebPFree(memory);
  return bytes;
}

}  // namespace hallwarden::testing
