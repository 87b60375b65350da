#include "rules/engine/seats.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "rules/engine/play_events.h"
#include "rules/engine/sanctions.h"
#include "rules/state/codec.h"
#include "rules/state/trail_cell.h"

namespace hallwarden {
namespace {

std::string HandPayload(const Step& step, std::string_view account, const EventView& event,
                        std::string_view play) {
  std::string payload;
  payload.reserve(32 + account.size() + step.source.size() + event.table().size() +
                  event.hand().size() + play.size());
  Writer writer(&payload);
  writer.Bytes(account);
  writer.Bytes(step.source);
  writer.Bytes(event.table());
  writer.Bytes(event.hand());
  writer.Varint(step.source_seq);
  writer.Byte(event.has_hand_settled() ? 1 : 0);
  writer.Bytes(play);
  return payload;
}

// Tells every seat. The seat of the event's own account hears it the same way.
template <class Seats, class AccountOf>
void TellSeats(const Step& step, const AccountRef& ref, const EventView& event, const Seats& seats,
               FactKind kind, const AccountOf& account_of) {
  const std::string play = PlayHandPayload(step, event);
  for (const auto& seat : seats) {
    const std::string qualified = QualifiedAccount(event.realm(), account_of(seat));
    step.Tell(ref.key, KeyOfAccount(qualified), kind, HandPayload(step, qualified, event, play));
  }
}

// What a seat hears, before what the hand brought.
struct HandTold {
  std::string_view account;
  std::string_view server;
  std::string_view table;
  std::string_view hand;
  std::uint64_t seq = 0;
  bool settled = false;
  std::string_view play;
};

std::optional<HandTold> ReadHand(std::string_view payload) {
  Reader in(payload);
  HandTold told;
  told.account = in.Bytes();
  told.server = in.Bytes();
  told.table = in.Bytes();
  told.hand = in.Bytes();
  told.seq = in.Varint();
  told.settled = in.Byte() != 0;
  told.play = in.Bytes();
  if (!in.done()) return std::nullopt;
  return told;
}

// Whether he sat in the hand, and if he still sits there, takes him out of it. A server speaks only
// for who had a session on it, and a hand only for who sat in it. Where hands are not told when
// they begin, nobody is known to sit anywhere.
bool TakeOut(const Step& step, const AccountRef& ref, const HandTold& told) {
  std::optional<Presence> presence = ref.cell->presences.Find(told.server);
  if (!presence.has_value() || presence->since_seq >= told.seq) {
    const TrailCell* trail = step.cells->trails().Find(ref.key.id);
    return trail != nullptr && trail->WasThere(ServerKey(told.server).id.lo, told.seq);
  }
  // Where he sits by now is from after that hand.
  if (presence->seat_seq > told.seq) return true;
  if (presence->hand.empty()) {
    ref.cell->presences.Mark(told.server, told.seq);
    return true;
  }
  if (presence->hand != told.hand) return false;
  presence->hand = {};
  presence->seat_seq = told.seq;
  ref.cell->presences.Put(*presence);
  return true;
}

}  // namespace

// ---- sessions ---------------------------------------------------------------------------------

void OpenSession(const Step& step, const AccountRef& ref, const EventView& event) {
  const std::optional<Presence> before = ref.cell->presences.Find(step.source);
  Presence presence{step.source, event.hall(), event.table(), {}, step.event_us};
  // Told again, it is still the same session.
  presence.since_seq = before.has_value() ? before->since_seq : step.source_seq;
  presence.seat_seq = step.source_seq;
  ref.cell->presences.Put(presence);
}

void CloseSession(const Step& step, const AccountRef& ref) {
  Presences& presences = ref.cell->presences;
  const std::optional<Presence> presence = presences.Find(step.source);
  if (presence.has_value()) {
    const Stay stay{ServerKey(step.source).id.lo, presence->since_seq, step.source_seq};
    step.cells->trails().Mutable(ref.key.id).Add(stay);
    presences.Erase(step.source);
  }
  if (!presences.empty()) return;
  // Who is gone has no hand to finish.
  HandIsOver(step, ref, {});
  NobodyIsThere(step, ref);
}

// Follows the player from table to table.
void FollowPlayer(const AccountRef& ref, Presence presence, const EventView& event) {
  const bool other_hall = !event.hall().empty() && presence.hall != event.hall();
  const bool other_table = !event.table().empty() && presence.table != event.table();
  if (!other_hall && !other_table) return;
  if (other_hall) presence.hall = event.hall();
  if (other_table) presence.table = event.table();
  ref.cell->presences.Put(presence);
}

void TellHand(const Step& step, const AccountRef& ref, const EventView& event) {
  const auto by_name = [](const std::string& account) { return std::string_view(account); };
  switch (event.body_case()) {
    case v1::HallEvent::kHandStarted:
      TellSeats(step, ref, event, event.hand_started().seated_accounts(), FactKind::kHandBegan,
                by_name);
      break;
    case v1::HallEvent::kMatchInterrupted:
      TellSeats(step, ref, event, event.match_interrupted().seated_accounts(), FactKind::kHandEnded,
                by_name);
      break;
    default:
      TellSeats(step, ref, event, event.hand_settled().seats(), FactKind::kHandEnded,
                [](const v1::SeatResult& seat) { return std::string_view(seat.account()); });
      break;
  }
}

void OnLeftTable(const Step& step, const AccountRef& ref, const v1::LeftTable& left) {
  // A broken connection does not end the hand: auto-play holds the seat.
  if (left.reason() == v1::LEAVE_REASON_DISCONNECTED) return;
  std::optional<Presence> presence = ref.cell->presences.Find(step.source);
  if (!presence.has_value()) return;
  const std::string hand(presence->hand);
  presence->hand = {};
  presence->table = {};
  presence->seat_seq = step.source_seq;
  ref.cell->presences.Put(*presence);
  if (!hand.empty()) HandIsOver(step, ref, hand);
}

void OnHandBegan(const Step& step, const Fact& fact) {
  const std::optional<HandTold> told = ReadHand(fact.payload);
  if (!told.has_value()) return;
  AccountCell* cell = step.cells->accounts().FindMutable(fact.to.id);
  if (cell == nullptr) return;
  std::optional<Presence> presence = cell->presences.Find(told->server);
  if (!presence.has_value() || presence->since_seq >= told->seq) return;
  // He has stood up since, or the hand is over.
  if (presence->seat_seq > told->seq) return;
  presence->table = told->table;
  presence->hand = told->hand;
  presence->seat_seq = told->seq;
  cell->presences.Put(*presence);
}

void OnHandEnded(const Step& step, const Fact& fact) {
  const std::optional<HandTold> told = ReadHand(fact.payload);
  if (!told.has_value()) return;
  AccountCell* cell = step.cells->accounts().FindMutable(fact.to.id);
  if (cell == nullptr) return;
  const AccountRef ref{std::string(told->account), fact.to, cell};
  if (!TakeOut(step, ref, *told)) {
    Posting posting;
    posting.kind = v1::TIMELINE_KIND_SESSION;
    posting.detail = static_cast<std::uint8_t>(PostingDetail::kSeatIgnored);
    posting.resource = told->hand;
    posting.principal = told->server;
    Post(step, ref, std::move(posting));
    return;
  }
  if (told->settled) {
    ++ref.cell->hands_played;
    OnPlayHand(step, ref, told->server, told->play);
  }
  if (!told->hand.empty()) HandIsOver(step, ref, told->hand);
}

}  // namespace hallwarden
