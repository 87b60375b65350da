#include "storage/rows.h"

#include <memory>
#include <utility>

#include "storage/audit_chain.h"
#include "storage/format.h"
#include "storage/key.h"
#include "storage/personal.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint8_t kShadow = 0x01;

std::string Context(const RowId& id) {
  return Key(static_cast<std::uint8_t>(id.family)).Raw(id.key).Take();
}

absl::Status MalformedRow(const RowId& id) {
  return Malformed(FamilyName(id.family));
}

// No account can have this name.
std::string PrincipalAccount(std::string_view principal) {
  return "@" + std::string(principal);
}

bool ParseFrom(std::string_view bytes, google::protobuf::Message* message) {
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

void WriteRefusal(const Refusal& refusal, Writer* out) {
  out->Signed(refusal.code);
  out->Bytes(refusal.reason);
  out->Bytes(refusal.message);
  out->Varint(refusal.metadata.size());
  for (const auto& [key, value] : refusal.metadata) {
    out->Bytes(key);
    out->Bytes(value);
  }
}

Refusal ReadRefusal(Reader* in) {
  Refusal refusal;
  refusal.code = static_cast<int>(in->Signed());
  refusal.reason = std::string(in->Bytes());
  refusal.message = std::string(in->Bytes());
  const std::uint64_t count = in->Varint();
  for (std::uint64_t i = 0; i < count && in->ok(); ++i) {
    std::string key(in->Bytes());
    std::string value(in->Bytes());
    refusal.metadata.emplace_back(std::move(key), std::move(value));
  }
  return refusal;
}

// A value's beginning: version and what `write` adds.
template <class Write>
std::string Head(const Write& write) {
  std::string head;
  Writer out(&head);
  out.Byte(kValueVersion);
  write(&out);
  return head;
}
std::string Head() {
  return Head([](Writer* /*out*/) {});
}

// A reader behind the version.
Reader Begin(std::string_view value) {
  Reader in(value);
  if (in.Byte() != kValueVersion) in.Fail();
  return in;
}

}  // namespace

absl::StatusOr<std::string> RowCodec::Append(const RowId& id, std::string head,
                                             std::string_view account,
                                             const google::protobuf::Message& message) const {
  Writer out(&head);
  v1::SealedFields fields;
  if (!MayHoldPersonal(*message.GetDescriptor())) {
    out.Bytes(message.SerializeAsString());
    out.Bytes({});
    return head;
  }
  const std::unique_ptr<google::protobuf::Message> open(message.New());
  open->CopyFrom(message);
  SplitPersonal(open.get(), &fields);
  out.Bytes(open->SerializeAsString());
  if (fields.fields().empty()) {
    out.Bytes({});
    return head;
  }
  const absl::StatusOr<std::string> sealed =
      vault_->Seal(account, Context(id), fields.SerializeAsString());
  if (!sealed.ok()) return sealed.status();
  out.Bytes(*sealed);
  out.Bytes(account);
  return head;
}

absl::Status RowCodec::Read(const RowId& id, Reader* in, google::protobuf::Message* message) const {
  const std::string_view open = in->Bytes();
  const std::string_view sealed = in->Bytes();
  const std::string_view account = sealed.empty() ? std::string_view() : in->Bytes();
  if (!in->done() || !ParseFrom(open, message)) return MalformedRow(id);
  if (sealed.empty()) return absl::OkStatus();
  const absl::StatusOr<std::string> plain = vault_->Unseal(account, Context(id), sealed);
  if (absl::IsNotFound(plain.status())) return absl::OkStatus();
  if (!plain.ok()) return plain.status();
  v1::SealedFields fields;
  if (!ParseFrom(*plain, &fields)) return MalformedRow(id);
  return JoinPersonal(fields, message);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const SanctionRow& row) const {
  return Append(id, Head([&](Writer* out) {
                  out->Varint(row.position);
                  out->Varint(row.ordinal);
                }),
                row.sanction.account(), row.sanction);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, SanctionRow* row) const {
  Reader in = Begin(value);
  row->position = in.Varint();
  row->ordinal = static_cast<std::uint32_t>(in.Varint());
  return Read(id, &in, &row->sanction);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const CaseRow& row) const {
  return Append(id, Head([&](Writer* out) {
                  out->Varint(row.position);
                  out->Varint(row.ordinal);
                }),
                row.opened.account(), row.opened);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, CaseRow* row) const {
  Reader in = Begin(value);
  row->position = in.Varint();
  row->ordinal = static_cast<std::uint32_t>(in.Varint());
  return Read(id, &in, &row->opened);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const AppealRow& row) const {
  return Append(id, Head([&](Writer* out) {
                  out->Varint(row.position);
                  out->Varint(row.ordinal);
                }),
                row.appeal.account(), row.appeal);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, AppealRow* row) const {
  Reader in = Begin(value);
  row->position = in.Varint();
  row->ordinal = static_cast<std::uint32_t>(in.Varint());
  return Read(id, &in, &row->appeal);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const DirectiveRow& row) const {
  return Append(id, Head([&](Writer* out) {
                  out->Varint(static_cast<std::uint64_t>(row.outcome));
                  out->Bytes(row.detail);
                  out->Signed(row.result_us);
                }),
                row.directive.account(), row.directive);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, DirectiveRow* row) const {
  Reader in = Begin(value);
  row->outcome = static_cast<v1::DirectiveOutcome>(in.Varint());
  row->detail = std::string(in.Bytes());
  row->result_us = in.Signed();
  return Read(id, &in, &row->directive);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const v1::Note& note) const {
  return Append(id, Head(), note.account(), note);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, v1::Note* note) const {
  Reader in = Begin(value);
  return Read(id, &in, note);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const PutFinding& row) const {
  return Append(id, Head([&](Writer* out) {
                  out->Byte(row.shadow ? kShadow : 0);
                  out->Bytes(row.rule);
                }),
                row.finding.account(), row.finding);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, PutFinding* row) const {
  Reader in = Begin(value);
  row->shadow = (in.Byte() & kShadow) != 0;
  row->rule = std::string(in.Bytes());
  return Read(id, &in, &row->finding);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const StoredToken& row) const {
  return Append(id, Head([&](Writer* out) { out->Bytes(row.secret_sha256); }), {}, row.token);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, StoredToken* row) const {
  Reader in = Begin(value);
  row->secret_sha256 = std::string(in.Bytes());
  return Read(id, &in, &row->token);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const v1::PartnerSpan& row) const {
  return Append(id, Head(), row.account(), row);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, v1::PartnerSpan* row) const {
  Reader in = Begin(value);
  return Read(id, &in, row);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const PutPolicy& row) const {
  return Append(id, Head([&](Writer* out) {
                  out->Signed(row.activate_us);
                  out->Bytes(row.artefact);
                  out->Bytes(row.revision);
                }),
                {}, row.actor);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, StoredPolicy* row) const {
  KeyReader key(id.key);
  const bool good = key.Byte() == Byte(Table::kPolicy);
  row->position = key.U64();
  static_cast<void>(key.U32());
  if (!good || !key.done()) return MalformedRow(id);
  Reader in = Begin(value);
  row->policy.activate_us = in.Signed();
  row->policy.artefact = std::string(in.Bytes());
  row->policy.revision = std::string(in.Bytes());
  return Read(id, &in, &row->policy.actor);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const v1::AuditRecord& row) const {
  return Append(id, Head(), PrincipalAccount(row.actor().principal()), row);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, v1::AuditRecord* row) const {
  // The link, where there is one, says nothing about the record.
  const bool linked =
      !value.empty() && static_cast<std::uint8_t>(value.front()) == kLinkedAuditVersion;
  if (linked && value.size() < 1 + kAuditLinkBytes) return MalformedRow(id);
  Reader in = linked ? Reader(value.substr(1 + kAuditLinkBytes)) : Begin(value);
  return Read(id, &in, row);
}

absl::StatusOr<std::string> RowCodec::Encode(const RowId& id, const StoredAnswer& row) const {
  const Answer& answer = row.answer;
  return Append(id, Head([&](Writer* out) {
                  out->Signed(answer.expire_us);
                  out->Varint(row.position);
                  out->Bytes(answer.body_hash);
                  out->Byte(answer.refusal.has_value() ? 1 : 0);
                  if (answer.refusal.has_value()) WriteRefusal(*answer.refusal, out);
                }),
                answer.response.sanction().account(), answer.response);
}

absl::Status RowCodec::Decode(const RowId& id, std::string_view value, StoredAnswer* row) const {
  KeyReader key(id.key);
  Answer& answer = row->answer;
  answer.principal = key.Name();
  answer.request_id = key.Name();
  if (!key.done()) return MalformedRow(id);
  Reader in = Begin(value);
  answer.expire_us = in.Signed();
  row->position = in.Varint();
  answer.body_hash = std::string(in.Bytes());
  if (in.Byte() != 0) answer.refusal = ReadRefusal(&in);
  return Read(id, &in, &answer.response);
}

absl::StatusOr<std::int64_t> AnswerExpiry(std::string_view value) {
  Reader in = Begin(value);
  const std::int64_t expire_us = in.Signed();
  if (!in.ok()) return Malformed("answers");
  return expire_us;
}

}  // namespace hallwarden::storage
