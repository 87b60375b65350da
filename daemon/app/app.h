// The daemon, wired.
#ifndef HALLWARDEN_DAEMON_APP_APP_H_
#define HALLWARDEN_DAEMON_APP_APP_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/app/flags.h"

namespace hallwarden::daemon {

class App {
 public:
  // Opens the store and serves: gate checks at once, everything else when the tail is replayed.
  // Errors say what to do.
  static absl::StatusOr<std::unique_ptr<App>> Start(const Flags& flags);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Where it listens, with the port that it got; port 0 for unix sockets.
  [[nodiscard]] std::string address() const;
  [[nodiscard]] int port() const;

  // False while the tail is replayed.
  [[nodiscard]] bool Ready() const;
  // Once ready: makes the administrator's token if nobody has one.
  [[nodiscard]] absl::Status FinishStart();

  // True once a daemon that was started on a full disk, and so only answers, finds space again:
  // stop it and start it anew.
  [[nodiscard]] bool WantsRestart() const;

  // Takes no new calls, ends what runs after three seconds, commits, writes a checkpoint.
  // Idempotent.
  void Stop();

 private:
  struct Parts;
  explicit App(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_APP_H_
