// PNG by libpng's simplified interface, which keeps its longjmp to itself, skips the chunks that
// are of no use and gives every kind of PNG as the same four bytes a pixel.

#include <png.h>

#include "daemon/avatar/image.h"

namespace hallwarden::daemon {
namespace {

// Frees what libpng holds, however it ends.
class Reader {
 public:
  Reader() { image_.version = PNG_IMAGE_VERSION; }
  ~Reader() { png_image_free(&image_); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  png_image* get() { return &image_; }

 private:
  png_image image_{};
};

}  // namespace

void DecodePng(std::string_view bytes, Image* image) {
  Reader reader;
  png_image* png = reader.get();
  if (png_image_begin_read_from_memory(png, bytes.data(), bytes.size()) == 0) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return;
  }
  if (!AcceptSize(png->width, png->height, image)) return;
  png->format = PNG_FORMAT_RGBA;
  std::vector<std::uint8_t> rgba(PNG_IMAGE_SIZE(*png));
  if (png_image_finish_read(png, nullptr, rgba.data(), 0, nullptr) == 0) {
    image->fault = v1::IMAGE_FAULT_DAMAGED;
    return;
  }
  LayOnWhite(rgba.data(), image);
}

}  // namespace hallwarden::daemon
