// The queue and the case verbs against a daemon that says what a test wants.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

void Number(const std::string& key, std::int64_t value, std::int64_t expected_milli,
            v1::Evidence* evidence) {
  v1::Measure& measure = *evidence->add_measures();
  measure.set_key(key);
  measure.set_value_milli(value * 1'000);
  measure.set_expected_milli(expected_milli);
}

// A ring of two with a sentence of the rules, numbers, hands and something that speaks against it.
v1::CaseView Ring() {
  v1::CaseView view;
  v1::Case& item = *view.mutable_case_record();
  item.set_name("cases/cs_19F");
  item.set_account("10086");
  item.set_kind(v1::CASE_KIND_MISCONDUCT);
  item.set_offence(v1::OFFENCE_GOLD_FARMING);
  item.set_state(v1::CASE_STATE_CLAIMED);
  item.set_cause("CASE");
  item.set_rule("farming.light.review");
  item.set_finding_count(3);
  item.mutable_claim()->set_principal("gm-li");
  v1::Finding& finding = *item.add_findings();
  finding.mutable_summary()->set_zh("2 个小号 16 次中 16 次输给该账号");
  finding.mutable_summary()->set_en("2 small accounts lost 16 of 16 hands to this one");
  finding.set_evidence_log10_milli(4'000);
  v1::Evidence& play = *finding.add_evidence();
  play.set_surface("play");
  Number("farming.won", 16, 10'400, &play);
  Number("farming.log10_flow", 2, 0, &play);
  for (const char* hand : {"h1", "h2"}) {
    v1::Evidence& one = *finding.add_evidence();
    one.set_surface("hand");
    one.set_hand(hand);
  }
  v1::Evidence& against = *finding.add_counter_evidence();
  against.set_surface("play");
  Number("farming.lost_to_them", 1, 0, &against);
  finding.add_missing_inputs("registered.device");
  view.mutable_account()->set_account("10086");
  view.mutable_account()->set_nickname("evil\x1b[31mname");
  v1::LinkedAccount& linked = *view.add_linked();
  linked.set_account("10411");
  linked.set_role(v1::RING_ROLE_FEEDER);
  linked.add_links(v1::REGISTRATION_LINK_DEVICE);
  linked.set_gold(6'000);
  linked.set_account_class(v1::ACCOUNT_CLASS_PARTNER);
  v1::PlanLine& rung = *linked.add_outlook();
  rung.set_key("rung");
  rung.mutable_before()->set_en("0");
  rung.mutable_after()->set_en("1 / 3");
  view.set_etag("5");
  return view;
}

class CaseVerbsTest : public GmctlTest {
 protected:
  CaseVerbsTest() {
    daemon_.GetCaseView.Says(Ring());
    AtTerminal({});
  }
};

TEST_F(CaseVerbsTest, ACaseIsOneScreenInWords) {
  EXPECT_EQ(Gmctl({"case", "show", "cs_19F"}), 0) << error();
  EXPECT_THAT(
      out(), AllOf(HasSubstr("2 small accounts lost 16 of 16 hands to this one"),
                   HasSubstr("won against them 16 (honest play: about 10.4)"),
                   HasSubstr("+ hands to look at: h1, h2"), HasSubstr("- play  lost to them 1"),
                   HasSubstr("would make it sharper: registered.device"), HasSubstr("3, 1 shown")));
  EXPECT_THAT(out(), AllOf(HasSubstr("small account"), HasSubstr("gave it 6000 gold"),
                           HasSubstr("same device"), HasSubstr("=> rung 0 -> 1 / 3")));
  EXPECT_THAT(out(),
              AllOf(HasSubstr("gm-li until"),
                    HasSubstr("gmctl case close cs_19F --convict | --dismiss | --no-action")));
  // No codes, no powers of ten, nothing that a player wrote reaches the terminal as it is.
  EXPECT_THAT(out(), AllOf(Not(HasSubstr("farming.won")), Not(HasSubstr("power of ten")),
                           Not(HasSubstr("\x1b[31m"))));
}

TEST_F(CaseVerbsTest, TheNumbersBehindItAreThereForWhoAsks) {
  EXPECT_EQ(Gmctl({"case", "show", "cs_19F", "--explain"}), 0) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("evidence of the flow alone, as a power of ten 2"),
                           HasSubstr("evidence in all, as a power of ten 4")));
}

TEST_F(CaseVerbsTest, AndItSpeaksChinese) {
  EXPECT_EQ(Gmctl({"case", "show", "cs_19F", "--lang", "zh"}), 0) << error();
  EXPECT_THAT(out(), AllOf(HasSubstr("2 个小号 16 次中 16 次输给该账号"), HasSubstr("小号"),
                           HasSubstr("输给主账号 6000"), HasSubstr("规则要求建立工单")));
}

TEST_F(CaseVerbsTest, NextClaimsAndShowsWhatItClaimed) {
  v1::NextCaseResponse next;
  *next.mutable_view() = Ring();
  daemon_.NextCase.Says(next);
  EXPECT_EQ(Gmctl({"case", "next", "--of", "misconduct"}), 0) << error();
  ASSERT_EQ(daemon_.NextCase.asked.size(), 1U);
  EXPECT_EQ(daemon_.NextCase.asked.back().kinds(0), v1::CASE_KIND_MISCONDUCT);
  EXPECT_FALSE(daemon_.NextCase.asked.back().options().request_id().empty());
  EXPECT_THAT(out(), HasSubstr("cs_19F"));
}

TEST_F(CaseVerbsTest, AnEmptyQueueSaysSo) {
  daemon_.NextCase.Fails(
      WithServerReason(absl::NotFoundError("nothing waits"),
                       {.reason = "QUEUE_EMPTY", .domain = "hallwarden", .metadata = {}}));
  EXPECT_EQ(Gmctl({"case", "next"}), 3);
  EXPECT_THAT(error(), AllOf(HasSubstr("nothing waits that you may decide"),
                             HasSubstr("gmctl queue and gmctl appeal ls show them all")));
}

TEST_F(CaseVerbsTest, ReferringNamesTheDepartmentAndTheDay) {
  daemon_.ReferCase.answer = PlanThenDo<v1::ReferCaseRequest>;
  EXPECT_EQ(Gmctl({"case", "refer", "cs_19F", "--reason", "needs the log", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr("say whom it goes to"));
  EXPECT_EQ(Gmctl({"case", "refer", "cs_19F", "--to", "技术", "--person", "王工", "--until",
                   "2026-12-03", "--reason", "needs the log", "--yes"}),
            0)
      << error();
  const v1::ReferCaseRequest& asked = daemon_.ReferCase.asked.back();
  EXPECT_EQ(asked.name(), "cases/cs_19F");
  EXPECT_EQ(asked.department(), "技术");
  EXPECT_EQ(asked.waits_for(), "王工");
  EXPECT_TRUE(asked.has_until_time());
  EXPECT_EQ(asked.options().etag(), "e1");  // that of the plan which was shown
}

TEST_F(CaseVerbsTest, OpeningNeedsAKind) {
  daemon_.OpenCase.answer = PlanThenDo<v1::OpenCaseRequest>;
  EXPECT_EQ(Gmctl({"case", "open", "10086", "line", "was", "cut", "--yes"}), 2);
  EXPECT_EQ(daemon_.OpenCase.asked.size(), 0U);
  EXPECT_EQ(Gmctl({"case", "open", "10086", "--of", "match", "line was cut", "--claim", "--yes"}),
            0)
      << error();
  EXPECT_EQ(daemon_.OpenCase.asked.back().kind(), v1::CASE_KIND_INTERRUPTED_MATCH);
  EXPECT_EQ(daemon_.OpenCase.asked.back().text(), "line was cut");
  EXPECT_TRUE(daemon_.OpenCase.asked.back().claim());
}

TEST_F(CaseVerbsTest, SparedAccountsAreNamedToTheDaemon) {
  daemon_.DecideCase.answer = PlanThenDo<v1::DecideCaseRequest>;
  EXPECT_EQ(Gmctl({"case", "close", "cs_19F", "--convict", "--spare", "10411", "--reason",
                   "fed by one", "--yes"}),
            0)
      << error();
  EXPECT_EQ(daemon_.DecideCase.asked.back().spared_accounts(0), "10411");
}

TEST_F(CaseVerbsTest, TheQueueIsARowEachAndSaysWhatIsOverdue) {
  v1::ListQueueResponse queue;
  v1::QueueItem& item = *queue.add_items();
  item.set_name("cases/cs_19F");
  item.set_account("10086");
  item.set_kind(v1::CASE_KIND_MISSING_ASSETS);
  item.set_overdue(true);
  item.mutable_due_time()->set_seconds(1'700'000'000);
  item.mutable_summary()->set_en("gold is gone");
  daemon_.ListQueue.Says(queue);
  EXPECT_EQ(Gmctl({"queue", "--mine"}), 0) << error();
  EXPECT_EQ(daemon_.ListQueue.asked.back().holder(), "-");
  EXPECT_THAT(out(),
              AllOf(HasSubstr("(overdue)"), HasSubstr("missing gold"), HasSubstr("gold is gone")));
}

}  // namespace
}  // namespace hallwarden::gmctl
