// The daemon as its operator's tools see it: metrics and health pages, gRPC health, systemd.
#ifndef HALLWARDEN_DAEMON_APP_OUTSIDE_H_
#define HALLWARDEN_DAEMON_APP_OUTSIDE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "daemon/metrics/http_server.h"
#include "daemon/metrics/report.h"

namespace hallwarden::daemon {

class Desk;
class GateService;
class Sequencer;
class Sessions;

class Outside {
 public:
  // All outlive this.
  struct Parts {
    Sequencer* sequencer = nullptr;
    Desk* desk = nullptr;
    GateService* gate = nullptr;
    Sessions* sessions = nullptr;
    std::string store_directory;
  };

  // `listen` empty: no pages. Errors as HttpServer::Start.
  static absl::StatusOr<std::unique_ptr<Outside>> Start(const std::string& listen, Parts parts);
  // Ends a page that is being made within seconds.
  ~Outside();
  Outside(const Outside&) = delete;
  Outside& operator=(const Outside&) = delete;

  // Once a second: systemd hears from the daemon while it gets on.
  void Tick();

  // 0 without pages.
  [[nodiscard]] int port() const { return pages_ == nullptr ? 0 : pages_->port(); }

 private:
  explicit Outside(Parts parts) : parts_(std::move(parts)) {}

  [[nodiscard]] HttpAnswer Page(std::string_view path);
  // At most once a second: a page that is asked for in a loop costs no more.
  void Observe();

  const Parts parts_;
  // ---- the pages' thread ----
  Observation seen_;
  std::chrono::steady_clock::time_point seen_at_;
  // ---- the ticker's thread ----
  std::uint64_t last_beat_ = 0;
  // Last: its thread uses all of the above.
  std::unique_ptr<HttpServer> pages_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_APP_OUTSIDE_H_
