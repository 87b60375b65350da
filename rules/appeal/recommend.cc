#include "rules/appeal/recommend.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace hallwarden::appeal {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kMinuteUs = 60 * kSecondUs;

struct Words {
  std::string_view zh;
  std::string_view en;
};

void Set(const Words& words, v1::LocalizedText* text) {
  text->set_zh(std::string(words.zh));
  text->set_en(std::string(words.en));
}

// How much the evidence weighs today.
enum class Weight : std::uint8_t { kNone, kWeak, kMiddling, kPlain };

Weight WeightOf(const AppealFacts& facts) {
  if (!facts.has_evidence) return Weight::kNone;
  if (facts.evidence_milli > 0) {
    if (facts.evidence_milli < facts.case_milli) return Weight::kWeak;
    return facts.evidence_milli < facts.act_milli ? Weight::kMiddling : Weight::kPlain;
  }
  if (facts.confidence != v1::CONFIDENCE_PLAIN) return Weight::kMiddling;
  return facts.disguised ? Weight::kMiddling : Weight::kPlain;
}

// The law stands behind gold trading: it is never a light matter, whatever the grade.
bool Serious(const AppealFacts& facts) {
  return facts.severity == v1::SEVERITY_SERIOUS || facts.offence == v1::OFFENCE_GOLD_TRADING;
}

std::int64_t Served(const AppealFacts& facts) {
  return facts.start_us == 0 ? 0 : std::max<std::int64_t>(0, facts.now_us - facts.start_us);
}

// Fills one recommendation. The order of calls is the order of the reasons.
class Advice {
 public:
  void Verdict(v1::AppealVerdict verdict, const Words& summary) {
    out_.set_verdict(verdict);
    Set(summary, out_.mutable_summary());
  }
  void Lift(v1::Disposition disposition, const Words& summary) {
    Verdict(v1::APPEAL_VERDICT_LIFT, summary);
    out_.set_disposition(disposition);
  }
  void ReduceTo(std::int64_t term_us, const Words& summary) {
    Verdict(v1::APPEAL_VERDICT_REDUCE, summary);
    out_.mutable_term()->set_seconds(term_us / kSecondUs);
  }
  void For(std::string_view code, const Words& words) { Reason(code, words, true); }
  void Against(std::string_view code, const Words& words) { Reason(code, words, false); }
  void Check(const Words& words) { Set(words, out_.add_checks()); }

  [[nodiscard]] v1::AppealRecommendation Take() { return std::move(out_); }

 private:
  void Reason(std::string_view code, const Words& words, bool for_player) {
    v1::RecommendationReason& reason = *out_.add_reasons();
    reason.set_code(std::string(code));
    Set(words, reason.mutable_text());
    reason.set_for_player(for_player);
  }

  v1::AppealRecommendation out_;
};

void AddEvidence(const AppealFacts& facts, Weight weight, Advice* advice) {
  switch (weight) {
    case Weight::kPlain:
      advice->Against("EVIDENCE_PLAIN", {"证据明确", "the evidence is plain"});
      break;
    case Weight::kMiddling:
      advice->Against("EVIDENCE_STANDS",
                      {"证据成立，但需人工核对", "the evidence stands, but needs a human eye"});
      break;
    case Weight::kWeak:
      advice->For("EVIDENCE_WEAK",
                  {"按现行标准证据偏弱", "by today's standard the evidence is weak"});
      break;
    case Weight::kNone:
      advice->For("NO_EVIDENCE", {"处罚未附证据", "no evidence was kept with the sanction"});
      break;
  }
  if (facts.counter_evidence > 0) {
    advice->For("COUNTER_EVIDENCE",
                {"记录中有对玩家有利的情况", "the record also holds evidence for the player"});
  }
}

// What does not decide by itself, but whoever decides should know.
void AddContext(const AppealFacts& facts, Weight weight, Advice* advice) {
  if (facts.mistakes_before > 0) {
    advice->For("EARLIER_MISTAKES",
                {"该账号此前曾被误处罚", "this account was sanctioned by mistake before"});
  }
  if (!facts.seen) {
    advice->For("NOT_SEEN", {"玩家尚未看到处罚通知", "the player has not seen the notice yet"});
  }
  if (facts.rule_in_review) {
    advice->Check({"作出处罚的规则已转人工审核，请核对证据",
                   "the rule that made it was left to people since: look at the evidence"});
  }
  if (facts.off_ladder) {
    advice->Check({"处罚未按阶梯执行，请看当时说明的理由",
                   "the sanction is beside the ladder: read the reason that was given"});
  }
  if (weight == Weight::kNone && !facts.machine) {
    advice->Check({"请向处罚人了解依据", "ask who imposed it what it rested on"});
  }
  if (facts.disguised) {
    advice->Check({"文字经还原后才命中，请看原文",
                   "it matched only after a disguise was undone: read the original"});
  }
}

void AdviseStolen(const AppealFacts& facts, Advice* advice) {
  if (facts.takeover_signs) {
    advice->Lift(v1::DISPOSITION_COMPROMISED, {"建议解除：账号当时很可能被他人使用",
                                               "lift it: somebody else probably used the account"});
    advice->For("TAKEOVER_SIGNS", {"违规前登录地址、设备或行为出现异常",
                                   "address, device or behaviour broke before the offence"});
  } else {
    advice->Verdict(v1::APPEAL_VERDICT_UPHOLD,
                    {"建议维持：未见盗号迹象", "let it stand: there is no sign of a take-over"});
    advice->Against("NO_TAKEOVER_SIGNS",
                    {"未见登录地址或设备变化", "no change of address or device was seen"});
  }
  advice->Check({"请先核实号主：注册地、设备、手机尾号，并确认已修改密码",
                 "verify the owner first: place of registration, device, phone tail; and a "
                 "changed password"});
}

// It was so, and the player asks for less: the handbook frees an ordinary account whose offence is
// not serious.
void AdviseLenience(const AppealFacts& facts, Advice* advice) {
  const bool restricts = facts.sanction_kind == v1::SANCTION_KIND_RESTRICTION;
  if (facts.sanction_kind == v1::SANCTION_KIND_HOLD) {
    advice->Verdict(
        v1::APPEAL_VERDICT_UPHOLD,
        {"建议维持：临时限制待工单结论", "let it stand: a hold waits for the verdict of its case"});
    advice->Against("HOLD", {"临时限制不是处罚，工单结案即解除",
                             "a hold is no penalty and ends with its case"});
    advice->Check({"请尽快处理相关工单", "decide the case soon"});
    return;
  }
  if (!restricts) {
    advice->Verdict(v1::APPEAL_VERDICT_UPHOLD,
                    {"建议维持：提醒没有限制任何功能", "let it stand: it takes nothing away"});
    advice->Against("TAKES_NOTHING", {"提醒不限制账号", "a warning or kick restricts nothing"});
    return;
  }
  if (Serious(facts)) {
    advice->Verdict(v1::APPEAL_VERDICT_UPHOLD,
                    {"建议维持：情节严重", "let it stand: the offence is serious"});
    advice->Against("SERIOUS", {"属严重违规", "the offence is serious"});
    return;
  }
  if (facts.counted_before >= 2 || (facts.counted_before >= 1 && facts.permanent)) {
    advice->Verdict(v1::APPEAL_VERDICT_UPHOLD,
                    {"建议维持：多次违规", "let it stand: it happened before"});
    advice->Against("REPEATED", {"此前已有处罚仍再次违规", "it went on after earlier sanctions"});
    return;
  }
  if (facts.counted_before == 0) {
    advice->Lift(v1::DISPOSITION_MERCY,
                 {"建议从宽解除：普通用户、首次、情节不重",
                  "lift it in mercy: an ordinary account, for the first time, and not serious"});
    advice->For("FIRST_OFFENCE", {"首次违规", "it is the first time"});
    advice->For("NOT_SERIOUS", {"情节不重", "it is not serious"});
    return;
  }
  const std::int64_t served = Served(facts);
  const std::int64_t half = facts.term_us / 2;
  // Whole minutes, as players read them; whoever served more than half is free now.
  const std::int64_t term = (std::max(half, served) + kMinuteUs - 1) / kMinuteUs * kMinuteUs;
  if (term <= 0 || term >= facts.term_us) {
    advice->Verdict(v1::APPEAL_VERDICT_UPHOLD,
                    {"建议维持：处罚即将结束", "let it stand: it is about to end"});
    advice->Against("NEARLY_SERVED", {"剩余时间很短", "hardly anything is left of it"});
    return;
  }
  advice->ReduceTo(term, {"建议减轻：普通用户、情节不重，但并非首次",
                          "make it shorter: an ordinary account and not serious, but not the "
                          "first time"});
  advice->For("NOT_SERIOUS", {"情节不重", "it is not serious"});
  advice->Against("SECOND_TIME", {"并非首次", "it is the second time"});
  if (served >= half) advice->For("SERVED_HALF", {"已执行过半", "more than half is served"});
}

}  // namespace

bool Overturns(v1::Disposition disposition) {
  return disposition == v1::DISPOSITION_MISTAKE || disposition == v1::DISPOSITION_APPEAL_UPHELD;
}

v1::AppealRecommendation Recommend(const AppealFacts& facts) {
  Advice advice;
  const Weight weight = WeightOf(facts);
  // A mistake is a mistake whoever asks, and whatever he asks for.
  if (facts.found_now == FoundNow::kNo) {
    advice.Lift(v1::DISPOSITION_MISTAKE,
                {"建议按误判解除：现行词库未发现违规",
                 "lift it as a mistake: today's lists find nothing in it"});
    advice.For("FOUND_HARMLESS", {"现行词库未发现违规", "today's lists find nothing in it"});
    AddContext(facts, weight, &advice);
    return advice.Take();
  }
  if (facts.machine && (weight == Weight::kWeak || weight == Weight::kNone)) {
    advice.Lift(
        v1::DISPOSITION_APPEAL_UPHELD,
        {"建议解除：证据不足以支持处罚", "lift it: the evidence does not carry the sanction"});
    AddEvidence(facts, weight, &advice);
    AddContext(facts, weight, &advice);
    return advice.Take();
  }
  if (facts.account_class == v1::ACCOUNT_CLASS_PARTNER && facts.kind != v1::APPEAL_KIND_MISTAKE) {
    advice.Verdict(v1::APPEAL_VERDICT_UPHOLD,
                   {"建议维持：合作方用户仅在误判时解除",
                    "let it stand: a partner account is freed for a mistake only"});
    advice.Against("PARTNER_ACCOUNT", {"合作方用户", "a partner account"});
    if (facts.kind == v1::APPEAL_KIND_STOLEN_ACCOUNT && facts.takeover_signs) {
      advice.For("TAKEOVER_SIGNS", {"违规前登录地址、设备或行为出现异常",
                                    "address, device or behaviour broke before the offence"});
      advice.Check({"如确属盗号，处罚对象有误，可按误判处理",
                    "if it was stolen, the wrong person was sanctioned: that is a mistake"});
    }
    AddEvidence(facts, weight, &advice);
    AddContext(facts, weight, &advice);
    return advice.Take();
  }
  switch (facts.kind) {
    case v1::APPEAL_KIND_STOLEN_ACCOUNT:
      AdviseStolen(facts, &advice);
      break;
    case v1::APPEAL_KIND_TOO_HARD:
    case v1::APPEAL_KIND_MERCY:
      AdviseLenience(facts, &advice);
      break;
    default:
      advice.Verdict(v1::APPEAL_VERDICT_UPHOLD,
                     {"建议维持：证据成立", "let it stand: the evidence carries it"});
      break;
  }
  AddEvidence(facts, weight, &advice);
  AddContext(facts, weight, &advice);
  return advice.Take();
}

}  // namespace hallwarden::appeal
