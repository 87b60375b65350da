#include "rules/policy/desk_settings.h"

#include <algorithm>

#include "rules/policy/check.h"

namespace hallwarden::policy {
namespace {

constexpr std::int32_t kReportsPerHour = 10;
constexpr std::int32_t kReportsPerDay = 30;
constexpr std::int32_t kMinReliabilityMilli = 200;
constexpr std::int32_t kOpenWeightMilli = 1'000;

std::int64_t Or(bool present, const google::protobuf::Duration& duration, std::int64_t built_in) {
  return present ? ToMicros(duration) : built_in;
}

// Missing: built in; negative: none.
std::uint32_t Or(std::int32_t value, std::int32_t built_in) {
  return static_cast<std::uint32_t>(value == 0 ? built_in : std::max(value, 0));
}

}  // namespace

const CaseTerm& DeskSettings::Term(v1::CaseKind kind) const {
  const auto index = static_cast<std::size_t>(v1::CaseKind_IsValid(kind) ? kind : 0);
  return terms[index == 0 ? static_cast<std::size_t>(v1::CASE_KIND_MISCONDUCT) : index];
}

const Department* DeskSettings::FindDepartment(std::string_view name) const {
  const auto found =
      std::find_if(departments.begin(), departments.end(), [name](const Department& department) {
        return name == department.id || name == department.title.zh() ||
               name == department.title.en();
      });
  return found == departments.end() ? nullptr : &*found;
}

DeskSettings CompileDesk(const v1::DeskPolicy& desk) {
  DeskSettings made;
  made.lease_us = Or(desk.has_lease(), desk.lease(), 30 * kMinuteUs);
  made.reopen_us = Or(desk.has_reopen_window(), desk.reopen_window(), 30 * kDayUs);
  made.terms.fill({kDayUs, v1::ROLE_GM});
  for (const v1::CaseTerms& terms : desk.terms()) {
    CaseTerm& term = made.terms[static_cast<std::size_t>(terms.kind())];
    term.answer_us = ToMicros(terms.answer_within());
    if (terms.least_role() != v1::ROLE_UNSPECIFIED) term.least_role = terms.least_role();
  }
  for (const v1::Department& source : desk.departments()) {
    made.departments.push_back({source.department_id(), source.title(),
                                Or(source.has_answer_within(), source.answer_within(), kDayUs)});
  }
  v1::QueueWeights weights;
  weights.set_serious_minutes(240);
  weights.set_evidence_minutes(30);
  weights.set_gold_minutes(20);
  weights.set_report_minutes(15);
  // All or none: whoever writes one of them wants the others to be what he wrote, nothing included.
  if (desk.has_weights()) weights = desk.weights();
  made.serious_us = weights.serious_minutes() * kMinuteUs;
  made.evidence_us = weights.evidence_minutes() * kMinuteUs;
  made.gold_us = weights.gold_minutes() * kMinuteUs;
  made.report_us = weights.report_minutes() * kMinuteUs;
  const v1::ReportLimits& reports = desk.reports();
  made.reports_per_hour = Or(reports.per_hour(), kReportsPerHour);
  made.reports_per_day = Or(reports.per_day(), kReportsPerDay);
  made.min_reliability_milli = Or(reports.min_reliability_milli(), kMinReliabilityMilli);
  made.open_weight_milli = Or(reports.open_weight_milli(), kOpenWeightMilli);
  made.thanks = reports.thanks();
  made.founded = reports.founded();
  made.unfounded = reports.unfounded();
  return made;
}

}  // namespace hallwarden::policy
