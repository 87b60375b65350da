#include "tests/rules/avatar/pictures.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "rules/avatar/pdq.h"

namespace hallwarden::testing {
namespace {

// A linear congruential generator; the first numbers of a seed decide the motif.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed) {}
  int Below(int most) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<int>((state_ >> 33U) % static_cast<std::uint64_t>(most));
  }

 private:
  std::uint64_t state_;
};

constexpr int kCanvas = 1024;

using Colour = std::array<int, 3>;

Colour AnyColour(Numbers* numbers) {
  Colour colour;
  for (int& channel : colour)
    channel = numbers->Below(256);
  return colour;
}

struct Disc {
  int x = 0;
  int y = 0;
  int radius_squared = 0;
  Colour colour{};
};

// The modules of QR codes, # is dark.
// https://u.wechat.com/kP3xQ8
constexpr std::array<std::string_view, 29> kWeChat = {
    "#######..####.#.......#######", "#.....#.##...#...#.##.#.....#",
    "#.###.#........#..###.#.###.#", "#.###.#...#.##..#.....#.###.#",
    "#.###.#.###..#..#..#..#.###.#", "#.....#..#.##.###..##.#.....#",
    "#######.#.#.#.#.#.#.#.#######", ".........##.#..#.##.#........",
    "#.#.#.#...##....##.##...#..#.", ".#...#.###...#.##.#..##..#..#",
    "#.#...#.###.#.###.#...###.###", "#.#..#.#..#..##.##.##.#....#.",
    "...##.##..#...##...####..#.##", "######.#.##.#.##.##.###..#..#",
    ".#...##.##..##....#....#.#.##", "###..#...#.##..#.##.##...#.#.",
    "..###.#.###.#...########.#.##", ".##.#..#..##.#.##.#.###..##.#",
    "#.#.###...#...###.#...#....##", ".##....####.###.##......##.#.",
    "#..#..#..##...##..#.#####....", "........#.....##...##...#.###",
    "#######..##..#...#.##.#.##.##", "#.....#..#.#...#....#...##..#",
    "#.###.#.#...#...#...#####....", "#.###.#...####.###.##..##.#..",
    "#.###.#.#...##.##.##.#..##..#", "#.....#....#.##.#####......#.",
    "#######.#..#####..#.#.####.##"};

// https://hall.example.com/i/7
constexpr std::array<std::string_view, 29> kOwnHall = {
    "#######.##..####.####.#######", "#.....#.#....#..#.#...#.....#",
    "#.###.#....#....#.#...#.###.#", "#.###.#.#.#...##.#....#.###.#",
    "#.###.#..####.#.#..#..#.###.#", "#.....#..###.#.##.##..#.....#",
    "#######.#.#.#.#.#.#.#.#######", "........##.....#####.........",
    "#.##.###...###.#.#....#..#.##", "#.#.....#.#..###.###.##.#...#",
    "#.#..###.#..##..#.#..###..##.", "###.#....####...#.###..##...#",
    "...######..#..##.#.......##..", "#...##..#...#.#.#..#..#...###",
    ".....##.###..#.##..#.##...###", "##..#....###..#.#...#..#...#.",
    "...##.###.....###..###.###.#.", "..##...#...##.#.##..##.#.###.",
    "#..#..##.#.#.#####...####.#..", "..#..#...###.##..##.#..#..#..",
    ".####.#...#..##.##.########..", "........#..#...##..##...#####",
    "#######.###...##..###.#.##.#.", "#.....#.#...####..#.#...##..#",
    "#.###.#..##.....#.#.#####.#.#", "#.###.#.#..#.......###.###.#.",
    "#.###.#.#.####...##.#..#..#.#", "#.....#.....#..#.##.##..##.#.",
    "#######.##..#.#..#####.##..#."};

// https://shop.example.net/a
constexpr std::array<std::string_view, 25> kShop = {
    "#######...###..#..#######", "#.....#.###..#.##.#.....#", "#.###.#.......#...#.###.#",
    "#.###.#...###.#...#.###.#", "#.###.#.#...####..#.###.#", "#.....#....#.####.#.....#",
    "#######.#.#.#.#.#.#######", ".........##..#.#.........", "#.#.#.#.....##..#...#..#.",
    "#.####....##.#..###.....#", "..#.#.#...#.#...#..#..###", "#....#..###.####.#.#...#.",
    "###..##.#.#.####.###.#.##", "..##.#..####....###..#..#", "#..#..#.#.#..#...#.#..###",
    ".#......##.#.#.##.#.#..#.", "#....##.##..##..######...", "........###.#..##...##.##",
    "#######...#..#.##.#.##.##", "#.....#...#.##..#...##.##", "#.###.#.#..###..######...",
    "#.###.#..#...#.##..####..", "#.###.#.#...#..#.#..#...#", "#.....#..#.#######..##.#.",
    "#######.###..#..#.##...##"};

std::span<const std::string_view> ModulesOf(Qr code) {
  switch (code) {
    case Qr::kWeChat:
      return kWeChat;
    case Qr::kOwnHall:
      return kOwnHall;
    case Qr::kShop:
      break;
  }
  return kShop;
}

}  // namespace

Picture Plain(int width, int height, std::array<std::uint8_t, 3> colour) {
  Picture picture{width, height, {}};
  picture.rgb.reserve(3 * static_cast<std::size_t>(width * height));
  for (int i = 0; i < width * height; ++i)
    picture.rgb.insert(picture.rgb.end(), colour.begin(), colour.end());
  return picture;
}

Picture Discs(std::uint64_t seed, int width, int height) {
  Numbers numbers(seed);
  const Colour left = AnyColour(&numbers);
  const Colour right = AnyColour(&numbers);
  std::array<Disc, 24> discs;
  for (Disc& disc : discs) {
    disc.x = numbers.Below(kCanvas);
    disc.y = numbers.Below(kCanvas);
    const int radius = 40 + numbers.Below(260);
    disc.radius_squared = radius * radius;
    disc.colour = AnyColour(&numbers);
  }
  Picture picture = Plain(width, height, {});
  for (int row = 0; row < height; ++row) {
    const int v = (2 * row + 1) * kCanvas / (2 * height);
    for (int column = 0; column < width; ++column) {
      const int u = (2 * column + 1) * kCanvas / (2 * width);
      Colour colour;
      for (std::size_t c = 0; c < colour.size(); ++c)
        colour[c] = (left[c] * (kCanvas - u) + right[c] * u) / kCanvas;
      for (const Disc& disc : discs) {
        const int dx = u - disc.x;
        const int dy = v - disc.y;
        if (dx * dx + dy * dy < disc.radius_squared) colour = disc.colour;
      }
      for (int c = 0; c < 3; ++c) {
        picture.At(row, column, c) = static_cast<std::uint8_t>(colour[static_cast<std::size_t>(c)]);
      }
    }
  }
  return picture;
}

std::string_view QrWords(Qr code) {
  switch (code) {
    case Qr::kWeChat:
      return "https://u.wechat.com/kP3xQ8";
    case Qr::kOwnHall:
      return "https://hall.example.com/i/7";
    case Qr::kShop:
      break;
  }
  return "https://shop.example.net/a";
}

Picture DrawQr(Qr code, int scale) {
  constexpr int kBorder = 4;
  const std::span<const std::string_view> modules = ModulesOf(code);
  const int side = (static_cast<int>(modules.size()) + 2 * kBorder) * scale;
  Picture picture = Plain(side, side, {255, 255, 255});
  for (std::size_t row = 0; row < modules.size(); ++row) {
    for (std::size_t column = 0; column < modules.size(); ++column) {
      if (modules[row][column] != '#') continue;
      for (int i = 0; i < scale * scale; ++i) {
        for (int c = 0; c < 3; ++c) {
          picture.At((static_cast<int>(row) + kBorder) * scale + i / scale,
                     (static_cast<int>(column) + kBorder) * scale + i % scale, c) = 0;
        }
      }
    }
  }
  return picture;
}

Picture Paste(Picture picture, const Picture& small, int row, int column) {
  for (int i = 0; i < small.height; ++i) {
    for (int j = 0; j < small.width; ++j) {
      for (int c = 0; c < 3; ++c)
        picture.At(row + i, column + j, c) = small.At(i, j, c);
    }
  }
  return picture;
}

Picture Transposed(const Picture& picture) {
  Picture turned = Plain(picture.height, picture.width, {});
  for (int i = 0; i < turned.height; ++i) {
    for (int j = 0; j < turned.width; ++j) {
      for (int c = 0; c < 3; ++c)
        turned.At(i, j, c) = picture.At(j, i, c);
    }
  }
  return turned;
}

Picture FlippedRows(const Picture& picture) {
  Picture turned = picture;
  for (int i = 0; i < turned.height; ++i) {
    for (int j = 0; j < turned.width; ++j) {
      for (int c = 0; c < 3; ++c)
        turned.At(i, j, c) = picture.At(picture.height - 1 - i, j, c);
    }
  }
  return turned;
}

Picture FlippedColumns(const Picture& picture) {
  return Transposed(FlippedRows(Transposed(picture)));
}

Picture Scaled(const Picture& picture, int width, int height) {
  Picture scaled = Plain(width, height, {});
  for (int i = 0; i < height; ++i) {
    const int top = i * picture.height / height;
    const int bottom = std::max(top + 1, (i + 1) * picture.height / height);
    for (int j = 0; j < width; ++j) {
      const int left = j * picture.width / width;
      const int right = std::max(left + 1, (j + 1) * picture.width / width);
      for (int c = 0; c < 3; ++c) {
        int sum = 0;
        for (int y = top; y < bottom; ++y) {
          for (int x = left; x < right; ++x)
            sum += picture.At(y, x, c);
        }
        scaled.At(i, j, c) = static_cast<std::uint8_t>(sum / ((bottom - top) * (right - left)));
      }
    }
  }
  return scaled;
}

Picture Noisy(Picture picture, std::uint64_t seed, int most) {
  Numbers numbers(seed);
  for (std::uint8_t& value : picture.rgb) {
    const int noisy = value + numbers.Below(2 * most + 1) - most;
    value = static_cast<std::uint8_t>(std::clamp(noisy, 0, 255));
  }
  return picture;
}

std::vector<std::uint32_t> LuminanceOf(const Picture& picture) {
  std::vector<std::uint32_t> luminance;
  for (std::size_t i = 0; i < picture.rgb.size(); i += 3) {
    luminance.push_back(avatar::Luminance(picture.rgb[i], picture.rgb[i + 1], picture.rgb[i + 2]));
  }
  return luminance;
}

}  // namespace hallwarden::testing
