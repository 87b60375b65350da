// What the engine decided. Values only: the store writes them in the commit of their record, the
// daemon carries them out after it.
#ifndef HALLWARDEN_RULES_ENGINE_EFFECT_H_
#define HALLWARDEN_RULES_ENGINE_EFFECT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/audit.pb.h"
#include "hallwarden/v1/directive.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/journal.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "rules/base/siphash.h"
#include "rules/state/entity.h"

namespace hallwarden {

// A new sanction.
struct PutSanction {
  v1::Sanction sanction;
};

// Changes of a stored sanction. Only what is set changes; revision always does.
struct PatchSanction {
  std::string name;  // sanctions/{sanction}
  std::string account;
  std::int64_t revision = 0;
  std::optional<v1::SanctionState> state;
  std::optional<std::int64_t> start_us;
  std::optional<std::int64_t> end_us;
  std::optional<std::int64_t> seen_us;
  std::optional<bool> counted;
  std::optional<bool> enforced;
  std::optional<v1::Lift> lift;
  // Takes the lift out.
  std::optional<v1::Reinstatement> reinstatement;
  // One more of the list; term and capabilities are what it says they are after it.
  std::optional<v1::Reduction> reduction;
  std::optional<v1::LocalizedText> notice;
  std::optional<std::string> appeal;  // appeals/{appeal}
};

// A new case.
struct PutCase {
  v1::Case opened;
};

// Changes of a stored case. Whatever is singular and tells how it stands in the queue is there as
// it is now: a claim, referral, overdue time or key that is missing is gone. Of the rest what is
// set changes. Lists are added to; of findings and reports the first 20 are kept. A case that is
// not closed has no verdict.
struct PatchCase {
  v1::Case change;
};

// A new appeal.
struct PutAppeal {
  v1::Appeal appeal;
};

// Changes of a stored appeal. Whatever is singular and tells how it stands is there as it is now: a
// claim, due or overdue time, obstacle or key that is missing is gone. Messages are added.
struct PatchAppeal {
  v1::Appeal change;
};

// A finding that is only recorded: a note, or what a rule in shadow would have done.
struct PutFinding {
  v1::Finding finding;
  std::string rule;
  bool shadow = false;
};

// A note.
struct PutNote {
  v1::Note note;
};

// A token, new or revoked; the store keeps one row a token.
struct PutToken {
  v1::Token token;
  // SHA-256 of the secret, 32 bytes. Empty: as stored.
  std::string secret_sha256;
};

// Rows of the partner register.
struct PutPartners {
  std::vector<v1::PartnerSpan> spans;
};

// The policy that is active from here on.
struct PutPolicy {
  std::string artefact;  // SHA-256 of its text, lower-case hex
  std::string revision;
  v1::Actor actor;
  std::int64_t activate_us = 0;
};

// A directive, numbered for its server.
struct SendDirective {
  std::string server;
  v1::Directive directive;
};

// An answer to a directive of a server. The first final answer takes it out of the outbox.
struct AnswerDirective {
  std::string server;
  v1::DirectiveResult result;
  std::int64_t answer_us = 0;
};

// A server's outbox is dropped and nothing more is sent there until it says Hello again.
struct RetireOutbox {
  std::string server;
};

// How far a server is trusted. Times are commit time, 0: not.
struct PutServerStanding {
  std::string server;
  std::int64_t quarantine_us = 0;
  std::int64_t trip_us = 0;
};

// What the gate answers for an account from here on.
struct PutGate {
  v1::GateEntry entry;
};

// One line of an account's history. State, not decision: kept in posting blocks that are written
// with the checkpoint; replay makes the tail again. `notable` ones also go to the feed that `gmctl
// tail` reads, in the commit.
struct Posting {
  std::string account;
  v1::TimelineKind kind = v1::TIMELINE_KIND_UNSPECIFIED;
  // Finer than kind: the engine's PostingDetail, which the daemon words in both languages.
  std::uint8_t detail = 0;
  std::int64_t event_us = 0;
  // sanctions/..., cases/..., or a short word such as a channel or a rule id. Never personal data.
  std::string resource;
  // Who did it; empty for the game server's own news.
  std::string principal;
  // A number that belongs to it: rung, minutes, gold.
  std::int64_t amount = 0;
  bool notable = false;
};

// An audit record. Its name is given by the store: position and ordinal.
struct Audit {
  v1::AuditRecord record;
};

// Why a command was refused, for google.rpc.ErrorInfo. `metadata` holds every value in the message.
struct Refusal {
  int code = 0;  // canonical status code
  std::string reason;
  std::string message;
  std::vector<std::pair<std::string, std::string>> metadata;
};

// The answer to a command. Kept by (principal, request_id) until `expire_us`.
struct Answer {
  std::string principal;
  std::string request_id;
  std::string body_hash;
  std::optional<Refusal> refusal;
  v1::ActionResponse response;
  std::int64_t expire_us = 0;
  // True: the engine had answered this very command before; the stored answer holds.
  bool repeat = false;
};

// Something to come back to. Fires as a TimerFired record once commit time reaches `due_us`.
// Setting one that is set changes nothing. A timer that is no longer wanted is cleared or, where
// that is simpler, ignored when it fires.
struct Timer {
  std::int64_t due_us = 0;
  EntityKey entity;
  std::uint8_t kind = 0;
  std::int64_t payload = 0;
  std::string account;

  friend auto operator<=>(const Timer&, const Timer&) = default;
};
struct SetTimer {
  Timer timer;
};
struct ClearTimer {
  Timer timer;
};

// The event is refused by the engine: the account has no session there, or a field makes no sense.
struct RejectEvent {
  v1::RejectedEvent rejected;
};

// A new history epoch: an operator accepted a restored store.
struct SetHistoryEpoch {
  std::int64_t epoch = 0;
};

using Effect =
    std::variant<PutSanction, PatchSanction, PutCase, PatchCase, PutFinding, PutNote, PutToken,
                 PutPartners, PutPolicy, SendDirective, AnswerDirective, RetireOutbox, PutGate,
                 Posting, Audit, Answer, SetTimer, ClearTimer, RejectEvent, SetHistoryEpoch,
                 PutServerStanding, PutAppeal, PatchAppeal>;

// An effect with its place: the record that caused it, and its number among that record's effects.
struct PositionedEffect {
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  std::int64_t commit_us = 0;
  Effect effect;
};

// Bytes that are equal for equal decisions on every build: protobuf fields are walked in number
// order, never serialized. For comparing replays and for the canonical export. Postings are left
// out: they are state.
[[nodiscard]] std::string CanonicalEffect(const PositionedEffect& effect);

// 64-bit digest over the canonical effects of a group, in order; what a replay is compared with.
[[nodiscard]] std::uint64_t DigestEffects(const std::vector<PositionedEffect>& effects);

// One line of text per set field of a message, in field-number order, unknown fields left out.
[[nodiscard]] std::string CanonicalText(const google::protobuf::Message& message);

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_ENGINE_EFFECT_H_
