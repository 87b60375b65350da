#include "tools/gmctl/evidence_words.h"

#include <cstdint>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::int64_t kMilli = 1'000;

// Where it was seen; a surface without a name of its own is shown as the rules call it.
std::string SurfaceWords(const std::string& surface, const Look& look) {
  const std::string key = Cat({"surface.", surface});
  return look.catalogue().Has(key) ? look.catalogue().Text(key) : Guard(surface);
}

// Evidence that is nothing but a hand to look at: all of them go into one line.
bool IsHandOnly(const v1::Evidence& one) {
  return one.surface() == "hand" && !one.hand().empty() && one.text().empty() &&
         one.measures().empty() && one.remark().empty();
}

std::string PictureWords(const v1::AvatarMatch& match, const Look& look) {
  return look.catalogue().Text("evidence.picture", {{"bank", Guard(match.bank())},
                                                    {"entry", ShortId(match.entry())},
                                                    {"bits", std::to_string(match.distance())}});
}

// A power of ten: a number for who computes with it, not for who decides on it.
bool IsStrength(const v1::Measure& measure) {
  return measure.key().find(".log10_") != std::string::npos;
}

std::string EvidenceWords(const v1::Evidence& one, const Look& look, bool explain) {
  std::vector<std::string> parts;
  if (!one.surface().empty()) parts.push_back(SurfaceWords(one.surface(), look));
  if (!one.text().empty()) parts.push_back(EscapePlayerText(one.text()));
  if (!one.reading().empty() && one.disguised()) {
    parts.push_back(
        look.catalogue().Text("evidence.read_as", {{"text", EscapePlayerText(one.reading())}}));
  }
  if (!one.matched_entry().empty()) parts.push_back(Cat({"[", Guard(one.matched_entry()), "]"}));
  if (one.has_avatar_match()) parts.push_back(PictureWords(one.avatar_match(), look));
  for (const v1::Measure& measure : one.measures()) {
    if (explain || !IsStrength(measure)) parts.push_back(MeasureWords(measure, look));
  }
  if (!one.table().empty()) {
    parts.push_back(look.catalogue().Text("evidence.table", {{"id", Guard(one.table())}}));
  }
  if (!one.hand().empty()) {
    parts.push_back(look.catalogue().Text("evidence.hand", {{"id", Guard(one.hand())}}));
  }
  if (!one.remark().empty()) parts.push_back(Guard(one.remark()));
  if (one.has_event_time()) parts.push_back(look.Moment(one.event_time()));
  return Join(parts, "  ");
}

using EvidenceList = google::protobuf::RepeatedPtrField<v1::Evidence>;

void AddLines(const EvidenceList& list, std::string_view mark, const Look& look, bool explain,
              std::vector<std::string>* lines) {
  std::vector<std::string> hands;
  for (const v1::Evidence& one : list) {
    if (IsHandOnly(one)) {
      hands.push_back(Guard(one.hand()));
    } else {
      lines->push_back(Cat({mark, EvidenceWords(one, look, explain)}));
    }
  }
  if (!hands.empty()) {
    lines->push_back(
        Cat({mark, look.catalogue().Text("evidence.hands", {{"list", Join(hands, ", ")}})}));
  }
}

// What is claimed: the rules' own sentence, else what it is about.
std::string ClaimWords(const v1::Finding& finding, const Look& look) {
  if (finding.has_summary()) return look.catalogue().Text(finding.summary());
  const std::string about =
      finding.category() == v1::TEXT_CATEGORY_UNSPECIFIED
          ? WordFor(Vocabulary::kOffence, finding.offence(), look.catalogue())
          : WordFor(Vocabulary::kCategory, finding.category(), look.catalogue());
  return Cat({Guard(finding.detector()), "  ", about});
}

}  // namespace

std::string MeasureWords(const v1::Measure& measure, const Look& look) {
  const Catalogue& text = look.catalogue();
  const std::string key = Cat({"measure.", measure.key()});
  const std::string name = text.Has(key) ? text.Text(key) : Guard(measure.key());
  const std::string value = std::to_string(measure.value_milli() / kMilli);
  if (measure.expected_milli() == 0) return Cat({name, " ", value});
  const std::int64_t tenths = measure.expected_milli() / (kMilli / 10);
  return text.Text(
      "evidence.expected",
      {{"name", name},
       {"value", value},
       {"honest", Cat({std::to_string(tenths / 10), ".", std::to_string(tenths % 10)})}});
}

std::string EvidenceLines(const v1::Finding& finding, const Look& look) {
  std::vector<std::string> lines;
  AddLines(finding.evidence(), "", look, true, &lines);
  return Join(lines, "\n");
}

std::string FindingWords(const v1::Finding& finding, const Look& look, bool explain) {
  std::vector<std::string> lines;
  lines.push_back(
      Cat({Tinted(kTintBold, ClaimWords(finding, look)),
           finding.has_create_time() ? Cat({"  ", look.Moment(finding.create_time())}) : ""}));
  AddLines(finding.evidence(), "+ ", look, explain, &lines);
  AddLines(finding.counter_evidence(), "- ", look, explain, &lines);
  if (explain && finding.evidence_log10_milli() != 0) {
    const v1::Measure all = [&] {
      v1::Measure measure;
      measure.set_key("evidence");
      measure.set_value_milli(finding.evidence_log10_milli());
      return measure;
    }();
    lines.push_back(MeasureWords(all, look));
  }
  std::vector<std::string> missing;
  for (const std::string& input : finding.missing_inputs())
    missing.push_back(Guard(input));
  if (!missing.empty()) {
    lines.push_back(look.catalogue().Text("evidence.missing", {{"list", Join(missing, ", ")}}));
  }
  return Join(lines, "\n");
}

}  // namespace hallwarden::gmctl
