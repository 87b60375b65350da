#include "tests/daemon/desk/desk_world.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <google/protobuf/util/time_util.h>

namespace hallwarden::daemon {
namespace {

constexpr std::string_view kServer = "hall-1";

// A fixture that does not stand makes every test meaningless.
void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "desk_world: %s\n", status.ToString().c_str());
  std::abort();
}

SequencerOptions Quiet() {
  SequencerOptions options;
  options.exit = [](int code) {
    std::fprintf(stderr, "desk_world: the sequencer ends with %d\n", code);
    std::abort();
  };
  return options;
}

}  // namespace

void HeldCore::Hold() {
  const MutexLock lock(&mutex_);
  holding_ = true;
}

void HeldCore::Release() {
  std::vector<std::pair<v1::Command, CommandDone>> held;
  {
    const MutexLock lock(&mutex_);
    holding_ = false;
    held.swap(held_);
  }
  for (auto& [command, done] : held)
    core_->SubmitCommand(std::move(command), std::move(done));
}

std::size_t HeldCore::held() const {
  const MutexLock lock(&mutex_);
  return held_.size();
}

std::size_t HeldCore::commands() const {
  const MutexLock lock(&mutex_);
  return commands_;
}

void HeldCore::SubmitCommand(v1::Command command, CommandDone done) {
  {
    const MutexLock lock(&mutex_);
    if (!command.has_refused_call()) {
      ++commands_;
      if (holding_) {
        held_.emplace_back(std::move(command), std::move(done));
        return;
      }
    }
  }
  core_->SubmitCommand(std::move(command), std::move(done));
}

DeskWorld::Running::Running(DeskWorld* world)
    : artefacts(world->store_.get()),
      sequencer(Quiet(), {world->store_.get(), &artefacts, &world->clock_}),
      pool(2, 64),
      feed(&world->tokens_, &pool),
      core(MakeDeskCore(&sequencer)),
      desk({world->store_.get(), &core, &pool, &artefacts}) {
  sequencer.AddListener(&feed);
  sequencer.AddListener(world);
  Must(sequencer.Start());
  Must(sequencer.WaitReady());
}

DeskWorld::DeskWorld() {
  Start();
}

DeskWorld::~DeskWorld() {
  running_->sequencer.Stop();
  running_->pool.Stop();
}

void DeskWorld::Start() {
  storage::StoreOptions options;
  options.directory = directory_.store();
  options.block_cache_bytes = std::size_t{4} << 20U;
  absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(options);
  Must(store.status());
  store_ = *std::move(store);
  running_ = std::make_unique<Running>(this);
  std::promise<OpenedSession> opened;
  running_->sequencer.SubmitHello(
      std::string(kServer), v1::Hello(),
      [&opened](const OpenedSession& session) { opened.set_value(session); });
  const OpenedSession session = opened.get_future().get();
  Must(session.status);
  session_epoch_ = session.session_epoch;
}

void DeskWorld::Restart() {
  running_->sequencer.Stop();
  running_->pool.Stop();
  running_.reset();
  store_.reset();
  Start();
}

Call DeskWorld::As(v1::Role role, std::string_view method) {
  Call call;
  call.method = std::string(method);
  call.principal.name = v1::Role_Name(role);
  call.principal.role = role;
  call.principal.peer = "10.0.0.7";
  return call;
}

void DeskWorld::Tell(std::vector<v1::HallEvent> events) {
  v1::EventBatch batch;
  batch.set_first_seq(static_cast<std::int64_t>(next_seq_));
  for (v1::HallEvent& event : events) {
    event.set_hall("hall");
    *batch.add_events() = event.SerializeAsString();
  }
  next_seq_ += events.size();
  EventPreparer preparer(&store_->vault());
  absl::StatusOr<PreparedBatch> prepared = preparer.Prepare(kServer, session_epoch_, &batch);
  Must(prepared.status());
  Must(running_->sequencer.SubmitEvents(*std::move(prepared)));
  const MutexLock lock(&mutex_);
  while (durable_seq_ + 1 < next_seq_)
    acked_.Wait(&mutex_);
}

void DeskWorld::Register(const std::string& account, const std::string& nickname) {
  v1::HallEvent event;
  event.set_account(account);
  event.mutable_registered()->set_nickname(nickname);
  event.mutable_registered()->set_ip("192.0.2.7");
  event.mutable_registered()->set_device("device-7");
  Tell({event});
}

void DeskWorld::Rename(const std::string& account, const std::string& nickname) {
  v1::HallEvent event;
  event.set_account(account);
  event.mutable_nickname_changed()->set_nickname(nickname);
  Tell({event});
}

void DeskWorld::LogIn(const std::string& account) {
  v1::HallEvent event;
  event.set_account(account);
  event.mutable_logged_in()->set_ip("192.0.2.7");
  Tell({event});
}

v1::ActionResponse DeskWorld::Warn(const std::string& account) {
  v1::CreateSanctionRequest request;
  request.set_parent("accounts/" + account);
  request.set_kind(v1::SANCTION_KIND_WARNING);
  request.set_offence(v1::OFFENCE_ABUSE);
  *request.mutable_options() = Options();
  v1::ActionResponse response;
  Must(Do(&Desk::CreateSanction, As(v1::ROLE_SENIOR_GM, "GmService.CreateSanction"), request,
          &response));
  return response;
}

void DeskWorld::AwaitReversal(const std::string& name) {
  v1::GetServerRequest request;
  request.set_name(name);
  for (int i = 0; i < 1000; ++i) {
    v1::Server server;
    Must(Do(&Desk::GetServer, As(v1::ROLE_VIEWER), request, &server));
    if (server.has_reversal() && !server.reversal().running()) return;
    clock_.Advance(50'000);
  }
  ADD_FAILURE() << "the reversal of " << name << " does not end";
}

std::vector<v1::AuditRecord> DeskWorld::Audit() {
  auto page = store_->ListAudit({}, 1000, {});
  Must(page.status());
  std::reverse(page->items.begin(), page->items.end());
  return std::move(page->items);
}

v1::ActionOptions DeskWorld::Options() {
  v1::ActionOptions options;
  options.set_request_id(NewId());
  options.set_reason("because of a test");
  return options;
}

void DeskWorld::OnCommitted(const CommittedGroup& committed) {
  const MutexLock lock(&mutex_);
  for (const SourceAck& ack : committed.acks) {
    durable_seq_ = std::max(durable_seq_, ack.durable_seq);
  }
  acked_.NotifyAll();
}

}  // namespace hallwarden::daemon
