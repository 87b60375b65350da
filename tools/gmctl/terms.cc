#include "tools/gmctl/terms.h"

#include <array>
#include <cstddef>
#include <map>

#include <google/protobuf/descriptor.h>

#include "hallwarden/v1/appeal.pb.h"
#include "hallwarden/v1/appeal_policy.pb.h"
#include "hallwarden/v1/bank.pb.h"
#include "hallwarden/v1/directive.pb.h"

#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

struct VocabularyInfo {
  const google::protobuf::EnumDescriptor* descriptor;
  std::string_view prefix;  // Of the enum's values.
  std::string_view key;     // Of the catalogue.
};

VocabularyInfo InfoOf(Vocabulary vocabulary) {
  switch (vocabulary) {
    case Vocabulary::kOffence:
      return {v1::Offence_descriptor(), "OFFENCE_", "offence"};
    case Vocabulary::kCapability:
      return {v1::Capability_descriptor(), "CAPABILITY_", "capability"};
    case Vocabulary::kDisposition:
      return {v1::Disposition_descriptor(), "DISPOSITION_", "disposition"};
    case Vocabulary::kRole:
      return {v1::Role_descriptor(), "ROLE_", "role"};
    case Vocabulary::kSeverity:
      return {v1::Severity_descriptor(), "SEVERITY_", "severity"};
    case Vocabulary::kCategory:
      return {v1::TextCategory_descriptor(), "TEXT_CATEGORY_", "category"};
    case Vocabulary::kState:
      return {v1::SanctionState_descriptor(), "SANCTION_STATE_", "state"};
    case Vocabulary::kTimelineKind:
      return {v1::TimelineKind_descriptor(), "TIMELINE_KIND_", "kind"};
    case Vocabulary::kProfileField:
      return {v1::ProfileField_descriptor(), "PROFILE_FIELD_", "profile"};
    case Vocabulary::kSanctionKind:
      return {v1::SanctionKind_descriptor(), "SANCTION_KIND_", "sanction"};
    case Vocabulary::kAccountClass:
      return {v1::AccountClass_descriptor(), "ACCOUNT_CLASS_", "class"};
    case Vocabulary::kCaseState:
      return {v1::CaseState_descriptor(), "CASE_STATE_", "case_state"};
    case Vocabulary::kCaseKind:
      return {v1::CaseKind_descriptor(), "CASE_KIND_", "case_kind"};
    case Vocabulary::kCaseVerdict:
      return {v1::CaseVerdict_descriptor(), "CASE_VERDICT_", "verdict"};
    case Vocabulary::kCaseStep:
      return {v1::CaseStep_descriptor(), "CASE_STEP_", "step"};
    case Vocabulary::kOutcome:
      return {v1::DirectiveOutcome_descriptor(), "DIRECTIVE_OUTCOME_", "outcome"};
    case Vocabulary::kBankKind:
      return {v1::BankKind_descriptor(), "BANK_KIND_", "bank_kind"};
    case Vocabulary::kConfidence:
      return {v1::Confidence_descriptor(), "CONFIDENCE_", "confidence"};
    case Vocabulary::kOrientation:
      return {v1::AvatarOrientation_descriptor(), "AVATAR_ORIENTATION_", "orientation"};
    case Vocabulary::kRingRole:
      return {v1::RingRole_descriptor(), "RING_ROLE_", "ring_role"};
    case Vocabulary::kRegistrationLink:
      return {v1::RegistrationLink_descriptor(), "REGISTRATION_LINK_", "link"};
    case Vocabulary::kFlowKind:
      return {v1::FlowKind_descriptor(), "FLOW_KIND_", "flow"};
    case Vocabulary::kExchangeState:
      return {v1::ExchangeState_descriptor(), "EXCHANGE_STATE_", "exchange_state"};
    case Vocabulary::kAssetKind:
      return {v1::AssetKind_descriptor(), "ASSET_KIND_", "asset"};
    case Vocabulary::kReportCategory:
      return {v1::ReportCategory_descriptor(), "REPORT_CATEGORY_", "about"};
    case Vocabulary::kAppealKind:
      return {v1::AppealKind_descriptor(), "APPEAL_KIND_", "appeal_kind"};
    case Vocabulary::kAppealState:
      return {v1::AppealState_descriptor(), "APPEAL_STATE_", "appeal_state"};
    case Vocabulary::kAppealSide:
      return {v1::AppealSide_descriptor(), "APPEAL_SIDE_", "appeal_side"};
    case Vocabulary::kAppealVerdict:
      return {v1::AppealVerdict_descriptor(), "APPEAL_VERDICT_", "appeal_verdict"};
    case Vocabulary::kAppealWithdrawal:
      return {v1::AppealWithdrawal_descriptor(), "APPEAL_WITHDRAWAL_", "appeal_withdrawal"};
    case Vocabulary::kReplyStage:
      return {v1::ReplyStage_descriptor(), "REPLY_STAGE_", "reply_stage"};
  }
  return {v1::Offence_descriptor(), "OFFENCE_", "offence"};
}

// Names that GMs use instead of the enum's.
struct Nickname {
  Vocabulary vocabulary;
  std::string_view own;
  std::string_view said;
};

constexpr std::array<Nickname, 15> kNicknames{{
    {Vocabulary::kOffence, "gold_farming", "gold"},
    {Vocabulary::kOffence, "advertising", "ads"},
    {Vocabulary::kOffence, "data_anomaly", "anomaly"},
    {Vocabulary::kOffence, "gold_trading", "trading"},
    {Vocabulary::kOffence, "stolen_account", "stolen"},
    {Vocabulary::kCaseKind, "disputed_hand", "hand"},
    {Vocabulary::kCaseKind, "interrupted_match", "match"},
    {Vocabulary::kCaseKind, "missing_assets", "missing"},
    {Vocabulary::kCaseKind, "cheated_out_of_gold", "cheated"},
    {Vocabulary::kCaseKind, "stolen_account", "stolen"},
    {Vocabulary::kAppealKind, "stolen_account", "stolen"},
    {Vocabulary::kAppealKind, "too_hard", "hard"},
    {Vocabulary::kRole, "senior_gm", "senior"},
    {Vocabulary::kRole, "appeal_agent", "agent"},
    {Vocabulary::kRole, "game_server", "server"},
}};

std::string ShortOf(Vocabulary vocabulary, const VocabularyInfo& info,
                    const google::protobuf::EnumValueDescriptor& value) {
  std::string name = LowerAscii(std::string_view(value.name()).substr(info.prefix.size()));
  for (const Nickname& nickname : kNicknames) {
    if (nickname.vocabulary == vocabulary && nickname.own == name) {
      return std::string(nickname.said);
    }
  }
  return name;
}

// What may be typed for each number: the short name, the enum's own name, and the synonyms of the
// catalogue (`offence.stalling.said`, separated by spaces, Chinese ones in the Chinese column).
std::map<std::string, int> TypedTable(Vocabulary vocabulary) {
  const VocabularyInfo info = InfoOf(vocabulary);
  std::map<std::string, int> table;
  for (int i = 0; i < info.descriptor->value_count(); ++i) {
    const auto& value = *info.descriptor->value(i);
    if (value.number() == 0) continue;
    const std::string name = ShortOf(vocabulary, info, value);
    table[name] = value.number();
    table[LowerAscii(std::string_view(value.name()).substr(info.prefix.size()))] = value.number();
    const auto said = AllSentences().find(Cat({info.key, ".", name, ".said"}));
    if (said == AllSentences().end()) continue;
    for (const std::string* side : {&said->second.zh, &said->second.en}) {
      for (const std::string& word : Split(*side, ' ')) {
        if (!word.empty()) table[word] = value.number();
      }
    }
  }
  return table;
}

}  // namespace

std::string ShortName(Vocabulary vocabulary, int number) {
  if (number == 0) return "";
  const VocabularyInfo info = InfoOf(vocabulary);
  const auto* const value = info.descriptor->FindValueByNumber(number);
  if (value == nullptr) return Cat({"unknown_", std::to_string(number)});
  return ShortOf(vocabulary, info, *value);
}

std::string WordFor(Vocabulary vocabulary, int number, const Catalogue& catalogue) {
  const std::string name = ShortName(vocabulary, number);
  const std::string key = Cat({InfoOf(vocabulary).key, ".", name});
  return catalogue.Has(key) ? catalogue.Text(key) : name;
}

std::vector<std::string> TypedWords(Vocabulary vocabulary) {
  const VocabularyInfo info = InfoOf(vocabulary);
  std::vector<std::string> words;
  for (int i = 0; i < info.descriptor->value_count(); ++i) {
    const auto& value = *info.descriptor->value(i);
    if (value.number() != 0) words.push_back(ShortOf(vocabulary, info, value));
  }
  return words;
}

absl::StatusOr<int> ReadWord(Vocabulary vocabulary, std::string_view word) {
  const std::map<std::string, int> table = TypedTable(vocabulary);
  const auto found = table.find(LowerAscii(word));
  if (found != table.end()) return found->second;
  std::vector<std::string> all;
  for (const auto& [typed, number] : table)
    all.push_back(typed);
  const std::string list = Join(TypedWords(vocabulary), ", ");
  const std::string what(InfoOf(vocabulary).key);
  const auto near = DidYouMean(word, all);
  if (near.has_value()) {
    return UsageProblem(
        "err.word.near",
        {{"word", std::string(word)}, {"near", *near}, {"list", list}, {"what", what}});
  }
  return UsageProblem("err.word.unknown",
                      {{"word", std::string(word)}, {"list", list}, {"what", what}});
}

absl::StatusOr<std::vector<int>> ReadWords(Vocabulary vocabulary, std::string_view words) {
  std::vector<int> numbers;
  for (const std::string& word : Split(words, ',')) {
    const absl::StatusOr<int> number = ReadWord(vocabulary, Trim(word));
    if (!number.ok()) return number.status();
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace hallwarden::gmctl
