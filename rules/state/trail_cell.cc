#include "rules/state/trail_cell.h"

#include <algorithm>

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

// A field is only ever added at the end, with a new version.
constexpr std::uint8_t kVersion = 1;

}  // namespace

void TrailCell::Add(const Stay& stay) {
  if (stays.size() >= kStaysMax) stays.erase(stays.begin());
  stays.push_back(stay);
}

bool TrailCell::WasThere(std::uint64_t server, std::uint64_t seq) const {
  return std::any_of(stays.begin(), stays.end(), [&](const Stay& stay) {
    return stay.server == server && stay.first_seq < seq && seq < stay.last_seq;
  });
}

void TrailCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(stays.size());
  for (const Stay& stay : stays) {
    writer.Varint(stay.server);
    writer.Varint(stay.first_seq);
    writer.Varint(stay.last_seq);
  }
}

bool TrailCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  const std::uint64_t count = in.Varint();
  if (count > kStaysMax) return false;
  stays.resize(static_cast<std::size_t>(count));
  for (Stay& stay : stays) {
    stay.server = in.Varint();
    stay.first_seq = in.Varint();
    stay.last_seq = in.Varint();
  }
  return in.done();
}

}  // namespace hallwarden
