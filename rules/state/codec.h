// Little binary encoding of cells and facts: explicit, versioned by its users, equal on every build.
// Protobuf is not used here: its bytes are not promised to be canonical, and cells are many.
#ifndef HALLWARDEN_RULES_STATE_CODEC_H_
#define HALLWARDEN_RULES_STATE_CODEC_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "rules/base/siphash.h"

namespace hallwarden {

// Appends values to a string. Not thread-safe.
class Writer {
 public:
  explicit Writer(std::string* out) : out_(out) {}

  // One byte.
  void Byte(std::uint8_t value) { out_->push_back(static_cast<char>(value)); }
  // LEB128, 1 to 10 bytes.
  void Varint(std::uint64_t value);
  // Zigzag, then LEB128.
  void Signed(std::int64_t value);
  // 16 bytes, most significant first.
  void Hash(const Hash128& value);
  // Length as Varint, then the bytes.
  void Bytes(std::string_view value);

 private:
  std::string* out_;
};

// Reads what Writer wrote. Never reads past the end: after a short or overlong input ok() is false
// for ever and every value is empty. Not thread-safe.
class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  [[nodiscard]] std::uint8_t Byte();
  [[nodiscard]] std::uint64_t Varint();
  [[nodiscard]] std::int64_t Signed();
  [[nodiscard]] Hash128 Hash();
  // Points into the input.
  [[nodiscard]] std::string_view Bytes();

  // True while everything that was asked for was there.
  [[nodiscard]] bool ok() const { return ok_; }
  // True when all is read and nothing failed.
  [[nodiscard]] bool done() const { return ok_ && in_.empty(); }
  // Bytes left.
  [[nodiscard]] std::size_t left() const { return in_.size(); }
  // Marks the input as bad: a count or an enum out of range.
  void Fail() {
    ok_ = false;
    in_ = {};
  }

 private:
  std::string_view in_;
  bool ok_ = true;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_CODEC_H_
