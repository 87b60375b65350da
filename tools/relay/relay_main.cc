#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/relay/directive_book.h"
#include "tools/relay/line_input.h"
#include "tools/relay/options.h"
#include "tools/relay/reject_file.h"
#include "tools/relay/relay_source.h"
#include "tools/session/grpc_transport.h"

namespace hallwarden::relay {
namespace {

enum ExitCode {
  kDone = 0,
  kLocal = 1,
  kUsage = 2,
  kRefused = 3,
  kFenced = 4,
  kHistory = 5,
  kPosition = 6,
  kInterrupted = 130,
};

constexpr session::Micros kPollInterval{20'000};
constexpr session::Micros kCloseWait{5'000'000};

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): set by a signal
std::atomic<bool> interrupted{false};

void Say(const std::string& line) {
  std::cerr << "relay: " << line << '\n';
}
void Say(const absl::Status& status) {
  Say(std::string(status.message()));
}

// Everything of one run, in the order in which it depends on each other.
struct Relay {
  Options options;
  session::SteadyClock clock;
  std::optional<session::PositionFile> position_file;
  RelayPosition position;
  bool known = false;
  std::unique_ptr<RejectFile> rejects;
  std::unique_ptr<RelaySource> source;
  std::unique_ptr<DirectivePeer> peer;
  DirectiveFiles* files = nullptr;
  std::unique_ptr<session::SeededJitter> jitter;
  std::unique_ptr<session::Transport> transport;
  std::optional<session::SessionClient> client;
  // Directives and answers so far, and since when there was none.
  std::int64_t news = 0;
  session::Micros quiet_since{0};
};

// What went wrong before the session, and which exit code that is.
struct Problem {
  ExitCode code = kDone;
  absl::Status status;
};

Problem LoadPosition(Relay* relay) {
  relay->position_file.emplace(&session::RealFileSystem(), relay->options.position);
  absl::StatusOr<session::PositionValues> values = relay->position_file->Load();
  if (absl::IsNotFound(values.status())) return {};
  if (!values.ok()) return {kPosition, values.status()};
  absl::StatusOr<RelayPosition> position = RelayPositionFromValues(*values);
  if (!position.ok()) {
    return {kPosition, absl::InvalidArgumentError(
                           absl::StrCat(relay->options.position, " is no position of a relay: ",
                                        std::string(position.status().message())))};
  }
  if (position->pipe != relay->options.pipe()) {
    return {kPosition, absl::InvalidArgumentError(absl::StrCat(
                           relay->options.position,
                           " belongs to another input; give each input its own --position"))};
  }
  relay->position = *std::move(position);
  relay->known = true;
  return {};
}

Problem OpenInput(Relay* relay, std::unique_ptr<LineInput>* input) {
  const Options& o = relay->options;
  if (o.pipe()) {
    relay->position.pipe = true;
    *input = std::make_unique<PipeInput>(STDIN_FILENO, "stdin", 1);
    return {};
  }
  const FileInputOptions file{
      .path = o.input, .follow = o.follow, .log = [](const std::string& line) { Say(line); }};
  std::optional<Place> start;
  if (relay->known && !o.new_file) start = relay->position.place;
  absl::StatusOr<std::unique_ptr<FileInput>> opened =
      FileInput::Open(&session::RealFileSystem(), file, start);
  if (absl::IsFailedPrecondition(opened.status()) && relay->position.finished) {
    Say(absl::StrCat("the last input was relayed to its end; ", o.input, " continues behind it"));
    opened = FileInput::Open(&session::RealFileSystem(), file, std::nullopt);
  } else if (absl::IsFailedPrecondition(opened.status())) {
    return {kPosition, absl::FailedPreconditionError(
                           absl::StrCat(std::string(opened.status().message()),
                                        ". Put it back, or, if nothing of it was left to "
                                        "send, start once with --new-file"))};
  }
  if (!opened.ok()) return {kLocal, opened.status()};
  relay->position.finished = false;
  *input = *std::move(opened);
  return {};
}

Problem OpenPeer(Relay* relay) {
  const Options& o = relay->options;
  const auto answer = [relay](const v1::DirectiveResult& result) {
    relay->client->Answer(result.directive_seq(), result.outcome(), result.detail());
  };
  const auto log = [](const std::string& line) { Say(line); };
  if (!o.exec.empty()) {
    relay->peer = std::make_unique<DirectiveCommand>(o.exec, answer, log, &relay->clock);
  } else if (!o.directives.empty()) {
    absl::StatusOr<std::unique_ptr<DirectiveFiles>> files = DirectiveFiles::Open(
        {.directives = o.directives, .results = o.results, .auto_apply = o.auto_apply},
        {.fs = &session::RealFileSystem(),
         .answer = answer,
         .settled = [relay] { return relay->client->SettledAnswers(); },
         .log = log},
        relay->position.results);
    if (!files.ok()) return {kLocal, files.status()};
    relay->files = files->get();
    relay->peer = *std::move(files);
    relay->source->set_results_place([relay] { return relay->files->ResultsPlace(); });
  } else {
    relay->peer = std::make_unique<NoPeer>();
  }
  return {};
}

Problem Prepare(Relay* relay) {
  const Options& o = relay->options;
  absl::StatusOr<std::string> token =
      o.token_file.empty() ? std::string() : session::ReadTokenFile(o.token_file);
  if (!token.ok()) return {kUsage, token.status()};
  absl::StatusOr<session::ChannelSource> channel = session::MakeChannelSource(
      {.target = o.daemon, .allow_remote_plaintext = o.plaintext, .tls = o.tls});
  if (!channel.ok()) return {kUsage, channel.status()};
  if (Problem p = LoadPosition(relay); p.code != kDone) return p;
  std::unique_ptr<LineInput> input;
  if (Problem p = OpenInput(relay, &input); p.code != kDone) return p;
  absl::StatusOr<std::unique_ptr<RejectFile>> rejects = RejectFile::Open(
      &session::RealFileSystem(), o.rejects, [](const std::string& line) { Say(line); });
  if (!rejects.ok()) return {kLocal, rejects.status()};
  relay->rejects = *std::move(rejects);
  RelaySource::Options source;
  source.ignore_unknown_fields = o.ignore_unknown_fields;
  if (o.append) source.first_contact = FirstContact::kAppend;
  if (o.from_start) source.first_contact = FirstContact::kFromStart;
  relay->source =
      std::make_unique<RelaySource>(source, std::move(input), relay->position, relay->known,
                                    &*relay->position_file, relay->rejects.get());
  if (Problem p = OpenPeer(relay); p.code != kDone) return p;
  std::random_device entropy;
  relay->jitter =
      std::make_unique<session::SeededJitter>((std::uint64_t{entropy()} << 32U) | entropy());
  relay->transport = session::MakeGrpcTransport(*channel, [path = o.token_file, first = *token] {
    // A token may be replaced while the relay runs.
    if (path.empty()) return first;
    absl::StatusOr<std::string> again = session::ReadTokenFile(path);
    return again.ok() ? *again : first;
  });
  session::SessionOptions session;
  session.software = "relay/1";
  session.batch_events_max = static_cast<std::size_t>(o.batch);
  relay->client.emplace(
      session,
      session::SessionClient::Parts{.transport = relay->transport.get(),
                                    .source = relay->source.get(),
                                    .handler = relay->peer.get(),
                                    .store = relay->source.get(),
                                    .clock = &relay->clock,
                                    .jitter = relay->jitter.get(),
                                    .log = [](const std::string& line) { Say(line); }},
      relay->position.session);
  return {};
}

// Says how far it is: every second on a terminal, every ten seconds elsewhere.
class Progress {
 public:
  Progress(const Relay* relay, bool quiet)
      : relay_(relay),
        interval_(::isatty(STDERR_FILENO) != 0 ? 1'000'000 : 10'000'000),
        quiet_(quiet) {
    began_ = relay->clock.Now();
    last_ = began_;
  }

  void Tell(bool at_end) {
    const session::Micros now = relay_->clock.Now();
    if (quiet_ || (!at_end && now - last_ < interval_)) return;
    const session::SessionStats& stats = relay_->client->stats();
    const session::Micros since = at_end ? began_ : last_;
    const std::int64_t events = stats.events_acked - (at_end ? 0 : last_acked_);
    const double seconds = std::max(static_cast<double>((now - since).count()) / 1e6, 1e-6);
    Say(absl::StrFormat(
        "%d acknowledged, %.0f events/s, %d refused, at %s:%d; directives %d, answers %d",
        stats.events_acked, static_cast<double>(events) / seconds, relay_->source->bad_lines(),
        relay_->source->last_file(), relay_->source->last_line(), stats.directives,
        stats.results_sent));
    last_ = now;
    last_acked_ = stats.events_acked;
  }

 private:
  const Relay* relay_;
  session::Micros interval_;
  bool quiet_;
  session::Micros began_{0};
  session::Micros last_{0};
  std::int64_t last_acked_ = 0;
};

ExitCode CodeOf(session::Failure failure) {
  switch (failure) {
    case session::Failure::kRefused:
      return kRefused;
    case session::Failure::kFenced:
      return kFenced;
    case session::Failure::kHistory:
      return kHistory;
    default:
      return kLocal;
  }
}

// Everything is acknowledged, and no directive has come for a while.
bool AtEnd(Relay* relay) {
  const session::SessionClient& client = *relay->client;
  const session::Micros now = relay->clock.Now();
  const std::int64_t news = client.stats().directives + client.stats().results_sent;
  if (!client.Drained() || client.HasUnsentAnswers() || news != relay->news) {
    relay->news = news;
    relay->quiet_since = now;
  }
  if (!client.Drained() || client.HasUnsentAnswers()) return false;
  const auto linger = std::chrono::seconds(relay->options.linger_seconds);
  return !relay->options.has_peer() || now - relay->quiet_since >= linger;
}

ExitCode Run(Relay* relay) {
  session::SessionClient& client = *relay->client;
  Progress progress(relay, relay->options.quiet);
  while (!interrupted) {
    absl::StatusOr<session::Micros> wait = client.Step();
    if (!wait.ok()) {
      Say(wait.status());
      return CodeOf(client.failure());
    }
    const absl::Status polled = client.open() ? relay->peer->Poll() : relay->peer->status();
    if (!polled.ok()) {
      Say(polled);
      return kLocal;
    }
    progress.Tell(false);
    if (!relay->options.follow && AtEnd(relay)) break;
    relay->transport->Wait(std::min(*wait, kPollInterval));
  }
  if (!interrupted) relay->source->Finished();
  if (absl::Status s = client.Close(kCloseWait); !s.ok()) {
    Say(s);
    return kLocal;
  }
  progress.Tell(true);
  return interrupted ? kInterrupted : kDone;
}

int Main(const std::vector<std::string>& words) {
  Relay relay;
  Options& options = relay.options;
  // NOLINTBEGIN(concurrency-mt-unsafe): no other thread runs yet
  if (const char* daemon = std::getenv("HALLWARDEN_SERVER")) options.daemon = daemon;
  if (const char* token = std::getenv("HALLWARDEN_TOKEN_FILE")) options.token_file = token;
  // NOLINTEND(concurrency-mt-unsafe)
  const tools::FlagSet flags = MakeFlags(&options);
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return kDone;
  }
  absl::StatusOr<std::vector<std::string>> rest = flags.Parse(words);
  const absl::Status good = rest.ok() ? Complete(*rest, &options) : rest.status();
  if (!good.ok()) {
    Say(good);
    return kUsage;
  }
  for (const int signal_number : {SIGINT, SIGTERM}) {
    if (std::signal(signal_number, [](int) { interrupted = true; }) == SIG_ERR) return kLocal;
  }
  // A command of --exec that ends must not end us.
  if (std::signal(SIGPIPE, SIG_IGN) == SIG_ERR) return kLocal;
  if (const Problem problem = Prepare(&relay); problem.code != kDone) {
    Say(problem.status);
    return problem.code;
  }
  return Run(&relay);
}

}  // namespace
}  // namespace hallwarden::relay

int main(int argc, char** argv) {
  return hallwarden::relay::Main(std::vector<std::string>(argv + 1, argv + argc));
}
