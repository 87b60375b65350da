#include "daemon/auth/refusals.h"

#include <string>

#include "absl/strings/cord.h"
#include "daemon/wording/wording.h"

namespace hallwarden::daemon {
namespace {

constexpr const char* kPayload = "type.googleapis.com/google.rpc.ErrorInfo";

// Reason of an error that came without one, and what callers read instead of its message; null: its
// own message.
struct Fallback {
  const char* reason;
  const char* message;
};

Fallback FallbackFor(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kNotFound:
      return {"NOT_FOUND", nullptr};
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return {"INVALID_FIELD", nullptr};
    case absl::StatusCode::kResourceExhausted:
      return {"TOO_BUSY", "too much is waiting"};
    case absl::StatusCode::kUnavailable:
      return {"SHUTTING_DOWN", "the daemon is not serving"};
    case absl::StatusCode::kCancelled:
      return {"CANCELLED", "the call was cancelled"};
    case absl::StatusCode::kDataLoss:
      return {"DAMAGED", "stored data is damaged; see the daemon's log"};
    default:
      return {"INTERNAL", "internal error; see the daemon's log"};
  }
}

}  // namespace

absl::Status ToStatus(const Refusal& refusal) {
  google::rpc::ErrorInfo info;
  info.set_reason(refusal.reason);
  info.set_domain(std::string(kErrorDomain));
  for (const auto& [key, value] : refusal.metadata)
    (*info.mutable_metadata())[key] = value;
  absl::Status status(static_cast<absl::StatusCode>(refusal.code), refusal.message);
  status.SetPayload(kPayload, absl::Cord(info.SerializeAsString()));
  return status;
}

Refusal RefusalOf(const absl::Status& status) {
  Refusal refusal;
  refusal.code = static_cast<int>(status.code());
  refusal.message = std::string(status.message());
  const absl::optional<absl::Cord> payload = status.GetPayload(kPayload);
  google::rpc::ErrorInfo info;
  if (payload.has_value() && info.ParseFromString(std::string(*payload))) {
    refusal.reason = info.reason();
    for (const auto& [key, value] : info.metadata())
      refusal.metadata.emplace_back(key, value);
    return refusal;
  }
  const Fallback fallback = FallbackFor(status.code());
  refusal.reason = fallback.reason;
  if (fallback.message != nullptr) refusal.message = fallback.message;
  return refusal;
}

google::rpc::ErrorInfo ErrorInfoOf(const Refusal& refusal) {
  google::rpc::ErrorInfo info;
  info.set_reason(refusal.reason);
  info.set_domain(std::string(kErrorDomain));
  std::vector<wording::Fill> fills;
  for (const auto& [key, value] : refusal.metadata) {
    (*info.mutable_metadata())[key] = value;
    fills.emplace_back(key, value);
  }
  const std::string key = "refusal." + refusal.reason;
  if (wording::Has(key)) {
    const v1::LocalizedText hint = wording::Say(key, fills);
    (*info.mutable_metadata())["hint_zh"] = hint.zh();
    (*info.mutable_metadata())["hint_en"] = hint.en();
  }
  return info;
}

absl::Status InvalidField(std::string_view field, std::string_view what) {
  Refusal refusal;
  refusal.code = static_cast<int>(absl::StatusCode::kInvalidArgument);
  refusal.reason = "INVALID_FIELD";
  refusal.message = std::string(field) + ": " + std::string(what);
  refusal.metadata = {{"field", std::string(field)}, {"what", std::string(what)}};
  return ToStatus(refusal);
}

absl::Status NoSuch(std::string_view name) {
  Refusal refusal;
  refusal.code = static_cast<int>(absl::StatusCode::kNotFound);
  refusal.reason = "NOT_FOUND";
  refusal.message = "there is no `" + std::string(name) + "`";
  refusal.metadata = {{"name", std::string(name)}};
  return ToStatus(refusal);
}

}  // namespace hallwarden::daemon
