#include "tools/gmctl/problem.h"

#include <cstddef>

#include <absl/strings/cord.h>

#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

constexpr const char* kCodePayload = "gmctl/code";
constexpr const char* kArgsPayload = "gmctl/args";
constexpr const char* kAdvicePayload = "gmctl/advice";
constexpr const char* kAdviceArgsPayload = "gmctl/advice-args";
constexpr const char* kReasonPayload = "gmctl/reason";
constexpr const char* kMetadataPayload = "gmctl/metadata";

// Pairs as "hex hex\n": payloads are bytes, and values may be any.
std::string PackArgs(const MessageArgs& args) {
  std::string out;
  for (const auto& [name, value] : args)
    out += Cat({Hex(name), " ", Hex(value), "\n"});
  return out;
}

std::string PayloadOr(const absl::Status& status, const char* name) {
  const auto payload = status.GetPayload(name);
  return payload.has_value() ? std::string(*payload) : std::string();
}

MessageArgs UnpackArgs(const absl::Status& status, const char* name) {
  MessageArgs args;
  for (const std::string& line : Split(PayloadOr(status, name), '\n')) {
    const std::size_t space = line.find(' ');
    if (space == std::string::npos) continue;
    args.emplace_back(Unhex(std::string_view(line).substr(0, space)).value_or(""),
                      Unhex(std::string_view(line).substr(space + 1)).value_or(""));
  }
  return args;
}

absl::StatusCode CodeFor(ExitCode code) {
  switch (code) {
    case ExitCode::kUsage:
      return absl::StatusCode::kInvalidArgument;
    case ExitCode::kNotFound:
      return absl::StatusCode::kNotFound;
    case ExitCode::kDenied:
      return absl::StatusCode::kPermissionDenied;
    case ExitCode::kConflict:
      return absl::StatusCode::kAborted;
    case ExitCode::kUnavailable:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kUnknown;
  }
}

}  // namespace

absl::Status Problem(ExitCode code, std::string_view key, const MessageArgs& args) {
  absl::Status status(CodeFor(code), absl::string_view(key.data(), key.size()));
  status.SetPayload(kCodePayload, absl::Cord(std::to_string(static_cast<int>(code))));
  status.SetPayload(kArgsPayload, absl::Cord(PackArgs(args)));
  return status;
}

absl::Status WithAdvice(absl::Status status, std::string_view key, const MessageArgs& args) {
  if (status.ok()) return status;
  status.SetPayload(kAdvicePayload, absl::Cord(absl::string_view(key.data(), key.size())));
  status.SetPayload(kAdviceArgsPayload, absl::Cord(PackArgs(args)));
  return status;
}

absl::Status WithServerReason(absl::Status status, const ServerReason& reason) {
  if (status.ok()) return status;
  status.SetPayload(kReasonPayload,
                    absl::Cord(PackArgs({{"reason", reason.reason}, {"domain", reason.domain}})));
  status.SetPayload(kMetadataPayload,
                    absl::Cord(PackArgs({reason.metadata.begin(), reason.metadata.end()})));
  return status;
}

ExitCode ExitCodeOf(const absl::Status& status) {
  const auto own = ParseNumber(PayloadOr(status, kCodePayload));
  if (own.has_value()) return static_cast<ExitCode>(*own);
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ExitCode::kOk;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kUsage;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNotFound;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return ExitCode::kDenied;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return ExitCode::kConflict;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kUnavailable;
    default:
      return ExitCode::kError;
  }
}

std::optional<std::string> ProblemKey(const absl::Status& status) {
  if (!status.GetPayload(kCodePayload).has_value()) return std::nullopt;
  const absl::string_view message = status.message();
  return std::string(message.data(), message.size());
}

MessageArgs ProblemArgs(const absl::Status& status) {
  return UnpackArgs(status, kArgsPayload);
}

std::optional<std::string> AdviceKey(const absl::Status& status) {
  if (!status.GetPayload(kAdvicePayload).has_value()) return std::nullopt;
  return PayloadOr(status, kAdvicePayload);
}

MessageArgs AdviceArgs(const absl::Status& status) {
  return UnpackArgs(status, kAdviceArgsPayload);
}

std::optional<ServerReason> ServerReasonOf(const absl::Status& status) {
  const MessageArgs parts = UnpackArgs(status, kReasonPayload);
  if (parts.size() != 2) return std::nullopt;
  ServerReason reason{.reason = parts[0].second, .domain = parts[1].second, .metadata = {}};
  for (const auto& [name, value] : UnpackArgs(status, kMetadataPayload)) {
    reason.metadata[name] = value;
  }
  return reason;
}

}  // namespace hallwarden::gmctl
