#include "rules/state/play_cell.h"

#include <algorithm>
#include <type_traits>

namespace hallwarden {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::uint64_t kListMax = 1'000;

// Every struct is walked by one function for both directions, so that they cannot differ.
class Saver {
 public:
  explicit Saver(std::string* out) : out_(out) {}
  template <class Int>
  void Value(const Int& value) {
    if constexpr (std::is_signed_v<Int>) {
      out_.Signed(value);
    } else {
      out_.Varint(value);
    }
  }
  void Value(const bool& value) { out_.Byte(value ? 1 : 0); }
  void Value(const std::string& value) { out_.Bytes(value); }
  template <class Item, std::size_t size>
  void Value(const std::array<Item, size>& items) {
    for (const Item& item : items)
      Value(item);
  }
  template <class Item>
  void List(const std::vector<Item>& items, std::size_t /*max*/) {
    out_.Varint(items.size());
    for (const Item& item : items)
      Visit(*this, item);
  }

 private:
  Writer out_;
};

class Loader {
 public:
  explicit Loader(std::string_view in) : in_(in) {}
  template <class Int>
  void Value(Int& value) {
    if constexpr (std::is_signed_v<Int>) {
      const std::int64_t wide = in_.Signed();
      value = static_cast<Int>(wide);
      if (value != wide) in_.Fail();
    } else {
      const std::uint64_t wide = in_.Varint();
      value = static_cast<Int>(wide);
      if (value != wide) in_.Fail();
    }
  }
  void Value(bool& value) { value = in_.Byte() != 0; }
  void Value(std::string& value) { value = in_.Bytes(); }
  template <class Item, std::size_t size>
  void Value(std::array<Item, size>& items) {
    for (Item& item : items)
      Value(item);
  }
  template <class Item>
  void List(std::vector<Item>& items, std::size_t max) {
    const std::uint64_t count = in_.Varint();
    if (count > std::min<std::uint64_t>(max, kListMax) || count > in_.left()) {
      in_.Fail();
      return;
    }
    items.resize(static_cast<std::size_t>(count));
    for (Item& item : items)
      Visit(*this, item);
  }
  [[nodiscard]] bool done() const { return in_.done(); }
  Reader& in() { return in_; }

 private:
  Reader in_;
};

// Const for Saver, not for Loader.
template <class Walk, class T>
using Ref = std::conditional_t<std::is_same_v<Walk, Saver>, const T&, T&>;

template <class Walk>
void Visit(Walk& walk, Ref<Walk, std::uint16_t> value) {
  walk.Value(value);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, std::uint64_t> value) {
  walk.Value(value);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, HandMark> mark) {
  walk.Value(mark.hand);
  walk.Value(mark.event_us);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, ClaimMark> mark) {
  walk.Value(mark.kind);
  walk.Value(mark.level);
  walk.Value(mark.event_us);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, StallCell> cell) {
  walk.Value(cell.forced);
  walk.Value(cell.late);
  walk.Value(cell.begin_us);
  walk.Value(cell.aside_until_us);
  walk.Value(cell.hand_hash);
  walk.Value(cell.forced_turns);
  walk.Value(cell.forced_waits);
  walk.Value(cell.free_turns);
  walk.Value(cell.late_turns);
  walk.Value(cell.timeouts);
  walk.Value(cell.auto_turns);
  walk.Value(cell.aside_turns);
  walk.Value(cell.unknown_choice);
  walk.Value(cell.hand_turns);
  walk.Value(cell.hand_dragged);
  walk.Value(cell.hand_timeouts);
  walk.Value(cell.hand_auto);
  walk.Value(cell.hand_came_back);
  walk.Value(cell.last_hand_hash);
  walk.Value(cell.last_turns);
  walk.Value(cell.last_dragged);
  walk.Value(cell.lost_turns);
  walk.Value(cell.lost_dragged);
  walk.Value(cell.won_turns);
  walk.Value(cell.won_dragged);
  walk.Value(cell.outcomes);
  walk.Value(cell.outcome_count);
  walk.Value(cell.clean_run);
  walk.List(cell.hands, StallCell::kHandsMax);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, RivalCell> cell) {
  walk.Value(cell.account);
  walk.Value(cell.hands);
  walk.Value(cell.won);
  walk.Value(cell.gold);
  walk.Value(cell.stakes_milli);
  walk.Value(cell.pair);
  walk.Value(cell.met);
  walk.Value(cell.hazard_begin);
  walk.Value(cell.joint);
  walk.Value(cell.joint_hands);
  walk.Value(cell.joint_won);
  walk.Value(cell.quick);
  walk.Value(cell.quick_losses);
  walk.Value(cell.losses);
  walk.Value(cell.alternate);
  walk.Value(cell.alternations);
  walk.Value(cell.won_last);
  walk.Value(cell.first_us);
  walk.Value(cell.last_us);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, FeederCell> cell) {
  walk.Value(cell.account);
  walk.Value(cell.hands);
  walk.Value(cell.lost);
  walk.Value(cell.gold);
  walk.Value(cell.stakes_milli);
  walk.Value(cell.links);
  walk.Value(cell.young);
  walk.Value(cell.partner);
  walk.Value(cell.mule);
  walk.Value(cell.register_day);
  walk.Value(cell.device);
  walk.Value(cell.ip);
  walk.Value(cell.channel);
  walk.Value(cell.inviter);
  walk.Value(cell.name);
  walk.Value(cell.last_us);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, TableCell> cell) {
  walk.List(cell.recent, TableCell::kRecentMax);
  walk.Value(cell.recent_at);
  walk.Value(cell.recent_distinct);
  walk.Value(cell.hazard_micro);
  walk.Value(cell.hands);
  walk.Value(cell.won);
  walk.Value(cell.mean_duration_ms);
  walk.Value(cell.field_hands);
  walk.Value(cell.field_won);
  walk.List(cell.rivals, TableCell::kRivalsMax);
  walk.Value(cell.begin_us);
  walk.Value(cell.sink);
  walk.Value(cell.linked);
  walk.Value(cell.sink_hands);
  walk.Value(cell.sink_won);
  walk.Value(cell.sink_gold);
  walk.Value(cell.sink_stakes_milli);
  walk.Value(cell.feeder_count);
  walk.List(cell.feeders, TableCell::kFeedersMax);
  walk.Value(cell.winning_begin_us);
  walk.Value(cell.winning);
  walk.Value(cell.winning_hands);
  walk.Value(cell.winning_won);
  walk.List(cell.fed_hands, TableCell::kHandsMax);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, GoldCell> cell) {
  walk.Value(cell.granted);
  walk.Value(cell.topped_up);
  walk.Value(cell.gift_in);
  walk.Value(cell.gift_out);
  walk.Value(cell.exchanged);
  walk.Value(cell.won);
  walk.Value(cell.lost);
  walk.Value(cell.week_us);
  walk.Value(cell.payers);
  walk.Value(cell.payees);
  walk.Value(cell.week_in);
  walk.Value(cell.week_out);
  walk.Value(cell.top_payee);
  walk.Value(cell.top_payee_gold);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, LoginCell> cell) {
  walk.List(cell.devices, LoginCell::kKnownMax);
  walk.List(cell.ips, LoginCell::kKnownMax);
  walk.Value(cell.logins);
  walk.Value(cell.first_us);
  walk.Value(cell.break_us);
  walk.Value(cell.out_since_break);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, TimeCell> cell) {
  walk.Value(cell.day);
  walk.Value(cell.minutes);
  walk.Value(cell.night_minutes);
  walk.Value(cell.minor_minutes);
  walk.Value(cell.auto_minutes);
  walk.Value(cell.top_ups);
  walk.Value(cell.week_minutes);
  walk.Value(cell.week_night);
  walk.Value(cell.week_minor);
  walk.Value(cell.week_top_ups);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, ServiceCell::Span> span) {
  walk.Value(span.begin_us);
  walk.Value(span.end_us);
}
template <class Walk>
void Visit(Walk& walk, Ref<Walk, ServiceCell::Sign> sign) {
  walk.Value(sign.event_us);
  walk.Value(sign.who);
}

// A part that may be missing.
template <class Part>
void Visit(Saver& walk, const std::unique_ptr<Part>& part) {
  walk.Value(part != nullptr);
  if (part) Visit(walk, *part);
}
template <class Part>
void Visit(Loader& walk, std::unique_ptr<Part>& part) {
  bool there = false;
  walk.Value(there);
  part.reset();
  if (!there) return;
  part = std::make_unique<Part>();
  Visit(walk, *part);
}

constexpr std::size_t kClaimsMax = 16;

template <class Walk>
void Visit(Walk& walk, Ref<Walk, PlayCell> cell) {
  walk.Value(cell.register_day);
  walk.Value(cell.register_us);
  walk.Value(cell.device);
  walk.Value(cell.ip);
  walk.Value(cell.channel);
  walk.Value(cell.inviter);
  walk.Value(cell.name);
  walk.Value(cell.hands);
  walk.Value(cell.cleared_us);
  walk.List(cell.claims, kClaimsMax);
  Visit(walk, cell.stall);
  Visit(walk, cell.table);
  Visit(walk, cell.gold);
  Visit(walk, cell.login);
  Visit(walk, cell.time);
}

template <class Walk>
void Visit(Walk& walk, Ref<Walk, ServiceCell> cell) {
  walk.Value(cell.sessions);
  walk.List(cell.spans, ServiceCell::kSpansMax);
  walk.List(cell.drops, ServiceCell::kRecentMax);
  walk.List(cell.lates, ServiceCell::kRecentMax);
}

template <class Part>
std::unique_ptr<Part> Copy(const std::unique_ptr<Part>& part) {
  return part ? std::make_unique<Part>(*part) : nullptr;
}

template <class Part>
Part& Made(std::unique_ptr<Part>* part) {
  if (!*part) *part = std::make_unique<Part>();
  return **part;
}

template <class Cell>
bool DecodeCell(std::string_view bytes, Cell* cell) {
  Loader loader(bytes);
  if (loader.in().Byte() != kVersion) return false;
  Visit(loader, *cell);
  return loader.done();
}

}  // namespace

PlayCell::PlayCell(const PlayCell& other)
    : register_day(other.register_day),
      register_us(other.register_us),
      device(other.device),
      ip(other.ip),
      channel(other.channel),
      inviter(other.inviter),
      name(other.name),
      hands(other.hands),
      cleared_us(other.cleared_us),
      claims(other.claims),
      stall(Copy(other.stall)),
      table(Copy(other.table)),
      gold(Copy(other.gold)),
      login(Copy(other.login)),
      time(Copy(other.time)) {}

PlayCell& PlayCell::operator=(const PlayCell& other) {
  if (this != &other) *this = PlayCell(other);
  return *this;
}

StallCell& PlayCell::Stall() {
  return Made(&stall);
}
TableCell& PlayCell::Table() {
  return Made(&table);
}
GoldCell& PlayCell::Gold() {
  return Made(&gold);
}
LoginCell& PlayCell::Login() {
  return Made(&login);
}
TimeCell& PlayCell::Time() {
  return Made(&time);
}

ClaimMark* PlayCell::FindClaim(std::uint8_t kind) {
  auto found = std::find_if(claims.begin(), claims.end(),
                            [&](const ClaimMark& mark) { return mark.kind == kind; });
  return found == claims.end() ? nullptr : &*found;
}

void PlayCell::Encode(std::string* out) const {
  Writer(out).Byte(kVersion);
  Saver saver(out);
  Visit(saver, *this);
}

bool PlayCell::Decode(std::string_view bytes) {
  return DecodeCell(bytes, this);
}

std::size_t PlayCell::MemoryBytes() const {
  std::size_t bytes = sizeof(*this) + claims.capacity() * sizeof(ClaimMark);
  if (stall) bytes += sizeof(StallCell) + stall->hands.capacity() * sizeof(HandMark);
  if (table) {
    bytes += sizeof(TableCell) + table->recent.capacity() * sizeof(std::uint16_t) +
             table->rivals.capacity() * sizeof(RivalCell) +
             table->feeders.capacity() * sizeof(FeederCell) +
             table->fed_hands.capacity() * sizeof(HandMark);
  }
  if (gold) bytes += sizeof(GoldCell);
  if (login) {
    bytes += sizeof(LoginCell) +
             (login->devices.capacity() + login->ips.capacity()) * sizeof(std::uint64_t);
  }
  if (time) bytes += sizeof(TimeCell);
  return bytes;
}

bool ServiceCell::Troubled(std::int64_t from_us, std::int64_t to_us) const {
  return std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
    return span.begin_us <= to_us && (span.end_us == 0 || span.end_us >= from_us);
  });
}

void ServiceCell::Encode(std::string* out) const {
  Writer(out).Byte(kVersion);
  Saver saver(out);
  Visit(saver, *this);
}

bool ServiceCell::Decode(std::string_view bytes) {
  return DecodeCell(bytes, this);
}

}  // namespace hallwarden
