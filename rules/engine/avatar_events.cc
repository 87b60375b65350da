#include "rules/engine/avatar_events.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rules/avatar/avatar_rule.h"
#include "rules/engine/avatar_question.h"
#include "rules/engine/decide.h"
#include "rules/ladder/ladder.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// What the picture is, for "one avatar counts once" and pardons, when no claim says it better. The
// prefix keeps pictures, QR codes and nicknames apart.
Hash128 PictureFingerprint(const Step& step, const v1::AvatarChanged& changed,
                           const std::optional<avatar::Look>& look) {
  if (look.has_value()) {
    return SipHash128(step.fingerprint_key, "avatar:" + avatar::ToBytes(look->hashes[0]));
  }
  return SipHash128(step.fingerprint_key, "avatar-reference:" + changed.avatar());
}

// What is younger does not count yet: whether a decision of this minute is known here already may
// depend on how late facts are.
constexpr std::int64_t kSettledUs = kHourUs;

avatar::Risk RiskOf(const Step& step, const AccountRef& ref) {
  if (!ref.cell->rest) return avatar::Risk::kNone;
  const AccountRest& rest = *ref.cell->rest;
  const std::int64_t settled_us = step.now_us - kSettledUs;
  const bool open = std::any_of(rest.cases.begin(), rest.cases.end(), [&](const CaseMark& mark) {
    return mark.open && mark.create_us <= settled_us;
  });
  if (open) return avatar::Risk::kOpenCase;
  const bool punished = std::any_of(
      rest.sanctions.begin(), rest.sanctions.end(),
      [&](const SanctionMark& mark) { return MarkCounts(mark) && mark.create_us <= settled_us; });
  return punished ? avatar::Risk::kPunished : avatar::Risk::kNone;
}

}  // namespace

void ForgetAvatar(const AccountRef& ref) {
  if (!ref.cell->rest) return;
  ref.cell->rest->avatar = Hash128{};
  ref.cell->rest->reset_avatar = Hash128{};
}

AvatarQuestion MakeAvatarQuestion(const Step& step, const v1::AvatarChanged& changed,
                                  bool judge_words) {
  const policy::AvatarSettings& settings = step.policy->avatars();
  AvatarQuestion question;
  question.look = avatar::LookOf(changed);
  question.claim.fingerprint = PictureFingerprint(step, changed, question.look);
  if (judge_words) {
    if (auto finding = avatar::JudgeQrCodes(changed.reading(), step.names, settings)) {
      question.claim.fingerprint =
          SipHash128(step.fingerprint_key, "avatar-qr:" + finding->evidence(0).text());
      question.claim.finding = *std::move(finding);
      question.claim.finding.set_knowledge_version(std::string(step.lexicon_version));
    }
  }
  question.claim.judged_position = step.position;
  question.claim.event_us = step.event_us;
  question.max_distance = settings.max_distance;
  question.min_quality = settings.min_quality;
  question.patrol_per_day = settings.patrol_per_day;
  question.local_day = (step.now_us + step.policy->utc_offset_us()) / kDayUs;
  return question;
}

void OnAvatarChanged(const Step& step, const Record& record, const AccountRef& ref,
                     const EventView& event) {
  if (step.policy == nullptr) return;
  const v1::AvatarChanged& changed = event.avatar_changed();
  // One of the hall's own is asked about like any other, or its turn would come before an answer
  // that is still on its way.
  const bool own = changed.set_by_server() || !changed.builtin().empty();
  // Words that were erased since are not judged; the picture's hash tells nothing about anybody.
  AvatarQuestion question = MakeAvatarQuestion(
      step, own ? v1::AvatarChanged::default_instance() : changed, !record.erased);
  question.account = ref.account;
  question.server = step.source;
  question.claim.game = event.game();
  question.risk = own ? avatar::Risk::kNone : RiskOf(step, ref);
  step.Tell(ref.key, BankKey(), FactKind::kAvatarAsked, EncodeAvatarQuestion(question));
}

void OnAvatarSaid(const Step& step, const Fact& fact) {
  std::optional<AvatarAnswer> answer = DecodeAvatarAnswer(fact.payload);
  if (!answer.has_value() || step.policy == nullptr) return;
  if (step.cells->accounts().Find(fact.to.id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, answer->account);
  if (answer->claim.finding.offence() == v1::OFFENCE_UNSPECIFIED) return ForgetAvatar(ref);
  AccountRest& rest = ref.cell->Rest();
  if (rest.avatar == answer->claim.fingerprint) return;
  rest.avatar = answer->claim.fingerprint;
  rest.reset_avatar = Hash128{};
  Decide(step, ref, std::move(answer->claim));
}

}  // namespace hallwarden
