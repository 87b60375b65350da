// The operator's policy, compiled: what the engine asks for every finding and every `punish`.
//
// The policy is one textproto (hallwarden/v1/policy.proto). Compile() checks it as a compiler
// checks a program and turns it into a CompiledPolicy: immutable, shared, and free of anything
// that would have to be parsed, searched or copied when a finding comes in.
//
//   CompileResult result = Compile(text, "hall.policy.textproto", sha256_hex);
//   if (!result.policy) return Refuse(result.diagnostics);
//   const Rule* rule = result.policy->Match({.offence = v1::OFFENCE_NAME, ...});
//
// Durations are int64 microseconds, as all time in `rules`. Pure: the same bytes give the same
// policy and the same diagnostics on every build.
#ifndef HALLWARDEN_RULES_POLICY_POLICY_H_
#define HALLWARDEN_RULES_POLICY_POLICY_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/appeal_settings.h"
#include "rules/policy/avatar_settings.h"
#include "rules/policy/desk_settings.h"
#include "rules/policy/match_table.h"
#include "rules/policy/play_settings.h"

namespace hallwarden::policy {

// A set of capabilities: bit `1 << v1::Capability`. Bit 0 (unspecified) is never set.
using CapabilityMask = std::uint16_t;

[[nodiscard]] constexpr CapabilityMask MaskOf(v1::Capability capability) {
  return static_cast<CapabilityMask>(1U << static_cast<unsigned>(capability));
}

// Text of a notice, cut at its placeholders when the policy was compiled (see notice.h).
struct NoticeTemplate;

// What a rung does. Exactly one of the three: a duration that is missing, zero or negative is
// refused by Compile and never becomes kPermanent.
enum class RungKind : std::uint8_t { kWarning, kTerm, kPermanent };

// One step of a ladder.
struct Rung {
  RungKind kind = RungKind::kWarning;
  std::int64_t term_us = 0;                // > 0 for kTerm, else 0
  CapabilityMask capabilities = 0;         // 0 for kWarning, else not 0
  bool now = false;                        // takes effect now, hand or no hand
  bool machine_permanent = false;          // a machine may impose it; only ever true for kPermanent
  bool human_only = false;                 // a machine opens a case instead
  const NoticeTemplate* notice = nullptr;  // never nullptr in a compiled policy
  const v1::Rung* source = nullptr;
};

// An ordered list of rungs, mildest first.
struct Ladder {
  std::string_view id;
  std::vector<Rung> rungs;  // never empty
  // One rung is forgiven per this much clean time, with at least this many hands. 0: never.
  std::int64_t decay_clean_us = 0;
  std::int32_t decay_clean_hands = 0;
  // An unchanged violation counts again this long after its warning was seen. 0: never.
  std::int64_t unchanged_after_us = 0;
  const v1::Ladder* source = nullptr;

  // Rung `number`, counted from 1. Above the last one the last one repeats.
  // Requires: number >= 1.
  [[nodiscard]] const Rung& At(std::int32_t number) const;
};

// A rule: matches findings and says what follows.
struct Rule {
  std::string_view id;
  std::int32_t index = 0;  // position in the policy, from 0
  v1::Mode mode = v1::MODE_OFF;
  v1::Action action = v1::ACTION_NOTE;
  v1::Confidence min_confidence = v1::CONFIDENCE_NOTE;
  const Ladder* ladder = nullptr;               // never nullptr for ACTION_LADDER
  CapabilityMask hold_capabilities = 0;         // not 0 for ACTION_HOLD
  std::int64_t hold_term_us = 0;                // > 0 for ACTION_HOLD
  const NoticeTemplate* hold_notice = nullptr;  // never nullptr for ACTION_HOLD
  std::int32_t hourly_quota = 0;                // 0: no limit
  bool reset_content = false;
  const v1::Rule* source = nullptr;
};

// What a role may do before it becomes a proposal for the next one.
struct RoleLimit {
  v1::Role role = v1::ROLE_UNSPECIFIED;
  std::int64_t max_term_us = 0;  // 0: may not restrict at all
  bool permanent = false;
  bool confirm_permanent = false;
  std::int32_t max_bulk = 0;
  std::int32_t hourly_limit = 0;
  bool lift_others = false;
};

// Timing of effects; every value is present and within its range.
struct Timing {
  std::int64_t hand_end_deadline_us = 0;
  std::int64_t undo_window_us = 0;  // 0: no undo
  std::int64_t unenforced_after_us = 0;
  std::int64_t result_retention_us = 0;
  std::int64_t lateness_us = 0;
  std::int64_t skew_us = 0;
};

// When machines stop acting. 0: never; defaults are filled in.
struct Breakers {
  std::int32_t server_per_minute = 150;
  std::int32_t server_per_hour = 240;
  std::int32_t rule_norm_factor = 5;
  std::int32_t rule_norm_floor = 30;
};

// How long classes of data are kept. 0: for ever.
struct Retention {
  std::int64_t journal_us = 0;
  std::int64_t history_us = 0;
  std::int64_t audit_us = 0;
};

// A checked policy in the form that the engine uses. Immutable once Compile has returned it, hence
// thread-safe. Pointers and views that it hands out live as long as it does.
class CompiledPolicy {
 public:
  CompiledPolicy();
  ~CompiledPolicy();
  CompiledPolicy(const CompiledPolicy&) = delete;
  CompiledPolicy& operator=(const CompiledPolicy&) = delete;

  // The rule that decides a finding: the first one in MODE_REVIEW or MODE_ENFORCE that matches.
  // nullptr: no rule; the finding is only noted. Rules that are off or in shadow are looked
  // through, so that trying a rule changes nothing. Constant time.
  [[nodiscard]] const Rule* Match(const FindingKey& key) const;

  // The first rule in MODE_SHADOW that matches and would have decided, that is, stands before the
  // one that Match gives. nullptr: none.
  [[nodiscard]] const Rule* MatchShadow(const FindingKey& key) const;

  // What a GM's `punish` climbs: the first matching rule that has a ladder, whatever its mode and
  // confidence; one in shadow only if there is no other. nullptr: no ladder for it, the GM imposes
  // a sanction beside the ladders.
  [[nodiscard]] const Rule* RuleForGm(v1::Offence offence, v1::TextCategory category,
                                      v1::Severity severity, v1::AccountClass account_class) const;

  // By identifier; nullptr if absent.
  [[nodiscard]] const Ladder* FindLadder(std::string_view ladder_id) const;
  [[nodiscard]] const Rule* FindRule(std::string_view rule_id) const;
  [[nodiscard]] const NoticeTemplate* FindNotice(std::string_view template_id) const;

  // nullptr: the role may do nothing to accounts.
  [[nodiscard]] const RoleLimit* LimitOf(v1::Role role) const;

  // What players read for an offence: the wording of the category, or else the one of the offence.
  [[nodiscard]] const v1::LocalizedText& OffenceText(v1::Offence offence,
                                                     v1::TextCategory category) const;

  // Display name of a game; of the hall as a whole if `game` is empty or unknown.
  [[nodiscard]] const v1::LocalizedText& GameText(std::string_view game) const;

  // `title@` and the first 12 hex digits of the artefact; the resource is `policies/{revision}`.
  [[nodiscard]] const std::string& revision() const { return revision_; }
  [[nodiscard]] const v1::Policy& source() const { return source_; }
  [[nodiscard]] const std::vector<Ladder>& ladders() const { return ladders_; }
  [[nodiscard]] const std::vector<Rule>& rules() const { return rules_; }
  [[nodiscard]] const Timing& timing() const { return timing_; }
  [[nodiscard]] const Breakers& breakers() const { return breakers_; }
  [[nodiscard]] const Retention& retention() const { return retention_; }
  [[nodiscard]] const PlaySettings& play() const { return play_; }
  [[nodiscard]] const AvatarSettings& avatars() const { return avatars_; }
  [[nodiscard]] const DeskSettings& desk() const { return desk_; }
  [[nodiscard]] const AppealSettings& appeals() const { return appeals_; }
  [[nodiscard]] const NoticeTemplate& AppealNotice(AppealText which) const;
  // A canned reply, cut for Render; nullptr if the policy has none of this identifier.
  [[nodiscard]] const NoticeTemplate* FindReply(std::string_view reply_id) const;
  [[nodiscard]] std::int64_t utc_offset_us() const { return utc_offset_us_; }
  // Capabilities that game servers deny while the daemon cannot be reached.
  [[nodiscard]] CapabilityMask fail_closed() const { return fail_closed_; }

 private:
  friend class Builder;

  [[nodiscard]] const Rule* RuleAt(int index) const;

  v1::Policy source_;
  std::string revision_;
  std::vector<NoticeTemplate> notices_;  // sorted by id
  std::vector<Ladder> ladders_;
  std::vector<Rule> rules_;
  std::vector<RoleLimit> limits_;
  Timing timing_;
  Breakers breakers_;
  Retention retention_;
  PlaySettings play_;
  AvatarSettings avatars_;
  DeskSettings desk_;
  AppealSettings appeals_;
  std::vector<NoticeTemplate> appeal_notices_;  // by AppealText
  std::vector<NoticeTemplate> replies_;         // as the policy lists them
  std::int64_t utc_offset_us_ = 0;
  CapabilityMask fail_closed_ = 0;
  MatchTable table_;
  // Wording per offence and category.
  std::array<std::array<const v1::LocalizedText*, v1::TextCategory_ARRAYSIZE>,
             v1::Offence_ARRAYSIZE>
      offence_texts_;
};

// What came of compiling.
struct CompileResult {
  // nullptr if any diagnostic is fatal.
  std::shared_ptr<const CompiledPolicy> policy;
  // In the order of the text. Each has a line and a column (in bytes, tabs to multiples of 8),
  // both from 1. At most 200; the last one then says how many more there are.
  std::vector<v1::Diagnostic> diagnostics;
};

// Parses, checks and compiles `source`, any bytes whatever. `file` appears in the diagnostics.
// `artefact_sha256_hex` is the SHA-256 of `source` as the caller stores it; it becomes part of the
// revision and nothing else.
[[nodiscard]] CompileResult Compile(std::string_view source, std::string_view file,
                                    std::string_view artefact_sha256_hex);

// The policy that is active until the operator applies another one: the handbook's table. Compiles
// without a diagnostic.
[[nodiscard]] std::string_view DefaultPolicyText();

// The text with its quotas and breakers switched off. For tests and measurements: whether these
// hold something back depends on what other accounts did before.
[[nodiscard]] std::string WithoutLimits(std::string text);

}  // namespace hallwarden::policy

#endif  // HALLWARDEN_RULES_POLICY_POLICY_H_
