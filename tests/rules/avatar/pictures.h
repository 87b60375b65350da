// Pictures for tests, made by code: discs on a gradient, and QR codes. The same on every machine.
#ifndef HALLWARDEN_TESTS_RULES_AVATAR_PICTURES_H_
#define HALLWARDEN_TESTS_RULES_AVATAR_PICTURES_H_

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hallwarden::testing {

struct Picture {
  int width = 0;
  int height = 0;
  std::vector<std::uint8_t> rgb;

  [[nodiscard]] std::uint8_t& At(int row, int column, int channel) {
    return rgb[3 * static_cast<std::size_t>(row * width + column) +
               static_cast<std::size_t>(channel)];
  }
  [[nodiscard]] std::uint8_t At(int row, int column, int channel) const {
    return rgb[3 * static_cast<std::size_t>(row * width + column) +
               static_cast<std::size_t>(channel)];
  }
};

// 24 discs on a gradient, told apart by `seed`; the same motif at every size.
[[nodiscard]] Picture Discs(std::uint64_t seed, int width, int height);
// One colour.
[[nodiscard]] Picture Plain(int width, int height, std::array<std::uint8_t, 3> colour);

// A QR code with a white border; a module is `scale` pixels.
enum class Qr : std::uint8_t {
  kWeChat,   // https://u.wechat.com/kP3xQ8
  kOwnHall,  // https://hall.example.com/i/7
  kShop,     // https://shop.example.net/a
};
[[nodiscard]] std::string_view QrWords(Qr code);
[[nodiscard]] Picture DrawQr(Qr code, int scale);
// `small` on `picture`, its upper left corner at that place.
[[nodiscard]] Picture Paste(Picture picture, const Picture& small, int row, int column);

// Rows become columns.
[[nodiscard]] Picture Transposed(const Picture& picture);
[[nodiscard]] Picture FlippedRows(const Picture& picture);
[[nodiscard]] Picture FlippedColumns(const Picture& picture);
// To another size, each pixel the mean of those that it covers (smaller) or the nearest (larger).
[[nodiscard]] Picture Scaled(const Picture& picture, int width, int height);
// A little noise and brightness on each value, told apart by `seed`.
[[nodiscard]] Picture Noisy(Picture picture, std::uint64_t seed, int most);

// What is hashed of it.
[[nodiscard]] std::vector<std::uint32_t> LuminanceOf(const Picture& picture);

}  // namespace hallwarden::testing

#endif  // HALLWARDEN_TESTS_RULES_AVATAR_PICTURES_H_
