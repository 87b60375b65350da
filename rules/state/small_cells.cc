#include "rules/state/small_cells.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kListMax = 1U << 16;

void EncodeAnswered(const std::vector<AnsweredRequest>& answered, Writer* out) {
  out->Varint(answered.size());
  for (const AnsweredRequest& request : answered) {
    out->Hash(request.request);
    out->Hash(request.body);
    out->Signed(request.expire_us);
  }
}

void DecodeAnswered(Reader* in, std::vector<AnsweredRequest>* answered) {
  const std::uint64_t count = in->Varint();
  if (count > kListMax || count > in->left()) {
    in->Fail();
    return;
  }
  answered->resize(static_cast<std::size_t>(count));
  for (AnsweredRequest& request : *answered) {
    request.request = in->Hash();
    request.body = in->Hash();
    request.expire_us = in->Signed();
  }
}

std::uint32_t Read32(Reader* in) {
  const std::uint64_t value = in->Varint();
  if (value > 0xffffffffULL) in->Fail();
  return static_cast<std::uint32_t>(value);
}

}  // namespace

void OriginCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(registered);
}

bool OriginCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  registered = Read32(&in);
  return in.done();
}

void TextCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(count);
  writer.Varint(accounts.size());
  for (const std::string& account : accounts) writer.Bytes(account);
}

bool TextCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  count = Read32(&in);
  const std::uint64_t listed = in.Varint();
  if (listed > kListedMax) return false;
  accounts.clear();
  for (std::uint64_t i = 0; i < listed; ++i) accounts.emplace_back(in.Bytes());
  return in.done();
}

void ServerCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Signed(next_directive_seq);
  writer.Byte(retired ? 1 : 0);
  EncodeAnswered(answered, &writer);
}

bool ServerCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  next_directive_seq = in.Signed();
  retired = in.Byte() != 0;
  DecodeAnswered(&in, &answered);
  return in.done();
}

void RuleCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Signed(hour);
  writer.Varint(acted);
}

bool RuleCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  hour = in.Signed();
  acted = Read32(&in);
  return in.done();
}

void SystemCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Bytes(policy_artefact);
  writer.Bytes(lexicon_artefact);
  writer.Signed(history_epoch);
  EncodeAnswered(answered, &writer);
}

bool SystemCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  policy_artefact = in.Bytes();
  lexicon_artefact = in.Bytes();
  history_epoch = in.Signed();
  DecodeAnswered(&in, &answered);
  return in.done();
}

}  // namespace hallwarden
