#include "rules/play/table.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "rules/evidence/e_process.h"
#include "rules/play/feeding.h"
#include "rules/play/turns.h"
#include "rules/play/wording.h"
#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::int64_t kMicro = 1'000'000;
constexpr std::int32_t kOne = 1'000;
constexpr std::int64_t kWindowUs = 7 * kDayUs;
constexpr std::uint32_t kQuickMin = 4;
constexpr std::int64_t kPatience = 4;  // a quick loss takes less than a quarter of the usual time
constexpr std::uint32_t kUsualHands = 10;
// From so many hands with somebody on he is company.
constexpr std::uint32_t kCompany = 3;
constexpr std::size_t kRegularsMin = 3;

std::int32_t Share(std::uint64_t part, std::uint64_t whole) {
  return static_cast<std::int32_t>(part * static_cast<std::uint64_t>(kOne) / whole);
}

// How often he wins against those who are no rivals, drawn towards a half while there is little to
// go by.
std::int32_t FieldRate(const TableCell& table) {
  return Share(table.field_won + 5U, table.field_hands + 10U);
}

bool InRecent(const TableCell& table, std::uint16_t print) {
  return std::find(table.recent.begin(), table.recent.end(), print) != table.recent.end();
}

// Remembers an opponent among the last ones; keeps count of how many differ.
void Remember(std::uint16_t print, TableCell* table) {
  const bool known = InRecent(*table, print);
  if (table->recent.size() < TableCell::kRecentMax) {
    table->recent.push_back(print);
    if (!known) ++table->recent_distinct;
    return;
  }
  const std::uint16_t old = std::exchange(table->recent[table->recent_at], print);
  table->recent_at = static_cast<std::uint8_t>((table->recent_at + 1U) % TableCell::kRecentMax);
  if (old == print) return;
  if (!known) ++table->recent_distinct;
  if (!InRecent(*table, old)) --table->recent_distinct;
}

// How many could have sat here: the queue if it is told, at least those who were met of late.
std::int64_t LiveSize(const Hand& hand, const TableCell& table) {
  const auto seats = static_cast<std::int64_t>(hand.seats.size());
  return std::max<std::int64_t>({hand.queue_size, table.recent_distinct, seats});
}

// Worth of a place among the rivals.
std::int64_t Worth(const RivalCell& rival, std::int64_t hazard) {
  const Milli met = evidence::CountingLogE(rival.met, hazard - rival.hazard_begin);
  const Milli pair = *std::max_element(rival.pair.begin(), rival.pair.end());
  return std::max<std::int64_t>({met, pair, 0}) + std::int64_t{100} * (rival.hands + rival.met);
}

RivalCell* FindRival(std::string_view account, TableCell* table) {
  for (RivalCell& rival : table->rivals) {
    if (rival.account == account) return &rival;
  }
  return nullptr;
}

// Gives an opponent who came back a place; the least interesting one makes room.
RivalCell* Promote(const Context& context, std::string_view account, TableCell* table) {
  RivalCell fresh;
  fresh.account = account;
  fresh.hazard_begin = table->hazard_micro;
  fresh.first_us = fresh.last_us = context.event_us;
  if (table->rivals.size() < TableCell::kRivalsMax) {
    table->rivals.push_back(std::move(fresh));
    return &table->rivals.back();
  }
  auto least = std::min_element(table->rivals.begin(), table->rivals.end(),
                                [&](const RivalCell& a, const RivalCell& b) {
                                  const std::int64_t x = Worth(a, table->hazard_micro);
                                  const std::int64_t y = Worth(b, table->hazard_micro);
                                  return x != y ? x < y : a.last_us < b.last_us;
                                });
  // Who was here within the hour and is worth something stays: a stream of strangers displaces
  // nobody.
  if (context.event_us - least->last_us < kHourUs && Worth(*least, table->hazard_micro) > 200) {
    return nullptr;
  }
  *least = std::move(fresh);
  return &*least;
}

// A pair's history is judged by the week: skill differences add up over months.
void StartWeek(const Context& context, TableCell* table, RivalCell* rival) {
  if (context.event_us - rival->first_us < kWindowUs) return;
  RivalCell fresh;
  fresh.account = rival->account;
  fresh.hazard_begin = table->hazard_micro;
  fresh.first_us = context.event_us;
  *rival = std::move(fresh);
}

std::int32_t PairNull(const Context& context, const Seat& me, const Seat& him) {
  const policy::PlayGame& game = context.settings->Game(context.game);
  if (me.rating_milli == 0 || him.rating_milli == 0) return game.pair_win_milli;
  return std::clamp(ExpectedMilli(me.rating_milli, him.rating_milli) + 100, 600,
                    std::max(game.pair_win_milli, 850));
}

bool Quick(const Hand& hand, const TableCell& table, const Seat& loser) {
  if (!loser.surrendered) return false;
  if (hand.duration_ms <= 0 || table.mean_duration_ms <= 0) return false;
  return table.hands >= kUsualHands && hand.duration_ms * kPatience < table.mean_duration_ms;
}

void Opposed(const Context& context, const Hand& hand, std::size_t mine, std::size_t his,
             TableCell* table, RivalCell* rival) {
  const bool won = hand.seats[mine].gold > 0;
  const std::int64_t gold = won ? hand.Flow(his, mine) : -hand.Flow(mine, his);
  ++rival->hands;
  if (won) ++rival->won;
  rival->gold += gold;
  rival->stakes_milli += hand.InStakes(gold);
  const std::int32_t null = PairNull(context, hand.seats[mine], hand.seats[his]);
  evidence::Observe(context.settings->Above(null), won, &rival->pair);
  if (won) {
    ++rival->losses;
    const bool quick = Quick(hand, *table, hand.seats[his]);
    if (quick) ++rival->quick_losses;
    evidence::Observe(context.settings->quick, quick, &rival->quick);
  }
  if (rival->hands > 1) {
    const bool turned = won != rival->won_last;
    if (turned) ++rival->alternations;
    evidence::Observe(context.settings->Above(700), turned, &rival->alternate);
  }
  rival->won_last = won;
}

void Together(const Context& context, const Hand& hand, std::size_t mine, std::size_t his,
              TableCell* table, RivalCell* rival) {
  ++rival->met;
  if (hand.seats.size() < 3) return;
  const std::int64_t joint = hand.seats[mine].gold + hand.seats[his].gold;
  if (joint == 0) return;
  ++rival->joint_hands;
  if (joint > 0) ++rival->joint_won;
  // A strong player brings his strength to whomever he sits with.
  const std::int32_t own = std::max(0, FieldRate(*table) - kOne / 2);
  const std::int32_t null = context.settings->Game(context.game).joint_win_milli + own;
  evidence::Observe(context.settings->Above(null), joint > 0, &rival->joint);
}

void AddRivals(const RivalCell& rival, v1::RingRole role, std::string_view account,
               v1::RingRole own_role, v1::Finding* finding) {
  finding->add_related_accounts(rival.account);
  v1::RingMember& self = *finding->add_ring();
  self.set_account(std::string(account));
  self.set_role(own_role);
  v1::RingMember& other = *finding->add_ring();
  other.set_account(rival.account);
  other.set_role(role);
  other.set_gold(rival.gold);
  other.set_hands(static_cast<std::int32_t>(rival.hands));
  other.set_lost(static_cast<std::int32_t>(rival.won));
}

// They sit together far more often than chance brings them, and win together when they do.
void JudgeCollusion(const Context& context, const RivalCell& rival, PlayCell* cell, Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const std::int64_t hazard = cell->table->hazard_micro - rival.hazard_begin;
  const Milli met = evidence::CountingLogE(rival.met, hazard);
  if (met < settings.case_milli) return;
  const Milli joint = evidence::LogE(rival.joint, 3);
  // One of the two alone is friends who like to play together, or a lucky evening.
  if (joint < kOne) return;
  // Both accounts see the same; the one whose name comes first speaks.
  if (context.account > rival.account) return;
  const Milli level = met + joint;
  if (level < settings.hold_milli) return;
  if (!Due(settings, ClaimKind::kCollusion, settings.case_milli, context.event_us, cell)) return;
  PlayClaim claim = MakeClaim(context, ClaimKind::kCollusion, v1::OFFENCE_CHEATING, "collusion",
                              std::min(met, level));
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("collusion.co_seats", rival.met, hazard / 1'000, &numbers);
  AddMeasure("collusion.joint_hands", rival.joint_hands, 0, &numbers);
  AddMeasure("collusion.joint_wins", rival.joint_won,
             std::int64_t{settings.Game(context.game).joint_win_milli} * rival.joint_hands,
             &numbers);
  v1::Evidence& against = *claim.finding.add_counter_evidence();
  against.set_surface("play");
  AddMeasure("collusion.joint_losses", rival.joint_hands - rival.joint_won, 0, &against);
  AddMeasure("collusion.hands_without_each_other", cell->table->field_hands, 0, &against);
  AddRivals(rival, v1::RING_ROLE_COLLUDER, context.account, v1::RING_ROLE_COLLUDER, &claim.finding);
  SetSummary("在系统配桌中与 " + rival.account + " 同桌 " + std::to_string(rival.met) +
                 " 次，同桌时两人合计 " + OfZh(rival.joint_won, rival.joint_hands) + "赢",
             "met " + rival.account + " " + std::to_string(rival.met) +
                 " times at tables that the server filled, and together they won " +
                 OfEn(rival.joint_won, rival.joint_hands) + " hands",
             level, &claim.finding);
  out->claims.push_back(std::move(claim));
}

// He gives up quickly against this account, again and again.
void JudgeThrowing(const Context& context, const RivalCell& rival, PlayCell* cell, Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const Milli quick = evidence::LogE(rival.quick, settings.quick.size());
  if (quick < settings.case_milli || rival.quick_losses < kQuickMin) return;
  if (!Due(settings, ClaimKind::kThrowing, quick, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kThrowing, v1::OFFENCE_CHEATING, "throwing", quick);
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("throwing.losses", rival.losses, 0, &numbers);
  AddMeasure("throwing.quick_losses", rival.quick_losses,
             std::int64_t{settings.quick.p0_milli()} * rival.losses, &numbers);
  v1::Evidence& against = *claim.finding.add_counter_evidence();
  against.set_surface("play");
  AddMeasure("throwing.ordinary_losses", rival.losses - rival.quick_losses, 0, &against);
  AddMeasure("throwing.his_wins", rival.hands - rival.won, 0, &against);
  AddRivals(rival, v1::RING_ROLE_THROWER, context.account, v1::RING_ROLE_RECEIVER, &claim.finding);
  SetSummary(rival.account + " 输给该账号的 " + std::to_string(rival.losses) + " 局中有 " +
                 std::to_string(rival.quick_losses) + " 局很快认输",
             rival.account + " gave up quickly in " + OfEn(rival.quick_losses, rival.losses) +
                 " hands that it lost to this account",
             quick, &claim.finding);
  out->claims.push_back(std::move(claim));
}

// They take turns in winning.
void JudgeAlternation(const Context& context, const RivalCell& rival, PlayCell* cell,
                      Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const Milli level = evidence::LogE(rival.alternate, 3);
  if (level < settings.case_milli || context.account > rival.account) return;
  if (!Due(settings, ClaimKind::kAlternating, level, context.event_us, cell)) return;
  PlayClaim claim = MakeClaim(context, ClaimKind::kAlternating, v1::OFFENCE_CHEATING,
                              "throwing.alternation", level);
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("throwing.decided_hands", rival.hands, 0, &numbers);
  AddMeasure("throwing.alternations", rival.alternations, std::int64_t{700} * rival.hands,
             &numbers);
  AddRivals(rival, v1::RING_ROLE_THROWER, context.account, v1::RING_ROLE_THROWER, &claim.finding);
  SetSummary("与 " + rival.account + " 轮流获胜：" + std::to_string(rival.hands) + " 局中交替 " +
                 std::to_string(rival.alternations) + " 次",
             "takes turns in winning with " + rival.account + ": " +
                 std::to_string(rival.alternations) + " changes in " + std::to_string(rival.hands) +
                 " hands",
             level, &claim.finding);
  out->claims.push_back(std::move(claim));
}

// Several who come back to lose to him, whatever their age: each alone may be a weak player, three
// are a pattern.
void JudgeRegulars(const Context& context, PlayCell* cell, Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const TableCell& table = *cell->table;
  std::vector<const RivalCell*> payers;
  Milli level = 0;
  for (const RivalCell& rival : table.rivals) {
    const Milli pair = evidence::LogE(rival.pair, 3);
    if (pair < settings.note_milli || rival.gold <= 0) continue;
    if (rival.stakes_milli != 0 && rival.stakes_milli < settings.min_flow_stakes_milli) continue;
    payers.push_back(&rival);
    level += pair;
  }
  // Different hands against different opponents multiply; that these three of twelve were picked
  // costs 220.
  constexpr Milli kPicked = 2'343;
  level -= kPicked;
  if (payers.size() < kRegularsMin || level < settings.case_milli) return;
  if (cell->FindClaim(static_cast<std::uint8_t>(ClaimKind::kFarming)) != nullptr) return;
  if (!Due(settings, ClaimKind::kRegulars, settings.case_milli, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kRegulars, v1::OFFENCE_GOLD_FARMING, "farming.regulars", level);
  claim.finding.set_severity(v1::SEVERITY_SERIOUS);
  v1::RingMember& self = *claim.finding.add_ring();
  self.set_account(std::string(context.account));
  self.set_role(v1::RING_ROLE_RECEIVER);
  std::int64_t gold = 0;
  for (const RivalCell* rival : payers) {
    claim.finding.add_related_accounts(rival->account);
    v1::RingMember& payer = *claim.finding.add_ring();
    payer.set_account(rival->account);
    payer.set_role(v1::RING_ROLE_FEEDER);
    payer.set_gold(rival->gold);
    payer.set_hands(static_cast<std::int32_t>(rival->hands));
    payer.set_lost(static_cast<std::int32_t>(rival->won));
    gold += rival->gold;
  }
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("farming.regulars", static_cast<std::int64_t>(payers.size()), 0, &numbers);
  AddMeasure("farming.gold", gold, 0, &numbers);
  v1::Evidence& against = *claim.finding.add_counter_evidence();
  against.set_surface("play");
  AddMeasure("farming.hands_against_others", table.field_hands, 0, &against);
  AddMeasure("farming.won_against_others", table.field_won, 0, &against);
  const std::string count = std::to_string(payers.size());
  SetSummary(count + " 个常遇对手几乎总是输给该账号，共 " + std::to_string(gold) + " 金币",
             count + " opponents who keep coming back nearly always lose to this account, " +
                 std::to_string(gold) + " gold in all",
             level, &claim.finding);
  out->claims.push_back(std::move(claim));
}

// He wins more than the strongest honest player does.
void JudgeWinning(const Context& context, const Hand& hand, std::size_t mine, PlayCell* cell,
                  Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  TableCell& table = *cell->table;
  if (!hand.Matchmade() || hand.seats[mine].gold == 0) return;
  const bool won = hand.seats[mine].gold > 0;
  ++table.winning_hands;
  if (won) ++table.winning_won;
  const policy::PlayGame& game = settings.Game(context.game);
  evidence::Observe(game.pair, won, &table.winning);
  const Milli level = evidence::LogE(table.winning, game.pair.size());
  // Above the tier of a case: looking at a brilliant player costs him nothing but a GM's time.
  if (level < settings.hold_milli) return;
  // Who is fed wins; that is one matter, and claimed.
  if (cell->FindClaim(static_cast<std::uint8_t>(ClaimKind::kFarming)) != nullptr) return;
  if (!Due(settings, ClaimKind::kWinning, level, context.event_us, cell)) return;
  PlayClaim claim = MakeClaim(context, ClaimKind::kWinning, v1::OFFENCE_CHEATING, "winning", level);
  v1::Evidence& numbers = *claim.finding.mutable_evidence(0);
  AddMeasure("winning.hands", table.winning_hands, 0, &numbers);
  AddMeasure("winning.won", table.winning_won,
             std::int64_t{game.pair.p0_milli()} * table.winning_hands, &numbers);
  v1::Evidence& against = *claim.finding.add_counter_evidence();
  against.set_surface("play");
  AddMeasure("winning.lost", table.winning_hands - table.winning_won, 0, &against);
  SetSummary("一周内 " + std::to_string(table.winning_hands) + " 局赢 " +
                 std::to_string(table.winning_won) + " 局",
             "won " + OfEn(table.winning_won, table.winning_hands) + " hands within a week", level,
             &claim.finding);
  out->claims.push_back(std::move(claim));
}

void FollowDuration(const Hand& hand, TableCell* table) {
  const bool given_up = std::any_of(hand.seats.begin(), hand.seats.end(),
                                    [](const Seat& seat) { return seat.surrendered; });
  if (hand.duration_ms <= 0 || given_up) return;
  if (table->mean_duration_ms == 0) table->mean_duration_ms = hand.duration_ms;
  table->mean_duration_ms += (hand.duration_ms - table->mean_duration_ms) / 16;
}

void StartTableWeek(const Context& context, TableCell* table) {
  if (table->winning_begin_us != 0 && context.event_us - table->winning_begin_us < kWindowUs) {
    return;
  }
  table->winning_begin_us = context.event_us;
  table->winning = CapitalCell{};
  table->winning_hands = table->winning_won = 0;
}

// True if somebody sits here who is often met: such a hand is no measure of how he plays otherwise.
bool InCompany(const Hand& hand, const TableCell& table) {
  return std::any_of(hand.seats.begin(), hand.seats.end(), [&](const Seat& seat) {
    return std::any_of(table.rivals.begin(), table.rivals.end(), [&](const RivalCell& rival) {
      return rival.account == seat.account && rival.hands + rival.met >= kCompany;
    });
  });
}

// One opponent of this hand.
void MeetOpponent(const Context& context, const Hand& hand, std::size_t mine, std::size_t his,
                  bool company, PlayCell* cell, Outcome* out) {
  TableCell& table = *cell->table;
  const Seat& me = hand.seats[mine];
  const Seat& him = hand.seats[his];
  const auto print = static_cast<std::uint16_t>(ShortHash(him.account));
  RivalCell* rival = FindRival(him.account, &table);
  // The meeting that gave him his place is not counted: it is why he has one.
  const bool fresh = rival == nullptr;
  if (fresh && InRecent(table, print)) rival = Promote(context, him.account, &table);
  Remember(print, &table);
  const bool opposed = (me.gold > 0 && him.gold < 0) || (me.gold < 0 && him.gold > 0);
  if (rival == nullptr) {
    if (!opposed || company) return;
    ++table.field_hands;
    if (me.gold > 0) ++table.field_won;
    return;
  }
  StartWeek(context, &table, rival);
  rival->last_us = context.event_us;
  if (opposed) Opposed(context, hand, mine, his, &table, rival);
  if (hand.Matchmade() && !fresh) Together(context, hand, mine, his, &table, rival);
  JudgeCollusion(context, *rival, cell, out);
  JudgeThrowing(context, *rival, cell, out);
  JudgeAlternation(context, *rival, cell, out);
}

}  // namespace

std::int32_t ExpectedMilli(std::int64_t rating_milli, std::int64_t other_milli) {
  // By 50 points of difference, from 0 to 800.
  constexpr std::array<std::int32_t, 17> kCurve = {500, 571, 640, 703, 760, 808, 849, 882, 909,
                                                   930, 947, 960, 969, 977, 983, 987, 990};
  constexpr std::int64_t kStep = 50'000;
  const std::int64_t gap =
      std::clamp<std::int64_t>(rating_milli - other_milli, -16 * kStep, 16 * kStep);
  const auto index = static_cast<std::size_t>((gap < 0 ? -gap : gap) / kStep);
  return gap < 0 ? kOne - kCurve[index] : kCurve[index];
}

void OnHand(const Context& context, const Hand& hand, std::size_t mine, PlayCell* cell,
            Outcome* out) {
  ++cell->hands;
  OnResult(context, hand.seats[mine].gold, cell, out);
  TableCell& table = cell->Table();
  StartTableWeek(context, &table);
  ++table.hands;
  if (hand.seats[mine].gold > 0) ++table.won;
  if (hand.Matchmade()) {
    const auto others = static_cast<std::int64_t>(hand.seats.size()) - 1;
    const std::int64_t live = std::max<std::int64_t>(LiveSize(hand, table) - 1, 1);
    const std::int64_t chance = std::min(kMicro, others * kMicro / live);
    table.hazard_micro += chance * context.settings->co_seat_factor_milli / kOne;
  }
  const bool company = InCompany(hand, table);
  for (std::size_t his = 0; his < hand.seats.size(); ++his) {
    if (his != mine) MeetOpponent(context, hand, mine, his, company, cell, out);
  }
  FollowDuration(hand, &table);
  if (hand.seats[mine].gold > 0) JudgeRegulars(context, cell, out);
  JudgeWinning(context, hand, mine, cell, out);
  TellThoseItFeeds(context, hand, mine, cell, out);
}

}  // namespace hallwarden::play
