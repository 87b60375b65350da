// The client examples of the guide for appeal agents, as somebody would run them: a ban, an appeal,
// the second look, and what the player reads. Both languages of client do and say the same.
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/e2e/site.h"

namespace hallwarden::e2e {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPython = "/usr/bin/python3";

class AppealAgentTest : public ::testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !MakeStubs()) {
      GTEST_SKIP() << "no python3-grpcio, python3-protobuf or protoc here";
    }
    site_.AppendFeed(1, 40);
    site_.StartDaemon();
    site_.StartRelay();
    ASSERT_TRUE(site_.AwaitAcked(40)) << site_.relay_log() << site_.daemon_log();
    MakeToken("senior-wang", "senior");
    MakeToken("agent-qian", "agent");
  }

  // Messages for Python. False: this machine has not what it takes.
  bool MakeStubs() const {
    const std::filesystem::path log = scratch_ / "python.log";
    if (RunToEnd(kPython, {"-c", "import grpc, google.protobuf"}, log) != 0) return false;
    std::filesystem::create_directory(scratch_ / "stubs");
    const std::string protos = HW_PROTOS;
    std::vector<std::string> args = {"-I", protos, "--python_out", (scratch_ / "stubs").string()};
    for (const char* folder : {"hallwarden/v1", "google/rpc"}) {
      for (const auto& file : std::filesystem::directory_iterator(protos + "/" + folder)) {
        if (file.path().extension() == ".proto") args.push_back(file.path().string());
      }
    }
    return RunToEnd(HW_PROTOC, args, log) == 0;
  }

  void MakeToken(const std::string& principal, const std::string& role) {
    std::string out;
    ASSERT_EQ(site_.Gmctl({"token", "create", "--principal", principal, "--role", role, "--reason",
                           "e2e test", "--yes", "-o", "json"},
                          &out),
              0)
        << out;
    const std::size_t at = out.find("hw_");
    ASSERT_NE(at, std::string::npos) << out;
    WriteFile(scratch_ / (principal + ".token"),
              out.substr(at, out.find_first_of("\"\n ", at) - at) + "\n");
  }

  // gmctl as somebody; what it printed.
  std::string As(const std::string& principal, std::vector<std::string> args) {
    args.insert(args.begin(), {"--server", Address(), "--token-file",
                               (scratch_ / (principal + ".token")).string()});
    const std::filesystem::path file = scratch_ / "as.out";
    EXPECT_EQ(RunToEnd(HW_GMCTL, args, file), 0) << ReadFile(file.string() + ".err");
    return ReadFile(file);
  }

  // Bans the account for a week; the sanction's id.
  std::string Ban(const std::string& account) {
    const std::string out =
        As("senior-wang", {"ban", account, "--rule", "stalling", "--for", "7d", "--reason",
                           "drags every move", "--yes", "-o", "name"});
    const std::size_t at = out.find("sn_");
    EXPECT_NE(at, std::string::npos) << out;
    return out.substr(at, out.find_first_of(" \n", at) - at);
  }

  // Runs the example as the appeal agent.
  int Agent(const std::vector<std::string>& words, std::string* out) {
    std::vector<std::string> args = {"--server", Address(), "--token-file",
                                     (scratch_ / "agent-qian.token").string()};
    std::string program = HW_APPEAL_AGENT;
    if (GetParam()) {
      program = kPython;
      args.insert(args.begin(), HW_APPEAL_AGENT_PY);
      args.insert(args.end(), {"--stubs", (scratch_ / "stubs").string()});
    }
    args.insert(args.end(), words.begin(), words.end());
    const std::filesystem::path file = scratch_ / "agent.out";
    const int code = RunToEnd(program, args, file);
    *out = ReadFile(file) + ReadFile(file.string() + ".err");
    return code;
  }

  [[nodiscard]] std::string Address() const { return "unix:" + (scratch_ / "sock").string(); }

  Scratch scratch_;
  Site site_{&scratch_};
};

TEST_P(AppealAgentTest, SubmitsShowsGivesBackAndDecides) {
  const std::string sanction = Ban("p1");
  std::string out;
  EXPECT_EQ(Agent({"work"}, &out), 1);
  EXPECT_THAT(out, HasSubstr("QUEUE_EMPTY: ")) << "the daemon's reason reaches whoever asks";

  ASSERT_EQ(Agent({"submit", sanction, "hard", "please look again"}, &out), 0) << out;
  EXPECT_THAT(out, AllOf(HasSubstr("submitted: appeals/ap_"),
                         HasSubstr("player reads: We have received your appeal")));
  EXPECT_EQ(Agent({"submit", sanction, "hard", "please look again"}, &out), 1);
  EXPECT_THAT(out, HasSubstr("APPEAL_OPEN: "));

  ASSERT_EQ(Agent({"work"}, &out), 0) << out;
  EXPECT_THAT(out, AllOf(HasSubstr("of p1 against sanctions/" + sanction),
                         HasSubstr("player: please look again"), HasSubstr("recommended: lift it"),
                         HasSubstr("  + it is the first time"), HasSubstr("given back: ")));
  EXPECT_THAT(As("senior-wang", {"sanction", "get", sanction, "-o", "json"}),
              Not(HasSubstr("SANCTION_STATE_LIFTED")));

  ASSERT_EQ(Agent({"work", "--yes"}, &out), 0) << out;
  EXPECT_THAT(out, AllOf(HasSubstr("decided: APPEAL_VERDICT_LIFT"),
                         HasSubstr("has been lifted. We wish you good games!")));
  EXPECT_THAT(As("senior-wang", {"sanction", "get", sanction, "-o", "json"}),
              AllOf(HasSubstr("SANCTION_STATE_LIFTED"), HasSubstr("agent-qian")));
  // Every step is on record, refused ones too.
  const std::string audit =
      As("senior-wang", {"audit", "ls", "--principal", "agent-qian", "-o", "tsv"});
  for (const char* method :
       {"SubmitAppeal", "ClaimAppeal", "ReleaseAppeal", "CreateAppealMessage", "DecideAppeal"}) {
    EXPECT_THAT(audit, HasSubstr(std::string("AppealService.") + method));
  }
  site_.StopRelay();
  site_.StopDaemon();
}

INSTANTIATE_TEST_SUITE_P(Clients, AppealAgentTest, ::testing::Bool(), [](const auto& param_info) {
  return std::string(param_info.param ? "Python" : "Cpp");
});

}  // namespace
}  // namespace hallwarden::e2e
