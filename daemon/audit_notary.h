// Signs where the audit stands, now and then, and lets it leave the host.
#ifndef HALLWARDEN_DAEMON_AUDIT_NOTARY_H_
#define HALLWARDEN_DAEMON_AUDIT_NOTARY_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "hallwarden/v1/audit.pb.h"

#include "absl/status/status.h"
#include "daemon/clock.h"
#include "daemon/mutex.h"
#include "storage/audit_checkpoint.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Makes a signed checkpoint of the audit after so many records or so long, whichever comes first;
// keeps it in the store, appends it to a file that can be shipped elsewhere, and holds the newest
// one for the game servers, which are witnesses by keeping it. Tick and Stop are called by one
// thread at a time; the rest is thread-safe.
class AuditNotary {
 public:
  struct Options {
    // Lines as audit.proto says, appended and synced. Empty: no file.
    std::string file;
    std::uint64_t records_max = 1000;
    std::int64_t interval_us = 10'000'000;
  };
  // All outlive this.
  struct Parts {
    storage::Store* store = nullptr;
    Clock* clock = nullptr;
    // Commit time.
    std::function<std::int64_t()> now_us;
  };

  AuditNotary(Options options, Parts parts, std::unique_ptr<storage::AuditKey> key);

  // Takes up the newest checkpoint of the store. Warns if another key signed it.
  [[nodiscard]] absl::Status Start();
  // Once a second.
  void Tick();
  // After the last commit.
  void Stop();

  // Null: none was made yet.
  [[nodiscard]] std::shared_ptr<const v1::AuditCheckpoint> Latest() const;
  // Why the last one could not be kept; empty: it could.
  [[nodiscard]] std::string error() const;

 private:
  void Make();
  [[nodiscard]] absl::Status AppendLine(const v1::AuditCheckpoint& checkpoint) const;

  const Options options_;
  const Parts parts_;
  const std::unique_ptr<storage::AuditKey> key_;
  std::int64_t made_boot_us_ = 0;
  mutable Mutex mutex_;
  std::shared_ptr<const v1::AuditCheckpoint> latest_ HW_GUARDED_BY(mutex_);
  std::string error_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AUDIT_NOTARY_H_
