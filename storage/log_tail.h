// The end of a log that a power loss left torn.
#ifndef HALLWARDEN_STORAGE_LOG_TAIL_H_
#define HALLWARDEN_STORAGE_LOG_TAIL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rocksdb/env.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::storage {

// Looks at a log of RocksDB (a WAL or a MANIFEST). If it holds bytes that are no record, and no
// whole record anywhere behind them, returns where the last whole record ends: what follows was
// being written when the power failed. Nullopt if the log is whole, ends in the middle of a record
// (RocksDB drops that by itself), or has whole records behind the damage, which then is no torn
// tail.
[[nodiscard]] std::optional<std::uint64_t> FindTornTail(std::string_view log);

// DATA_LOSS if the last block of the newest WAL holds bytes that are no record, and whole records
// behind them. RocksDB takes a record there whose length is damaged for the end of the log, and
// drops what follows without a word. `directory` may be a database in use.
[[nodiscard]] absl::Status CheckLastBlock(rocksdb::Env* env, const std::string& directory);

// Cuts torn tails off the newest WAL and the current MANIFEST of a database, durably; what is cut
// is kept beside it as `<file>.torn`. True if there was one. Requires: nobody has it open.
//
// RocksDB refuses to open over such a tail, and rightly: it cannot tell it from a damaged last
// record. What was acknowledged is judged afterwards, by HIGHWATER, the checkpoint and the WALs
// that the MANIFEST tracks.
[[nodiscard]] absl::StatusOr<bool> CutTornTails(rocksdb::Env* env, const std::string& directory);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_LOG_TAIL_H_
