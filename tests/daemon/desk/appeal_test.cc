// Appeals through the desk, on a real store: the whole way, who sees what, many clients at once.
#include <deque>
#include <future>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

class AppealDeskTest : public ::testing::Test {
 protected:
  static Call By(const std::string& who, v1::Role role = v1::ROLE_APPEAL_AGENT) {
    Call call = DeskWorld::As(role, "AppealService.Test");
    call.principal.name = who;
    return call;
  }

  // Bans the account for a week beside the ladder, by a senior GM; the sanction's name.
  std::string Ban(const std::string& account) {
    world_.Register(account, "Wanderer " + account);
    v1::CreateSanctionRequest request;
    request.set_parent("accounts/" + account);
    request.set_kind(v1::SANCTION_KIND_RESTRICTION);
    request.set_offence(v1::OFFENCE_STALLING);
    request.add_capabilities(v1::CAPABILITY_LOGIN);
    request.mutable_duration()->set_seconds(7L * 86'400);
    *request.mutable_options() = world_.Options();
    v1::ActionResponse response;
    EXPECT_EQ(ReasonOf(world_.Do(&Desk::CreateSanction, By("senior-wang", v1::ROLE_SENIOR_GM),
                                 request, &response)),
              "OK");
    return response.sanction().name();
  }

  std::string Submit(const Call& call, const std::string& sanction,
                     v1::SubmitAppealResponse* response,
                     v1::AppealKind kind = v1::APPEAL_KIND_TOO_HARD) {
    v1::SubmitAppealRequest request;
    request.set_parent(sanction);
    request.set_kind(kind);
    request.set_text("please look again");
    request.set_language("en");
    *request.mutable_options() = world_.Options();
    return ReasonOf(world_.Do(&Desk::SubmitAppeal, call, request, response));
  }
  std::string Claim(const Call& call, const std::string& name) {
    v1::ClaimAppealRequest request;
    request.set_name(name);
    *request.mutable_options() = world_.Options();
    v1::ActionResponse response;
    return ReasonOf(world_.Do(&Desk::ClaimAppeal, call, request, &response));
  }
  v1::DecideAppealRequest Decision(const std::string& name, v1::AppealVerdict verdict) {
    v1::DecideAppealRequest request;
    request.set_name(name);
    request.set_verdict(verdict);
    *request.mutable_options() = world_.Options();
    return request;
  }
  std::string Decide(const Call& call, const v1::DecideAppealRequest& request,
                     v1::ActionResponse* response) {
    return ReasonOf(world_.Do(&Desk::DecideAppeal, call, request, response));
  }
  v1::Appeal Get(const Call& call, const std::string& name) {
    v1::GetAppealRequest request;
    request.set_name(name);
    v1::Appeal appeal;
    EXPECT_EQ(ReasonOf(world_.Do(&Desk::GetAppeal, call, request, &appeal)), "OK");
    return appeal;
  }
  v1::AppealView View(const Call& call, const std::string& name) {
    v1::GetAppealViewRequest request;
    request.set_name(name);
    v1::AppealView view;
    EXPECT_EQ(ReasonOf(world_.Do(&Desk::GetAppealView, call, request, &view)), "OK");
    return view;
  }
  std::vector<v1::AppealItem> Queue(const Call& call, const std::string& parent = "") {
    std::vector<v1::AppealItem> items;
    v1::ListAppealsRequest request;
    request.set_parent(parent);
    request.set_page_size(3);
    do {
      v1::ListAppealsResponse response;
      EXPECT_TRUE(world_.Do(&Desk::ListAppeals, call, request, &response).ok());
      items.insert(items.end(), response.items().begin(), response.items().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return items;
  }

  DeskWorld world_;
  const Call agent_ = By("agent-qian");
};

TEST_F(AppealDeskTest, TheWholeWayFromTheBanToTheShorterOne) {
  const std::string sanction = Ban("p1");
  v1::SubmitAppealResponse taken;
  ASSERT_EQ(Submit(By("agent-zhao"), sanction, &taken), "OK");
  const std::string name = taken.appeal().name();
  EXPECT_THAT(taken.receipt().en(), HasSubstr("We have received your appeal"));
  EXPECT_EQ(taken.appeal().messages(0).text(), "please look again");
  ASSERT_EQ(Claim(agent_, name), "OK");

  const v1::AppealView view = View(agent_, name);
  EXPECT_EQ(view.explanation().sanction().name(), sanction);
  EXPECT_EQ(view.account().account(), "p1");
  // An ordinary account, for the first time, not serious.
  EXPECT_EQ(view.recommendation().verdict(), v1::APPEAL_VERDICT_LIFT);
  EXPECT_EQ(view.recommendation().disposition(), v1::DISPOSITION_MERCY);
  EXPECT_FALSE(view.has_obstacle());
  EXPECT_FALSE(view.replies().empty());
  for (const v1::CannedReply& reply : view.replies())
    EXPECT_EQ(reply.text().zh().find('{'), std::string::npos) << reply.text().zh();

  v1::DecideAppealRequest decide = Decision(name, v1::APPEAL_VERDICT_REDUCE);
  decide.mutable_term()->set_seconds(3L * 86'400);
  decide.mutable_options()->set_etag(view.etag());
  v1::ActionResponse response;
  EXPECT_EQ(Decide(agent_, decide, &response), "DEVIATION_REASON_REQUIRED");
  decide.set_deviation_reason("he was told twice in chat");
  decide.mutable_options()->set_request_id(world_.NewId());
  ASSERT_EQ(Decide(agent_, decide, &response), "OK");
  EXPECT_EQ(response.sanction().term().seconds(), 3L * 86'400);
  // A lost answer is asked for again: the same, and nothing is done twice.
  v1::ActionResponse again;
  ASSERT_EQ(Decide(agent_, decide, &again), "OK");
  EXPECT_EQ(again.journal_position(), response.journal_position());

  const v1::Appeal decided = Get(agent_, name);
  EXPECT_EQ(decided.decision().verdict(), v1::APPEAL_VERDICT_REDUCE);
  EXPECT_EQ(decided.decision().recommendation().verdict(), v1::APPEAL_VERDICT_LIFT);
  const absl::StatusOr<v1::Sanction> stored = world_.store().GetSanction(sanction);
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->appeal(), name);
  ASSERT_THAT(stored->reductions(), SizeIs(1));
  EXPECT_THAT(Queue(agent_), IsEmpty());
  EXPECT_THAT(Queue(agent_, "accounts/p1"), SizeIs(1));
}

TEST_F(AppealDeskTest, EveryMutatingCallLeavesOneAuditRecordRefusedOnesToo) {
  const std::string sanction = Ban("p1");
  const std::size_t before = world_.Audit().size();
  v1::SubmitAppealResponse taken;
  ASSERT_EQ(Submit(By("agent-zhao"), sanction, &taken), "OK");
  const std::string name = taken.appeal().name();
  EXPECT_EQ(Submit(By("agent-zhao"), sanction, &taken), "APPEAL_OPEN");
  EXPECT_EQ(Claim(agent_, "appeals/ap_none"), "NOT_FOUND");
  ASSERT_EQ(Claim(agent_, name), "OK");
  v1::ActionResponse response;
  v1::DecideAppealRequest decide = Decision(name, v1::APPEAL_VERDICT_UPHOLD);
  EXPECT_EQ(Decide(agent_, decide, &response), "DEVIATION_REASON_REQUIRED");
  (void)View(agent_, name);
  (void)Get(agent_, name);
  (void)Queue(agent_);
  const std::vector<v1::AuditRecord> records = world_.Audit();
  ASSERT_EQ(records.size() - before, 5U);
  EXPECT_EQ(records[before].method(), "AppealService.SubmitAppeal");
  EXPECT_EQ(records[before].account(), "p1");
  EXPECT_EQ(records.back().method(), "AppealService.DecideAppeal");
}

TEST_F(AppealDeskTest, NextSkipsWhatOneImposedOneself) {
  v1::SubmitAppealResponse taken;
  ASSERT_EQ(Submit(By("agent-zhao"), Ban("p1"), &taken), "OK");
  v1::NextAppealRequest next;
  *next.mutable_options() = world_.Options();
  v1::NextAppealResponse response;
  const Call author = By("senior-wang", v1::ROLE_SENIOR_GM);
  const absl::Status status = world_.Do(&Desk::NextAppeal, author, next, &response);
  EXPECT_EQ(ReasonOf(status), "QUEUE_EMPTY");
  EXPECT_THAT(RefusalOf(status).message, HasSubstr("1 against sanctions of yours"));
  EXPECT_TRUE(Queue(author).at(0).own_sanction());
  EXPECT_TRUE(View(author, taken.appeal().name()).has_obstacle());
  *next.mutable_options() = world_.Options();
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::NextAppeal, agent_, next, &response)), "OK");
  EXPECT_EQ(response.view().appeal().claim().actor().principal(), "agent-qian");
}

TEST_F(AppealDeskTest, TwentyClientsGetTwentyAppeals) {
  constexpr int kClients = 20;
  for (int i = 0; i < kClients; ++i) {
    v1::SubmitAppealResponse taken;
    ASSERT_EQ(Submit(By("agent-zhao"), Ban("p" + std::to_string(i)), &taken), "OK");
  }
  std::deque<v1::NextAppealRequest> requests;
  std::deque<v1::NextAppealResponse> responses(kClients);
  std::deque<std::promise<absl::Status>> ends(kClients);
  for (int i = 0; i < kClients; ++i) {
    *requests.emplace_back().mutable_options() = world_.Options();
    std::promise<absl::Status>& end = ends[static_cast<std::size_t>(i)];
    world_.Begin(&Desk::NextAppeal, By("agent-" + std::to_string(i)), requests.back(),
                 &responses[static_cast<std::size_t>(i)],
                 [&end](const absl::Status& status) { end.set_value(status); });
  }
  std::set<std::string> taken;
  for (int i = 0; i < kClients; ++i) {
    EXPECT_EQ(ReasonOf(ends[static_cast<std::size_t>(i)].get_future().get()), "OK");
    taken.insert(responses[static_cast<std::size_t>(i)].view().appeal().name());
  }
  EXPECT_THAT(taken, SizeIs(kClients));
}

TEST_F(AppealDeskTest, AGameServerSeesItsOwnAndNothingInternal) {
  const Call server = By("gs1", v1::ROLE_GAME_SERVER);
  v1::SubmitAppealResponse taken;
  ASSERT_EQ(Submit(server, Ban("p1"), &taken, v1::APPEAL_KIND_MISTAKE), "OK");
  const std::string name = taken.appeal().name();
  EXPECT_FALSE(taken.appeal().has_imposed_by());
  EXPECT_EQ(taken.appeal().messages(0).text(), "please look again");
  ASSERT_EQ(Claim(agent_, name), "OK");
  v1::CreateAppealNoteRequest note;
  note.set_parent(name);
  note.set_text("he shouts");
  *note.mutable_options() = world_.Options();
  v1::ActionResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::CreateAppealNote, agent_, note, &response)), "OK");
  v1::CreateAppealMessageRequest say;
  say.set_parent(name);
  say.set_text("in which room was it?");
  say.set_asks(true);
  *say.mutable_options() = world_.Options();
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::CreateAppealMessage, agent_, say, &response)), "OK");
  v1::DecideAppealRequest decide = Decision(name, v1::APPEAL_VERDICT_UPHOLD);
  decide.mutable_options()->set_reason("the record is plain");
  ASSERT_EQ(Claim(agent_, name), "OK");
  ASSERT_EQ(Decide(agent_, decide, &response), "OK");
  const v1::Appeal seen = Get(server, name);
  ASSERT_THAT(seen.messages(), SizeIs(2));
  EXPECT_EQ(seen.messages(1).text(), "in which room was it?");
  const std::string all = seen.DebugString();
  for (const char* secret : {"agent-qian", "senior-wang", "he shouts", "the record is plain"})
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
  EXPECT_EQ(seen.decision().verdict(), v1::APPEAL_VERDICT_UPHOLD);
  EXPECT_THAT(seen.decision().notice().en(), HasSubstr("stands as it is"));
  v1::GetAppealRequest get;
  get.set_name(name);
  v1::Appeal none;
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::GetAppeal, By("gs2", v1::ROLE_GAME_SERVER), get, &none)),
            "NOT_FOUND");
  EXPECT_TRUE(none.name().empty());
}

TEST_F(AppealDeskTest, QueueClaimAndDeadlineSurviveARestart) {
  v1::SubmitAppealResponse taken;
  ASSERT_EQ(Submit(By("agent-zhao"), Ban("p1"), &taken), "OK");
  ASSERT_EQ(Claim(agent_, taken.appeal().name()), "OK");
  world_.Restart();
  ASSERT_THAT(Queue(agent_), SizeIs(1));
  EXPECT_EQ(Queue(agent_)[0].appeal().claim().actor().principal(), "agent-qian");
  EXPECT_EQ(Claim(By("agent-sun"), taken.appeal().name()), "APPEAL_CLAIMED");
  world_.clock().Advance(31LL * 60 * 1'000'000);
  // Looking wakes the sequencer, which finds the timers due.
  for (int i = 0; i < 1'000 && !View(agent_, taken.appeal().name()).overdue(); ++i)
    world_.clock().Advance(50'000);
  EXPECT_TRUE(Queue(agent_)[0].overdue());
  EXPECT_FALSE(Queue(agent_)[0].appeal().has_claim()) << "the lease ended";
}

TEST_F(AppealDeskTest, RepliesAreSearched) {
  v1::ListCannedRepliesRequest request;
  request.set_query("结束");
  v1::ListCannedRepliesResponse response;
  ASSERT_TRUE(world_.Do(&Desk::ListCannedReplies, agent_, request, &response).ok());
  ASSERT_THAT(response.replies(), SizeIs(1));
  EXPECT_EQ(response.replies(0).reply_id(), "goodbye");
  v1::ListCannedRepliesRequest all;
  all.set_page_size(2);
  std::set<std::string> ids;
  do {
    v1::ListCannedRepliesResponse page;
    ASSERT_TRUE(world_.Do(&Desk::ListCannedReplies, agent_, all, &page).ok());
    for (const v1::CannedReply& reply : page.replies())
      EXPECT_TRUE(ids.insert(reply.reply_id()).second);
    all.set_page_token(page.next_page_token());
  } while (!all.page_token().empty());
  EXPECT_GE(ids.size(), 7U);
}

TEST_F(AppealDeskTest, TheReportCountsThem) {
  v1::SubmitAppealResponse taken;
  ASSERT_EQ(Submit(By("agent-zhao"), Ban("p1"), &taken, v1::APPEAL_KIND_MISTAKE), "OK");
  ASSERT_EQ(Claim(agent_, taken.appeal().name()), "OK");
  v1::DecideAppealRequest decide = Decision(taken.appeal().name(), v1::APPEAL_VERDICT_LIFT);
  decide.set_disposition(v1::DISPOSITION_MISTAKE);
  decide.set_deviation_reason("the line was down that evening");
  v1::ActionResponse response;
  ASSERT_EQ(Decide(agent_, decide, &response), "OK");
  ASSERT_EQ(Submit(By("agent-zhao"), Ban("p2"), &taken), "OK");
  v1::GetDeskReportRequest request;
  request.mutable_since_time()->set_seconds(kWorldStartUs / 1'000'000 - 60);
  v1::DeskReport report;
  ASSERT_TRUE(world_.Do(&Desk::GetDeskReport, By("lead", v1::ROLE_LEAD), request, &report).ok());
  const v1::AppealFigures& figures = report.appeals();
  EXPECT_EQ(figures.submitted_count(), 2);
  EXPECT_EQ(figures.decided_count(), 1);
  EXPECT_EQ(figures.lifted_count(), 1);
  EXPECT_EQ(figures.overturned_count(), 1);
  EXPECT_EQ(figures.open_now_count(), 1);
  EXPECT_EQ(figures.first_answer().count(), 1);
  for (const v1::PersonFigures& person : report.people()) {
    if (person.principal() == "senior-wang") {
      EXPECT_EQ(person.appealed_count(), 1);
      EXPECT_EQ(person.overturned_count(), 1);
    }
    if (person.principal() == "agent-qian") {
      EXPECT_EQ(person.decided_appeal_count(), 1);
    }
  }
}

}  // namespace
}  // namespace hallwarden::daemon
