#include "rules/policy/policy.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"
#include "rules/policy/match_table.h"
#include "rules/policy/notice.h"
#include "rules/policy/notice_internal.h"
#include "rules/policy/parse.h"

namespace hallwarden::policy {
namespace {

template <typename List>
CapabilityMask MaskOfAll(const List& capabilities) {
  CapabilityMask mask = 0;
  for (const int capability : capabilities)
    mask |= MaskOf(static_cast<v1::Capability>(capability));
  return mask;
}

// Zero for a missing duration: in the compiled form that always means "none" or "never", and what
// must not be missing has been checked.
template <typename Message>
std::int64_t MicrosOr0(bool present, const Message& duration) {
  return present ? ToMicros(duration) : 0;
}

// Missing numbers are the defaults, negative ones "never".
Breakers BreakersOf(const v1::Breakers& source) {
  const auto take = [](std::int32_t given, std::int32_t* value) {
    if (given != 0) *value = std::max(given, 0);
  };
  Breakers breakers;
  take(source.server_per_minute(), &breakers.server_per_minute);
  take(source.server_per_hour(), &breakers.server_per_hour);
  take(source.rule_norm_factor(), &breakers.rule_norm_factor);
  take(source.rule_norm_floor(), &breakers.rule_norm_floor);
  return breakers;
}

}  // namespace

// Turns a checked policy into its compiled form. The vectors are filled once and never grow again,
// because rules point to ladders and rungs to notices.
class Builder {
 public:
  static std::shared_ptr<const CompiledPolicy> Build(v1::Policy source, std::string_view sha256) {
    auto policy = std::make_shared<CompiledPolicy>();
    policy->source_ = std::move(source);
    policy->revision_ = policy->source_.title() + "@" + std::string(sha256.substr(0, 12));
    Builder builder(policy.get());
    builder.BuildNotices();
    builder.BuildLadders();
    builder.BuildRules();
    builder.BuildSettings();
    builder.BuildOffenceTexts();
    policy->table_ = MatchTable(policy->source_);
    return policy;
  }

 private:
  explicit Builder(CompiledPolicy* policy) : policy_(policy), source_(policy->source_) {}

  void BuildNotices() {
    policy_->notices_.reserve(static_cast<std::size_t>(source_.templates_size()));
    for (const v1::NoticeTemplate& source : source_.templates()) {
      policy_->notices_.push_back({source.template_id(), CutNotice(source.text().zh()).pieces,
                                   CutNotice(source.text().en()).pieces, &source});
    }
    std::sort(policy_->notices_.begin(), policy_->notices_.end(),
              [](const NoticeTemplate& a, const NoticeTemplate& b) { return a.id < b.id; });
  }

  void BuildLadders() {
    policy_->ladders_.reserve(static_cast<std::size_t>(source_.ladders_size()));
    for (const v1::Ladder& source : source_.ladders()) {
      Ladder ladder;
      ladder.id = source.ladder_id();
      ladder.source = &source;
      for (const v1::Rung& rung : source.rungs())
        ladder.rungs.push_back(BuildRung(rung));
      ladder.decay_clean_us =
          MicrosOr0(source.decay().has_clean_time(), source.decay().clean_time());
      ladder.decay_clean_hands = source.decay().clean_hands();
      ladder.unchanged_after_us = MicrosOr0(source.has_unchanged_after(), source.unchanged_after());
      policy_->ladders_.push_back(std::move(ladder));
    }
  }

  [[nodiscard]] Rung BuildRung(const v1::Rung& source) const {
    Rung rung;
    rung.kind = source.permanent() ? RungKind::kPermanent
                                   : (source.warning() ? RungKind::kWarning : RungKind::kTerm);
    rung.term_us = MicrosOr0(source.has_term(), source.term());
    rung.capabilities = MaskOfAll(source.capabilities());
    rung.now = source.effect() == v1::EFFECT_NOW;
    rung.machine_permanent = source.machine_permanent();
    rung.human_only = source.human_only();
    rung.notice = policy_->FindNotice(source.template_());
    rung.source = &source;
    return rung;
  }

  void BuildRules() {
    policy_->rules_.reserve(static_cast<std::size_t>(source_.rules_size()));
    for (const v1::Rule& source : source_.rules()) {
      Rule rule;
      rule.id = source.rule_id();
      rule.index = static_cast<std::int32_t>(policy_->rules_.size());
      rule.mode = source.mode() == v1::MODE_UNSPECIFIED ? v1::MODE_OFF : source.mode();
      rule.action = source.action();
      rule.min_confidence = std::max(source.min_confidence(), v1::CONFIDENCE_NOTE);
      rule.ladder = policy_->FindLadder(source.ladder());
      // Fields of a hold say nothing in a rule that does not hold.
      if (source.action() == v1::ACTION_HOLD) {
        rule.hold_capabilities = MaskOfAll(source.hold_capabilities());
        rule.hold_term_us = ToMicros(source.hold_term());
        rule.hold_notice = policy_->FindNotice(source.hold_template());
      }
      rule.hourly_quota = source.hourly_quota();
      rule.reset_content = source.reset_content();
      rule.source = &source;
      policy_->rules_.push_back(rule);
    }
  }

  void BuildSettings() {
    for (const v1::RoleLimit& source : source_.role_limits()) {
      RoleLimit limit;
      limit.role = source.role();
      limit.max_term_us = MicrosOr0(source.has_max_term(), source.max_term());
      limit.permanent = source.permanent();
      limit.confirm_permanent = source.confirm_permanent();
      limit.max_bulk = source.max_bulk();
      limit.hourly_limit = source.hourly_limit();
      limit.lift_others = source.lift_others();
      policy_->limits_.push_back(limit);
    }
    const v1::Timing& timing = source_.timing();
    policy_->timing_.hand_end_deadline_us = ToMicros(timing.hand_end_deadline());
    policy_->timing_.undo_window_us = ToMicros(timing.undo_window());
    policy_->timing_.unenforced_after_us = ToMicros(timing.unenforced_after());
    policy_->timing_.result_retention_us = ToMicros(timing.result_retention());
    policy_->timing_.lateness_us = ToMicros(timing.lateness());
    policy_->timing_.skew_us = ToMicros(timing.skew());
    policy_->breakers_ = BreakersOf(source_.breakers());
    const v1::Retention& retention = source_.retention();
    policy_->retention_.journal_us = MicrosOr0(retention.has_journal(), retention.journal());
    policy_->retention_.history_us = MicrosOr0(retention.has_history(), retention.history());
    policy_->retention_.audit_us = MicrosOr0(retention.has_audit(), retention.audit());
    policy_->play_ = CompilePlay(source_.play());
    policy_->avatars_ = MakeAvatarSettings(source_.avatars());
    policy_->desk_ = CompileDesk(source_.desk());
    BuildAppeals();
    policy_->utc_offset_us_ = source_.utc_offset_minutes() * kMinuteUs;
    for (const v1::FailMode& mode : source_.fail_modes()) {
      if (mode.deny()) policy_->fail_closed_ |= MaskOf(mode.capability());
    }
  }

  void BuildAppeals() {
    const v1::AppealPolicy& appeals = source_.appeals();
    policy_->appeals_ = CompileAppeals(appeals);
    for (std::size_t i = 0; i < kAppealTexts; ++i) {
      const auto which = static_cast<AppealText>(i);
      const v1::LocalizedText& text = TextOf(appeals.texts(), which);
      policy_->appeal_notices_.push_back(
          {NameOf(which), CutNotice(text.zh()).pieces, CutNotice(text.en()).pieces, nullptr});
    }
    for (const v1::CannedReply& reply : appeals.canned_replies()) {
      policy_->replies_.push_back({reply.reply_id(), CutNotice(reply.text().zh()).pieces,
                                   CutNotice(reply.text().en()).pieces, nullptr});
    }
  }

  void BuildOffenceTexts() {
    for (auto& row : policy_->offence_texts_)
      row.fill(nullptr);
    for (const v1::OffenceName& name : source_.offence_names()) {
      policy_->offence_texts_[static_cast<std::size_t>(name.offence())]
                             [static_cast<std::size_t>(name.category())] = &name.display();
    }
    // What has no wording of its own takes the one of its offence; what is no offence, that of the
    // one that says least.
    const auto* const other = policy_->offence_texts_[v1::OFFENCE_OTHER][0];
    for (auto& row : policy_->offence_texts_) {
      if (row[0] == nullptr) row[0] = other;
      std::replace(row.begin(), row.end(), static_cast<const v1::LocalizedText*>(nullptr), row[0]);
    }
  }

  CompiledPolicy* policy_;
  const v1::Policy& source_;
};

const Rung& Ladder::At(std::int32_t number) const {
  const auto index = static_cast<std::size_t>(std::max(number, 1) - 1);
  return rungs[std::min(index, rungs.size() - 1)];
}

CompiledPolicy::CompiledPolicy() : offence_texts_() {}

CompiledPolicy::~CompiledPolicy() = default;

const Rule* CompiledPolicy::RuleAt(int index) const {
  return index == MatchTable::kNoRule ? nullptr : &rules_[static_cast<std::size_t>(index)];
}

const Rule* CompiledPolicy::Match(const FindingKey& key) const {
  return RuleAt(table_.Live(key));
}

const Rule* CompiledPolicy::MatchShadow(const FindingKey& key) const {
  return RuleAt(table_.Shadow(key));
}

const Rule* CompiledPolicy::RuleForGm(v1::Offence offence, v1::TextCategory category,
                                      v1::Severity severity, v1::AccountClass account_class) const {
  return RuleAt(
      table_.ForGm({offence, category, severity, account_class, v1::CONFIDENCE_UNSPECIFIED}));
}

const Ladder* CompiledPolicy::FindLadder(std::string_view ladder_id) const {
  for (const Ladder& ladder : ladders_) {
    if (ladder.id == ladder_id) return &ladder;
  }
  return nullptr;
}

const Rule* CompiledPolicy::FindRule(std::string_view rule_id) const {
  for (const Rule& rule : rules_) {
    if (rule.id == rule_id) return &rule;
  }
  return nullptr;
}

const NoticeTemplate* CompiledPolicy::FindNotice(std::string_view template_id) const {
  const auto it = std::lower_bound(
      notices_.begin(), notices_.end(), template_id,
      [](const NoticeTemplate& notice, std::string_view id) { return notice.id < id; });
  return it != notices_.end() && it->id == template_id ? &*it : nullptr;
}

const NoticeTemplate& CompiledPolicy::AppealNotice(AppealText which) const {
  return appeal_notices_[static_cast<std::size_t>(which)];
}

const NoticeTemplate* CompiledPolicy::FindReply(std::string_view reply_id) const {
  const auto it = std::find_if(replies_.begin(), replies_.end(),
                               [reply_id](const auto& reply) { return reply.id == reply_id; });
  return it == replies_.end() ? nullptr : &*it;
}

const RoleLimit* CompiledPolicy::LimitOf(v1::Role role) const {
  for (const RoleLimit& limit : limits_) {
    if (limit.role == role) return &limit;
  }
  return nullptr;
}

const v1::LocalizedText& CompiledPolicy::OffenceText(v1::Offence offence,
                                                     v1::TextCategory category) const {
  const bool offence_known = v1::Offence_IsValid(offence);
  const bool category_known = v1::TextCategory_IsValid(category);
  const auto row = static_cast<std::size_t>(offence_known ? offence : v1::OFFENCE_OTHER);
  const auto column =
      static_cast<std::size_t>(category_known ? category : v1::TEXT_CATEGORY_UNSPECIFIED);
  return *offence_texts_[row][column];
}

const v1::LocalizedText& CompiledPolicy::GameText(std::string_view game) const {
  const v1::LocalizedText* hall = &v1::LocalizedText::default_instance();
  for (const v1::GameName& name : source_.games()) {
    if (name.game() == game) return name.display();
    if (name.game() == kHallGame) hall = &name.display();
  }
  return *hall;
}

CompileResult Compile(std::string_view source, std::string_view file,
                      std::string_view artefact_sha256_hex) {
  Reporter reporter(file);
  CompileResult result;
  // Some editors put a byte order mark before UTF-8.
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (source.starts_with(kByteOrderMark)) source.remove_prefix(kByteOrderMark.size());
  ScanSource(source, &reporter);
  if (!reporter.has_errors()) {
    ParsedPolicy parsed = ParseSource(source, &reporter);
    if (!reporter.has_errors()) CheckPolicy(parsed.policy, *parsed.tree, &reporter);
    if (!reporter.has_errors()) {
      result.policy = Builder::Build(std::move(parsed.policy), artefact_sha256_hex);
    }
  }
  result.diagnostics = reporter.Take();
  return result;
}

}  // namespace hallwarden::policy
