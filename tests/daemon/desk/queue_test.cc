// The queue through the desk: many clients at once, restarts, listings under change.
#include <deque>
#include <future>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::SizeIs;

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

class QueueTest : public ::testing::Test {
 protected:
  // Opens `count` cases about as many accounts.
  void Fill(int count) {
    for (int i = 0; i < count; ++i) {
      const std::string account = "p" + std::to_string(i);
      world_.Register(account, "Wanderer" + std::to_string(i));
      v1::OpenCaseRequest open;
      open.set_parent("accounts/" + account);
      open.set_kind(v1::CASE_KIND_BUG);
      open.set_text("the table froze");
      *open.mutable_options() = world_.Options();
      v1::ActionResponse response;
      ASSERT_EQ(ReasonOf(world_.Do(&Desk::OpenCase, gm_, open, &response)), "OK");
    }
  }

  v1::NextCaseRequest Next() {
    v1::NextCaseRequest next;
    *next.mutable_options() = world_.Options();
    return next;
  }

  std::vector<v1::QueueItem> Queue() {
    std::vector<v1::QueueItem> items;
    v1::ListQueueRequest request;
    request.set_page_size(7);
    do {
      v1::ListQueueResponse response;
      EXPECT_TRUE(world_.Do(&Desk::ListQueue, gm_, request, &response).ok());
      items.insert(items.end(), response.items().begin(), response.items().end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    return items;
  }

  static Call Gm(int number) {
    Call call = DeskWorld::As(v1::ROLE_GM, "CaseService.NextCase");
    call.principal.name = "gm-" + std::to_string(number);
    return call;
  }

  DeskWorld world_;
  const Call gm_ = DeskWorld::As(v1::ROLE_GM, "CaseService.OpenCase");
};

TEST_F(QueueTest, FiftyClientsGetFiftyCasesAndTheNextOneNone) {
  constexpr int kClients = 50;
  Fill(kClients);
  std::deque<v1::NextCaseRequest> requests;
  std::deque<v1::NextCaseResponse> responses(kClients);
  std::deque<std::promise<absl::Status>> ends(kClients);
  for (int i = 0; i < kClients; ++i) {
    requests.push_back(Next());
    std::promise<absl::Status>& end = ends[static_cast<std::size_t>(i)];
    world_.Begin(&Desk::NextCase, Gm(i), requests.back(), &responses[static_cast<std::size_t>(i)],
                 [&end](const absl::Status& status) { end.set_value(status); });
  }
  std::set<std::string> taken;
  for (int i = 0; i < kClients; ++i) {
    EXPECT_EQ(ReasonOf(ends[static_cast<std::size_t>(i)].get_future().get()), "OK");
    const v1::Case& item = responses[static_cast<std::size_t>(i)].view().case_record();
    EXPECT_EQ(item.claim().principal(), "gm-" + std::to_string(i));
    taken.insert(item.name());
  }
  EXPECT_THAT(taken, SizeIs(kClients));
  v1::NextCaseResponse none;
  const v1::NextCaseRequest next = Next();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::NextCase, Gm(99), next, &none)), "QUEUE_EMPTY");
}

TEST_F(QueueTest, FiftyClientsRaceForOneCaseAndOneWins) {
  constexpr int kClients = 50;
  Fill(1);
  const std::string name = Queue().at(0).name();
  std::deque<v1::ClaimCaseRequest> requests;
  std::deque<v1::ActionResponse> responses(kClients);
  std::deque<std::promise<absl::Status>> ends(kClients);
  for (int i = 0; i < kClients; ++i) {
    v1::ClaimCaseRequest& claim = requests.emplace_back();
    claim.set_name(name);
    *claim.mutable_options() = world_.Options();
    std::promise<absl::Status>& end = ends[static_cast<std::size_t>(i)];
    world_.Begin(&Desk::ClaimCase, Gm(i), claim, &responses[static_cast<std::size_t>(i)],
                 [&end](const absl::Status& status) { end.set_value(status); });
  }
  std::map<std::string, int> reasons;
  for (auto& end : ends)
    ++reasons[ReasonOf(end.get_future().get())];
  EXPECT_EQ(reasons["OK"], 1);
  EXPECT_EQ(reasons["CASE_CLAIMED"], kClients - 1);
}

TEST_F(QueueTest, ARepeatedNextIsAnsweredAsTheFirstTime) {
  Fill(3);
  const v1::NextCaseRequest next = Next();
  v1::NextCaseResponse first;
  v1::NextCaseResponse second;
  ASSERT_TRUE(world_.Do(&Desk::NextCase, Gm(1), next, &first).ok());
  ASSERT_TRUE(world_.Do(&Desk::NextCase, Gm(1), next, &second).ok());
  EXPECT_EQ(first.view().case_record().name(), second.view().case_record().name());
  int claimed = 0;
  for (const v1::QueueItem& item : Queue())
    claimed += item.has_claim() ? 1 : 0;
  EXPECT_EQ(claimed, 1);
}

TEST_F(QueueTest, ALeaseSurvivesARestartAndThenEnds) {
  Fill(1);
  const v1::NextCaseRequest next = Next();
  v1::NextCaseResponse response;
  ASSERT_TRUE(world_.Do(&Desk::NextCase, Gm(1), next, &response).ok());
  world_.Restart();
  ASSERT_THAT(Queue(), SizeIs(1));
  EXPECT_EQ(Queue()[0].claim().principal(), "gm-1");
  EXPECT_EQ(Queue()[0].state(), v1::CASE_STATE_CLAIMED);
  v1::NextCaseResponse none;
  const v1::NextCaseRequest other = Next();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::NextCase, Gm(2), other, &none)), "QUEUE_EMPTY");
}

TEST_F(QueueTest, AViewSaysWhatAConfirmationWouldDo) {
  world_.Register("10086", "Wanderer");
  v1::OpenCaseRequest open;
  open.set_parent("accounts/10086");
  open.set_kind(v1::CASE_KIND_MISCONDUCT);
  open.set_offence(v1::OFFENCE_ADVERTISING);
  open.set_text("adverts at table 4");
  *open.mutable_options() = world_.Options();
  v1::ActionResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::OpenCase, gm_, open, &response)), "OK");
  v1::GetCaseViewRequest request;
  request.set_name(Queue().at(0).name());
  v1::CaseView view;
  ASSERT_TRUE(world_.Do(&Desk::GetCaseView, gm_, request, &view).ok());
  EXPECT_EQ(view.account().account(), "10086");
  EXPECT_EQ(view.case_record().text(), "adverts at table 4");
  std::set<std::string> keys;
  for (const v1::PlanLine& line : view.outlook())
    keys.insert(line.key());
  EXPECT_TRUE(keys.contains("rung"));
  EXPECT_FALSE(view.has_obstacle());
  // Looking changes nothing.
  EXPECT_EQ(Queue().at(0).state(), v1::CASE_STATE_OPEN);
}

}  // namespace
}  // namespace hallwarden::daemon
