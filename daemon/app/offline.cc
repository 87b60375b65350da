#include "daemon/app/offline.h"

#include <charconv>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "daemon/artefact_cache.h"
#include "daemon/posting_tail.h"
#include "daemon/replay.h"
#include "rules/engine/engine.h"
#include "storage/backup/backup.h"
#include "storage/store.h"
#include "storage/verify/verify.h"

namespace hallwarden::daemon {
namespace {

constexpr int kExitProblems = 1;
constexpr int kExitCannotOpen = 2;
constexpr std::size_t kReplayCells = std::size_t{1} << 20;

std::string Text(const absl::Status& status) {
  return std::string(status.message().data(), status.message().size());
}

int CannotOpen(const absl::Status& status, const OfflineOutput& output) {
  *output.talk << "hallwardend: " << Text(status) << "\n";
  return kExitCannotOpen;
}

std::string Moment(std::int64_t us) {
  return absl::FormatTime(absl::RFC3339_sec, absl::FromUnixMicros(us), absl::LocalTimeZone());
}

// Steps the records behind the checkpoint again and compares with what was committed.
absl::StatusOr<std::uint64_t> ReplayDifferences(const Flags& flags, const OfflineOutput& output) {
  storage::StoreOptions options;
  options.directory = flags.store;
  options.read_only = true;
  const absl::StatusOr<std::unique_ptr<storage::Store>> opened = storage::Store::Open(options);
  if (!opened.ok()) return opened.status();
  storage::Store& store = **opened;
  ArtefactCache artefacts(&store);
  Cells cells(&store.cells(), kReplayCells);
  EngineRunner runner(EngineOptions{.fingerprint_key = store.vault().FingerprintKey()}, &cells,
                      &artefacts);
  PostingTail tail;
  ReplayProgress progress;
  *output.talk << "replaying " << store.last_position() - store.checkpoint_position()
               << " records behind the checkpoint\n";
  if (absl::Status status = ReplayTail(&store, &runner, &cells, &tail, &progress); !status.ok()) {
    return status;
  }
  return progress.differences.load();
}

std::optional<std::uint32_t> NumberOf(std::string_view name) {
  constexpr std::string_view kPrefix = "backups/";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  if (name == "latest") return 0;
  std::uint32_t number = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size() || number == 0) {
    return std::nullopt;
  }
  return number;
}

}  // namespace

int VerifyOffline(const Flags& flags, const OfflineOutput& output) {
  storage::VerifyOptions options;
  options.progress = [&output](std::string_view check, std::uint64_t rows) {
    *output.talk << "checking " << check << ", " << rows << " rows so far\n";
  };
  const absl::StatusOr<storage::VerifyReport> report =
      storage::VerifyStore(storage::PlaceOf(flags.store), options);
  if (!report.ok()) return CannotOpen(report.status(), output);
  for (const storage::VerifyProblem& problem : report->problems)
    *output.results << problem.ToString() << "\n";
  if (report->problem_count > report->problems.size()) {
    *output.results << "and " << report->problem_count - report->problems.size() << " more\n";
  }
  std::uint64_t problems = report->problem_count;
  if (flags.replay && problems == 0) {
    const absl::StatusOr<std::uint64_t> differ = ReplayDifferences(flags, output);
    if (!differ.ok()) return CannotOpen(differ.status(), output);
    problems += *differ;
    if (*differ > 0) {
      *output.results << "replay: journal: " << *differ
                      << " groups decide otherwise than when they were committed; keep the store "
                         "and tell the developers\n";
    }
  }
  *output.results << (problems == 0 ? "clean: " : "NOT clean: ") << report->rows
                  << " rows, journal up to " << report->last_position << ", checkpoint at "
                  << report->checkpoint_position << ", " << report->erased << " erased values, "
                  << problems << " problems\n";
  return problems == 0 ? 0 : kExitProblems;
}

int ListBackupsOffline(const Flags& flags, const OfflineOutput& output) {
  const absl::StatusOr<std::vector<storage::BackupInfo>> backups =
      storage::ListBackups(flags.BackupDirectory());
  if (!backups.ok()) return CannotOpen(backups.status(), output);
  for (auto backup = backups->rbegin(); backup != backups->rend(); ++backup) {
    *output.results << backup->id;
    if (backup->damaged) {
      *output.results << "\tdamaged: files are missing\n";
      continue;
    }
    *output.results << "\t" << Moment(backup->create_us) << "\tposition " << backup->position
                    << "\t" << backup->bytes << " bytes\t" << backup->label << "\n";
  }
  return 0;
}

int RestoreOffline(const Flags& flags, const OfflineOutput& output) {
  const std::optional<std::uint32_t> number = NumberOf(flags.restore);
  if (!number.has_value()) {
    return CannotOpen(absl::InvalidArgumentError(
                          "--restore takes the number of a backup, or `latest`; --backups lists "
                          "them"),
                      output);
  }
  storage::RestoreRequest request;
  request.store_directory = flags.store;
  request.directory = flags.BackupDirectory();
  request.keys_directory = flags.BackupKeysDirectory();
  request.id = *number;
  request.progress = [&output](std::string_view line) { *output.talk << line << "\n"; };
  const absl::StatusOr<storage::Restored> restored = storage::RestoreBackup(request);
  if (!restored.ok()) return CannotOpen(restored.status(), output);
  *output.results << "restored backup " << restored->backup.id << " of "
                  << Moment(restored->backup.create_us) << ", journal up to position "
                  << restored->backup.position << " or later\n";
  if (restored->keys_restored) *output.results << "the keys were taken from their copy\n";
  if (!restored->kept_in.empty()) {
    *output.results << "what was there before is in " << restored->kept_in
                    << "; delete it when nobody needs it any more\n";
  }
  *output.results << "start the daemon, then: gmctl store accept-restore\n";
  return 0;
}

}  // namespace hallwarden::daemon
