#include "daemon/desk/desk_figures.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "daemon/desk/shape.h"
#include "rules/appeal/recommend.h"
#include "rules/engine/posting_detail.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kFiveMinutesUs = 5 * 60 * kSecondUs;
constexpr int kAllKinds = v1::CASE_KIND_UNSPECIFIED;

PostingDetail DetailOf(const Posting& posting) {
  return static_cast<PostingDetail>(posting.detail);
}

v1::CaseKind KindOf(const v1::Case& item) {
  return item.kind() == v1::CASE_KIND_UNSPECIFIED ? v1::CASE_KIND_MISCONDUCT : item.kind();
}

bool Upheld(v1::CaseVerdict verdict) {
  return verdict == v1::CASE_VERDICT_CONFIRMED || verdict == v1::CASE_VERDICT_FOUNDED;
}
bool Rejected(v1::CaseVerdict verdict) {
  return verdict == v1::CASE_VERDICT_DISMISSED || verdict == v1::CASE_VERDICT_UNFOUNDED;
}

// Of an even number the smaller of the two in the middle: a wait that somebody really had.
void FillWaiting(std::vector<std::int64_t> waits, v1::Waiting* out) {
  if (waits.empty()) return;
  std::sort(waits.begin(), waits.end());
  out->set_count(static_cast<std::int32_t>(waits.size()));
  SetDuration(waits[(waits.size() - 1) / 2], out->mutable_median_duration());
  SetDuration(waits.back(), out->mutable_worst_duration());
  out->set_within_five_minutes_count(static_cast<std::int32_t>(
      std::upper_bound(waits.begin(), waits.end(), kFiveMinutesUs) - waits.begin()));
}

// When whoever closed it had taken it: his last claim, or when it was given to him.
std::int64_t TakenUs(const v1::Case& item, const std::string& principal) {
  std::int64_t taken = Micros(item.create_time());
  for (const v1::CaseLogEntry& entry : item.log()) {
    const bool his =
        (entry.step() == v1::CASE_STEP_CLAIMED && entry.actor().principal() == principal) ||
        (entry.step() == v1::CASE_STEP_ASSIGNED && entry.detail() == principal);
    if (his) taken = Micros(entry.create_time());
  }
  return taken;
}

// The case as somebody should look at it.
v1::HardCase HardOf(const v1::Case& item) {
  v1::HardCase hard;
  hard.set_name(item.name());
  hard.set_account(item.account());
  hard.set_kind(KindOf(item));
  hard.set_offence(item.offence());
  *hard.mutable_create_time() = item.create_time();
  if (item.has_overdue_time()) *hard.mutable_overdue_time() = item.overdue_time();
  hard.set_holder(item.claim().principal());
  hard.set_department(item.referral().department());
  return hard;
}

bool IsHard(PostingDetail detail) {
  return detail == PostingDetail::kCaseEscalated || detail == PostingDetail::kCaseOverdue ||
         detail == PostingDetail::kCaseReopened;
}

}  // namespace

bool DeskFigures::IsOfCase(const Posting& posting) {
  return posting.kind == v1::TIMELINE_KIND_CASE;
}

bool DeskFigures::IsOfSanction(const Posting& posting) {
  switch (DetailOf(posting)) {
    case PostingDetail::kWarned:
    case PostingDetail::kRestricted:
    case PostingDetail::kHeld:
    case PostingDetail::kLifted:
      return true;
    default:
      return false;
  }
}

bool DeskFigures::IsOfAppeal(const Posting& posting) {
  return posting.kind == v1::TIMELINE_KIND_APPEAL;
}

template <class Change>
void DeskFigures::ForKind(v1::CaseKind kind, const Change& change) {
  change(&kinds_[kAllKinds]);
  change(&kinds_[kind]);
}

DeskFigures::Person& DeskFigures::PersonOf(const std::string& principal) {
  Person& person = people_[principal];
  person.figures.set_principal(principal);
  return person;
}

void DeskFigures::AddCase(const storage::StoredPosting& posting, const v1::Case& item) {
  const PostingDetail detail = DetailOf(posting.posting);
  if (IsHard(detail) && item.state() != v1::CASE_STATE_CLOSED) hard_[item.name()] = HardOf(item);
  switch (detail) {
    case PostingDetail::kCaseOpened:
      Opened(item);
      return;
    case PostingDetail::kCaseOverdue:
      ForKind(KindOf(item), [](Cases* cases) {
        cases->figures.set_overdue_count(cases->figures.overdue_count() + 1);
      });
      return;
    case PostingDetail::kCaseReopened:
      ForKind(KindOf(item), [](Cases* cases) {
        cases->figures.set_reopened_count(cases->figures.reopened_count() + 1);
      });
      return;
    case PostingDetail::kCaseClaimed:
      if (!posting.posting.principal.empty()) {
        v1::PersonFigures& figures = PersonOf(posting.posting.principal).figures;
        figures.set_claimed_count(figures.claimed_count() + 1);
      }
      return;
    case PostingDetail::kCaseConfirmed:
    case PostingDetail::kCaseDismissed:
    case PostingDetail::kCaseClosed:
      Closed(posting, item);
      return;
    default:
      return;
  }
}

void DeskFigures::Opened(const v1::Case& item) {
  ForKind(KindOf(item), [&](Cases* cases) {
    cases->figures.set_opened_count(cases->figures.opened_count() + 1);
    if (!item.has_first_claim_time()) return;
    cases->first_claim.push_back(Micros(item.first_claim_time()) - Micros(item.create_time()));
  });
  Complained(item);
}

// Only the first 20 reports are kept with their category: the others count for the first one's.
void DeskFigures::Complained(const v1::Case& item) {
  if (item.reports().empty()) return;
  std::map<int, int> counts;
  for (const v1::CaseReport& report : item.reports())
    ++counts[report.category()];
  counts[item.reports(0).category()] += std::max(item.report_count() - item.reports_size(), 0);
  for (const auto& [category, count] : counts) {
    v1::ComplaintFigures& figures = complaints_[category];
    figures.set_category(static_cast<v1::ReportCategory>(category));
    figures.set_complaint_count(figures.complaint_count() + count);
    if (item.state() != v1::CASE_STATE_CLOSED) {
      figures.set_waiting_count(figures.waiting_count() + 1);
    } else if (Upheld(item.case_verdict())) {
      figures.set_upheld_count(figures.upheld_count() + 1);
    } else if (Rejected(item.case_verdict())) {
      figures.set_rejected_count(figures.rejected_count() + 1);
    }
  }
}

void DeskFigures::Closed(const storage::StoredPosting& posting, const v1::Case& item) {
  // One that was opened again since has no verdict any more: it was closed all the same.
  const std::int64_t closed_us = posting.commit_us;
  ForKind(KindOf(item), [&](Cases* cases) {
    v1::CaseFigures& figures = cases->figures;
    figures.set_closed_count(figures.closed_count() + 1);
    if (Upheld(item.case_verdict())) figures.set_upheld_count(figures.upheld_count() + 1);
    if (Rejected(item.case_verdict())) figures.set_rejected_count(figures.rejected_count() + 1);
    cases->closing.push_back(closed_us - Micros(item.create_time()));
  });
  const std::string& principal = posting.posting.principal;
  if (principal.empty()) return;
  Person& person = PersonOf(principal);
  person.figures.set_closed_count(person.figures.closed_count() + 1);
  person.closing.push_back(std::max<std::int64_t>(closed_us - TakenUs(item, principal), 0));
}

void DeskFigures::AddSanction(const storage::StoredPosting& posting, const v1::Sanction& sanction,
                              const std::vector<v1::PartnerSpan>& partners) {
  if (DetailOf(posting.posting) == PostingDetail::kLifted) {
    Lifted(posting, sanction);
  } else {
    Imposed(sanction, partners);
  }
}

void DeskFigures::Imposed(const v1::Sanction& sanction,
                          const std::vector<v1::PartnerSpan>& partners) {
  sanctioned_.insert(sanction.account());
  v1::RuleFigures& rule = rules_[sanction.rule()];
  rule.set_rule(sanction.rule());
  if (sanction.kind() == v1::SANCTION_KIND_WARNING) {
    rule.set_warning_count(rule.warning_count() + 1);
  } else if (sanction.kind() == v1::SANCTION_KIND_HOLD) {
    rule.set_hold_count(rule.hold_count() + 1);
  } else if (sanction.permanent()) {
    rule.set_permanent_count(rule.permanent_count() + 1);
  } else {
    rule.set_restriction_count(rule.restriction_count() + 1);
  }
  if (sanction.actor().machine()) {
    rule.set_machine_count(rule.machine_count() + 1);
  } else {
    v1::PersonFigures& figures = PersonOf(sanction.actor().principal()).figures;
    figures.set_sanction_count(figures.sanction_count() + 1);
  }
  const std::int64_t at_us = Micros(sanction.create_time());
  for (const v1::PartnerSpan& span : partners) {
    const bool then = Micros(span.begin_time()) <= at_us &&
                      (!span.has_end_time() || at_us < Micros(span.end_time()));
    if (!then) continue;
    v1::PartnerSanction& partner = partners_.emplace_back();
    partner.set_channel(span.channel());
    partner.set_account(sanction.account());
    partner.set_sanction(sanction.name());
    partner.set_offence(sanction.offence());
    partner.set_kind(sanction.kind());
    partner.set_permanent(sanction.permanent());
    *partner.mutable_create_time() = sanction.create_time();
    partner.set_lifted(sanction.state() == v1::SANCTION_STATE_LIFTED);
  }
}

void DeskFigures::Lifted(const storage::StoredPosting& posting, const v1::Sanction& sanction) {
  const auto disposition = static_cast<v1::Disposition>(posting.posting.amount);
  // A slip that was taken back at once says nothing about rule or person.
  if (disposition == v1::DISPOSITION_UNDONE) return;
  const bool mistake =
      disposition == v1::DISPOSITION_MISTAKE || disposition == v1::DISPOSITION_APPEAL_UPHELD;
  v1::RuleFigures& rule = rules_[sanction.rule()];
  rule.set_rule(sanction.rule());
  rule.set_lifted_count(rule.lifted_count() + 1);
  if (mistake) rule.set_mistake_count(rule.mistake_count() + 1);
  if (mistake && !sanction.actor().machine()) {
    v1::PersonFigures& figures = PersonOf(sanction.actor().principal()).figures;
    figures.set_mistake_count(figures.mistake_count() + 1);
  }
  if (posting.posting.principal.empty()) return;
  v1::PersonFigures& figures = PersonOf(posting.posting.principal).figures;
  figures.set_lift_count(figures.lift_count() + 1);
}

void DeskFigures::AddWaiting(const v1::Case& item) {
  ForKind(KindOf(item), [](Cases* cases) {
    cases->figures.set_open_now_count(cases->figures.open_now_count() + 1);
  });
}

void DeskFigures::AddAppeal(const storage::StoredPosting& posting, const v1::Appeal& appeal) {
  switch (DetailOf(posting.posting)) {
    case PostingDetail::kAppealSubmitted:
      appeals_.set_submitted_count(appeals_.submitted_count() + 1);
      if (!appeal.has_first_answer_time()) return;
      appeal_answers_.push_back(Micros(appeal.first_answer_time()) - Micros(appeal.create_time()));
      return;
    case PostingDetail::kAppealOverdue:
      appeals_.set_overdue_count(appeals_.overdue_count() + 1);
      return;
    case PostingDetail::kAppealWithdrawn:
      appeals_.set_withdrawn_count(appeals_.withdrawn_count() + 1);
      return;
    case PostingDetail::kAppealUpheld:
      appeals_.set_upheld_count(appeals_.upheld_count() + 1);
      AppealDecided(posting, appeal);
      return;
    case PostingDetail::kAppealReduced:
      appeals_.set_reduced_count(appeals_.reduced_count() + 1);
      AppealDecided(posting, appeal);
      return;
    case PostingDetail::kAppealLifted:
      appeals_.set_lifted_count(appeals_.lifted_count() + 1);
      AppealDecided(posting, appeal);
      return;
    default:
      return;
  }
}

// For whoever decided, and for whose sanction it was: a rule's, or a person's.
void DeskFigures::AppealDecided(const storage::StoredPosting& posting, const v1::Appeal& appeal) {
  appeals_.set_decided_count(appeals_.decided_count() + 1);
  appeal_decisions_.push_back(posting.commit_us - Micros(appeal.create_time()));
  const bool overturned = DetailOf(posting.posting) == PostingDetail::kAppealLifted &&
                          appeal::Overturns(static_cast<v1::Disposition>(posting.posting.amount));
  if (overturned) appeals_.set_overturned_count(appeals_.overturned_count() + 1);
  v1::RuleFigures& rule = rules_[appeal.rule()];
  rule.set_rule(appeal.rule());
  rule.set_appeal_count(rule.appeal_count() + 1);
  if (overturned) rule.set_overturned_count(rule.overturned_count() + 1);
  if (!appeal.imposed_by().machine()) {
    v1::PersonFigures& author = PersonOf(appeal.imposed_by().principal()).figures;
    author.set_appealed_count(author.appealed_count() + 1);
    if (overturned) author.set_overturned_count(author.overturned_count() + 1);
  }
  v1::PersonFigures& decider = PersonOf(posting.posting.principal).figures;
  decider.set_decided_appeal_count(decider.decided_appeal_count() + 1);
}

void DeskFigures::AddWaitingAppeals(int count) {
  appeals_.set_open_now_count(appeals_.open_now_count() + count);
}

void DeskFigures::Fill(const std::string& only, v1::DeskReport* report) {
  report->mutable_total();
  for (auto& [kind, cases] : kinds_) {
    FillWaiting(std::move(cases.first_claim), cases.figures.mutable_first_claim());
    FillWaiting(std::move(cases.closing), cases.figures.mutable_closing());
    cases.figures.set_kind(static_cast<v1::CaseKind>(kind));
    *(kind == kAllKinds ? report->mutable_total() : report->add_kinds()) = cases.figures;
  }
  for (const auto& [name, rule] : rules_)
    *report->add_rules() = rule;
  const auto weight = [](const v1::RuleFigures& rule) {
    return rule.warning_count() + rule.restriction_count() + rule.permanent_count() +
           rule.hold_count();
  };
  std::stable_sort(report->mutable_rules()->begin(), report->mutable_rules()->end(),
                   [&](const auto& a, const auto& b) { return weight(a) > weight(b); });
  for (auto& [principal, person] : people_) {
    if (!only.empty() && principal != only) continue;
    FillWaiting(std::move(person.closing), person.figures.mutable_closing());
    *report->add_people() = person.figures;
  }
  std::stable_sort(
      report->mutable_people()->begin(), report->mutable_people()->end(),
      [](const auto& a, const auto& b) { return a.closed_count() > b.closed_count(); });
  std::stable_sort(partners_.begin(), partners_.end(),
                   [](const auto& a, const auto& b) { return a.channel() < b.channel(); });
  report->set_partners_truncated(partners_.size() > static_cast<std::size_t>(kPartnersMax));
  for (const v1::PartnerSanction& partner : partners_) {
    if (report->partners_size() == kPartnersMax) break;
    *report->add_partners() = partner;
  }
  for (const auto& [category, figures] : complaints_)
    *report->add_complaints() = figures;
  std::vector<v1::HardCase> hard;
  std::transform(hard_.begin(), hard_.end(), std::back_inserter(hard),
                 [](const auto& entry) { return entry.second; });
  std::stable_sort(hard.begin(), hard.end(), [](const auto& a, const auto& b) {
    return Micros(a.create_time()) < Micros(b.create_time());
  });
  for (const v1::HardCase& one : hard) {
    if (report->hard_cases_size() == kHardCasesMax) break;
    *report->add_hard_cases() = one;
  }
  FillWaiting(std::move(appeal_answers_), appeals_.mutable_first_answer());
  FillWaiting(std::move(appeal_decisions_), appeals_.mutable_deciding());
  *report->mutable_appeals() = appeals_;
  report->set_sanctioned_account_count(static_cast<std::int32_t>(sanctioned_.size()));
}

}  // namespace hallwarden::daemon
