#include "daemon/app/outside.h"

#include <future>
#include <utility>

#include "daemon/desk/desk.h"
#include "daemon/gate/gate_service.h"
#include "daemon/hall/sessions.h"
#include "daemon/metrics/notify.h"
#include "daemon/metrics/process.h"
#include "daemon/sequencer.h"

namespace hallwarden::daemon {
namespace {

// A look at the engine waits for the commit that covers it. While the disk hangs, the page tells
// what was known before instead of hanging, too.
constexpr std::chrono::seconds kPatience{2};
constexpr std::chrono::seconds kFresh{1};
constexpr std::int32_t kServersMax = 1000;
constexpr std::int32_t kRulesMax = 1000;

// Asks the desk and waits a while. The answer outlives whoever gave up waiting for it.
template <class Request, class Response>
bool Ask(Desk* desk,
         void (Desk::*handler)(const Call&, const Request&, Response*, const Desk::Done&),
         const Request& request, Response* response) {
  struct Asked {
    Call call;
    Request request;
    Response response;
    std::promise<bool> done;
  };
  auto asked = std::make_shared<Asked>();
  asked->call.method = "hallwarden.Observe";
  asked->call.principal.role = v1::ROLE_VIEWER;
  asked->request = request;
  std::future<bool> answered = asked->done.get_future();
  (desk->*handler)(asked->call, asked->request, &asked->response,
                   [asked](const absl::Status& status) { asked->done.set_value(status.ok()); });
  if (answered.wait_for(kPatience) != std::future_status::ready || !answered.get()) return false;
  *response = std::move(asked->response);
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Outside>> Outside::Start(const std::string& listen, Parts parts) {
  std::unique_ptr<Outside> outside(new Outside(std::move(parts)));
  if (listen.empty()) return outside;
  absl::StatusOr<std::unique_ptr<HttpServer>> pages = HttpServer::Start(
      listen, [self = outside.get()](std::string_view path) { return self->Page(path); });
  if (!pages.ok()) return pages.status();
  outside->pages_ = *std::move(pages);
  return outside;
}

Outside::~Outside() {
  pages_.reset();
}

void Outside::Observe() {
  const auto now = std::chrono::steady_clock::now();
  if (seen_at_ != std::chrono::steady_clock::time_point() && now - seen_at_ < kFresh) return;
  seen_at_ = now;
  seen_.sequencer = parts_.sequencer->Stats();
  seen_.sources = parts_.sequencer->Sources();
  seen_.now_us = parts_.sequencer->NowUs();
  seen_.sessions = parts_.sessions->count();
  seen_.watchers = parts_.gate->watchers();
  seen_.gate_allowed = parts_.gate->allowed();
  seen_.gate_refused = parts_.gate->refused();
  seen_.process = ReadProcess();
  seen_.disk = ReadDisk(parts_.store_directory);
  static_cast<void>(Ask(parts_.desk, &Desk::GetHealth, v1::GetHealthRequest(), &seen_.health));
  // While the tail is replayed these would wait for its end.
  if (seen_.sequencer.replay != ReplayState::kReady) return;
  v1::ListServersRequest servers;
  servers.set_page_size(kServersMax);
  v1::ListServersResponse listed;
  if (Ask(parts_.desk, &Desk::ListServers, servers, &listed)) {
    seen_.servers.assign(listed.servers().begin(), listed.servers().end());
  }
  v1::ListRulesRequest rules;
  rules.set_page_size(kRulesMax);
  v1::ListRulesResponse told;
  if (Ask(parts_.desk, &Desk::ListRules, rules, &told)) {
    seen_.rules.assign(told.rules().begin(), told.rules().end());
  }
}

HttpAnswer Outside::Page(std::string_view path) {
  if (path == "/metrics") {
    Observe();
    return {200, "text/plain; version=0.0.4; charset=utf-8", MetricsText(seen_)};
  }
  const SequencerStats stats = parts_.sequencer->Stats();
  if (path == "/healthz") {
    const bool alive =
        stats.replay == ReplayState::kReplaying || stats.replay == ReplayState::kReady;
    return {alive ? 200 : 503, "text/plain; charset=utf-8", alive ? "ok\n" : "not running\n"};
  }
  if (path == "/readyz") {
    Observe();
    return {IsReady(stats) ? 200 : 503, "application/json", HealthJson(seen_.health)};
  }
  return {404, "text/plain; charset=utf-8", "pages: /metrics /healthz /readyz\n"};
}

void Outside::Tick() {
  const SequencerStats stats = parts_.sequencer->Stats();
  const std::uint64_t beat = stats.beats + stats.replayed_records;
  if (beat != last_beat_) Notify("WATCHDOG=1");
  last_beat_ = beat;
}

}  // namespace hallwarden::daemon
