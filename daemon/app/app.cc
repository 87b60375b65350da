#include "daemon/app/app.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/app/admin_token.h"
#include "daemon/app/backup_schedule.h"
#include "daemon/app/grpc_server.h"
#include "daemon/app/outside.h"
#include "daemon/artefact_cache.h"
#include "daemon/audit_notary.h"
#include "daemon/auth/call_authenticator.h"
#include "daemon/auth/client_certificate.h"
#include "daemon/auth/peer_counter.h"
#include "daemon/auth/token_table.h"
#include "daemon/border/tls_files.h"
#include "daemon/clock.h"
#include "daemon/desk/appeal_service.h"
#include "daemon/desk/bank_service.h"
#include "daemon/desk/case_service.h"
#include "daemon/desk/core.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/feed.h"
#include "daemon/desk/gm_service.h"
#include "daemon/desk/lexicon_keeper.h"
#include "daemon/desk/recovery_service.h"
#include "daemon/desk/stats_service.h"
#include "daemon/desk/text_service.h"
#include "daemon/desk/worker_pool.h"
#include "daemon/gate/gate_service.h"
#include "daemon/gate/gate_table.h"
#include "daemon/hall/hall_service.h"
#include "daemon/hall/sessions.h"
#include "daemon/log.h"
#include "daemon/mutex.h"
#include "daemon/sequencer.h"
#include "daemon/space_guard.h"
#include "storage/audit_checkpoint.h"
#include "storage/crash_point.h"
#include "storage/store.h"

namespace hallwarden::daemon {
namespace {

constexpr std::chrono::seconds kShutdownAfter{3};
// Twice a second, so that whoever lost his rights is gone within one.
constexpr std::chrono::milliseconds kTickEvery{500};
// Calls of people block on the store there, and wait at most so many deep.
constexpr std::size_t kDeskThreads = 4;
constexpr std::int64_t kMiB = std::int64_t{1} << 20;
// A store that could not be opened for writing is not tried again before.
constexpr std::int64_t kRestartAfterUs = 10'000'000;
constexpr std::size_t kDeskQueueMax = 1024;

// Calls `tick` every kTickEvery until it is destroyed.
class Ticker {
 public:
  explicit Ticker(std::function<void()> tick)
      : tick_(std::move(tick)), thread_([this] { Run(); }) {}
  ~Ticker() {
    {
      MutexLock lock(&mutex_);
      stopping_ = true;
      wake_.NotifyAll();
    }
    thread_.join();
  }
  Ticker(const Ticker&) = delete;
  Ticker& operator=(const Ticker&) = delete;

 private:
  void Run() {
    for (;;) {
      {
        MutexLock lock(&mutex_);
        if (!stopping_) wake_.WaitFor(&mutex_, kTickEvery);
        if (stopping_) return;
      }
      tick_();
    }
  }

  std::function<void()> tick_;
  Mutex mutex_;
  CondVar wake_;
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

absl::StatusOr<std::string> ReadFile(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

// Opens the store; for reading only if there is no room to write, but something to read.
absl::StatusOr<std::unique_ptr<storage::Store>> OpenStore(const Flags& flags, bool* read_only) {
  storage::StoreOptions options;
  options.directory = flags.store;
  DiskSpaceSource disk(flags.store);
  const absl::StatusOr<DiskSpace> space = disk.Look();
  *read_only =
      space.ok() &&
      space->free_bytes < ReserveFor(flags.disk_reserve_mib * kMiB, space->total_bytes).commands;
  absl::StatusOr<std::unique_ptr<storage::Store>> store =
      absl::ResourceExhaustedError("the disk is full");
  if (!*read_only) {
    store = storage::Store::Open(options);
    if (!absl::IsResourceExhausted(store.status())) return store;
    *read_only = true;
  }
  Log(LogLevel::kError,
      absl::StrCat("ALARM disk: ", store.status().ToString(), " in ", flags.store,
                   ": only the gate and questions are answered; nothing is recorded until there is "
                   "space"));
  options.read_only = true;
  options.exclusive = true;
  return storage::Store::Open(options);
}

std::string Or(const std::string& given, const std::string& otherwise) {
  return given.empty() ? otherwise : given;
}

SequencerOptions OptionsFrom(const Flags& flags) {
  SequencerOptions options;
  options.test_clock = flags.test_clock;
  options.idle_engine = flags.idle_engine;
  options.test_clock_start_us = flags.test_clock_start_s * 1'000'000;
  if (flags.test_group_max > 0) options.group_records_max = flags.test_group_max;
  if (flags.test_checkpoint_records > 0) options.checkpoint_records = flags.test_checkpoint_records;
  if (flags.test_cells_max > 0) options.cells_max = flags.test_cells_max;
  if (!flags.test_clock) options.clock_anchor_file = absl::StrCat(flags.store, "/clock");
  options.activation_hint_file = absl::StrCat(flags.store, "/activation");
  return options;
}

// The file of --policy. A store that has a policy does not need it, and a daemon that was restarted
// at night must not stay down for a file.
absl::Status ReadPolicy(const std::string& file, const storage::Store& store,
                        SequencerOptions* options) {
  if (file.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> policy = ReadFile(file);
  if (policy.ok()) {
    options->initial_policy = *std::move(policy);
    return absl::OkStatus();
  }
  if (store.last_position() == 0) return policy.status();
  Log(LogLevel::kWarning,
      absl::StrCat("--policy: ", policy.status().ToString(),
                   ". The policy of the store is in force; take the flag out, or give a file"));
  return absl::OkStatus();
}

}  // namespace

// In the order in which they need each other.
struct App::Parts {
  Parts(const SequencerOptions& options, const Flags& flags, std::unique_ptr<storage::Store> opened,
        std::unique_ptr<storage::AuditKey> audit_key, const TlsOptions& tls)
      : directory(flags.store),
        read_only(options.read_only),
        store(std::move(opened)),
        artefacts(store.get()),
        sequencer(options, {store.get(), &artefacts, &clock}),
        pool(kDeskThreads, kDeskQueueMax),
        feed(&tokens, &pool),
        peers([](const PeerCounter::Line& line) {
          Log(LogLevel::kWarning,
              absl::StrCat("auth: ", line.count, " calls without a valid token in one minute"));
        }),
        refused_connections([](const PeerCounter::Line& line) {
          Log(LogLevel::kWarning,
              absl::StrCat("border: ", line.count, " connections refused in one minute: too many ",
                           "or too fast; see --max-connections"));
        }),
        authenticator({.tokens = &tokens,
                       .refused = &peers,
                       .now_us = [this] { return sequencer.NowUs(); },
                       .certificates = tls.asks_clients() ? &certificates : nullptr,
                       .wall_us = [this] { return clock.WallUs(); },
                       .servers_need_certificate = tls.rule() != ClientCertificateRule::kNobody,
                       .trust_domain = tls.trust_domain}),
        disk(flags.store),
        space(&disk, flags.disk_reserve_mib * kMiB,
              [this](SpaceState state) {
                if (!read_only) sequencer.SetSpace(state);
              }),
        notary(
            audit_key == nullptr
                ? nullptr
                : std::make_unique<AuditNotary>(
                      AuditNotary::Options{
                          .file = Or(flags.audit_checkpoints, flags.store + "/audit-checkpoints")},
                      AuditNotary::Parts{store.get(), &clock, [this] { return sequencer.NowUs(); }},
                      std::move(audit_key))),
        sessions(SessionOptions(&authenticator, notary.get()), &sequencer, store.get(), &clock),
        hall(&authenticator, &sessions),
        gate({&authenticator, &gate_table, &clock, [this] { return sequencer.NowUs(); }}),
        core(MakeDeskCore(&sequencer)),
        desk({store.get(), core.get(), &pool, &artefacts, &space, notary.get()}),
        gm({&authenticator, &clock, &desk, &feed, core.get(), store.get(), &pool}),
        banks(gm.calls()),
        texts(gm.calls()) {}

  // A start that fails half way: the sequencer's threads must not outlive who listens to them.
  ~Parts() {
    lexicons.reset();
    sequencer.Stop();
    pool.Stop();
  }
  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;

  static Sessions::Options SessionOptions(const Authenticator* authenticator,
                                          const AuditNotary* notary) {
    Sessions::Options options;
    options.authenticator = authenticator;
    if (notary != nullptr) options.checkpoint = [notary] { return notary->Latest(); };
    return options;
  }
  void Tick() {
    if (tls_files != nullptr) tls_files->Poll();
    sessions.Tick();
    gate.Tick();
    gm.Tick();
    outside->Tick();
    space.Tick();
    if (read_only) return;
    sequencer.CheckStore();
    notary->Tick();
  }

  std::string directory;
  std::string listen;
  const bool read_only;
  SystemClock clock;
  const std::int64_t began_us = clock.BootUs();
  std::unique_ptr<storage::Store> store;
  ArtefactCache artefacts;
  Sequencer sequencer;
  TokenTable tokens;
  WorkerPool pool;
  // Tells the token table of tokens, too.
  Feed feed;
  PeerCounter peers;
  PeerCounter refused_connections;
  ClientCertificates certificates;
  CallAuthenticator authenticator;
  GateTable gate_table;
  DiskSpaceSource disk;
  SpaceGuard space;
  std::unique_ptr<AuditNotary> notary;
  Sessions sessions;
  HallService hall;
  GateService gate;
  std::unique_ptr<DeskCore> core;
  Desk desk;
  GmService gm;
  BankService banks;
  TextService texts;
  CaseService cases{gm.calls()};
  AppealService appeals{gm.calls()};
  RecoveryService recovery{gm.calls()};
  StatsService stats{gm.calls()};
  // Null without TLS.
  std::unique_ptr<TlsFiles> tls_files;
  std::unique_ptr<GrpcServer> server;
  std::unique_ptr<Outside> outside;
  std::unique_ptr<Ticker> ticker;
  std::unique_ptr<BackupSchedule> backups;
  // Null where nothing can be recorded.
  std::unique_ptr<LexiconKeeper> lexicons;
};

App::App(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

App::~App() {
  Stop();
}

absl::StatusOr<std::unique_ptr<App>> App::Start(const Flags& flags) {
  SequencerOptions options = OptionsFrom(flags);
  absl::StatusOr<std::unique_ptr<storage::Store>> store = OpenStore(flags, &options.read_only);
  if (!store.ok()) return store.status();
  if (absl::Status status = ReadPolicy(flags.policy, **store, &options); !status.ok()) {
    return status;
  }
  std::unique_ptr<storage::AuditKey> key;
  if (!options.read_only) {
    absl::StatusOr<std::unique_ptr<storage::AuditKey>> loaded =
        storage::AuditKey::LoadOrMake(Or(flags.audit_key, flags.store + "/audit.key"));
    if (!loaded.ok()) return loaded.status();
    key = *std::move(loaded);
  }
  auto parts =
      std::make_unique<Parts>(options, flags, *std::move(store), std::move(key), flags.tls);
  if (parts->notary != nullptr) {
    if (absl::Status status = parts->notary->Start(); !status.ok()) return status;
  }
  if (flags.tls.enabled()) {
    absl::StatusOr<std::unique_ptr<TlsFiles>> files =
        TlsFiles::Load(flags.tls, &parts->certificates);
    if (!files.ok()) return files.status();
    parts->tls_files = *std::move(files);
  }
  if (absl::Status status = parts->gate_table.Load(parts->store.get()); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::vector<storage::StoredToken>> tokens = parts->store->Tokens();
  if (!tokens.ok()) return tokens.status();
  std::vector<PutToken> rows;
  rows.reserve(tokens->size());
  for (const storage::StoredToken& row : *tokens)
    rows.push_back({row.token, row.secret_sha256});
  parts->tokens.Reset(rows);
  // The gate first: who is told of a sanction finds it there.
  parts->sequencer.AddListener(&parts->gate_table);
  parts->sequencer.AddListener(&parts->feed);
  parts->sequencer.AddListener(&parts->sessions);
  if (absl::Status status = parts->sequencer.Start(); !status.ok()) return status;
  // Before anybody can send anything.
  parts->space.Tick();
  Parts* const running = parts.get();
  GrpcServer::Options serve;
  serve.listen = flags.listen;
  serve.listen_plain = flags.listen_plain;
  serve.tls = parts->tls_files.get();
  serve.connections = flags.connections;
  serve.clock = &parts->clock;
  serve.refused = [running](const std::string& address, Admission) {
    running->refused_connections.Count(address, running->clock.WallUs());
  };
  absl::StatusOr<std::unique_ptr<GrpcServer>> server = GrpcServer::Start(
      std::move(serve), {&parts->hall, &parts->gate, &parts->gm, &parts->banks, &parts->texts,
                         &parts->cases, &parts->recovery, &parts->stats, &parts->appeals});
  if (!server.ok()) return server.status();
  parts->server = *std::move(server);
  parts->listen = flags.listen;
  absl::StatusOr<std::unique_ptr<Outside>> outside =
      Outside::Start(flags.metrics, {&running->sequencer, &running->desk, &running->gate,
                                     &running->sessions, running->directory});
  if (!outside.ok()) return outside.status();
  parts->outside = *std::move(outside);
  if (parts->outside->port() != 0) {
    Log(LogLevel::kInfo, absl::StrCat("metrics on port ", parts->outside->port()));
  }
  parts->ticker = std::make_unique<Ticker>([running] { running->Tick(); });
  if (flags.backup_every > 0 && !parts->read_only) {
    storage::BackupRequest request;
    request.directory = flags.BackupDirectory();
    request.keys_directory = flags.BackupKeysDirectory();
    request.keep = flags.backup_keep;
    parts->backups = std::make_unique<BackupSchedule>(parts->store.get(), std::move(request),
                                                      std::chrono::minutes(flags.backup_every));
  }
  return std::unique_ptr<App>(new App(std::move(parts)));
}

std::string App::address() const {
  const std::string& listen = parts_->listen;
  if (port() == 0) return listen;
  return absl::StrCat(listen.substr(0, listen.rfind(':') + 1), port());
}

int App::port() const {
  return parts_->server->port();
}

bool App::Ready() const {
  return parts_->sequencer.Stats().replay != ReplayState::kReplaying;
}

absl::Status App::FinishStart() {
  if (absl::Status status = parts_->sequencer.WaitReady(); !status.ok()) return status;
  parts_->server->SetReady(!parts_->read_only);
  if (!parts_->read_only) {
    parts_->lexicons = std::make_unique<LexiconKeeper>(
        LexiconKeeper::Parts{parts_->store.get(), parts_->core.get(), &parts_->artefacts});
  }
  if (parts_->read_only) return absl::OkStatus();
  return EnsureAdminToken(absl::StrCat(parts_->directory, "/admin.token"), parts_->tokens,
                          &parts_->sequencer);
}

bool App::WantsRestart() const {
  return parts_->read_only && parts_->space.status().state != SpaceState::kFull &&
         parts_->clock.BootUs() - parts_->began_us >= kRestartAfterUs;
}

void App::Stop() {
  if (parts_->server == nullptr) return;
  HW_CRASH_POINT("stop.begun");
  parts_->ticker.reset();
  parts_->outside.reset();
  parts_->backups.reset();
  parts_->lexicons.reset();
  parts_->server->StopServing();
  // Streams end with a reason; calls on their way are answered by the sequencer, which stops last.
  parts_->gm.Stop();
  parts_->sessions.Shutdown();
  parts_->gate.Shutdown();
  parts_->server->Shutdown(kShutdownAfter);
  HW_CRASH_POINT("stop.sessions_ended");
  parts_->sequencer.Stop();
  if (parts_->notary != nullptr) parts_->notary->Stop();
  parts_->pool.Stop();
  parts_->server.reset();
  HW_CRASH_POINT("stop.closing");
}

}  // namespace hallwarden::daemon
