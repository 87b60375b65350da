// What does a commit cost? Groups of events of 120 bytes through the store, beside the bare synced
// write of as many bytes on the same disk: on disk the two should be near, and what the store adds
// is processor time. Set TMPDIR to choose the file system.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include <benchmark/benchmark.h>

#include "storage/database.h"
#include "storage/format.h"
#include "storage/store.h"

namespace hallwarden::storage {
namespace {

constexpr std::size_t kEventBytes = 120;
constexpr std::uint64_t kServers = 8;

// A directory for one run, gone afterwards.
class BenchDirectory {
 public:
  BenchDirectory() {
    path_ = (std::filesystem::temp_directory_path() / "hw_bench_XXXXXX").string();
    if (::mkdtemp(path_.data()) == nullptr) std::abort();
  }
  ~BenchDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BenchDirectory(const BenchDirectory&) = delete;
  BenchDirectory& operator=(const BenchDirectory&) = delete;
  [[nodiscard]] std::string Sub(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Payloads that do not shrink, as real ones hardly do.
std::string Payload(std::uint64_t seed) {
  std::string payload;
  while (payload.size() < kEventBytes) {
    seed = seed * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
    payload.push_back(static_cast<char>(seed >> 56));
  }
  return payload;
}

Group MakeGroup(std::uint64_t size) {
  Group group;
  for (std::uint64_t i = 0; i < size; ++i) {
    JournalEntry& entry = group.entries.emplace_back();
    entry.source = "hall-" + std::to_string(i % kServers);
    entry.content_hash = i * 0x9e3779b97f4a7c15ULL + 1;
    entry.payload = Payload(i);
  }
  for (std::uint64_t i = 0; i < kServers; ++i) {
    group.positions.push_back({"hall-" + std::to_string(i), 0, 1});
  }
  return group;
}

// Gives the group its places behind `last`.
void Place(std::uint64_t last, Group* group) {
  for (JournalEntry& entry : group->entries) {
    entry.position = ++last;
    entry.commit_us = static_cast<std::int64_t>(last);
    entry.source_seq = last / kServers;
  }
  for (SourcePosition& position : group->positions)
    position.durable_seq = last / kServers;
}

void Commit(benchmark::State& state) {
  const BenchDirectory directory;
  StoreOptions options;
  options.directory = directory.Sub("store");
  const std::unique_ptr<Store> store = *Store::Open(options);
  Group group = MakeGroup(static_cast<std::uint64_t>(state.range(0)));
  for (auto _ : state) {
    Place(store->last_position(), &group);
    if (!store->Commit(group).ok()) state.SkipWithError("commit failed");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(Commit)
    ->ArgName("events")
    ->Arg(16)
    ->Arg(256)
    ->Arg(1024)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void BareWrite(benchmark::State& state) {
  const BenchDirectory directory;
  const std::unique_ptr<Database> db =
      *Database::Open({directory.Sub("db"), false, true, std::size_t{1} << 20});
  std::string value;
  for (std::int64_t i = 0; i < state.range(0); ++i)
    value += Payload(static_cast<std::uint64_t>(i));
  std::uint64_t key = 0;
  for (auto _ : state) {
    rocksdb::WriteBatch batch;
    db->Put(&batch, Family::kJournal, PositionKey(++key), value);
    if (!db->Write(&batch).ok()) state.SkipWithError("write failed");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BareWrite)
    ->ArgName("events")
    ->Arg(16)
    ->Arg(256)
    ->Arg(1024)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// Decisions cost more than records: a sanction with its words sealed, and a directive.
void CommitDecision(benchmark::State& state) {
  const BenchDirectory directory;
  StoreOptions options;
  options.directory = directory.Sub("store");
  const std::unique_ptr<Store> store = *Store::Open(options);
  Group group = MakeGroup(1);
  for (auto _ : state) {
    Place(store->last_position(), &group);
    const JournalEntry& entry = group.entries.front();
    const std::string id = std::to_string(entry.position);
    PutSanction sanction;
    sanction.sanction.set_name("sanctions/" + id);
    sanction.sanction.set_account(id.substr(id.size() / 2));
    sanction.sanction.mutable_finding()->add_evidence()->set_text("words of a player");
    SendDirective directive{"hall-1", {}};
    directive.directive.set_directive_seq(static_cast<std::int64_t>(entry.position));
    directive.directive.set_cause(sanction.sanction.name());
    group.effects.clear();
    group.effects.push_back({entry.position, 0, entry.commit_us, std::move(sanction)});
    group.effects.push_back({entry.position, 1, entry.commit_us, std::move(directive)});
    if (!store->Commit(group).ok()) state.SkipWithError("commit failed");
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(CommitDecision)->MeasureProcessCPUTime()->UseRealTime();

// How long does it take to check the whole audit of a store? Records as GMs' commands leave them.
void CheckAudit(benchmark::State& state) {
  const BenchDirectory directory;
  StoreOptions options;
  options.directory = directory.Sub("store");
  options.sync = false;
  const std::unique_ptr<Store> store = *Store::Open(options);
  constexpr std::int64_t kPerGroup = 1000;
  for (std::int64_t made = 0; made < state.range(0); made += kPerGroup) {
    Group group = MakeGroup(1);
    Place(store->last_position(), &group);
    const JournalEntry& entry = group.entries.front();
    for (std::uint32_t i = 0; i < kPerGroup; ++i) {
      Audit audit;
      audit.record.mutable_actor()->set_principal("gm-" + std::to_string(i % 20));
      audit.record.set_method("GmService.CreateSanction");
      audit.record.set_resource("accounts/" + std::to_string(made + i));
      audit.record.set_account(std::to_string(made + i));
      audit.record.set_request_id("00000000-0000-4000-8000-00000000" + std::to_string(i));
      audit.record.set_reason("said what nobody should say, three times in one hand");
      audit.record.set_peer("192.0.2.7");
      group.effects.push_back({entry.position, i, entry.commit_us, std::move(audit)});
    }
    if (!store->Commit(group).ok()) state.SkipWithError("commit failed");
  }
  for (auto _ : state) {
    const absl::StatusOr<AuditReport> report = store->CheckAudit({});
    if (!report.ok() || report->problem_count != 0) state.SkipWithError("the audit is not whole");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(CheckAudit)->ArgName("records")->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void Seal(benchmark::State& state) {
  const BenchDirectory directory;
  const std::unique_ptr<Vault> vault = *Vault::Open(directory.Sub("keys"), false);
  const std::string words(30, 'w');
  for (auto _ : state) {
    const absl::StatusOr<std::string> sealed = vault->Seal("10086", "context", words);
    benchmark::DoNotOptimize(sealed.ok());
  }
}
BENCHMARK(Seal);

}  // namespace
}  // namespace hallwarden::storage
