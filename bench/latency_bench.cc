// How long does a game server wait? Three things, measured next to each other while something else
// (hallsim) keeps the daemon busy:
// - a gate check beside an empty call on the same server, one call of each in turns;
// - an event until the directive that it causes is here, beside
// - a bare synced commit of as many bytes on the same disk.
// Prints one line of JSON, times in microseconds.
//
// With --probe 1 instead: how long until a daemon that was just started answers a gate check, and
// acknowledges an event, in milliseconds from the start of this program.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "hallwarden/v1/event.pb.h"
#include "hallwarden/v1/gate_service.pb.h"
#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "storage/database.h"
#include "storage/format.h"

namespace hallwarden {
namespace {

using Clock = std::chrono::steady_clock;

struct Options {
  std::string server;
  std::string token_file;
  std::string directory;
  int seconds = 20;
  int events_per_second = 100;
  std::size_t commit_bytes = 64U << 10;
  bool probe = false;
};

[[noreturn]] void Die(const std::string& why) {
  std::fprintf(stderr, "latency_bench: %s\n", why.c_str());
  std::exit(1);
}

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--server") {
      options.server = value;
    } else if (name == "--token-file") {
      options.token_file = value;
    } else if (name == "--directory") {
      options.directory = value;
    } else if (name == "--seconds") {
      options.seconds = std::stoi(value);
    } else if (name == "--commit-bytes") {
      options.commit_bytes = std::stoul(value);
    } else if (name == "--probe") {
      options.probe = value == "1";
    } else {
      Die("do not know '" + name + "'");
    }
  }
  if (options.server.empty() || options.token_file.empty() || options.directory.empty()) {
    Die("usage: latency_bench --server ADDR --token-file FILE --directory DIR [--seconds N] "
        "[--commit-bytes N]");
  }
  return options;
}

double Micros(Clock::duration time) {
  return std::chrono::duration<double, std::micro>(time).count();
}

std::string Summary(const char* name, std::vector<double> samples) {
  if (samples.empty()) return std::string("\"") + name + "\": {\"count\": 0}";
  std::sort(samples.begin(), samples.end());
  const auto at = [&](double share) {
    return samples[static_cast<std::size_t>(share * static_cast<double>(samples.size() - 1))];
  };
  char line[256];
  std::snprintf(line, sizeof(line),
                "\"%s\": {\"count\": %zu, \"p50\": %.0f, \"p99\": %.0f, \"max\": %.0f}", name,
                samples.size(), at(0.5), at(0.99), samples.back());
  return line;
}

// A unary call of any method with bytes for a message.
class RawCalls {
 public:
  RawCalls(const std::shared_ptr<grpc::Channel>& channel, std::string token)
      : stub_(channel), token_(std::move(token)) {}

  // Microseconds until the answer; ends the program if there is none.
  double Call(const std::string& method, const std::string& request) {
    double took = 0;
    const grpc::Status status = Try(method, request, &took);
    if (!status.ok()) Die(method + ": " + status.error_message());
    return took;
  }

  grpc::Status Try(const std::string& method, const std::string& request, double* took) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token_);
    grpc::Slice slice(request);
    const grpc::ByteBuffer sent(&slice, 1);
    grpc::ByteBuffer answer;
    grpc::Status status;
    const Clock::time_point begin = Clock::now();
    auto call = stub_.PrepareUnaryCall(&context, method, sent, &queue_);
    call->StartCall();
    call->Finish(&answer, &status, this);
    void* tag = nullptr;
    bool ok = false;
    queue_.Next(&tag, &ok);
    *took = Micros(Clock::now() - begin);
    return status;
  }

 private:
  grpc::GenericStub stub_;
  std::string token_;
  grpc::CompletionQueue queue_;
};

struct GateSamples {
  std::vector<double> gate;
  std::vector<double> empty;
};

GateSamples MeasureGate(const Options& options, const std::string& token,
                        const std::atomic<bool>& stop) {
  RawCalls calls(grpc::CreateChannel(options.server, grpc::InsecureChannelCredentials()), token);
  v1::CheckAccountRequest request;
  request.set_account("p1");
  request.set_capability(v1::CAPABILITY_LOGIN);
  const std::string check = request.SerializeAsString();
  GateSamples samples;
  while (!stop) {
    samples.empty.push_back(calls.Call("/grpc.health.v1.Health/Check", ""));
    samples.gate.push_back(calls.Call("/hallwarden.v1.GateService/CheckAccount", check));
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return samples;
}

// Registers accounts with names that break the rules and waits for what must be done about each.
class DirectiveTimer {
 public:
  DirectiveTimer(const Options& options, const std::string& token)
      : options_(options),
        stub_(v1::HallService::NewStub(
            grpc::CreateChannel(options.server, grpc::InsecureChannelCredentials()))) {
    context_.AddMetadata("authorization", "Bearer " + token);
    stream_ = stub_->Session(&context_);
    v1::SessionRequest hello;
    hello.mutable_hello()->set_protocol(1);
    hello.mutable_hello()->set_software("latency_bench");
    v1::SessionResponse response;
    if (!stream_->Write(hello) || !stream_->Read(&response) || !response.has_hello_ok()) {
      Die("no session: " + stream_->Finish().error_message());
    }
    seq_ = response.hello_ok().durable_seq();
  }

  std::vector<double> Measure(const std::atomic<bool>& stop) {
    std::thread reader([this] { Read(); });
    const Clock::time_point begin = Clock::now();
    for (int i = 0; !stop; ++i) {
      Send("late" + std::to_string(seq_));
      std::this_thread::sleep_until(begin +
                                    std::chrono::seconds(1) * i / options_.events_per_second);
    }
    std::this_thread::sleep_for(std::chrono::seconds(2));
    context_.TryCancel();
    reader.join();
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!sent_.empty()) {
      std::fprintf(stderr, "latency_bench: %zu events caused no directive\n", sent_.size());
    }
    return samples_;
  }

 private:
  void Send(const std::string& account) {
    v1::HallEvent event;
    event.set_account(account);
    event.mutable_registered()->set_nickname("\xe9\x99\xaa\xe7\x9d\xa1");  // of the built-in list
    v1::SessionRequest request;
    request.mutable_events()->set_first_seq(++seq_);
    request.mutable_events()->add_events(event.SerializeAsString());
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      sent_[account] = Clock::now();
    }
    if (!stream_->Write(request)) Die("the session ended");
  }

  void Read() {
    v1::SessionResponse response;
    while (stream_->Read(&response)) {
      if (!response.has_directive()) continue;
      const Clock::time_point now = Clock::now();
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto sent = sent_.find(response.directive().account());
      if (sent == sent_.end()) continue;
      samples_.push_back(Micros(now - sent->second));
      sent_.erase(sent);
    }
  }

  const Options& options_;
  std::unique_ptr<v1::HallService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::SessionRequest, v1::SessionResponse>> stream_;
  std::int64_t seq_ = 0;
  std::mutex mutex_;
  std::map<std::string, Clock::time_point> sent_;
  std::vector<double> samples_;
};

std::vector<double> MeasureCommits(const Options& options, const std::atomic<bool>& stop) {
  auto db = storage::Database::Open({options.directory + "/bare", false, true, 8U << 20});
  if (!db.ok()) Die(db.status().ToString());
  std::vector<double> samples;
  std::string value(options.commit_bytes, 'v');
  for (std::uint64_t key = 1; !stop; ++key) {
    for (std::size_t i = 0; i < value.size(); i += 7)
      value[i] = static_cast<char>(key * 31 + i);
    rocksdb::WriteBatch batch;
    const Clock::time_point begin = Clock::now();
    (*db)->Put(&batch, storage::Family::kJournal, storage::PositionKey(key), value);
    if (!(*db)->Write(&batch).ok()) Die("a bare commit failed");
    samples.push_back(Micros(Clock::now() - begin));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return samples;
}

// A channel that tries again at once.
std::shared_ptr<grpc::Channel> Eager(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

int Probe(const Options& options, const std::string& token) {
  const Clock::time_point begin = Clock::now();
  const std::shared_ptr<grpc::Channel> channel = Eager(options.server);
  RawCalls calls(channel, token);
  v1::CheckAccountRequest request;
  request.set_account("p1");
  request.set_capability(v1::CAPABILITY_LOGIN);
  double took = 0;
  while (!calls.Try("/hallwarden.v1.GateService/CheckAccount", request.SerializeAsString(), &took)
              .ok()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  const double gate = Micros(Clock::now() - begin) / 1000;
  auto stub = v1::HallService::NewStub(channel);
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer " + token);
  auto stream = stub->Session(&context);
  v1::SessionRequest hello;
  hello.mutable_hello()->set_protocol(1);
  hello.mutable_hello()->set_software("latency_bench");
  v1::SessionResponse response;
  if (!stream->Write(hello) || !stream->Read(&response)) Die(stream->Finish().error_message());
  v1::HallEvent event;
  event.set_account("probe");
  event.mutable_logged_in()->set_channel("probe");
  v1::SessionRequest batch;
  const std::int64_t seq = response.hello_ok().durable_seq() + 1;
  batch.mutable_events()->set_first_seq(seq);
  batch.mutable_events()->add_events(event.SerializeAsString());
  if (!stream->Write(batch)) Die("the session ended");
  while (stream->Read(&response)) {
    if (!response.has_ack() || response.ack().durable_seq() < seq) continue;
    std::printf("{\"gate_ms\": %.0f, \"first_ack_ms\": %.0f}\n", gate,
                Micros(Clock::now() - begin) / 1000);
    context.TryCancel();
    return 0;
  }
  Die("no acknowledgement: " + stream->Finish().error_message());
}

int Run(const Options& options) {
  std::ifstream file(options.token_file);
  std::string token;
  if (!(file >> token)) Die("no token in " + options.token_file);
  if (options.probe) return Probe(options, token);
  std::atomic<bool> stop{false};
  DirectiveTimer timer(options, token);
  GateSamples gate;
  std::vector<double> directive;
  std::vector<double> commit;
  std::vector<std::thread> threads;
  threads.emplace_back([&] { gate = MeasureGate(options, token, stop); });
  threads.emplace_back([&] { directive = timer.Measure(stop); });
  threads.emplace_back([&] { commit = MeasureCommits(options, stop); });
  std::this_thread::sleep_for(std::chrono::seconds(options.seconds));
  stop = true;
  for (std::thread& thread : threads)
    thread.join();
  std::printf("{%s, %s, %s, %s}\n", Summary("empty_call", gate.empty).c_str(),
              Summary("gate_check", gate.gate).c_str(),
              Summary("event_to_directive", directive).c_str(),
              Summary("bare_commit", commit).c_str());
  return 0;
}

}  // namespace
}  // namespace hallwarden

int main(int argc, char** argv) {
  return hallwarden::Run(hallwarden::Parse(argc, argv));
}
