// The bytes on disk, frozen: each value here stands in storage/FORMAT.md too.
#include "storage/format.h"

#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/key.h"
#include "storage/rows.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

using ::testing::SizeIs;

std::string Hex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    hex.push_back(kDigits[byte >> 4]);
    hex.push_back(kDigits[byte & 0xf]);
  }
  return hex;
}

// Seals nothing: golden rows hold nothing personal.
class NoVault : public Vault {
 public:
  SipKey HashKey() const override { return {}; }
  SipKey FingerprintKey() const override { return {}; }
  absl::StatusOr<std::string> Seal(std::string_view, std::string_view, std::string_view) override {
    return absl::InternalError("nothing to seal here");
  }
  absl::StatusOr<std::string> Unseal(std::string_view, std::string_view,
                                     std::string_view) override {
    return absl::InternalError("nothing to unseal here");
  }
  absl::Status SyncKeys() override { return absl::OkStatus(); }
  absl::Status Destroy(std::string_view) override { return absl::OkStatus(); }
};

TEST(KeyGoldenTest, PartsOfKeys) {
  EXPECT_EQ(Hex(Key().U32(0x01020304).bytes()), "01020304");
  EXPECT_EQ(Hex(Key().U64(258).bytes()), "0000000000000102");
  EXPECT_EQ(Hex(Key().I64(-1).bytes()), "7fffffffffffffff");
  EXPECT_EQ(Hex(Key().I64(1).bytes()), "8000000000000001");
  EXPECT_EQ(Hex(Key().Name("ab").bytes()), "61620001");
  EXPECT_EQ(Hex(Key().Name(std::string_view("a\0b", 3)).bytes()), "6100ff620001");
}

TEST(KeyGoldenTest, KeysOfFamilies) {
  EXPECT_EQ(Hex(PositionKey(1)), "0000000000000001");
  EXPECT_EQ(Hex(PlaceKey(1, 2)), "000000000000000100000002");
  EXPECT_EQ(Hex(RowKey(Table::kSanction, "sanctions/a")), "0173616e6374696f6e732f61");
  EXPECT_EQ(Hex(DirectiveKey("h1", 7)), "683100018000000000000007");
  EXPECT_EQ(Hex(AnswerKey("gm", "r1")), "676d000172310001");
  EXPECT_EQ(Hex(CellKey({CellKind::kIp, {0x0102, 0x0304}})), "0300000000000001020000000000000304");
  EXPECT_EQ(Hex(CheckpointKey()), "00");
  EXPECT_EQ(Hex(PostingKey("10086", 5, 1)), "31303038360001000000000000000500000001");
  EXPECT_EQ(Hex(TimerKey({1'000'000, {CellKind::kAccount, {1, 2}}, 3, -1, "a"})),
            "80000000000f4240010000000000000001000000000000000203"
            "7fffffffffffffff610001");
}

TEST(KeyGoldenTest, ThePlaceInTheQueue) {
  v1::Case item;
  item.set_name("cases/a");
  item.set_state(v1::CASE_STATE_OPEN);
  item.set_queue_key("018000000000000102");
  EXPECT_EQ(Hex(QueueIndexKey(item)), "1101800000000000010263617365732f610001");
  // From before the queue existed: since it was opened.
  item.clear_queue_key();
  SetTimestamp(258, item.mutable_create_time());
  EXPECT_EQ(Hex(QueueIndexKey(item)), "1101800000000000010263617365732f610001");
  item.set_state(v1::CASE_STATE_CLOSED);
  EXPECT_EQ(QueueIndexKey(item), "");
}

TEST(KeyGoldenTest, ThePlaceInTheQueueOfAppeals) {
  v1::Appeal appeal;
  appeal.set_name("appeals/a");
  appeal.set_queue_key("018000000000000102");
  EXPECT_EQ(Hex(QueueIndexKey(appeal)), "1301800000000000010261707065616c732f610001");
  appeal.clear_queue_key();
  EXPECT_EQ(QueueIndexKey(appeal), "") << "it is over";
}

TEST(KeyTest, KeysSortAsTheirParts) {
  const std::vector<std::string> names = {"",
                                          std::string(1, '\0'),
                                          std::string("\0a", 2),
                                          "\x01",
                                          "a",
                                          std::string("a\0", 2),
                                          "aa",
                                          "b",
                                          "\xff",
                                          "\xff\xff"};
  std::vector<std::string> keys;
  for (const std::string& name : names) {
    for (const std::uint64_t number : {std::uint64_t{0}, std::uint64_t{255}, UINT64_MAX}) {
      keys.push_back(Key().Name(name).U64(number).Take());
    }
  }
  for (std::size_t i = 1; i < keys.size(); ++i)
    EXPECT_LT(keys[i - 1], keys[i]) << i;
  for (const std::string& name : names) {
    const std::string key = Key().Name(name).Raw("rest").Take();
    KeyReader in(key);
    EXPECT_EQ(in.Name(), name);
    EXPECT_EQ(in.Raw(), "rest");
    EXPECT_TRUE(in.done());
  }
}

TEST(KeyTest, WhatIsCutIsNoKey) {
  const std::string key = Key().Name(std::string_view("a\0b", 3)).U64(7).Take();
  for (std::size_t size = 0; size < key.size(); ++size) {
    KeyReader in(std::string_view(key).substr(0, size));
    static_cast<void>(in.Name());
    static_cast<void>(in.U64());
    EXPECT_FALSE(in.done()) << size;
  }
}

TEST(KeyTest, ThePrefixEndsBehindEveryKeyOfIt) {
  EXPECT_EQ(PrefixEnd("ab"), "ac");
  EXPECT_EQ(PrefixEnd("a\xff"), "b");
  EXPECT_EQ(PrefixEnd("\xff\xff"), "");
  EXPECT_EQ(PrefixEnd(""), "");
}

std::vector<JournalEntry> GoldenEntries() {
  std::vector<JournalEntry> entries(3);
  entries[0].position = 5;
  entries[0].commit_us = 1'000'000;
  entries[0].source = "h1";
  entries[0].source_seq = 9;
  entries[0].content_hash = 0x0102030405060708;
  entries[0].payload = "ab";
  entries[1].position = 6;
  entries[1].commit_us = 1'000'003;
  entries[1].kind = RecordKind::kCommand;
  entries[1].source = "gm";
  entries[1].hashes.ip = {1, 2};
  entries[1].payload = "c";
  entries[1].sealed_account = "7";
  entries[1].sealed = "xyz";
  entries[2] = entries[0];
  entries[2].position = 7;
  entries[2].commit_us = 1'000'003;
  entries[2].source_seq = 10;
  entries[2].content_hash = 0;
  entries[2].payload = "";
  return entries;
}

TEST(JournalGoldenTest, AGroup) {
  const EncodedGroup group = EncodeGroup(GoldenEntries(), 0x1122334455667788);
  EXPECT_EQ(Hex(group.journal),
            "01"                // version
            "01"                // flags: sealed parts
            "1122334455667788"  // digest of the effects
            "80897a"            // commit time of the first record
            "02"                // sources
            "026831"            // h1
            "02676d"            // gm
            "03"                // records
            "41"
            "00"
            "00"
            "12"
            "0102030405060708"
            "026162"
            "95"
            "03"
            "01"
            "00"
            "00000000000000010000000000000002"
            "0163"
            "01"
            "00"
            "00"
            "00"
            "00");
  EXPECT_EQ(Hex(group.sealed),
            "01"
            "01"
            "01"
            "0137"
            "0378797a");
}

TEST(JournalFormatTest, AGroupComesBack) {
  const std::vector<JournalEntry> entries = GoldenEntries();
  const EncodedGroup group = EncodeGroup(entries, 77);
  const absl::StatusOr<StoredGroup> stored = DecodeGroup(5, group.journal, group.sealed);
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->effects_digest, 77U);
  ASSERT_THAT(stored->entries, SizeIs(3));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const absl::StatusOr<JournalEntry> alone = DecodeEntry(5, 5 + i, group.journal, group.sealed);
    ASSERT_TRUE(alone.ok()) << alone.status();
    for (const JournalEntry& entry : {stored->entries[i], *alone}) {
      EXPECT_EQ(entry.position, entries[i].position);
      EXPECT_EQ(entry.commit_us, entries[i].commit_us);
      EXPECT_EQ(entry.kind, entries[i].kind);
      EXPECT_EQ(entry.source, entries[i].source);
      EXPECT_EQ(entry.source_seq, entries[i].source_seq);
      EXPECT_EQ(entry.hashes, entries[i].hashes);
      EXPECT_EQ(entry.content_hash, entries[i].content_hash);
      EXPECT_EQ(entry.payload, entries[i].payload);
      EXPECT_EQ(entry.sealed_account, entries[i].sealed_account);
      EXPECT_EQ(entry.sealed, entries[i].sealed);
    }
  }
  EXPECT_TRUE(HasSealed(group.journal));
  EXPECT_EQ(DecodeEntry(5, 8, group.journal, group.sealed).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(JournalFormatTest, DamageIsNeverAnotherGroup) {
  const EncodedGroup group = EncodeGroup(GoldenEntries(), 77);
  for (std::size_t size = 0; size < group.journal.size(); ++size) {
    EXPECT_FALSE(DecodeGroup(5, group.journal.substr(0, size), group.sealed).ok()) << size;
  }
  for (std::size_t size = 0; size < group.sealed.size(); ++size) {
    EXPECT_FALSE(DecodeGroup(5, group.journal, group.sealed.substr(0, size)).ok()) << size;
  }
  EXPECT_FALSE(DecodeGroup(5, group.journal + "x", group.sealed).ok());
  EXPECT_FALSE(DecodeGroup(5, group.journal, group.sealed + "x").ok());
  std::string newer = group.journal;
  newer[0] = 2;
  EXPECT_FALSE(DecodeGroup(5, newer, group.sealed).ok());
  // Any one byte changed: another group or none, but never a crash.
  for (std::size_t i = 0; i < group.journal.size(); ++i) {
    for (const int bit : {0, 3, 7}) {
      std::string damaged = group.journal;
      damaged[i] = static_cast<char>(static_cast<std::uint8_t>(damaged[i]) ^ (1U << bit));
      static_cast<void>(DecodeGroup(5, damaged, group.sealed).ok());
      static_cast<void>(DecodeEntry(5, 7, damaged, group.sealed).ok());
    }
  }
}

TEST(ValueGoldenTest, SmallValues) {
  EXPECT_EQ(Hex(EncodeNumber(258)), "010000000000000102");
  EXPECT_EQ(Hex(EncodeSource({"h1", 300, -2})), "01ac0203");
  ServerRow server;
  server.state = {5, 2, true, 1};
  server.dropped_through = 3;
  EXPECT_EQ(Hex(EncodeServer(server)), "010a04010206");
  server.state.quarantine_us = 1;
  server.state.trip_us = 2;
  EXPECT_EQ(Hex(EncodeServer(server)), "020a040102060204");
  const absl::StatusOr<ServerRow> untrusted = DecodeServer(EncodeServer(server));
  ASSERT_TRUE(untrusted.ok());
  EXPECT_EQ(untrusted->state.quarantine_us, 1);
  EXPECT_EQ(untrusted->state.trip_us, 2);
  v1::GateEntry entry;
  entry.set_account("10086");
  entry.set_account_revision(4);
  EXPECT_EQ(Hex(EncodeGate(entry)), "0100080000");
  SetTimestamp(1, entry.mutable_change_time());
  EXPECT_EQ(Hex(EncodeGate(entry)), "0100080102");
  entry.add_restrictions()->set_capability(v1::CAPABILITY_PLAY);
  EXPECT_EQ(Hex(EncodeGate(entry)), "01010b10041a020802320310e807");
}

TEST(ValueGoldenTest, Postings) {
  StoredPosting first = MakePosting(5, 1, "10086", "hall-1");
  first.commit_us = 1'000;
  first.posting.event_us = 999;
  first.posting.detail = 7;
  first.posting.amount = 3;
  StoredPosting second = first;
  second.position = 6;
  second.ordinal = 0;
  second.commit_us = 1'001;
  second.posting.principal = "gm";
  second.posting.notable = true;
  EXPECT_EQ(Hex(EncodePostings(std::vector<const StoredPosting*>{&first, &second})),
            "01"
            "02"
            "00"
            "01"
            "d00f"
            "00"
            "03"
            "07"
            "01"
            "0668616c6c2d31"
            "00"
            "06"
            "01"
            "00"
            "02"
            "01"
            "03"
            "07"
            "03"
            "0668616c6c2d31"
            "02676d"
            "06");
  EXPECT_EQ(Hex(EncodeFeed(second)),
            "01"
            "d20f"
            "053130303836"
            "01"
            "03"
            "07"
            "03"
            "0668616c6c2d31"
            "02676d"
            "06");
}

TEST(ValueGoldenTest, RowsWithMessages) {
  NoVault vault;
  const RowCodec codec(&vault);
  const RowId id{Family::kTables, "k"};
  v1::Sanction sanction;
  sanction.set_name("s/a");
  EXPECT_EQ(Hex(*codec.Encode(id, SanctionRow{300, 2, sanction})), "01ac0202050a03732f6100");
  v1::Case opened;
  opened.set_name("c/a");
  EXPECT_EQ(Hex(*codec.Encode(id, CaseRow{3, 2, opened})), "010302050a03632f6100");
  v1::Appeal appeal;
  appeal.set_name("a/a");
  EXPECT_EQ(Hex(*codec.Encode(id, AppealRow{3, 2, appeal})), "010302050a03612f6100");
  v1::Directive directive;
  directive.set_directive_seq(7);
  EXPECT_EQ(Hex(*codec.Encode(id, DirectiveRow{v1::DIRECTIVE_OUTCOME_APPLIED, "ok", 3, directive})),
            "0101026f6b0602080700");
  v1::Note note;
  note.set_account("7");
  EXPECT_EQ(Hex(*codec.Encode(id, note)), "010312013700");
  v1::Finding finding;
  finding.set_account("7");
  EXPECT_EQ(Hex(*codec.Encode(id, PutFinding{finding, "r", true})), "010101720312013700");
  v1::Token token;
  token.set_principal("gm");
  EXPECT_EQ(Hex(*codec.Encode(id, StoredToken{token, "\xab"})), "0101ab041202676d00");
  v1::PartnerSpan span;
  span.set_account("7");
  EXPECT_EQ(Hex(*codec.Encode(id, span)), "01030a013700");
  PutPolicy policy{"ff", "v1", {}, 1};
  policy.actor.set_principal("gm");
  EXPECT_EQ(Hex(*codec.Encode(id, policy)), "0102026666027631040a02676d00");
  v1::AuditRecord record;
  record.set_code(5);
  EXPECT_EQ(Hex(*codec.Encode(id, record)), "0102500500");
  Answer answer = MakeAnswer("gm", "r1", 2);
  answer.refusal = Refusal{9, "R", "m", {{"k", "v"}}};
  EXPECT_EQ(Hex(*codec.Encode(id, StoredAnswer{answer, 4})),
            "010404"
            "04626f6479"
            "01"
            "120152016d01016b0176"
            "0000");
}

TEST(RowTest, PersonalFieldsAreSealedForTheirPlace) {
  const TempDirectory directory;
  const std::unique_ptr<Vault> vault = *Vault::Open(directory.path() + "/keys", false);
  const RowCodec codec(vault.get());
  v1::Note note;
  note.set_account("10086");
  note.set_text("words of a player");
  const absl::StatusOr<std::string> value = codec.Encode({Family::kTables, "k"}, note);
  ASSERT_TRUE(value.ok()) << value.status();
  EXPECT_EQ(value->find("words"), std::string::npos);
  v1::Note read;
  ASSERT_TRUE(codec.Decode({Family::kTables, "k"}, *value, &read).ok());
  EXPECT_EQ(read.text(), "words of a player");
  EXPECT_EQ(codec.Decode({Family::kTables, "l"}, *value, &read).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_EQ(codec.Decode({Family::kIndex, "k"}, *value, &read).code(), absl::StatusCode::kDataLoss);
  for (std::size_t size = 0; size < value->size(); ++size) {
    EXPECT_FALSE(codec.Decode({Family::kTables, "k"}, value->substr(0, size), &read).ok()) << size;
  }
}

TEST(TimeTest, MicrosecondsAndTimestampsAgree) {
  for (const std::int64_t us : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1'999'999},
                                std::int64_t{-62'135'596'800'000'000}, kTestStartUs}) {
    google::protobuf::Timestamp timestamp;
    SetTimestamp(us, &timestamp);
    EXPECT_GE(timestamp.nanos(), 0);
    EXPECT_EQ(ToMicros(timestamp), us);
  }
  google::protobuf::Timestamp huge;
  huge.set_seconds(INT64_MAX);
  EXPECT_GT(ToMicros(huge), 0);
}

}  // namespace
}  // namespace hallwarden::storage
