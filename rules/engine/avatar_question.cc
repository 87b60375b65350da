#include "rules/engine/avatar_question.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

void EncodeClaim(const Claim& claim, Writer* out) {
  out->Hash(claim.fingerprint);
  out->Varint(claim.judged_position);
  out->Signed(claim.event_us);
  out->Bytes(claim.game);
  out->Bytes(claim.finding.SerializeAsString());
}

bool DecodeClaim(Reader* in, Claim* claim) {
  claim->fingerprint = in->Hash();
  claim->judged_position = in->Varint();
  claim->event_us = in->Signed();
  claim->game = in->Bytes();
  const std::string_view finding = in->Bytes();
  return in->ok() &&
         claim->finding.ParseFromArray(finding.data(), static_cast<int>(finding.size()));
}

std::string HashesOf(const avatar::Look& look) {
  std::string bytes;
  for (const avatar::Hash256& hash : look.hashes)
    bytes += avatar::ToBytes(hash);
  return bytes;
}

bool HashesFrom(std::string_view bytes, avatar::Look* look) {
  if (bytes.size() != look->hashes.size() * avatar::Hash256::kBytes) return false;
  for (avatar::Hash256& hash : look->hashes) {
    hash = *avatar::FromBytes(bytes.substr(0, avatar::Hash256::kBytes));
    bytes.remove_prefix(avatar::Hash256::kBytes);
  }
  return true;
}

}  // namespace

std::string EncodeAvatarQuestion(const AvatarQuestion& question) {
  std::string payload;
  Writer out(&payload);
  out.Bytes(question.account);
  out.Bytes(question.server);
  EncodeClaim(question.claim, &out);
  out.Byte(question.look.has_value() ? 1 : 0);
  if (question.look.has_value()) {
    out.Bytes(HashesOf(*question.look));
    out.Signed(question.look->quality);
  }
  out.Signed(question.max_distance);
  out.Signed(question.min_quality);
  out.Signed(question.patrol_per_day);
  out.Signed(question.local_day);
  out.Byte(static_cast<std::uint8_t>(question.risk));
  return payload;
}

std::optional<AvatarQuestion> DecodeAvatarQuestion(std::string_view payload) {
  Reader in(payload);
  AvatarQuestion question;
  question.account = in.Bytes();
  question.server = in.Bytes();
  if (!DecodeClaim(&in, &question.claim)) return std::nullopt;
  if (in.Byte() != 0) {
    if (!HashesFrom(in.Bytes(), &question.look.emplace())) return std::nullopt;
    question.look->quality = static_cast<int>(in.Signed());
  }
  question.max_distance = static_cast<std::int32_t>(in.Signed());
  question.min_quality = static_cast<std::int32_t>(in.Signed());
  question.patrol_per_day = static_cast<std::int32_t>(in.Signed());
  question.local_day = in.Signed();
  question.risk = static_cast<avatar::Risk>(in.Byte());
  return in.done() ? std::optional(std::move(question)) : std::nullopt;
}

std::string EncodeAvatarAnswer(const AvatarAnswer& answer) {
  std::string payload;
  Writer out(&payload);
  out.Bytes(answer.account);
  EncodeClaim(answer.claim, &out);
  return payload;
}

std::optional<AvatarAnswer> DecodeAvatarAnswer(std::string_view payload) {
  Reader in(payload);
  AvatarAnswer answer;
  answer.account = in.Bytes();
  if (!DecodeClaim(&in, &answer.claim) || !in.done()) return std::nullopt;
  return answer;
}

}  // namespace hallwarden
