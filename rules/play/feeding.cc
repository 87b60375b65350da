#include "rules/play/feeding.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/evidence/e_process.h"
#include "rules/play/wording.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden::play {
namespace {

constexpr std::int64_t kWindowUs = 7 * kDayUs;
// Young by hands, at most this old.
constexpr std::int64_t kYoungMostUs = 14 * kDayUs;
// A payer that is not young tells of itself from so many hands on, of which it lost seven in ten.
constexpr std::uint32_t kTellHands = 6;
// A mule passed on three fifths of what it was fed, mostly to one account.
constexpr std::int64_t kPassedNum = 3;
constexpr std::int64_t kPassedDen = 5;

// kShared: lost to more than one, as a losing landlord does.
enum FedFlag : std::uint8_t {
  kLost = 1,
  kYoung = 2,
  kPartner = 4,
  kFedItself = 8,
  kGift = 16,
  kShared = 32
};

// What a payer tells.
struct Fed {
  std::int64_t event_us = 0;
  std::string_view game;
  std::string_view hand;
  std::string_view payer;
  std::uint8_t flags = 0;
  std::int64_t gold = 0;
  std::int64_t stakes_milli = 0;
  bool stake_known = false;
  FeederCell registration;
};

void WriteRegistration(const PlayCell& cell, Writer* out) {
  out->Signed(cell.register_day);
  out->Varint(cell.device);
  out->Varint(cell.ip);
  out->Varint(cell.channel);
  out->Varint(cell.inviter);
  out->Varint(cell.name);
}

std::string EncodeFed(const Context& context, const Fed& fed, const PlayCell& cell) {
  std::string payload;
  Writer writer(&payload);
  writer.Signed(fed.event_us);
  writer.Bytes(fed.game);
  writer.Bytes(fed.hand);
  writer.Bytes(context.account);
  writer.Byte(fed.flags);
  writer.Signed(fed.gold);
  writer.Signed(fed.stakes_milli);
  writer.Byte(fed.stake_known ? 1 : 0);
  WriteRegistration(cell, &writer);
  return payload;
}

bool DecodeFed(std::string_view payload, Fed* fed) {
  Reader in(payload);
  fed->event_us = in.Signed();
  fed->game = in.Bytes();
  fed->hand = in.Bytes();
  fed->payer = in.Bytes();
  fed->flags = in.Byte();
  fed->gold = in.Signed();
  fed->stakes_milli = in.Signed();
  fed->stake_known = in.Byte() != 0;
  fed->registration.register_day = static_cast<std::int32_t>(in.Signed());
  fed->registration.device = in.Varint();
  fed->registration.ip = in.Varint();
  fed->registration.channel = in.Varint();
  fed->registration.inviter = in.Varint();
  fed->registration.name = in.Varint();
  return in.done();
}

constexpr std::uint8_t Bit(v1::RegistrationLink link) {
  return static_cast<std::uint8_t>(1U << static_cast<unsigned>(link));
}

bool Same(std::uint64_t a, std::uint64_t b) {
  return a != 0 && a == b;
}

// What two registrations share.
template <class A, class B>
std::uint8_t LinksBetween(const A& a, const B& b) {
  std::uint8_t links = 0;
  if (Same(a.device, b.device)) links |= Bit(v1::REGISTRATION_LINK_DEVICE);
  if (Same(a.ip, b.ip)) links |= Bit(v1::REGISTRATION_LINK_IP);
  if (Same(a.inviter, b.inviter)) links |= Bit(v1::REGISTRATION_LINK_INVITE);
  if (Same(a.name, b.name)) links |= Bit(v1::REGISTRATION_LINK_NAME);
  if (Same(a.channel, b.channel)) links |= Bit(v1::REGISTRATION_LINK_CHANNEL);
  if (a.register_day != 0 && a.register_day == b.register_day) {
    links |= Bit(v1::REGISTRATION_LINK_DAY);
  }
  return links;
}

// Device or invitation; an address only together with the day and a name alike.
bool Strong(std::uint8_t links) {
  const std::uint8_t same_hand = Bit(v1::REGISTRATION_LINK_IP) | Bit(v1::REGISTRATION_LINK_DAY);
  return (links & (Bit(v1::REGISTRATION_LINK_DEVICE) | Bit(v1::REGISTRATION_LINK_INVITE))) != 0 ||
         ((links & same_hand) == same_hand && (links & Bit(v1::REGISTRATION_LINK_NAME)) != 0);
}

// The strongest set of links to the receiver or to any other feeder.
std::uint8_t LinksOf(const FeederCell& feeder, std::string_view receiver, const PlayCell& cell) {
  std::uint8_t links = LinksBetween(feeder, cell);
  if (Same(feeder.inviter, ShortHash(receiver)) || Same(cell.inviter, ShortHash(feeder.account))) {
    links |= Bit(v1::REGISTRATION_LINK_INVITE);
  }
  for (const FeederCell& other : cell.table->feeders) {
    if (other.account == feeder.account) continue;
    const std::uint8_t more = LinksBetween(feeder, other);
    if (Strong(more)) links |= more;
  }
  return links;
}

void StartWeek(const Context& context, TableCell* table) {
  if (table->begin_us != 0 && context.event_us - table->begin_us < kWindowUs) return;
  const std::int64_t begin = context.event_us;
  table->begin_us = begin;
  table->sink = table->linked = CapitalCell{};
  table->sink_hands = table->sink_won = table->feeder_count = 0;
  table->sink_gold = table->sink_stakes_milli = 0;
  table->feeders.clear();
  table->fed_hands.clear();
}

FeederCell* FindFeeder(std::string_view account, TableCell* table) {
  for (FeederCell& feeder : table->feeders) {
    if (feeder.account == account) return &feeder;
  }
  return nullptr;
}

// Seven in ten, or a gift alone.
bool Feeds(const FeederCell& feeder) {
  return feeder.gold > 0 && feeder.lost * 10U >= feeder.hands * 7U;
}

FeederCell& AddFeeder(const Context& context, const Fed& fed, PlayCell* cell) {
  TableCell& table = *cell->table;
  if (table.feeders.size() >= TableCell::kFeedersMax) {
    auto least = std::min_element(
        table.feeders.begin(), table.feeders.end(), [](const FeederCell& a, const FeederCell& b) {
          return a.gold != b.gold ? a.gold < b.gold : a.last_us < b.last_us;
        });
    table.feeders.erase(least);
  }
  FeederCell feeder = fed.registration;
  feeder.account = fed.payer;
  feeder.young = (fed.flags & kYoung) != 0;
  feeder.partner = (fed.flags & kPartner) != 0;
  feeder.links = LinksOf(feeder, context.account, *cell);
  ++table.feeder_count;
  // Without device and inviter there is nothing to bet on.
  if (feeder.young && (feeder.device != 0 || feeder.inviter != 0 || feeder.name != 0)) {
    evidence::Observe(context.settings->linked, Strong(feeder.links), &table.linked);
  }
  table.feeders.push_back(std::move(feeder));
  return table.feeders.back();
}

struct Levels {
  Milli flow;
  Milli links;
  Milli whole;
};

Levels LevelsOf(const policy::PlaySettings& settings, const TableCell& table) {
  Levels levels{};
  levels.flow = evidence::LogE(table.sink, evidence::BernoulliBets::kMax);
  levels.links = evidence::LogE(table.linked, settings.linked.size());
  levels.whole =
      evidence::LogAdd(levels.flow, levels.flow + levels.links) + evidence::Log10Milli(1, 2);
  return levels;
}

v1::RingMember& AddMember(std::string_view account, v1::RingRole role, v1::Finding* finding) {
  v1::RingMember& member = *finding->add_ring();
  member.set_account(std::string(account));
  member.set_role(role);
  return member;
}

// Everybody who feeds it, who gave most first.
std::vector<const FeederCell*> FeedersOf(const TableCell& table) {
  std::vector<const FeederCell*> feeders;
  for (const FeederCell& feeder : table.feeders) {
    if (Feeds(feeder)) feeders.push_back(&feeder);
  }
  std::stable_sort(feeders.begin(), feeders.end(),
                   [](const FeederCell* a, const FeederCell* b) { return a->gold > b->gold; });
  return feeders;
}

void AddRing(const Context& context, const std::vector<const FeederCell*>& feeders,
             v1::RingRole own_role, v1::Finding* finding) {
  AddMember(context.account, own_role, finding);
  for (const FeederCell* feeder : feeders) {
    finding->add_related_accounts(feeder->account);
    v1::RingMember& member = AddMember(
        feeder->account, feeder->mule ? v1::RING_ROLE_MULE : v1::RING_ROLE_FEEDER, finding);
    member.set_gold(feeder->gold);
    member.set_hands(static_cast<std::int32_t>(feeder->hands));
    member.set_lost(static_cast<std::int32_t>(feeder->lost));
    for (int link = 1; link < v1::RegistrationLink_ARRAYSIZE; ++link) {
      if ((feeder->links >> static_cast<unsigned>(link) & 1U) != 0) {
        member.add_links(static_cast<v1::RegistrationLink>(link));
      }
    }
  }
}

void AddNumbers(const policy::PlaySettings& settings, const Context& context,
                const TableCell& table, const Levels& levels, std::size_t feeders,
                v1::Finding* finding) {
  v1::Evidence& numbers = *finding->mutable_evidence(0);
  AddMeasure("farming.feeders", static_cast<std::int64_t>(feeders), 0, &numbers);
  AddMeasure("farming.hands", table.sink_hands, 0, &numbers);
  AddMeasure("farming.won", table.sink_won,
             std::int64_t{settings.Game(context.game).sink_win_milli} * table.sink_hands, &numbers);
  AddMeasure("farming.gold", table.sink_gold, 0, &numbers);
  AddMeasure("farming.base_stakes", table.sink_stakes_milli / 1'000, 0, &numbers);
  AddMeasure("farming.log10_flow", levels.flow / 1'000, 0, &numbers);
  AddMeasure("farming.log10_links", levels.links / 1'000, 0, &numbers);
  v1::Evidence& against = *finding->add_counter_evidence();
  against.set_surface("play");
  AddMeasure("farming.lost_to_them", table.sink_hands - table.sink_won, 0, &against);
  // Nothing here from hands without feeders: those come by another way, and late ones would change
  // the words.
  AddHands(table.fed_hands, finding);
}

// Tells those in it.
void TellRing(const Context& context, const std::vector<const FeederCell*>& feeders,
              const PlayClaim& claim, Outcome* out) {
  for (const FeederCell* feeder : feeders) {
    Message message;
    message.kind = Message::Kind::kNamed;
    message.to = feeder->account;
    Writer writer(&message.payload);
    writer.Signed(context.event_us);
    writer.Bytes(context.game);
    writer.Bytes(context.account);
    writer.Byte(v1::RING_ROLE_FEEDER);
    writer.Byte(static_cast<std::uint8_t>(claim.finding.confidence()));
    writer.Byte(static_cast<std::uint8_t>(claim.finding.severity()));
    writer.Signed(claim.finding.evidence_log10_milli());
    writer.Signed(feeder->gold);
    writer.Varint(feeder->hands);
    writer.Varint(feeder->lost);
    out->messages.push_back(std::move(message));
  }
}

void JudgeSink(const Context& context, const Fed& fed, PlayCell* cell, Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const TableCell& table = *cell->table;
  const Levels levels = LevelsOf(settings, table);
  if (levels.whole < settings.note_milli || levels.flow < settings.note_milli / 2) return;
  const std::vector<const FeederCell*> feeders = FeedersOf(table);
  if (feeders.size() < 2) return;
  const bool worth = !fed.stake_known || table.sink_stakes_milli >= settings.min_flow_stakes_milli;
  if (!worth || table.sink_gold <= 0) return;
  const bool light = feeders.size() <= settings.light_feeders &&
                     table.sink_stakes_milli <= settings.light_flow_stakes_milli;
  // A hold takes the tier of a hold; a warning by machine takes two independent claims.
  const bool two = levels.flow >= settings.case_milli && levels.links >= settings.note_milli;
  const Milli reached =
      light && !two ? std::min(levels.whole, settings.act_milli - 1) : levels.whole;
  if (!Due(settings, ClaimKind::kFarming, reached, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kFarming, v1::OFFENCE_GOLD_FARMING, "farming", levels.whole);
  claim.finding.set_severity(light ? v1::SEVERITY_LIGHT : v1::SEVERITY_SERIOUS);
  const bool plain =
      light ? two && levels.whole >= settings.act_milli : levels.whole >= settings.hold_milli;
  if (plain) claim.finding.set_confidence(v1::CONFIDENCE_PLAIN);
  AddRing(context, feeders, v1::RING_ROLE_RECEIVER, &claim.finding);
  AddNumbers(settings, context, table, levels, feeders.size(), &claim.finding);
  if (!fed.stake_known) claim.finding.add_missing_inputs("hand_settled.stake");
  if (fed.registration.device == 0) claim.finding.add_missing_inputs("registered.device");
  const std::string accounts = std::to_string(feeders.size());
  SetSummary(accounts + " 个小号 " + OfZh(table.sink_won, table.sink_hands) + "输给该账号，共 " +
                 std::to_string(table.sink_gold) + " 金币",
             accounts + " small accounts lost " + OfEn(table.sink_won, table.sink_hands) +
                 " hands to this one, " + std::to_string(table.sink_gold) + " gold in all",
             levels.whole, &claim.finding);
  if (claim.finding.confidence() >= v1::CONFIDENCE_REVIEW) TellRing(context, feeders, claim, out);
  out->claims.push_back(std::move(claim));
}

bool SendsOn(const Context& context, const RivalCell* rival, const PlayCell& cell) {
  if (IsYoung(*context.settings, context.event_us, cell)) return true;
  if (FedLevel(cell, *context.settings) >= context.settings->note_milli) return true;
  return rival != nullptr && rival->hands >= kTellHands && rival->won * 10U <= rival->hands * 3U;
}

}  // namespace

bool IsYoung(const policy::PlaySettings& settings, std::int64_t event_us, const PlayCell& cell) {
  if (cell.register_us == 0) return false;  // unknown: the milder reading
  const std::int64_t age = event_us - cell.register_us;
  if (age < 0) return false;
  return age <= settings.young_us || (cell.hands <= settings.young_hands && age <= kYoungMostUs);
}

Milli FedLevel(const PlayCell& cell, const policy::PlaySettings& settings) {
  if (!cell.table || cell.table->sink_hands == 0) return evidence::kNothing;
  return LevelsOf(settings, *cell.table).whole;
}

void TellThoseItFeeds(const Context& context, const Hand& hand, std::size_t mine, PlayCell* cell,
                      Outcome* out) {
  const bool young = IsYoung(*context.settings, context.event_us, *cell);
  const bool fed_itself = FedLevel(*cell, *context.settings) >= context.settings->note_milli;
  const auto winners = std::count_if(hand.seats.begin(), hand.seats.end(),
                                     [](const Seat& seat) { return seat.gold > 0; });
  for (std::size_t his = 0; his < hand.seats.size(); ++his) {
    if (his == mine) continue;
    const std::int64_t paid = hand.Flow(mine, his);
    const std::int64_t got = hand.Flow(his, mine);
    if (paid == 0 && got == 0) continue;
    const std::string_view other = hand.seats[his].account;
    if (fed_itself && paid > 0) OnPassedOn(context, other, paid, cell, out);
    const RivalCell* rival = nullptr;
    for (const RivalCell& known : cell->table->rivals) {
      if (known.account == other) rival = &known;
    }
    if (!SendsOn(context, rival, *cell)) continue;
    Fed fed;
    fed.event_us = context.event_us;
    fed.game = context.game;
    fed.hand = context.hand;
    fed.gold = paid - got;
    fed.stakes_milli = hand.InStakes(fed.gold);
    fed.stake_known = hand.stake > 0;
    fed.flags = static_cast<std::uint8_t>(
        (paid > 0 ? kLost : 0) | (paid > 0 && winners > 1 ? kShared : 0) | (young ? kYoung : 0) |
        (context.partner ? kPartner : 0) | (fed_itself ? kFedItself : 0));
    out->messages.push_back(
        Message{Message::Kind::kFed, std::string(other), EncodeFed(context, fed, *cell)});
  }
}

std::string EncodeGift(const Context& context, std::int64_t amount, const PlayCell& cell) {
  const bool young = IsYoung(*context.settings, context.event_us, cell);
  const bool fed_itself = FedLevel(cell, *context.settings) >= context.settings->note_milli;
  // A gift is a "loss" if most of what the account ever had goes away in it.
  const GoldCell& gold = *cell.gold;
  const std::int64_t had = gold.granted + gold.topped_up + gold.gift_in + gold.won - gold.lost;
  Fed fed;
  fed.event_us = context.event_us;
  fed.game = context.game;
  fed.gold = amount;
  fed.flags =
      static_cast<std::uint8_t>(kGift | (amount >= had / 2 ? kLost : 0) | (young ? kYoung : 0) |
                                (context.partner ? kPartner : 0) | (fed_itself ? kFedItself : 0));
  return EncodeFed(context, fed, cell);
}

void OnFed(const Context& context, std::string_view payload, PlayCell* cell, Outcome* out) {
  Fed fed;
  if (!DecodeFed(payload, &fed)) return;
  TableCell& table = cell->Table();
  StartWeek(context, &table);
  const bool counts = (fed.flags & (kYoung | kFedItself)) != 0;
  const bool lost = (fed.flags & kLost) != 0;
  const bool gift = (fed.flags & kGift) != 0;
  if (!counts && gift) return;
  FeederCell* feeder = FindFeeder(fed.payer, &table);
  if (feeder == nullptr) feeder = &AddFeeder(context, fed, cell);
  // Who sits at the table when a small account throws its gold away as landlord wins with the one
  // that it is meant for. The first time says nothing about him; leaving out losses only ever
  // lowers the evidence.
  const bool bystander = feeder->hands == 0 && lost && (fed.flags & kShared) != 0;
  if (!gift) {
    ++feeder->hands;
    if (lost) ++feeder->lost;
  }
  feeder->gold += fed.gold;
  feeder->stakes_milli += fed.stakes_milli;
  feeder->mule = feeder->mule || (fed.flags & kFedItself) != 0;
  feeder->last_us = context.event_us;
  if (!counts || bystander) return;
  ++table.sink_hands;
  if (lost) ++table.sink_won;
  table.sink_gold += fed.gold;
  table.sink_stakes_milli += fed.stakes_milli;
  evidence::Observe(context.settings->Game(fed.game).sink, lost, &table.sink);
  if (lost) {
    KeepHand(context, TableCell::kHandsMax, &table.fed_hands);
    JudgeSink(context, fed, cell, out);
  }
}

void OnNamed(const Context& context, std::string_view payload, PlayCell* cell, Outcome* out) {
  Reader in(payload);
  (void)in.Signed();
  (void)in.Bytes();
  const std::string receiver(in.Bytes());
  const auto role = static_cast<v1::RingRole>(in.Byte());
  const auto confidence = static_cast<v1::Confidence>(in.Byte());
  const auto severity = static_cast<v1::Severity>(in.Byte());
  const auto level = static_cast<Milli>(std::clamp<std::int64_t>(in.Signed(), 0, 1'000'000));
  const std::int64_t gold = in.Signed();
  const auto hands = static_cast<std::int32_t>(in.Varint());
  const auto lost = static_cast<std::int32_t>(in.Varint());
  if (!in.done() || !v1::RingRole_IsValid(role)) return;
  if (!Due(*context.settings, ClaimKind::kNamed, level, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kNamed, v1::OFFENCE_GOLD_FARMING, "farming.ring", level);
  claim.finding.set_severity(severity);
  // The ring's case is the other account's. Of a partner account the handbook wants every one; so
  // it does of whoever takes the gold in the end.
  const bool own_case = context.partner || role == v1::RING_ROLE_RECEIVER;
  claim.finding.set_confidence(own_case ? confidence : v1::CONFIDENCE_NOTE);
  claim.finding.add_related_accounts(receiver);
  v1::RingMember& self = AddMember(context.account, role, &claim.finding);
  self.set_gold(gold);
  self.set_hands(hands);
  self.set_lost(lost);
  AddMember(receiver, role == v1::RING_ROLE_RECEIVER ? v1::RING_ROLE_MULE : v1::RING_ROLE_RECEIVER,
            &claim.finding);
  AddMeasure("farming.gold", gold, 0, claim.finding.mutable_evidence(0));
  if (role == v1::RING_ROLE_RECEIVER) {
    SetSummary("中转号 " + receiver + " 把收来的 " + std::to_string(gold) + " 金币转给该账号",
               "the mule " + receiver + " passed on to this account " + std::to_string(gold) +
                   " gold that it was fed",
               level, &claim.finding);
  } else {
    SetSummary("作为小号输给 " + receiver + "，共 " + std::to_string(gold) + " 金币",
               "a feeder of " + receiver + ": " + std::to_string(gold) + " gold", level,
               &claim.finding);
  }
  out->claims.push_back(std::move(claim));
}

void OnPassedOn(const Context& context, std::string_view payee, std::int64_t gold, PlayCell* cell,
                Outcome* out) {
  const policy::PlaySettings& settings = *context.settings;
  const Milli level = FedLevel(*cell, settings);
  if (level < settings.note_milli) return;
  // Majority vote over payees, weighted by gold.
  GoldCell& book = cell->Gold();
  if (book.top_payee == payee) {
    book.top_payee_gold += gold;
  } else if (book.top_payee_gold >= gold) {
    book.top_payee_gold -= gold;
  } else {
    book.top_payee = payee;
    book.top_payee_gold = gold - book.top_payee_gold;
  }
  const TableCell& table = *cell->table;
  const bool passed =
      table.sink_gold > 0 && book.top_payee_gold * kPassedDen >= table.sink_gold * kPassedNum;
  if (!passed || level < settings.case_milli) return;
  const std::vector<const FeederCell*> feeders = FeedersOf(table);
  if (feeders.size() < 2 || !Due(settings, ClaimKind::kMule, level, context.event_us, cell)) return;
  PlayClaim claim =
      MakeClaim(context, ClaimKind::kMule, v1::OFFENCE_GOLD_FARMING, "farming.mule", level);
  claim.finding.set_severity(v1::SEVERITY_SERIOUS);
  AddRing(context, feeders, v1::RING_ROLE_MULE, &claim.finding);
  claim.finding.add_related_accounts(book.top_payee);
  AddMember(book.top_payee, v1::RING_ROLE_RECEIVER, &claim.finding).set_gold(-book.top_payee_gold);
  AddMeasure("farming.gold_in", table.sink_gold, 0, claim.finding.mutable_evidence(0));
  AddMeasure("farming.gold_on", book.top_payee_gold, 0, claim.finding.mutable_evidence(0));
  SetSummary("从 " + std::to_string(feeders.size()) + " 个小号收进 " +
                 std::to_string(table.sink_gold) + " 金币，转给 " + book.top_payee + " " +
                 std::to_string(book.top_payee_gold),
             "took in " + std::to_string(table.sink_gold) + " gold from " +
                 std::to_string(feeders.size()) + " small accounts and passed " +
                 std::to_string(book.top_payee_gold) + " on to " + book.top_payee,
             level, &claim.finding);
  Message message;
  message.kind = Message::Kind::kNamed;
  message.to = book.top_payee;
  Writer writer(&message.payload);
  writer.Signed(context.event_us);
  writer.Bytes(context.game);
  writer.Bytes(context.account);
  writer.Byte(v1::RING_ROLE_RECEIVER);
  writer.Byte(v1::CONFIDENCE_REVIEW);
  writer.Byte(v1::SEVERITY_SERIOUS);
  writer.Signed(level);
  writer.Signed(book.top_payee_gold);
  writer.Varint(0);
  writer.Varint(0);
  out->messages.push_back(std::move(message));
  out->claims.push_back(std::move(claim));
}

std::int64_t FedEventTime(std::string_view payload) {
  return Reader(payload).Signed();
}

std::string_view FedGame(std::string_view payload) {
  Reader in(payload);
  (void)in.Signed();
  return in.Bytes();
}

std::string_view FedHand(std::string_view payload) {
  Reader in(payload);
  (void)in.Signed();
  (void)in.Bytes();
  return in.Bytes();
}

void ClearFeeding(PlayCell* cell) {
  if (!cell->table) return;
  TableCell& table = *cell->table;
  table.begin_us = 0;
  for (RivalCell& rival : table.rivals) {
    rival.pair = rival.joint = rival.quick = rival.alternate = CapitalCell{};
    rival.met = 0;
    rival.hazard_begin = table.hazard_micro;
  }
}

}  // namespace hallwarden::play
