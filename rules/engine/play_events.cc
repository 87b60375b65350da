#include "rules/engine/play_events.h"

#include <algorithm>
#include <utility>

#include "rules/play/claim.h"
#include "rules/play/feeding.h"
#include "rules/play/gold.h"
#include "rules/play/hand.h"
#include "rules/play/logins.h"
#include "rules/play/service.h"
#include "rules/play/table.h"
#include "rules/play/turns.h"
#include "rules/state/codec.h"
#include "rules/state/play_cell.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

PlayCell& PlayOf(const Step& step, const EntityKey& account) {
  return step.cells->plays().Mutable(account.id);
}

EntityKey ServiceKey(std::string_view server) {
  return EntityKey{CellKind::kService, ServerKey(server).id};
}

play::Context ContextOf(const Step& step, const AccountRef& ref, const EventView& event) {
  play::Context context;
  context.settings = &step.policy->play();
  context.account = ref.account;
  context.event_us = step.event_us;
  context.game = event.game();
  context.hand = event.hand();
  context.partner = ClassOf(ref, step.event_us) == v1::ACCOUNT_CLASS_PARTNER;
  return context;
}

FactKind KindOf(play::Message::Kind kind) {
  switch (kind) {
    case play::Message::Kind::kFed:
      return FactKind::kPlayFed;
    case play::Message::Kind::kGift:
      return FactKind::kPlayGift;
    case play::Message::Kind::kNamed:
      break;
  }
  return FactKind::kPlayNamed;
}

Claim ClaimOf(play::PlayClaim claim) {
  Claim made;
  made.finding = std::move(claim.finding);
  made.event_us = claim.event_us;
  made.game = std::move(claim.game);
  return made;
}

// Asks the game server whether anything in the time of the evidence was its own fault.
void AskService(const Step& step, const AccountRef& ref, std::string_view server,
                const play::PlayClaim& claim) {
  std::string payload;
  Writer writer(&payload);
  writer.Bytes(ref.account);
  writer.Signed(claim.blameless_from_us);
  writer.Signed(claim.event_us);
  writer.Byte(static_cast<std::uint8_t>(claim.kind));
  writer.Varint(step.position);
  writer.Bytes(claim.game);
  writer.Bytes(claim.finding.SerializeAsString());
  step.Tell(ref.key, ServiceKey(server), FactKind::kServiceAsked, std::move(payload));
}

// Sends what came out on its way. `server` said what it follows from, and what it says goes on with
// it: whatever a machine makes of it counts as this server's.
void Release(const Step& step, const AccountRef& ref, std::string_view server,
             play::Outcome outcome) {
  for (play::Message& message : outcome.messages) {
    std::string payload;
    Writer writer(&payload);
    writer.Bytes(message.to);
    writer.Bytes(server);
    writer.Bytes(message.payload);
    step.Tell(ref.key, KeyOfAccount(message.to), KindOf(message.kind), std::move(payload));
  }
  for (play::PlayClaim& claim : outcome.claims) {
    claim.finding.set_server(std::string(server));
    // What honest play looks like is the policy's.
    claim.finding.set_knowledge_version(step.policy->revision());
    if (claim.blameless_from_us != 0 && !server.empty()) {
      AskService(step, ref, server, claim);
    } else {
      Claim made = ClaimOf(std::move(claim));
      made.judged_position = step.position;
      Decide(step, ref, std::move(made));
    }
  }
}

void TellService(const Step& step, const AccountRef& ref, play::Trouble trouble) {
  std::string payload;
  Writer writer(&payload);
  writer.Byte(static_cast<std::uint8_t>(trouble));
  writer.Varint(ref.key.id.lo);
  writer.Signed(step.event_us);
  step.Tell(ref.key, ServiceKey(step.source), FactKind::kServiceTrouble, std::move(payload));
}

// A nickname without its digits: 「玩家001」 and 「玩家002」 are alike.
std::uint64_t NamePattern(const Step& step, std::string_view nickname) {
  std::string letters;
  bool digits = false;
  for (const char c : nickname) {
    if (c >= '0' && c <= '9') {
      digits = true;
    } else {
      letters.push_back(c);
    }
  }
  // A name that is all letters, or hardly any, says nothing.
  if (!digits || letters.size() < 2) return 0;
  return SipHash64(step.fingerprint_key, letters);
}

void OnRegistration(const Step& step, const Record& record, const EventView& event,
                    PlayCell* cell) {
  if (cell->register_us != 0) return;
  const v1::Registered& registered = event.registered();
  cell->register_us = step.event_us;
  cell->register_day =
      static_cast<std::int32_t>((step.event_us + step.policy->utc_offset_us()) / kDayUs);
  cell->device = record.hashes.device.lo;
  cell->ip = record.hashes.ip.lo;
  cell->channel = registered.channel().empty() ? 0 : play::ShortHash(registered.channel());
  cell->inviter =
      registered.inviter_account().empty()
          ? 0
          : play::ShortHash(QualifiedAccount(event.realm(), registered.inviter_account()));
  if (!record.erased) cell->name = NamePattern(step, registered.nickname());
}

}  // namespace

void OnPlayEvent(const Step& step, const Record& record, const AccountRef& ref,
                 const EventView& event, bool new_session) {
  if (step.policy == nullptr) return;
  play::Outcome outcome;
  switch (event.body_case()) {
    case v1::HallEvent::kTurnPlayed:
      if (play::OnTurn(ContextOf(step, ref, event), event.turn_played(), &PlayOf(step, ref.key),
                       &outcome)) {
        TellService(step, ref, play::Trouble::kLate);
      }
      break;
    case v1::HallEvent::kLeftTable:
      play::OnLeft(ContextOf(step, ref, event), event.left_table().reason(),
                   &PlayOf(step, ref.key));
      if (event.left_table().reason() == v1::LEAVE_REASON_DISCONNECTED) {
        TellService(step, ref, play::Trouble::kDropped);
      }
      break;
    case v1::HallEvent::kAssetMoved: {
      const v1::AssetMoved& moved = event.asset_moved();
      const std::string to = moved.to_account().empty()
                                 ? std::string()
                                 : QualifiedAccount(event.realm(), moved.to_account());
      play::OnMoved(ContextOf(step, ref, event), moved, to, &PlayOf(step, ref.key), &outcome);
      break;
    }
    case v1::HallEvent::kRegistered:
      OnRegistration(step, record, event, &PlayOf(step, ref.key));
      [[fallthrough]];
    case v1::HallEvent::kLoggedIn:
      play::OnLogin(ContextOf(step, ref, event), record.hashes.device.lo, record.hashes.ip.lo,
                    &PlayOf(step, ref.key));
      if (new_session) TellService(step, ref, play::Trouble::kSessionOpened);
      break;
    case v1::HallEvent::kLoggedOut:
      TellService(step, ref, play::Trouble::kSessionClosed);
      break;
    default:
      return;
  }
  if (!outcome.claims.empty() || !outcome.messages.empty()) {
    Release(step, ref, step.source, std::move(outcome));
  }
}

std::string PlayHandPayload(const Step& step, const EventView& event) {
  if (!event.has_hand_settled()) return {};
  return play::EncodeHand({event.realm(), event.game(), event.hand()}, event.hand_settled(),
                          step.event_us);
}

void OnPlayHand(const Step& step, const AccountRef& ref, std::string_view server,
                std::string_view payload) {
  play::Hand hand;
  if (step.policy == nullptr || !play::DecodeHand(payload, &hand)) return;
  const int mine = hand.SeatOf(ref.account);
  if (mine < 0) return;
  play::Context context;
  context.settings = &step.policy->play();
  context.account = ref.account;
  context.event_us = hand.event_us;
  context.game = hand.game;
  context.hand = hand.hand;
  context.partner = ClassOf(ref, hand.event_us) == v1::ACCOUNT_CLASS_PARTNER;
  PlayCell& cell = PlayOf(step, ref.key);
  for (const play::Seat& seat : hand.seats) {
    if (seat.account != ref.account) continue;
    GoldCell& gold = cell.Gold();
    (seat.gold > 0 ? gold.won : gold.lost) += seat.gold > 0 ? seat.gold : -seat.gold;
  }
  play::Outcome outcome;
  play::OnHand(context, hand, static_cast<std::size_t>(mine), &cell, &outcome);
  Release(step, ref, server, std::move(outcome));
}

void OnPlayMessage(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view account = in.Bytes();
  const std::string_view server = in.Bytes();
  const std::string_view payload = in.Bytes();
  if (!in.done() || step.policy == nullptr) return;
  // Who was never heard of is not made up by what others tell.
  if (step.cells->accounts().Find(fact.to.id) == nullptr) return;
  const AccountRef ref = OpenAccount(step, account);
  play::Context context;
  context.settings = &step.policy->play();
  context.account = ref.account;
  context.event_us = play::FedEventTime(payload);
  context.game = play::FedGame(payload);
  context.partner = ClassOf(ref, context.event_us) == v1::ACCOUNT_CLASS_PARTNER;
  PlayCell& cell = PlayOf(step, fact.to);
  // Nor of what happened before it first came.
  if (!cell.login || cell.login->first_us > context.event_us) return;
  play::Outcome outcome;
  if (fact.kind == FactKind::kPlayNamed) {
    play::OnNamed(context, payload, &cell, &outcome);
  } else {
    context.hand = play::FedHand(payload);
    if (fact.kind == FactKind::kPlayGift) {
      play::OnGift(context, payload, &cell, &outcome);
    } else {
      play::OnFed(context, payload, &cell, &outcome);
    }
  }
  Release(step, ref, server, std::move(outcome));
}

void OnServiceIncident(const Step& step, const EventView& event) {
  play::OnIncident(event.service_incident(), step.event_us,
                   &step.cells->services().Mutable(ServerKey(step.source).id));
}

void OnServiceTrouble(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const auto trouble = static_cast<play::Trouble>(in.Byte());
  const std::uint64_t who = in.Varint();
  const std::int64_t event_us = in.Signed();
  if (!in.done() || step.policy == nullptr) return;
  play::OnTrouble(step.policy->play(), trouble, who, event_us,
                  &step.cells->services().Mutable(fact.to.id));
}

void OnServiceAsked(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view account = in.Bytes();
  const std::int64_t from_us = in.Signed();
  const std::int64_t to_us = in.Signed();
  if (!in.ok()) return;
  const ServiceCell* cell = step.cells->services().Find(fact.to.id);
  const bool troubled = cell != nullptr && cell->Troubled(from_us, to_us);
  std::string payload;
  payload.push_back(troubled ? 1 : 0);
  payload += fact.payload;
  step.Tell(fact.to, KeyOfAccount(account), FactKind::kServiceSaid, std::move(payload));
}

void OnServiceSaid(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const bool troubled = in.Byte() != 0;
  const std::string_view account = in.Bytes();
  (void)in.Signed();
  Claim claim;
  claim.event_us = in.Signed();
  (void)in.Byte();
  claim.judged_position = in.Varint();
  claim.game = in.Bytes();
  const std::string_view finding = in.Bytes();
  if (!in.done() || step.policy == nullptr ||
      !claim.finding.ParseFromArray(finding.data(), static_cast<int>(finding.size()))) {
    return;
  }
  const AccountRef ref = OpenAccount(step, account);
  if (troubled) {
    // Nobody is blamed, and what was gathered meanwhile is forgotten.
    play::ClearStalling(&PlayOf(step, ref.key));
    return;
  }
  Decide(step, ref, std::move(claim));
}

void ForgetPlay(const Step& step, const AccountRef& ref, v1::Offence offence) {
  if (step.cells->plays().Find(ref.key.id) == nullptr) return;
  PlayCell& cell = PlayOf(step, ref.key);
  switch (offence) {
    case v1::OFFENCE_STALLING:
      play::ClearStalling(&cell);
      break;
    case v1::OFFENCE_GOLD_FARMING:
    case v1::OFFENCE_CHEATING:
    case v1::OFFENCE_GOLD_TRADING:
      play::ClearFeeding(&cell);
      break;
    default:
      return;
  }
  cell.cleared_us = step.now_us;
}

}  // namespace hallwarden
