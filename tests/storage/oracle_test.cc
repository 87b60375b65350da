// Random journals against tables in memory: whatever the order, and however often the store is
// opened again, it holds what a map would hold.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "google/protobuf/util/message_differencer.h"
#include "storage/format.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

using google::protobuf::util::MessageDifferencer;

constexpr int kGroups = 60;
constexpr int kEventsMax = 8;
constexpr int kEffectsMax = 6;
constexpr int kAccounts = 5;
constexpr int kServers = 3;

// Makes groups and remembers what they must leave behind.
class Oracle {
 public:
  explicit Oracle(std::uint32_t seed) : random_(seed) {}

  Group Next() {
    GroupBuilder group(next_);
    const int events = 1 + Below(kEventsMax);
    for (int i = 0; i < events; ++i) {
      const std::string source = ServerName(Below(kServers));
      group.Event(source, ++durable_[source], "p" + std::to_string(next_));
      payloads_.push_back("p" + std::to_string(next_));
      const int effects = Below(kEffectsMax);
      for (int j = 0; j < effects; ++j)
        AddEffect(&group);
      ++next_;
    }
    return group.Take();
  }

  void Check(Store* store) {
    CheckJournal(store);
    for (const auto& [source, seq] : durable_) {
      const std::vector<SourcePosition> sources = *store->Sources();
      const auto found =
          std::find_if(sources.begin(), sources.end(),
                       [&source = source](const SourcePosition& p) { return p.source == source; });
      ASSERT_NE(found, sources.end());
      EXPECT_EQ(found->durable_seq, seq);
    }
    CheckSanctions(store);
    CheckDirectives(store);
    const std::vector<Timer> timers = *store->Timers();
    EXPECT_EQ(std::set<Timer>(timers.begin(), timers.end()), timers_);
    std::map<std::string, std::int64_t> gate;
    ASSERT_TRUE(store
                    ->ScanGate([&](const v1::GateEntry& entry) {
                      gate[entry.account()] = entry.account_revision();
                    })
                    .ok());
    EXPECT_EQ(gate, gate_);
    std::size_t feed = 0;
    const std::vector<StoredPosting> postings = *store->ReadFeed(0, 0, 1'000'000);
    for (const StoredPosting& posting : postings) {
      ASSERT_LT(feed, feed_.size());
      EXPECT_EQ(posting.posting.resource, feed_[feed++]);
    }
    EXPECT_EQ(feed, feed_.size());
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  static std::string ServerName(int i) { return "hall-" + std::to_string(i); }
  std::string AnyAccount() { return std::to_string(10'000 + Below(kAccounts)); }

  void AddEffect(GroupBuilder* group) {
    switch (Below(8)) {
      case 0: {
        const std::string id = std::to_string(++ids_);
        v1::Sanction sanction = MakeSanction(id, AnyAccount(), "words " + id);
        order_.push_back(sanction.name());
        sanctions_[sanction.name()] = sanction;
        return void(group->With(PutSanction{std::move(sanction)}));
      }
      case 1:
        return PatchAny(group);
      case 2:
      case 3: {
        const std::string server = ServerName(Below(kServers));
        v1::Directive directive =
            MakeDirective(++last_directive_[server], AnyAccount(), "cases/" + std::to_string(ids_));
        pending_[server].insert(directive.directive_seq());
        return void(group->With(SendDirective{server, std::move(directive)}));
      }
      case 4: {
        const std::string server = ServerName(Below(kServers));
        AnswerDirective answer{server, {}, 1};
        answer.result.set_directive_seq(1 + Below(1 + static_cast<int>(last_directive_[server])));
        answer.result.set_outcome(static_cast<v1::DirectiveOutcome>(Below(5)));
        if (answer.result.outcome() != 0) pending_[server].erase(answer.result.directive_seq());
        return void(group->With(std::move(answer)));
      }
      case 5: {
        const Timer timer{Below(20), AccountKey("", AnyAccount()), 1, Below(2), "a"};
        if (Below(2) == 0) {
          timers_.insert(timer);
          return void(group->With(SetTimer{timer}));
        }
        timers_.erase(timer);
        return void(group->With(ClearTimer{timer}));
      }
      case 6: {
        PutGate gate;
        gate.entry.set_account(AnyAccount());
        gate.entry.set_account_revision(++gate_[gate.entry.account()]);
        if (Below(2) == 0) gate.entry.add_restrictions()->set_capability(v1::CAPABILITY_CHAT);
        return void(group->With(std::move(gate)));
      }
      default: {
        Posting posting = MakePosting(0, 0, AnyAccount(), "r" + std::to_string(random_())).posting;
        posting.notable = Below(2) == 0;
        if (posting.notable) feed_.push_back(posting.resource);
        return void(group->With(std::move(posting)));
      }
    }
  }

  void PatchAny(GroupBuilder* group) {
    if (order_.empty()) return;
    v1::Sanction& sanction =
        sanctions_[order_[static_cast<std::size_t>(Below(static_cast<int>(order_.size())))]];
    PatchSanction patch = MakePatch(sanction.name(), sanction.revision() + 1);
    sanction.set_revision(patch.revision);
    if (Below(2) == 0) {
      patch.state = v1::SANCTION_STATE_LIFTED;
      sanction.set_state(*patch.state);
      patch.lift.emplace().set_reason("r" + std::to_string(patch.revision));
      *sanction.mutable_lift() = *patch.lift;
    }
    if (Below(2) == 0) {
      patch.end_us = patch.revision * 1'000'000;
      SetTimestamp(*patch.end_us, sanction.mutable_end_time());
    }
    group->With(std::move(patch));
  }

  void CheckJournal(Store* store) {
    std::size_t entries = 0;
    ASSERT_TRUE(store
                    ->ScanJournal(1,
                                  [&](const StoredGroup& group) {
                                    for (const JournalEntry& entry : group.entries) {
                                      EXPECT_EQ(entry.payload, payloads_.at(entries++));
                                    }
                                    return true;
                                  })
                    .ok());
    EXPECT_EQ(entries, payloads_.size());
  }

  void CheckSanctions(Store* store) {
    const Page<v1::Sanction> page = *store->ListSanctions("", 1'000'000, "");
    ASSERT_EQ(page.items.size(), order_.size());
    std::map<std::string, std::size_t> by_account;
    for (std::size_t i = 0; i < order_.size(); ++i) {
      const v1::Sanction& expected = sanctions_[order_[order_.size() - 1 - i]];
      EXPECT_TRUE(MessageDifferencer::Equals(page.items[i], expected));
      ++by_account[expected.account()];
    }
    for (const auto& [account, count] : by_account) {
      EXPECT_EQ(store->ListSanctions(account, 1'000'000, "")->items.size(), count);
    }
  }

  void CheckDirectives(Store* store) {
    const auto outboxes = *store->Outboxes();
    for (const auto& [server, state] : outboxes) {
      EXPECT_EQ(state.last_directive_seq, last_directive_[server]);
      EXPECT_EQ(state.unanswered, static_cast<std::int64_t>(pending_[server].size()));
      std::set<std::int64_t> left;
      const std::vector<v1::Directive> directives = *store->ReadOutbox(server, 0, 1'000'000);
      for (const v1::Directive& directive : directives) {
        left.insert(directive.directive_seq());
      }
      EXPECT_EQ(left, pending_[server]);
    }
  }

  std::mt19937 random_;
  std::uint64_t next_ = 1;
  int ids_ = 0;
  std::vector<std::string> payloads_;
  std::map<std::string, std::uint64_t> durable_;
  std::vector<std::string> order_;
  std::map<std::string, v1::Sanction> sanctions_;
  std::map<std::string, std::int64_t> last_directive_;
  std::map<std::string, std::set<std::int64_t>> pending_;
  std::set<Timer> timers_;
  std::map<std::string, std::int64_t> gate_;
  std::vector<std::string> feed_;
};

std::vector<std::string> ExportOf(Store* store) {
  std::vector<std::string> lines;
  EXPECT_TRUE(store->Export([&](std::string_view line) { lines.emplace_back(line); }).ok());
  return lines;
}

class OracleTest : public ::testing::TestWithParam<std::uint32_t> {};

TEST_P(OracleTest, TheStoreHoldsWhatTheTablesInMemoryHold) {
  SCOPED_TRACE("seed=" + std::to_string(GetParam()));
  const TempDirectory directory;
  const TempDirectory other_directory;
  StoreOptions options;
  options.directory = directory.store();
  options.sync = false;
  std::unique_ptr<Store> store = *Store::Open(options);
  options.directory = other_directory.store();
  const std::unique_ptr<Store> other = *Store::Open(options);
  options.directory = directory.store();
  Oracle oracle(GetParam());
  for (int i = 1; i <= kGroups; ++i) {
    const Group group = oracle.Next();
    const absl::Status status = store->Commit(group);
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_TRUE(other->Commit(group).ok());
    if (i % 20 != 0) continue;
    oracle.Check(store.get());
    store.reset();
    store = *Store::Open(options);
    oracle.Check(store.get());
  }
  // Two stores with other keys and another number of opens tell the same.
  const std::vector<std::string> lines = ExportOf(store.get());
  EXPECT_GT(lines.size(), 100U);
  EXPECT_EQ(lines, ExportOf(other.get()));
  EXPECT_NE(store->store_id(), other->store_id());
}

INSTANTIATE_TEST_SUITE_P(Seeds, OracleTest, ::testing::Values(1U, 2U, 3U, 4U));

TEST(ExportTest, LinesAreDocumentedAndStayLines) {
  const TempDirectory directory;
  StoreOptions options;
  options.directory = directory.store();
  const std::unique_ptr<Store> store = *Store::Open(options);
  Answer answer = MakeAnswer("gm-li", "r 1", 5);
  answer.refusal = Refusal{9, "ETAG", "two\nlines", {}};
  Audit audit;
  audit.record.mutable_actor()->set_principal("gm-li");
  audit.record.set_peer("192.0.2.7");
  GroupBuilder group(1);
  group.Event("hall-1", 4).With(PutSanction{MakeSanction("a", "10086", "w\n")}).With(answer);
  group.With(audit).With(SendDirective{"hall-1", MakeDirective(1, "10086", "sanctions/a")});
  group.With(PutToken{{}, std::string(32, 's')});
  ASSERT_TRUE(store->Commit(group.Take()).ok());
  const std::vector<std::string> lines = ExportOf(store.get());
  using ::testing::Contains;
  EXPECT_THAT(lines, Contains("history_epoch=1"));
  EXPECT_THAT(lines, Contains("source hall-1 durable_seq=4 session_epoch=1"));
  EXPECT_THAT(lines, Contains("sanction sanctions/a: account \"10086\""));
  EXPECT_THAT(lines, Contains("sanction sanctions/a: finding.evidence[0].text \"w\\x0a\""));
  EXPECT_THAT(lines, Contains("answer gm-li/r\\x201 refusal=9 ETAG two\\x0alines"));
  EXPECT_THAT(lines, Contains("audit audit/1-2: peer \"192.0.2.7\""));
  EXPECT_THAT(lines, Contains("directive hall-1/1 outcome=0 result_us=0 detail=-"));
  EXPECT_THAT(
      lines,
      Contains("server hall-1 last_directive_seq=1 unanswered=1 retired=0 rejected_events=0"));
  for (const std::string& line : lines) {
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(line.find("ssss"), std::string::npos);
  }
}

}  // namespace
}  // namespace hallwarden::storage
