#include "rules/state/small_cells.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

constexpr std::uint8_t kVersion = 1;
// Version 2 of servers, rules and the installation appends what version 1 did not keep.
constexpr std::uint8_t kServerVersion = 2;
constexpr std::uint8_t kRuleVersion = 2;
// ... and version 3 of rules the appeals, while there are any.
constexpr std::uint8_t kAppealedRuleVersion = 3;
constexpr std::uint8_t kSystemVersion = 2;
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
  for (const std::string& account : accounts)
    writer.Bytes(account);
}

bool TextCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  count = Read32(&in);
  const std::uint64_t listed = in.Varint();
  if (listed > kListedMax) return false;
  accounts.clear();
  for (std::uint64_t i = 0; i < listed; ++i)
    accounts.emplace_back(in.Bytes());
  return in.done();
}

void ServerCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kServerVersion);
  writer.Signed(next_directive_seq);
  writer.Byte(retired ? 1 : 0);
  EncodeAnswered(answered, &writer);
  writer.Signed(quarantine_us);
  writer.Signed(trip_us);
  writer.Signed(minute);
  writer.Varint(minute_acted);
  writer.Signed(hour);
  writer.Varint(hour_acted);
  writer.Varint(caused);
  writer.Byte(
      static_cast<std::uint8_t>((reversal.running ? 1U : 0U) | (reversal.reached ? 2U : 0U)));
  writer.Signed(reversal.since_us);
  writer.Bytes(reversal.server);
  writer.Bytes(reversal.principal);
  writer.Signed(reversal.role);
  writer.Bytes(reversal.reason);
  writer.Varint(reversal.next);
  writer.Signed(reversal.pending);
  writer.Signed(reversal.page_due);
  writer.Varint(reversal.seen);
  writer.Varint(reversal.lifted);
}

bool ServerCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  const std::uint8_t version = in.Byte();
  if (version != kVersion && version != kServerVersion) return false;
  next_directive_seq = in.Signed();
  retired = in.Byte() != 0;
  DecodeAnswered(&in, &answered);
  if (version == kVersion) return in.done();
  quarantine_us = in.Signed();
  trip_us = in.Signed();
  minute = in.Signed();
  minute_acted = Read32(&in);
  hour = in.Signed();
  hour_acted = Read32(&in);
  caused = in.Varint();
  const std::uint8_t flags = in.Byte();
  reversal.running = (flags & 1U) != 0;
  reversal.reached = (flags & 2U) != 0;
  reversal.since_us = in.Signed();
  reversal.server = in.Bytes();
  reversal.principal = in.Bytes();
  reversal.role = static_cast<std::int32_t>(in.Signed());
  reversal.reason = in.Bytes();
  reversal.next = in.Varint();
  reversal.pending = in.Signed();
  reversal.page_due = in.Signed();
  reversal.seen = in.Varint();
  reversal.lifted = in.Varint();
  return in.done();
}

void CausedCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(entries.size());
  for (const Entry& entry : entries) {
    writer.Bytes(entry.account);
    writer.Bytes(entry.sanction);
    writer.Signed(entry.create_us);
  }
}

bool CausedCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  const std::uint64_t count = in.Varint();
  if (count > kEntriesMax) return false;
  entries.resize(static_cast<std::size_t>(count));
  for (Entry& entry : entries) {
    entry.account = in.Bytes();
    entry.sanction = in.Bytes();
    entry.create_us = in.Signed();
  }
  return in.done();
}

void RuleCell::Encode(std::string* out) const {
  Writer writer(out);
  const bool appealed = overturned || !appeals.empty();
  writer.Byte(appealed ? kAppealedRuleVersion : kRuleVersion);
  writer.Signed(hour);
  writer.Varint(acted);
  writer.Varint(hits);
  writer.Signed(day);
  writer.Signed(first_day);
  writer.Varint(today);
  for (const std::uint32_t count : days)
    writer.Varint(count);
  writer.Signed(review_us);
  EncodeAnswered(answered, &writer);
  if (!appealed) return;
  writer.Byte(overturned ? 1 : 0);
  appeals.Encode(&writer);
}

bool RuleCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  const std::uint8_t version = in.Byte();
  if (version != kVersion && version != kRuleVersion && version != kAppealedRuleVersion) {
    return false;
  }
  hour = in.Signed();
  acted = Read32(&in);
  if (version == kVersion) return in.done();
  hits = Read32(&in);
  day = in.Signed();
  first_day = in.Signed();
  today = Read32(&in);
  for (std::uint32_t& count : days)
    count = Read32(&in);
  review_us = in.Signed();
  DecodeAnswered(&in, &answered);
  if (version == kRuleVersion) return in.done();
  const std::uint8_t flag = in.Byte();
  if (flag > 1) return false;
  overturned = flag == 1;
  appeals.Decode(&in);
  return in.done();
}

void SystemCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kSystemVersion);
  writer.Bytes(policy_artefact);
  writer.Bytes(lexicon_artefact);
  writer.Signed(history_epoch);
  EncodeAnswered(answered, &writer);
  writer.Bytes(chat_artefact);
  writer.Bytes(operators_artefact);
  writer.Signed(lexicon_change_us);
  writer.Bytes(lexicon_principal);
  writer.Bytes(rescreen.artefact);
  writer.Bytes(rescreen.base);
  writer.Byte(rescreen.running ? 1 : 0);
  writer.Varint(rescreen.screened);
  writer.Varint(rescreen.findings);
  writer.Varint(rescreen.cursor);
  writer.Varint(rescreen.end);
  writer.Signed(rescreen.start_us);
  writer.Signed(rescreen.end_us);
}

bool SystemCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  const std::uint8_t version = in.Byte();
  if (version != kVersion && version != kSystemVersion) return false;
  policy_artefact = in.Bytes();
  lexicon_artefact = in.Bytes();
  history_epoch = in.Signed();
  DecodeAnswered(&in, &answered);
  if (version == kVersion) return in.done();
  chat_artefact = in.Bytes();
  operators_artefact = in.Bytes();
  lexicon_change_us = in.Signed();
  lexicon_principal = in.Bytes();
  rescreen.artefact = in.Bytes();
  rescreen.base = in.Bytes();
  rescreen.running = in.Byte() != 0;
  rescreen.screened = in.Varint();
  rescreen.findings = in.Varint();
  rescreen.cursor = in.Varint();
  rescreen.end = in.Varint();
  rescreen.start_us = in.Signed();
  rescreen.end_us = in.Signed();
  return in.done();
}

}  // namespace hallwarden
