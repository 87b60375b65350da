#include "daemon/desk/shape_appeals.h"

#include <string>
#include <string_view>

#include "hallwarden/v1/appeal_service.pb.h"

#include "daemon/auth/refusals.h"
#include "daemon/desk/shape.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::Message;

constexpr std::size_t kWordsMax = 4096;

template <class Request>
const Request* As(const Message& request) {
  return dynamic_cast<const Request*>(&request);
}

absl::Status NeedName(std::string_view field, std::string_view value, std::string_view prefix) {
  if (IdOf(value, prefix).has_value()) return absl::OkStatus();
  return InvalidField(field, "`" + std::string(prefix) + "` and an identifier");
}

// Bytes are not looked at by the walk over fields.
absl::Status NeedWords(const std::string& text, bool required) {
  if (text.size() > kWordsMax || (required && text.empty())) {
    return InvalidField("text", required ? "1 to 4096 bytes" : "at most 4096 bytes");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::SubmitAppealRequest& request) {
  if (absl::Status status = NeedName("parent", request.parent(), "sanctions/"); !status.ok()) {
    return status;
  }
  if (request.kind() == v1::APPEAL_KIND_UNSPECIFIED) return InvalidField("kind", "required");
  const std::string& language = request.language();
  if (!language.empty() && language != "zh" && language != "en") {
    return InvalidField("language", "`zh` or `en`");
  }
  return NeedWords(request.text(), true);
}

absl::Status Check(const v1::DecideAppealRequest& request) {
  if (absl::Status status = NeedName("name", request.name(), "appeals/"); !status.ok()) {
    return status;
  }
  if (request.verdict() == v1::APPEAL_VERDICT_UNSPECIFIED) {
    return InvalidField("verdict", "required");
  }
  if (request.compensation_gold() < 0) return InvalidField("compensation_gold", "0 or more");
  return NeedWords(request.text(), false);
}

absl::Status Check(const v1::ListAppealsRequest& request) {
  const std::string& parent = request.parent();
  return parent.empty() || parent == "accounts/-" ? absl::OkStatus()
                                                  : NeedName("parent", parent, "accounts/");
}

}  // namespace

absl::Status CheckAppealShape(const Message& request) {
  if (const auto* submit = As<v1::SubmitAppealRequest>(request)) return Check(*submit);
  if (const auto* decide = As<v1::DecideAppealRequest>(request)) return Check(*decide);
  if (const auto* list = As<v1::ListAppealsRequest>(request)) return Check(*list);
  if (const auto* say = As<v1::CreateAppealMessageRequest>(request)) {
    const absl::Status status = NeedName("parent", say->parent(), "appeals/");
    return status.ok() ? NeedWords(say->text(), say->canned_reply().empty()) : status;
  }
  if (const auto* note = As<v1::CreateAppealNoteRequest>(request)) {
    const absl::Status status = NeedName("parent", note->parent(), "appeals/");
    return status.ok() ? NeedWords(note->text(), true) : status;
  }
  const bool named = As<v1::GetAppealRequest>(request) != nullptr ||
                     As<v1::GetAppealViewRequest>(request) != nullptr ||
                     As<v1::ClaimAppealRequest>(request) != nullptr ||
                     As<v1::ReleaseAppealRequest>(request) != nullptr ||
                     As<v1::WithdrawAppealRequest>(request) != nullptr;
  if (!named) return absl::OkStatus();
  const auto* field = request.GetDescriptor()->FindFieldByName("name");
  return NeedName("name", request.GetReflection()->GetString(request, field), "appeals/");
}

bool AppealNeedsReason(const Message& request) {
  return As<v1::SubmitAppealRequest>(request) == nullptr &&
         As<v1::NextAppealRequest>(request) == nullptr &&
         As<v1::ClaimAppealRequest>(request) == nullptr &&
         As<v1::ReleaseAppealRequest>(request) == nullptr &&
         As<v1::CreateAppealMessageRequest>(request) == nullptr &&
         As<v1::CreateAppealNoteRequest>(request) == nullptr;
}

}  // namespace hallwarden::daemon
