#include "tests/e2e/site.h"

#include <signal.h>

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

namespace hallwarden::e2e {
namespace {

constexpr int kPatience = 120;

}  // namespace

void Site::StartDaemon(const std::vector<std::string>& flags) {
  std::vector<std::string> args = {"--store", store().string(), "--listen",
                                   "unix:" + (*scratch_ / "sock").string()};
  args.insert(args.end(), flags.begin(), flags.end());
  daemon_ = std::make_unique<Child>(HW_HALLWARDEND, args, *scratch_ / "daemon.log");
  ASSERT_TRUE(Await([&] { return Gmctl({"whoami"}) == 0 || !daemon_->Running(); }, kPatience));
  ASSERT_TRUE(daemon_->Running()) << daemon_log();
  if (!std::filesystem::exists(*scratch_ / "server.token")) MakeToken();
}

void Site::StopDaemon(bool kill) {
  daemon_->Signal(kill ? SIGKILL : SIGTERM);
  daemon_->Wait();
}

void Site::MakeToken() const {
  std::string out;
  ASSERT_EQ(Gmctl({"token", "create", "--principal", "gs1", "--role", "server", "--reason",
                   "e2e test", "--yes", "-o", "json"},
                  &out),
            0)
      << out;
  const std::size_t at = out.find("hw_");
  ASSERT_NE(at, std::string::npos) << out;
  WriteFile(*scratch_ / "server.token", out.substr(at, out.find_first_of("\"\n ", at) - at) + "\n");
}

void Site::AppendFeed(int first, int last) const {
  std::ofstream out(feed(), std::ios::app);
  for (int i = first; i <= last; ++i) {
    out << R"({"account":"p)" << i % 20 << R"(","game":"ddz","eventTime":"2026-11-22T08:)"
        << (i / 60 % 60 < 10 ? "0" : "") << i / 60 % 60 << ":" << (i % 60 < 10 ? "0" : "") << i % 60
        << R"(Z","loggedIn":{"ip":"10.0.0.1"}})"
        << "\n";
  }
}

void Site::StartRelay() {
  relay_ = std::make_unique<Child>(
      HW_RELAY,
      std::vector<std::string>{"--server", "unix:" + (*scratch_ / "sock").string(), "--token-file",
                               (*scratch_ / "server.token").string(), "--position",
                               (*scratch_ / "position").string(), "--follow", feed().string()},
      *scratch_ / "relay.log");
}

void Site::StopRelay() {
  relay_->Signal(SIGINT);
  relay_->Wait();
}

std::string Site::Position(const std::string& name) const {
  const std::string text = ReadFile(*scratch_ / "position");
  const std::size_t at = text.find("\n" + name + " ");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + name.size() + 2;
  return text.substr(begin, text.find('\n', begin) - begin);
}

bool Site::AwaitAcked(std::int64_t seq) const {
  return Await([&] { return std::atoll(Position("last_acked_seq").c_str()) >= seq; }, kPatience);
}

int Site::Gmctl(std::vector<std::string> args, std::string* out) const {
  args.insert(args.begin(), {"--server", "unix:" + (*scratch_ / "sock").string(), "--token-file",
                             (store() / "admin.token").string()});
  const std::filesystem::path file = *scratch_ / "gmctl.out";
  const int code = RunToEnd(HW_GMCTL, args, file);
  if (out != nullptr) *out = ReadFile(file) + ReadFile(file.string() + ".err");
  return code;
}

std::string Site::Export() const {
  const std::filesystem::path file = *scratch_ / "export.out";
  EXPECT_EQ(RunToEnd(HW_HALLWARDEND, {"--store", store().string(), "--export"}, file), 0)
      << ReadFile(file.string() + ".err");
  return ReadFile(file);
}

}  // namespace hallwarden::e2e
