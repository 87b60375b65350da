#include "daemon/desk/desk_util.h"

#include <charconv>
#include <system_error>

#include "daemon/auth/refusals.h"
#include "daemon/desk/long_reads.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "rules/policy/notice.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kResourceMax = 192;

// Words for an identifier that stands for itself in both languages.
void WordText(v1::LocalizedText* text) {
  if (text->zh() != text->en()) return;
  for (const char* group : {"enum.", "plan."}) {
    if (wording::Has(group + text->en())) *text = wording::Say(group + text->en());
  }
}

}  // namespace

std::string ResourceOf(const google::protobuf::Message& request) {
  for (const char* name : {"name", "parent", "account"}) {
    const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(name);
    if (field == nullptr ||
        field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) {
      continue;
    }
    std::string value = request.GetReflection()->GetString(request, field);
    if (!value.empty()) return value.size() <= kResourceMax ? value : std::string();
  }
  return {};
}

v1::Command CommandFrom(const Principal& principal) {
  v1::Command command;
  command.mutable_actor()->set_principal(principal.name);
  command.mutable_actor()->set_role(principal.role);
  command.set_peer(principal.peer);
  return command;
}

absl::Status NotFoundAs(const absl::Status& status, std::string_view name) {
  return absl::IsNotFound(status) ? NoSuch(name) : status;
}

absl::Status TooManyReads() {
  return RefusalStatus(absl::StatusCode::kResourceExhausted, "TOO_MANY_READS",
                       "too many searches of the journal are running",
                       {{"most", std::to_string(LongReads::kAtOnce)}});
}

void WordPlan(v1::ActionResponse* response) {
  for (v1::PlanLine& line : *response->mutable_lines()) {
    if (line.has_before()) WordText(line.mutable_before());
    if (line.has_after()) WordText(line.mutable_after());
  }
}

std::string TimeText(const google::protobuf::Timestamp& time, std::int64_t utc_offset_us) {
  return policy::Rfc3339Text(Micros(time), utc_offset_us);
}

std::string PlaceText(const std::pair<std::uint64_t, std::uint32_t>& place) {
  return std::to_string(place.first) + "-" + std::to_string(place.second);
}

std::optional<std::pair<std::uint64_t, std::uint32_t>> ParsePlace(std::string_view text) {
  std::pair<std::uint64_t, std::uint32_t> place;
  const char* const end = text.data() + text.size();
  const auto position = std::from_chars(text.data(), end, place.first);
  if (position.ec != std::errc() || position.ptr == end || *position.ptr != '-') {
    return std::nullopt;
  }
  const auto ordinal = std::from_chars(position.ptr + 1, end, place.second);
  if (ordinal.ec != std::errc() || ordinal.ptr != end) return std::nullopt;
  return place;
}

std::int64_t LateUs(const std::shared_ptr<const policy::CompiledPolicy>& policy) {
  return policy == nullptr ? 0 : policy->timing().unenforced_after_us;
}

bool KindFilter::Passes(v1::TimelineKind kind) const {
  return wanted_.empty() ? !left_out_.contains(kind) : wanted_.contains(kind);
}

}  // namespace hallwarden::daemon
