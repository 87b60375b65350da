#include "rules/engine/rule_entity.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

#include "rules/engine/question.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kHoursPerDay = 24;
constexpr std::uint32_t kCountMax = 1'000'000'000;
constexpr std::string_view kPrefix = "rules/";

// Turns the page to the hour and day of `now_us`.
void Turn(RuleCell* cell, std::int64_t now_us) {
  const std::int64_t hour = now_us / kHourUs;
  const std::int64_t day = now_us / kDayUs;
  if (cell->hour != hour) {
    cell->hour = hour;
    cell->acted = 0;
    cell->hits = 0;
  }
  if (cell->day == day) return;
  if (cell->first_day == 0) {
    cell->first_day = day;
  } else {
    const std::int64_t gone = day - cell->day;
    const auto kept = static_cast<std::int64_t>(cell->days.size());
    for (std::int64_t i = 0; i < std::min(gone, kept); ++i) {
      std::rotate(cell->days.begin(), cell->days.end() - 1, cell->days.end());
      cell->days.front() = i == 0 ? cell->today : 0;
    }
    // So long ago that even the last day of it is none of the seven.
    if (gone > kept) cell->days = {};
  }
  cell->day = day;
  cell->today = 0;
}

// Full days that the norm rests on.
std::int64_t NormDays(const RuleCell& cell) {
  return std::clamp<std::int64_t>(cell.day - cell.first_day, 0,
                                  static_cast<std::int64_t>(cell.days.size()));
}

std::uint64_t NormSum(const RuleCell& cell) {
  return std::accumulate(cell.days.begin(), cell.days.begin() + NormDays(cell), std::uint64_t{0});
}

// Why a rule is left to people from now on.
struct Trip {
  PostingDetail detail = PostingDetail::kRuleToReview;
  std::int64_t amount = 0;
  // For the audit.
  std::string before;
  std::string after;
};

void TripReview(const Step& step, std::string_view rule, Trip trip, RuleCell* cell) {
  cell->review_us = step.now_us;
  Posting posting;
  posting.kind = v1::TIMELINE_KIND_SANCTION_CHANGE;
  posting.detail = static_cast<std::uint8_t>(trip.detail);
  posting.event_us = step.now_us;
  posting.resource = std::string(kPrefix) + std::string(rule);
  posting.amount = trip.amount;
  posting.notable = true;
  step.Emit(std::move(posting));
  v1::AuditRecord record;
  *record.mutable_actor() = MachineActor();
  SetTimestamp(step.now_us, record.mutable_create_time());
  record.set_method("hallwarden.RuleToReview");
  record.set_resource(std::string(kPrefix) + std::string(rule));
  record.set_before(std::move(trip.before));
  record.set_after(std::move(trip.after));
  record.set_journal_position(static_cast<std::int64_t>(step.position));
  step.Emit(Audit{std::move(record)});
}

// One more hit. A rule that finds far more than it used to is more likely broken, or lied to, than
// the players are all at once worse.
void CountHit(const Step& step, std::string_view rule, const policy::Breakers& breakers,
              RuleCell* cell) {
  Turn(cell, step.now_us);
  cell->hits = std::min(cell->hits + 1, kCountMax);
  cell->today = std::min(cell->today + 1, kCountMax);
  if (breakers.rule_norm_factor <= 0 || cell->review_us != 0) return;
  const std::int64_t days = NormDays(*cell);
  if (days == 0 || cell->hits < static_cast<std::uint32_t>(breakers.rule_norm_floor)) return;
  const std::uint64_t found =
      std::uint64_t{cell->hits} * static_cast<std::uint64_t>(days * kHoursPerDay);
  const std::uint64_t usual =
      NormSum(*cell) * static_cast<std::uint64_t>(breakers.rule_norm_factor);
  if (found <= usual) return;
  TripReview(step, rule,
             {PostingDetail::kRuleToReview, cell->hits,
              "norm " + std::to_string(NormSum(*cell)) + " in " + std::to_string(days) + " days",
              std::to_string(cell->hits) + " in this hour"},
             cell);
}

}  // namespace

std::string_view RuleName(std::string_view resource) {
  if (resource.substr(0, kPrefix.size()) == kPrefix) resource.remove_prefix(kPrefix.size());
  return resource;
}

void OnQuotaAsk(const Step& step, const Fact& fact) {
  const std::optional<Question> question = DecodeQuestion(fact.payload);
  if (!question.has_value()) return;
  RuleCell& cell = step.cells->rules().Mutable(fact.to.id);
  CountHit(step, question->rule, question->breakers, &cell);
  FactKind answer = FactKind::kQuotaGranted;
  if (cell.review_us != 0) {
    answer = cell.overturned ? FactKind::kRuleOverturned : FactKind::kRuleReview;
  } else if (question->hourly_quota > 0 && cell.acted >= question->hourly_quota) {
    answer = FactKind::kQuotaSpent;
  } else {
    ++cell.acted;
  }
  step.Tell(fact.to, KeyOfAccount(question->account), answer, fact.payload);
}

void OnRuleHit(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view rule = in.Bytes();
  policy::Breakers breakers;
  breakers.rule_norm_factor = static_cast<std::int32_t>(in.Signed());
  breakers.rule_norm_floor = static_cast<std::int32_t>(in.Signed());
  if (!in.done()) return;
  CountHit(step, rule, breakers, &step.cells->rules().Mutable(fact.to.id));
}

void OnAppealDecided(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::string_view rule = in.Bytes();
  const bool overturned = in.Byte() != 0;
  const std::uint64_t percent = in.Varint();
  const std::uint64_t least = in.Varint();
  if (!in.done()) return;
  RuleCell& cell = step.cells->rules().Mutable(fact.to.id);
  cell.appeals.Add(overturned, step.now_us);
  const AppealTally::Counts counts = cell.appeals.At(step.now_us);
  constexpr std::uint64_t kHundred = 100;
  if (!overturned || cell.review_us != 0 || counts.decided < least ||
      counts.overturned * kHundred <= counts.decided * percent) {
    return;
  }
  cell.overturned = true;
  TripReview(step, rule,
             {PostingDetail::kRuleOverturned, counts.overturned,
              std::to_string(counts.decided) + " appeals in 30 days",
              std::to_string(counts.overturned) + " overturned"},
             &cell);
}

Outcome ReleaseRule(CommandContext* context, const v1::ReleaseRuleRequest& request) {
  const std::string_view rule = RuleName(request.name());
  RuleCell& cell = context->step.cells->rules().Mutable(RuleKey(rule).id);
  if (cell.review_us == 0) {
    return Refuse(Code::kFailedPrecondition, "NOT_NEEDED",
                  "rule " + std::string(rule) + " acts as the policy says",
                  {{"rule", std::string(rule)}});
  }
  context->before = "review";
  context->after = "as the policy says";
  cell.review_us = 0;
  cell.overturned = false;
  cell.appeals = {};
  cell.day = context->step.now_us / kDayUs;
  cell.first_day = cell.day;
  cell.today = 0;
  cell.days = {};
  context->Plan("rule", Same("review"), Same(std::string(rule)));
  PostSystem(*context, PostingDetail::kRuleReleased, std::string(kPrefix) + std::string(rule), 0);
  context->response.set_confirmation_level(1);
  return std::nullopt;
}

void DescribeRule(const RuleCell& cell, std::int64_t now_us, v1::RuleStatus* status) {
  RuleCell turned = cell;
  Turn(&turned, now_us);
  if (turned.review_us != 0) {
    SetTimestamp(turned.review_us, status->mutable_review_time());
    status->set_review_cause(turned.overturned ? v1::REVIEW_CAUSE_OVERTURNED
                                               : v1::REVIEW_CAUSE_ABOVE_NORM);
  }
  const AppealTally::Counts appeals = turned.appeals.At(now_us);
  status->set_appeal_count(static_cast<std::int32_t>(appeals.decided));
  status->set_overturned_count(static_cast<std::int32_t>(appeals.overturned));
  status->set_hits_this_hour(turned.hits);
  status->set_acted_this_hour(turned.acted);
  const std::int64_t days = NormDays(turned);
  status->set_norm_days(static_cast<std::int32_t>(days));
  if (days > 0) {
    status->set_norm_milli(static_cast<std::int64_t>(
        NormSum(turned) * 1000 / static_cast<std::uint64_t>(days * kHoursPerDay)));
  }
}

}  // namespace hallwarden
