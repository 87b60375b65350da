#include "tests/daemon/spine_fixture.h"

#include <chrono>
#include <future>
#include <thread>
#include <utility>
#include <variant>

#include "rules/engine/effect.h"

namespace hallwarden::daemon {
namespace {

// Long enough for the slowest sanitizer; nobody waits so long unless the test fails.
constexpr std::chrono::seconds kPatience{30};

v1::HallEvent MakeEvent(const std::string& account) {
  v1::HallEvent event;
  event.set_account(account);
  event.mutable_event_time()->set_seconds(kNow / kSecondUs);
  return event;
}

}  // namespace

// ---- Recorder -----------------------------------------------------------------------------------

void Recorder::OnCommitted(const CommittedGroup& committed) {
  MutexLock lock(&mutex_);
  acks_.insert(acks_.end(), committed.acks.begin(), committed.acks.end());
  for (const SourceAck& ack : committed.acks) {
    rejected_.insert(rejected_.end(), ack.rejected.begin(), ack.rejected.end());
  }
  for (const storage::JournalEntry& entry : committed.group->entries) {
    kinds_.push_back(entry.kind);
  }
  for (const PositionedEffect& effect : committed.group->effects) {
    if (const auto* send = std::get_if<SendDirective>(&effect.effect)) directives_.push_back(*send);
  }
  positions_.push_back(committed.durable_position);
  changed_.NotifyAll();
}

SourceAck Recorder::AwaitAck(const std::string& source, std::uint64_t seq) {
  MutexLock lock(&mutex_);
  for (;;) {
    for (auto it = acks_.rbegin(); it != acks_.rend(); ++it) {
      if (it->source == source && it->durable_seq >= seq) return *it;
    }
    changed_.Wait(&mutex_);
  }
}

void Recorder::AwaitPosition(std::uint64_t position) {
  MutexLock lock(&mutex_);
  while (positions_.empty() || positions_.back() < position)
    changed_.Wait(&mutex_);
}

std::vector<v1::RejectedEvent> Recorder::rejected() const {
  MutexLock lock(&mutex_);
  return rejected_;
}

std::vector<RecordKind> Recorder::kinds() const {
  MutexLock lock(&mutex_);
  return kinds_;
}

std::vector<SendDirective> Recorder::directives() const {
  MutexLock lock(&mutex_);
  return directives_;
}

std::vector<std::uint64_t> Recorder::durable_positions() const {
  MutexLock lock(&mutex_);
  return positions_;
}

// ---- FakeTransport ------------------------------------------------------------------------------

void FakeTransport::Attach(std::shared_ptr<Session> session) {
  MutexLock lock(&mutex_);
  session_ = std::move(session);
}

void FakeTransport::SendBytes(std::string bytes) {
  std::shared_ptr<Session> session;
  {
    MutexLock lock(&mutex_);
    if (!reading_) {
      to_send_.push_back(std::move(bytes));
      return;
    }
    reading_ = false;
    session = session_;
  }
  session->OnMessage(std::move(bytes));
}

void FakeTransport::Read() {
  std::shared_ptr<Session> session;
  std::string bytes;
  {
    MutexLock lock(&mutex_);
    if (to_send_.empty()) {
      reading_ = true;
      return;
    }
    bytes = std::move(to_send_.front());
    to_send_.pop_front();
    session = session_;
  }
  session->OnMessage(std::move(bytes));
}

void FakeTransport::Write(std::string bytes) {
  std::shared_ptr<Session> session;
  {
    MutexLock lock(&mutex_);
    v1::SessionResponse response;
    if (!response.ParseFromString(bytes)) ADD_FAILURE() << "the daemon wrote no SessionResponse";
    received_.push_back(std::move(response));
    changed_.NotifyAll();
    session = session_;
  }
  if (!slow_) session->OnWritten(true);
}

void FakeTransport::TakeWrite() {
  std::shared_ptr<Session> session;
  {
    MutexLock lock(&mutex_);
    session = session_;
  }
  session->OnWritten(true);
}

void FakeTransport::Finish(const Refusal& refusal) {
  MutexLock lock(&mutex_);
  end_ = refusal;
  session_ = nullptr;
  changed_.NotifyAll();
}

void FakeTransport::Abort(const Refusal& refusal) {
  {
    MutexLock lock(&mutex_);
    aborted_ = true;
  }
  Finish(refusal);
}

v1::SessionResponse FakeTransport::Next() {
  MutexLock lock(&mutex_);
  while (received_.empty() && !end_.has_value())
    changed_.Wait(&mutex_);
  if (received_.empty()) {
    ADD_FAILURE() << "the stream ended: " << end_->reason << ": " << end_->message;
    return {};
  }
  v1::SessionResponse response = std::move(received_.front());
  received_.pop_front();
  return response;
}

Refusal FakeTransport::AwaitEnd() {
  MutexLock lock(&mutex_);
  while (!end_.has_value())
    changed_.Wait(&mutex_);
  return *end_;
}

bool FakeTransport::ended() const {
  MutexLock lock(&mutex_);
  return end_.has_value();
}

bool FakeTransport::aborted() const {
  MutexLock lock(&mutex_);
  return aborted_;
}

std::size_t FakeTransport::received() const {
  MutexLock lock(&mutex_);
  return received_.size();
}

// ---- SpineTest ----------------------------------------------------------------------------------

SpineTest::SpineTest() {
  options_.checkpoint_records = 0;
  options_.checkpoint_interval_us = 0;
  options_.exit = [this](int code) { exit_code_ = code; };
}

SpineTest::~SpineTest() {
  Kill();
}

void SpineTest::Start() {
  storage::StoreOptions store_options;
  store_options.directory = directory_.store();
  absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(store_options);
  ASSERT_TRUE(store.ok()) << store.status();
  base_ = *std::move(store);
  store_ = std::make_unique<WrappedStore>(base_.get());
  artefacts_ = std::make_unique<ArtefactCache>(store_.get());
  recorder_ = std::make_unique<Recorder>();
  options_.activation_hint_file = directory_.path() + "/activation";
  sequencer_ = std::make_unique<Sequencer>(
      options_, Sequencer::Parts{store_.get(), artefacts_.get(), &clock_});
  sessions_ = std::make_unique<Sessions>(session_options_, sequencer_.get(), store_.get(), &clock_);
  sequencer_->AddListener(recorder_.get());
  sequencer_->AddListener(sessions_.get());
  const absl::Status started = sequencer_->Start();
  ASSERT_TRUE(started.ok()) << started;
  const absl::Status ready = sequencer_->WaitReady();
  ASSERT_TRUE(ready.ok()) << ready;
}

void SpineTest::Stop() {
  sessions_->Shutdown();
  sequencer_->Stop();
  Kill();
}

void SpineTest::Kill() {
  if (store_ != nullptr) store_->ReleaseCommits();
  if (sessions_ != nullptr) sessions_->Shutdown();
  // The sequencer first: its threads use the sessions.
  sequencer_.reset();
  sessions_.reset();
  transports_.clear();
  artefacts_.reset();
  store_.reset();
  base_.reset();
}

std::shared_ptr<FakeTransport> SpineTest::OpenStream(const Principal& principal, bool slow) {
  auto transport = std::make_shared<FakeTransport>(slow);
  const absl::StatusOr<std::shared_ptr<Session>> made = sessions_->Make(principal, transport.get());
  if (!made.ok()) return nullptr;
  const std::shared_ptr<Session>& session = *made;
  transport->Attach(session);
  transports_.push_back(transport);
  session->Start();
  return transport;
}

std::shared_ptr<FakeTransport> SpineTest::Connect(const std::string& server, v1::Hello hello,
                                                  bool slow) {
  std::shared_ptr<FakeTransport> transport = OpenStream(Server(server), slow);
  v1::SessionRequest request;
  *request.mutable_hello() = std::move(hello);
  transport->Send(request);
  const v1::SessionResponse response = transport->Next();
  EXPECT_TRUE(response.has_hello_ok()) << response.ShortDebugString();
  return transport;
}

std::int64_t SpineTest::Hello(const std::string& source) {
  std::promise<OpenedSession> promise;
  sequencer_->SubmitHello(source, MakeHello(),
                          [&](const OpenedSession& opened) { promise.set_value(opened); });
  const OpenedSession opened = promise.get_future().get();
  EXPECT_TRUE(opened.status.ok()) << opened.status;
  return opened.session_epoch;
}

PreparedBatch SpineTest::Prepare(const std::string& source, std::int64_t epoch,
                                 std::uint64_t first_seq, const std::vector<std::string>& events) {
  v1::EventBatch batch;
  batch.set_first_seq(static_cast<std::int64_t>(first_seq));
  for (const std::string& event : events)
    batch.add_events(event);
  EventPreparer preparer(&store_->vault());
  absl::StatusOr<PreparedBatch> prepared = preparer.Prepare(source, epoch, &batch);
  EXPECT_TRUE(prepared.ok()) << prepared.status();
  return *std::move(prepared);
}

SourceAck SpineTest::Send(const std::string& source, std::int64_t epoch, std::uint64_t first_seq,
                          const std::vector<std::string>& events) {
  const absl::Status status = sequencer_->SubmitEvents(Prepare(source, epoch, first_seq, events));
  EXPECT_TRUE(status.ok()) << status;
  return recorder_->AwaitAck(source, first_seq + events.size() - 1);
}

CommandOutcome SpineTest::Run(v1::Command command) {
  std::promise<CommandOutcome> promise;
  sequencer_->SubmitCommand(std::move(command),
                            [&](const CommandOutcome& outcome) { promise.set_value(outcome); });
  return promise.get_future().get();
}

void SpineTest::Await(const std::function<bool()>& condition, const char* what) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "never came: " << what;
    std::this_thread::yield();
  }
}

v1::Hello SpineTest::MakeHello() {
  v1::Hello hello;
  hello.set_protocol(1);
  return hello;
}

Principal SpineTest::Server(const std::string& name) {
  Principal principal;
  principal.name = name;
  principal.role = v1::ROLE_GAME_SERVER;
  principal.token = "tokens/" + name;
  return principal;
}

std::string SpineTest::LoggedIn(const std::string& account) {
  v1::HallEvent event = MakeEvent(account);
  event.mutable_logged_in()->set_ip("10.1.2.3");
  return event.SerializeAsString();
}

std::string SpineTest::LoggedOut(const std::string& account) {
  v1::HallEvent event = MakeEvent(account);
  event.mutable_logged_out();
  return event.SerializeAsString();
}

std::string SpineTest::Nickname(const std::string& account, const std::string& nickname) {
  v1::HallEvent event = MakeEvent(account);
  event.mutable_nickname_changed()->set_nickname(nickname);
  return event.SerializeAsString();
}

v1::SessionRequest SpineTest::Batch(std::int64_t first_seq,
                                    const std::vector<std::string>& events) {
  v1::SessionRequest request;
  request.mutable_events()->set_first_seq(first_seq);
  for (const std::string& event : events)
    request.mutable_events()->add_events(event);
  return request;
}

v1::Command SpineTest::Ban(const std::string& account, const std::string& request_id) {
  v1::Command command;
  command.mutable_actor()->set_principal("gm-li");
  command.mutable_actor()->set_role(v1::ROLE_LEAD);
  command.set_body_hash(std::string(16, 'b'));
  command.set_target_account(account);
  v1::CreateSanctionRequest& create = *command.mutable_create_sanction();
  create.set_parent("accounts/" + account);
  create.set_kind(v1::SANCTION_KIND_RESTRICTION);
  create.set_offence(v1::OFFENCE_OTHER);
  create.add_capabilities(v1::CAPABILITY_LOGIN);
  create.mutable_duration()->set_seconds(3600);
  create.set_now(true);
  create.mutable_options()->set_request_id(request_id);
  create.mutable_options()->set_reason("a test");
  return command;
}

}  // namespace hallwarden::daemon
