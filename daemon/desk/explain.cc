#include "daemon/desk/explain.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "daemon/desk/desk_util.h"
#include "daemon/desk/shape.h"
#include "daemon/wording/wording.h"
#include "rules/policy/notice.h"

namespace hallwarden::daemon {
namespace {

using ::hallwarden::wording::Fill;
using ::hallwarden::wording::NameOf;
using ::hallwarden::wording::Say;

constexpr std::size_t kQuoteMax = 200;  // bytes
constexpr int kEvidenceMax = 5;         // pieces that are told; the rest is in the sanction
constexpr int kPriorsMax = 20;

// Thousandths as a decimal number: 1500 is `1.5`.
std::string MilliText(std::int64_t milli) {
  std::string text = std::to_string(milli / 1000);
  const std::int64_t rest = std::abs(milli % 1000);
  if (rest == 0) return text;
  std::string digits = std::to_string(1000 + rest).substr(1);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (milli < 0 && milli > -1000) text.insert(0, "-");
  return text + "." + digits;
}

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none. Overlong forms,
// surrogates and what lies above U+10FFFF are none.
std::size_t SequenceAt(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const bool bad = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) >= 0xA0) ||
                   (lead == 0xF0 && byte(1) < 0x90) || (lead == 0xF4 && byte(1) >= 0x90);
  return bad ? 0 : length;
}

class Explainer {
 public:
  explicit Explainer(const ExplainOptions& options) : options_(options) {}

  void Origin(const v1::Sanction& sanction) {
    Add("what", {Fill("kind", NameOf(sanction.kind())), Fill("offence", NameOf(sanction.offence())),
                 Fill("account", sanction.account())});
    if (sanction.actor().machine()) {
      Add("by_rule", {Fill("rule", sanction.rule()), Fill("policy", sanction.policy_revision())});
    } else {
      Add("by_person", {Fill("principal", sanction.actor().principal()),
                        Fill("role", NameOf(sanction.actor().role())),
                        Fill("policy", sanction.policy_revision())});
    }
    if (!sanction.reason().empty()) Add("reason", {Fill("reason", sanction.reason())});
    if (!sanction.case_name().empty()) Add("case", {Fill("case", sanction.case_name())});
  }

  void Found(const v1::Finding& finding) {
    if (!finding.detector().empty()) {
      Add("detector",
          {Fill("detector", finding.detector()), Fill("version", finding.knowledge_version())});
    }
    if (finding.category() != v1::TEXT_CATEGORY_UNSPECIFIED ||
        finding.confidence() != v1::CONFIDENCE_UNSPECIFIED) {
      Add("class", {Fill("category", NameOf(finding.category())),
                    Fill("severity", NameOf(finding.severity())),
                    Fill("confidence", NameOf(finding.confidence()))});
    }
    for (int i = 0; i < std::min(finding.evidence_size(), kEvidenceMax); ++i) {
      Piece(finding.evidence(i));
    }
    if (finding.counter_evidence_size() > 0) {
      Add("counter_evidence", {Fill("count", std::int64_t{finding.counter_evidence_size()})});
    }
    if (finding.related_accounts_size() > 0) {
      std::vector<v1::LocalizedText> accounts;
      for (const std::string& account : finding.related_accounts()) {
        accounts.emplace_back();
        accounts.back().set_zh(account);
        accounts.back().set_en(account);
      }
      Add("related", {Fill("accounts", wording::Join(accounts))});
    }
  }

  void Climbed(const v1::LadderStep& step) {
    if (step.ladder().empty()) {
      Add("no_ladder", {});
      return;
    }
    Add("ladder",
        {Fill("ladder", step.ladder()), Fill("from", std::int64_t{step.from_rung()}),
         Fill("to", std::int64_t{step.to_rung()}), Fill("count", std::int64_t{step.rung_count()})});
    if (step.priors().empty()) Add("first", {});
    for (int i = std::max(0, step.priors_size() - kPriorsMax); i < step.priors_size(); ++i) {
      const v1::CountedPrior& prior = step.priors(i);
      Add("prior",
          {Fill("sanction", prior.sanction()), Fill("rung", std::int64_t{prior.rung()}),
           Fill("time", Time(prior.create_time())), Fill("why", Say("prior." + prior.reason()))});
    }
    if (!step.deviation_reason().empty()) {
      Add("deviation", {Fill("reason", step.deviation_reason())});
    }
  }

  void Takes(const v1::Sanction& sanction) {
    if (sanction.capabilities_size() > 0) {
      std::vector<v1::LocalizedText> names;
      for (const int capability : sanction.capabilities()) {
        names.push_back(NameOf(static_cast<v1::Capability>(capability)));
      }
      Add("takes",
          {Fill("capabilities", wording::Join(names)), Fill("scope", Where(sanction.scope()))});
    }
    if (sanction.permanent()) {
      Add("permanent", {});
    } else if (sanction.has_term()) {
      v1::LocalizedText term;
      term.set_zh(policy::TermText(Micros(sanction.term()), policy::Language::kZh));
      term.set_en(policy::TermText(Micros(sanction.term()), policy::Language::kEn));
      Add("term", {Fill("term", term)});
    }
    if (!sanction.not_before_hand().empty() && !sanction.has_start_time()) {
      Add("waits", {Fill("hand", sanction.not_before_hand()),
                    Fill("deadline", Time(sanction.deadline_time()))});
    }
  }

  void Became(const v1::Sanction& sanction) {
    if (sanction.has_start_time()) Add("began", {Fill("start", Time(sanction.start_time()))});
    if (sanction.has_end_time()) Add("ends", {Fill("end", Time(sanction.end_time()))});
    if (sanction.has_seen_time()) {
      Add("seen", {Fill("time", Time(sanction.seen_time()))});
    } else if (sanction.kind() == v1::SANCTION_KIND_WARNING) {
      Add("unseen", {});
    }
    if (sanction.has_lift()) {
      const v1::Lift& lift = sanction.lift();
      Add("lifted",
          {Fill("time", Time(lift.lift_time())), Fill("principal", lift.actor().principal()),
           Fill("disposition", NameOf(lift.disposition())), Fill("reason", lift.reason())});
    }
    Add("state", {Fill("state", NameOf(sanction.state()))});
    if (!sanction.step().ladder().empty()) Add(sanction.counted() ? "counts" : "counts_not", {});
    Add(sanction.enforced() ? "enforced" : "unenforced", {});
  }

  void Sent(const v1::DirectiveStatus& directive) {
    Add(directive.detail().empty() ? "directive" : "directive_detail",
        {Fill("seq", directive.directive_seq()), Fill("server", directive.server()),
         Fill("action", directive.action()), Fill("outcome", NameOf(directive.outcome())),
         Fill("detail", directive.detail())});
  }

  std::vector<v1::LocalizedText> Take() { return std::move(lines_); }

 private:
  void Add(const char* key, std::initializer_list<Fill> fills) {
    lines_.push_back(Say(std::string("explain.") + key, fills));
  }

  [[nodiscard]] std::string Time(const google::protobuf::Timestamp& time) const {
    return TimeText(time, options_.utc_offset_us);
  }

  [[nodiscard]] static v1::LocalizedText Where(const v1::Scope& scope) {
    const std::initializer_list<Fill> fills = {Fill("game", scope.game()),
                                               Fill("hall", scope.hall())};
    if (!scope.game().empty() && !scope.hall().empty()) return Say("word.game_hall", fills);
    if (!scope.game().empty()) return Say("word.game", fills);
    return scope.hall().empty() ? Say("word.everywhere") : Say("word.hall", fills);
  }

  void Piece(const v1::Evidence& piece) {
    const bool words = piece.span_end() > piece.span_begin();
    if (words) {
      const bool quote = options_.quote && !piece.text().empty();
      Add(quote ? "evidence_text" : "evidence_masked",
          {Fill("surface", piece.surface()), Fill("begin", std::int64_t{piece.span_begin()}),
           Fill("end", std::int64_t{piece.span_end()}), Fill("entry", piece.matched_entry()),
           Fill("reading", piece.reading()),
           Fill("span", quote ? QuotedSpan(piece.text(), piece.span_begin(), piece.span_end())
                              : std::string())});
    } else if (!piece.remark().empty()) {
      Add("evidence_remark", {Fill("remark", piece.remark())});
    } else if (piece.journal_position() != 0) {
      Add("evidence_record", {Fill("position", piece.journal_position())});
    }
    if (piece.disguised()) Add("disguised", {});
    for (const v1::Measure& measure : piece.measures()) {
      Add(measure.expected_milli() == 0 ? "measure_plain" : "measure",
          {Fill("key", measure.key()), Fill("value", MilliText(measure.value_milli())),
           Fill("expected", MilliText(measure.expected_milli()))});
    }
  }

  const ExplainOptions& options_;
  std::vector<v1::LocalizedText> lines_;
};

}  // namespace

std::vector<v1::LocalizedText> Explain(const v1::Sanction& sanction,
                                       const std::vector<v1::DirectiveStatus>& directives,
                                       const ExplainOptions& options) {
  Explainer explainer(options);
  explainer.Origin(sanction);
  if (sanction.has_finding()) explainer.Found(sanction.finding());
  explainer.Climbed(sanction.step());
  explainer.Takes(sanction);
  explainer.Became(sanction);
  for (const v1::DirectiveStatus& directive : directives)
    explainer.Sent(directive);
  return explainer.Take();
}

std::string QuotedSpan(std::string_view text, std::int32_t begin, std::int32_t end) {
  const auto size = static_cast<std::int64_t>(text.size());
  const std::int64_t from = std::clamp<std::int64_t>(begin, 0, size);
  const std::int64_t to = std::clamp<std::int64_t>(end, from, size);
  std::string_view span =
      text.substr(static_cast<std::size_t>(from), static_cast<std::size_t>(to - from));
  std::string out;
  while (!span.empty() && out.size() < kQuoteMax) {
    const std::size_t length = SequenceAt(span);
    const auto lead = static_cast<unsigned char>(span.front());
    if (length == 0 || lead < 0x20 || lead == 0x7F) {
      out.push_back('?');
    } else {
      out.append(span.substr(0, length));
    }
    span.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

}  // namespace hallwarden::daemon
