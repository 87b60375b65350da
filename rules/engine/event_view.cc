#include "rules/engine/event_view.h"

#include <array>
#include <cstring>
#include <type_traits>

#include "google/protobuf/unknown_field_set.h"
#include "rules/engine/step.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

using ::google::protobuf::Arena;
using ::google::protobuf::Message;

static_assert(std::is_trivially_destructible_v<EventView>, "arenas then keep no list of them");

constexpr unsigned kVarintWire = 0;
constexpr unsigned kBytesWire = 2;

// Reads protobuf's wire format. After a fault everything is empty.
class Wire {
 public:
  explicit Wire(std::string_view in) : at_(in.data()), end_(in.data() + in.size()) {}

  [[nodiscard]] bool done() const { return at_ == end_; }
  [[nodiscard]] bool ok() const { return ok_; }

  // `bytes_max`: protobuf bounds the bytes of a tag and of a size; more than a plain one needs is
  // its affair.
  std::uint64_t Varint(unsigned bytes_max = 10) {
    // Most numbers here are tags and sizes of one byte.
    if (at_ != end_ && static_cast<signed char>(*at_) >= 0) {
      return static_cast<unsigned char>(*at_++);
    }
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 7 * bytes_max && at_ != end_; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    return Fail();
  }

  std::uint64_t Tag() { return Varint(2); }

  std::string_view Bytes() {
    const std::uint64_t size = Varint(3);
    if (size > static_cast<std::uint64_t>(end_ - at_)) {
      Fail();
      return {};
    }
    const std::string_view bytes(at_, static_cast<std::size_t>(size));
    at_ += size;
    return bytes;
  }

 private:
  std::uint64_t Fail() {
    ok_ = false;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool ok_ = true;
};

template <class Word>
Word Load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

// Words that overlap instead of a loop over the last bytes.
bool IsAscii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  std::uint64_t seen = 0;
  if (text.size() >= 8) {
    for (const char* at = begin; at + 8 <= end; at += 8)
      seen |= Load<std::uint64_t>(at);
    seen |= Load<std::uint64_t>(end - 8);
  } else if (text.size() >= 4) {
    seen = Load<std::uint32_t>(begin) | Load<std::uint32_t>(end - 4);
  } else {
    for (const char* at = begin; at != end; ++at)
      seen |= static_cast<unsigned char>(*at);
  }
  return (seen & kHighBits) == 0;
}

template <class Body>
const Message* ReadBody(std::string_view bytes, Arena* arena) {
  auto* body = Arena::CreateMessage<Body>(arena);
  return body->ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ? body : nullptr;
}

// Most events are turns, and a turn is seven numbers. Null: let protobuf read it.
const Message* ReadTurn(std::string_view bytes, Arena* arena) {
  auto* turn = Arena::CreateMessage<v1::TurnPlayed>(arena);
  Wire in(bytes);
  while (!in.done()) {
    const std::uint64_t tag = in.Tag();
    if ((tag & 7U) != kVarintWire) return nullptr;
    const std::uint64_t value = in.Varint();
    if (!in.ok()) return nullptr;
    // A 32-bit number on the wire may have ten bytes: the upper ones are dropped.
    const auto number = static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    switch (tag >> 3U) {
      case v1::TurnPlayed::kThinkMsFieldNumber:
        turn->set_think_ms(number);
        break;
      case v1::TurnPlayed::kLimitMsFieldNumber:
        turn->set_limit_ms(number);
        break;
      case v1::TurnPlayed::kChoiceFieldNumber:
        turn->set_choice(static_cast<v1::Choice>(number));
        break;
      case v1::TurnPlayed::kTimedOutFieldNumber:
        turn->set_timed_out(value != 0);
        break;
      case v1::TurnPlayed::kAutoPlayFieldNumber:
        turn->set_auto_play(value != 0);
        break;
      case v1::TurnPlayed::kRttMsFieldNumber:
        turn->set_rtt_ms(number);
        break;
      case v1::TurnPlayed::kTurnNumberFieldNumber:
        turn->set_turn_number(number);
        break;
      default:
        return nullptr;
    }
  }
  return in.ok() ? turn : nullptr;
}

// Null: not a body that this build knows, or damaged.
const Message* ReadBodyOf(std::uint64_t field, std::string_view bytes, Arena* arena) {
  switch (field) {
    case v1::HallEvent::kTurnPlayed:
      return ReadTurn(bytes, arena);
    case v1::HallEvent::kChat:
      return ReadBody<v1::ChatMessage>(bytes, arena);
    case v1::HallEvent::kHandSettled:
      return ReadBody<v1::HandSettled>(bytes, arena);
    case v1::HallEvent::kHandStarted:
      return ReadBody<v1::HandStarted>(bytes, arena);
    case v1::HallEvent::kLoggedIn:
      return ReadBody<v1::LoggedIn>(bytes, arena);
    case v1::HallEvent::kLoggedOut:
      return ReadBody<v1::LoggedOut>(bytes, arena);
    case v1::HallEvent::kAssetMoved:
      return ReadBody<v1::AssetMoved>(bytes, arena);
    case v1::HallEvent::kSessionMinutes:
      return ReadBody<v1::SessionMinutes>(bytes, arena);
    case v1::HallEvent::kRegistered:
      return ReadBody<v1::Registered>(bytes, arena);
    case v1::HallEvent::kNicknameChanged:
      return ReadBody<v1::NicknameChanged>(bytes, arena);
    case v1::HallEvent::kSignatureChanged:
      return ReadBody<v1::SignatureChanged>(bytes, arena);
    case v1::HallEvent::kLeftTable:
      return ReadBody<v1::LeftTable>(bytes, arena);
    default:
      return nullptr;
  }
}

}  // namespace

const EventView* EventView::Parse(std::string_view bytes, Arena* arena) {
  auto* view = Arena::Create<EventView>(arena);
  if (!view->ReadPlain(bytes, arena)) {
    auto* event = Arena::CreateMessage<v1::HallEvent>(arena);
    if (!event->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return nullptr;
    view->Fill(*event);
  }
  view->MakeKey(arena);
  return view;
}

const EventView* EventView::Of(const v1::HallEvent& event, Arena* arena) {
  auto* view = Arena::Create<EventView>(arena);
  view->Fill(event);
  view->MakeKey(arena);
  return view;
}

bool EventView::ReadPlain(std::string_view bytes, Arena* arena) {
  constexpr std::uint64_t kEventTime = v1::HallEvent::kEventTimeFieldNumber;
  const std::array<std::string_view*, 9> names = {nullptr, &account_, nullptr, &realm_, &hall_,
                                                  &room_,  &table_,   &hand_,  &game_};
  unsigned seen = 0;
  Wire in(bytes);
  while (!in.done()) {
    const std::uint64_t tag = in.Tag();
    const std::uint64_t field = tag >> 3U;
    if ((tag & 7U) != kBytesWire || field == 0) return false;
    const std::string_view value = in.Bytes();
    if (!in.ok()) return false;
    if (field < names.size()) {
      if ((seen & (1U << field)) != 0) return false;
      seen |= 1U << field;
      if (field == kEventTime) {
        if (!ReadTime(value)) return false;
        continue;
      }
      if (!IsAscii(value)) return false;
      *names[field] = value;
      continue;
    }
    if (body_ != nullptr) return false;
    body_ = ReadBodyOf(field, value, arena);
    if (body_ == nullptr) return false;
    body_case_ = static_cast<v1::HallEvent::BodyCase>(field);
  }
  return in.ok();
}

bool EventView::ReadTime(std::string_view bytes) {
  has_event_time_ = true;
  Wire in(bytes);
  while (!in.done()) {
    const std::uint64_t tag = in.Tag();
    const std::uint64_t value = in.Varint();
    if (tag == (1U << 3U | kVarintWire)) {
      seconds_ = static_cast<std::int64_t>(value);
    } else if (tag == (2U << 3U | kVarintWire)) {
      nanos_ = static_cast<std::int32_t>(static_cast<std::uint32_t>(value));
    } else {
      return false;
    }
  }
  return in.ok();
}

void EventView::Fill(const v1::HallEvent& event) {
  static const google::protobuf::OneofDescriptor* const kBody =
      v1::HallEvent::descriptor()->FindOneofByName("body");
  account_ = event.account();
  realm_ = event.realm();
  hall_ = event.hall();
  room_ = event.room();
  table_ = event.table();
  hand_ = event.hand();
  game_ = event.game();
  has_event_time_ = event.has_event_time();
  seconds_ = event.event_time().seconds();
  nanos_ = event.event_time().nanos();
  const google::protobuf::Reflection& reflection = *event.GetReflection();
  has_unknown_fields_ = !reflection.GetUnknownFields(event).empty();
  body_case_ = event.body_case();
  body_ = nullptr;
  const google::protobuf::FieldDescriptor* field = reflection.GetOneofFieldDescriptor(event, kBody);
  if (field != nullptr) body_ = &reflection.GetMessage(event, field);
}

void EventView::MakeKey(Arena* arena) {
  if (account_.empty()) return;
  qualified_ = account_;
  if (!realm_.empty()) {
    const std::string name = QualifiedAccount(realm_, account_);
    char* copy = Arena::CreateArray<char>(arena, name.size());
    std::memcpy(copy, name.data(), name.size());
    qualified_ = {copy, name.size()};
  }
  key_ = KeyOfAccount(qualified_);
}

std::int64_t EventView::event_us() const {
  return has_event_time_ ? TimestampUs(seconds_, nanos_) : 0;
}

}  // namespace hallwarden
