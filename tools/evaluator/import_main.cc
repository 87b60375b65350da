// tools/eval import: turn timings and settled hands from CSV files as hall events.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "hallwarden/v1/event.pb.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/evaluator/event_file.h"
#include "tools/flags/flag_set.h"

namespace hallwarden::evaluator {
namespace {

// For rows without a time: one second a row from here on.
constexpr std::int64_t kStartUs = 1'767'542'400'000'000;
constexpr std::int64_t kSecond = 1'000'000;

struct Timed {
  std::int64_t us = 0;
  v1::HallEvent event;
};

void SetTime(std::int64_t us, v1::HallEvent* event) {
  event->mutable_event_time()->set_seconds(us / kSecond);
  event->mutable_event_time()->set_nanos(static_cast<std::int32_t>(us % kSecond * 1'000));
}

std::int64_t Number(const std::string& text) {
  double value = 0;
  return absl::SimpleAtod(text, &value) ? static_cast<std::int64_t>(value) : 0;
}

// Columns by name.
class Csv {
 public:
  explicit Csv(const std::string& path) : in_(path), path_(path) {
    std::string head;
    std::getline(in_, head);
    const std::vector<std::string> names = absl::StrSplit(head, ',');
    for (std::size_t i = 0; i < names.size(); ++i)
      columns_[names[i]] = i;
  }
  [[nodiscard]] bool Has(const std::string& column) const { return columns_.contains(column); }
  bool Next() {
    std::string line;
    if (!std::getline(in_, line)) return false;
    cells_ = absl::StrSplit(line, ',');
    return true;
  }
  [[nodiscard]] std::string operator[](const std::string& column) const {
    const auto found = columns_.find(column);
    return found == columns_.end() || found->second >= cells_.size() ? "" : cells_[found->second];
  }

 private:
  std::ifstream in_;
  std::string path_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::string> cells_;
};

// `legal_alternatives` of 1 is a forced move; the number of moves in chess is not told.
void ReadTurns(Csv* csv, const std::string& game, std::vector<Timed>* events) {
  std::int64_t row = 0;
  while (csv->Next()) {
    ++row;
    Timed timed;
    const std::int64_t ms = Number((*csv)["timestamp"]);
    timed.us = ms > 0 ? ms * 1'000 : kStartUs + row * kSecond;
    timed.event.set_account((*csv)["player"]);
    timed.event.set_game(game);
    timed.event.set_hand((*csv)["game_id"]);
    v1::TurnPlayed& turn = *timed.event.mutable_turn_played();
    turn.set_think_ms(static_cast<std::int32_t>(
        std::clamp<std::int64_t>(Number((*csv)["think_ms"]), 0, INT32_MAX)));
    turn.set_limit_ms(static_cast<std::int32_t>(
        std::clamp<std::int64_t>(Number((*csv)["time_limit_ms"]), 0, INT32_MAX)));
    turn.set_turn_number(static_cast<std::int32_t>(Number((*csv)["move_index"])));
    const std::string alternatives = (*csv)["legal_alternatives"];
    if (!alternatives.empty()) {
      turn.set_choice(Number(alternatives) == 1 ? v1::CHOICE_FORCED : v1::CHOICE_FREE);
    }
    events->push_back(std::move(timed));
  }
}

void ReadHands(Csv* csv, const std::string& game, v1::RoomKind room, std::vector<Timed>* events) {
  std::map<std::string, std::size_t> by_hand;
  std::int64_t row = 0;
  while (csv->Next()) {
    ++row;
    const std::string hand = (*csv)["hand_id"];
    auto [place, fresh] = by_hand.emplace(hand, events->size());
    if (fresh) {
      Timed timed;
      const std::int64_t seconds = Number((*csv)["timestamp"]);
      timed.us = seconds > 0 ? seconds * kSecond : kStartUs + row * kSecond;
      timed.event.set_account((*csv)["player"]);
      timed.event.set_game(game);
      timed.event.set_hand(hand);
      timed.event.set_table((*csv)["table_id"]);
      timed.event.mutable_hand_settled()->set_room_kind(room);
      timed.event.mutable_hand_settled()->set_stake(
          std::max<std::int64_t>(Number((*csv)["stake"]), 1));
      events->push_back(std::move(timed));
    }
    v1::SeatResult& seat = *(*events)[place->second].event.mutable_hand_settled()->add_seats();
    seat.set_account((*csv)["player"]);
    seat.set_gold_delta(Number((*csv)["delta"]));
    seat.set_balance_after(-1);
  }
  // A table of one is no hand.
  std::erase_if(*events, [](const Timed& timed) {
    return timed.event.has_hand_settled() && (timed.event.hand_settled().seats_size() < 2 ||
                                              timed.event.hand_settled().seats_size() > 16);
  });
}

v1::RoomKind RoomOf(const std::string& name) {
  if (name == "friend") return v1::ROOM_KIND_FRIEND;
  if (name == "matchmade") return v1::ROOM_KIND_MATCHMADE;
  return v1::ROOM_KIND_UNSPECIFIED;
}

int Main(const std::vector<std::string>& words) {
  std::string out = "-";
  std::string game;
  std::string room = "unknown";
  bool newcomers = false;
  tools::FlagSet flags(
      "tools/eval import: CSV files of turns or hands as hall events for tools/eval play.\n"
      "\n"
      "  tools/eval import FILE.csv... --out EVENTS.jsonl|EVENTS.pb [--game NAME]",
      "Turns: game_id, player, move_index, think_ms, time_limit_ms, legal_alternatives, timestamp "
      "(ms).\n"
      "Hands: hand_id, table_id, timestamp (s), player, delta, buyin_or_stack, stake.\n"
      "A file's kind is seen by its heading. Every player logs in before its first row; rows "
      "without "
      "a time are a second\n"
      "apart. The events are sorted by time.\n");
  flags.Group("Output");
  flags.Add("out", &out, "FILE", "JSON lines; binary if it ends in .pb; `-`: standard output");
  flags.Add("game", &game, "NAME", "game of the events; default: by the file's name");
  flags.Add("room", &room, "KIND", "unknown, matchmade or friend: kind of room of the hands");
  flags.Add("newcomers", &newcomers, "players register at their first row instead of logging in");
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return 0;
  }
  const absl::StatusOr<std::vector<std::string>> files = flags.Parse(words);
  if (!files.ok() || files->empty()) {
    std::cerr << "eval import: "
              << (files.ok() ? "give a CSV file" : std::string(files.status().message())) << '\n';
    return 2;
  }
  std::vector<Timed> events;
  for (const std::string& file : *files) {
    Csv csv(file);
    std::string name = game;
    for (const char* known : {"mahjong", "poker", "chess"}) {
      if (name.empty() && file.find(known) != std::string::npos) name = known;
    }
    if (csv.Has("think_ms")) {
      ReadTurns(&csv, name, &events);
    } else if (csv.Has("delta")) {
      ReadHands(&csv, name, RoomOf(room), &events);
    } else {
      std::cerr << "eval import: " << file << ": neither turns (think_ms) nor hands (delta)\n";
      return 2;
    }
  }
  std::stable_sort(events.begin(), events.end(),
                   [](const Timed& a, const Timed& b) { return a.us < b.us; });
  EventWriter writer(out);
  std::set<std::string> known;
  bool good = true;
  const auto arrive = [&](const std::string& account, std::int64_t us) {
    if (!known.insert(account).second) return;
    v1::HallEvent event;
    event.set_account(account);
    SetTime(us, &event);
    if (newcomers) {
      event.mutable_registered();
    } else {
      event.mutable_logged_in();
    }
    good = good && writer.Write(event);
  };
  for (Timed& timed : events) {
    arrive(timed.event.account(), timed.us);
    for (const v1::SeatResult& seat : timed.event.hand_settled().seats()) {
      arrive(seat.account(), timed.us);
    }
    SetTime(timed.us, &timed.event);
    good = good && writer.Write(timed.event);
  }
  if (!good || !writer.Close()) {
    std::cerr << "eval import: cannot write " << out << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace hallwarden::evaluator

int main(int argc, char** argv) {
  return hallwarden::evaluator::Main(std::vector<std::string>(argv + 1, argv + argc));
}
