#include "daemon/event_check.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "google/protobuf/unknown_field_set.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kNameMax = 2048;
constexpr std::size_t kLineMax = 4096;
constexpr std::size_t kPostMax = 32U << 10;
constexpr std::size_t kImageMax = 48U << 10;
constexpr std::size_t kWordMax = 64;
constexpr std::size_t kReferenceMax = 256;
constexpr int kSeatsMin = 2;
constexpr int kSeatsMax = 16;
// 0001-01-01 and 9999-12-31, as google.protobuf.Timestamp has it.
constexpr std::int64_t kSecondsMin = -62'135'596'800;
constexpr std::int64_t kSecondsMax = 253'402'300'799;

// Collects the first fault.
class Checker {
 public:
  void Text(std::string_view field, std::string_view value, std::size_t max) {
    if (value.size() > max) {
      Fail(v1::REJECT_REASON_TOO_LARGE,
           absl::StrCat(Abseil(field), " has ", value.size(), " bytes; at most ", max,
                        " are taken: cut it"));
    }
  }

  void Word(std::string_view field, std::string_view value, std::size_t max = kWordMax) {
    if (value.size() > max) {
      Fail(v1::REJECT_REASON_INVALID, absl::StrCat(Abseil(field), " has ", value.size(),
                                                   " bytes; an identifier has at most ", max));
    }
  }

  void Account(std::string_view field, std::string_view value, bool required) {
    if (value.empty() && !required) return;
    if (!IsAccount(value)) {
      Fail(v1::REJECT_REASON_INVALID,
           absl::StrCat(Abseil(field), value.empty() ? " is missing" : " is no account identifier",
                        ": send 1 to 64 bytes of [A-Za-z0-9_.:-]"));
    }
  }

  void Time(std::string_view field, const google::protobuf::Timestamp& time) {
    Time(field, time.seconds(), time.nanos());
  }
  void Time(std::string_view field, std::int64_t seconds, std::int32_t nanos) {
    const bool good =
        seconds >= kSecondsMin && seconds <= kSecondsMax && nanos >= 0 && nanos < 1'000'000'000;
    if (!good) {
      Fail(v1::REJECT_REASON_INVALID,
           absl::StrCat(Abseil(field), " is no time: send seconds since 1970 and 0 to 999999999 ",
                        "nanoseconds, or leave it out"));
    }
  }

  void NotNegative(std::string_view field, std::int64_t value) {
    if (value < 0) {
      Fail(v1::REJECT_REASON_INVALID, absl::StrCat(Abseil(field), " is negative"));
    }
  }

  void Require(bool good, std::string_view what) {
    if (!good) Fail(v1::REJECT_REASON_INVALID, std::string(what));
  }

  [[nodiscard]] std::optional<EventFault> fault() && { return std::move(fault_); }

 private:
  // Debian's Abseil has a string_view of its own.
  static absl::string_view Abseil(std::string_view text) { return {text.data(), text.size()}; }

  void Fail(v1::RejectReason reason, std::string detail) {
    if (!fault_.has_value()) fault_ = EventFault{reason, std::move(detail)};
  }

  std::optional<EventFault> fault_;
};

void CheckRegistered(const v1::Registered& body, Checker* check) {
  check->Text("registered.nickname", body.nickname(), kNameMax);
  check->Text("registered.signature", body.signature(), kNameMax);
  check->Word("registered.ip", body.ip());
  check->Word("registered.device", body.device(), kReferenceMax);
  check->Word("registered.channel", body.channel());
  check->Word("registered.phone", body.phone());
  check->Account("registered.inviter_account", body.inviter_account(), false);
}

void CheckLoggedIn(const v1::LoggedIn& body, Checker* check) {
  check->Word("logged_in.ip", body.ip());
  check->Word("logged_in.device", body.device(), kReferenceMax);
  check->Word("logged_in.channel", body.channel());
  check->Word("logged_in.session", body.session(), kReferenceMax);
}

void CheckAvatar(const v1::AvatarChanged& body, Checker* check) {
  check->Word("avatar_changed.builtin", body.builtin());
  check->Word("avatar_changed.avatar", body.avatar(), kReferenceMax);
  check->Text("avatar_changed.image", body.image(), kImageMax);
  check->Require(body.pdq_hash().empty() || body.pdq_hash().size() == 32,
                 "avatar_changed.pdq_hash must have 32 bytes or be left out");
  check->Require(body.pdq_quality() >= 0 && body.pdq_quality() <= 100,
                 "avatar_changed.pdq_quality must be 0 to 100");
}

void CheckHandSettled(const v1::HandSettled& body, Checker* check) {
  check->Require(body.seats_size() >= kSeatsMin && body.seats_size() <= kSeatsMax,
                 "hand_settled.seats must list every seat, 2 to 16");
  for (const v1::SeatResult& seat : body.seats()) {
    check->Account("hand_settled.seats.account", seat.account(), true);
    check->Word("hand_settled.seats.role", seat.role());
    check->NotNegative("hand_settled.seats.auto_play_turns", seat.auto_play_turns());
  }
  check->NotNegative("hand_settled.stake", body.stake());
  check->NotNegative("hand_settled.multiplier_milli", body.multiplier_milli());
  check->NotNegative("hand_settled.duration_ms", body.duration_ms());
  check->NotNegative("hand_settled.queue_size", body.queue_size());
}

template <class Accounts>
void CheckSeated(std::string_view field, const Accounts& accounts, Checker* check) {
  check->Require(accounts.size() <= kSeatsMax, "more than 16 seated accounts");
  for (const std::string& account : accounts)
    check->Account(field, account, true);
}

void CheckAsset(const v1::AssetMoved& body, Checker* check) {
  check->NotNegative("asset_moved.amount", body.amount());
  check->Account("asset_moved.to_account", body.to_account(), false);
  check->Word("asset_moved.item", body.item(), kReferenceMax);
  check->Word("asset_moved.exchange", body.exchange(), kReferenceMax);
}

void CheckTurn(const v1::TurnPlayed& body, Checker* check) {
  check->NotNegative("turn_played.think_ms", body.think_ms());
  check->NotNegative("turn_played.limit_ms", body.limit_ms());
  check->NotNegative("turn_played.rtt_ms", body.rtt_ms());
  check->NotNegative("turn_played.turn_number", body.turn_number());
}

void CheckIncident(const v1::ServiceIncident& body, Checker* check) {
  check->Word("service_incident.kind", body.kind());
  check->Time("service_incident.begin_time", body.begin_time());
  check->Time("service_incident.end_time", body.end_time());
}

void CheckWords(const EventView& event, Checker* check) {
  switch (event.body_case()) {
    case v1::HallEvent::kNicknameChanged:
      check->Text("nickname_changed.nickname", event.nickname_changed().nickname(), kNameMax);
      break;
    case v1::HallEvent::kSignatureChanged:
      check->Text("signature_changed.signature", event.signature_changed().signature(), kNameMax);
      break;
    case v1::HallEvent::kChat:
      check->Text("chat.text", event.chat().text(), kLineMax);
      check->Word("chat.message", event.chat().message(), kReferenceMax);
      check->Account("chat.to_account", event.chat().to_account(), false);
      break;
    case v1::HallEvent::kPost:
      check->Text("post.title", event.post().title(), kLineMax);
      check->Text("post.text", event.post().text(), kPostMax);
      check->Word("post.message", event.post().message(), kReferenceMax);
      break;
    case v1::HallEvent::kPlaceText:
      check->Text("place_text.text", event.place_text().text(), kLineMax);
      check->Word("place_text.place", event.place_text().place(), kReferenceMax);
      check->Word("place_text.message", event.place_text().message(), kReferenceMax);
      break;
    case v1::HallEvent::kPlayerReported:
      check->Text("player_reported.text", event.player_reported().text(), kLineMax);
      check->Account("player_reported.target_account", event.player_reported().target_account(),
                     true);
      check->Word("player_reported.message", event.player_reported().message(), kReferenceMax);
      break;
    default:
      break;
  }
}

void CheckBody(const EventView& event, Checker* check) {
  switch (event.body_case()) {
    case v1::HallEvent::kRegistered:
      return CheckRegistered(event.registered(), check);
    case v1::HallEvent::kLoggedIn:
      return CheckLoggedIn(event.logged_in(), check);
    case v1::HallEvent::kLoggedOut:
      return check->Word("logged_out.session", event.logged_out().session(), kReferenceMax);
    case v1::HallEvent::kSessionMinutes:
      check->NotNegative("session_minutes.minutes", event.session_minutes().minutes());
      check->NotNegative("session_minutes.played_minutes",
                         event.session_minutes().played_minutes());
      return check->NotNegative("session_minutes.auto_play_minutes",
                                event.session_minutes().auto_play_minutes());
    case v1::HallEvent::kAvatarChanged:
      return CheckAvatar(event.avatar_changed(), check);
    case v1::HallEvent::kTurnPlayed:
      return CheckTurn(event.turn_played(), check);
    case v1::HallEvent::kHandSettled:
      return CheckHandSettled(event.hand_settled(), check);
    case v1::HallEvent::kMatchInterrupted:
      check->Word("match_interrupted.reason", event.match_interrupted().reason(), kReferenceMax);
      check->NotNegative("match_interrupted.entry_fee", event.match_interrupted().entry_fee());
      return CheckSeated("match_interrupted.seated_accounts",
                         event.match_interrupted().seated_accounts(), check);
    case v1::HallEvent::kHandStarted:
      return CheckSeated("hand_started.seated_accounts", event.hand_started().seated_accounts(),
                         check);
    case v1::HallEvent::kAssetMoved:
      return CheckAsset(event.asset_moved(), check);
    case v1::HallEvent::kNoticeSeen:
      check->Word("notice_seen.directive_id", event.notice_seen().directive_id(), kReferenceMax);
      return check->Word("notice_seen.sanction", event.notice_seen().sanction(), kReferenceMax);
    case v1::HallEvent::kServiceIncident:
      return CheckIncident(event.service_incident(), check);
    default:
      return CheckWords(event, check);
  }
}

bool HoldsUnknownEnum(const EventView& event) {
  switch (event.body_case()) {
    case v1::HallEvent::kLoggedIn:
      return !v1::AgeState_IsValid(event.logged_in().age_state());
    case v1::HallEvent::kChat:
      return !v1::ChatChannel_IsValid(event.chat().channel());
    case v1::HallEvent::kPlaceText:
      return !v1::PlaceKind_IsValid(event.place_text().kind());
    case v1::HallEvent::kTurnPlayed:
      return !v1::Choice_IsValid(event.turn_played().choice());
    case v1::HallEvent::kHandSettled:
      return !v1::RoomKind_IsValid(event.hand_settled().room_kind());
    case v1::HallEvent::kHandStarted:
      return !v1::RoomKind_IsValid(event.hand_started().room_kind());
    case v1::HallEvent::kAssetMoved:
      return !v1::AssetKind_IsValid(event.asset_moved().asset()) ||
             !v1::MoveKind_IsValid(event.asset_moved().kind());
    case v1::HallEvent::kLeftTable:
      return !v1::LeaveReason_IsValid(event.left_table().reason());
    case v1::HallEvent::kPlayerReported:
      return !v1::ReportCategory_IsValid(event.player_reported().category());
    default:
      return false;
  }
}

bool HasUnknownFields(const google::protobuf::Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

}  // namespace

bool IsAccount(std::string_view account) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == ':' || c == '-';
  };
  return !account.empty() && account.size() <= kWordMax &&
         std::all_of(account.begin(), account.end(), allowed);
}

std::optional<EventFault> CheckEvent(const EventView& event) {
  Checker check;
  check.Account("account", event.account(), !event.has_service_incident());
  check.Word("realm", event.realm(), 32);
  check.Word("hall", event.hall());
  check.Word("room", event.room());
  check.Word("table", event.table());
  check.Word("hand", event.hand());
  check.Word("game", event.game());
  check.Time("event_time", event.event_seconds(), event.event_nanos());
  check.Require(event.body_case() != v1::HallEvent::BODY_NOT_SET || event.has_unknown_fields(),
                "the event says nothing: set one of the bodies");
  CheckBody(event, &check);
  return std::move(check).fault();
}

bool HoldsUnknown(const EventView& event) {
  if (event.has_unknown_fields() || HoldsUnknownEnum(event)) return true;
  return event.body() != nullptr && HasUnknownFields(*event.body());
}

}  // namespace hallwarden::daemon
