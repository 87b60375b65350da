#include "daemon/wording/wording.h"

#include <algorithm>
#include <map>
#include <optional>

#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/hall_service.pb.h"

#include "daemon/wording/table.h"

namespace hallwarden::wording {
namespace {

struct Text {
  std::string_view zh;
  std::string_view en;
};
using Table = std::map<std::string_view, Text>;

// Lines that are not key, tab, Chinese, tab, English are left out; a test finds them.
Table ReadTable(std::string_view tsv) {
  Table table;
  while (!tsv.empty()) {
    const std::size_t end = std::min(tsv.find('\n'), tsv.size());
    const std::string_view line = tsv.substr(0, end);
    tsv.remove_prefix(std::min(end + 1, tsv.size()));
    const std::size_t first = line.find('\t');
    if (line.empty() || line.front() == '#' || first == std::string_view::npos) continue;
    const std::size_t second = line.find('\t', first + 1);
    if (second == std::string_view::npos) continue;
    table[line.substr(0, first)] = {line.substr(first + 1, second - first - 1),
                                    line.substr(second + 1)};
  }
  return table;
}

const Table& TheTable() {
  static const Table* const kTable = new Table(ReadTable(WordingTsv()));
  return *kTable;
}

// A placeholder at the start of `text`, `{name}` with a name of [a-z_]; empty if there is none.
std::string_view PlaceholderAt(std::string_view text) {
  if (text.empty() || text.front() != '{') return {};
  const std::size_t end = text.find('}');
  if (end == std::string_view::npos) return {};
  const std::string_view name = text.substr(1, end - 1);
  const bool plain = std::all_of(name.begin(), name.end(),
                                 [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  return plain ? name : std::string_view{};
}

template <class Value>
std::string FillIn(std::string_view text, const std::vector<Fill>& fills, Value value) {
  std::string out;
  while (!text.empty()) {
    const std::size_t brace = std::min(text.find('{'), text.size());
    out.append(text.substr(0, brace));
    text.remove_prefix(brace);
    if (text.empty()) break;
    const std::string_view name = PlaceholderAt(text);
    const auto fill = std::find_if(fills.begin(), fills.end(), [name](const Fill& f) {
      return !name.empty() && f.name == name;
    });
    if (fill == fills.end()) {
      out.push_back(text.front());
      text.remove_prefix(1);
    } else {
      out.append(value(*fill));
      text.remove_prefix(name.size() + 2);
    }
  }
  return out;
}

// What {amount} means where it is no plain number.
std::optional<Fill> AmountInWords(PostingDetail detail, std::int64_t amount) {
  const int number = static_cast<int>(amount);
  switch (detail) {
    case PostingDetail::kAppealSubmitted:
      return Fill("kind", NameOfValue(*v1::AppealKind_descriptor(), number));
    case PostingDetail::kAppealWithdrawn:
      return Fill("why", NameOfValue(*v1::AppealWithdrawal_descriptor(), number));
    case PostingDetail::kAppealLifted:
    case PostingDetail::kLifted:
      return Fill("disposition", NameOfValue(*v1::Disposition_descriptor(), number));
    case PostingDetail::kEventRefused:
      return Fill("reject", NameOfValue(*v1::RejectReason_descriptor(), number));
    case PostingDetail::kProfileReset:
      return Fill("field", NameOfValue(*v1::ProfileField_descriptor(), number));
    default:
      return std::nullopt;
  }
}

}  // namespace

bool Has(std::string_view key) {
  return TheTable().contains(key);
}

v1::LocalizedText Say(std::string_view key, const std::vector<Fill>& fills) {
  const auto found = TheTable().find(key);
  const Text text = found == TheTable().end() ? Text{key, key} : found->second;
  v1::LocalizedText out;
  out.set_zh(
      FillIn(text.zh, fills, [](const Fill& fill) -> const std::string& { return fill.zh; }));
  out.set_en(
      FillIn(text.en, fills, [](const Fill& fill) -> const std::string& { return fill.en; }));
  return out;
}

v1::LocalizedText Say(std::string_view key, std::initializer_list<Fill> fills) {
  return Say(key, std::vector<Fill>(fills));
}

v1::LocalizedText NameOfValue(const google::protobuf::EnumDescriptor& type, int number) {
  const google::protobuf::EnumValueDescriptor* value = type.FindValueByNumber(number);
  if (value != nullptr) return Say("enum." + value->name());
  v1::LocalizedText out;
  out.set_zh(std::to_string(number));
  out.set_en(out.zh());
  return out;
}

v1::LocalizedText Join(const std::vector<v1::LocalizedText>& texts) {
  if (texts.empty()) return Say("word.none");
  const v1::LocalizedText comma = Say("word.comma");
  v1::LocalizedText out = texts.front();
  for (std::size_t i = 1; i < texts.size(); ++i) {
    out.mutable_zh()->append(comma.zh() + texts[i].zh());
    out.mutable_en()->append(comma.en() + texts[i].en());
  }
  return out;
}

// A switch without a default: a detail that is added without words does not compile.
// NOLINTNEXTLINE(readability-function-size): a table, and the compiler misses no value in it.
std::string_view KeyOf(PostingDetail detail) {
  switch (detail) {
    case PostingDetail::kNone:
      return "posting.none";
    case PostingDetail::kRegistered:
      return "posting.registered";
    case PostingDetail::kNicknameSet:
      return "posting.nickname_set";
    case PostingDetail::kNicknameReset:
      return "posting.nickname_reset";
    case PostingDetail::kSignatureSet:
      return "posting.signature_set";
    case PostingDetail::kAvatarSet:
      return "posting.avatar_set";
    case PostingDetail::kLoggedIn:
      return "posting.logged_in";
    case PostingDetail::kLoggedOut:
      return "posting.logged_out";
    case PostingDetail::kFindingNoted:
      return "posting.finding_noted";
    case PostingDetail::kFindingShadow:
      return "posting.finding_shadow";
    case PostingDetail::kWarned:
      return "posting.warned";
    case PostingDetail::kRestricted:
      return "posting.restricted";
    case PostingDetail::kHeld:
      return "posting.held";
    case PostingDetail::kKicked:
      return "posting.kicked";
    case PostingDetail::kTookEffect:
      return "posting.took_effect";
    case PostingDetail::kSeen:
      return "posting.seen";
    case PostingDetail::kExpired:
      return "posting.expired";
    case PostingDetail::kLifted:
      return "posting.lifted";
    case PostingDetail::kReinstated:
      return "posting.reinstated";
    case PostingDetail::kCaseOpened:
      return "posting.case_opened";
    case PostingDetail::kCaseJoined:
      return "posting.case_joined";
    case PostingDetail::kCaseConfirmed:
      return "posting.case_confirmed";
    case PostingDetail::kCaseDismissed:
      return "posting.case_dismissed";
    case PostingDetail::kNoted:
      return "posting.noted";
    case PostingDetail::kGiftSent:
      return "posting.gift_sent";
    case PostingDetail::kGranted:
      return "posting.granted";
    case PostingDetail::kExchangeAsked:
      return "posting.exchange_asked";
    case PostingDetail::kExchangeShipped:
      return "posting.exchange_shipped";
    case PostingDetail::kToppedUp:
      return "posting.topped_up";
    case PostingDetail::kSpent:
      return "posting.spent";
    case PostingDetail::kReported:
      return "posting.reported";
    case PostingDetail::kPartner:
      return "posting.partner";
    case PostingDetail::kEventRefused:
      return "posting.event_refused";
    case PostingDetail::kPolicyActivated:
      return "posting.policy_activated";
    case PostingDetail::kBankChanged:
      return "posting.bank_changed";
    case PostingDetail::kTokenCreated:
      return "posting.token_created";
    case PostingDetail::kTokenRevoked:
      return "posting.token_revoked";
    case PostingDetail::kProfileReset:
      return "posting.profile_reset";
    case PostingDetail::kSanctionCredited:
      return "posting.sanction_credited";
    case PostingDetail::kServerRetired:
      return "posting.server_retired";
    case PostingDetail::kRestoreAccepted:
      return "posting.restore_accepted";
    case PostingDetail::kEventsLost:
      return "posting.events_lost";
    case PostingDetail::kDirectiveRejected:
      return "posting.directive_rejected";
    case PostingDetail::kServerTripped:
      return "posting.server_tripped";
    case PostingDetail::kServerQuarantined:
      return "posting.server_quarantined";
    case PostingDetail::kServerReleased:
      return "posting.server_released";
    case PostingDetail::kReversalBegan:
      return "posting.server_reversal_began";
    case PostingDetail::kServerReversed:
      return "posting.server_reversed";
    case PostingDetail::kRuleToReview:
      return "posting.rule_to_review";
    case PostingDetail::kRuleReleased:
      return "posting.rule_released";
    case PostingDetail::kLexiconChanged:
      return "posting.lexicon_changed";
    case PostingDetail::kSeatIgnored:
      return "posting.seat_ignored";
    case PostingDetail::kCaseClosed:
      return "posting.case_closed";
    case PostingDetail::kCaseLeaseExpired:
      return "posting.case_lease_expired";
    case PostingDetail::kCaseReturned:
      return "posting.case_returned";
    case PostingDetail::kCaseOverdue:
      return "posting.case_overdue";
    case PostingDetail::kCaseClaimed:
      return "posting.case_claimed";
    case PostingDetail::kCaseReleased:
      return "posting.case_released";
    case PostingDetail::kCaseAssigned:
      return "posting.case_assigned";
    case PostingDetail::kCaseEscalated:
      return "posting.case_escalated";
    case PostingDetail::kCaseReferred:
      return "posting.case_referred";
    case PostingDetail::kCaseReopened:
      return "posting.case_reopened";
    case PostingDetail::kReportedByOther:
      return "posting.reported_by_other";
    case PostingDetail::kReportIgnored:
      return "posting.report_ignored";
    case PostingDetail::kAppealSubmitted:
      return "posting.appeal_submitted";
    case PostingDetail::kAppealClaimed:
      return "posting.appeal_claimed";
    case PostingDetail::kAppealReleased:
      return "posting.appeal_released";
    case PostingDetail::kAppealLeaseExpired:
      return "posting.appeal_lease_expired";
    case PostingDetail::kAppealAnswered:
      return "posting.appeal_answered";
    case PostingDetail::kAppealAsked:
      return "posting.appeal_asked";
    case PostingDetail::kAppealPlayerSaid:
      return "posting.appeal_player_said";
    case PostingDetail::kAppealOverdue:
      return "posting.appeal_overdue";
    case PostingDetail::kAppealUpheld:
      return "posting.appeal_upheld";
    case PostingDetail::kAppealReduced:
      return "posting.appeal_reduced";
    case PostingDetail::kAppealLifted:
      return "posting.appeal_lifted";
    case PostingDetail::kAppealWithdrawn:
      return "posting.appeal_withdrawn";
    case PostingDetail::kRuleOverturned:
      return "posting.rule_overturned";
  }
  return {};
}

v1::LocalizedText SayPosting(const Posting& posting) {
  const auto detail = static_cast<PostingDetail>(posting.detail);
  std::string_view key = KeyOf(detail);
  if (key.empty()) key = KeyOf(PostingDetail::kNone);
  // Rung 0 stands beside the ladder.
  if (posting.amount == 0) {
    if (detail == PostingDetail::kWarned) key = "posting.warned_beside";
    if (detail == PostingDetail::kRestricted) key = "posting.restricted_beside";
  }
  if (posting.resource.empty() && detail == PostingDetail::kRegistered) {
    key = "posting.registered_bare";
  }
  // No rule of the policy wants what was found.
  if (posting.resource.empty() && detail == PostingDetail::kFindingNoted) {
    key = "posting.finding_noted_bare";
  }
  std::vector<Fill> fills = {Fill("resource", posting.resource), Fill("amount", posting.amount)};
  // Why a report does not count stands where others name a resource.
  if (detail == PostingDetail::kReportIgnored) {
    fills.emplace_back("why", Say("ignored." + posting.resource, {}));
  }
  if (std::optional<Fill> words = AmountInWords(detail, posting.amount)) {
    fills.push_back(*std::move(words));
  }
  return Say(key, fills);
}

std::vector<std::string> Keys() {
  std::vector<std::string> keys;
  keys.reserve(TheTable().size());
  for (const auto& [key, text] : TheTable())
    keys.emplace_back(key);
  return keys;
}

std::vector<std::string> PlaceholdersOf(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t at = text.find('{'); at != std::string_view::npos; at = text.find('{', at + 1)) {
    const std::string_view name = PlaceholderAt(text.substr(at));
    if (!name.empty()) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace hallwarden::wording
