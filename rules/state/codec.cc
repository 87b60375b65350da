#include "rules/state/codec.h"

namespace hallwarden {

void Writer::Varint(std::uint64_t value) {
  while (value >= 0x80) {
    out_->push_back(static_cast<char>((value & 0x7f) | 0x80));
    value >>= 7;
  }
  out_->push_back(static_cast<char>(value));
}

void Writer::Signed(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  Varint((bits << 1) ^ (value < 0 ? ~std::uint64_t{0} : std::uint64_t{0}));
}

void Writer::Hash(const Hash128& value) {
  for (const std::uint64_t word : {value.hi, value.lo}) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out_->push_back(static_cast<char>((word >> shift) & 0xff));
    }
  }
}

void Writer::Bytes(std::string_view value) {
  Varint(value.size());
  out_->append(value);
}

std::uint8_t Reader::Byte() {
  if (in_.empty()) {
    Fail();
    return 0;
  }
  const auto value = static_cast<std::uint8_t>(in_.front());
  in_.remove_prefix(1);
  return value;
}

std::uint64_t Reader::Varint() {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (in_.empty()) break;
    const auto byte = static_cast<std::uint8_t>(in_.front());
    in_.remove_prefix(1);
    // The tenth byte holds one bit only.
    if (shift == 63 && byte > 1) break;
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) == 0) return value;
  }
  Fail();
  return 0;
}

std::int64_t Reader::Signed() {
  const std::uint64_t bits = Varint();
  const std::uint64_t sign = (bits & 1) != 0 ? ~std::uint64_t{0} : std::uint64_t{0};
  return static_cast<std::int64_t>((bits >> 1) ^ sign);
}

Hash128 Reader::Hash() {
  if (in_.size() < 16) {
    Fail();
    return {};
  }
  Hash128 value;
  for (int i = 0; i < 16; ++i) {
    auto& word = i < 8 ? value.hi : value.lo;
    word = (word << 8) | static_cast<std::uint8_t>(in_[static_cast<std::size_t>(i)]);
  }
  in_.remove_prefix(16);
  return value;
}

std::string_view Reader::Bytes() {
  const std::uint64_t size = Varint();
  if (size > in_.size()) {
    Fail();
    return {};
  }
  const std::string_view value = in_.substr(0, static_cast<std::size_t>(size));
  in_.remove_prefix(static_cast<std::size_t>(size));
  return value;
}

}  // namespace hallwarden
