// Keys that sort as bytes.
#ifndef HALLWARDEN_STORAGE_KEY_H_
#define HALLWARDEN_STORAGE_KEY_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace hallwarden::storage {

// Appends parts of a key. Every part but Raw is prefix-free and sorts as its value does, so a key
// of parts sorts by its parts from left to right. Not thread-safe.
class Key {
 public:
  Key() = default;
  // Starts with a table byte.
  explicit Key(std::uint8_t table) { Byte(table); }

  Key& Byte(std::uint8_t value);
  // Most significant byte first.
  Key& U32(std::uint32_t value);
  Key& U64(std::uint64_t value);
  // As U64 of the value with its sign bit flipped.
  Key& I64(std::int64_t value);
  // Bytes with 00 written as 00 FF, then 00 01.
  Key& Name(std::string_view value);
  // The bytes as they are. Only as the last part.
  Key& Raw(std::string_view value);

  [[nodiscard]] const std::string& bytes() const { return bytes_; }
  [[nodiscard]] std::string Take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what Key wrote. After a short or malformed input ok() is false for ever and every value is
// empty. Not thread-safe.
class KeyReader {
 public:
  explicit KeyReader(std::string_view in) : in_(in) {}

  [[nodiscard]] std::uint8_t Byte();
  [[nodiscard]] std::uint32_t U32();
  [[nodiscard]] std::uint64_t U64();
  [[nodiscard]] std::int64_t I64();
  [[nodiscard]] std::string Name();
  // Everything that is left.
  [[nodiscard]] std::string_view Raw();

  [[nodiscard]] bool ok() const { return ok_; }
  // True when all is read and nothing failed.
  [[nodiscard]] bool done() const { return ok_ && in_.empty(); }

 private:
  std::uint64_t Fixed(std::size_t size);

  std::string_view in_;
  bool ok_ = true;
};

// The smallest key that is greater than every key with this prefix. Empty: there is none.
[[nodiscard]] std::string PrefixEnd(std::string_view prefix);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_KEY_H_
