// Answers GET on a loopback port: for Prometheus and for whoever asks whether the daemon is well.
//
// One thread, one request at a time, one connection a request, a deadline for each: who is slow or
// says something else is cut off. That is all that a scrape every few seconds needs; nothing here
// is for players or for the network.
#ifndef HALLWARDEN_DAEMON_METRICS_HTTP_SERVER_H_
#define HALLWARDEN_DAEMON_METRICS_HTTP_SERVER_H_

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "absl/status/statusor.h"

namespace hallwarden::daemon {

struct HttpAnswer {
  int code = 404;
  std::string type = "text/plain; charset=utf-8";
  std::string body = "not found\n";
};

class HttpServer {
 public:
  // Called on the server's thread with the path, without its query.
  using Handler = std::function<HttpAnswer(std::string_view path)>;

  // `listen` is HOST:PORT with an address of this host, port 0 for any free one. INVALID_ARGUMENT
  // for what is none, UNAVAILABLE if the port is taken.
  static absl::StatusOr<std::unique_ptr<HttpServer>> Start(const std::string& listen,
                                                           Handler handler);
  // Ends what runs within its deadline.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const { return port_; }

 private:
  HttpServer(int listener, int port, Handler handler);
  void Run();
  void Serve(int connection) const;

  const int listener_;
  const int port_;
  const Handler handler_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_METRICS_HTTP_SERVER_H_
