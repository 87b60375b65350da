#include "rules/engine/account_events.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rules/engine/appeals.h"
#include "rules/engine/avatar_events.h"
#include "rules/engine/decide.h"
#include "rules/engine/lexicon_entity.h"
#include "rules/engine/play_events.h"
#include "rules/engine/reports.h"
#include "rules/engine/sanctions.h"
#include "rules/engine/seats.h"
#include "rules/name/name_rule.h"
#include "rules/state/codec.h"
#include "rules/state/ids.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

void Reject(const Step& step, const Record& record, v1::RejectReason reason, std::string detail) {
  RejectEvent reject;
  reject.rejected.set_seq(static_cast<std::int64_t>(record.source_seq));
  reject.rejected.set_reason(reason);
  reject.rejected.set_detail(std::move(detail));
  step.Emit(std::move(reject));
  // Makes the refusal findable for GMs without a session of its own.
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_SESSION;
  posting.detail = static_cast<std::uint8_t>(PostingDetail::kEventRefused);
  posting.principal = step.source;
  posting.amount = reason;
  posting.event_us = step.event_us;
  posting.notable = true;
  step.Emit(std::move(posting));
}

void PostPlain(const Step& step, const AccountRef& ref, v1::TimelineKind kind, PostingDetail detail,
               std::string resource, std::int64_t amount) {
  Posting posting;
  posting.kind = kind;
  posting.detail = static_cast<std::uint8_t>(detail);
  posting.resource = std::move(resource);
  posting.amount = amount;
  Post(step, ref, std::move(posting));
}

// ---- what players write about themselves --------------------------------------------------------

void TellName(const Step& step, const AccountRef& ref, const Hash128& name, FactKind kind) {
  if (name == Hash128{}) return;
  step.Tell(ref.key, EntityKey{CellKind::kText, name}, kind, ref.account);
}

struct Writing {
  std::string_view surface;
  const std::string& text;
  bool judged;
  std::uint64_t position = 0;  // of the record that gave them; 0: this one
};

void Judge(const Step& step, const AccountRef& ref, const Writing& writing,
           const Hash128& fingerprint, std::string_view game) {
  if (step.names == nullptr || step.policy == nullptr || !writing.judged) return;
  std::optional<v1::Finding> finding = JudgeName(*step.names, writing.surface, writing.text);
  if (!finding.has_value()) return;
  TellLexiconHits(step, ref.key, *finding);
  Claim claim;
  claim.finding = std::move(*finding);
  claim.finding.set_knowledge_version(std::string(step.lexicon_version));
  claim.finding.set_server(std::string(step.source));
  claim.fingerprint = fingerprint;
  claim.judged_position = writing.position != 0 ? writing.position : step.position;
  claim.event_us = step.event_us;
  claim.game = game;
  Decide(step, ref, std::move(claim));
}

void SetNickname(const Step& step, const AccountRef& ref, const Writing& writing,
                 std::string_view game) {
  AccountCell& cell = *ref.cell;
  const Hash128 fingerprint = text::NameFingerprint(writing.text, step.fingerprint_key);
  // The same name told again is no new name: one name counts once.
  const bool same = cell.nickname == fingerprint;
  if (!same) {
    TellName(step, ref, cell.nickname, FactKind::kNameLeft);
    TellName(step, ref, fingerprint, FactKind::kNameTaken);
    cell.nickname = fingerprint;
    if (cell.rest) cell.rest->reset_nickname = Hash128{};
  }
  cell.nickname_position = step.position;
  PostPlain(step, ref, v1::TIMELINE_KIND_PROFILE,
            writing.judged ? PostingDetail::kNicknameSet : PostingDetail::kNicknameReset, "", 0);
  if (!same) Judge(step, ref, writing, fingerprint, game);
}

void SetSignature(const Step& step, const AccountRef& ref, const Writing& writing,
                  std::string_view game) {
  AccountCell& cell = *ref.cell;
  const Hash128 fingerprint = text::NameFingerprint(writing.text, step.fingerprint_key);
  const bool same = cell.signature == fingerprint;
  cell.signature = fingerprint;
  cell.signature_position = step.position;
  if (!same && cell.rest) cell.rest->reset_signature = Hash128{};
  PostPlain(step, ref, v1::TIMELINE_KIND_PROFILE, PostingDetail::kSignatureSet, "", 0);
  if (!same) Judge(step, ref, writing, fingerprint, game);
}

void OnRegistered(const Step& step, const Record& record, const AccountRef& ref,
                  const EventView& event) {
  const v1::Registered& registered = event.registered();
  AccountCell& cell = *ref.cell;
  OpenSession(step, ref, event);
  if (!cell.registered) {
    cell.registered = true;
    cell.register_us = step.event_us;
    cell.register_position = step.position;
    cell.ip = record.hashes.ip;
    cell.device = record.hashes.device;
    PostPlain(step, ref, v1::TIMELINE_KIND_REGISTERED, PostingDetail::kRegistered,
              registered.channel(), 0);
    if (cell.ip != Hash128{}) {
      step.Tell(ref.key, EntityKey{CellKind::kIp, cell.ip}, FactKind::kRegisteredFrom, "");
    }
    if (cell.device != Hash128{}) {
      step.Tell(ref.key, EntityKey{CellKind::kDevice, cell.device}, FactKind::kRegisteredFrom, "");
    }
  }
  Deliver(step, ref, step.source);
  if (record.erased) return;
  if (!registered.nickname().empty()) {
    SetNickname(step, ref, Writing{"nickname", registered.nickname(), true}, event.game());
  }
  if (!registered.signature().empty()) {
    SetSignature(step, ref, Writing{"signature", registered.signature(), true}, event.game());
  }
}

// ---- the rest -----------------------------------------------------------------------------------

void OnAssetMoved(const Step& step, const AccountRef& ref, const v1::AssetMoved& moved) {
  PostingDetail detail = PostingDetail::kNone;
  switch (moved.kind()) {
    case v1::MOVE_KIND_GIFT:
      detail = PostingDetail::kGiftSent;
      break;
    case v1::MOVE_KIND_GRANT:
      detail = PostingDetail::kGranted;
      break;
    case v1::MOVE_KIND_EXCHANGE_ASKED:
      detail = PostingDetail::kExchangeAsked;
      break;
    case v1::MOVE_KIND_EXCHANGE_SHIPPED:
      detail = PostingDetail::kExchangeShipped;
      break;
    case v1::MOVE_KIND_TOP_UP:
      detail = PostingDetail::kToppedUp;
      break;
    case v1::MOVE_KIND_SPENT:
      detail = PostingDetail::kSpent;
      break;
    default:
      return;
  }
  PostPlain(step, ref, v1::TIMELINE_KIND_ASSET, detail, moved.exchange(), moved.amount());
}

void OnNoticeSeen(const Step& step, const AccountRef& ref, const v1::NoticeSeen& seen) {
  if (!ref.cell->rest) return;
  const bool everything = seen.sanction().empty() && seen.directive_id().empty();
  for (SanctionMark& mark : ref.cell->rest->sanctions) {
    bool meant = everything || seen.sanction() == "sanctions/" + mark.id;
    for (std::uint32_t n = 1; !meant && n <= mark.deliveries; ++n) {
      meant = seen.directive_id() == DirectiveId(mark.id, "warn", n);
    }
    if (meant) MarkSeen(step, ref, &mark);
  }
}

// A server without a session of the account that holds its restrictions may tell that a refused
// player saw why.
bool MayReportUnseated(const Step& step, const AccountCell& cell, const EventView& event) {
  if (!event.has_notice_seen() || !cell.rest) return false;
  return std::any_of(cell.rest->holders.begin(), cell.rest->holders.end(),
                     [&](const Holder& holder) { return holder.server == step.source; });
}

void OnBody(const Step& step, const Record& record, const AccountRef& ref, const EventView& event) {
  switch (event.body_case()) {
    case v1::HallEvent::kRegistered:
      OnRegistered(step, record, ref, event);
      return;
    case v1::HallEvent::kLoggedIn:
      OpenSession(step, ref, event);
      ref.cell->age_state = static_cast<std::uint8_t>(event.logged_in().age_state() & 0xff);
      PostPlain(step, ref, v1::TIMELINE_KIND_SESSION, PostingDetail::kLoggedIn,
                std::string(step.source), 0);
      Deliver(step, ref, step.source);
      return;
    case v1::HallEvent::kLoggedOut:
      CloseSession(step, ref);
      PostPlain(step, ref, v1::TIMELINE_KIND_SESSION, PostingDetail::kLoggedOut,
                std::string(step.source), 0);
      return;
    case v1::HallEvent::kNicknameChanged:
      if (record.erased) return;
      SetNickname(step, ref,
                  Writing{"nickname", event.nickname_changed().nickname(),
                          !event.nickname_changed().set_by_server()},
                  event.game());
      return;
    case v1::HallEvent::kSignatureChanged:
      if (record.erased) return;
      SetSignature(step, ref, Writing{"signature", event.signature_changed().signature(), true},
                   event.game());
      return;
    case v1::HallEvent::kAvatarChanged:
      PostPlain(step, ref, v1::TIMELINE_KIND_PROFILE, PostingDetail::kAvatarSet,
                event.avatar_changed().avatar(), 0);
      OnAvatarChanged(step, record, ref, event);
      return;
    case v1::HallEvent::kHandStarted:
    case v1::HallEvent::kHandSettled:
    case v1::HallEvent::kMatchInterrupted:
      TellHand(step, ref, event);
      return;
    case v1::HallEvent::kLeftTable:
      OnLeftTable(step, ref, event.left_table());
      return;
    case v1::HallEvent::kAssetMoved:
      OnAssetMoved(step, ref, event.asset_moved());
      return;
    case v1::HallEvent::kNoticeSeen:
      OnNoticeSeen(step, ref, event.notice_seen());
      return;
    case v1::HallEvent::kPlayerReported:
      OnPlayerReported(step, ref, event);
      return;
    default:
      // Chat, posts and play time only tell where the player is here.
      return;
  }
}

}  // namespace

void OnHallEvent(const Step& step, const Record& record, const EventView& event) {
  if (event.has_service_incident()) OnServiceIncident(step, event);
  if (event.account().empty() || event.has_service_incident()) return;
  const EntityKey& key = event.key();
  const AccountCell* known = step.cells->accounts().Find(key.id);
  std::optional<Presence> here;
  if (known != nullptr) here = known->presences.Find(step.source);
  const bool opens = event.has_registered() || event.has_logged_in();
  if (!opens && !here.has_value() &&
      (known == nullptr || !MayReportUnseated(step, *known, event))) {
    Reject(step, record, v1::REJECT_REASON_NO_SESSION,
           "account has no session on this server: send logged_in first");
    return;
  }
  const AccountRef ref{std::string(event.qualified_account()), key,
                       &step.cells->accounts().Mutable(key.id)};
  ref.cell->last_event_us = std::max(ref.cell->last_event_us, step.event_us);
  const bool new_session = !here.has_value();
  if (here.has_value()) FollowPlayer(ref, *here, event);
  OnBody(step, record, ref, event);
  OnPlayEvent(step, record, ref, event, new_session);
}

void JudgeAgain(const Step& step, const AccountRef& ref, std::string_view surface,
                const std::string& words, std::uint64_t position) {
  const Hash128 fingerprint = text::NameFingerprint(words, step.fingerprint_key);
  const bool nickname = surface == "nickname";
  if (fingerprint != (nickname ? ref.cell->nickname : ref.cell->signature)) return;
  // What was judged before is no news: its warning runs, or its ban, or a person decided.
  if (ref.cell->rest) {
    for (const SanctionMark& mark : ref.cell->rest->sanctions) {
      if (mark.fingerprint == fingerprint) return;
    }
  }
  Judge(step, ref, Writing{nickname ? "nickname" : "signature", words, true, position}, fingerprint,
        "");
}

void OnAccountTimer(const Step& step, const v1::TimerFired& timer) {
  if (step.cells->accounts().Find(KeyOfAccount(timer.account()).id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, timer.account());
  if (IsDeskTimer(timer.timer_kind())) {
    OnDeskTimer(step, ref, timer);
    return;
  }
  if (IsAppealTimer(timer.timer_kind())) {
    OnAppealTimer(step, ref, timer);
    return;
  }
  const auto kind = static_cast<TimerKind>(timer.timer_kind());
  if (!OnSanctionTimer(step, ref, kind, timer.payload())) return;
  // Unchanged since the warning was seen: it counts again.
  const SanctionMark mark = ref.cell->Sanctions()[static_cast<std::size_t>(timer.payload())];
  const bool nickname = ref.cell->nickname == mark.fingerprint;
  const bool signature = ref.cell->signature == mark.fingerprint;
  if ((!nickname && !signature) || step.policy == nullptr) return;
  Claim claim;
  claim.fingerprint = mark.fingerprint;
  claim.judged_position = mark.judged_position;
  claim.event_us = step.now_us;
  claim.finding.set_offence(mark.offence);
  claim.finding.set_category(mark.category);
  claim.finding.set_severity(v1::SEVERITY_LIGHT);
  claim.finding.set_confidence(v1::CONFIDENCE_PLAIN);
  claim.finding.set_detector("name.unchanged");
  claim.finding.set_knowledge_version(std::string(step.lexicon_version));
  claim.finding.set_server(mark.server);
  v1::Evidence& evidence = *claim.finding.add_evidence();
  evidence.set_surface(nickname ? "nickname" : "signature");
  evidence.set_remark("unchanged since the warning was seen: sanctions/" + mark.id);
  Decide(step, ref, std::move(claim));
}

void OnPartnerSpan(const Step& step, std::string_view payload) {
  v1::PartnerSpan span;
  if (!span.ParseFromArray(payload.data(), static_cast<int>(payload.size()))) return;
  const AccountRef ref = OpenAccount(step, span.account());
  AccountRest& rest = ref.cell->Rest();
  PartnerMark mark{span.channel(), TimestampUs(span.begin_time()), TimestampUs(span.end_time())};
  auto same = std::find_if(rest.partners.begin(), rest.partners.end(), [&](const PartnerMark& m) {
    return m.channel == mark.channel && m.begin_us == mark.begin_us;
  });
  if (same != rest.partners.end() && same->end_us == mark.end_us) return;
  ++rest.version;
  if (same != rest.partners.end()) {
    same->end_us = mark.end_us;
  } else {
    rest.partners.push_back(std::move(mark));
  }
  PostPlain(step, ref, v1::TIMELINE_KIND_SESSION, PostingDetail::kPartner, span.channel(), 0);
}

}  // namespace hallwarden
