#include "daemon/desk/page_token.h"

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "daemon/auth/refusals.h"
#include "rules/base/siphash.h"
#include "rules/engine/effect.h"

namespace hallwarden::daemon {
namespace {

constexpr std::int32_t kDefaultSize = 50;
constexpr std::int32_t kLargestSize = 1000;
constexpr std::size_t kDigestLength = 16;  // hex digits

const google::protobuf::FieldDescriptor* Field(const google::protobuf::Message& request,
                                               const char* name) {
  return request.GetDescriptor()->FindFieldByName(name);
}

// Tells lists apart, hides nothing: a public constant is key enough.
std::string FilterDigest(const google::protobuf::Message& request) {
  const std::unique_ptr<google::protobuf::Message> filter(request.New());
  filter->CopyFrom(request);
  filter->GetReflection()->ClearField(filter.get(), Field(request, "page_size"));
  filter->GetReflection()->ClearField(filter.get(), Field(request, "page_token"));
  const std::string text = request.GetDescriptor()->full_name() + "\n" + CanonicalText(*filter);
  Hash128 hash;
  hash.hi = SipHash64(SipKey{}, text);
  return ToHex(hash).substr(0, kDigestLength);
}

absl::Status BadToken() {
  return RefusalStatus(absl::StatusCode::kInvalidArgument, "PAGE_TOKEN",
                       "page_token is not of this list");
}

}  // namespace

absl::StatusOr<PageSpec> ReadPage(const google::protobuf::Message& request) {
  const google::protobuf::Reflection* reflection = request.GetReflection();
  std::int32_t size = reflection->GetInt32(request, Field(request, "page_size"));
  if (size < 0) return InvalidField("page_size", "0 or more");
  if (size == 0) size = kDefaultSize;
  PageSpec spec;
  spec.limit = static_cast<std::size_t>(std::min(size, kLargestSize));
  const std::string token = reflection->GetString(request, Field(request, "page_token"));
  if (token.empty()) return spec;
  std::string plain;
  if (!absl::WebSafeBase64Unescape(token, &plain) || plain.size() <= kDigestLength ||
      plain.compare(0, kDigestLength, FilterDigest(request)) != 0) {
    return BadToken();
  }
  spec.place = plain.substr(kDigestLength);
  return spec;
}

std::string NextPage(const google::protobuf::Message& request, std::string_view place) {
  if (place.empty()) return {};
  return absl::WebSafeBase64Escape(FilterDigest(request) + std::string(place));
}

}  // namespace hallwarden::daemon
