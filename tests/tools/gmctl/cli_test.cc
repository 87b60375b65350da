// The reader of the command line, the configuration, the stream, the importer.
#include <filesystem>
#include <fstream>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"
#include "tools/gmctl/config.h"
#include "tools/gmctl/partner_file.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

struct ArgsCase {
  std::string name;
  std::vector<std::string> words;
  std::string key;  // Of the error.

  friend void PrintTo(const ArgsCase& c, std::ostream* os) { *os << c.name; }
};

class BadArgsTest : public ::testing::TestWithParam<ArgsCase> {};

TEST_P(BadArgsTest, IsAUsageError) {
  const absl::StatusOr<Args> args = Args::Parse(GetParam().words);
  ASSERT_FALSE(args.ok());
  EXPECT_EQ(ExitCodeOf(args.status()), ExitCode::kUsage);
  EXPECT_EQ(ProblemKey(args.status()), GetParam().key);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadArgsTest,
    ::testing::Values(
        ArgsCase{"UnknownCommand", {"frobnicate"}, "err.args.command_unknown"},
        ArgsCase{"NearCommand", {"punsih", "1", "ads"}, "err.args.command_near"},
        ArgsCase{"NearSecondWord", {"sanctoin", "ls"}, "err.args.command_near"},
        ArgsCase{"NounAlone", {"policy"}, "err.args.noun_alone"},
        ArgsCase{"NounWithAnotherVerb", {"policy", "burn"}, "err.args.noun_verb"},
        ArgsCase{"UnknownFlag", {"who", "1", "--zzzzzz"}, "err.args.flag_unknown"},
        ArgsCase{"NearFlag", {"who", "1", "--filds", "a"}, "err.args.flag_near"},
        ArgsCase{"NoAbbreviation", {"who", "1", "--no-head"}, "err.args.flag_near"},
        ArgsCase{"FlagOfAnotherCommand", {"who", "1", "--rule", "ads"}, "err.args.flag_not_here"},
        ArgsCase{"WarnHasNoTerm",
                 {"warn", "1", "--rule", "ads", "--for", "7d"},
                 "err.args.flag_not_here"},
        ArgsCase{"HoldIsNeverPermanent",
                 {"hold", "1", "--rule", "ads", "--perm"},
                 "err.args.flag_not_here"},
        ArgsCase{"ReadsHaveNoYes", {"who", "1", "--yes"}, "err.args.flag_not_here"},
        ArgsCase{"ValueMissing", {"who", "1", "--fields"}, "err.args.value_missing"},
        ArgsCase{"ValueEmpty", {"who", "1", "--fields="}, "err.args.value_missing"},
        ArgsCase{"ValueForASwitch", {"who", "1", "--no-header=yes"}, "err.args.no_value"},
        ArgsCase{"Twice", {"who", "1", "--lang", "zh", "--lang", "en"}, "err.args.twice"},
        ArgsCase{"TargetMissing", {"who"}, "err.args.missing"},
        ArgsCase{"TargetEmpty", {"who", ""}, "err.args.empty"},
        ArgsCase{"OneTooMany", {"who", "1", "2"}, "err.args.extra"},
        ArgsCase{"PositionalTerm", {"ban", "1", "7d"}, "err.args.positional_term"},
        ArgsCase{"PositionalPerm", {"ban", "1", "perm"}, "err.args.positional_term"},
        ArgsCase{"PositionalNumber", {"mute", "1", "0"}, "err.args.positional_term"},
        ArgsCase{"PositionalReason", {"ban", "1", "spammer"}, "err.args.positional_reason"},
        ArgsCase{"NoUtf8", {"who", "\xff"}, "err.args.utf8"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(ArgsTest, ReadsFlagsAnywhereAndBothWays) {
  const auto args = Args::Parse({"-o", "json", "ban", "--for=7d", "10086", "--rule", "ads", "-y",
                                 "--evidence", "a", "--evidence", "b"});
  ASSERT_TRUE(args.ok()) << args.status();
  EXPECT_EQ(args->command().path, "ban");
  EXPECT_EQ(args->Get("output"), "json");
  EXPECT_EQ(args->Get("for"), "7d");
  EXPECT_TRUE(args->Has("yes"));
  EXPECT_THAT(args->All("evidence"), ElementsAre("a", "b"));
  EXPECT_THAT(args->positionals(), ElementsAre("10086"));
}

TEST(ArgsTest, BehindTwoDashesNothingIsAFlag) {
  const auto args = Args::Parse({"note", "add", "10086", "--", "--not", "a", "--flag"});
  ASSERT_TRUE(args.ok());
  EXPECT_THAT(args->positionals(), ElementsAre("10086", "--not", "a", "--flag"));
}

TEST(ArgsTest, OldNamesLeadToTheCommands) {
  EXPECT_EQ(Args::Parse({"audit", "get", "1"})->command().path, "audit show");
  EXPECT_EQ(Args::Parse({"policy", "lint", "f"})->command().path, "policy check");
}

TEST(CompletionTest, OffersCommandsFlagsAndWords) {
  EXPECT_THAT(Complete({"pun"}), ElementsAre("punish"));
  EXPECT_THAT(Complete({"sanction", ""}), Contains("explain"));
  EXPECT_THAT(Complete({"ban", "10086", "--r"}), ElementsAre("--reason", "--request-id", "--rule"));
  EXPECT_THAT(Complete({"ban", "10086", "--rule", "st"}), ElementsAre("stalling", "stolen"));
  EXPECT_THAT(Complete({"punish", "10086", "g"}), ElementsAre("gold"));
  EXPECT_THAT(Complete({"ban", "1", "--caps", "login,ch"}), ElementsAre("login,chat"));
  EXPECT_THAT(Complete({"lift", "1", "--as", "mi"}), ElementsAre("mistake"));
  EXPECT_THAT(Complete({"who", "1", "--per"}), IsEmpty());
  EXPECT_THAT(Complete({""}), Not(Contains("__complete")));
}

std::set<std::string> MethodsOf(const std::string& service_name) {
  v1::Account::descriptor();
  v1::ListBankEntriesRequest::descriptor();
  v1::Lexicon::descriptor();
  v1::CaseView::descriptor();
  v1::AppealView::descriptor();
  const auto* const service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      "hallwarden.v1." + service_name);
  std::set<std::string> methods;
  for (int i = 0; service != nullptr && i < service->method_count(); ++i)
    methods.insert(service->method(i)->name());
  return methods;
}

TEST(ApiTest, KnowsEveryCallOfTheServices) {
  std::set<std::string> ours = {"Tail"};
#define HW_NAME(name, request, response) ours.insert(#name);
  HW_FOR_EACH_UNARY_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("GmService"));
  ours.clear();
  HW_FOR_EACH_BANK_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("BankService"));
  ours.clear();
  HW_FOR_EACH_TEXT_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("TextService"));
  ours.clear();
  HW_FOR_EACH_CASE_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("CaseService"));
  ours.clear();
  HW_FOR_EACH_RECOVERY_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("RecoveryService"));
  ours.clear();
  HW_FOR_EACH_STATS_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("StatsService"));
  ours.clear();
  HW_FOR_EACH_APPEAL_CALL(HW_NAME)
  EXPECT_EQ(ours, MethodsOf("AppealService"));
#undef HW_NAME
}

TEST(LoopbackTest, IsThisHostAndNothingThatLooksLikeIt) {
  for (const std::string server :
       {"127.0.0.1:7700", "127.9.9.9:1", "localhost:7700", "[::1]:7700", "unix:/run/hw.sock"}) {
    EXPECT_TRUE(channel::IsThisHost(server)) << server;
  }
  for (const std::string server : {"127.example.org:7700", "10.0.0.1:7700", "0.0.0.0:7700",
                                   "localhost.example.org:7700", "[fe80::1]:7700", "hall:7700"}) {
    EXPECT_FALSE(channel::IsThisHost(server)) << server;
  }
}

TEST_F(GmctlTest, LoginReadsTheTokenFromTheInputAndKeepsItPrivate) {
  v1::WhoAmIResponse who;
  who.set_principal("gm-li");
  daemon_.WhoAmI.Says(who);
  console_.typed = {"hw_secret_1"};
  EXPECT_EQ(Gmctl({"login"}), 0) << error();
  EXPECT_EQ(daemon_.connections.back().token, "hw_secret_1");
  EXPECT_EQ(std::filesystem::status(ConfigFilePath()).permissions() & std::filesystem::perms::all,
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_THAT(out() + error(), Not(HasSubstr("hw_secret_1")));
  EXPECT_EQ(Gmctl({"whoami"}), 0);
  EXPECT_EQ(daemon_.connections.back().server, "127.0.0.1:7700");
  EXPECT_EQ(daemon_.connections.back().token, "hw_secret_1");
  EXPECT_EQ(Gmctl({"context", "ls"}), 0);
  EXPECT_THAT(out(), Not(HasSubstr("hw_secret_1")));
  EXPECT_THAT(out(), HasSubstr("true\tdefault\t127.0.0.1:7700\ttrue"));
}

TEST_F(GmctlTest, ATokenThatTheDaemonRefusesIsNotKept) {
  daemon_.WhoAmI.Fails(
      WithServerReason(absl::UnauthenticatedError("bad"),
                       {.reason = "BAD_TOKEN", .domain = "hallwarden", .metadata = {}}));
  console_.typed = {"wrong"};
  EXPECT_EQ(Gmctl({"login"}), 4);
  EXPECT_FALSE(std::filesystem::exists(ConfigFilePath()));
  console_.typed = {"two words"};
  EXPECT_EQ(Gmctl({"login"}), 2);
}

TEST_F(GmctlTest, ATokenGoesToItsOwnServerOnly) {
  daemon_.WhoAmI.Says({});
  console_.typed = {"token-a"};
  EXPECT_EQ(Gmctl({"login", "--context", "a", "--server", "127.0.0.1:1"}), 0);
  console_.typed = {"token-b"};
  EXPECT_EQ(Gmctl({"login", "--context", "b", "--server", "127.0.0.1:2"}), 0);
  const auto used = [&](const std::vector<std::string>& words) {
    std::vector<std::string> all = {"whoami"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(Gmctl(all), 0) << error();
    return daemon_.connections.back().server + " " + daemon_.connections.back().token;
  };
  EXPECT_EQ(used({}), "127.0.0.1:2 token-b");
  EXPECT_EQ(used({"--context", "a"}), "127.0.0.1:1 token-a");
  EXPECT_EQ(used({"--server", "127.0.0.1:1"}), "127.0.0.1:1 token-a");
  EXPECT_EQ(used({"--server", "127.0.0.1:9"}), "127.0.0.1:9 ");
  environment_["HALLWARDEN_SERVER"] = "127.0.0.1:8";
  EXPECT_EQ(used({}), "127.0.0.1:8 ");
  EXPECT_EQ(used({"--context", "a"}), "127.0.0.1:1 token-a");
  const std::string path = folder_.path() + "/token";
  std::ofstream(path) << "token-c\n";
  environment_["HALLWARDEN_TOKEN_FILE"] = path;
  EXPECT_EQ(used({}), "127.0.0.1:8 token-c");
  EXPECT_EQ(Gmctl({"context", "use", "a"}), 0);
  EXPECT_EQ(Gmctl({"context", "add", "a", "127.0.0.1:3"}), 0);
  environment_.erase("HALLWARDEN_SERVER");
  environment_.erase("HALLWARDEN_TOKEN_FILE");
  EXPECT_EQ(used({}), "127.0.0.1:3 ");
  EXPECT_EQ(Gmctl({"whoami", "--context", "none"}), 2);
}

TEST_F(GmctlTest, PlaintextToAnotherHostIsSpelledOut) {
  daemon_.WhoAmI.Says({});
  EXPECT_EQ(Gmctl({"whoami", "--server", "10.0.0.5:7700"}), 0);
  EXPECT_FALSE(daemon_.connections.back().plaintext);
  EXPECT_EQ(Gmctl({"whoami", "--server", "10.0.0.5:7700", "--plaintext"}), 0);
  EXPECT_TRUE(daemon_.connections.back().plaintext);
  daemon_.connections.clear();
  EXPECT_EQ(Gmctl({"whoami", "--server", "10.0.0.5:7700", "--plaintext", "--tls-ca", "ca"}), 2);
  EXPECT_EQ(Gmctl({"whoami", "--tls-cert", "c"}), 2);
  EXPECT_THAT(error(), HasSubstr("--tls-key"));
  EXPECT_THAT(daemon_.connections, IsEmpty());
}

TEST_F(GmctlTest, LoginKeepsWhomToTrustAndWhatToShow) {
  daemon_.WhoAmI.Says({});
  console_.typed = {"token-a"};
  EXPECT_EQ(Gmctl({"login", "--server", "hall.example.com:7700", "--tls-ca", "/ca.pem",
                   "--tls-cert", "/me.crt", "--tls-key", "/me.key", "--tls-server-name", "hall"}),
            0)
      << error();
  EXPECT_EQ(Gmctl({"whoami"}), 0);
  const channel::ClientTls& tls = daemon_.connections.back().tls;
  EXPECT_EQ(tls.ca, "/ca.pem");
  EXPECT_EQ(tls.certificate, "/me.crt");
  EXPECT_EQ(tls.key, "/me.key");
  EXPECT_EQ(tls.server_name, "hall");
  EXPECT_EQ(Gmctl({"whoami", "--tls-ca", "/other.pem"}), 0);
  EXPECT_EQ(daemon_.connections.back().tls.ca, "/other.pem");
  EXPECT_EQ(Gmctl({"whoami", "--server", "other.example.com:7700"}), 0);
  EXPECT_FALSE(daemon_.connections.back().tls.any()) << "shown to no other server";
}

TEST_F(GmctlTest, ABrokenConfigurationIsAnErrorThatShowsNoSecret) {
  std::filesystem::create_directories(folder_.path() + "/.config/hallwarden");
  std::ofstream(ConfigFilePath()) << "{\"contexts\": {\"a\": {\"token\": \"hw_secret_2\"";
  EXPECT_EQ(Gmctl({"whoami"}), 1);
  EXPECT_THAT(error(), HasSubstr("is not valid JSON"));
  EXPECT_THAT(error(), Not(HasSubstr("hw_secret_2")));
}

TEST_F(GmctlTest, DoctorSaysWhatIsWrongAndWhatToDo) {
  v1::WhoAmIResponse who;
  who.set_principal("gm-li");
  daemon_.WhoAmI.Says(who);
  v1::Health health;
  health.mutable_daemon_time()->set_seconds(absl::ToUnixSeconds(clock_.now) + 600);
  v1::HealthCheck& store = *health.add_checks();
  store.set_check("store");
  store.set_ok(true);
  store.mutable_detail()->set_en("well");
  daemon_.GetHealth.Says(health);
  EXPECT_EQ(Gmctl({"doctor"}), 1);
  EXPECT_THAT(out(), HasSubstr("clock\tfalse\t10m apart"));
  EXPECT_THAT(out(), HasSubstr("daemon/store\ttrue\twell"));
  daemon_.WhoAmI.Fails(absl::UnavailableError("refused"));
  EXPECT_EQ(Gmctl({"doctor"}), 1);
  EXPECT_THAT(out(), HasSubstr("connection\tfalse\terror: cannot reach the daemon"));
}

TEST_F(GmctlTest, CanAnswersWithItsExitCode) {
  v1::CheckPermissionResponse no;
  no.mutable_reason()->set_en("hand it to a lead");
  daemon_.CheckPermission.Says(no);
  EXPECT_EQ(Gmctl({"can", "ban", "--perm"}), 4);
  EXPECT_THAT(out(), HasSubstr("false\thand it to a lead"));
  EXPECT_EQ(daemon_.CheckPermission.asked.back().method(), "GmService.CreateSanction");
  EXPECT_TRUE(daemon_.CheckPermission.asked.back().permanent());
  v1::CheckPermissionResponse yes;
  yes.set_allowed(true);
  daemon_.CheckPermission.Says(yes);
  EXPECT_EQ(Gmctl({"can", "case", "close"}), 0);
  EXPECT_EQ(Gmctl({"can", "mute", "--for", "2h"}), 0);
  EXPECT_EQ(daemon_.CheckPermission.asked.back().term().seconds(), 7200);
  EXPECT_EQ(Gmctl({"can", "fly"}), 2);
}

v1::TailResponse Entry(const std::string& token) {
  v1::TailResponse entry;
  entry.set_resume_token(token);
  entry.set_account("10086");
  entry.mutable_entry()->mutable_summary()->set_en("entry " + token);
  entry.mutable_entry()->mutable_create_time()->set_seconds(1788339600);
  return entry;
}

TEST_F(GmctlTest, TailContinuesAfterEveryKindOfEndWithoutLosingOrRepeating) {
  daemon_.tails = {{{Entry("a"), Entry("b")}, absl::UnavailableError("gone")},
                   {{}, absl::UnavailableError("still gone")},
                   {{Entry("b"), Entry("c")}, absl::OkStatus()},
                   {{Entry("d")}, absl::UnavailableError("gone again")}};
  EXPECT_EQ(Gmctl({"tail", "--backlog", "7", "--no-header", "--fields", "account,summary"}), 4);
  EXPECT_EQ(out(), "10086\tentry a\n10086\tentry b\n10086\tentry c\n10086\tentry d\n");
  ASSERT_THAT(daemon_.tails_asked, SizeIs(5));
  EXPECT_EQ(daemon_.tails_asked[0].resume_token(), "");
  EXPECT_EQ(daemon_.tails_asked[0].backlog(), 7);
  EXPECT_EQ(daemon_.tails_asked[1].resume_token(), "b");
  EXPECT_EQ(daemon_.tails_asked[2].resume_token(), "b");
  EXPECT_EQ(daemon_.tails_asked[3].resume_token(), "c");
  EXPECT_EQ(daemon_.tails_asked[4].resume_token(), "d");
}

TEST_F(GmctlTest, TailFindsWhatHappenedWhileItHadNoTokenYet) {
  v1::TailResponse old = Entry("o");
  old.mutable_entry()->mutable_create_time()->set_seconds(1788339600 - 60);
  daemon_.tails = {{{}, absl::OkStatus()},
                   {{old, Entry("a")}, absl::UnavailableError("gone")},
                   {{Entry("b")}, absl::PermissionDeniedError("enough")}};
  EXPECT_EQ(Gmctl({"tail", "--backlog", "0", "--no-header", "--fields", "summary"}), 4);
  EXPECT_EQ(out(), "entry a\nentry b\n");
}

TEST_F(GmctlTest, TailOfAnAbsentServerGivesUpSoon) {
  for (int i = 0; i < 20; ++i) {
    daemon_.tails.push_back({{}, absl::UnavailableError("refused")});
  }
  EXPECT_EQ(Gmctl({"tail"}), 7);
  EXPECT_GT(daemon_.tails.size(), 10U);
}

TEST_F(GmctlTest, TailWithoutFollowEnds) {
  daemon_.tails = {{{Entry("a")}, absl::OkStatus()}};
  EXPECT_EQ(
      Gmctl({"tail", "--no-follow", "-o", "jsonl", "--kind", "sanction", "--player", "10086"}), 0);
  EXPECT_THAT(out(), HasSubstr("\"resume_token\":\"a\""));
  EXPECT_TRUE(daemon_.tails_asked[0].no_follow());
  EXPECT_EQ(daemon_.tails_asked[0].account(), "10086");
  EXPECT_EQ(daemon_.tails_asked[0].kinds_size(), 1);
  console_.reader_gone = true;
  daemon_.tails = {{{Entry("a"), Entry("b")}, absl::UnavailableError("gone")}};
  EXPECT_EQ(Gmctl({"tail"}), 0);
}

TEST(PartnerFileTest, ReadsCsvAndTsv) {
  const absl::TimeZone china = absl::FixedTimeZone(8 * 3600);
  const PartnerFile file = ReadPartnerFile(
      "\xEF\xBB\xBF"
      "account,channel,begin,end\r\n"
      "10086,dandan,2026-01-01,\r\n"
      "\r\n"
      "10087,\"dou,dou\",2026-01-01T08:00:00+08:00,2026-06-30\n"
      "10088,doudou,2026-01-01 08:00",
      china);
  ASSERT_THAT(file.faults, IsEmpty());
  ASSERT_THAT(file.spans, SizeIs(3));
  EXPECT_EQ(Rfc3339(FromProto(file.spans[0].begin_time()), china), "2026-01-01T00:00:00+08:00");
  EXPECT_FALSE(file.spans[0].has_end_time());
  EXPECT_EQ(file.spans[1].channel(), "dou,dou");
  EXPECT_EQ(Rfc3339(FromProto(file.spans[1].end_time()), china), "2026-06-30T00:00:00+08:00");
  EXPECT_THAT(ReadPartnerFile("1\tdandan\t2026-01-01\t\n", china).spans, SizeIs(1));
  EXPECT_THAT(ReadPartnerFile("", china).spans, IsEmpty());
}

TEST(PartnerFileTest, NamesEveryFaultyLine) {
  const PartnerFile file = ReadPartnerFile(
      "account,channel,begin,end\n"
      "10086,dandan,yesterday,\n"
      ",dandan,2026-01-01,\n"
      "10086,dandan\n"
      "10086,\x1b[31m,2026-01-01,\n"
      "10086,dandan,2026-01-02,2026-01-01\n"
      "10086,dandan,2026-01-01,\n"
      "10086,\"dandan,2026-01-01,\n",
      absl::UTCTimeZone());
  EXPECT_THAT(file.spans, SizeIs(1));
  std::vector<std::string> faults;
  for (const PartnerFault& fault : file.faults) {
    faults.push_back(std::to_string(fault.line) + " " + fault.key);
  }
  EXPECT_THAT(faults,
              ElementsAre("2 err.partner.time", "3 err.partner.account", "4 err.partner.cells",
                          "5 err.partner.channel", "6 err.partner.order", "8 err.partner.quote"));
}

class PartnerTest : public GmctlTest {
 protected:
  std::string WriteRows(int rows) {
    std::string path = folder_.path() + "/partners.csv";
    std::ofstream file(path);
    file << "account,channel,begin,end\n";
    for (int i = 0; i < rows; ++i)
      file << 10000 + i << ",dandan,2026-01-01,\n";
    return path;
  }
  static absl::StatusOr<v1::ImportPartnersResponse> Take(const v1::ImportPartnersRequest& call) {
    v1::ImportPartnersResponse answer;
    answer.set_imported_count(call.spans_size());
    answer.set_changed_count(call.spans_size() / 2);
    return answer;
  }
};

TEST_F(PartnerTest, ImportSendsAThousandRowsAtATimeWithIdsOfTheirOwn) {
  const std::string path = WriteRows(2500);
  daemon_.ImportPartners.answer = Take;
  EXPECT_EQ(Gmctl({"partner", "import", path, "--dry-run"}), 6);
  EXPECT_THAT(daemon_.ImportPartners.asked, SizeIs(3));
  daemon_.ImportPartners.asked.clear();
  EXPECT_EQ(Gmctl({"partner", "import", path, "--reason", "monthly list"}), 2);
  daemon_.ImportPartners.asked.clear();
  EXPECT_EQ(Gmctl({"partner", "import", path, "--reason", "monthly list", "--yes", "--request-id",
                   "monthly-2026-09"}),
            0);
  EXPECT_EQ(out(), "imported\tchanged\n2500\t1250\n");
  ASSERT_THAT(daemon_.ImportPartners.asked, SizeIs(6));
  EXPECT_EQ(daemon_.ImportPartners.asked[0].options().request_id(), "monthly-2026-09-0001-plan");
  EXPECT_TRUE(daemon_.ImportPartners.asked[2].options().validate_only());
  EXPECT_EQ(daemon_.ImportPartners.asked[3].options().request_id(), "monthly-2026-09-0001");
  EXPECT_EQ(daemon_.ImportPartners.asked[5].options().request_id(), "monthly-2026-09-0003");
  EXPECT_EQ(daemon_.ImportPartners.asked[5].spans_size(), 500);
}

TEST_F(PartnerTest, AnImportThatBreaksOffIsPartialAndSaysHowToGoOn) {
  const std::string path = WriteRows(2500);
  daemon_.ImportPartners.answer =
      [](const v1::ImportPartnersRequest& call) -> absl::StatusOr<v1::ImportPartnersResponse> {
    if (call.options().request_id() == "monthly-2026-09-0003") {
      return absl::UnavailableError("gone");
    }
    return Take(call);
  };
  EXPECT_EQ(Gmctl({"partner", "import", path, "--reason", "monthly list", "--yes", "--request-id",
                   "monthly-2026-09"}),
            8);
  EXPECT_THAT(error(), HasSubstr("2 of 3 calls"));
  EXPECT_THAT(error(), HasSubstr("--request-id monthly-2026-09"));
}

TEST_F(PartnerTest, AFaultyFileIsNotSentAtAll) {
  const std::string path = folder_.path() + "/bad.csv";
  std::ofstream(path) << "10086,dandan,2026-01-01,\n10087,dandan,soon,\n";
  EXPECT_EQ(Gmctl({"partner", "import", path, "--reason", "monthly list", "--yes"}), 2);
  EXPECT_THAT(error(), HasSubstr(path + ":2: this is no time: soon"));
  EXPECT_THAT(daemon_.ImportPartners.asked, IsEmpty());
}

TEST_F(GmctlTest, ATokensSecretIsHandedOverOnce) {
  v1::CreateTokenResponse made;
  made.mutable_token()->set_name("tokens/tk_1");
  made.mutable_token()->set_principal("gm-x");
  made.set_secret("hw_secret_3");
  daemon_.CreateToken.Says(made);
  const std::vector<std::string> words = {"token",  "create", "--principal", "gm-x",
                                          "--role", "gm",     "--reason",    "new one",
                                          "--yes",  "--for",  "90d"};
  EXPECT_EQ(Gmctl(words), 0) << error();
  EXPECT_EQ(out(), "hw_secret_3\n");
  EXPECT_EQ(daemon_.CreateToken.asked.back().lifetime().seconds(), 90 * 86400);
  std::vector<std::string> saving = words;
  const std::string path = folder_.path() + "/gm-x.token";
  saving.insert(saving.end(), {"--save", path});
  EXPECT_EQ(Gmctl(saving), 0);
  EXPECT_THAT(out() + error(), Not(HasSubstr("hw_secret_3")));
  EXPECT_TRUE(std::filesystem::exists(path));
  EXPECT_EQ(Gmctl(saving), 2);
  made.clear_secret();
  daemon_.CreateToken.Says(made);
  EXPECT_EQ(Gmctl(words), 1);
  EXPECT_THAT(error(), HasSubstr("gmctl token revoke tk_1"));
}

TEST_F(GmctlTest, APolicyWithFaultsIsRefusedWithItsPlaces) {
  const std::string path = folder_.path() + "/policy.txtpb";
  std::ofstream(path) << "title: \"x\"\n";
  v1::ApplyPolicyResponse bad;
  v1::Diagnostic& fault = *bad.add_diagnostics();
  fault.set_file("policy.txtpb");
  fault.set_line(3);
  fault.set_column(7);
  fault.set_reason("unknown ladder");
  fault.set_hint("name one of the ladders");
  fault.set_fatal(true);
  daemon_.ApplyPolicy.Says(bad);
  v1::GetPolicyResponse active;
  active.set_name("policies/p-7");
  daemon_.GetPolicy.Says(active);
  EXPECT_EQ(Gmctl({"policy", "check", path, "-o", "table"}), 1);
  EXPECT_THAT(out(), HasSubstr("policy.txtpb:3:7: error: unknown ladder"));
  EXPECT_THAT(out(), HasSubstr("hint: name one of the ladders"));
  EXPECT_EQ(Gmctl({"policy", "apply", path, "--reason", "night rules", "--yes"}), 1);
  EXPECT_THAT(error(), HasSubstr("policy.txtpb:3:7"));
  v1::ApplyPolicyResponse good;
  good.set_name("policies/p-8");
  *good.add_lines() = SampleLine("rule", "off", "enforce");
  daemon_.ApplyPolicy.Says(good);
  EXPECT_EQ(Gmctl({"policy", "apply", path, "--reason", "night rules", "--yes", "-o", "name"}), 0)
      << error();
  EXPECT_EQ(out(), "policies/p-8\n");
  EXPECT_EQ(daemon_.ApplyPolicy.asked.back().options().etag(), "p-7");
  EXPECT_EQ(Gmctl({"policy", "apply", path, "--dry-run"}), 6);
}

TEST_F(GmctlTest, APolicyIsSavedByteForByte) {
  v1::GetPolicyResponse active;
  active.set_name("policies/p-7");
  active.set_source("a: \"\u200B\"\n\tb: 1\n");
  daemon_.GetPolicy.Says(active);
  const std::string path = folder_.path() + "/saved.txtpb";
  EXPECT_EQ(Gmctl({"policy", "show", "--save", path}), 0);
  std::ifstream file(path);
  std::stringstream content;
  content << file.rdbuf();
  EXPECT_EQ(content.str(), active.source());
  EXPECT_EQ(Gmctl({"policy", "show"}), 0);
  EXPECT_EQ(out(), "a: \"\\u{200B}\"\n  b: 1\n");
}

TEST_F(GmctlTest, TablesAlignWideCharactersAndFieldsReachIntoMessages) {
  v1::ListSanctionsResponse list;
  *list.add_sanctions() = SampleSanction();
  *list.add_sanctions() = SampleSanction();
  list.mutable_sanctions(1)->set_account("2");
  list.mutable_sanctions(1)->set_offence(v1::OFFENCE_ABUSE);
  daemon_.ListSanctions.Says(list);
  EXPECT_EQ(Gmctl({"sanction", "ls", "-o", "table", "--lang", "zh", "--fields",
                   "account,offence,step.to_rung"}),
            0);
  EXPECT_EQ(out(),
            "\u8D26\u53F7   \u8FDD\u89C4    step.to_rung\n"
            "10086  \u5237\u65F6\u95F4  2\n"
            "2      \u8C29\u9A82    2\n");
  EXPECT_EQ(Gmctl({"sanction", "ls", "--fields", "nonsense"}), 2);
  EXPECT_THAT(error(), HasSubstr("sanction, account, offence"));
  EXPECT_EQ(Gmctl({"sanction", "ls", "-o", "name"}), 0);
  EXPECT_EQ(out(), "sanctions/sn_7K2M\nsanctions/sn_7K2M\n");
  EXPECT_EQ(Gmctl({"sanction", "ls", "-o", "yaml", "--fields", "account,permanent"}), 0);
  EXPECT_EQ(out(),
            "-\n  account: \"10086\"\n  permanent: false\n"
            "-\n  account: \"2\"\n  permanent: false\n");
  EXPECT_EQ(Gmctl({"sanction", "ls", "-o", "xml"}), 2);
}

TEST_F(GmctlTest, ExplainKnowsCodesReasonsAndWords) {
  EXPECT_EQ(Gmctl({"explain", "6"}), 0);
  EXPECT_EQ(Gmctl({"explain", "ETAG_MISMATCH"}), 0);
  EXPECT_THAT(out(), HasSubstr("--no-pin"));
  EXPECT_EQ(Gmctl({"explain", "mercy", "--lang", "zh"}), 0);
  EXPECT_EQ(Gmctl({"explain", "ETAG_MISMTCH"}), 3);
  EXPECT_THAT(error(), HasSubstr("did you mean ETAG_MISMATCH?"));
}

TEST_F(GmctlTest, CompletionScriptsCallBack) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    EXPECT_EQ(Gmctl({"completion", shell}), 0);
    EXPECT_THAT(out(), HasSubstr("gmctl __complete"));
  }
  EXPECT_EQ(Gmctl({"completion", "tcsh"}), 2);
  has_own_zone_ = true;
  EXPECT_EQ(Gmctl({"__complete", "--", "punish", "10086", "ads", "--dr"}), 0);
  EXPECT_EQ(out(), "--dry-run\n");
}

}  // namespace
}  // namespace hallwarden::gmctl
