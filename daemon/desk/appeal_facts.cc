#include "daemon/desk/appeal_facts.h"

#include <algorithm>
#include <string>

#include "daemon/desk/shape.h"

namespace hallwarden::daemon {
namespace {

v1::AccountClass ClassAt(const std::vector<v1::PartnerSpan>& partners, std::int64_t at_us) {
  const bool partner =
      std::any_of(partners.begin(), partners.end(), [at_us](const v1::PartnerSpan& span) {
        return Micros(span.begin_time()) <= at_us &&
               (!span.has_end_time() || at_us < Micros(span.end_time()));
      });
  return partner ? v1::ACCOUNT_CLASS_PARTNER : v1::ACCOUNT_CLASS_ORDINARY;
}

// Left to people since, or taken out of force: the machine would not act on it today.
bool InReview(const std::vector<v1::RuleStatus>& rules, const std::string& rule) {
  if (rule.empty()) return false;
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const v1::RuleStatus& status) {
    return status.name() == "rules/" + rule;
  });
  return found == rules.end() || found->has_review_time() || found->mode() != v1::MODE_ENFORCE;
}

// One piece that was plain to see is enough.
bool Disguised(const v1::Finding& finding) {
  bool matched = false;
  for (const v1::Evidence& evidence : finding.evidence()) {
    if (evidence.matched_entry().empty()) continue;
    matched = true;
    if (!evidence.disguised()) return false;
  }
  return matched;
}

}  // namespace

appeal::AppealFacts FactsOf(const AppealSources& sources) {
  const v1::Sanction& sanction = *sources.sanction;
  const v1::Finding& finding = sanction.finding();
  const v1::LadderStep& step = sanction.step();
  appeal::AppealFacts facts;
  facts.kind = sources.appeal->kind();
  facts.now_us = sources.now_us;
  facts.account_class = ClassAt(sources.partners, Micros(sanction.create_time()));
  facts.counted_before = static_cast<std::int32_t>(
      std::count_if(step.priors().begin(), step.priors().end(),
                    [](const v1::CountedPrior& prior) { return prior.counted(); }));
  facts.mistakes_before = sources.mistakes;
  facts.sanction_kind = sanction.kind();
  facts.offence = sanction.offence();
  facts.severity = finding.severity();
  facts.machine = sanction.actor().machine();
  facts.permanent = sanction.permanent();
  facts.off_ladder = !facts.machine && sanction.kind() == v1::SANCTION_KIND_RESTRICTION &&
                     (step.ladder().empty() || !step.deviation_reason().empty());
  facts.seen = sanction.has_seen_time();
  if (sanction.has_start_time()) facts.start_us = Micros(sanction.start_time());
  if (sanction.has_term()) facts.term_us = Micros(sanction.term());
  facts.has_evidence = !finding.evidence().empty() || finding.evidence_log10_milli() > 0;
  facts.disguised = Disguised(finding);
  facts.confidence = finding.confidence();
  facts.evidence_milli = finding.evidence_log10_milli();
  facts.case_milli = sources.case_milli;
  facts.act_milli = sources.act_milli;
  facts.counter_evidence = finding.counter_evidence_size();
  facts.found_now = sources.found_now;
  facts.rule_in_review = facts.machine && InReview(sources.rules, sanction.rule());
  facts.takeover_signs = sources.logins_broke;
  return facts;
}

appeal::FoundNow ReadAgain(const v1::Sanction& sanction, const ReadingParts& parts) {
  bool read = false;
  for (const v1::Evidence& evidence : sanction.finding().evidence()) {
    const bool name = evidence.surface() == "nickname" || evidence.surface() == "signature";
    if (!name || evidence.matched_entry().empty() || evidence.text().empty()) {
      return appeal::FoundNow::kUnknown;
    }
    v1::ExplainTextResponse reading;
    ExplainText(parts, true, evidence.text(), &reading);
    const bool clean = reading.verdict() == v1::TEXT_VERDICT_CLEAN && reading.contacts().empty();
    if (!clean) return appeal::FoundNow::kYes;
    read = true;
  }
  return read ? appeal::FoundNow::kNo : appeal::FoundNow::kUnknown;
}

}  // namespace hallwarden::daemon
