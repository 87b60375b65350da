// audit verify, against a daemon that tells the truth and several that do not.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/audit_chain.h"
#include "storage/audit_checkpoint.h"
#include "storage/format.h"
#include "storage/sha256.h"
#include "tests/tools/gmctl/fakes.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kStoreId = "0123456789abcdef";

class AuditVerifyTest : public GmctlTest {
 protected:
  void SetUp() override {
    chain_.head = storage::FirstAuditLink(kStoreId);
    for (std::uint64_t i = 1; i <= 25; ++i) {
      v1::AuditRecord record;
      record.set_method("GmService.LiftSanction");
      record.set_reason("why " + std::to_string(i));
      const std::string bytes = record.SerializeAsString();
      const std::string key = storage::PlaceKey(i, 0);
      v1::AuditEntry& entry = entries_.emplace_back();
      entry.set_key(key);
      entry.set_value(storage::LinkAuditRow(
          key, std::string(1, '\x01') + static_cast<char>(bytes.size()) + bytes + '\0', &chain_));
      if (i == 20) early_ = Sign();
    }
    now_ = Sign();
    daemon_.ListAuditEntries.answer = [this](const v1::ListAuditEntriesRequest& request) {
      v1::ListAuditEntriesResponse page;
      *page.mutable_checkpoint() = now_;
      const std::size_t from = request.page_token().empty() ? 0 : std::stoul(request.page_token());
      const std::size_t end = std::min(entries_.size(), from + 10);
      for (std::size_t i = from; i < end; ++i)
        *page.add_entries() = entries_[i];
      if (end < entries_.size()) page.set_next_page_token(std::to_string(end));
      return absl::StatusOr<v1::ListAuditEntriesResponse>(page);
    };
  }
  v1::AuditCheckpoint Sign() const {
    v1::AuditCheckpoint checkpoint;
    checkpoint.set_origin(storage::ToLowerHex(kStoreId));
    checkpoint.set_history_epoch(1);
    checkpoint.set_size(static_cast<std::int64_t>(chain_.size));
    checkpoint.set_head(std::string(storage::AsView(chain_.head)));
    checkpoint.mutable_create_time()->set_seconds(1788339600);
    EXPECT_TRUE((*storage::AuditKey::LoadOrMake(KeyFile()))->Sign(&checkpoint).ok());
    return checkpoint;
  }
  [[nodiscard]] std::string KeyFile() const { return folder_.path() + "/audit.key"; }
  std::string Keep(const std::string& name, const std::vector<v1::AuditCheckpoint>& kept) const {
    std::string path = folder_.path() + "/" + name;
    std::ofstream out(path);
    for (const v1::AuditCheckpoint& checkpoint : kept)
      out << storage::AuditCheckpointLine(checkpoint) << "\n";
    return path;
  }

  storage::AuditChain chain_;
  std::vector<v1::AuditEntry> entries_;
  v1::AuditCheckpoint early_;
  v1::AuditCheckpoint now_;
};

TEST_F(AuditVerifyTest, TellsThatTheAuditIsWholeAndGivesTheLineToKeep) {
  AtTerminal({});
  EXPECT_EQ(Gmctl({"audit", "verify"}), 0) << error();
  EXPECT_THAT(error(), HasSubstr("the audit is whole: 25 records, 25 of them signed"));
  EXPECT_EQ(out(), storage::AuditCheckpointLine(now_) + "\n");
  EXPECT_EQ(daemon_.ListAuditEntries.asked.size(), 3U);
  EXPECT_EQ(Gmctl({"audit", "verify", "--lang", "zh"}), 0);
  EXPECT_THAT(error(), HasSubstr("25 条记录"));
}

TEST_F(AuditVerifyTest, InAPipeItIsOneRow) {
  EXPECT_EQ(Gmctl({"audit", "verify", "--fields", "records,signed,checkpoint"}), 0) << error();
  EXPECT_EQ(out(),
            "records\tsigned\tcheckpoint\n25\t25\t" + storage::AuditCheckpointLine(now_) + "\n");
}

TEST_F(AuditVerifyTest, KeepsCheckpointsAndComparesWithThem) {
  const std::string kept = folder_.path() + "/kept";
  EXPECT_EQ(Gmctl({"audit", "verify", "--save", kept}), 0) << error();
  EXPECT_EQ(Gmctl({"audit", "verify", "--save", kept}), 0) << error();
  std::ifstream in(kept);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}),
            storage::AuditCheckpointLine(now_) + "\n");
  EXPECT_EQ(Gmctl({"audit", "verify", "--against", Keep("both", {early_, now_}), "--key",
                   KeyFile() + ".pub"}),
            0)
      << error();
  EXPECT_THAT(error(), HasSubstr("agrees with 2 kept checkpoints"));
}

TEST_F(AuditVerifyTest, SaysWhatIsWrongAndWhere) {
  struct Case {
    const char* name;
    std::function<void()> lie;
    const char* says;
  };
  const std::vector<Case> cases = {
      {"changed", [this] { entries_[11].mutable_value()->back() = 'x'; },
       "audit/12-0 is not what was written"},
      {"cut", [this] { entries_.resize(22); }, "knows 25 records, now there are 22"},
      {"not signed", [this] { now_.set_size(24); }, "is not signed by its key"},
      {"another store", [this] { now_.set_origin(storage::ToLowerHex("another store id")); },
       "is of another store"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto entries = entries_;
    const auto now = now_;
    c.lie();
    EXPECT_EQ(Gmctl({"audit", "verify", "--against", Keep("kept", {early_})}), 1);
    EXPECT_THAT(error(), HasSubstr(c.says));
    EXPECT_THAT(error(), HasSubstr("the audit is not whole"));
    entries_ = entries;
    now_ = now;
  }
}

TEST_F(AuditVerifyTest, AnOldCopyThatHoldsByItselfShowsAgainstWhatWasKept) {
  const std::string kept = Keep("kept", {now_});
  entries_.resize(20);
  now_ = early_;
  EXPECT_EQ(Gmctl({"audit", "verify"}), 0) << error();
  EXPECT_EQ(Gmctl({"audit", "verify", "--against", kept}), 1);
  EXPECT_THAT(error(), HasSubstr("an old copy was restored"));
}

TEST_F(AuditVerifyTest, FilesThatAreNoneAreSaidToBeSo) {
  const std::string bad = folder_.path() + "/bad";
  std::ofstream(bad) << "words\n";
  EXPECT_EQ(Gmctl({"audit", "verify", "--against", bad}), 2);
  EXPECT_THAT(error(), HasSubstr("holds no checkpoints: line 1"));
  EXPECT_EQ(Gmctl({"audit", "verify", "--key", bad}), 2);
  EXPECT_THAT(error(), HasSubstr("no Ed25519 public key"));
  now_.Clear();
  daemon_.ListAuditEntries.Says({});
  EXPECT_EQ(Gmctl({"audit", "verify"}), 7);
  EXPECT_THAT(error(), HasSubstr("has signed no checkpoint yet"));
}

}  // namespace
}  // namespace hallwarden::gmctl
