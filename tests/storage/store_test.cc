// What is committed is there: at once, and after the store was opened again.
#include "storage/store.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/event.pb.h"

#include "storage/format.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::int64_t kMinuteUs = 60'000'000;

TEST_F(StoreTest, ANewStoreIsEmpty) {
  EXPECT_EQ(store_->last_position(), 0U);
  EXPECT_EQ(store_->last_commit_us(), 0);
  EXPECT_EQ(store_->history_epoch(), 1);
  EXPECT_EQ(store_->checkpoint_position(), 0U);
  EXPECT_THAT(store_->store_id(), SizeIs(32));
  EXPECT_THAT(*store_->Sources(), IsEmpty());
  EXPECT_THAT(*store_->Timers(), IsEmpty());
  EXPECT_EQ(store_->ReadEntry(1).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreTest, RecordsComeBackWholeAfterAnotherOpen) {
  GroupBuilder group = Next();
  group.Event("hall-1", 7, "first").Event("hall-2", 1, "second").Event("hall-1", 8, "third");
  JournalEntry sealed;
  sealed.kind = RecordKind::kCommand;
  sealed.source = "gm-li";
  sealed.hashes.ip = {1, 2};
  sealed.hashes.device = {3, 4};
  sealed.payload = "command";
  sealed.sealed_account = "10086";
  sealed.sealed = *store_->vault().Seal("10086", SealContext("gm-li", 4), "words");
  group.Add(sealed);
  ASSERT_TRUE(store_->Commit(group.Take()).ok());
  const std::string id = store_->store_id();

  Open();
  EXPECT_EQ(store_->store_id(), id);
  EXPECT_EQ(store_->last_position(), 4U);
  EXPECT_EQ(store_->last_commit_us(), TestTime(4));
  std::vector<StoredGroup> groups;
  ASSERT_TRUE(store_
                  ->ScanJournal(1,
                                [&](const StoredGroup& g) {
                                  groups.push_back(g);
                                  return true;
                                })
                  .ok());
  ASSERT_THAT(groups, SizeIs(1));
  const std::vector<JournalEntry>& entries = groups[0].entries;
  ASSERT_THAT(entries, SizeIs(4));
  EXPECT_EQ(entries[2].source, "hall-1");
  EXPECT_EQ(entries[2].source_seq, 8U);
  EXPECT_EQ(entries[2].payload, "third");
  EXPECT_EQ(entries[2].commit_us, TestTime(3));
  EXPECT_EQ(entries[2].content_hash, 0x1122334455667788ULL + 8);
  EXPECT_EQ(entries[3].kind, RecordKind::kCommand);
  EXPECT_EQ(entries[3].hashes, sealed.hashes);
  const absl::StatusOr<JournalEntry> entry = store_->ReadEntry(4);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->sealed, sealed.sealed);
  EXPECT_EQ(*store_->vault().Unseal(entry->sealed_account, SealContext("gm-li", 4), entry->sealed),
            "words");
  EXPECT_EQ(store_->ReadEntry(2)->payload, "second");
  EXPECT_EQ(store_->ReadEntry(5).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->ReadEntry(0).status().code(), absl::StatusCode::kNotFound);
  const std::vector<SourcePosition> sources = *store_->Sources();
  ASSERT_THAT(sources, SizeIs(2));
  EXPECT_EQ(sources[0].source, "hall-1");
  EXPECT_EQ(sources[0].durable_seq, 8U);
  EXPECT_EQ(sources[0].session_epoch, 1);
}

TEST_F(StoreTest, AScanBeginsWithTheGroupThatHoldsItsPosition) {
  for (int i = 0; i < 3; ++i) {
    GroupBuilder group = Next();
    group.Event("hall-1", store_->last_position() + 1).Event("hall-1", store_->last_position() + 2);
    ASSERT_TRUE(store_->Commit(group.Take()).ok());
  }
  for (std::uint64_t from = 0; from <= 7; ++from) {
    std::vector<std::uint64_t> firsts;
    ASSERT_TRUE(store_
                    ->ScanJournal(from,
                                  [&](const StoredGroup& group) {
                                    firsts.push_back(group.entries.front().position);
                                    return true;
                                  })
                    .ok());
    const std::vector<std::uint64_t> all = {1, 3, 5};
    const std::size_t skipped = from <= 2 ? 0 : (from - 1) / 2;
    EXPECT_EQ(firsts, std::vector<std::uint64_t>(all.begin() + static_cast<std::ptrdiff_t>(skipped),
                                                 all.end()))
        << "from=" << from;
  }
  int visits = 0;
  ASSERT_TRUE(store_->ScanJournal(1, [&](const StoredGroup&) { return ++visits < 2; }).ok());
  EXPECT_EQ(visits, 2);
}

TEST_F(StoreTest, GroupsThatCannotBeAreRefused) {
  EXPECT_EQ(store_->Commit({}).code(), absl::StatusCode::kInternal);
  GroupBuilder gap(2);
  EXPECT_EQ(store_->Commit(gap.Event("hall-1", 1).Take()).code(), absl::StatusCode::kInternal);
  Group back = GroupBuilder(1).Event("hall-1", 1).Event("hall-1", 2).Take();
  back.entries[1].commit_us = back.entries[0].commit_us - 1;
  EXPECT_EQ(store_->Commit(back).code(), absl::StatusCode::kInternal);
  Group stray = GroupBuilder(1).Event("hall-1", 1).With(SetHistoryEpoch{2}).Take();
  stray.effects[0].position = 2;
  EXPECT_EQ(store_->Commit(stray).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(store_->last_position(), 0U);
  EXPECT_EQ(store_->history_epoch(), 1);
}

TEST_F(StoreTest, ASanctionIsStoredPatchedAndJoined) {
  Commit({PutSanction{MakeSanction("a", "10086", "\xff\xfe bad words")}});
  PatchSanction patch = MakePatch("sanctions/a", 2);
  patch.state = v1::SANCTION_STATE_ACTIVE;
  patch.start_us = TestTime(9);
  patch.end_us = TestTime(99);
  patch.enforced = true;
  Commit({patch});
  Open();
  const absl::StatusOr<v1::Sanction> sanction = store_->GetSanction("sanctions/a");
  ASSERT_TRUE(sanction.ok()) << sanction.status();
  EXPECT_EQ(sanction->state(), v1::SANCTION_STATE_ACTIVE);
  EXPECT_EQ(sanction->revision(), 2);
  EXPECT_EQ(ToMicros(sanction->start_time()), TestTime(9));
  EXPECT_EQ(ToMicros(sanction->end_time()), TestTime(99));
  EXPECT_FALSE(sanction->has_seen_time());
  EXPECT_TRUE(sanction->enforced());
  EXPECT_EQ(sanction->finding().evidence(0).text(), "\xff\xfe bad words");
  EXPECT_EQ(store_->GetSanction("sanctions/b").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreTest, APatchSeesTheSanctionOfItsOwnGroup) {
  PatchSanction patch = MakePatch("sanctions/a", 2);
  patch.seen_us = TestTime(3);
  Commit({PutSanction{MakeSanction("a", "10086")}, patch});
  EXPECT_EQ(store_->GetSanction("sanctions/a")->revision(), 2);
  EXPECT_EQ(ToMicros(store_->GetSanction("sanctions/a")->seen_time()), TestTime(3));
}

TEST_F(StoreTest, ASanctionIsNeverOverwritten) {
  Commit({PutSanction{MakeSanction("a", "10086")}});
  GroupBuilder again = Next();
  again.Event("hall-1", 2).With(PutSanction{MakeSanction("a", "10087")});
  EXPECT_EQ(store_->Commit(again.Take()).code(), absl::StatusCode::kInternal);
  GroupBuilder patch = Next();
  patch.Event("hall-1", 2).With(MakePatch("sanctions/none", 2));
  EXPECT_EQ(store_->Commit(patch.Take()).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(store_->last_position(), 1U);
  EXPECT_EQ(store_->GetSanction("sanctions/a")->account(), "10086");
}

TEST_F(StoreTest, ACaseGathersFindingsUntilItIsClosed) {
  Commit({PutCase{MakeCase("c", "10086")}, PutCase{MakeCase("d", "10087")}});
  for (int i = 0; i < 25; ++i) {
    PatchCase patch = MakeCasePatch("cases/c", i + 2);
    SetTimestamp(TestTime(100), patch.change.mutable_update_time());
    *patch.change.add_findings() = MakeFinding("10086", "more words");
    patch.change.set_finding_count(i + 2);
    Commit({patch});
  }
  const absl::StatusOr<v1::Case> opened = store_->GetCase("cases/c");
  ASSERT_TRUE(opened.ok()) << opened.status();
  EXPECT_EQ(opened->findings_size(), 20);
  EXPECT_EQ(opened->finding_count(), 26);
  EXPECT_EQ(opened->findings(19).evidence(0).text(), "more words");
  EXPECT_THAT(store_->ListCases("", true, 10, "")->items, SizeIs(2));

  PatchCase close = MakeCasePatch("cases/c", 27);
  close.change.set_state(v1::CASE_STATE_CLOSED);
  close.change.set_verdict("confirmed");
  close.change.mutable_closed_by()->set_principal("gm-li");
  Commit({close});
  EXPECT_EQ(store_->GetCase("cases/c")->state(), v1::CASE_STATE_CLOSED);
  EXPECT_EQ(store_->GetCase("cases/c")->closed_by().principal(), "gm-li");
  EXPECT_THAT(store_->ListCases("", true, 10, "")->items, SizeIs(1));
  EXPECT_THAT(store_->ListCases("10086", true, 10, "")->items, IsEmpty());
  EXPECT_THAT(store_->ListCases("10086", false, 10, "")->items, SizeIs(1));
}

TEST_F(StoreTest, NotesFindingsAndPoliciesAreListedNewestFirst) {
  for (const char* const id : {"a", "b", "c"}) {
    v1::Note note;
    note.set_name("notes/" + std::string(id));
    note.set_account("10086");
    note.set_text("about " + std::string(id));
    PutFinding finding{MakeFinding("10086", id), "rule." + std::string(id), id[0] == 'b'};
    PutPolicy policy{"hash-" + std::string(id), id, {}, TestTime(5)};
    policy.actor.set_principal("admin");
    Commit({PutNote{note}, finding, policy});
  }
  Open();
  const Page<v1::Note> notes = *store_->ListNotes("10086", 10, "");
  ASSERT_THAT(notes.items, SizeIs(3));
  EXPECT_EQ(notes.items[0].name(), "notes/c");
  EXPECT_EQ(notes.items[0].text(), "about c");
  EXPECT_EQ(notes.next, "");
  const Page<PutFinding> findings = *store_->ListFindings("10086", 2, "");
  ASSERT_THAT(findings.items, SizeIs(2));
  EXPECT_EQ(findings.items[1].rule, "rule.b");
  EXPECT_TRUE(findings.items[1].shadow);
  EXPECT_EQ(findings.items[1].finding.evidence(0).text(), "b");
  EXPECT_NE(findings.next, "");
  const Page<StoredPolicy> policies = *store_->ListPolicies(10, "");
  ASSERT_THAT(policies.items, SizeIs(3));
  EXPECT_EQ(policies.items[0].policy.revision, "c");
  EXPECT_EQ(policies.items[0].policy.artefact, "hash-c");
  EXPECT_EQ(policies.items[0].policy.actor.principal(), "admin");
  EXPECT_EQ(policies.items[0].position, 3U);
  EXPECT_THAT(store_->ListNotes("1008", 10, "")->items, IsEmpty());
}

TEST_F(StoreTest, ATokenKeepsItsSecretWhenItIsRevoked) {
  v1::Token token;
  token.set_name("tokens/t1");
  token.set_principal("gm-li");
  Commit({PutToken{token, std::string(32, 's')}});
  // As the engine says it: what it does not mention stays.
  v1::Token revoked;
  revoked.set_name(token.name());
  SetTimestamp(TestTime(7), revoked.mutable_revoke_time());
  Commit({PutToken{revoked, ""}});
  const std::vector<StoredToken> tokens = *store_->Tokens();
  ASSERT_THAT(tokens, SizeIs(1));
  EXPECT_EQ(tokens[0].secret_sha256, std::string(32, 's'));
  EXPECT_TRUE(tokens[0].token.has_revoke_time());
  EXPECT_EQ(tokens[0].token.principal(), token.principal());
}

TEST_F(StoreTest, PartnersAreFoundByAccountAndByChannel) {
  PutPartners rows;
  for (const char* const account : {"b", "a", "aa"}) {
    v1::PartnerSpan span;
    span.set_account(account);
    span.set_channel(account[0] == 'a' ? "dandan" : "other");
    SetTimestamp(TestTime(1), span.mutable_begin_time());
    rows.spans.push_back(span);
  }
  Commit({rows});
  // The same row again, with its end.
  SetTimestamp(TestTime(50), rows.spans[1].mutable_end_time());
  Commit({PutPartners{{rows.spans[1]}}});
  const Page<v1::PartnerSpan> all = *store_->ListPartners("", 10, "");
  ASSERT_THAT(all.items, SizeIs(3));
  EXPECT_EQ(all.items[0].account(), "a");
  EXPECT_EQ(all.items[1].account(), "aa");
  EXPECT_EQ(all.items[2].account(), "b");
  const Page<v1::PartnerSpan> dandan = *store_->ListPartners("dandan", 1, "");
  ASSERT_THAT(dandan.items, SizeIs(1));
  EXPECT_TRUE(dandan.items[0].has_end_time());
  const Page<v1::PartnerSpan> rest = *store_->ListPartners("dandan", 1, dandan.next);
  ASSERT_THAT(rest.items, SizeIs(1));
  EXPECT_EQ(rest.items[0].account(), "aa");
  EXPECT_EQ(rest.next, "");
  EXPECT_THAT(*store_->Partners("a"), SizeIs(1));
  EXPECT_THAT(*store_->Partners("c"), IsEmpty());
}

TEST_F(StoreTest, DirectivesLeaveTheOutboxWithTheirFirstFinalAnswer) {
  for (std::int64_t seq = 1; seq <= 3; ++seq) {
    Commit({SendDirective{"hall-1", MakeDirective(seq, "10086", "sanctions/a")}});
  }
  EXPECT_THAT(*store_->ReadOutbox("hall-1", 0, 10), SizeIs(3));
  EXPECT_THAT(*store_->ReadOutbox("hall-1", 2, 1), SizeIs(1));
  EXPECT_THAT(*store_->ReadOutbox("hall-", 0, 10), IsEmpty());
  AnswerDirective answer{"hall-1", {}, TestTime(8)};
  answer.result.set_directive_seq(2);
  answer.result.set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
  Commit({answer});
  answer.result.set_outcome(v1::DIRECTIVE_OUTCOME_SEEN);
  answer.answer_us = TestTime(9);
  Commit({answer});
  answer.result.set_outcome(v1::DIRECTIVE_OUTCOME_REJECTED);
  Commit({answer});
  // What was never sent.
  answer.result.set_directive_seq(77);
  Commit({answer});
  Open();
  const std::vector<v1::Directive> left = *store_->ReadOutbox("hall-1", 0, 10);
  ASSERT_THAT(left, SizeIs(2));
  EXPECT_EQ(left[1].directive_seq(), 3);
  EXPECT_EQ(left[1].warn().notice().en(), "mind your words");
  EXPECT_EQ(store_->GetDirective("hall-1", 2)->directive_id(), "d2");
  EXPECT_EQ(store_->GetDirective("hall-1", 77).status().code(), absl::StatusCode::kNotFound);
  const std::vector<v1::DirectiveStatus> statuses = *store_->DirectivesOf("sanctions/a");
  ASSERT_THAT(statuses, SizeIs(3));
  EXPECT_EQ(statuses[1].outcome(), v1::DIRECTIVE_OUTCOME_SEEN);
  EXPECT_EQ(statuses[1].action(), "warn");
  EXPECT_EQ(ToMicros(statuses[1].result_time()), TestTime(8));
  EXPECT_EQ(statuses[0].outcome(), v1::DIRECTIVE_OUTCOME_UNSPECIFIED);
  EXPECT_FALSE(statuses[0].has_result_time());
  const auto outboxes = *store_->Outboxes();
  ASSERT_THAT(outboxes, SizeIs(1));
  EXPECT_EQ(outboxes[0].first, "hall-1");
  EXPECT_EQ(outboxes[0].second.last_directive_seq, 3);
  EXPECT_EQ(outboxes[0].second.unanswered, 2);
  const std::vector<v1::DirectiveStatus> late = *store_->Unanswered(TestTime(3), 10);
  ASSERT_THAT(late, SizeIs(1));
  EXPECT_EQ(late[0].directive_seq(), 1);
  EXPECT_THAT(*store_->Unanswered(TestTime(99), 10), SizeIs(2));
  EXPECT_THAT(*store_->Unanswered(TestTime(99), 1), SizeIs(1));
}

TEST_F(StoreTest, ADirectiveOutOfOrderIsRefused) {
  GroupBuilder group = Next();
  group.Event("hall-1", 1).With(SendDirective{"hall-1", MakeDirective(2, "10086", "")});
  EXPECT_EQ(store_->Commit(group.Take()).code(), absl::StatusCode::kInternal);
}

TEST_F(StoreTest, ARetiredOutboxIsDroppedAndNumbersGoOnAfterHello) {
  Commit({SendDirective{"hall-1", MakeDirective(1, "10086", "sanctions/a")},
          SendDirective{"hall-1", MakeDirective(2, "10086", "sanctions/a")},
          SendDirective{"hall-2", MakeDirective(1, "10086", "sanctions/a")}});
  Commit({RetireOutbox{"hall-1"}});
  for (int opens = 0; opens < 2; ++opens) {
    EXPECT_THAT(*store_->ReadOutbox("hall-1", 0, 10), IsEmpty());
    EXPECT_THAT(*store_->ReadOutbox("hall-2", 0, 10), SizeIs(1));
    EXPECT_THAT(*store_->Unanswered(TestTime(99), 10), SizeIs(1));
    EXPECT_TRUE((*store_->Outboxes())[0].second.retired);
    EXPECT_EQ((*store_->Outboxes())[0].second.unanswered, 0);
    EXPECT_THAT((*store_->DirectivesOf("sanctions/a"))[0].detail(), HasSubstr("retired"));
    Open();
  }
  JournalEntry hello;
  hello.kind = RecordKind::kServerHello;
  hello.source = "hall-1";
  GroupBuilder group = Next();
  group.Add(hello).With(SendDirective{"hall-1", MakeDirective(3, "10086", "")});
  ASSERT_TRUE(store_->Commit(group.Take()).ok());
  EXPECT_FALSE((*store_->Outboxes())[0].second.retired);
  EXPECT_THAT(*store_->ReadOutbox("hall-1", 0, 10), SizeIs(1));
  // A late answer to a dropped one is kept and counts nothing.
  AnswerDirective answer{"hall-1", {}, TestTime(8)};
  answer.result.set_directive_seq(1);
  answer.result.set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
  Commit({answer});
  EXPECT_EQ((*store_->Outboxes())[0].second.unanswered, 1);
}

TEST_F(StoreTest, GateEntriesKeepTheirRevisionWhenNothingIsRestricted) {
  v1::GateEntry banned;
  banned.set_account("10086");
  banned.set_account_revision(3);
  banned.add_restrictions()->set_capability(v1::CAPABILITY_PLAY);
  banned.set_not_before_hand("h7");
  v1::GateEntry open;
  open.set_account("10087");
  open.set_account_revision(9);
  SetTimestamp(TestTime(4), open.mutable_change_time());
  Commit({PutGate{banned}, PutGate{open}});
  Open();
  std::vector<std::string> seen;
  ASSERT_TRUE(
      store_
          ->ScanGate([&](const v1::GateEntry& entry) { seen.push_back(entry.SerializeAsString()); })
          .ok());
  EXPECT_THAT(seen, ElementsAre(banned.SerializeAsString(), open.SerializeAsString()));
}

TEST_F(StoreTest, TimersAreSetClearedAndGoneOnceTheyFired) {
  const Timer late{TestTime(9), AccountKey("", "10086"), 3, -5, "10086"};
  const Timer early{TestTime(5), AccountKey("", "10087"), 3, 6, "10087"};
  const Timer cleared{TestTime(5), SystemKey(), 1, 0, ""};
  Commit({SetTimer{late}, SetTimer{early}, SetTimer{cleared}, SetTimer{late}});
  Commit({ClearTimer{cleared}, ClearTimer{cleared}});
  Open();
  EXPECT_THAT(*store_->Timers(), ElementsAre(early, late));
  v1::TimerFired fired;
  fired.set_entity_kind(static_cast<int>(early.entity.kind));
  // The key's two words, most significant byte first.
  const std::string cell_key = CellKey(early.entity);
  fired.set_entity_id(cell_key.substr(1));
  fired.set_timer_kind(early.kind);
  fired.set_due_us(early.due_us);
  fired.set_payload(early.payload);
  fired.set_account(early.account);
  JournalEntry entry;
  entry.kind = RecordKind::kTimerFired;
  entry.payload = fired.SerializeAsString();
  ASSERT_TRUE(store_->Commit(Next().Add(entry).Take()).ok());
  EXPECT_THAT(*store_->Timers(), ElementsAre(late));
}

TEST_F(StoreTest, TheFirstAnswerHoldsUntilItExpires) {
  Answer answer = MakeAnswer("gm-li", "r1", TestTime(2));
  answer.response.set_etag("first");
  *answer.response.mutable_sanction() = MakeSanction("a", "10086", "words in an answer");
  Commit({answer});
  Answer other = answer;
  other.response.set_etag("second");
  Commit({other});
  EXPECT_EQ(store_->FindAnswer("gm-li", "r1", TestTime(2))->answer.response.etag(), "first");
  EXPECT_EQ(store_->FindAnswer("gm-li", "r1", TestTime(2))->position, 1U);
  EXPECT_EQ(store_->FindAnswer("gm-li", "r1", TestTime(2))
                ->answer.response.sanction()
                .finding()
                .evidence(0)
                .text(),
            "words in an answer");
  EXPECT_EQ(store_->FindAnswer("gm-li", "r1", TestTime(2) + 1).status().code(),
            absl::StatusCode::kNotFound);
  // Expired by the time of the third record: its id is free again.
  other.expire_us = TestTime(20);
  Commit({other});
  EXPECT_EQ(store_->FindAnswer("gm-li", "r1", TestTime(9))->answer.response.etag(), "second");
  EXPECT_EQ(store_->FindAnswer("gm-wu", "r1", 0).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreTest, ExpiredAnswersAreTakenAwayByNewOnes) {
  for (int i = 0; i < 5; ++i) {
    Answer answer = MakeAnswer("gm-li", "r" + std::to_string(i), TestTime(0) + i);
    answer.refusal = Refusal{9, "ETAG", "changed", {{"etag", "7"}, {"now", "8"}}};
    if (i == 4) answer.expire_us = TestTime(50);
    Commit({answer});
  }
  int answers = 0;
  ASSERT_TRUE(store_
                  ->Export([&](std::string_view line) {
                    if (line.find("refusal=9 ETAG changed") != std::string_view::npos) ++answers;
                  })
                  .ok());
  EXPECT_EQ(answers, 1);
  const StoredAnswer answer = *store_->FindAnswer("gm-li", "r4", 0);
  ASSERT_TRUE(answer.answer.refusal.has_value());
  EXPECT_THAT(answer.answer.refusal->metadata,
              ElementsAre(std::pair<std::string, std::string>("etag", "7"),
                          std::pair<std::string, std::string>("now", "8")));
}

TEST_F(StoreTest, AuditRecordsAreNamedByTheirPlace) {
  Audit audit;
  audit.record.mutable_actor()->set_principal("gm-li");
  audit.record.set_method("GmService.LiftSanction");
  audit.record.set_account("10086");
  audit.record.set_peer("192.0.2.7");
  Commit({SetHistoryEpoch{2}, audit});
  Audit other;
  other.record.mutable_actor()->set_principal("gm-wu");
  other.record.set_method("GmService.CreateNote");
  Commit({other});
  Open();
  EXPECT_EQ(store_->history_epoch(), 2);
  const absl::StatusOr<v1::AuditRecord> record = store_->GetAudit("audit/1-1");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->name(), "audit/1-1");
  EXPECT_EQ(record->peer(), "192.0.2.7");
  EXPECT_EQ(ToMicros(record->create_time()), TestTime(1));
  for (const char* const name : {"audit/1-0", "audit/1", "audit/-1", "audit/1-1x", "x", "",
                                 "audit/99999999999999999999-1", "audit/1-4294967297"}) {
    EXPECT_EQ(store_->GetAudit(name).status().code(), absl::StatusCode::kNotFound) << name;
  }
  EXPECT_THAT(store_->ListAudit({}, 10, "")->items, SizeIs(2));
  EXPECT_EQ(store_->ListAudit({}, 10, "")->items[0].name(), "audit/2-0");
  EXPECT_THAT(store_->ListAudit({"gm-li", "", "", 0}, 10, "")->items, SizeIs(1));
  EXPECT_THAT(store_->ListAudit({"", "10086", "", 0}, 10, "")->items, SizeIs(1));
  EXPECT_THAT(store_->ListAudit({"gm-wu", "10086", "", 0}, 10, "")->items, IsEmpty());
  EXPECT_THAT(store_->ListAudit({"", "", "GmService.CreateNote", 0}, 10, "")->items, SizeIs(1));
  EXPECT_THAT(store_->ListAudit({"", "", "", TestTime(2)}, 10, "")->items, SizeIs(1));
}

TEST_F(StoreTest, RefusedEventsAreCountedOnceEach) {
  JournalEntry refused;
  refused.kind = RecordKind::kEventRefused;
  refused.source = "hall-1";
  GroupBuilder group = Next();
  group.Add(refused).With(RejectEvent{}).Event("hall-1", 2).With(RejectEvent{});
  ASSERT_TRUE(store_->Commit(group.Take()).ok());
  EXPECT_EQ((*store_->Outboxes())[0].second.rejected_events, 2);
}

TEST_F(StoreTest, NotablePostingsAreInTheFeedAtOnce) {
  for (int i = 0; i < 5; ++i) {
    Posting posting;
    posting.account = "10086";
    posting.kind = v1::TIMELINE_KIND_SANCTION;
    posting.detail = 11;
    posting.event_us = TestTime(1) - kMinuteUs;
    posting.resource = "sanctions/" + std::to_string(i);
    posting.amount = -i;
    posting.notable = i != 2;
    Commit({posting});
  }
  const std::vector<StoredPosting> all = *store_->ReadFeed(0, 0, 10);
  ASSERT_THAT(all, SizeIs(4));
  EXPECT_EQ(all[3].position, 5U);
  EXPECT_EQ(all[3].posting.resource, "sanctions/4");
  EXPECT_EQ(all[3].posting.amount, -4);
  EXPECT_EQ(all[3].posting.event_us, TestTime(1) - kMinuteUs);
  EXPECT_EQ(all[3].commit_us, TestTime(5));
  EXPECT_THAT(*store_->ReadFeed(4, 0, 1), SizeIs(1));
  EXPECT_EQ((*store_->ReadFeed(3, 0, 10))[0].position, 4U);
  const std::vector<StoredPosting> last = *store_->LastFeed(2);
  ASSERT_THAT(last, SizeIs(2));
  EXPECT_EQ(last[0].position, 4U);
  EXPECT_EQ(last[1].position, 5U);
}

TEST_F(StoreTest, ArtefactsAreFoundByTheirContent) {
  const absl::StatusOr<std::string> name = store_->PutArtefact("abc");
  ASSERT_TRUE(name.ok()) << name.status();
  EXPECT_EQ(*name, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(*store_->PutArtefact("abc"), *name);
  Open();
  EXPECT_EQ(*store_->GetArtefact(*name), "abc");
  EXPECT_EQ(store_->GetArtefact("ba78").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(store_->GetArtefact(std::string(64, '0')).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(StoreTest, ErasedWordsAreEmptyAndTheRestStays) {
  Commit({PutSanction{MakeSanction("a", "10086")}, PutSanction{MakeSanction("b", "10087")}});
  ASSERT_TRUE(store_->vault().Destroy("10086").ok());
  EXPECT_EQ(store_->GetSanction("sanctions/a")->finding().evidence(0).text(), "");
  EXPECT_EQ(store_->GetSanction("sanctions/a")->finding().evidence(0).surface(), "nickname");
  EXPECT_EQ(store_->GetSanction("sanctions/b")->finding().evidence(0).text(), "words");
}

}  // namespace
}  // namespace hallwarden::storage
