// What the rules keep of everything that is no account.
#ifndef HALLWARDEN_RULES_STATE_SMALL_CELLS_H_
#define HALLWARDEN_RULES_STATE_SMALL_CELLS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/state/account_cell.h"
#include "rules/state/appeal_tally.h"

namespace hallwarden {

// An IP address or a device: how many accounts came from it.
struct OriginCell {
  std::uint32_t registered = 0;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// A folded nickname: who carries it.
struct TextCell {
  static constexpr std::uint32_t kListedMax = 50;

  std::uint32_t count = 0;            // accounts that carry it now
  std::vector<std::string> accounts;  // the first kListedMax of them, sorted

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// The undoing of what a game server caused: a job whose cursor this is.
struct Reversal {
  bool running = false;
  bool reached = false;  // a page held something older than `since_us`: nothing before it is meant
  std::int64_t since_us = 0;
  std::string server;
  std::string principal;  // who ordered it
  std::int32_t role = 0;
  std::string reason;
  std::uint64_t next = 0;     // entries below this number are still to be looked at
  std::int64_t pending = 0;   // sanctions that were asked to go and have not answered
  std::int64_t page_due = 0;  // pages that have not answered: 0 or 1
  std::uint64_t seen = 0;
  std::uint64_t lifted = 0;
};

// A game server: its directive numbers, contiguous for ever, and what its events cause.
struct ServerCell {
  std::int64_t next_directive_seq = 1;
  bool retired = false;
  std::vector<AnsweredRequest> answered;
  // Commit time, 0: not. A tripped breaker leaves everything to people until an operator resets it.
  std::int64_t quarantine_us = 0;
  std::int64_t trip_us = 0;
  // Sanctions allowed in the current minute and hour: commit time / 1 min, / 1 h.
  std::int64_t minute = 0;
  std::uint32_t minute_acted = 0;
  std::int64_t hour = 0;
  std::uint32_t hour_acted = 0;
  // Sanctions that machines imposed on its events, ever; entry n is on page n /
  // CausedCell::kEntriesMax.
  std::uint64_t caused = 0;
  Reversal reversal;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// A page of what a game server's events caused, oldest first.
struct CausedCell {
  // Undoing one page stays below 1,000 effects: eight a sanction, more only for who plays on many
  // servers.
  static constexpr std::uint32_t kEntriesMax = 64;

  struct Entry {
    std::string account;
    std::string sanction;  // sn_...
    std::int64_t create_us = 0;
  };
  std::vector<Entry> entries;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// A rule: what its machine did in the current hour, and how often it hits.
struct RuleCell {
  static constexpr std::size_t kNormDays = 7;

  std::int64_t hour = 0;  // commit time / 1 h
  std::uint32_t acted = 0;
  std::uint32_t hits = 0;  // in that hour
  // Commit time / 1 day of the last hit and of the first one that the norm counts from; hits of
  // that day, and of the full days before it, newest first.
  std::int64_t day = 0;
  std::int64_t first_day = 0;
  std::uint32_t today = 0;
  std::array<std::uint32_t, kNormDays> days{};
  // Commit time since when it is left to people; 0: it is not.
  std::int64_t review_us = 0;
  // What became of appeals against what its machine did, and whether that is why it is left to
  // people.
  AppealTally appeals;
  bool overturned = false;
  std::vector<AnsweredRequest> answered;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// The screening of stored names against a list that changed: a job whose cursor this is.
struct Rescreen {
  std::string artefact;  // the operator's list that it goes by
  std::string base;      // ... and the one that names were judged by before; empty: no entries
  bool running = false;
  std::uint64_t screened = 0;
  std::uint64_t findings = 0;
  std::uint64_t cursor = 0;   // journal position up to which names are read
  std::uint64_t end = 0;      // names given from here on were read with the new list at once
  std::int64_t start_us = 0;  // commit time
  std::int64_t end_us = 0;    // commit time; 0: not at its end
};

// The installation.
struct SystemCell {
  std::string policy_artefact;
  std::string lexicon_artefact;
  std::int64_t history_epoch = 1;
  std::vector<AnsweredRequest> answered;
  std::string chat_artefact;
  // The operator's list: content address, and who changed it when (commit time).
  std::string operators_artefact;
  std::int64_t lexicon_change_us = 0;
  std::string lexicon_principal;
  Rescreen rescreen;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_SMALL_CELLS_H_
