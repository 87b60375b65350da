// A client's positions on disk: a few named values in a small file that is replaced as a whole.
//
//   hallwarden-position 1
//   history_epoch 1
//   last_acked_seq 4711
//   checksum 5d1c88f3a2b0e947
//
// People may read it. A change by hand is refused, because the checksum no longer fits.
#ifndef HALLWARDEN_TOOLS_SESSION_POSITION_FILE_H_
#define HALLWARDEN_TOOLS_SESSION_POSITION_FILE_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/session/file_system.h"

namespace hallwarden::session {

// Names are [a-z0-9_]+; values are one line each.
using PositionValues = std::map<std::string, std::string>;

// Not thread-safe. `fs` must outlive it.
class PositionFile {
 public:
  PositionFile(FileSystem* fs, std::string path);

  // NOT_FOUND: there is none yet. DATA_LOSS: it is damaged; the message says what to do.
  [[nodiscard]] absl::StatusOr<PositionValues> Load() const;
  // Durable on return. After a crash the file holds the values of this call or of the one before.
  absl::Status Save(const PositionValues& values);
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  FileSystem* fs_;
  std::string path_;
};

// Value `name` as a number. INVALID_ARGUMENT when it is missing or no number.
absl::StatusOr<std::int64_t> PositionNumber(const PositionValues& values, const std::string& name);

// FNV-1a over `data`: tells damage from a whole file, nothing more.
std::uint64_t Fnv1a(const std::string& data);

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_POSITION_FILE_H_
