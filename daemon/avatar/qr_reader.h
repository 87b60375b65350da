// QR codes in a picture, read by ZBar.
#ifndef HALLWARDEN_DAEMON_AVATAR_QR_READER_H_
#define HALLWARDEN_DAEMON_AVATAR_QR_READER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hallwarden::daemon {

inline constexpr std::size_t kQrCodesMax = 4;
inline constexpr std::size_t kQrTextMax = 1024;

// What each code says, longer ones cut; the same words once. `grey` has width * height values, rows
// from the top. Thread-safe.
[[nodiscard]] std::vector<std::string> ReadQrCodes(const std::vector<std::uint8_t>& grey, int width,
                                                   int height);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AVATAR_QR_READER_H_
