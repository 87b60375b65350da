// What the rules keep of one account.
#ifndef HALLWARDEN_RULES_STATE_ACCOUNT_CELL_H_
#define HALLWARDEN_RULES_STATE_ACCOUNT_CELL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "rules/base/siphash.h"
#include "rules/state/presences.h"

namespace hallwarden {

// One sanction, as far as later decisions depend on it. The whole sanction is in the store.
struct SanctionMark {
  std::string id;  // sn_...
  v1::SanctionKind kind = v1::SANCTION_KIND_UNSPECIFIED;
  v1::SanctionState state = v1::SANCTION_STATE_UNSPECIFIED;
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  v1::Disposition disposition = v1::DISPOSITION_UNSPECIFIED;
  std::uint16_t capabilities = 0;  // bit 1 << v1::Capability
  bool permanent = false;
  bool machine = false;
  bool enforced = false;
  bool silent = false;
  std::uint32_t rung = 0;  // 0: beside the ladders
  std::uint32_t revision = 1;
  std::uint32_t deliveries = 0;  // warnings: how often a directive went out
  std::uint32_t hands_before = 0;
  std::int64_t create_us = 0;
  std::int64_t start_us = 0;
  std::int64_t end_us = 0;
  std::int64_t term_us = 0;
  std::int64_t seen_us = 0;
  std::int64_t deadline_us = 0;
  std::string ladder;
  std::string rule;
  std::string principal;
  std::string not_before_hand;
  std::string scope_game;
  std::string scope_hall;
  std::string case_id;
  std::string notice_zh;
  std::string notice_en;
  // What was judged: fingerprint of the name or signature. Zero: not a text.
  Hash128 fingerprint;
  // Journal position of what was judged.
  std::uint64_t judged_position = 0;
  // Game server whose event a machine imposed it on. Empty: a human's, or from before this was
  // kept.
  std::string server;

  [[nodiscard]] bool InForce() const {
    return state == v1::SANCTION_STATE_PENDING || state == v1::SANCTION_STATE_ACTIVE;
  }
};

// One case.
struct CaseMark {
  std::string id;  // cs_...
  v1::Offence offence = v1::OFFENCE_UNSPECIFIED;
  v1::TextCategory category = v1::TEXT_CATEGORY_UNSPECIFIED;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;
  bool open = false;
  std::uint32_t findings = 0;
  std::uint32_t revision = 1;
  std::string rule;
  std::string hold_id;
  Hash128 fingerprint;
  std::int64_t create_us = 0;  // 0: before version 3
};

// A server that was told this account's restrictions.
struct Holder {
  std::string server;
  std::int64_t revision = 0;
  bool restricted = false;
};

// A command that was answered.
struct AnsweredRequest {
  Hash128 request;  // of principal and request id
  Hash128 body;
  std::int64_t expire_us = 0;
};

// A row of the partner register.
struct PartnerMark {
  std::string channel;
  std::int64_t begin_us = 0;
  std::int64_t end_us = 0;  // 0: still
};

// Allocated when first needed: most accounts never are anybody's business.
struct AccountRest {
  std::vector<SanctionMark> sanctions;  // oldest first
  std::vector<CaseMark> cases;          // oldest first
  std::vector<Holder> holders;
  std::vector<Hash128> pardoned;
  std::vector<AnsweredRequest> answered;
  std::vector<PartnerMark> partners;
  // A nickname or signature that a server still has to reset, by fingerprint. Zero: none.
  Hash128 reset_nickname;
  Hash128 reset_signature;
  // The avatar that was last claimed or queued and still shows, as far as is known: one avatar
  // counts once. What its claim was about, not what it looks like. Zero: none.
  Hash128 avatar;
  Hash128 reset_avatar;
  std::int64_t account_revision = 0;
  std::uint32_t next_ordinal = 1;  // of sanctions, cases, notes and findings
  std::uint32_t version = 1;       // etag: rises with every change a GM could decide upon
};

// At most 160 bytes; a static_assert in the .cc keeps it so. Of ten million accounts each byte here
// is ten megabytes.
struct AccountCell {
  std::int64_t register_us = 0;
  std::int64_t last_event_us = 0;
  std::uint64_t register_position = 0;
  std::uint64_t nickname_position = 0;
  std::uint64_t signature_position = 0;
  Hash128 nickname;   // fingerprint; zero: none known
  Hash128 signature;  // fingerprint; zero: none known
  Hash128 ip;         // registration address, keyed hash
  Hash128 device;     // registration device, keyed hash
  std::uint32_t hands_played = 0;
  std::uint8_t age_state = 0;
  bool registered = false;
  Presences presences;
  std::unique_ptr<AccountRest> rest;

  AccountCell() = default;
  AccountCell(const AccountCell& other);
  AccountCell& operator=(const AccountCell& other);
  AccountCell(AccountCell&&) noexcept = default;
  AccountCell& operator=(AccountCell&&) noexcept = default;
  ~AccountCell() = default;

  // The rest, made when missing.
  AccountRest& Rest();
  // Empty if there are none.
  [[nodiscard]] const std::vector<SanctionMark>& Sanctions() const;
  // Null if it has none of this id.
  [[nodiscard]] SanctionMark* FindSanction(std::string_view id);
  [[nodiscard]] CaseMark* FindCase(std::string_view id);
  // Channel at this time; empty: an ordinary account.
  [[nodiscard]] std::string_view PartnerChannel(std::int64_t at_us) const;

  void Encode(std::string* out) const;
  // False if the bytes are no cell of a version that this build knows.
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_ACCOUNT_CELL_H_
