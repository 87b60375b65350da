// The daily verbs, from the command line to what the daemon is asked and what the GM reads.
#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

v1::Account SampleAccount() {
  v1::Account account;
  account.set_name("accounts/10086");
  account.set_account("10086");
  account.set_nickname("\u5C0F\u738B");
  account.set_account_class(v1::ACCOUNT_CLASS_PARTNER);
  account.set_partner_channel("dandan");
  account.mutable_last_event_time()->set_seconds(1788339600 - 180);
  v1::Restriction& restriction = *account.add_restrictions();
  restriction.set_capability(v1::CAPABILITY_LOGIN);
  restriction.mutable_until_time()->set_seconds(1788339600 + 6 * 86400 + 21 * 3600);
  restriction.set_sanction("sanctions/sn_7K2M");
  v1::LadderStanding& standing = *account.add_standings();
  standing.set_ladder("stalling");
  standing.mutable_title()->set_en("Stalling");
  standing.mutable_title()->set_zh("\u5237\u65F6\u95F4");
  standing.set_rung(2);
  standing.set_rung_count(3);
  account.set_sanction_count(4);
  account.set_mistake_count(1);
  account.set_etag("a7");
  return account;
}

TEST_F(GmctlTest, WhoShowsTheDossierAtATerminal) {
  daemon_.GetAccount.Says(SampleAccount());
  AtTerminal({});
  EXPECT_EQ(Gmctl({"who", "10086"}), 0) << error();
  EXPECT_THAT(out(), HasSubstr("10086"));
  EXPECT_THAT(out(), HasSubstr("\u5C0F\u738B"));
  EXPECT_THAT(out(), HasSubstr("PARTNER (dandan)"));
  EXPECT_THAT(out(), HasSubstr("heard of 3m ago"));
  EXPECT_THAT(out(), HasSubstr("until Wed 2026-09-09 14:00 +08:00 (6d 21h left)"));
  EXPECT_THAT(out(), HasSubstr("Stalling 2/3"));
  EXPECT_EQ(daemon_.GetAccount.asked.at(0).name(), "accounts/10086");
}

TEST_F(GmctlTest, WhoSpeaksChinese) {
  daemon_.GetAccount.Says(SampleAccount());
  AtTerminal({});
  EXPECT_EQ(Gmctl({"who", "10086", "--lang", "zh"}), 0);
  EXPECT_THAT(out(), HasSubstr("\u5408\u4F5C\u65B9\u7528\u6237 (dandan)"));
  EXPECT_THAT(out(), HasSubstr("\u5237\u65F6\u95F4 2/3"));
  EXPECT_THAT(out(), HasSubstr("\u5468\u4E09 2026-09-09 14:00"));
}

TEST_F(GmctlTest, WhoInAPipeIsTsvWithFullIds) {
  daemon_.GetAccount.Says(SampleAccount());
  EXPECT_EQ(Gmctl({"who", "uid:10086", "--fields", "account,class,last_event,restrictions,etag"}),
            0);
  EXPECT_EQ(out(),
            "account\tclass\tlast_event\trestrictions\tetag\n"
            "10086\tpartner\t2026-09-02T16:57:00+08:00\tlogin\ta7\n");
  EXPECT_EQ(Gmctl({"who", "10086", "--fields", "account", "--no-header"}), 0);
  EXPECT_EQ(out(), "10086\n");
}

TEST_F(GmctlTest, WhoFindsByNicknameAndAsksWhichOneIsMeant) {
  v1::SearchAccountsResponse found;
  *found.add_accounts() = SampleAccount();
  daemon_.SearchAccounts.Says(found);
  daemon_.GetAccount.Says(SampleAccount());
  EXPECT_EQ(Gmctl({"who", "name:\u5C0F\u738B"}), 0);
  EXPECT_EQ(daemon_.SearchAccounts.asked.at(0).nickname(), "\u5C0F\u738B");
  v1::Account other = SampleAccount();
  other.set_account("20417");
  *found.add_accounts() = other;
  daemon_.SearchAccounts.Says(found);
  EXPECT_EQ(Gmctl({"who", "name:\u5C0F\u738B"}), 3);
  EXPECT_THAT(out(), IsEmpty());
  EXPECT_THAT(error(), HasSubstr("20417"));
  EXPECT_THAT(error(), HasSubstr("2 accounts are called"));
  daemon_.SearchAccounts.Says({});
  EXPECT_EQ(Gmctl({"who", "name:nobody"}), 3);
}

TEST_F(GmctlTest, AnEscapedNicknameCanBeCopiedFromTheScreen) {
  v1::SearchAccountsResponse found;
  *found.add_accounts() = SampleAccount();
  daemon_.SearchAccounts.Says(found);
  daemon_.GetAccount.Says(SampleAccount());
  EXPECT_EQ(Gmctl({"who", "name:gm\\u{200B}\\xff"}), 0);
  EXPECT_EQ(daemon_.SearchAccounts.asked.at(0).nickname(), "gm\u200B\xff");
}

TEST_F(GmctlTest, LastMeansWhoWasAddressedLastOnThisServer) {
  daemon_.GetAccount.Says(SampleAccount());
  EXPECT_EQ(Gmctl({"who", "@last"}), 3);
  EXPECT_EQ(Gmctl({"who", "10086"}), 0);
  EXPECT_EQ(Gmctl({"who", "@last"}), 0);
  EXPECT_EQ(daemon_.GetAccount.asked.back().name(), "accounts/10086");
  EXPECT_EQ(Gmctl({"who", "@last", "--server", "127.0.0.1:7701"}), 3);
}

TEST_F(GmctlTest, BanSendsExactlyWhatWasTyped) {
  daemon_.CreateSanction.answer = PlanThenDo<v1::CreateSanctionRequest>;
  EXPECT_EQ(Gmctl({"ban", "10086", "--rule", "\u5E7F\u544A", "--for", "1d12h", "--reason",
                   "posts a contact", "--evidence", "hand:h14", "--evidence", "seen twice",
                   "--scope", "game:ddz", "--case", "cs_19F", "--yes"}),
            0)
      << error();
  ASSERT_THAT(daemon_.CreateSanction.asked, SizeIs(2));
  const v1::CreateSanctionRequest& plan = daemon_.CreateSanction.asked[0];
  const v1::CreateSanctionRequest& order = daemon_.CreateSanction.asked[1];
  EXPECT_TRUE(plan.options().validate_only());
  EXPECT_FALSE(order.options().validate_only());
  EXPECT_EQ(plan.options().request_id(), order.options().request_id() + "-plan");
  EXPECT_EQ(order.options().etag(), "e1");
  EXPECT_EQ(order.parent(), "accounts/10086");
  EXPECT_EQ(order.kind(), v1::SANCTION_KIND_RESTRICTION);
  EXPECT_EQ(order.offence(), v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(order.duration().seconds(), 36 * 3600);
  EXPECT_FALSE(order.permanent());
  EXPECT_EQ(order.scope().game(), "ddz");
  EXPECT_EQ(order.evidence(0).hand(), "h14");
  EXPECT_EQ(order.evidence(1).remark(), "seen twice");
  EXPECT_EQ(order.case_name(), "cases/cs_19F");
  ASSERT_EQ(order.capabilities_size(), 1);
  EXPECT_EQ(order.capabilities(0), v1::CAPABILITY_LOGIN);
  EXPECT_THAT(out(), HasSubstr("sanctions/sn_7K2M\t10086\trestriction\tactive\t"));
}

TEST_F(GmctlTest, ATermThatIsNoTermNeverReachesTheDaemon) {
  const std::vector<std::vector<std::string>> wrong = {
      {"ban", "10086", "--rule", "ads", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "7", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "7dd", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "0d", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "-7d", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for=", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "--perm", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "7d", "--perm", "--reason", "spam"},
      {"ban", "10086", "--rule", "ads", "--for", "7d", "--for", "8d", "--reason", "spam"},
      {"ban", "10086", "--rule", "ads", "--until", "2020-01-01", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--until", "7d", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "99999999999999999999d", "--reason", "spam"},
      {"ban", "10086", "7d", "--rule", "ads", "--reason", "spam", "--yes"},
      {"ban", "10086", "0", "--rule", "ads", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--perm=1", "--reason", "spam", "--yes"},
      {"hold", "10086", "--rule", "stolen", "--perm", "--reason", "spam", "--yes"},
      {"hold", "10086", "--rule", "stolen", "--reason", "spam", "--yes"},
      {"punish", "10086", "7d", "--reason", "spam", "--yes"},
  };
  for (const auto& words : wrong) {
    EXPECT_EQ(Gmctl(words), 2) << Join(words, " ");
    EXPECT_THAT(error(), HasSubstr("what to do: ")) << Join(words, " ") << "\n" << error();
  }
  EXPECT_THAT(daemon_.CreateSanction.asked, IsEmpty());
  EXPECT_THAT(daemon_.PunishAccount.asked, IsEmpty());
}

TEST_F(GmctlTest, APositionalTermIsAnErrorWithAHint) {
  EXPECT_EQ(Gmctl({"ban", "10086", "7d", "--rule", "ads"}), 2);
  EXPECT_THAT(error(), HasSubstr("--for 7d"));
}

TEST_F(GmctlTest, ForEverIsTypedWhateverTheDaemonSays) {
  daemon_.CreateSanction.answer = [](const v1::CreateSanctionRequest& call) {
    auto answer = PlanThenDo(call);
    answer->set_confirmation_level(0);
    answer->mutable_sanction()->set_permanent(true);
    return answer;
  };
  const std::vector<std::string> words = {"ban",    "10086",    "--rule",   "trading",
                                          "--perm", "--reason", "sold gold"};
  std::vector<std::string> with_yes = words;
  with_yes.emplace_back("--yes");
  EXPECT_EQ(Gmctl(with_yes), 2);
  EXPECT_THAT(error(), HasSubstr("--confirm 10086"));
  std::vector<std::string> wrong = words;
  wrong.insert(wrong.end(), {"--confirm", "10087"});
  EXPECT_EQ(Gmctl(wrong), 2);
  for (const v1::CreateSanctionRequest& call : daemon_.CreateSanction.asked) {
    EXPECT_TRUE(call.options().validate_only());
  }
  std::vector<std::string> right = words;
  right.insert(right.end(), {"--confirm", "10086"});
  EXPECT_EQ(Gmctl(right), 0) << error();
  EXPECT_TRUE(daemon_.CreateSanction.asked.back().permanent());
  AtTerminal({"1008", "10086"});
  EXPECT_EQ(Gmctl(words), 1);
  EXPECT_EQ(Gmctl(words), 0);
}

TEST_F(GmctlTest, PunishShowsThePlanAndAsks) {
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  AtTerminal({"n"});
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags"}), 1);
  EXPECT_THAT(error(), HasSubstr("1/3 -> 2/3"));
  EXPECT_THAT(error(), HasSubstr("Apply? (y/N)"));
  EXPECT_THAT(error(), HasSubstr("nothing was changed"));
  EXPECT_THAT(daemon_.PunishAccount.asked, SizeIs(1));
  AtTerminal({"", "y"});
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags"}), 1);
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags"}), 0);
  EXPECT_THAT(out(), HasSubstr("sn_7K2M  account 10086: ban login 7d, until"));
  EXPECT_THAT(out(), HasSubstr("gmctl undo sn_7K2M"));
}

TEST_F(GmctlTest, WithoutATerminalALevelOneNeedsYes) {
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags"}), 2);
  EXPECT_THAT(error(), HasSubstr("--yes"));
  EXPECT_THAT(daemon_.PunishAccount.asked, SizeIs(1));
}

TEST_F(GmctlTest, AReasonIsAskedForOrDemanded) {
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr("--reason"));
  EXPECT_THAT(daemon_.PunishAccount.asked, IsEmpty());
  AtTerminal({"drags every move", "y"});
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling"}), 0);
  EXPECT_EQ(daemon_.PunishAccount.asked.back().options().reason(), "drags every move");
}

TEST_F(GmctlTest, ADryRunPrintsThePlanAndSaysWhetherItChangesAnything) {
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--dry-run"}), 6);
  EXPECT_EQ(out(), "key\tbefore\tafter\nrung\t1/3\t2/3\n");
  EXPECT_THAT(error(), IsEmpty());
  ASSERT_THAT(daemon_.PunishAccount.asked, SizeIs(1));
  EXPECT_TRUE(daemon_.PunishAccount.asked[0].options().validate_only());
  v1::ActionResponse nothing;
  *nothing.add_lines() = SampleLine("rung", "1/3", "1/3");
  daemon_.PunishAccount.Says(nothing);
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--dry-run"}), 0);
}

TEST_F(GmctlTest, AnOffenceIsNamedInBothLanguagesOrGuessedAt) {
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  const std::vector<std::pair<std::string, v1::Offence>> words = {
      {"name", v1::OFFENCE_NAME},
      {"\u6635\u79F0", v1::OFFENCE_NAME},
      {"\u5934\u50CF", v1::OFFENCE_AVATAR},
      {"\u5237\u65F6\u95F4", v1::OFFENCE_STALLING},
      {"gold", v1::OFFENCE_GOLD_FARMING},
      {"\u5237\u91D1\u5E01", v1::OFFENCE_GOLD_FARMING},
      {"\u5E7F\u544A", v1::OFFENCE_ADVERTISING},
      {"\u4F5C\u5F0A", v1::OFFENCE_CHEATING},
      {"\u6570\u636E\u5F02\u5E38", v1::OFFENCE_DATA_ANOMALY},
      {"\u8C29\u9A82", v1::OFFENCE_ABUSE},
      {"\u94F6\u5546", v1::OFFENCE_GOLD_TRADING},
      {"\u76D7\u53F7", v1::OFFENCE_STOLEN_ACCOUNT},
      {"\u5176\u4ED6", v1::OFFENCE_OTHER},
      {"Stalling", v1::OFFENCE_STALLING},
  };
  for (const auto& [word, offence] : words) {
    EXPECT_EQ(Gmctl({"punish", "10086", word, "--dry-run"}), 6) << word;
    EXPECT_EQ(daemon_.PunishAccount.asked.back().offence(), offence) << word;
  }
  EXPECT_EQ(Gmctl({"punish", "10086", "staling", "--dry-run"}), 2);
  EXPECT_THAT(error(), HasSubstr("did you mean stalling?"));
  EXPECT_EQ(Gmctl({"punish", "10086", "zzzzzzzz", "--dry-run"}), 2);
  EXPECT_THAT(error(), HasSubstr("stalling, gold"));
}

TEST_F(GmctlTest, ALostAnswerIsRepeatedUnderTheSameIdAndThenByHandWordForWord) {
  int orders = 0;
  daemon_.PunishAccount.answer =
      [&](const v1::PunishAccountRequest& call) -> absl::StatusOr<v1::ActionResponse> {
    if (call.options().validate_only()) {
      auto plan = PlanThenDo(call);
      plan->set_etag("e" + std::to_string(orders));
      return plan;
    }
    ++orders;
    return absl::UnavailableError("connection reset");
  };
  const std::vector<std::string> words = {"punish",   "10086",    "stalling",
                                          "--reason", "drags it", "--yes"};
  EXPECT_EQ(Gmctl(words), 7);
  EXPECT_GT(orders, 3);
  EXPECT_THAT(error(),
              HasSubstr("gmctl punish 10086 stalling --reason 'drags it' --yes --tz +08:00 "
                        "--request-id 00000001-0000-4000-8000-000000000000"));
  const v1::PunishAccountRequest first = daemon_.PunishAccount.asked[1];
  for (std::size_t i = 2; i < daemon_.PunishAccount.asked.size(); ++i) {
    EXPECT_EQ(daemon_.PunishAccount.asked[i].SerializeAsString(), first.SerializeAsString());
  }
  // The answer was lost, the deed was done: the next plan would look different.
  daemon_.PunishAccount.asked.clear();
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  std::vector<std::string> again = words;
  again.insert(again.end(), {"--request-id", "00000001-0000-4000-8000-000000000000"});
  EXPECT_EQ(Gmctl(again), 0) << error();
  ASSERT_THAT(daemon_.PunishAccount.asked, SizeIs(1));
  EXPECT_EQ(daemon_.PunishAccount.asked[0].SerializeAsString(), first.SerializeAsString());
  // The same id for something else is a mistake.
  again[1] = "10087";
  EXPECT_EQ(Gmctl(again), 2);
  EXPECT_THAT(error(), HasSubstr("was used for something else"));
  EXPECT_THAT(daemon_.PunishAccount.asked, SizeIs(1));
}

TEST_F(GmctlTest, TheRequestIdIsKeptBeforeTheOrderIsSent) {
  bool kept = false;
  daemon_.PunishAccount.answer = [&](const v1::PunishAccountRequest& call) {
    if (!call.options().validate_only()) {
      const std::string path =
          StatePath() + "/orders/" + Hex(call.options().request_id()) + ".json";
      kept = std::filesystem::exists(path);
      EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::all,
                std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    return PlanThenDo(call);
  };
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags", "--yes"}), 0);
  EXPECT_TRUE(kept);
}

TEST_F(GmctlTest, AnOrderWhoseIdCannotBeKeptIsNotSent) {
  environment_["XDG_STATE_HOME"] = "/proc/none";
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags", "--yes"}), 1);
  EXPECT_THAT(daemon_.PunishAccount.asked, SizeIs(1));
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags", "--yes", "--request-id",
                   "my-own-id-1"}),
            0);
}

TEST_F(GmctlTest, NoPinLeavesTheEtagOut) {
  daemon_.PunishAccount.answer = PlanThenDo<v1::PunishAccountRequest>;
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags", "--yes", "--no-pin"}), 0);
  EXPECT_EQ(daemon_.PunishAccount.asked.back().options().etag(), "");
}

TEST_F(GmctlTest, AWorldThatMovedIsAConflict) {
  daemon_.PunishAccount.answer =
      [](const v1::PunishAccountRequest& call) -> absl::StatusOr<v1::ActionResponse> {
    if (call.options().validate_only()) return PlanThenDo(call);
    return WithServerReason(absl::AbortedError("etag"),
                            {.reason = "ETAG_MISMATCH", .domain = "hallwarden", .metadata = {}});
  };
  EXPECT_EQ(Gmctl({"punish", "10086", "stalling", "--reason", "drags", "--yes"}), 5);
  EXPECT_THAT(error(), HasSubstr("it changed since the plan was made"));
  EXPECT_THAT(error(), HasSubstr("[ETAG_MISMATCH]"));
  EXPECT_THAT(error(), HasSubstr("what to do: "));
}

TEST_F(GmctlTest, LiftTakesASanctionOrTheOnlyOneOfAnAccount) {
  daemon_.GetSanction.Says(SampleSanction());
  daemon_.LiftSanction.answer = PlanThenDo<v1::LiftSanctionRequest>;
  EXPECT_EQ(Gmctl({"lift", "sn_7K2M", "--as", "mistake", "--reason", "wrong hand", "--yes"}), 0);
  EXPECT_EQ(daemon_.LiftSanction.asked.back().name(), "sanctions/sn_7K2M");
  EXPECT_EQ(daemon_.LiftSanction.asked.back().disposition(), v1::DISPOSITION_MISTAKE);
  EXPECT_EQ(daemon_.LiftSanction.asked.back().options().etag(), "4");
  v1::ListSanctionsResponse list;
  *list.add_sanctions() = SampleSanction();
  daemon_.ListSanctions.Says(list);
  EXPECT_EQ(Gmctl({"lift", "10086", "--as", "\u4ECE\u5BBD", "--reason", "kind", "--yes"}), 0);
  EXPECT_EQ(daemon_.LiftSanction.asked.back().disposition(), v1::DISPOSITION_MERCY);
  *list.add_sanctions() = SampleSanction();
  daemon_.ListSanctions.Says(list);
  EXPECT_EQ(Gmctl({"lift", "10086", "--as", "mercy", "--reason", "kind", "--yes"}), 3);
  EXPECT_THAT(error(), HasSubstr("sn_7K2M"));
  EXPECT_EQ(Gmctl({"lift", "sn_7K2M", "--reason", "kind", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr("mistake, mercy, compromised, amnesty"));
}

TEST_F(GmctlTest, UndoMeansTheLastAccount) {
  daemon_.GetAccount.Says(SampleAccount());
  daemon_.UndoAction.answer = PlanThenDo<v1::UndoActionRequest>;
  EXPECT_EQ(Gmctl({"who", "10086"}), 0);
  EXPECT_EQ(Gmctl({"undo", "--reason", "wrong one", "--yes"}), 0) << error();
  EXPECT_EQ(daemon_.UndoAction.asked.back().account(), "accounts/10086");
}

TEST_F(GmctlTest, HistoryPagesUpToTheLimit) {
  daemon_.ListTimeline.answer =
      [](const v1::ListTimelineRequest& call) -> absl::StatusOr<v1::ListTimelineResponse> {
    v1::ListTimelineResponse page;
    for (int i = 0; i < std::min(call.page_size(), 30); ++i) {
      v1::TimelineEntry& entry = *page.add_entries();
      entry.set_kind(v1::TIMELINE_KIND_SANCTION);
      entry.mutable_summary()->set_en("warned");
      entry.mutable_create_time()->set_seconds(1788339600);
    }
    page.set_next_page_token("more");
    return page;
  };
  EXPECT_EQ(Gmctl({"history", "10086", "--limit", "40", "--kind", "sanction,lift", "--since", "7d",
                   "--no-header"}),
            0);
  EXPECT_EQ(std::count(out().begin(), out().end(), '\n'), 40);
  EXPECT_THAT(error(), HasSubstr("there are more"));
  EXPECT_EQ(daemon_.ListTimeline.asked[0].kinds_size(), 2);
  EXPECT_EQ(daemon_.ListTimeline.asked[0].since_time().seconds(), 1788339600 - 7 * 86400);
  EXPECT_EQ(daemon_.ListTimeline.asked[1].page_token(), "more");
  EXPECT_EQ(Gmctl({"history", "10086", "--limit", "0"}), 2);
  EXPECT_EQ(Gmctl({"history", "10086", "--limit", "x"}), 2);
}

TEST_F(GmctlTest, SanctionExplainSaysWhy) {
  daemon_.GetSanction.Says(SampleSanction());
  v1::ExplainSanctionResponse answer;
  *answer.mutable_sanction() = SampleSanction();
  answer.add_lines()->set_en("ladder stalling: rung 1 before, rung 2 now");
  v1::DirectiveStatus& directive = *answer.add_directives();
  directive.set_server("hall-17");
  directive.set_directive_seq(9);
  directive.set_action("set_restrictions");
  directive.set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
  daemon_.ExplainSanction.Says(answer);
  AtTerminal({});
  EXPECT_EQ(Gmctl({"sanction", "explain", "sn_7K2M"}), 0);
  EXPECT_THAT(out(), HasSubstr("rung 1 before, rung 2 now"));
  EXPECT_THAT(out(), HasSubstr("hall-17 #9  set_restrictions  applied"));
  EXPECT_EQ(Gmctl({"sanction", "explain", "sn_7K2M", "-o", "tsv"}), 0);
  EXPECT_EQ(out(), "step\texplanation\n1\tladder stalling: rung 1 before, rung 2 now\n");
  EXPECT_EQ(Gmctl({"sanction", "explain", "sn_7K2M", "-o", "json"}), 0);
  EXPECT_THAT(out(), HasSubstr("\"outcome\": \"DIRECTIVE_OUTCOME_APPLIED\""));
}

TEST_F(GmctlTest, AServerThatLiesIsShownCutOffAndUndone) {
  v1::Server server;
  server.set_name("servers/hall-17");
  server.set_connected(true);
  server.mutable_trip_time()->set_seconds(1788339600);
  server.set_caused_sanctions(240);
  server.mutable_reversal()->set_running(true);
  server.mutable_reversal()->set_principal("lead-wang");
  server.mutable_reversal()->mutable_since_time()->set_seconds(1788339600);
  server.mutable_reversal()->set_seen_count(64);
  server.mutable_reversal()->set_lifted_count(60);
  daemon_.GetServer.Says(server);
  AtTerminal({});
  EXPECT_EQ(Gmctl({"server", "show", "hall-17"}), 0) << error();
  EXPECT_EQ(daemon_.GetServer.asked.at(0).name(), "servers/hall-17");
  EXPECT_THAT(out(), HasSubstr("breaker tripped"));
  EXPECT_THAT(out(), HasSubstr("60 / 64"));
  EXPECT_THAT(out(), HasSubstr("lead-wang"));

  v1::ActionResponse plan;
  v1::PlanLine& line = *plan.add_lines();
  line.set_key("reverses");
  line.mutable_after()->set_en("240 sanctions (200 of them in force) of 180 accounts");
  daemon_.ReverseServer.Says(plan);
  daemon_.QuarantineServer.Says(plan);
  daemon_.ReleaseServer.Says(plan);
  EXPECT_EQ(Gmctl({"server", "reverse", "hall-17", "--reason", "hacked"}), 2)
      << "what --since means must never be guessed";
  EXPECT_EQ(
      Gmctl({"server", "reverse", "hall-17", "--since", "2h", "--reason", "hacked", "--dry-run"}),
      6);
  EXPECT_THAT(out(), HasSubstr("240 sanctions"));
  EXPECT_TRUE(daemon_.ReverseServer.asked.back().options().validate_only());
  EXPECT_EQ(daemon_.ReverseServer.asked.back().since_time().seconds(), 1788339600 - 2 * 3600);
  EXPECT_EQ(Gmctl({"server", "reverse", "hall-17", "--since", "2h", "--reason", "hacked",
                   "--confirm", "hall-17"}),
            0)
      << error();
  EXPECT_FALSE(daemon_.ReverseServer.asked.back().options().validate_only());

  EXPECT_EQ(Gmctl({"server", "quarantine", "hall-17", "--reason", "hacked", "--yes"}), 0)
      << error();
  EXPECT_EQ(daemon_.QuarantineServer.asked.back().options().reason(), "hacked");
  EXPECT_EQ(Gmctl({"server", "release", "servers/hall-17", "--reason", "mended", "--yes"}), 0);
  EXPECT_EQ(daemon_.ReleaseServer.asked.back().name(), "servers/hall-17");
}

TEST_F(GmctlTest, WhatAServerCausedIsARowEachSanctionOrCase) {
  v1::ListCausedResponse caused;
  v1::Sanction& sanction = *caused.add_caused()->mutable_sanction();
  sanction.set_name("sanctions/sn_1");
  sanction.set_account("10086");
  sanction.set_kind(v1::SANCTION_KIND_WARNING);
  sanction.set_state(v1::SANCTION_STATE_PENDING);
  sanction.set_rule("name.plain");
  v1::Case& opened = *caused.add_caused()->mutable_opened();
  opened.set_name("cases/cs_2");
  opened.set_account("10087");
  daemon_.ListCaused.Says(caused);
  EXPECT_EQ(Gmctl({"server", "caused", "hall-17", "--fields", "what,account,effect"}), 0)
      << error();
  EXPECT_EQ(out(),
            "what\taccount\teffect\nsanctions/sn_1\t10086\twarning\ncases/cs_2\t10087\tcase\n");
}

TEST_F(GmctlTest, RulesTellHitsAgainstTheirNorm) {
  v1::ListRulesResponse rules;
  v1::RuleStatus& rule = *rules.add_rules();
  rule.set_name("rules/name.plain");
  rule.set_mode(v1::MODE_ENFORCE);
  rule.set_hits_this_hour(60);
  rule.set_norm_milli(2540);
  rule.set_norm_days(7);
  daemon_.ListRules.Says(rules);
  v1::ActionResponse plan;
  plan.add_lines()->set_key("rule");
  daemon_.ReleaseRule.Says(plan);
  EXPECT_EQ(Gmctl({"rule", "ls", "--fields", "rule,mode,hits_hour,norm_hour"}), 0) << error();
  EXPECT_EQ(out(), "rule\tmode\thits_hour\tnorm_hour\nrules/name.plain\tenforce\t60\t2.5\n");
  EXPECT_EQ(Gmctl({"rule", "release", "name.plain", "--reason", "a true wave", "--yes"}), 0);
  EXPECT_EQ(daemon_.ReleaseRule.asked.back().name(), "rules/name.plain");
}

TEST_F(GmctlTest, CasesAreClosedWithAVerdictOnly) {
  v1::Case item;
  item.set_name("cases/cs_19F");
  item.set_account("10411");
  item.set_revision(3);
  v1::CaseView view;
  *view.mutable_case_record() = item;
  view.set_etag("3");
  daemon_.GetCaseView.Says(view);
  daemon_.DecideCase.answer = PlanThenDo<v1::DecideCaseRequest>;
  EXPECT_EQ(Gmctl({"case", "close", "cs_19F", "--reason", "seen it", "--yes"}), 2);
  EXPECT_EQ(Gmctl({"case", "close", "cs_19F", "--reason", "seen it", "--yes", "--convict"}), 0);
  EXPECT_EQ(daemon_.DecideCase.asked.back().verdict(), v1::CASE_VERDICT_CONFIRMED);
  EXPECT_EQ(daemon_.DecideCase.asked.back().options().etag(), "3");
  EXPECT_EQ(Gmctl({"case", "close", "cs_19F", "--reason", "seen it", "--yes", "--dismiss"}), 0);
  EXPECT_EQ(daemon_.DecideCase.asked.back().verdict(), v1::CASE_VERDICT_DISMISSED);
}

TEST_F(GmctlTest, AnUnknownReasonShowsTheDaemonsOwnWords) {
  daemon_.GetAccount.Fails(WithServerReason(
      absl::FailedPreconditionError("moon is full"),
      {.reason = "MOON_PHASE", .domain = "hallwarden", .metadata = {{"phase", "full"}}}));
  EXPECT_EQ(Gmctl({"who", "10086"}), 5);
  EXPECT_THAT(error(), HasSubstr("error: moon is full [MOON_PHASE]"));
}

TEST_F(GmctlTest, ExitCodesFollowTheDaemon) {
  const std::vector<std::pair<absl::Status, int>> codes = {
      {absl::NotFoundError("x"), 3},         {absl::PermissionDeniedError("x"), 4},
      {absl::UnauthenticatedError("x"), 4},  {absl::AbortedError("x"), 5},
      {absl::AlreadyExistsError("x"), 5},    {absl::UnavailableError("x"), 7},
      {absl::DeadlineExceededError("x"), 7}, {absl::InternalError("x"), 1},
      {absl::InvalidArgumentError("x"), 2}};
  for (const auto& [status, code] : codes) {
    daemon_.GetAccount.Fails(status);
    EXPECT_EQ(Gmctl({"who", "10086"}), code) << status;
  }
}

TEST_F(GmctlTest, EveryVerbHasHelpInBothLanguages) {
  for (const CommandSpec& command : AllCommands()) {
    if (command.hidden) continue;
    std::vector<std::string> words = Split(command.path, ' ');
    words.emplace_back("--help");
    EXPECT_EQ(Gmctl(words), 0) << command.path;
    EXPECT_THAT(out(), Not(HasSubstr("cmd."))) << command.path;
    EXPECT_THAT(out(), Not(HasSubstr("flag."))) << command.path;
    words.insert(words.end(), {"--lang", "zh"});
    EXPECT_EQ(Gmctl(words), 0) << command.path;
  }
  EXPECT_EQ(Gmctl({"help"}), 0);
  EXPECT_THAT(out(), HasSubstr("punish TARGET OFFENCE"));
  EXPECT_EQ(Gmctl({}), 0);
  EXPECT_EQ(Gmctl({"help", "exit-codes"}), 0);
  EXPECT_THAT(out(), HasSubstr("6  --dry-run"));
}

}  // namespace
}  // namespace hallwarden::gmctl
