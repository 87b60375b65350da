#include "tools/hallsim/picture.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace hallwarden::hallsim {
namespace {

// https://u.wechat.com/EHallSim2026
constexpr std::array<std::string_view, 29> kModules = {
    "#######..#.#..#..##...#######", "#.....#.##.#.#...#.##.#.....#",
    "#.###.#...#.#..#..#...#.###.#", "#.###.#..#...#..#.##..#.###.#",
    "#.###.#.##.###..#.#...#.###.#", "#.....#....#..####.##.#.....#",
    "#######.#.#.#.#.#.#.#.#######", ".........#.....#.##.#........",
    "#.#.#.#..####...##.##...#..#.", "##.##..####..#.##....##..#..#",
    "....###..##.#.###.....###.###", "###.##...#.#.##.##.##.#....#.",
    "...#..#.##.##.####.####..#.##", "######.###.##.##....###..#..#",
    "....#.#.######..#......#.#.##", "#####.....#.....##..##...#.#.",
    "#.#..##..#.##......#####.#.##", ".#......##...#...##.###..##.#",
    "#.....##...#..#.###...#....##", ".#####...#.####..##.....##.#.",
    "#..#..#..#.#..#..#..#####....", "........###.#.#....##...#.###",
    "#######..#####..#.###.#.##.##", "#.....#..####..#.##.#...##...",
    "#.###.#.#.#......#..#####...#", "#.###.#..###.#.....##..##.###",
    "#.###.#.#.#...#.#..#.#..##..#", "#.....#..##.##...####......#.",
    "#######.##.####..##.#.####.##"};

// Grey values, rows from the top.
struct Grey {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> pixels;
};

void PutWord(std::uint32_t word, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out->push_back(static_cast<char>(word >> shift & 0xff));
}

// CRC-32 as PNG has it.
std::uint32_t Crc(std::string_view bytes) {
  std::uint32_t crc = 0xffffffff;
  for (const char byte : bytes) {
    crc ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit)
      crc = crc >> 1U ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

void PutChunk(std::string_view type, std::string_view data, std::string* out) {
  PutWord(static_cast<std::uint32_t>(data.size()), out);
  std::string body(type);
  body += data;
  *out += body;
  PutWord(Crc(body), out);
}

// A zlib stream that stores its bytes as they are.
std::string Stored(std::string_view bytes) {
  constexpr std::size_t kBlock = 0xffff;
  std::string out("\x78\x01", 2);
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const char byte : bytes) {
    a = (a + static_cast<unsigned char>(byte)) % 65521;
    b = (b + a) % 65521;
  }
  for (std::size_t at = 0; at < bytes.size(); at += kBlock) {
    const std::string_view block = bytes.substr(at, kBlock);
    const auto size = static_cast<std::uint32_t>(block.size());
    out.push_back(at + kBlock >= bytes.size() ? 1 : 0);
    for (const std::uint32_t half : {size, ~size}) {
      out.push_back(static_cast<char>(half & 0xff));
      out.push_back(static_cast<char>(half >> 8U & 0xff));
    }
    out += block;
  }
  PutWord(b << 16U | a, &out);
  return out;
}

std::string Png(const Grey& grey) {
  std::string out("\x89PNG\r\n\x1a\n", 8);
  std::string head;
  PutWord(static_cast<std::uint32_t>(grey.width), &head);
  PutWord(static_cast<std::uint32_t>(grey.height), &head);
  head += std::string("\x08\0\0\0\0", 5);  // eight bits of grey
  PutChunk("IHDR", head, &out);
  std::string rows;
  for (std::size_t row = 0; row < grey.height; ++row) {
    rows.push_back(0);  // not filtered
    for (std::size_t column = 0; column < grey.width; ++column)
      rows.push_back(static_cast<char>(grey.pixels[row * grey.width + column]));
  }
  PutChunk("IDAT", Stored(rows), &out);
  PutChunk("IEND", {}, &out);
  return out;
}

}  // namespace

std::string HonestPicture(Random& random) {
  constexpr std::size_t kSide = 96;
  constexpr int kPatches = 14;
  Grey grey{kSide, kSide, std::vector<std::uint8_t>(kSide * kSide, 128)};
  for (int patch = 0; patch < kPatches; ++patch) {
    const std::size_t left = random.Below(kSide - 8);
    const std::size_t top = random.Below(kSide - 8);
    const std::size_t right = std::min(kSide, left + 8 + random.Below(40));
    const std::size_t bottom = std::min(kSide, top + 8 + random.Below(40));
    const auto value = static_cast<std::uint8_t>(random.Below(256));
    for (std::size_t row = top; row < bottom; ++row) {
      for (std::size_t column = left; column < right; ++column)
        grey.pixels[row * kSide + column] = value;
    }
  }
  return Png(grey);
}

std::string ContactPicture() {
  constexpr std::size_t kBorder = 4;
  constexpr std::size_t kScale = 4;
  const std::size_t side = (kModules.size() + 2 * kBorder) * kScale;
  Grey grey{side, side, std::vector<std::uint8_t>(side * side, 255)};
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      const std::size_t i = row / kScale - kBorder;
      const std::size_t j = column / kScale - kBorder;
      if (i < kModules.size() && j < kModules.size() && kModules[i][j] == '#') {
        grey.pixels[row * side + column] = 0;
      }
    }
  }
  return Png(grey);
}

std::string PictureHash(std::uint64_t picture) {
  Random random(picture);
  std::string hash;
  while (hash.size() < 32) {
    const auto byte = static_cast<std::uint8_t>(random.Below(256));
    hash.push_back(static_cast<char>(byte));
    hash.push_back(static_cast<char>(~byte));
  }
  return hash;
}

}  // namespace hallwarden::hallsim
