// Images as players upload them: whatever the bytes are, reading them ends, soon, with a reading
// that the rules can use.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/avatar/avatar_reader.h"
#include "daemon/avatar/image.h"
#include "daemon/avatar/qr_reader.h"
#include "rules/avatar/avatar_rule.h"
#include "tests/fuzz/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hallwarden::fuzz::Require;
  constexpr std::size_t kEventMax = 48U << 10;
  if (size > kEventMax) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const hallwarden::v1::AvatarReading reading = hallwarden::daemon::ReadAvatar(bytes);
  const bool read = reading.fault() == hallwarden::v1::IMAGE_FAULT_UNSPECIFIED;
  Require(reading.pdq_hashes().size() == (read ? 256U : 0U),
          "hashes exist where there is no fault");
  Require(reading.pdq_quality() >= 0 && reading.pdq_quality() <= 100, "quality is 0 to 100");
  Require(static_cast<std::size_t>(reading.qr_codes_size()) <= hallwarden::daemon::kQrCodesMax,
          "few QR codes");
  for (const hallwarden::v1::QrCode& code : reading.qr_codes())
    Require(code.text().size() <= hallwarden::daemon::kQrTextMax, "their words are short");
  if (read) {
    Require(
        static_cast<std::size_t>(reading.width()) * static_cast<std::size_t>(reading.height()) <=
            hallwarden::daemon::kPixelsMax,
        "no more pixels than are allowed");
  }
  hallwarden::v1::AvatarChanged changed;
  *changed.mutable_reading() = reading;
  (void)hallwarden::avatar::LookOf(changed);
  (void)hallwarden::avatar::JudgeQrCodes(reading, nullptr, {});
  return 0;
}
