#include "daemon/avatar/qr_reader.h"

#include <algorithm>
#include <memory>

#include <zbar.h>

namespace hallwarden::daemon {
namespace {

struct DeleteScanner {
  void operator()(zbar::zbar_image_scanner_t* scanner) const {
    zbar::zbar_image_scanner_destroy(scanner);
  }
};
struct DeleteImage {
  void operator()(zbar::zbar_image_t* image) const { zbar::zbar_image_destroy(image); }
};

// "Y800": one byte of grey a pixel.
constexpr unsigned long kGrey = 0x30303859;

}  // namespace

std::vector<std::string> ReadQrCodes(const std::vector<std::uint8_t>& grey, int width, int height) {
  std::vector<std::string> texts;
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  if (width <= 0 || height <= 0 || grey.size() != size) return texts;
  const std::unique_ptr<zbar::zbar_image_scanner_t, DeleteScanner> scanner(
      zbar::zbar_image_scanner_create());
  const std::unique_ptr<zbar::zbar_image_t, DeleteImage> image(zbar::zbar_image_create());
  if (scanner == nullptr || image == nullptr) return texts;
  // QR codes alone: the readers of bar codes find codes in ordinary pictures.
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
  zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
  zbar::zbar_image_set_format(image.get(), kGrey);
  zbar::zbar_image_set_size(image.get(), static_cast<unsigned>(width),
                            static_cast<unsigned>(height));
  // Without a handler the data stay ours: the image only looks at them.
  zbar::zbar_image_set_data(image.get(), grey.data(), grey.size(), nullptr);
  if (zbar::zbar_scan_image(scanner.get(), image.get()) <= 0) return texts;
  for (const zbar::zbar_symbol_t* symbol = zbar::zbar_image_first_symbol(image.get());
       symbol != nullptr && texts.size() < kQrCodesMax; symbol = zbar::zbar_symbol_next(symbol)) {
    if (zbar::zbar_symbol_get_type(symbol) != zbar::ZBAR_QRCODE) continue;
    const std::size_t length = zbar::zbar_symbol_get_data_length(symbol);
    std::string text(zbar::zbar_symbol_get_data(symbol), std::min(length, kQrTextMax));
    if (std::find(texts.begin(), texts.end(), text) == texts.end()) {
      texts.push_back(std::move(text));
    }
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

}  // namespace hallwarden::daemon
