#include "daemon/metrics/http_server.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "daemon/log.h"

namespace hallwarden::daemon {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kRequestMax = 8192;
constexpr std::chrono::milliseconds kDeadline{2000};
// How soon a stop is seen, and how long to wait when no descriptor is left.
constexpr int kPollMs = 200;
constexpr int kBacklog = 16;

absl::StatusOr<sockaddr_in> ParseAddress(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon == std::string::npos ? 0 : colon);
  if (host == "localhost") host = "127.0.0.1";
  std::uint16_t port = 0;
  const char* const begin = listen.data() + (colon == std::string::npos ? 0 : colon + 1);
  const char* const end = listen.data() + listen.size();
  const auto parsed = std::from_chars(begin, end, port);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (colon == std::string::npos || parsed.ec != std::errc() || parsed.ptr != end ||
      inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("`", listen, "` is no HOST:PORT such as 127.0.0.1:9464"));
  }
  return address;
}

// Waits for `events` until the deadline.
bool Await(int fd, short events, Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd entry{fd, events, 0};
  return left.count() > 0 && poll(&entry, 1, static_cast<int>(left.count())) == 1;
}

// The head of a request; empty if it is too long, too slow or broken off.
std::string ReadHead(int connection, Clock::time_point deadline) {
  std::string head;
  char buffer[1024];
  while (head.find("\r\n\r\n") == std::string::npos) {
    if (head.size() > kRequestMax || !Await(connection, POLLIN, deadline)) return {};
    const ssize_t got = recv(connection, buffer, sizeof(buffer), MSG_DONTWAIT);
    if (got <= 0) return {};
    head.append(buffer, static_cast<std::size_t>(got));
  }
  return head;
}

void WriteAll(int connection, std::string_view text, Clock::time_point deadline) {
  while (!text.empty() && Await(connection, POLLOUT, deadline)) {
    const ssize_t sent = send(connection, text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(sent));
  }
}

std::string_view Phrase(int code) {
  switch (code) {
    case 200:
      return "OK";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return "Service Unavailable";
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Start(const std::string& listen,
                                                              Handler handler) {
  absl::StatusOr<sockaddr_in> address = ParseAddress(listen);
  if (!address.ok()) return address.status();
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (listener < 0) return absl::UnavailableError("no socket for metrics");
  const int yes = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  socklen_t length = sizeof(*address);
  auto* const plain = reinterpret_cast<sockaddr*>(&*address);
  if (bind(listener, plain, length) != 0 || ::listen(listener, kBacklog) != 0 ||
      getsockname(listener, plain, &length) != 0) {
    close(listener);
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", listen, " for metrics: is the port taken?"));
  }
  return std::unique_ptr<HttpServer>(
      new HttpServer(listener, ntohs(address->sin_port), std::move(handler)));
}

HttpServer::HttpServer(int listener, int port, Handler handler)
    : listener_(listener), port_(port), handler_(std::move(handler)), thread_([this] { Run(); }) {}

HttpServer::~HttpServer() {
  stopping_ = true;
  thread_.join();
  close(listener_);
}

void HttpServer::Run() {
  while (!stopping_) {
    pollfd entry{listener_, POLLIN, 0};
    if (poll(&entry, 1, kPollMs) != 1) continue;
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) {
      // Out of descriptors: the connection still waits, and so does poll.
      if (errno == EMFILE || errno == ENFILE) poll(nullptr, 0, kPollMs);
      continue;
    }
    Serve(connection);
    close(connection);
  }
}

void HttpServer::Serve(int connection) const {
  const std::string head = ReadHead(connection, Clock::now() + kDeadline);
  if (head.empty()) return;
  std::string_view line = std::string_view(head).substr(0, head.find("\r\n"));
  HttpAnswer answer;
  constexpr std::string_view kGet = "GET ";
  if (!line.starts_with(kGet)) {
    answer.code = 405;
    answer.body = "only GET\n";
  } else {
    line.remove_prefix(kGet.size());
    answer = handler_(line.substr(0, std::min(line.find_first_of(" ?"), line.size())));
  }
  // The scraper has its own time to read, however long the answer took to make.
  const std::string_view phrase = Phrase(answer.code);
  WriteAll(
      connection,
      absl::StrCat("HTTP/1.1 ", answer.code, " ", absl::string_view(phrase.data(), phrase.size()),
                   "\r\nContent-Type: ", answer.type, "\r\nContent-Length: ", answer.body.size(),
                   "\r\nConnection: close\r\n\r\n", answer.body),
      Clock::now() + kDeadline);
}

}  // namespace hallwarden::daemon
