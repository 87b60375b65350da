// The feed: nothing twice, nothing left out, while commits run.
#include "daemon/desk/feed.h"

#include <atomic>
#include <future>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FeedTest : public ::testing::Test {
 protected:
  FeedTest() {
    world_.Register("a", "one");
    world_.Register("b", "two");
  }

  TailReader Reader(const v1::TailRequest& request) {
    absl::StatusOr<TailReader> reader = TailReader::Make(&world_.store(), request, v1::ROLE_GM);
    EXPECT_TRUE(reader.ok()) << reader.status();
    return *std::move(reader);
  }

  // Reads to the end of what is there.
  static std::vector<v1::TailResponse> Drain(TailReader* reader, std::size_t limit) {
    std::vector<v1::TailResponse> all;
    while (true) {
      absl::StatusOr<std::vector<v1::TailResponse>> next = reader->Next(limit);
      EXPECT_TRUE(next.ok()) << next.status();
      if (!next.ok() || next->empty()) return all;
      for (v1::TailResponse& entry : *next)
        all.push_back(std::move(entry));
    }
  }

  static std::vector<std::string> Resources(const std::vector<v1::TailResponse>& entries) {
    std::vector<std::string> resources;
    for (const v1::TailResponse& entry : entries) {
      if (entry.entry().kind() == v1::TIMELINE_KIND_SANCTION) {
        resources.push_back(entry.entry().resource());
      }
    }
    return resources;
  }

  DeskWorld world_;
};

TEST_F(FeedTest, BacklogCountsWhatPassesTheFilter) {
  std::vector<std::string> of_a;
  for (int i = 0; i < 6; ++i) {
    const std::string name = world_.Warn(i % 3 == 0 ? "a" : "b").sanction().name();
    if (i % 3 == 0) of_a.push_back(name);
  }
  v1::TailRequest request;
  request.set_account("a");
  request.set_backlog(2);
  TailReader reader = Reader(request);
  EXPECT_THAT(Resources(Drain(&reader, 10)), ElementsAreArray(of_a));
}

TEST_F(FeedTest, StartsAtTheEndWithoutABacklog) {
  world_.Warn("a");
  TailReader reader = Reader({});
  EXPECT_THAT(Drain(&reader, 10), IsEmpty());
  const std::string name = world_.Warn("b").sanction().name();
  EXPECT_THAT(Resources(Drain(&reader, 10)), ElementsAreArray({name}));
}

TEST_F(FeedTest, ResumesBehindAnyTokenWithoutDoubleOrLoss) {
  for (int i = 0; i < 5; ++i)
    world_.Warn("a");
  v1::TailRequest request;
  request.set_backlog(1000);
  TailReader reader = Reader(request);
  const std::vector<v1::TailResponse> all = Drain(&reader, 2);
  ASSERT_GE(all.size(), 5U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    v1::TailRequest resume;
    resume.set_resume_token(all[i].resume_token());
    TailReader resumed = Reader(resume);
    const std::vector<v1::TailResponse> rest = Drain(&resumed, 2);
    ASSERT_THAT(rest, SizeIs(all.size() - i - 1));
    for (std::size_t k = 0; k < rest.size(); ++k) {
      EXPECT_EQ(rest[k].resume_token(), all[i + 1 + k].resume_token());
    }
  }
}

TEST_F(FeedTest, RefusesATokenThatIsNone) {
  for (const char* token :
       {"x", "1", "1-", "-1", "1-2-3", "99999999999999999999-0", "1-99999999999"}) {
    v1::TailRequest request;
    request.set_resume_token(token);
    EXPECT_EQ(RefusalOf(TailReader::Make(&world_.store(), request, v1::ROLE_GM).status()).reason,
              "RESUME_TOKEN")
        << token;
  }
}

// One thread imposes, one follows; the follower starts anew from its last token again and again.
TEST_F(FeedTest, FollowerSeesEachCommitOnceWhileCommitsRun) {
  constexpr int kWarnings = 60;
  std::vector<std::string> imposed;
  std::atomic<bool> finished = false;
  std::thread writer([&] {
    for (int i = 0; i < kWarnings; ++i)
      imposed.push_back(world_.Warn("a").sanction().name());
    finished = true;
    world_.feed().WakeAll();
  });
  std::vector<std::string> seen;
  v1::TailRequest request;
  request.set_backlog(1000);
  bool last = false;
  while (true) {
    TailReader reader = Reader(request);
    const bool done = finished;
    const std::uint64_t news = world_.feed().News();
    const std::vector<v1::TailResponse> entries = Drain(&reader, 3);
    for (const std::string& name : Resources(entries))
      seen.push_back(name);
    if (!entries.empty()) request.set_resume_token(entries.back().resume_token());
    if (last) break;
    last = done;
    if (last) continue;
    std::promise<void> woken;
    world_.feed().Wait(news, [&woken] { woken.set_value(); });
    woken.get_future().wait();
  }
  writer.join();
  EXPECT_EQ(seen, imposed);
}

TEST_F(FeedTest, WaitRunsAtOnceIfTheNewsIsThereAlready) {
  const std::uint64_t before = world_.feed().News();
  world_.Warn("a");
  std::promise<void> woken;
  world_.feed().Wait(before, [&woken] { woken.set_value(); });
  woken.get_future().wait();
}

TEST_F(FeedTest, ForgottenWaitDoesNotRun) {
  bool ran = false;
  const std::uint64_t number = world_.feed().Wait(world_.feed().News(), [&ran] { ran = true; });
  world_.feed().Forget(number);
  world_.feed().WakeAll();
  world_.pool().Stop();
  EXPECT_FALSE(ran);
}

}  // namespace
}  // namespace hallwarden::daemon
