#include "daemon/prepare.h"

#include <algorithm>
#include <utility>

#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/journal.pb.h"

#include "absl/strings/str_cat.h"
#include "daemon/avatar/avatar_reader.h"
#include "daemon/event_check.h"
#include "storage/personal.h"
#include "storage/vault.h"

namespace hallwarden::daemon {
namespace {

Hash128 HashOrAbsent(const SipKey& key, const std::string& value) {
  return value.empty() ? Hash128{} : SipHash128(key, value);
}

PersonalHashes HashesOf(const SipKey& key, const EventView& event) {
  if (event.has_registered()) {
    return {HashOrAbsent(key, event.registered().ip()),
            HashOrAbsent(key, event.registered().device())};
  }
  if (event.has_logged_in()) {
    return {HashOrAbsent(key, event.logged_in().ip()),
            HashOrAbsent(key, event.logged_in().device())};
  }
  return {};
}

}  // namespace

// Where the bytes stay when their string moves: short ones lie inside of the string.
std::string_view EventPreparer::Settle(const Place& place, std::string* bytes) {
  if (bytes->size() > std::string().capacity()) return *bytes;
  char* copy = google::protobuf::Arena::CreateArray<char>(place.arena, bytes->size());
  std::copy(bytes->begin(), bytes->end(), copy);
  return {copy, bytes->size()};
}

std::string HashBytes(std::uint64_t hash) {
  std::string bytes(8, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<char>(hash >> (8 * i));
  }
  return bytes;
}

EventPreparer::EventPreparer(storage::Vault* vault) : vault_(vault), hash_key_(vault->HashKey()) {
  const google::protobuf::OneofDescriptor* body =
      v1::HallEvent::descriptor()->FindOneofByName("body");
  for (int i = 0; i < body->field_count(); ++i) {
    const auto number = static_cast<std::size_t>(body->field(i)->number());
    if (personal_.size() <= number) personal_.resize(number + 1);
    personal_[number] = storage::MayHoldPersonal(*body->field(i)->message_type());
  }
}

absl::StatusOr<PreparedBatch> EventPreparer::Prepare(std::string_view source,
                                                     std::int64_t session_epoch,
                                                     v1::EventBatch* batch) {
  PreparedBatch prepared;
  prepared.source = source;
  prepared.session_epoch = session_epoch;
  prepared.first_seq = static_cast<std::uint64_t>(batch->first_seq());
  prepared.arena = std::make_unique<google::protobuf::Arena>();
  prepared.events.resize(static_cast<std::size_t>(batch->events_size()));
  std::uint64_t seq = prepared.first_seq;
  for (std::size_t i = 0; i < prepared.events.size(); ++i) {
    std::string* bytes = batch->mutable_events(static_cast<int>(i));
    prepared.bytes += bytes->size();
    const Place place{prepared.source, seq++, prepared.arena.get()};
    if (absl::Status status = PrepareOne(place, bytes, &prepared.events[i]); !status.ok()) {
      return status;
    }
  }
  return prepared;
}

absl::Status EventPreparer::PrepareOne(const Place& place, std::string* bytes,
                                       PreparedEvent* prepared) {
  prepared->content_hash = SipHash64(hash_key_, *bytes);
  prepared->bytes = bytes->size();
  if (bytes->size() > kEventBytesMax) {
    Refuse(place, v1::REJECT_REASON_TOO_LARGE,
           absl::StrCat("the event has ", bytes->size(), " bytes; at most ", kEventBytesMax,
                        " are taken"),
           prepared);
    return absl::OkStatus();
  }
  const EventView* event = EventView::Parse(Settle(place, bytes), place.arena);
  if (event == nullptr) {
    Refuse(place, v1::REJECT_REASON_MALFORMED,
           "not a HallEvent, or invalid UTF-8 in a string field: player text belongs into bytes",
           prepared);
    return absl::OkStatus();
  }
  if (std::optional<EventFault> fault = CheckEvent(*event); fault.has_value()) {
    Refuse(place, fault->reason, std::move(fault->detail), prepared);
    return absl::OkStatus();
  }
  if (HoldsUnknown(*event)) ++unknown_events_;
  if (event->has_avatar_changed()) event = ReadPicture(place, *event, bytes);
  if (event == nullptr) return absl::InternalError("an event that was read does not parse again");
  prepared->event = event;
  prepared->hashes = HashesOf(hash_key_, *event);
  const auto body = static_cast<std::size_t>(event->body_case());
  if (body < personal_.size() && personal_[body]) {
    if (absl::Status status = Seal(place, *bytes, prepared); !status.ok()) return status;
  }
  if (prepared->sealed.empty()) {
    prepared->payload = std::move(*bytes);
  } else {
    // The event views them for as long as it lives.
    // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks): the arena deletes it.
    google::protobuf::Arena::Create<std::string>(place.arena, std::move(*bytes));
  }
  return absl::OkStatus();
}

// What the engine judges of a picture stands in the event from here on, so that a replay decides by
// the same reading. Whatever a client sent in its place is dropped. Null if it does not parse
// again.
const EventView* EventPreparer::ReadPicture(const Place& place, const EventView& event,
                                            std::string* bytes) {
  const v1::AvatarChanged& sent = event.avatar_changed();
  if (!sent.has_reading() && sent.image().empty()) return &event;
  v1::HallEvent whole;
  if (!whole.ParseFromString(*bytes)) return nullptr;
  v1::AvatarChanged& changed = *whole.mutable_avatar_changed();
  changed.clear_reading();
  if (!changed.image().empty()) *changed.mutable_reading() = ReadAvatar(changed.image());
  *bytes = whole.SerializeAsString();
  return EventView::Parse(Settle(place, bytes), place.arena);
}

// The engine needs the event whole, the journal without what is personal: parsed a second time,
// because that is cheaper than putting the fields back.
absl::Status EventPreparer::Seal(const Place& place, const std::string& bytes,
                                 PreparedEvent* prepared) {
  thread_local v1::HallEvent stripped;
  thread_local v1::SealedFields fields;
  stripped.Clear();
  fields.Clear();
  if (!stripped.ParseFromString(bytes)) return absl::InternalError("an event parses only once");
  storage::SplitPersonal(&stripped, &fields);
  if (fields.fields().empty()) return absl::OkStatus();
  prepared->payload = stripped.SerializeAsString();
  // The name that the engine gives an account of a realm.
  prepared->sealed_account = stripped.realm().empty()
                                 ? stripped.account()
                                 : absl::StrCat(stripped.realm(), ":", stripped.account());
  absl::StatusOr<std::string> sealed =
      vault_->Seal(prepared->sealed_account, storage::SealContext(place.source, place.seq),
                   fields.SerializeAsString());
  if (!sealed.ok()) return sealed.status();
  prepared->sealed = *std::move(sealed);
  return absl::OkStatus();
}

void EventPreparer::Refuse(const Place& place, v1::RejectReason reason, std::string detail,
                           PreparedEvent* prepared) const {
  auto* refused = google::protobuf::Arena::CreateMessage<v1::EventRefused>(place.arena);
  refused->mutable_rejected()->set_seq(static_cast<std::int64_t>(place.seq));
  refused->mutable_rejected()->set_reason(reason);
  refused->mutable_rejected()->set_detail(std::move(detail));
  refused->set_content_hash(HashBytes(prepared->content_hash));
  prepared->refused = refused;
  prepared->payload = refused->SerializeAsString();
}

}  // namespace hallwarden::daemon
