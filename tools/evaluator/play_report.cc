#include "tools/evaluator/play_report.h"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <ostream>
#include <set>
#include <sstream>

#include "hallwarden/v1/common.pb.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"

namespace hallwarden::evaluator {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;

bool Acts(const Decision& decision) {
  return decision.what != "note" && decision.what != "joined";
}
bool Sanctions(const Decision& decision) {
  return Acts(decision) && decision.what != "case";
}

std::string OffenceName(v1::Offence offence) {
  std::string name = v1::Offence_Name(offence).substr(8);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return name;
}

const Truth& TruthOf(const Labels& labels, const std::string& account) {
  static const Truth kHonest{"unlabelled", "", "", 0, ""};
  const auto found = labels.find(account);
  return found == labels.end() ? kHonest : found->second;
}

std::int64_t Median(std::vector<std::int64_t> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// When an account was first found: by a decision of its own, or by its place in somebody's ring.
struct Found {
  std::int64_t event_us = 0;
  std::int64_t hands = 0;
  bool found = false;
  std::set<v1::RingRole> roles;
};

std::map<std::string, Found> FindAll(const PlayRun& run) {
  std::map<std::string, Found> all;
  for (const Decision& decision : run.decisions()) {
    if (decision.what == "note") continue;
    const auto mark = [&](const std::string& account, v1::RingRole role) {
      Found& found = all[account];
      found.roles.insert(role);
      if (found.found) return;
      found.found = true;
      found.event_us = decision.event_us;
      if (account == decision.account) found.hands = decision.hands_of_account;
    };
    mark(decision.account, v1::RING_ROLE_UNSPECIFIED);
    for (const v1::RingMember& member : decision.finding.ring()) {
      mark(member.account(), member.role());
    }
  }
  return all;
}

// One line of figures: a name, then pairs.
struct Line {
  std::string name;
  std::vector<std::pair<std::string, double>> values;
};

// Recall of one archetype, by strength.
Line RecallOf(const std::string& archetype, std::int64_t low_milli, const Labels& labels,
              const std::map<std::string, Found>& found, const RingBook& book, const PlayRun& run) {
  std::vector<std::int64_t> hands;
  std::vector<std::int64_t> gold;
  std::vector<std::int64_t> seats;
  int all = 0;
  int hit = 0;
  int within = 0;
  for (const auto& [account, truth] : labels) {
    if (truth.archetype != archetype || truth.strength_milli < low_milli) continue;
    if (truth.offence.empty()) continue;
    const auto played = run.hands().find(account);
    if (played == run.hands().end()) continue;
    ++all;
    const auto it = found.find(account);
    if (it == found.end() || !it->second.found) continue;
    ++hit;
    hands.push_back(it->second.hands);
    if (it->second.hands <= 30) ++within;
    std::int64_t lost = 0;
    for (const RingBook::Flow& flow : book.FlowsTo(account)) {
      if (flow.event_us <= it->second.event_us) lost += flow.gold;
    }
    gold.push_back(lost);
    const auto& met = book.CoSeats(account);
    seats.push_back(std::count_if(met.begin(), met.end(),
                                  [&](std::int64_t us) { return us <= it->second.event_us; }));
  }
  Line line{
      absl::StrCat(archetype, low_milli > 0 ? absl::StrCat(" >= ", low_milli / 10, " %") : ""), {}};
  line.values = {{"accounts", all},
                 {"found", hit},
                 {"recall", all == 0 ? 0 : static_cast<double>(hit) / all},
                 {"found_within_30_hands", within},
                 {"median_hands", static_cast<double>(Median(hands))},
                 {"median_gold_before", static_cast<double>(Median(gold))},
                 {"median_co_seats", static_cast<double>(Median(seats))}};
  return line;
}

// Big accounts by their ring: feeders, strength, and how much was needed.
std::vector<Line> RingLines(const Labels& labels, const std::map<std::string, Found>& found,
                            const RingBook& book) {
  std::map<std::string, int> feeders;
  std::set<std::string> throwaway;
  for (const auto& [account, truth] : labels) {
    if (truth.archetype == "feeder" || truth.archetype == "throwaway") ++feeders[truth.ring];
    if (truth.archetype == "throwaway") throwaway.insert(truth.ring);
  }
  int strong = 0;
  int strong_found = 0;
  int thrown = 0;
  int thrown_found = 0;
  int mules = 0;
  int named = 0;
  std::vector<std::int64_t> per_feeder;
  for (const auto& [account, truth] : labels) {
    const bool receives = truth.archetype == "sink" || truth.archetype == "mule";
    if (!receives) continue;
    const auto it = found.find(account);
    const bool hit = it != found.end() && it->second.found;
    if (truth.archetype == "mule" && hit) {
      ++mules;
      if (it->second.roles.contains(v1::RING_ROLE_MULE)) ++named;
    }
    std::int64_t hands = 0;
    std::map<std::string, std::int64_t> emptied;
    for (const RingBook::Flow& flow : book.FlowsTo(account)) {
      if (!hit || flow.event_us <= it->second.event_us) {
        ++hands;
        ++emptied[flow.payer];
      }
    }
    if (throwaway.contains(truth.ring)) {
      if (book.FlowsTo(account).empty()) continue;
      ++thrown;
      if (hit && emptied.size() <= 8) ++thrown_found;
      continue;
    }
    if (feeders[truth.ring] < 4 || truth.strength_milli < 800) continue;
    ++strong;
    if (!hit) continue;
    ++strong_found;
    if (!emptied.empty()) per_feeder.push_back(hands / static_cast<std::int64_t>(emptied.size()));
  }
  const auto share = [](int part, int whole) {
    return whole == 0 ? 0.0 : static_cast<double>(part) / whole;
  };
  return {{"sinks, >= 4 feeders, >= 80 %",
           {{"accounts", strong},
            {"recall", share(strong_found, strong)},
            {"median_hands_per_feeder", static_cast<double>(Median(per_feeder))}}},
          {"sinks of throw-away feeders",
           {{"accounts", thrown}, {"found_before_the_8th", share(thrown_found, thrown)}}},
          {"mules", {{"found", mules}, {"named_so", share(named, mules)}}}};
}

std::vector<Line> HonestLines(const PlayRun& run, const Labels& labels) {
  std::map<std::string, std::int64_t> accounts;
  for (const auto& [account, truth] : labels) {
    if (truth.offence.empty()) ++accounts[truth.archetype];
  }
  if (labels.empty()) accounts["unlabelled"] = static_cast<std::int64_t>(run.hands().size());
  std::map<std::string, std::set<std::string>> cases;
  std::map<std::string, std::set<std::string>> sanctions;
  for (const Decision& decision : run.decisions()) {
    if (!Acts(decision)) continue;
    const Truth& truth = TruthOf(labels, decision.account);
    if (!truth.offence.empty()) continue;
    (Sanctions(decision) ? sanctions : cases)[truth.archetype].insert(decision.account);
  }
  std::vector<Line> lines;
  Line total{"all honest", {{"accounts", 0}, {"with_a_case", 0}, {"with_a_sanction", 0}}};
  for (const auto& [archetype, count] : accounts) {
    lines.push_back({archetype,
                     {{"accounts", static_cast<double>(count)},
                      {"with_a_case", static_cast<double>(cases[archetype].size())},
                      {"with_a_sanction", static_cast<double>(sanctions[archetype].size())}}});
    for (std::size_t i = 0; i < 3; ++i)
      total.values[i].second += lines.back().values[i].second;
  }
  lines.push_back(total);
  return lines;
}

std::vector<Line> OffenceLines(const PlayRun& run, const Labels& labels) {
  struct Count {
    int cases = 0;
    int right = 0;
    std::map<std::int64_t, int> nights;
  };
  std::map<std::string, Count> counts;
  for (const Decision& decision : run.decisions()) {
    if (decision.what != "case") continue;
    Count& count = counts[OffenceName(decision.offence)];
    Count& all = counts["all"];
    const bool right = !TruthOf(labels, decision.account).offence.empty();
    for (Count* one : {&count, &all}) {
      ++one->cases;
      if (right) ++one->right;
      ++one->nights[decision.event_us / kDayUs];
    }
  }
  std::vector<Line> lines;
  for (const auto& [offence, count] : counts) {
    int most = 0;
    for (const auto& [night, cases] : count.nights)
      most = std::max(most, cases);
    lines.push_back(
        {offence,
         {{"cases", count.cases},
          {"precision", count.cases == 0 ? 0 : static_cast<double>(count.right) / count.cases},
          {"most_in_a_night", most}}});
  }
  return lines;
}

void Print(const std::string& title, const std::vector<Line>& lines, bool json, bool* first,
           std::ostream& out) {
  if (!json) out << '\n' << title << '\n';
  for (const Line& line : lines) {
    if (json) {
      out << (*first ? "" : ",\n") << "  {\"section\": \"" << title << "\", \"name\": \""
          << line.name << '"';
      *first = false;
      for (const auto& [key, value] : line.values)
        out << ", \"" << key << "\": " << value;
      out << '}';
      continue;
    }
    out << absl::StrFormat("  %-32s", line.name);
    for (const auto& [key, value] : line.values)
      out << "  " << key << ' ' << value;
    out << '\n';
  }
}

}  // namespace

bool ReadLabels(const std::string& path, Labels* labels) {
  std::ifstream in(path);
  if (!in) {
    std::cerr << "cannot read " << path << '\n';
    return false;
  }
  std::string text;
  int number = 0;
  while (std::getline(in, text)) {
    ++number;
    const std::vector<std::string> cells = absl::StrSplit(text, '\t');
    if (cells.front() == "account" || text.empty()) continue;
    if (cells.size() < 3) {
      std::cerr << path << ':' << number
                << ": expected account, archetype, offence, separated by tabs\n";
      return false;
    }
    Truth truth{cells[1], cells[2], "", 0, ""};
    if (cells.size() > 3) truth.ring = cells[3];
    if (cells.size() > 4) truth.strength_milli = std::atoll(cells[4].c_str());
    if (cells.size() > 5) truth.channel = cells[5];
    (*labels)[cells[0]] = std::move(truth);
  }
  return true;
}

void RingBook::Settle(const v1::HallEvent& event) {
  const v1::HandSettled& settled = event.hand_settled();
  const std::int64_t event_us = event.event_time().seconds() * 1'000'000;
  for (const v1::SeatResult& big : settled.seats()) {
    const Truth& truth = TruthOf(*labels_, big.account());
    if (truth.ring.empty()) continue;
    for (const v1::SeatResult& small : settled.seats()) {
      if (small.account() == big.account()) continue;
      if (TruthOf(*labels_, small.account()).ring != truth.ring) continue;
      seats_[big.account()].push_back(event_us);
      if (big.gold_delta() <= 0 || small.gold_delta() >= 0) continue;
      flows_[big.account()].push_back(
          {event_us, std::min(big.gold_delta(), -small.gold_delta()), small.account()});
    }
  }
}

const std::vector<RingBook::Flow>& RingBook::FlowsTo(const std::string& account) const {
  static const std::vector<Flow> kNone;
  const auto found = flows_.find(account);
  return found == flows_.end() ? kNone : found->second;
}

const std::vector<std::int64_t>& RingBook::CoSeats(const std::string& account) const {
  static const std::vector<std::int64_t> kNone;
  const auto found = seats_.find(account);
  return found == seats_.end() ? kNone : found->second;
}

void Report(PlayRun* run, const Labels& labels, const RingBook& book, bool json,
            std::ostream& out) {
  const std::map<std::string, Found> found = FindAll(*run);
  bool first = true;
  if (json) out << "[\n";
  const auto [bytes, cells] = run->Memory();
  Print("run",
        {{"events",
          {{"events", static_cast<double>(run->events())},
           {"hands", static_cast<double>(run->settled())},
           {"turns", static_cast<double>(run->turns())},
           {"refused", static_cast<double>(run->refused())},
           {"accounts", static_cast<double>(run->hands().size())},
           {"play_bytes_per_account",
            cells == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(cells)}}}},
        json, &first, out);
  Print("honest", HonestLines(*run, labels), json, &first, out);
  Print("offences", OffenceLines(*run, labels), json, &first, out);
  std::vector<Line> recall;
  for (const std::int64_t low : {std::int64_t{0}, std::int64_t{500}, std::int64_t{700}}) {
    recall.push_back(RecallOf("staller", low, labels, found, book, *run));
  }
  for (const char* archetype : {"sink", "mule", "seller", "feeder", "throwaway", "thrower",
                                "boosted", "victim", "trader", "idler"}) {
    recall.push_back(RecallOf(archetype, 0, labels, found, book, *run));
  }
  for (const std::int64_t low : {std::int64_t{0}, std::int64_t{800}}) {
    recall.push_back(RecallOf("colluder", low, labels, found, book, *run));
  }
  Print("recall", recall, json, &first, out);
  Print("rings", RingLines(labels, found, book), json, &first, out);
  if (json) out << "\n]\n";
}

}  // namespace hallwarden::evaluator
