// A hall event as the engine reads it: views into its bytes instead of a message of strings.
//
// Nearly every event is a turn whose strings are only compared. Parsing it as a protobuf message
// cost more than judging it: a string for each name, and its account hashed again at every door.
#ifndef HALLWARDEN_RULES_ENGINE_EVENT_VIEW_H_
#define HALLWARDEN_RULES_ENGINE_EVENT_VIEW_H_

#include <cstdint>
#include <string_view>

#include "hallwarden/v1/event.pb.h"

#include "google/protobuf/arena.h"
#include "rules/state/entity.h"

namespace hallwarden {

// Accessors are named as those of v1::HallEvent. Reads what a parser of the message would read:
// what is not of the plainest shape (a field that this build does not know, a field twice, bytes
// outside ASCII in an identifier) is left to protobuf. Immutable; made on an arena, which it must
// not outlive.
class EventView {
 public:
  // Null if the bytes are no HallEvent. `bytes` outlive the arena.
  [[nodiscard]] static const EventView* Parse(std::string_view bytes,
                                              google::protobuf::Arena* arena);
  // Views a message that outlives the arena.
  [[nodiscard]] static const EventView* Of(const v1::HallEvent& event,
                                           google::protobuf::Arena* arena);

  [[nodiscard]] std::string_view account() const { return account_; }
  [[nodiscard]] std::string_view realm() const { return realm_; }
  [[nodiscard]] std::string_view hall() const { return hall_; }
  [[nodiscard]] std::string_view room() const { return room_; }
  [[nodiscard]] std::string_view table() const { return table_; }
  [[nodiscard]] std::string_view hand() const { return hand_; }
  [[nodiscard]] std::string_view game() const { return game_; }

  [[nodiscard]] bool has_event_time() const { return has_event_time_; }
  // As sent; 0 if absent.
  [[nodiscard]] std::int64_t event_seconds() const { return seconds_; }
  [[nodiscard]] std::int32_t event_nanos() const { return nanos_; }
  // Microseconds since the epoch; 0 if absent or no valid time.
  [[nodiscard]] std::int64_t event_us() const;

  // The account with its realm, see QualifiedAccount; and its key. Nothing if there is no account.
  [[nodiscard]] std::string_view qualified_account() const { return qualified_; }
  [[nodiscard]] const EntityKey& key() const { return key_; }

  [[nodiscard]] v1::HallEvent::BodyCase body_case() const { return body_case_; }
  // Null if it is not set.
  [[nodiscard]] const google::protobuf::Message* body() const { return body_; }
  // True if there are fields outside of the body that this build does not know.
  [[nodiscard]] bool has_unknown_fields() const { return has_unknown_fields_; }

  // The empty message if another body is set, or none.
  [[nodiscard]] const v1::Registered& registered() const { return Body<v1::Registered>(16); }
  [[nodiscard]] const v1::LoggedIn& logged_in() const { return Body<v1::LoggedIn>(17); }
  [[nodiscard]] const v1::LoggedOut& logged_out() const { return Body<v1::LoggedOut>(18); }
  [[nodiscard]] const v1::SessionMinutes& session_minutes() const {
    return Body<v1::SessionMinutes>(19);
  }
  [[nodiscard]] const v1::NicknameChanged& nickname_changed() const {
    return Body<v1::NicknameChanged>(20);
  }
  [[nodiscard]] const v1::AvatarChanged& avatar_changed() const {
    return Body<v1::AvatarChanged>(21);
  }
  [[nodiscard]] const v1::SignatureChanged& signature_changed() const {
    return Body<v1::SignatureChanged>(22);
  }
  [[nodiscard]] const v1::ChatMessage& chat() const { return Body<v1::ChatMessage>(23); }
  [[nodiscard]] const v1::Post& post() const { return Body<v1::Post>(24); }
  [[nodiscard]] const v1::PlaceText& place_text() const { return Body<v1::PlaceText>(25); }
  [[nodiscard]] const v1::TurnPlayed& turn_played() const { return Body<v1::TurnPlayed>(26); }
  [[nodiscard]] const v1::HandSettled& hand_settled() const { return Body<v1::HandSettled>(27); }
  [[nodiscard]] const v1::MatchInterrupted& match_interrupted() const {
    return Body<v1::MatchInterrupted>(28);
  }
  [[nodiscard]] const v1::AssetMoved& asset_moved() const { return Body<v1::AssetMoved>(29); }
  [[nodiscard]] const v1::LeftTable& left_table() const { return Body<v1::LeftTable>(30); }
  [[nodiscard]] const v1::PlayerReported& player_reported() const {
    return Body<v1::PlayerReported>(31);
  }
  [[nodiscard]] const v1::NoticeSeen& notice_seen() const { return Body<v1::NoticeSeen>(32); }
  [[nodiscard]] const v1::ServiceIncident& service_incident() const {
    return Body<v1::ServiceIncident>(33);
  }
  [[nodiscard]] const v1::HandStarted& hand_started() const { return Body<v1::HandStarted>(34); }

  [[nodiscard]] bool has_registered() const { return Is(v1::HallEvent::kRegistered); }
  [[nodiscard]] bool has_logged_in() const { return Is(v1::HallEvent::kLoggedIn); }
  [[nodiscard]] bool has_logged_out() const { return Is(v1::HallEvent::kLoggedOut); }
  [[nodiscard]] bool has_session_minutes() const { return Is(v1::HallEvent::kSessionMinutes); }
  [[nodiscard]] bool has_nickname_changed() const { return Is(v1::HallEvent::kNicknameChanged); }
  [[nodiscard]] bool has_avatar_changed() const { return Is(v1::HallEvent::kAvatarChanged); }
  [[nodiscard]] bool has_signature_changed() const { return Is(v1::HallEvent::kSignatureChanged); }
  [[nodiscard]] bool has_chat() const { return Is(v1::HallEvent::kChat); }
  [[nodiscard]] bool has_post() const { return Is(v1::HallEvent::kPost); }
  [[nodiscard]] bool has_place_text() const { return Is(v1::HallEvent::kPlaceText); }
  [[nodiscard]] bool has_turn_played() const { return Is(v1::HallEvent::kTurnPlayed); }
  [[nodiscard]] bool has_hand_settled() const { return Is(v1::HallEvent::kHandSettled); }
  [[nodiscard]] bool has_match_interrupted() const { return Is(v1::HallEvent::kMatchInterrupted); }
  [[nodiscard]] bool has_asset_moved() const { return Is(v1::HallEvent::kAssetMoved); }
  [[nodiscard]] bool has_left_table() const { return Is(v1::HallEvent::kLeftTable); }
  [[nodiscard]] bool has_player_reported() const { return Is(v1::HallEvent::kPlayerReported); }
  [[nodiscard]] bool has_notice_seen() const { return Is(v1::HallEvent::kNoticeSeen); }
  [[nodiscard]] bool has_service_incident() const { return Is(v1::HallEvent::kServiceIncident); }
  [[nodiscard]] bool has_hand_started() const { return Is(v1::HallEvent::kHandStarted); }

 private:
  friend class google::protobuf::Arena;
  EventView() = default;

  [[nodiscard]] bool Is(v1::HallEvent::BodyCase body) const { return body_case_ == body; }
  template <class Message>
  [[nodiscard]] const Message& Body(int field) const {
    if (static_cast<int>(body_case_) != field) return Message::default_instance();
    return *static_cast<const Message*>(body_);
  }

  // Reads the plain shape. False: let protobuf read it.
  bool ReadPlain(std::string_view bytes, google::protobuf::Arena* arena);
  bool ReadTime(std::string_view bytes);
  void Fill(const v1::HallEvent& event);
  void MakeKey(google::protobuf::Arena* arena);

  std::string_view account_;
  std::string_view realm_;
  std::string_view hall_;
  std::string_view room_;
  std::string_view table_;
  std::string_view hand_;
  std::string_view game_;
  std::string_view qualified_;
  EntityKey key_;
  std::int64_t seconds_ = 0;
  std::int32_t nanos_ = 0;
  bool has_event_time_ = false;
  bool has_unknown_fields_ = false;
  v1::HallEvent::BodyCase body_case_ = v1::HallEvent::BODY_NOT_SET;
  const google::protobuf::Message* body_ = nullptr;
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_EVENT_VIEW_H_
