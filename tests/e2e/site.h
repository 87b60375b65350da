// A daemon with its store, a game server's feed and the tools around them, as an operator has them.
#ifndef HALLWARDEN_TESTS_E2E_SITE_H_
#define HALLWARDEN_TESTS_E2E_SITE_H_

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/child.h"

namespace hallwarden::e2e {

// Everything lies in one directory. The programs come from the build.
class Site {
 public:
  explicit Site(const Scratch* scratch) : scratch_(scratch) {}

  [[nodiscard]] std::filesystem::path store() const { return *scratch_ / "store"; }
  [[nodiscard]] std::filesystem::path feed() const { return *scratch_ / "feed.jsonl"; }
  [[nodiscard]] std::string daemon_log() const { return ReadFile(*scratch_ / "daemon.log"); }
  [[nodiscard]] std::string relay_log() const { return ReadFile(*scratch_ / "relay.log"); }

  // Starts the daemon; waits until it answers a person.
  void StartDaemon(const std::vector<std::string>& flags = {});
  // SIGTERM, or SIGKILL.
  void StopDaemon(bool kill = false);
  [[nodiscard]] Child& daemon() { return *daemon_; }

  // Appends events `first` to `last` to the feed: logins of some players.
  void AppendFeed(int first, int last) const;
  // A relay that follows the feed.
  void StartRelay();
  void StopRelay();
  [[nodiscard]] Child& relay() { return *relay_; }
  // A value of the relay's position file; empty: there is none.
  [[nodiscard]] std::string Position(const std::string& name) const;
  // Waits until the daemon acknowledged so many events.
  [[nodiscard]] bool AwaitAcked(std::int64_t seq) const;

  // Runs gmctl as the administrator. Returns its exit code; `out` gets what it printed.
  int Gmctl(std::vector<std::string> args, std::string* out = nullptr) const;
  // What `hallwardend --export` prints.
  [[nodiscard]] std::string Export() const;

 private:
  void MakeToken() const;

  const Scratch* scratch_;
  std::unique_ptr<Child> daemon_;
  std::unique_ptr<Child> relay_;
};

}  // namespace hallwarden::e2e

#endif  // HALLWARDEN_TESTS_E2E_SITE_H_
