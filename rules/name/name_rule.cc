#include "rules/name/name_rule.h"

#include <algorithm>
#include <vector>

namespace hallwarden {
namespace {

constexpr std::size_t kEvidenceMax = 8;

v1::TextCategory CategoryOf(text::Category category) {
  switch (category) {
    case text::Category::kPorn:
      return v1::TEXT_CATEGORY_PORN;
    case text::Category::kInsult:
      return v1::TEXT_CATEGORY_INSULT;
    case text::Category::kReligion:
      return v1::TEXT_CATEGORY_RELIGION;
    case text::Category::kPolitics:
      return v1::TEXT_CATEGORY_POLITICS;
    case text::Category::kImpersonation:
      return v1::TEXT_CATEGORY_IMPERSONATION;
    case text::Category::kAdvert:
    case text::Category::kGamble:
    case text::Category::kFraud:
      return v1::TEXT_CATEGORY_ADVERT;
    case text::Category::kAbuse:
      return v1::TEXT_CATEGORY_INSULT;
    // Nobody hides a name but to be mistaken for somebody else.
    case text::Category::kUnreadable:
      return v1::TEXT_CATEGORY_IMPERSONATION;
    case text::Category::kAllow:
      break;
  }
  return v1::TEXT_CATEGORY_UNSPECIFIED;
}

v1::Confidence ConfidenceOf(text::Severity severity) {
  switch (severity) {
    case text::Severity::kPlain:
      return v1::CONFIDENCE_PLAIN;
    case text::Severity::kReview:
      return v1::CONFIDENCE_REVIEW;
    case text::Severity::kNote:
      break;
  }
  return v1::CONFIDENCE_NOTE;
}

// The entry as evidence names it. Entries come from a list that is checked to be UTF-8.
std::string EntryName(const text::NameHit& hit) {
  return std::string(text::CategoryName(hit.category)) + "/" + hit.entry;
}

}  // namespace

std::optional<v1::Finding> JudgeName(const text::NameScreener& screener, std::string_view surface,
                                     std::string_view text) {
  const std::vector<text::NameHit> hits = screener.Screen(text);
  if (hits.empty()) return std::nullopt;
  const text::NameHit& strongest = hits.front();
  v1::Finding finding;
  finding.set_category(CategoryOf(strongest.category));
  finding.set_offence(finding.category() == v1::TEXT_CATEGORY_ADVERT ? v1::OFFENCE_ADVERTISING
                                                                     : v1::OFFENCE_NAME);
  finding.set_severity(v1::SEVERITY_LIGHT);
  finding.set_confidence(ConfidenceOf(strongest.severity));
  finding.set_detector("name");
  for (std::size_t i = 0; i < std::min(hits.size(), kEvidenceMax); ++i) {
    const text::NameHit& hit = hits[i];
    v1::Evidence& evidence = *finding.add_evidence();
    evidence.set_surface(std::string(surface));
    evidence.set_text(std::string(text));
    evidence.set_span_begin(static_cast<std::int32_t>(hit.begin));
    evidence.set_span_end(static_cast<std::int32_t>(hit.end));
    evidence.set_category(CategoryOf(hit.category));
    evidence.set_matched_entry(EntryName(hit));
    evidence.set_reading(hit.reading);
    evidence.set_disguised(hit.disguised);
  }
  return finding;
}

bool Disguised(const v1::Finding& finding) {
  return !finding.evidence().empty() && finding.evidence(0).disguised();
}

}  // namespace hallwarden
