// How the desk works: terms that can be kept, departments that can be told apart, texts that
// players may read.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "hallwarden/v1/desk_policy.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/desk_settings.h"
#include "rules/policy/diagnostics.h"

namespace hallwarden::policy {
namespace {

using DeskNode = Node<v1::DeskPolicy>;

constexpr std::size_t kTitleMaxBytes = 64;
constexpr std::size_t kTextMaxBytes = 512;
constexpr int kDepartmentsMax = 50;

struct NumberField {
  std::string_view what;
  int field_number;
  std::int32_t value;
  std::int32_t min;  // besides 0, which stands for the built-in value
  std::int32_t max;
};

void CheckNumber(const CheckContext& context, const AnyNode& node, const NumberField& field) {
  if (field.value == 0 || (field.value >= field.min && field.value <= field.max)) return;
  context.reporter->Error(
      node.At(field.field_number), std::string(field.what) + " is " + std::to_string(field.value),
      "within " + std::to_string(field.min) + " and " + std::to_string(field.max));
}

void CheckTerms(const CheckContext& context, const DeskNode& desk) {
  using T = v1::CaseTerms;
  std::set<int> seen;
  for (int i = 0; i < desk->terms_size(); ++i) {
    const auto terms = ChildOf(desk, desk->terms(i), v1::DeskPolicy::kTermsFieldNumber, i);
    const Place kind = terms.At(T::kKindFieldNumber);
    if (terms->kind() == v1::CASE_KIND_UNSPECIFIED) {
      context.reporter->Error(kind, "terms without a kind of case",
                              "write kind: CASE_KIND_MISCONDUCT or another");
    } else if (!seen.insert(terms->kind()).second) {
      context.reporter->Error(kind, v1::CaseKind_Name(terms->kind()) + " has terms already",
                              "remove one of the two");
    }
    if (!terms->has_answer_within()) {
      context.reporter->Error(terms.place, "terms without answer_within",
                              "say by when an answer is due, for example answer_within { seconds: "
                              "1800 }");
    } else {
      CheckDuration(context, terms.At(T::kAnswerWithinFieldNumber), terms->answer_within(),
                    {"answer_within", kMinuteUs, 30 * kDayUs});
    }
    switch (terms->least_role()) {
      case v1::ROLE_UNSPECIFIED:
      case v1::ROLE_GM:
      case v1::ROLE_SENIOR_GM:
      case v1::ROLE_LEAD:
      case v1::ROLE_ADMIN:
        break;
      default:
        context.reporter->Error(terms.At(T::kLeastRoleFieldNumber),
                                v1::Role_Name(terms->least_role()) + " closes no case",
                                "ROLE_GM, ROLE_SENIOR_GM, ROLE_LEAD or ROLE_ADMIN");
    }
  }
}

void CheckDepartments(const CheckContext& context, const DeskNode& desk) {
  using D = v1::Department;
  if (desk->departments_size() > kDepartmentsMax) {
    context.reporter->Error(desk.At(v1::DeskPolicy::kDepartmentsFieldNumber, kDepartmentsMax),
                            std::to_string(desk->departments_size()) + " departments",
                            "at most " + std::to_string(kDepartmentsMax));
    return;
  }
  // A GM types any of the three; two departments must not answer to one word.
  std::set<std::string> words;
  for (int i = 0; i < desk->departments_size(); ++i) {
    const auto department =
        ChildOf(desk, desk->departments(i), v1::DeskPolicy::kDepartmentsFieldNumber, i);
    CheckId(context, department.At(D::kDepartmentIdFieldNumber), department->department_id(), "");
    CheckText(context, ChildOf(department, department->title(), D::kTitleFieldNumber), "title",
              kTitleMaxBytes);
    if (department->has_answer_within()) {
      CheckDuration(context, department.At(D::kAnswerWithinFieldNumber),
                    department->answer_within(), {"answer_within", kHourUs, 90 * kDayUs});
    }
    const std::set<std::string> own = {department->department_id(), department->title().zh(),
                                       department->title().en()};
    for (const std::string& word : own) {
      if (word.empty() || words.insert(word).second) continue;
      context.reporter->Error(department.place, "two departments are called " + word,
                              "give one of them another name");
    }
  }
}

void CheckReports(const CheckContext& context, const Node<v1::ReportLimits>& reports) {
  using R = v1::ReportLimits;
  const NumberField fields[] = {
      {"per_hour", R::kPerHourFieldNumber, reports->per_hour(), 1, 1000},
      {"per_day", R::kPerDayFieldNumber, reports->per_day(), 1, 10'000},
      {"min_reliability_milli", R::kMinReliabilityMilliFieldNumber,
       reports->min_reliability_milli(), -1, 900},
      {"open_weight_milli", R::kOpenWeightMilliFieldNumber, reports->open_weight_milli(), 100,
       20'000},
  };
  for (const NumberField& field : fields)
    CheckNumber(context, reports, field);
  v1::DeskPolicy desk;
  *desk.mutable_reports() = reports.get();
  const DeskSettings compiled = CompileDesk(desk);
  if (compiled.reports_per_day < compiled.reports_per_hour) {
    context.reporter->Error(reports.place, "fewer reports in a day than in an hour",
                            "raise per_day or lower per_hour; built in are 30 and 10");
  }
  if (reports->has_thanks()) {
    CheckText(context, ChildOf(reports, reports->thanks(), R::kThanksFieldNumber), "thanks",
              kTextMaxBytes);
  }
  if (reports->has_founded()) {
    CheckText(context, ChildOf(reports, reports->founded(), R::kFoundedFieldNumber), "founded",
              kTextMaxBytes);
  }
  if (reports->has_unfounded()) {
    CheckText(context, ChildOf(reports, reports->unfounded(), R::kUnfoundedFieldNumber),
              "unfounded", kTextMaxBytes);
  }
}

}  // namespace

void CheckDesk(const CheckContext& context) {
  using P = v1::DeskPolicy;
  using W = v1::QueueWeights;
  const auto desk = ChildOf(context.policy, context.policy->desk(), v1::Policy::kDeskFieldNumber);
  if (desk->has_lease()) {
    CheckDuration(context, desk.At(P::kLeaseFieldNumber), desk->lease(),
                  {"lease", kMinuteUs, kDayUs});
  }
  if (desk->has_reopen_window()) {
    CheckDuration(context, desk.At(P::kReopenWindowFieldNumber), desk->reopen_window(),
                  {"reopen_window", kMinuteUs, 400 * kDayUs});
  }
  CheckTerms(context, desk);
  CheckDepartments(context, desk);
  const auto weights = ChildOf(desk, desk->weights(), P::kWeightsFieldNumber);
  const NumberField fields[] = {
      {"serious_minutes", W::kSeriousMinutesFieldNumber, weights->serious_minutes(), 1, 43'200},
      {"evidence_minutes", W::kEvidenceMinutesFieldNumber, weights->evidence_minutes(), 1, 4320},
      {"gold_minutes", W::kGoldMinutesFieldNumber, weights->gold_minutes(), 1, 4320},
      {"report_minutes", W::kReportMinutesFieldNumber, weights->report_minutes(), 1, 4320},
  };
  for (const NumberField& field : fields)
    CheckNumber(context, weights, field);
  CheckReports(context, ChildOf(desk, desk->reports(), P::kReportsFieldNumber));
}

}  // namespace hallwarden::policy
