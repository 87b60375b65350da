#include "daemon/desk/shape.h"

#include <algorithm>
#include <string>
#include <vector>

#include "hallwarden/v1/case_service.pb.h"
#include "hallwarden/v1/recovery_service.pb.h"
#include "hallwarden/v1/stats_service.pb.h"
#include "hallwarden/v1/text_service.pb.h"

#include "daemon/auth/bootstrap.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/shape_appeals.h"
#include "daemon/event_check.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::Duration;
using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using ::google::protobuf::Timestamp;

constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kNanosPerMicro = 1000;
// Years 2000 to 2999: whatever lies outside is a mistake of the caller's units.
constexpr std::int64_t kEarliestSecond = 946'684'800;
constexpr std::int64_t kLatestSecond = 32'503'680'000;
constexpr std::int64_t kLongestSeconds = kTermMaxUs / kMicrosPerSecond;
constexpr std::int32_t kNanosPerSecond = 1'000'000'000;

constexpr std::size_t kExplainedMax = 4096;
constexpr std::size_t kTextMax = 256;  // bytes of a field that has no limit of its own

// Limits of fields that differ from the rest, by name.
struct Limit {
  std::string_view field;
  std::size_t bytes;
};
constexpr Limit kTextLimits[] = {
    {"source", 1U << 20U}, {"reason", 1024},     {"deviation_reason", 1024}, {"remark", 4096},
    {"text", 4096},        {"page_token", 2048}, {"image", 48U << 10U},      {"file", 1024},
};
constexpr Limit kItemLimits[] = {
    {"spans", kPartnersMax},       {"measures", 64}, {"entries", kBankEntriesInCall},
    {"names", kBankEntriesInCall}, {"add", 1000},    {"remove", 1000},
    {"spared_accounts", 64}};
constexpr std::size_t kItemsMax = 20;

template <std::size_t kSize>
std::size_t LimitOf(const Limit (&limits)[kSize], std::string_view field, std::size_t otherwise) {
  for (const Limit& limit : limits) {
    if (limit.field == field) return limit.bytes;
  }
  return otherwise;
}

bool OnlyOf(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [others](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

absl::Status Fault(const char* reason, const std::string& field, const std::string& what) {
  return RefusalStatus(absl::StatusCode::kInvalidArgument, reason, field + ": " + what,
                       {{"field", field}, {"what", what}});
}

// ---- what holds for every field
// -------------------------------------------------------------------

absl::Status CheckTime(const std::string& path, const Timestamp& time) {
  if (time.seconds() < kEarliestSecond || time.seconds() > kLatestSecond || time.nanos() < 0 ||
      time.nanos() >= kNanosPerSecond) {
    return InvalidField(path, "a time from 2000 to 2999");
  }
  return absl::OkStatus();
}

absl::Status CheckDuration(const std::string& path, const Duration& duration) {
  const bool in_range = duration.seconds() >= 0 && duration.seconds() <= kLongestSeconds &&
                        duration.nanos() >= 0 && duration.nanos() < kNanosPerSecond;
  if (!in_range || Micros(duration) <= 0 || Micros(duration) > kTermMaxUs) {
    return InvalidField(path, "more than 0 and at most 10 years");
  }
  return absl::OkStatus();
}

absl::Status CheckFields(const std::string& prefix, const Message& message);

absl::Status CheckMessage(const std::string& path, const Message& message) {
  if (const auto* time = dynamic_cast<const Timestamp*>(&message)) return CheckTime(path, *time);
  if (const auto* term = dynamic_cast<const Duration*>(&message)) return CheckDuration(path, *term);
  return CheckFields(path + ".", message);
}

absl::Status CheckString(const std::string& path, const FieldDescriptor& field,
                         const std::string& value) {
  const std::size_t limit = LimitOf(kTextLimits, field.name(), kTextMax);
  if (value.size() <= limit) return absl::OkStatus();
  return InvalidField(path, "at most " + std::to_string(limit) + " bytes");
}

absl::Status CheckEnum(const std::string& path, const FieldDescriptor& field, int number) {
  if (field.enum_type()->FindValueByNumber(number) != nullptr) return absl::OkStatus();
  return InvalidField(path, "a value of " + field.enum_type()->name());
}

absl::Status CheckSingle(const std::string& path, const Message& message,
                         const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckMessage(path, reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_STRING:
      return CheckString(path, field, reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(path, field, reflection.GetEnumValue(message, &field));
    default:
      return absl::OkStatus();
  }
}

absl::Status CheckRepeated(const std::string& path, const Message& message,
                           const FieldDescriptor& field) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  const std::size_t limit = LimitOf(kItemLimits, field.name(), kItemsMax);
  if (static_cast<std::size_t>(size) > limit) {
    return InvalidField(path, "at most " + std::to_string(limit) + " items");
  }
  absl::Status status;
  for (int i = 0; i < size && status.ok(); ++i) {
    const std::string item = path + "[" + std::to_string(i) + "]";
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      status = CheckMessage(item, reflection.GetRepeatedMessage(message, &field, i));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      status = CheckString(item, field, reflection.GetRepeatedString(message, &field, i));
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      status = CheckEnum(item, field, reflection.GetRepeatedEnumValue(message, &field, i));
    }
  }
  return status;
}

// Requests nest three deep at most, and their types do not contain themselves.
absl::Status CheckFields(const std::string& prefix, const Message& message) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    absl::Status status = field->is_repeated() ? CheckRepeated(path, message, *field)
                                               : CheckSingle(path, message, *field);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const v1::ActionOptions& options, bool needs_reason) {
  const std::size_t id = options.request_id().size();
  if (!options.validate_only() && (id < 8 || id > 64)) {
    return Fault("REQUEST_ID_REQUIRED", "options.request_id", "8 to 64 bytes");
  }
  if (needs_reason && options.reason().size() < kReasonMinBytes) {
    return Fault("REASON_REQUIRED", "options.reason", "at least 4 bytes");
  }
  return absl::OkStatus();
}

// ---- what single requests need
// --------------------------------------------------------------------

absl::Status NeedName(std::string_view field, std::string_view value, std::string_view prefix) {
  const std::optional<std::string> id = IdOf(value, prefix);
  if (id.has_value() && (prefix != "accounts/" || IsAccount(*id))) return absl::OkStatus();
  return InvalidField(field, "`" + std::string(prefix) + "` and an identifier");
}

absl::Status NeedNameOrEmpty(std::string_view field, std::string_view value,
                             std::string_view prefix) {
  return value.empty() ? absl::OkStatus() : NeedName(field, value, prefix);
}

absl::Status NeedAccountOrAll(std::string_view field, std::string_view value) {
  return value == "accounts/-" || value.empty() ? absl::OkStatus()
                                                : NeedName(field, value, "accounts/");
}

absl::Status NeedOffence(v1::Offence offence) {
  if (offence != v1::OFFENCE_UNSPECIFIED) return absl::OkStatus();
  return InvalidField("offence", "required");
}

absl::Status FirstOf(std::initializer_list<absl::Status> statuses) {
  for (const absl::Status& status : statuses) {
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::GetAccountRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "accounts/");
}
absl::Status Check(const v1::SearchAccountsRequest& request, std::int64_t /*now_us*/) {
  return request.nickname().empty() ? InvalidField("nickname", "required") : absl::OkStatus();
}
absl::Status Check(const v1::ListTimelineRequest& request, std::int64_t /*now_us*/) {
  return NeedName("parent", request.parent(), "accounts/");
}
absl::Status Check(const v1::PunishAccountRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("name", request.name(), "accounts/"), NeedOffence(request.offence()),
                  NeedNameOrEmpty("case_name", request.case_name(), "cases/"),
                  request.rung() < 0 ? InvalidField("rung", "0 or more") : absl::OkStatus()});
}

absl::Status Check(const v1::CreateSanctionRequest& request, std::int64_t now_us) {
  absl::Status status =
      FirstOf({NeedName("parent", request.parent(), "accounts/"), NeedOffence(request.offence()),
               NeedNameOrEmpty("case_name", request.case_name(), "cases/"),
               request.kind() == v1::SANCTION_KIND_UNSPECIFIED ? InvalidField("kind", "required")
                                                               : absl::OkStatus()});
  if (!status.ok()) return status;
  switch (request.term_case()) {
    case v1::CreateSanctionRequest::kPermanent:
      if (!request.permanent()) return InvalidField("permanent", "true when set");
      break;
    case v1::CreateSanctionRequest::kEndTime:
      if (Micros(request.end_time()) <= now_us ||
          Micros(request.end_time()) > now_us + kTermMaxUs) {
        return InvalidField("end_time", "from now to 10 years ahead");
      }
      break;
    case v1::CreateSanctionRequest::kDuration:
    case v1::CreateSanctionRequest::TERM_NOT_SET:
      break;
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::KickAccountRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("name", request.name(), "accounts/"), NeedOffence(request.offence())});
}
absl::Status Check(const v1::ResetProfileRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("name", request.name(), "accounts/"),
                  request.field() == v1::PROFILE_FIELD_UNSPECIFIED
                      ? InvalidField("field", "required")
                      : absl::OkStatus()});
}
absl::Status Check(const v1::LiftSanctionRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("name", request.name(), "sanctions/"),
                  request.disposition() == v1::DISPOSITION_UNSPECIFIED
                      ? InvalidField("disposition", "required")
                      : absl::OkStatus()});
}
absl::Status Check(const v1::ReinstateSanctionRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "sanctions/");
}
absl::Status Check(const v1::UndoActionRequest& request, std::int64_t /*now_us*/) {
  if (request.name().empty()) return NeedName("account", request.account(), "accounts/");
  return FirstOf({NeedName("name", request.name(), "sanctions/"),
                  NeedNameOrEmpty("account", request.account(), "accounts/")});
}
absl::Status Check(const v1::GetSanctionRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "sanctions/");
}
absl::Status Check(const v1::ListSanctionsRequest& request, std::int64_t /*now_us*/) {
  return NeedAccountOrAll("parent", request.parent());
}
absl::Status Check(const v1::ExplainSanctionRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "sanctions/");
}
absl::Status Check(const v1::ListCasesRequest& request, std::int64_t /*now_us*/) {
  return NeedAccountOrAll("parent", request.parent());
}
absl::Status Check(const v1::GetCaseRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::CloseCaseRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::CreateNoteRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("parent", request.parent(), "accounts/"),
                  request.text().empty() ? InvalidField("text", "required") : absl::OkStatus()});
}
absl::Status Check(const v1::GetPolicyRequest& request, std::int64_t /*now_us*/) {
  return NeedNameOrEmpty("name", request.name(), "policies/");
}
absl::Status Check(const v1::ApplyPolicyRequest& request, std::int64_t /*now_us*/) {
  return request.source().empty() ? InvalidField("source", "required") : absl::OkStatus();
}

absl::Status Check(const v1::ImportPartnersRequest& request, std::int64_t /*now_us*/) {
  if (request.spans().empty()) return InvalidField("spans", "1 to 1000 rows");
  for (int i = 0; i < request.spans_size(); ++i) {
    const v1::PartnerSpan& span = request.spans(i);
    const std::string path = "spans[" + std::to_string(i) + "].";
    if (!IsAccount(span.account())) return InvalidField(path + "account", "an account");
    if (span.channel().empty() || span.channel().size() > 64) {
      return InvalidField(path + "channel", "1 to 64 bytes");
    }
    if (!span.has_begin_time()) return InvalidField(path + "begin_time", "required");
    if (span.has_end_time() && Micros(span.end_time()) <= Micros(span.begin_time())) {
      return InvalidField(path + "end_time", "after begin_time");
    }
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::TailRequest& request, std::int64_t /*now_us*/) {
  if (request.backlog() < 0 || request.backlog() > 1000)
    return InvalidField("backlog", "0 to 1000");
  if (!request.account().empty() && !IsAccount(request.account())) {
    return InvalidField("account", "an account, without `accounts/`");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::ListAuditRecordsRequest& request, std::int64_t /*now_us*/) {
  if (request.account().empty() || IsAccount(request.account())) return absl::OkStatus();
  return InvalidField("account", "an account, without `accounts/`");
}
absl::Status Check(const v1::GetAuditRecordRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "audit/");
}
absl::Status Check(const v1::CheckPermissionRequest& request, std::int64_t /*now_us*/) {
  return request.method().empty() ? InvalidField("method", "required") : absl::OkStatus();
}

absl::Status Check(const v1::CreateTokenRequest& request, std::int64_t /*now_us*/) {
  const std::string& principal = request.principal();
  const bool upper =
      std::any_of(principal.begin(), principal.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (principal.empty() || principal.size() > 64 || upper || !OnlyOf(principal, "._-")) {
    return InvalidField("principal", "1 to 64 bytes of [a-z0-9._-]");
  }
  if (principal == "hallwarden") return InvalidField("principal", "not the daemon's own name");
  if (request.role() == v1::ROLE_UNSPECIFIED) return InvalidField("role", "required");
  if (request.has_lifetime() && Micros(request.lifetime()) > kTokenLifetimeMaxUs) {
    return InvalidField("lifetime", "at most 400 days");
  }
  return absl::OkStatus();
}

absl::Status Check(const v1::RevokeTokenRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "tokens/");
}
absl::Status Check(const v1::RetireServerRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "servers/");
}

absl::Status Check(const v1::GetServerRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "servers/");
}
absl::Status Check(const v1::QuarantineServerRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "servers/");
}
absl::Status Check(const v1::ReleaseServerRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "servers/");
}
absl::Status Check(const v1::ListCausedRequest& request, std::int64_t /*now_us*/) {
  return NeedName("parent", request.parent(), "servers/");
}
absl::Status Check(const v1::ReverseServerRequest& request, std::int64_t now_us) {
  return FirstOf({NeedName("name", request.name(), "servers/"),
                  !request.has_since_time() || Micros(request.since_time()) > now_us
                      ? InvalidField("since_time", "required, and not in the future")
                      : absl::OkStatus()});
}
absl::Status Check(const v1::ReleaseRuleRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "rules/");
}

// What an entry must be is the engine's to say; here is what it can cost to read.
absl::Status Check(const v1::AddBankEntriesRequest& request, std::int64_t now_us) {
  if (request.entries().empty()) return InvalidField("entries", "1 to 1000 entries");
  std::size_t images = 0;
  for (int i = 0; i < request.entries_size(); ++i) {
    const v1::BankEntry& entry = request.entries(i);
    const std::string path = "entries[" + std::to_string(i) + "].";
    if (entry.image().empty() == entry.pdq_hash().empty()) {
      return InvalidField(path + "pdq_hash", "either a hash or an image");
    }
    if (!entry.image().empty()) ++images;
    if (entry.has_expire_time() && Micros(entry.expire_time()) <= now_us) {
      return InvalidField(path + "expire_time", "in the future");
    }
  }
  return images <= kBankImagesInCall ? absl::OkStatus()
                                     : InvalidField("entries", "at most 16 images");
}
absl::Status Check(const v1::RemoveBankEntriesRequest& request, std::int64_t /*now_us*/) {
  if (request.names().empty()) return InvalidField("names", "1 to 1000 names");
  for (const std::string& name : request.names()) {
    if (absl::Status status = NeedName("names", name, "bankEntries/"); !status.ok()) return status;
  }
  return absl::OkStatus();
}
absl::Status Check(const v1::TestBanksRequest& request, std::int64_t /*now_us*/) {
  const bool hash = request.has_pdq_hash() && request.pdq_hash().size() == 32;
  return hash || !request.image().empty()
             ? absl::OkStatus()
             : InvalidField("picture", "an image, or a hash of 32 bytes");
}
absl::Status Check(const v1::ExplainTextRequest& request, std::int64_t /*now_us*/) {
  // Bytes are not looked at by the walk.
  return request.text().empty() || request.text().size() > kExplainedMax
             ? InvalidField("text", "1 to 4096 bytes")
             : absl::OkStatus();
}
absl::Status Check(const v1::GetLexiconEntryRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "lexiconEntries/");
}
absl::Status Check(const v1::ChangeLexiconRequest& request, std::int64_t /*now_us*/) {
  const bool empty = request.add().empty() && request.remove().empty() &&
                     request.source().empty() && request.upload().empty() && !request.replace();
  return empty ? InvalidField("add", "entries to add or to remove, or a list") : absl::OkStatus();
}
absl::Status Check(const v1::StageLexiconRequest& request, std::int64_t /*now_us*/) {
  if (request.offset() < 0) return InvalidField("offset", "0 or more");
  return request.source().empty() ? InvalidField("source", "required") : absl::OkStatus();
}
absl::Status Check(const v1::GetCaseViewRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::OpenCaseRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("parent", request.parent(), "accounts/"),
                  request.kind() == v1::CASE_KIND_UNSPECIFIED ? InvalidField("kind", "required")
                                                              : absl::OkStatus(),
                  request.text().empty() ? InvalidField("text", "required") : absl::OkStatus(),
                  request.gold() < 0 ? InvalidField("gold", "0 or more") : absl::OkStatus(),
                  request.reporter().empty() || IsAccount(request.reporter())
                      ? absl::OkStatus()
                      : InvalidField("reporter", "an account, without `accounts/`")});
}
absl::Status Check(const v1::ClaimCaseRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::ReleaseCaseRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::AssignCaseRequest& request, std::int64_t /*now_us*/) {
  return FirstOf(
      {NeedName("name", request.name(), "cases/"),
       request.assignee().empty() ? InvalidField("assignee", "required") : absl::OkStatus(),
       request.text().empty() ? InvalidField("text", "required") : absl::OkStatus()});
}
absl::Status Check(const v1::EscalateCaseRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::ReferCaseRequest& request, std::int64_t now_us) {
  return FirstOf(
      {NeedName("name", request.name(), "cases/"),
       request.department().empty() ? InvalidField("department", "required") : absl::OkStatus(),
       request.waits_for().size() > 64 ? InvalidField("waits_for", "at most 64 bytes")
                                       : absl::OkStatus(),
       request.has_until_time() && Micros(request.until_time()) <= now_us
           ? InvalidField("until_time", "in the future")
           : absl::OkStatus()});
}
absl::Status Check(const v1::ReturnCaseRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("name", request.name(), "cases/"),
                  request.text().empty() ? InvalidField("text", "required") : absl::OkStatus()});
}
absl::Status Check(const v1::CreateCaseNoteRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("parent", request.parent(), "cases/"),
                  request.text().empty() ? InvalidField("text", "required") : absl::OkStatus()});
}
absl::Status Check(const v1::MergeCaseRequest& request, std::int64_t /*now_us*/) {
  return FirstOf(
      {NeedName("name", request.name(), "cases/"), NeedName("into", request.into(), "cases/")});
}
absl::Status Check(const v1::ReopenCaseRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "cases/");
}
absl::Status Check(const v1::DecideCaseRequest& request, std::int64_t /*now_us*/) {
  return FirstOf({NeedName("name", request.name(), "cases/"),
                  request.verdict() == v1::CASE_VERDICT_UNSPECIFIED
                      ? InvalidField("verdict", "required")
                      : absl::OkStatus(),
                  request.rung() < 0 ? InvalidField("rung", "0 or more") : absl::OkStatus()});
}
absl::Status Check(const v1::ListCaseLogRequest& request, std::int64_t /*now_us*/) {
  return NeedName("parent", request.parent(), "cases/");
}
absl::Status Check(const v1::TraceGoldRequest& request, std::int64_t /*now_us*/) {
  constexpr int kDepthMost = 6;
  const bool known = request.asset() == v1::ASSET_KIND_UNSPECIFIED ||
                     request.asset() == v1::ASSET_KIND_GOLD ||
                     request.asset() == v1::ASSET_KIND_CHARM;
  return FirstOf(
      {NeedName("name", request.name(), "accounts/"),
       known ? absl::OkStatus() : InvalidField("asset", "gold or charm"),
       request.has_since_time() ? absl::OkStatus() : InvalidField("since_time", "required"),
       request.depth() < 0 || request.depth() > kDepthMost
           ? InvalidField("depth", "1 to " + std::to_string(kDepthMost))
           : absl::OkStatus(),
       request.least_amount() < 0 ? InvalidField("least_amount", "0 or more") : absl::OkStatus()});
}
absl::Status Check(const v1::ListLoginsRequest& request, std::int64_t /*now_us*/) {
  return NeedName("parent", request.parent(), "accounts/");
}
absl::Status Check(const v1::GetHandRecordRequest& request, std::int64_t /*now_us*/) {
  if (request.hand().empty()) return InvalidField("hand", "required");
  return request.near_position() > 0 || request.has_since_time()
             ? absl::OkStatus()
             : InvalidField("since_time", "required without near_position");
}
absl::Status Check(const v1::GetDeskReportRequest& request, std::int64_t /*now_us*/) {
  if (!request.has_since_time()) return InvalidField("since_time", "required");
  return request.has_until_time() && Micros(request.until_time()) <= Micros(request.since_time())
             ? InvalidField("until_time", "after since_time")
             : absl::OkStatus();
}
absl::Status Check(const v1::CheckExchangeRequest& request, std::int64_t /*now_us*/) {
  return NeedName("name", request.name(), "accounts/");
}

// Calls that say why by what they carry, or that only move a case between hands, need no reason.
bool NeedsReason(const Message& request) {
  return dynamic_cast<const v1::CreateNoteRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::CreateCaseNoteRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::NextCaseRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::OpenCaseRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::ClaimCaseRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::ReleaseCaseRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::AssignCaseRequest*>(&request) == nullptr &&
         dynamic_cast<const v1::ReturnCaseRequest*>(&request) == nullptr;
}

// Calls the Check of the first type that the request is of.
template <class... Requests>
absl::Status CheckAs(const Message& request, std::int64_t now_us) {
  absl::Status status;
  const auto attempt = [&]<class Request>(const Request* typed) {
    if (typed != nullptr) status = Check(*typed, now_us);
    return typed != nullptr;
  };
  static_cast<void>((attempt(dynamic_cast<const Requests*>(&request)) || ...));
  return status;
}

}  // namespace

absl::Status CheckShape(const Message& request, std::int64_t now_us) {
  if (absl::Status status = CheckFields("", request); !status.ok()) return status;
  absl::Status status = CheckAs<
      v1::GetAccountRequest, v1::SearchAccountsRequest, v1::ListTimelineRequest,
      v1::PunishAccountRequest, v1::CreateSanctionRequest, v1::KickAccountRequest,
      v1::ResetProfileRequest, v1::LiftSanctionRequest, v1::UndoActionRequest,
      v1::ReinstateSanctionRequest, v1::GetSanctionRequest, v1::ListSanctionsRequest,
      v1::ExplainSanctionRequest, v1::ListCasesRequest, v1::GetCaseRequest, v1::CloseCaseRequest,
      v1::CreateNoteRequest, v1::GetPolicyRequest, v1::ApplyPolicyRequest,
      v1::ImportPartnersRequest, v1::TailRequest, v1::ListAuditRecordsRequest,
      v1::GetAuditRecordRequest, v1::CheckPermissionRequest, v1::CreateTokenRequest,
      v1::RevokeTokenRequest, v1::RetireServerRequest, v1::GetServerRequest,
      v1::QuarantineServerRequest, v1::ReleaseServerRequest, v1::ListCausedRequest,
      v1::ReverseServerRequest, v1::ReleaseRuleRequest, v1::AddBankEntriesRequest,
      v1::RemoveBankEntriesRequest, v1::TestBanksRequest, v1::ExplainTextRequest,
      v1::GetLexiconEntryRequest, v1::ChangeLexiconRequest, v1::StageLexiconRequest,
      v1::GetCaseViewRequest, v1::OpenCaseRequest, v1::ClaimCaseRequest, v1::ReleaseCaseRequest,
      v1::AssignCaseRequest, v1::EscalateCaseRequest, v1::ReferCaseRequest, v1::ReturnCaseRequest,
      v1::CreateCaseNoteRequest, v1::MergeCaseRequest, v1::ReopenCaseRequest, v1::DecideCaseRequest,
      v1::ListCaseLogRequest, v1::TraceGoldRequest, v1::ListLoginsRequest, v1::GetHandRecordRequest,
      v1::CheckExchangeRequest, v1::GetDeskReportRequest>(request, now_us);
  if (status.ok()) status = CheckAppealShape(request);
  if (!status.ok()) return status;
  const FieldDescriptor* options = request.GetDescriptor()->FindFieldByName("options");
  if (options == nullptr) return absl::OkStatus();
  return CheckOptions(
      dynamic_cast<const v1::ActionOptions&>(request.GetReflection()->GetMessage(request, options)),
      NeedsReason(request) && AppealNeedsReason(request));
}

std::optional<std::string> IdOf(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  if (name.empty() || name.size() > 128 || !OnlyOf(name, "_.:@-")) return std::nullopt;
  return std::string(name);
}

std::int64_t Micros(const Timestamp& time) {
  return time.seconds() * kMicrosPerSecond + time.nanos() / kNanosPerMicro;
}

std::int64_t Micros(const Duration& duration) {
  return duration.seconds() * kMicrosPerSecond + duration.nanos() / kNanosPerMicro;
}

}  // namespace hallwarden::daemon
