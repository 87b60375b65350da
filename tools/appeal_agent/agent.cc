// A client of AppealService: submits an appeal, or works on the next one. An example to copy from.
//
// What it shows: a token with each call; TLS to other hosts; a request id that is made once and
// sent again when the answer got lost; the daemon's reason and hint when it refuses; the etag, so
// that nobody decides about what he did not see; a claim that is given back.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/appeal_service.grpc.pb.h"

namespace {

namespace v1 = hallwarden::v1;

constexpr int kTries = 5;
constexpr auto kPatience = std::chrono::seconds(10);

struct Options {
  std::string server;
  std::string token_file;
  std::string tls_ca;  // PEM; empty: not encrypted, for this host only
  bool yes = false;
  std::vector<std::string> words;  // the command and what belongs to it
};

std::optional<Options> ReadOptions(const std::vector<std::string>& args) {
  Options options;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    std::string* const value = arg == "--server"       ? &options.server
                               : arg == "--token-file" ? &options.token_file
                               : arg == "--tls-ca"     ? &options.tls_ca
                                                       : nullptr;
    if (value != nullptr) {
      if (++i == args.size()) return std::nullopt;
      *value = args[i];
    } else if (arg == "--yes") {
      options.yes = true;
    } else {
      options.words.push_back(arg);
    }
  }
  if (options.server.empty() || options.token_file.empty() || options.words.empty()) {
    return std::nullopt;
  }
  return options;
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream content;
  content << in.rdbuf();
  return content.str();
}

// 128 random bits: nobody else's request has this id.
std::string NewRequestId() {
  std::random_device random;
  std::string id;
  for (int i = 0; i < 4; ++i) {
    char part[9];
    std::snprintf(part, sizeof(part), "%08x", random());
    id += part;
  }
  return id;
}

// Why the daemon refused: a stable reason for programs, and a hint for people.
std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status rich;
  google::rpc::ErrorInfo info;
  if (rich.ParseFromString(status.error_details())) {
    for (const auto& detail : rich.details()) {
      if (detail.Is<google::rpc::ErrorInfo>() && detail.UnpackTo(&info)) break;
    }
  }
  const auto hint = info.metadata().find("hint_en");
  return info.reason() + ": " + status.error_message() +
         (hint == info.metadata().end() ? "" : " (" + hint->second + ")");
}

class Agent {
 public:
  Agent(const std::shared_ptr<grpc::Channel>& channel, std::string token)
      : stub_(v1::AppealService::NewStub(channel)), token_(std::move(token)) {}

  // Asks until there is an answer. A request that changes something carries a request id, so that
  // asking again does nothing twice: it is answered as the first time.
  template <class Request, class Response>
  grpc::Status Ask(grpc::Status (v1::AppealService::Stub::*method)(grpc::ClientContext*,
                                                                   const Request&, Response*),
                   const Request& request, Response* response) {
    grpc::Status status;
    for (int i = 0; i < kTries; ++i) {
      grpc::ClientContext context;
      context.AddMetadata("authorization", "Bearer " + token_);
      context.set_deadline(std::chrono::system_clock::now() + kPatience);
      status = (stub_.get()->*method)(&context, request, response);
      if (status.error_code() != grpc::StatusCode::UNAVAILABLE &&
          status.error_code() != grpc::StatusCode::DEADLINE_EXCEEDED) {
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(100 << i));
    }
    if (!status.ok()) std::cerr << ReasonOf(status) << "\n";
    return status;
  }

 private:
  std::unique_ptr<v1::AppealService::Stub> stub_;
  std::string token_;
};

using Stub = v1::AppealService::Stub;

int Submit(Agent* agent, const std::vector<std::string>& words) {
  static const std::vector<std::pair<std::string_view, v1::AppealKind>> kKinds = {
      {"mistake", v1::APPEAL_KIND_MISTAKE},
      {"stolen", v1::APPEAL_KIND_STOLEN_ACCOUNT},
      {"hard", v1::APPEAL_KIND_TOO_HARD},
      {"mercy", v1::APPEAL_KIND_MERCY}};
  v1::SubmitAppealRequest request;
  request.set_parent("sanctions/" + words[1]);
  for (const auto& [word, kind] : kKinds) {
    if (word == words[2]) request.set_kind(kind);
  }
  request.set_text(words[3]);
  request.set_language("en");
  request.mutable_options()->set_request_id(NewRequestId());
  v1::SubmitAppealResponse response;
  if (!agent->Ask(&Stub::SubmitAppeal, request, &response).ok()) return 1;
  std::cout << "submitted: " << response.appeal().name() << "\n"
            << "player reads: " << response.receipt().en() << "\n";
  return 0;
}

// Everything that a person needs before he decides.
void Show(const v1::AppealView& view) {
  const v1::Appeal& appeal = view.appeal();
  std::cout << "appeal: " << appeal.name() << " of " << appeal.account() << " against "
            << appeal.sanction() << "\n";
  for (const v1::AppealMessage& message : appeal.messages()) {
    std::cout << (message.side() == v1::APPEAL_SIDE_PLAYER ? "player: " : "desk: ")
              << message.text() << "\n";
  }
  for (const v1::LocalizedText& line : view.explanation().lines())
    std::cout << "why: " << line.en() << "\n";
  std::cout << "recommended: " << view.recommendation().summary().en() << "\n";
  for (const v1::RecommendationReason& reason : view.recommendation().reasons())
    std::cout << (reason.for_player() ? "  + " : "  - ") << reason.text().en() << "\n";
  for (const v1::LocalizedText& check : view.recommendation().checks())
    std::cout << "  ? " << check.en() << "\n";
  if (view.has_obstacle()) std::cout << "cannot be decided: " << view.obstacle().en() << "\n";
}

// Gives it back at once, so that a colleague need not wait for the end of the lease.
int Release(Agent* agent, const std::string& name) {
  v1::ReleaseAppealRequest request;
  request.set_name(name);
  request.mutable_options()->set_request_id(NewRequestId());
  v1::ActionResponse response;
  if (!agent->Ask(&Stub::ReleaseAppeal, request, &response).ok()) return 1;
  std::cout << "given back: " << name << "\n";
  return 0;
}

int Decide(Agent* agent, const v1::AppealView& seen) {
  const std::string& name = seen.appeal().name();
  v1::CreateAppealMessageRequest greet;
  greet.set_parent(name);
  greet.set_canned_reply("hello");
  greet.mutable_options()->set_request_id(NewRequestId());
  v1::ActionResponse greeted;
  if (!agent->Ask(&Stub::CreateAppealMessage, greet, &greeted).ok()) return 1;

  const v1::AppealRecommendation& advice = seen.recommendation();
  v1::DecideAppealRequest request;
  request.set_name(name);
  request.set_verdict(advice.verdict());
  request.set_disposition(advice.disposition());
  if (advice.has_term()) *request.mutable_term() = advice.term();
  request.mutable_options()->set_request_id(NewRequestId());
  request.mutable_options()->set_reason("as the handbook recommends");
  // Of the appeal as our greeting left it: if somebody else changes it now, we are refused with
  // ETAG_MISMATCH and look again.
  request.mutable_options()->set_etag(greeted.etag());
  v1::ActionResponse decided;
  if (!agent->Ask(&Stub::DecideAppeal, request, &decided).ok()) return 1;
  std::cout << "decided: " << v1::AppealVerdict_Name(request.verdict()) << "\n";
  for (const v1::PlanLine& line : decided.lines()) {
    if (line.key() == "notice") std::cout << "player reads: " << line.after().en() << "\n";
  }
  return 0;
}

int Work(Agent* agent, bool yes) {
  v1::NextAppealRequest request;
  request.mutable_options()->set_request_id(NewRequestId());
  v1::NextAppealResponse next;
  if (!agent->Ask(&Stub::NextAppeal, request, &next).ok()) return 1;
  Show(next.view());
  return yes ? Decide(agent, next.view()) : Release(agent, next.view().appeal().name());
}

std::shared_ptr<grpc::Channel> Connect(const Options& options) {
  if (options.tls_ca.empty()) {
    return grpc::CreateChannel(options.server, grpc::InsecureChannelCredentials());
  }
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = ReadFile(options.tls_ca);
  return grpc::CreateChannel(options.server, grpc::SslCredentials(tls));
}

int Run(const Options& options) {
  std::string token = ReadFile(options.token_file);
  token.erase(token.find_last_not_of(" \r\n") + 1);
  Agent agent(Connect(options), token);
  const std::vector<std::string>& words = options.words;
  if (words[0] == "submit" && words.size() == 4) return Submit(&agent, words);
  if (words[0] == "work" && words.size() == 1) return Work(&agent, options.yes);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  const std::optional<Options> options = ReadOptions({argv + 1, argv + argc});
  const int code = options.has_value() ? Run(*options) : 2;
  if (code == 2) {
    std::cerr << "usage: appeal_agent --server HOST:PORT --token-file FILE [--tls-ca FILE]\n"
                 "         submit SANCTION mistake|stolen|hard|mercy WORDS\n"
                 "         work [--yes]\n";
  }
  return code;
}
