// What players wrote, read back from the journal.
#ifndef HALLWARDEN_DAEMON_DESK_RECORDED_TEXTS_H_
#define HALLWARDEN_DAEMON_DESK_RECORDED_TEXTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "rules/text/chat_screener.h"
#include "storage/store.h"

namespace hallwarden::daemon {

struct RecordedText {
  std::string account;  // with its realm
  std::string realm;
  text::Surface surface = text::Surface::kNickname;
  std::string words;
  std::string server;
  std::int64_t event_us = 0;
  std::uint64_t position = 0;
  bool erased = false;  // the words are gone for ever
};

// Appends the texts of one record; none for most of them. Names that the game server set itself are
// nobody's words. Errors as Vault::Unseal; DATA_LOSS if the record does not parse. Blocks.
[[nodiscard]] absl::Status TextsOf(storage::Store* store, const storage::JournalEntry& entry,
                                   std::vector<RecordedText>* texts);

// True for what NameScreener judges, false for what ChatScreener does.
[[nodiscard]] bool IsName(text::Surface surface);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_RECORDED_TEXTS_H_
