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

absl::Status RefusalStatus(absl::StatusCode code, std::string_view reason, std::string_view message,
                           std::vector<std::pair<std::string, std::string>> metadata) {
  Refusal refusal;
  refusal.code = static_cast<int>(code);
  refusal.reason = std::string(reason);
  refusal.message = std::string(message);
  refusal.metadata = std::move(metadata);
  return ToStatus(refusal);
}

bool IsRefusal(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kOutOfRange:
      return true;
    case absl::StatusCode::kResourceExhausted:
      // With a reason of its own it is somebody's limit, without one it is a full queue.
      return status.GetPayload(kPayload).has_value();
    default:
      return false;
  }
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
  return RefusalStatus(absl::StatusCode::kInvalidArgument, "INVALID_FIELD",
                       std::string(field) + ": " + std::string(what),
                       {{"field", std::string(field)}, {"what", std::string(what)}});
}

absl::Status NoSuch(std::string_view name) {
  return RefusalStatus(absl::StatusCode::kNotFound, "NOT_FOUND",
                       "there is no `" + std::string(name) + "`", {{"name", std::string(name)}});
}

}  // namespace hallwarden::daemon
