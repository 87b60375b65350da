// A daemon, a console and a clock that do what a test says.
#ifndef HALLWARDEN_TESTS_TOOLS_GMCTL_FAKES_H_
#define HALLWARDEN_TESTS_TOOLS_GMCTL_FAKES_H_

#include <cstdint>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tools/gmctl/api.h"
#include "tools/gmctl/run.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {

// What a fake does with one call, and what it was asked.
template <typename Request, typename Response>
struct Hook {
  std::function<absl::StatusOr<Response>(const Request&)> answer;
  std::vector<Request> asked;

  absl::StatusOr<Response> Call(const Request& call) {
    asked.push_back(call);
    if (!answer) return absl::UnimplementedError("the test does not expect this call");
    return answer(call);
  }
  // Always this.
  void Says(const Response& response) {
    answer = [response](const Request&) -> absl::StatusOr<Response> { return response; };
  }
  void Fails(const absl::Status& status) {
    answer = [status](const Request&) -> absl::StatusOr<Response> { return status; };
  }
};

// One connection of Tail: entries, then the status.
struct TailScript {
  std::vector<v1::TailResponse> entries;
  absl::Status status;
};

struct FakeDaemon {
#define HW_HOOK(name, request, response) Hook<v1::request, v1::response> name;
  HW_FOR_EACH_UNARY_CALL(HW_HOOK)
  HW_FOR_EACH_BANK_CALL(HW_HOOK)
  HW_FOR_EACH_TEXT_CALL(HW_HOOK)
  HW_FOR_EACH_CASE_CALL(HW_HOOK)
  HW_FOR_EACH_RECOVERY_CALL(HW_HOOK)
  HW_FOR_EACH_STATS_CALL(HW_HOOK)
  HW_FOR_EACH_APPEAL_CALL(HW_HOOK)
#undef HW_HOOK
  std::deque<TailScript> tails;
  std::vector<v1::TailRequest> tails_asked;
  std::vector<Connection> connections;
};

// The daemon outlives gmctl's connection to it, so the connection only points there.
class FakeApi final : public GmApi {
 public:
  explicit FakeApi(FakeDaemon& daemon) : daemon_(daemon) {}

#define HW_FORWARD(name, request, response)                                                     \
  absl::StatusOr<v1::response> name(const v1::request& call, absl::Duration timeout) override { \
    EXPECT_GT(timeout, absl::ZeroDuration());                                                   \
    return daemon_.name.Call(call);                                                             \
  }
  HW_FOR_EACH_UNARY_CALL(HW_FORWARD)
  HW_FOR_EACH_BANK_CALL(HW_FORWARD)
  HW_FOR_EACH_TEXT_CALL(HW_FORWARD)
  HW_FOR_EACH_CASE_CALL(HW_FORWARD)
  HW_FOR_EACH_RECOVERY_CALL(HW_FORWARD)
  HW_FOR_EACH_STATS_CALL(HW_FORWARD)
  HW_FOR_EACH_APPEAL_CALL(HW_FORWARD)
#undef HW_FORWARD

  absl::Status Tail(const v1::TailRequest& call,
                    const std::function<bool(const v1::TailResponse&)>& take) override {
    daemon_.tails_asked.push_back(call);
    if (daemon_.tails.empty()) return absl::PermissionDeniedError("end of the script");
    const TailScript script = daemon_.tails.front();
    daemon_.tails.pop_front();
    for (const v1::TailResponse& entry : script.entries) {
      if (!take(entry)) return absl::OkStatus();
    }
    return script.status;
  }

 private:
  FakeDaemon& daemon_;
};

class FakeConsole final : public Console {
 public:
  bool WriteOut(std::string_view text) override {
    out.append(text);
    return !reader_gone;
  }
  void WriteError(std::string_view text) override { error.append(text); }
  std::optional<std::string> ReadLine() override {
    if (typed.empty()) return std::nullopt;
    std::string line = typed.front();
    typed.pop_front();
    return line;
  }
  std::optional<std::string> ReadSecret() override { return ReadLine(); }
  std::string ReadAll(std::size_t max_bytes) override { return piped.substr(0, max_bytes); }
  bool InputIsTerminal() override { return input_terminal; }
  bool OutputIsTerminal() override { return output_terminal; }
  bool ErrorIsTerminal() override { return output_terminal; }

  std::string out;
  std::string error;
  std::deque<std::string> typed;
  std::string piped;
  bool input_terminal = false;
  bool output_terminal = false;
  bool reader_gone = false;
};

// Stands still but for Sleep.
class FakeClock final : public Clock {
 public:
  absl::Time Now() override { return now; }
  void Sleep(absl::Duration duration) override { now += duration; }

  // 2026-09-02 17:00 in China.
  absl::Time now = absl::FromUnixSeconds(1788339600);
};

// A folder of its own, gone after the test.
class TestFolder {
 public:
  TestFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "gmctl_test_XXXXXX").string();
    path_ = mkdtemp(name.data()) == nullptr ? "" : name;
  }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  ~TestFolder() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// Runs command lines against the fakes. Every run has a fresh console, the rest stays.
class GmctlTest : public ::testing::Test {
 protected:
  GmctlTest() {
    environment_ = {{"HOME", folder_.path()}, {"LANG", "en_US.UTF-8"}, {"TZ", "Asia/Shanghai"}};
  }

  // The exit code; what was written is in out() and error().
  int Gmctl(const std::vector<std::string>& words) {
    console_.out.clear();
    console_.error.clear();
    World world{
        .console = console_,
        .clock = clock_,
        .environment = [this](const std::string& name) -> std::optional<std::string> {
          const auto found = environment_.find(name);
          if (found == environment_.end()) return std::nullopt;
          return found->second;
        },
        .connect = [this](const Connection& connection) -> absl::StatusOr<std::unique_ptr<GmApi>> {
          daemon_.connections.push_back(connection);
          return std::make_unique<FakeApi>(daemon_);
        },
        .new_uuid =
            [this] {
              return "0000000" + std::to_string(++uuids_) + "-0000-4000-8000-000000000000";
            }};
    std::vector<std::string> all = words;
    if (!has_own_zone_) all.insert(all.end(), {"--tz", "+08:00"});
    return static_cast<int>(gmctl::Run(all, world));
  }

  // As a GM at a terminal who types these lines.
  void AtTerminal(const std::vector<std::string>& lines) {
    console_.input_terminal = true;
    console_.output_terminal = true;
    environment_["NO_COLOR"] = "1";
    console_.typed.assign(lines.begin(), lines.end());
  }

  [[nodiscard]] const std::string& out() const { return console_.out; }
  [[nodiscard]] const std::string& error() const { return console_.error; }
  [[nodiscard]] std::string StatePath() const {
    return folder_.path() + "/.local/state/hallwarden";
  }
  [[nodiscard]] std::string ConfigFilePath() const {
    return folder_.path() + "/.config/hallwarden/gmctl.json";
  }

  TestFolder folder_;
  FakeDaemon daemon_;
  FakeConsole console_;
  FakeClock clock_;
  std::map<std::string, std::string> environment_;
  bool has_own_zone_ = false;
  int uuids_ = 0;
};

// A restriction in force, as the daemon would tell of it.
inline v1::Sanction SampleSanction() {
  v1::Sanction sanction;
  sanction.set_name("sanctions/sn_7K2M");
  sanction.set_account("10086");
  sanction.set_kind(v1::SANCTION_KIND_RESTRICTION);
  sanction.set_state(v1::SANCTION_STATE_ACTIVE);
  sanction.set_offence(v1::OFFENCE_STALLING);
  sanction.add_capabilities(v1::CAPABILITY_LOGIN);
  sanction.mutable_create_time()->set_seconds(1788339600 - 3 * 3600);
  sanction.mutable_start_time()->set_seconds(1788339600 - 3 * 3600);
  sanction.mutable_end_time()->set_seconds(1788339600 - 3 * 3600 + std::int64_t{7} * 86400);
  sanction.mutable_term()->set_seconds(std::int64_t{7} * 86400);
  sanction.mutable_step()->set_ladder("stalling");
  sanction.mutable_step()->set_from_rung(1);
  sanction.mutable_step()->set_to_rung(2);
  sanction.mutable_step()->set_rung_count(3);
  sanction.mutable_actor()->set_principal("gm-li");
  sanction.set_reason("drags every move");
  sanction.set_revision(4);
  sanction.set_counted(true);
  return sanction;
}

inline v1::PlanLine SampleLine(const std::string& key, const std::string& before,
                               const std::string& after) {
  v1::PlanLine line;
  line.set_key(key);
  line.mutable_before()->set_en(before);
  line.mutable_before()->set_zh(before);
  line.mutable_after()->set_en(after);
  line.mutable_after()->set_zh(after);
  return line;
}

// Plans with level 1 and etag `e1`, and executes.
template <typename Request>
absl::StatusOr<v1::ActionResponse> PlanThenDo(const Request& call) {
  v1::ActionResponse answer;
  answer.set_dry_run(call.options().validate_only());
  answer.set_confirmation_level(1);
  answer.set_etag("e1");
  answer.set_directive_count(1);
  *answer.add_lines() = SampleLine("rung", "1/3", "2/3");
  *answer.mutable_sanction() = SampleSanction();
  return answer;
}

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TESTS_TOOLS_GMCTL_FAKES_H_
