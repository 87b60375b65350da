#include "storage/key.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;
constexpr char kEscaped = '\xff';
constexpr char kEnd = '\x01';

void AppendFixed(std::string* out, std::uint64_t value, int bits) {
  for (int shift = bits - 8; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>((value >> shift) & 0xff));
  }
}

}  // namespace

Key& Key::Byte(std::uint8_t value) {
  bytes_.push_back(static_cast<char>(value));
  return *this;
}

Key& Key::U32(std::uint32_t value) {
  AppendFixed(&bytes_, value, 32);
  return *this;
}

Key& Key::U64(std::uint64_t value) {
  AppendFixed(&bytes_, value, 64);
  return *this;
}

Key& Key::I64(std::int64_t value) {
  return U64(static_cast<std::uint64_t>(value) ^ kSignBit);
}

Key& Key::Name(std::string_view value) {
  for (const char c : value) {
    bytes_.push_back(c);
    if (c == '\0') bytes_.push_back(kEscaped);
  }
  bytes_.push_back('\0');
  bytes_.push_back(kEnd);
  return *this;
}

Key& Key::Raw(std::string_view value) {
  bytes_.append(value);
  return *this;
}

std::uint64_t KeyReader::Fixed(std::size_t size) {
  if (in_.size() < size) {
    ok_ = false;
    in_ = {};
    return 0;
  }
  std::uint64_t value = 0;
  for (const char c : in_.substr(0, size))
    value = (value << 8) | static_cast<std::uint8_t>(c);
  in_.remove_prefix(size);
  return value;
}

std::uint8_t KeyReader::Byte() {
  return static_cast<std::uint8_t>(Fixed(1));
}
std::uint32_t KeyReader::U32() {
  return static_cast<std::uint32_t>(Fixed(4));
}
std::uint64_t KeyReader::U64() {
  return Fixed(8);
}

std::int64_t KeyReader::I64() {
  const std::uint64_t bits = Fixed(8);
  return ok_ ? static_cast<std::int64_t>(bits ^ kSignBit) : 0;
}

std::string KeyReader::Name() {
  std::string name;
  for (std::size_t i = 0; i + 1 < in_.size(); ++i) {
    if (in_[i] != '\0') {
      name.push_back(in_[i]);
      continue;
    }
    ++i;
    if (in_[i] == kEnd) {
      in_.remove_prefix(i + 1);
      return name;
    }
    if (in_[i] != kEscaped) break;
    name.push_back('\0');
  }
  ok_ = false;
  in_ = {};
  return {};
}

std::string_view KeyReader::Raw() {
  const std::string_view rest = in_;
  in_ = {};
  return rest;
}

std::string PrefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff')
    end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<std::uint8_t>(end.back()) + 1);
  return end;
}

}  // namespace hallwarden::storage
