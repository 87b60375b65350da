#include "tests/chaos/gm_client.h"

#include <chrono>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "absl/strings/str_cat.h"
#include "tools/session/grpc_transport.h"

namespace hallwarden::chaos {
namespace {

constexpr std::size_t kDoneMax = 20;
constexpr std::chrono::seconds kDeadline{3};

std::unique_ptr<v1::GmService::Stub> StubFor(const std::string& target) {
  return v1::GmService::NewStub(*session::MakeChannel({.target = target}));
}

void AddToken(grpc::ClientContext* context, const std::string& token) {
  context->AddMetadata("authorization", "Bearer " + token);
  context->set_deadline(std::chrono::system_clock::now() + kDeadline);
  // While the daemon is down the call waits for its next start instead of failing a hundred times.
  context->set_wait_for_ready(true);
}

// The call may or may not have acted: send it again.
bool Unknown(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::INTERNAL:  // gRPC's own word for a broken stream
    case grpc::StatusCode::UNKNOWN:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string CreateToken(const std::string& target, const std::string& admin_token,
                        const std::string& principal, v1::Role role, std::string* why) {
  v1::CreateTokenRequest request;
  request.set_principal(principal);
  request.set_role(role);
  request.mutable_options()->set_request_id("chaos-token-" + principal);
  request.mutable_options()->set_reason("chaos drill");
  request.mutable_lifetime()->set_seconds(std::int64_t{399} * 86'400);
  v1::CreateTokenResponse response;
  grpc::ClientContext context;
  AddToken(&context, admin_token);
  const grpc::Status status = StubFor(target)->CreateToken(&context, request, &response);
  *why = status.error_message();
  return response.secret();
}

std::int64_t Unanswered(const std::string& target, const std::string& admin_token) {
  v1::ListServersResponse response;
  grpc::ClientContext context;
  AddToken(&context, admin_token);
  const grpc::Status status = StubFor(target)->ListServers(&context, {}, &response);
  if (!status.ok()) return -1;
  std::int64_t open = 0;
  for (const v1::Server& server : response.servers())
    open += server.unanswered_directives();
  return open;
}

GmClient::GmClient(GmOptions options) : options_(std::move(options)), random_(options_.seed) {}

GmClient::~GmClient() {
  Stop();
}

void GmClient::Start() {
  Dial();
  thread_ = std::thread([this] { Run(); });
}

void GmClient::Stop() {
  stop_ = true;
  if (thread_.joinable()) thread_.join();
}

void GmClient::Dial() {
  stub_ = StubFor(options_.target);
}

void GmClient::Run() {
  while (!stop_) {
    if (renew_.exchange(false)) Dial();
    idle_ = finish_ && open_.empty();
    if (!idle_) {
      if (!finish_ && (open_.size() < 3 || want_policy_)) open_.push_back(Make());
      if (!open_.empty()) {
        Request request = std::move(open_.front());
        open_.pop_front();
        Try(&request);
      }
      if (!done_.empty() && Roll(100) < 15) {
        Request again = done_[Roll(done_.size())];
        Try(&again);
      }
    }
    std::this_thread::sleep_for(std::chrono::microseconds(options_.pause_us));
  }
}

GmClient::Request GmClient::Make() {
  Request request;
  request.number = static_cast<int>(++made_);
  request.id = absl::StrCat("chaos-", options_.principal, "-", made_);
  request.about =
      absl::StrCat(options_.accounts, Roll(static_cast<std::uint64_t>(options_.account_count)));
  const std::uint64_t die = Roll(100);
  if (want_policy_.exchange(false) || die < 3) {
    request.kind = Kind::kPolicy;
  } else if (die < 30) {
    request.kind = Kind::kMute;
  } else if (die < 50) {
    request.kind = Kind::kPunish;
  } else if (die < 75) {
    request.kind = Kind::kLift;
    request.about = PickSanction();
    if (request.about.empty()) request.about = "sanctions/sn_nothing";
  }
  return request;
}

std::string GmClient::PickSanction() {
  v1::ListSanctionsRequest request;
  request.set_page_size(20);
  v1::ListSanctionsResponse response;
  grpc::ClientContext context;
  AddToken(&context, options_.token);
  if (!stub_->ListSanctions(&context, request, &response).ok()) return {};
  if (response.sanctions().empty()) return {};
  return response
      .sanctions(static_cast<int>(Roll(static_cast<std::uint64_t>(response.sanctions_size()))))
      .name();
}

GmClient::Said GmClient::Call(const Request& request) {
  grpc::ClientContext context;
  AddToken(&context, request.kind == Kind::kPolicy ? options_.admin_token : options_.token);
  v1::ActionOptions options;
  options.set_request_id(request.id);
  options.set_reason(absl::StrCat("chaos drill ", request.number));
  v1::ActionResponse response;
  Said said;
  switch (request.kind) {
    case Kind::kPunish: {
      v1::PunishAccountRequest punish;
      punish.set_name("accounts/" + request.about);
      punish.set_offence(v1::OFFENCE_NAME);
      punish.set_category(v1::TEXT_CATEGORY_INSULT);
      *punish.mutable_options() = options;
      said.status = stub_->PunishAccount(&context, punish, &response);
      break;
    }
    case Kind::kMute: {
      v1::CreateSanctionRequest create;
      create.set_parent("accounts/" + request.about);
      create.set_kind(v1::SANCTION_KIND_RESTRICTION);
      create.set_offence(v1::OFFENCE_ABUSE);
      create.add_capabilities(v1::CAPABILITY_CHAT);
      create.mutable_duration()->set_seconds(3600 * (1 + request.number % 50));
      *create.mutable_options() = options;
      said.status = stub_->CreateSanction(&context, create, &response);
      break;
    }
    case Kind::kLift: {
      v1::LiftSanctionRequest lift;
      lift.set_name(request.about);
      lift.set_disposition(request.number % 2 == 0 ? v1::DISPOSITION_MISTAKE
                                                   : v1::DISPOSITION_MERCY);
      *lift.mutable_options() = options;
      said.status = stub_->LiftSanction(&context, lift, &response);
      break;
    }
    case Kind::kNote: {
      v1::CreateNoteRequest note;
      note.set_parent("accounts/" + request.about);
      note.set_text(absl::StrCat("looked at ", request.number));
      *note.mutable_options() = options;
      said.status = stub_->CreateNote(&context, note, &response);
      break;
    }
    case Kind::kPolicy: {
      v1::ApplyPolicyRequest apply;
      apply.set_source(absl::StrCat(options_.policy, "\n# change ", request.number, "\n"));
      apply.set_file("chaos.textproto");
      *apply.mutable_options() = options;
      v1::ApplyPolicyResponse applied;
      said.status = stub_->ApplyPolicy(&context, apply, &applied);
      said.sanction = applied.name();
      if (said.status.ok() && applied.name().empty()) Fault("the policy was refused");
      return said;
    }
  }
  said.sanction = response.sanction().name();
  said.position = response.journal_position();
  return said;
}

void GmClient::Try(Request* request) {
  ++tries_;
  const Said said = Call(*request);
  if (Unknown(said.status)) {
    if (!request->answered) open_.push_back(std::move(*request));
    return;
  }
  if (request->answered) {
    if (said.status.error_code() != request->code || said.sanction != request->sanction ||
        said.position != request->position) {
      Fault(absl::StrCat("request ", request->id, " was answered with code ", request->code, " ",
                         request->sanction, " at ", request->position, " and then with code ",
                         said.status.error_code(), " ", said.sanction, " at ", said.position, ": ",
                         said.status.error_message()));
    }
    return;
  }
  request->answered = true;
  request->code = said.status.error_code();
  request->sanction = said.sanction;
  request->position = said.position;
  ++answered_count_;
  const bool action = request->kind == Kind::kPunish || request->kind == Kind::kMute ||
                      request->kind == Kind::kLift;
  if (said.status.ok() && action) {
    const std::lock_guard<std::mutex> lock(mutex_);
    answers_.push_back({options_.principal, request->id, said.sanction, said.position});
  }
  const bool may_refuse = request->kind == Kind::kLift;
  if (!said.status.ok() && !may_refuse) {
    Fault(absl::StrCat("request ", request->id, " was refused: ", said.status.error_message()));
  }
  done_.push_back(std::move(*request));
  if (done_.size() > kDoneMax) done_.pop_front();
}

void GmClient::Fault(const std::string& what) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (faults_.size() < 20) faults_.push_back(options_.principal + ": " + what);
}

std::vector<GmAnswer> GmClient::Answers() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return answers_;
}

std::vector<std::string> GmClient::Faults() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return faults_;
}

}  // namespace hallwarden::chaos
