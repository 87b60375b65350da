#include "rules/engine/effect.h"

#include <algorithm>
#include <string_view>

#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "rules/state/codec.h"

namespace hallwarden {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// Frozen: digests are stored with every group.
constexpr SipKey kEffectDigestKey{0x6566666563747300ULL, 0x6469676573740001ULL};

// Text with everything but printable ASCII escaped, so that a line stays a line.
void AppendQuoted(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out->push_back('"');
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
      out->push_back(c);
    } else {
      out->append("\\x");
      out->push_back(kHex[byte >> 4]);
      out->push_back(kHex[byte & 15]);
    }
  }
  out->push_back('"');
}

void AppendMessage(const Message& message, const std::string& prefix, std::string* out);

// One value of a field; `index` is -1 for a singular field.
void AppendValue(const Message& message, const FieldDescriptor& field, int index,
                 const std::string& path, std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  const bool repeated = index >= 0;
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const Message& inner = repeated ? reflection.GetRepeatedMessage(message, &field, index)
                                    : reflection.GetMessage(message, &field);
    // Presence of an empty message is information.
    out->append(path).append(" {}\n");
    AppendMessage(inner, path + ".", out);
    return;
  }
  out->append(path).push_back(' ');
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING: {
      std::string scratch;
      AppendQuoted(repeated
                       ? reflection.GetRepeatedStringReference(message, &field, index, &scratch)
                       : reflection.GetStringReference(message, &field, &scratch),
                   out);
      break;
    }
    case FieldDescriptor::CPPTYPE_ENUM:
      out->append(std::to_string(repeated ? reflection.GetRepeatedEnumValue(message, &field, index)
                                          : reflection.GetEnumValue(message, &field)));
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      out->append((repeated ? reflection.GetRepeatedBool(message, &field, index)
                            : reflection.GetBool(message, &field))
                      ? "true"
                      : "false");
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      out->append(std::to_string(repeated ? reflection.GetRepeatedInt32(message, &field, index)
                                          : reflection.GetInt32(message, &field)));
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      out->append(std::to_string(repeated ? reflection.GetRepeatedInt64(message, &field, index)
                                          : reflection.GetInt64(message, &field)));
      break;
    default:
      // The protos have no other kinds; tests/proto keeps it so.
      out->append("?");
      break;
  }
  out->push_back('\n');
}

void AppendMessage(const Message& message, const std::string& prefix, std::string* out) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  std::sort(fields.begin(), fields.end(),
            [](const auto* a, const auto* b) { return a->number() < b->number(); });
  for (const FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    if (!field->is_repeated()) {
      AppendValue(message, *field, -1, path, out);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      AppendValue(message, *field, i, path + "[" + std::to_string(i) + "]", out);
    }
  }
}

void Put(const Message& message, Writer* out) {
  out->Bytes(CanonicalText(message));
}

void PutOptional(const std::optional<std::int64_t>& value, Writer* out) {
  out->Byte(value.has_value() ? 1 : 0);
  out->Signed(value.value_or(0));
}

void PutFlag(const std::optional<bool>& value, Writer* out) {
  out->Byte(static_cast<std::uint8_t>(!value.has_value() ? 0 : (*value ? 2 : 1)));
}

void PutTimer(const Timer& timer, Writer* out) {
  out->Signed(timer.due_us);
  out->Byte(static_cast<std::uint8_t>(timer.entity.kind));
  out->Hash(timer.entity.id);
  out->Byte(timer.kind);
  out->Signed(timer.payload);
  out->Bytes(timer.account);
}

// One overload for each effect; the byte that tells them apart is the index in the variant.
struct Canonical {
  Writer* out;

  void operator()(const PutSanction& e) const { Put(e.sanction, out); }
  void operator()(const PatchSanction& e) const {
    out->Bytes(e.name);
    out->Bytes(e.account);
    out->Signed(e.revision);
    out->Byte(static_cast<std::uint8_t>(e.state.value_or(v1::SANCTION_STATE_UNSPECIFIED)));
    PutOptional(e.start_us, out);
    PutOptional(e.end_us, out);
    PutOptional(e.seen_us, out);
    PutFlag(e.counted, out);
    PutFlag(e.enforced, out);
    if (e.lift.has_value()) Put(*e.lift, out);
    // Told apart by what stands before them; sanctions that nobody appealed against keep their
    // digest.
    if (e.reduction.has_value()) {
      out->Bytes("reduction");
      Put(*e.reduction, out);
    }
    if (e.notice.has_value()) {
      out->Bytes("notice");
      Put(*e.notice, out);
    }
    if (e.appeal.has_value()) {
      out->Bytes("appeal");
      out->Bytes(*e.appeal);
    }
  }
  void operator()(const PutCase& e) const { Put(e.opened, out); }
  void operator()(const PatchCase& e) const { Put(e.change, out); }
  void operator()(const PutAppeal& e) const { Put(e.appeal, out); }
  void operator()(const PatchAppeal& e) const { Put(e.change, out); }
  void operator()(const PutFinding& e) const {
    Put(e.finding, out);
    out->Bytes(e.rule);
    out->Byte(e.shadow ? 1 : 0);
  }
  void operator()(const PutNote& e) const { Put(e.note, out); }
  void operator()(const PutToken& e) const {
    Put(e.token, out);
    out->Bytes(e.secret_sha256);
  }
  void operator()(const PutPartners& e) const {
    out->Varint(e.spans.size());
    for (const v1::PartnerSpan& span : e.spans)
      Put(span, out);
  }
  void operator()(const PutPolicy& e) const {
    out->Bytes(e.artefact);
    out->Bytes(e.revision);
    Put(e.actor, out);
    out->Signed(e.activate_us);
  }
  void operator()(const SendDirective& e) const {
    out->Bytes(e.server);
    Put(e.directive, out);
  }
  void operator()(const AnswerDirective& e) const {
    out->Bytes(e.server);
    Put(e.result, out);
    out->Signed(e.answer_us);
  }
  void operator()(const RetireOutbox& e) const { out->Bytes(e.server); }
  void operator()(const PutGate& e) const { Put(e.entry, out); }
  void operator()(const Posting&) const {}
  void operator()(const Audit& e) const { Put(e.record, out); }
  void operator()(const Answer& e) const {
    out->Bytes(e.principal);
    out->Bytes(e.request_id);
    out->Bytes(e.body_hash);
    out->Byte(e.refusal.has_value() ? 1 : 0);
    if (e.refusal.has_value()) {
      out->Signed(e.refusal->code);
      out->Bytes(e.refusal->reason);
      out->Bytes(e.refusal->message);
      for (const auto& [key, value] : e.refusal->metadata) {
        out->Bytes(key);
        out->Bytes(value);
      }
    }
    Put(e.response, out);
    out->Signed(e.expire_us);
    out->Byte(e.repeat ? 1 : 0);
  }
  void operator()(const SetTimer& e) const { PutTimer(e.timer, out); }
  void operator()(const ClearTimer& e) const { PutTimer(e.timer, out); }
  void operator()(const RejectEvent& e) const { Put(e.rejected, out); }
  void operator()(const SetHistoryEpoch& e) const { out->Signed(e.epoch); }
  void operator()(const PutServerStanding& e) const {
    out->Bytes(e.server);
    out->Signed(e.quarantine_us);
    out->Signed(e.trip_us);
  }
};

}  // namespace

std::string CanonicalText(const Message& message) {
  std::string out;
  AppendMessage(message, "", &out);
  return out;
}

std::string CanonicalEffect(const PositionedEffect& effect) {
  if (std::holds_alternative<Posting>(effect.effect)) return {};
  std::string out;
  Writer writer(&out);
  writer.Varint(effect.position);
  writer.Varint(effect.ordinal);
  writer.Signed(effect.commit_us);
  writer.Byte(static_cast<std::uint8_t>(effect.effect.index()));
  std::visit(Canonical{&writer}, effect.effect);
  return out;
}

std::uint64_t DigestEffects(const std::vector<PositionedEffect>& effects) {
  std::string all;
  Writer writer(&all);
  for (const PositionedEffect& effect : effects) {
    const std::string bytes = CanonicalEffect(effect);
    if (!bytes.empty()) writer.Bytes(bytes);
  }
  return SipHash64(kEffectDigestKey, all);
}

}  // namespace hallwarden
