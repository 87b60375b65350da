// Pages while the list grows, and tokens that belong elsewhere.
#include "storage/page.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PageTest : public StoreTest {
 protected:
  void AddSanction(int number, const std::string& account) {
    Commit({PutSanction{MakeSanction(std::to_string(number), account)}});
  }
  // Names of all sanctions, page by page; `between` runs after each.
  template <class Between>
  std::vector<std::string> WalkAll(std::size_t limit, const Between& between) {
    std::vector<std::string> names;
    std::string token;
    do {
      const absl::StatusOr<Page<v1::Sanction>> page = store_->ListSanctions("", limit, token);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_LE(page->items.size(), limit);
      for (const v1::Sanction& sanction : page->items)
        names.push_back(sanction.name());
      token = page->next;
      between();
    } while (!token.empty());
    return names;
  }
};

TEST_F(PageTest, EveryLimitGivesTheSameList) {
  for (int i = 0; i < 10; ++i)
    AddSanction(i, "10086");
  const std::vector<std::string> all = WalkAll(100, [] {});
  ASSERT_THAT(all, SizeIs(10));
  EXPECT_EQ(all[0], "sanctions/9");
  EXPECT_EQ(all[9], "sanctions/0");
  for (const std::size_t limit : {1U, 2U, 3U, 5U, 9U, 10U, 11U}) {
    EXPECT_EQ(WalkAll(limit, [] {}), all) << limit;
  }
  // A full last page is known to be the last.
  EXPECT_EQ(store_->ListSanctions("", 10, "")->next, "");
  EXPECT_THAT(store_->ListSanctions("", 0, "")->items, SizeIs(1));
}

TEST_F(PageTest, WhatComesMeanwhileNeitherHidesNorRepeatsWhatWasThere) {
  int number = 0;
  for (; number < 20; ++number)
    AddSanction(number, "10086");
  const std::vector<std::string> names = WalkAll(3, [&] { AddSanction(++number + 100, "10086"); });
  std::set<std::string> seen(names.begin(), names.end());
  EXPECT_THAT(seen, SizeIs(names.size()));
  for (int i = 0; i < 20; ++i)
    EXPECT_TRUE(seen.contains("sanctions/" + std::to_string(i))) << i;
}

TEST_F(PageTest, AnOldestFirstListShowsWhatComesMeanwhile) {
  for (int i = 0; i < 4; ++i)
    Commit({PutCase{MakeCase(std::to_string(i), "10086")}});
  const Page<v1::Case> first = *store_->ListCases("", true, 2, "");
  ASSERT_THAT(first.items, SizeIs(2));
  EXPECT_EQ(first.items[0].name(), "cases/0");
  // The last one of the page before is closed: the next page still begins behind it.
  PatchCase close = MakeCasePatch("cases/1", 2);
  close.change.set_state(v1::CASE_STATE_CLOSED);
  close.change.set_verdict("dismissed");
  Commit({close, PutCase{MakeCase("4", "10087")}});
  const Page<v1::Case> second = *store_->ListCases("", true, 5, first.next);
  ASSERT_THAT(second.items, SizeIs(3));
  EXPECT_EQ(second.items[0].name(), "cases/2");
  EXPECT_EQ(second.items[2].name(), "cases/4");
}

// Hex of a place in the queue.
std::string PlaceAt(int band, unsigned char time) {
  static constexpr char kHex[] = "0123456789abcdef";
  return std::string("0") + kHex[band] + "80000000000000" + kHex[time >> 4U] + kHex[time & 15U];
}

TEST_F(PageTest, TheQueueShowsWhatKeepsItsPlaceExactlyOnce) {
  constexpr int kCases = 60;
  const auto place = [](int i) { return PlaceAt(1, static_cast<unsigned char>(i * 4)); };
  for (int i = 0; i < kCases; ++i) {
    v1::Case item = MakeCase("q" + std::to_string(i), "10086");
    item.set_queue_key(place(i));
    Commit({PutCase{item}});
  }
  std::vector<std::string> seen;
  std::string token;
  int moved = 0;
  do {
    const absl::StatusOr<Page<v1::Case>> page = store_->ListQueue(7, token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Case& item : page->items)
      seen.push_back(item.name());
    token = page->next;
    // Meanwhile every third case moves to the top or to the end, or is closed, and new ones come.
    for (int n = 0; n < 2 && moved < kCases; ++n, moved += 3) {
      PatchCase patch = MakeCasePatch("cases/q" + std::to_string(moved), 2);
      const bool closed = moved % 2 == 1;
      patch.change.set_state(closed ? v1::CASE_STATE_CLOSED : v1::CASE_STATE_OPEN);
      if (!closed) patch.change.set_queue_key(PlaceAt(moved % 4 == 0 ? 0 : 2, 9));
      v1::Case more = MakeCase("new" + std::to_string(moved), "10087");
      more.set_queue_key(PlaceAt(1, static_cast<unsigned char>(moved * 4 + 1)));
      Commit({patch, PutCase{more}});
    }
  } while (!token.empty());
  for (int i = 0; i < kCases; ++i) {
    if (i % 3 == 0) continue;
    const std::string name = "cases/q" + std::to_string(i);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), name), 1) << name;
  }
}

TEST_F(PageTest, AnAppealIsInTheQueueUntilItIsOverAndWithItsAccountForEver) {
  v1::Appeal appeal;
  appeal.set_name("appeals/ap_1");
  appeal.set_account("10086");
  appeal.set_queue_key(PlaceAt(1, 7));
  appeal.set_waiting_side(v1::APPEAL_SIDE_DESK);
  appeal.mutable_due_time()->set_seconds(258);
  appeal.mutable_claim()->mutable_actor()->set_principal("agent");
  appeal.add_messages()->set_text("let me in");
  Commit({PutAppeal{appeal}});
  ASSERT_THAT(store_->ListAppealQueue(10, "")->items, SizeIs(1));
  PatchAppeal later;
  later.change.set_name("appeals/ap_1");
  later.change.set_account("10086");
  later.change.set_queue_key(PlaceAt(0, 9));
  later.change.add_messages()->set_text("who are you?");
  Commit({later});
  const absl::StatusOr<Page<v1::Appeal>> moved = store_->ListAppealQueue(10, "");
  ASSERT_THAT(moved->items, SizeIs(1)) << "it moved";
  EXPECT_FALSE(moved->items[0].has_claim()) << "what is not said about how it stands is over";
  EXPECT_FALSE(moved->items[0].has_due_time());
  EXPECT_THAT(moved->items[0].messages(), SizeIs(2));
  PatchAppeal over;
  over.change.set_name("appeals/ap_1");
  over.change.set_account("10086");
  over.change.set_state(v1::APPEAL_STATE_DECIDED);
  Commit({over});
  EXPECT_THAT(store_->ListAppealQueue(10, "")->items, IsEmpty());
  EXPECT_THAT(store_->ListAppeals("10086", 10, "")->items, SizeIs(1));
  EXPECT_THAT(store_->ListAppeals("10087", 10, "")->items, IsEmpty());
  EXPECT_EQ(store_->GetAppeal("appeals/ap_1")->state(), v1::APPEAL_STATE_DECIDED);
  EXPECT_TRUE(absl::IsNotFound(store_->GetAppeal("appeals/ap_2").status()));
}

TEST_F(PageTest, ACaseWithoutAPlaceWaitsSinceItWasOpenedAndAClosedOneIsGone) {
  Commit({PutCase{MakeCase("old", "10086")}});
  ASSERT_THAT(store_->ListQueue(10, "")->items, SizeIs(1));
  PatchCase close = MakeCasePatch("cases/old", 2);
  close.change.set_state(v1::CASE_STATE_CLOSED);
  Commit({close});
  EXPECT_THAT(store_->ListQueue(10, "")->items, IsEmpty());
  PatchCase again = MakeCasePatch("cases/old", 3);
  again.change.set_queue_key(PlaceAt(1, 5));
  Commit({again});
  EXPECT_THAT(store_->ListQueue(10, "")->items, SizeIs(1));
  EXPECT_EQ(store_->GetCase("cases/old")->verdict(), "");
}

TEST_F(PageTest, TokensOfOtherListsAreRefused) {
  for (int i = 0; i < 4; ++i) {
    AddSanction(i, "10086");
    Commit({PutCase{MakeCase(std::to_string(i), "10086")}});
    Audit audit;
    audit.record.mutable_actor()->set_principal("gm-li");
    Commit({audit});
  }
  const std::string token = store_->ListSanctions("10086", 2, "")->next;
  ASSERT_NE(token, "");
  EXPECT_TRUE(store_->ListSanctions("10086", 3, token).ok());
  const auto invalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(store_->ListSanctions("", 2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListSanctions("10087", 2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListCases("10086", false, 2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListNotes("10086", 2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListPartners("", 2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListPolicies(2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListFindings("10086", 2, token).status().code(), invalid);
  EXPECT_EQ(store_->ListPostings("10086", 0, 2, token).status().code(), invalid);
  for (const char* const bad : {"x", "!", "AAAA", "AQ", " "}) {
    EXPECT_EQ(store_->ListSanctions("10086", 2, bad).status().code(), invalid) << bad;
  }
  Store::AuditFilter filter{"gm-li", "", "", 0};
  const std::string audit_token = store_->ListAudit(filter, 2, "")->next;
  ASSERT_NE(audit_token, "");
  EXPECT_THAT(store_->ListAudit(filter, 9, audit_token)->items, SizeIs(2));
  filter.method = "GmService.LiftSanction";
  EXPECT_EQ(store_->ListAudit(filter, 2, audit_token).status().code(), invalid);
}

TEST_F(PageTest, AForgedTokenReachesNoOtherList) {
  AddSanction(1, "10086");
  const std::string token = EncodePageToken("list", "key");
  EXPECT_EQ(*DecodePageToken("list", token), "key");
  EXPECT_FALSE(DecodePageToken("other list", token).ok());
  EXPECT_EQ(store_->ListSanctions("10086", 2, token).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(PageTest, AFilterThatMatchesNothingEndsByItself) {
  for (int i = 0; i < 5; ++i) {
    Audit audit;
    audit.record.mutable_actor()->set_principal("gm-li");
    audit.record.set_method("GmService.CreateNote");
    Commit({audit});
  }
  const Page<v1::AuditRecord> page =
      *store_->ListAudit({"gm-li", "", "GmService.LiftSanction", 0}, 2, "");
  EXPECT_THAT(page.items, IsEmpty());
  EXPECT_EQ(page.next, "");
}

}  // namespace
}  // namespace hallwarden::storage
