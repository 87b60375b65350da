#include "daemon/desk/recorded_texts.h"

#include <utility>

#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "rules/engine/step.h"

namespace hallwarden::daemon {
namespace {

// True if an event of this kind holds words. Looked at before anything is unsealed.
bool HoldsWords(const v1::HallEvent& event) {
  switch (event.body_case()) {
    case v1::HallEvent::kRegistered:
    case v1::HallEvent::kSignatureChanged:
    case v1::HallEvent::kChat:
    case v1::HallEvent::kPost:
    case v1::HallEvent::kPlaceText:
      return true;
    case v1::HallEvent::kNicknameChanged:
      return !event.nickname_changed().set_by_server();
    default:
      return false;
  }
}

}  // namespace

bool IsName(text::Surface surface) {
  return surface == text::Surface::kNickname || surface == text::Surface::kSignature;
}

absl::Status TextsOf(storage::Store* store, const storage::JournalEntry& entry,
                     std::vector<RecordedText>* texts) {
  if (entry.kind != RecordKind::kHallEvent || entry.sealed.empty()) return absl::OkStatus();
  v1::HallEvent event;
  if (!event.ParseFromString(entry.payload)) {
    return absl::DataLossError("record " + std::to_string(entry.position) + " does not parse");
  }
  if (!HoldsWords(event)) return absl::OkStatus();
  if (absl::Status status = JoinWords(store, entry, &event); !status.ok()) return status;
  const auto add = [&](text::Surface surface, const std::string& words, bool always) {
    if (words.empty() && !always) return;
    RecordedText text;
    text.account = QualifiedAccount(event.realm(), event.account());
    text.realm = event.realm();
    text.surface = surface;
    text.words = words;
    text.server = entry.source;
    text.event_us = event.has_event_time() ? Micros(event.event_time()) : entry.commit_us;
    text.position = entry.position;
    text.erased = words.empty();
    texts->push_back(std::move(text));
  };
  switch (event.body_case()) {
    case v1::HallEvent::kRegistered:
      add(text::Surface::kNickname, event.registered().nickname(), false);
      add(text::Surface::kSignature, event.registered().signature(), false);
      break;
    case v1::HallEvent::kNicknameChanged:
      add(text::Surface::kNickname, event.nickname_changed().nickname(), true);
      break;
    case v1::HallEvent::kSignatureChanged:
      add(text::Surface::kSignature, event.signature_changed().signature(), true);
      break;
    case v1::HallEvent::kChat:
      add(text::Surface::kChat, event.chat().text(), true);
      break;
    case v1::HallEvent::kPost:
      add(text::Surface::kPost, event.post().text(), true);
      break;
    case v1::HallEvent::kPlaceText:
      add(text::Surface::kPlace, event.place_text().text(), true);
      break;
    default:
      break;
  }
  return absl::OkStatus();
}

}  // namespace hallwarden::daemon
