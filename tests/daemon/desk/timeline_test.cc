// The timeline is whole wherever its lines are kept: in memory, in the checkpoint, or on the way.
#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::Contains;
using ::testing::Not;

class TimelineTest : public ::testing::Test {
 protected:
  TimelineTest() { world_.Register("10086", "name-0"); }

  v1::ListTimelineRequest Request(int size) {
    v1::ListTimelineRequest request;
    request.set_parent("accounts/10086");
    request.set_page_size(size);
    return request;
  }

  v1::ListTimelineResponse Page(const v1::ListTimelineRequest& request,
                                v1::Role role = v1::ROLE_GM) {
    v1::ListTimelineResponse response;
    const absl::Status status =
        world_.Do(&Desk::ListTimeline, DeskWorld::As(role), request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }

  // Words of all entries, oldest first.
  std::vector<std::string> Words(int size) {
    std::vector<std::string> words;
    v1::ListTimelineRequest request = Request(size);
    request.add_kinds(v1::TIMELINE_KIND_PROFILE);
    do {
      const v1::ListTimelineResponse response = Page(request);
      EXPECT_LE(response.entries_size(), size);
      for (const v1::TimelineEntry& entry : response.entries())
        words.push_back(entry.text());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty());
    std::reverse(words.begin(), words.end());
    return words;
  }

  void Rename(int from, int to) {
    for (int i = from; i < to; ++i)
      world_.Rename("10086", "name-" + std::to_string(i));
  }

  static std::vector<std::string> Names(int count) {
    std::vector<std::string> names;
    for (int i = 0; i < count; ++i)
      names.push_back("name-" + std::to_string(i));
    return names;
  }

  DeskWorld world_;
};

TEST_F(TimelineTest, IsWholeInMemoryInTheCheckpointAndAcrossBoth) {
  Rename(1, 5);
  for (const int size : {1, 2, 3, 100})
    EXPECT_EQ(Words(size), Names(5)) << size;
  world_.Restart();
  for (const int size : {1, 2, 3, 100})
    EXPECT_EQ(Words(size), Names(5)) << size;
  Rename(5, 9);
  for (const int size : {1, 2, 3, 4, 5, 100})
    EXPECT_EQ(Words(size), Names(9)) << size;
}

// A checkpoint between two pages moves lines from memory to the store.
TEST_F(TimelineTest, PageGoesOnAfterACheckpointMovedItsLines) {
  Rename(1, 6);
  v1::ListTimelineRequest request = Request(2);
  request.add_kinds(v1::TIMELINE_KIND_PROFILE);
  std::vector<std::string> words;
  do {
    const v1::ListTimelineResponse response = Page(request);
    for (const v1::TimelineEntry& entry : response.entries())
      words.push_back(entry.text());
    request.set_page_token(response.next_page_token());
    if (words.size() == 2) world_.Restart();
    // What is newer than the first page does not come into later ones.
    if (words.size() == 4) world_.Rename("10086", "too new");
  } while (!request.page_token().empty());
  std::reverse(words.begin(), words.end());
  EXPECT_EQ(words, Names(6));
}

TEST_F(TimelineTest, LeavesOutSessionsUnlessAskedFor) {
  world_.LogIn("10086");
  const auto kinds = [this](const v1::ListTimelineRequest& request) {
    std::set<v1::TimelineKind> seen;
    const v1::ListTimelineResponse response = Page(request);
    for (const v1::TimelineEntry& entry : response.entries())
      seen.insert(entry.kind());
    return seen;
  };
  EXPECT_THAT(kinds(Request(100)), Not(Contains(v1::TIMELINE_KIND_SESSION)));
  v1::ListTimelineRequest request = Request(100);
  request.add_kinds(v1::TIMELINE_KIND_SESSION);
  EXPECT_EQ(kinds(request), std::set<v1::TimelineKind>{v1::TIMELINE_KIND_SESSION});
}

TEST_F(TimelineTest, ShowsNoWordsToWhoMayNotSeeThem) {
  const v1::ListTimelineResponse response = Page(Request(100), v1::ROLE_VIEWER);
  EXPECT_GT(response.entries_size(), 0);
  for (const v1::TimelineEntry& entry : response.entries()) {
    EXPECT_EQ(entry.text(), "");
    EXPECT_NE(entry.summary().zh(), "");
  }
}

TEST_F(TimelineTest, TellsWhoDidWhat) {
  world_.LogIn("10086");
  const v1::ActionResponse warned = world_.Warn("10086");
  const v1::ListTimelineResponse response = Page(Request(1));
  ASSERT_EQ(response.entries_size(), 1);
  const v1::TimelineEntry& entry = response.entries(0);
  EXPECT_EQ(entry.kind(), v1::TIMELINE_KIND_SANCTION);
  EXPECT_EQ(entry.resource(), warned.sanction().name());
  EXPECT_EQ(entry.actor().principal(), "ROLE_SENIOR_GM");
  EXPECT_EQ(entry.journal_position(), warned.journal_position());
}

}  // namespace
}  // namespace hallwarden::daemon
