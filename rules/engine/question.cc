#include "rules/engine/question.h"

#include <utility>

#include "rules/state/codec.h"

namespace hallwarden {

std::string EncodeQuestion(const Question& question) {
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(question.account);
  writer.Bytes(question.server);
  writer.Bytes(question.rule);
  writer.Varint(question.hourly_quota);
  writer.Signed(question.breakers.server_per_minute);
  writer.Signed(question.breakers.server_per_hour);
  writer.Signed(question.breakers.rule_norm_factor);
  writer.Signed(question.breakers.rule_norm_floor);
  writer.Byte(question.can_be_overturned ? 1 : 0);
  writer.Hash(question.claim.fingerprint);
  writer.Varint(question.claim.judged_position);
  writer.Signed(question.claim.event_us);
  writer.Bytes(question.claim.game);
  writer.Bytes(question.claim.finding.SerializeAsString());
  return payload;
}

std::optional<Question> DecodeQuestion(std::string_view payload) {
  Reader in(payload);
  Question question;
  question.account = in.Bytes();
  question.server = in.Bytes();
  question.rule = in.Bytes();
  question.hourly_quota = static_cast<std::uint32_t>(in.Varint());
  question.breakers.server_per_minute = static_cast<std::int32_t>(in.Signed());
  question.breakers.server_per_hour = static_cast<std::int32_t>(in.Signed());
  question.breakers.rule_norm_factor = static_cast<std::int32_t>(in.Signed());
  question.breakers.rule_norm_floor = static_cast<std::int32_t>(in.Signed());
  question.can_be_overturned = in.Byte() != 0;
  question.claim.fingerprint = in.Hash();
  question.claim.judged_position = in.Varint();
  question.claim.event_us = in.Signed();
  question.claim.game = in.Bytes();
  const std::string_view finding = in.Bytes();
  if (!in.done() ||
      !question.claim.finding.ParseFromArray(finding.data(), static_cast<int>(finding.size()))) {
    return std::nullopt;
  }
  return question;
}

bool AskNext(const Step& step, const EntityKey& from, const Question& question, bool after_server) {
  if (!after_server && question.AsksServer()) {
    step.Tell(from, ServerKey(question.server), FactKind::kServerAsk, EncodeQuestion(question));
    return true;
  }
  if (!question.AsksRule()) return false;
  step.Tell(from, RuleKey(question.rule), FactKind::kQuotaAsk, EncodeQuestion(question));
  return true;
}

}  // namespace hallwarden
