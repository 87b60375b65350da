// Flows of gold, logins, records of a hand, exchanges: rows.
#include "tools/gmctl/recovery_views.h"

#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

void Push(Sheet& sheet, const google::protobuf::Message& message, const std::string& name,
          std::vector<Cell> cells, const Look& look) {
  sheet.rows.push_back(Row{
      .cells = std::move(cells), .value = Value::FromMessage(message, look.zone()), .name = name});
}

Cell Number(std::int64_t number) {
  return SameCell(std::to_string(number));
}

Cell Mark(bool set, std::string_view key, const Look& look) {
  return {set ? look.catalogue().Text(key) : "", set ? "true" : "false"};
}

std::string Guarded(const google::protobuf::RepeatedPtrField<std::string>& texts) {
  std::vector<std::string> out;
  for (const std::string& text : texts)
    out.push_back(Guard(text));
  return Join(out, " ");
}

std::string SeatLine(const v1::SeatResult& seat, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> parts = {Guard(seat.account())};
  if (!seat.role().empty()) parts.push_back(Guard(seat.role()));
  parts.push_back(Cat({seat.gold_delta() > 0 ? "+" : "", std::to_string(seat.gold_delta())}));
  if (seat.surrendered()) parts.push_back(text.Text("hand.surrendered"));
  if (seat.auto_played()) parts.push_back(text.Text("hand.auto_played"));
  return Join(parts, " ");
}

std::string TurnLine(const v1::TurnPlayed& turn, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> parts = {
      text.Text("hand.turn", {{"number", std::to_string(turn.turn_number())},
                              {"ms", std::to_string(turn.think_ms())},
                              {"limit", std::to_string(turn.limit_ms())}})};
  if (turn.choice() == v1::CHOICE_FORCED) parts.push_back(text.Text("hand.forced"));
  if (turn.timed_out()) parts.push_back(text.Text("hand.timed_out"));
  if (turn.auto_play()) parts.push_back(text.Text("hand.auto_played"));
  return Join(parts, text.Text("hand.and"));
}

std::string EventLine(const v1::HallEvent& event, const Look& look) {
  const Catalogue& text = look.catalogue();
  switch (event.body_case()) {
    case v1::HallEvent::kHandStarted:
      return text.Text("hand.started");
    case v1::HallEvent::kTurnPlayed:
      return TurnLine(event.turn_played(), look);
    case v1::HallEvent::kLeftTable:
      return text.Text("hand.left");
    case v1::HallEvent::kMatchInterrupted:
      return text.Text("hand.interrupted", {{"why", Guard(event.match_interrupted().reason())}});
    case v1::HallEvent::kChat:
      return text.Text("hand.said", {{"text", EscapePlayerText(event.chat().text())}});
    case v1::HallEvent::kHandSettled: {
      std::vector<std::string> seats;
      for (const v1::SeatResult& seat : event.hand_settled().seats())
        seats.push_back(SeatLine(seat, look));
      return text.Text("hand.settled", {{"stake", std::to_string(event.hand_settled().stake())},
                                        {"seats", Join(seats, text.Text("hand.next_seat"))}});
    }
    default:
      return text.Text("hand.other");
  }
}

}  // namespace

Sheet FlowSheet() {
  return Sheet{.columns = {{.key = "depth"},
                           {.key = "from"},
                           {.key = "to"},
                           {.key = "flow"},
                           {.key = "amount"},
                           {.key = "count"},
                           {.key = "first"},
                           {.key = "last"},
                           {.key = "hands", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::GoldFlow& flow, const Look& look) {
  Push(sheet, flow, flow.to_account(),
       {Number(flow.depth()),
        SameCell(Guard(flow.from_account())),
        SameCell(Guard(flow.to_account())),
        {WordFor(Vocabulary::kFlowKind, flow.kind(), look.catalogue()),
         ShortName(Vocabulary::kFlowKind, flow.kind())},
        Number(flow.amount()),
        Number(flow.count()),
        MomentCell(flow.has_first_time(), flow.first_time(), look),
        MomentCell(flow.has_last_time(), flow.last_time(), look),
        SameCell(Guarded(flow.hands()))},
       look);
}

Sheet TracedSheet() {
  return Sheet{.columns = {{.key = "depth"},
                           {.key = "account"},
                           {.key = "came_in"},
                           {.key = "left_again"},
                           {.key = "exchanged", .if_any = true},
                           {.key = "shares", .if_any = true},
                           {.key = "register_ip", .if_any = true},
                           {.key = "last_ip", .if_any = true},
                           {.key = "register_device", .wide_only = true},
                           {.key = "last_device", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::TracedAccount& traced, const Look& look) {
  std::vector<std::string> shares;
  std::vector<std::string> plain;
  if (traced.shares_device()) {
    shares.push_back(look.catalogue().Text("link.device"));
    plain.emplace_back("device");
  }
  if (traced.shares_ip()) {
    shares.push_back(look.catalogue().Text("link.ip"));
    plain.emplace_back("ip");
  }
  Push(sheet, traced, traced.account(),
       {Number(traced.depth()),
        SameCell(Guard(traced.account())),
        Number(traced.amount_in()),
        Number(traced.amount_out()),
        Number(traced.exchanged()),
        {Join(shares, " "), Join(plain, ",")},
        SameCell(Guard(traced.register_ip())),
        SameCell(Guard(traced.last_ip())),
        SameCell(Guard(traced.register_device())),
        SameCell(Guard(traced.last_device()))},
       look);
}

Sheet LoginSheet() {
  return Sheet{.columns = {{.key = "time"},
                           {.key = "server"},
                           {.key = "ip", .if_any = true},
                           {.key = "device", .if_any = true},
                           {.key = "broken", .if_any = true},
                           {.key = "registered_ip", .if_any = true},
                           {.key = "registered_device", .if_any = true},
                           {.key = "channel", .wide_only = true},
                           {.key = "registration", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Login& login, const Look& look) {
  Push(sheet, login, "",
       {MomentCell(login.has_create_time(), login.create_time(), look),
        SameCell(Guard(login.server())), SameCell(Guard(login.ip())),
        SameCell(Guard(login.device())), Mark(login.broken(), "logins.broken", look),
        Mark(login.registered_ip(), "word.yes", look),
        Mark(login.registered_device(), "word.yes", look), SameCell(Guard(login.channel())),
        Mark(login.registration(), "word.yes", look)},
       look);
}

Sheet HandSheet() {
  return Sheet{.columns = {{.key = "time"},
                           {.key = "account"},
                           {.key = "happened"},
                           {.key = "server", .wide_only = true},
                           {.key = "position", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::HandEvent& event, const Look& look) {
  Push(sheet, event, "",
       {MomentCell(event.has_create_time(), event.create_time(), look),
        SameCell(Guard(event.event().account())), SameCell(EventLine(event.event(), look)),
        SameCell(Guard(event.server())), Number(event.journal_position())},
       look);
}

Sheet ExchangeSheet() {
  return Sheet{.columns = {{.key = "exchange"},
                           {.key = "amount"},
                           {.key = "state"},
                           {.key = "asked", .if_any = true},
                           {.key = "shipped", .if_any = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::Exchange& exchange, const Look& look) {
  Push(sheet, exchange, exchange.exchange(),
       {SameCell(Guard(exchange.exchange())),
        Number(exchange.amount()),
        {WordFor(Vocabulary::kExchangeState, exchange.state(), look.catalogue()),
         ShortName(Vocabulary::kExchangeState, exchange.state())},
        MomentCell(exchange.has_ask_time(), exchange.ask_time(), look),
        MomentCell(exchange.has_ship_time(), exchange.ship_time(), look)},
       look);
}

}  // namespace hallwarden::gmctl
