#include "daemon/avatar/avatar_reader.h"

#include <cstdint>
#include <string>
#include <vector>

#include "daemon/avatar/image.h"
#include "daemon/avatar/qr_reader.h"
#include "rules/avatar/pdq.h"

namespace hallwarden::daemon {

v1::AvatarReading ReadAvatar(std::string_view image) {
  v1::AvatarReading reading;
  const Image decoded = DecodeImage(image);
  reading.set_format(decoded.format);
  reading.set_fault(decoded.fault);
  reading.set_width(decoded.width);
  reading.set_height(decoded.height);
  if (decoded.fault != v1::IMAGE_FAULT_UNSPECIFIED) return reading;
  constexpr std::uint32_t kThousand = 1000;
  std::vector<std::uint32_t> luminance(decoded.rgb.size() / 3);
  std::vector<std::uint8_t> grey(luminance.size());
  for (std::size_t i = 0; i < luminance.size(); ++i) {
    luminance[i] =
        avatar::Luminance(decoded.rgb[3 * i], decoded.rgb[3 * i + 1], decoded.rgb[3 * i + 2]);
    grey[i] = static_cast<std::uint8_t>((luminance[i] + kThousand / 2) / kThousand);
  }
  if (const auto hashed = avatar::HashPicture(luminance, decoded.width, decoded.height)) {
    for (const avatar::Hash256& hash : hashed->hashes)
      *reading.mutable_pdq_hashes() += avatar::ToBytes(hash);
    reading.set_pdq_quality(hashed->quality);
  }
  for (std::string& text : ReadQrCodes(grey, decoded.width, decoded.height)) {
    reading.add_qr_codes()->set_text(std::move(text));
  }
  return reading;
}

}  // namespace hallwarden::daemon
