#include "rules/avatar/avatar_rule.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "rules/avatar/qr_text.h"

namespace hallwarden::avatar {
namespace {

constexpr std::string_view kSurface = "avatar";
// What two pictures that have nothing in common differ in, of 256 bits.
constexpr std::int64_t kUnrelated = 128;

v1::Evidence& Begin(v1::Offence offence, v1::TextCategory category, v1::Confidence confidence,
                    v1::Finding* finding) {
  finding->set_offence(offence);
  finding->set_category(category);
  finding->set_severity(v1::SEVERITY_LIGHT);
  finding->set_confidence(confidence);
  finding->set_detector("avatar");
  v1::Evidence& evidence = *finding->add_evidence();
  evidence.set_surface(std::string(kSurface));
  evidence.set_category(category);
  return evidence;
}

void AddMeasure(std::string_view key, std::int64_t value, std::int64_t expected,
                v1::Evidence* evidence) {
  constexpr std::int64_t kMilli = 1000;
  v1::Measure& measure = *evidence->add_measures();
  measure.set_key(std::string(key));
  measure.set_value_milli(value * kMilli);
  measure.set_expected_milli(expected * kMilli);
}

v1::LocalizedText TurnedWords(v1::AvatarOrientation orientation) {
  v1::LocalizedText words;
  switch (orientation) {
    case v1::AVATAR_ORIENTATION_ROTATED_90:
    case v1::AVATAR_ORIENTATION_ROTATED_180:
    case v1::AVATAR_ORIENTATION_ROTATED_270:
      words.set_zh("旋转后");
      words.set_en(", turned");
      break;
    case v1::AVATAR_ORIENTATION_FLIPPED_ROWS:
    case v1::AVATAR_ORIENTATION_FLIPPED_COLUMNS:
    case v1::AVATAR_ORIENTATION_TRANSPOSED:
    case v1::AVATAR_ORIENTATION_ANTI_TRANSPOSED:
      words.set_zh("翻转后");
      words.set_en(", mirrored");
      break;
    default:
      break;
  }
  return words;
}

}  // namespace

std::optional<Look> LookOf(const v1::AvatarChanged& changed) {
  const v1::AvatarReading& reading = changed.reading();
  constexpr std::size_t kAll = kOrientations * Hash256::kBytes;
  if (reading.pdq_hashes().size() == kAll) {
    Look look;
    look.quality = reading.pdq_quality();
    for (std::size_t i = 0; i < look.hashes.size(); ++i) {
      const std::string_view all = reading.pdq_hashes();
      look.hashes[i] = *FromBytes(all.substr(i * Hash256::kBytes, Hash256::kBytes));
    }
    return Plausible(look.hashes[0]) ? std::optional(look) : std::nullopt;
  }
  // What the picture itself says counts, not what the server says of it.
  if (changed.has_reading() && reading.fault() == v1::IMAGE_FAULT_UNSPECIFIED) return std::nullopt;
  const std::optional<Hash256> hash = FromBytes(changed.pdq_hash());
  if (!hash.has_value() || !Plausible(*hash)) return std::nullopt;
  return Look{TurnHash(*hash), changed.pdq_quality()};
}

std::optional<v1::Finding> JudgeQrCodes(const v1::AvatarReading& reading,
                                        const text::NameScreener* names,
                                        const policy::AvatarSettings& settings) {
  QrVerdict strongest;
  const v1::QrCode* said = nullptr;
  for (const v1::QrCode& code : reading.qr_codes()) {
    if (code.text().empty()) continue;
    std::vector<text::TextHit> hits;
    if (names != nullptr) hits = names->Screen(code.text());
    QrVerdict verdict = JudgeQrText(code.text(), hits, settings.own_hosts);
    if (verdict.entry.empty()) continue;  // the operator's own
    if (said != nullptr && verdict.confidence <= strongest.confidence) continue;
    strongest = std::move(verdict);
    said = &code;
  }
  if (said == nullptr) return std::nullopt;
  v1::Finding finding;
  v1::Evidence& evidence = Begin(v1::OFFENCE_ADVERTISING, v1::TEXT_CATEGORY_ADVERT,
                                 std::min(strongest.confidence, settings.qr_confidence), &finding);
  evidence.set_text(said->text());
  evidence.set_span_begin(static_cast<std::int32_t>(strongest.begin));
  evidence.set_span_end(static_cast<std::int32_t>(strongest.end));
  evidence.set_matched_entry(strongest.entry);
  finding.mutable_summary()->set_zh("头像中有二维码（" + strongest.entry + "）。");
  finding.mutable_summary()->set_en("The avatar holds a QR code (" + strongest.entry + ").");
  return finding;
}

v1::Finding ClaimMatch(const BankPicture& picture, const v1::AvatarMatch& match) {
  v1::Finding finding;
  const bool advert = picture.category == v1::TEXT_CATEGORY_ADVERT;
  v1::Evidence& evidence = Begin(advert ? v1::OFFENCE_ADVERTISING : v1::OFFENCE_AVATAR,
                                 picture.category, picture.confidence, &finding);
  evidence.set_matched_entry(match.entry());
  *evidence.mutable_avatar_match() = match;
  // Who turns a picture wants it not to be recognised.
  evidence.set_disguised(match.orientation() != v1::AVATAR_ORIENTATION_AS_IS);
  AddMeasure("avatar.distance", match.distance(), kUnrelated, &evidence);
  AddMeasure("avatar.quality", match.pdq_quality(), 0, &evidence);
  const v1::LocalizedText turned = TurnedWords(match.orientation());
  const std::string bits = std::to_string(match.distance());
  finding.mutable_summary()->set_zh("头像" + turned.zh() + "与图库 " + match.bank() +
                                    " 中的图片在 256 位中相差 " + bits +
                                    " 位；无关的图片约相差 128 位。");
  finding.mutable_summary()->set_en("The avatar" + turned.en() + " differs in " + bits +
                                    " of 256 bits from a picture in the bank " + match.bank() +
                                    "; unrelated pictures differ in about 128.");
  return finding;
}

v1::Finding ClaimUnknown(Risk risk, const v1::AvatarMatch& look) {
  v1::Finding finding;
  v1::Evidence& evidence =
      Begin(v1::OFFENCE_AVATAR, v1::TEXT_CATEGORY_UNSPECIFIED, v1::CONFIDENCE_REVIEW, &finding);
  if (!look.pdq_hash().empty()) *evidence.mutable_avatar_match() = look;
  const bool punished = risk == Risk::kPunished;
  evidence.set_matched_entry(punished ? "patrol/punished" : "patrol/open_case");
  finding.mutable_summary()->set_zh(punished
                                        ? "新头像，图库中没有；该账号有计入阶梯的处罚，请巡查。"
                                        : "新头像，图库中没有；该账号有未结工单，请巡查。");
  finding.mutable_summary()->set_en(
      punished
          ? "A new avatar that no bank knows; a sanction counts against its account: look at it."
          : "A new avatar that no bank knows; a case about its account is open: look at it.");
  return finding;
}

}  // namespace hallwarden::avatar
