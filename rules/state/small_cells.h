// What the rules keep of everything that is no account.
#ifndef HALLWARDEN_RULES_STATE_SMALL_CELLS_H_
#define HALLWARDEN_RULES_STATE_SMALL_CELLS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "rules/state/account_cell.h"

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

// A game server: its directive numbers, contiguous for ever.
struct ServerCell {
  std::int64_t next_directive_seq = 1;
  bool retired = false;
  std::vector<AnsweredRequest> answered;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// A rule: what its machine did in the current hour.
struct RuleCell {
  std::int64_t hour = 0;  // commit time / 1 h
  std::uint32_t acted = 0;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

// The installation.
struct SystemCell {
  std::string policy_artefact;
  std::string lexicon_artefact;
  std::int64_t history_epoch = 1;
  std::vector<AnsweredRequest> answered;

  void Encode(std::string* out) const;
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_SMALL_CELLS_H_
