// The few file operations that keep positions, as an interface so that tests can cut the power
// between any two.
#ifndef HALLWARDEN_TOOLS_SESSION_FILE_SYSTEM_H_
#define HALLWARDEN_TOOLS_SESSION_FILE_SYSTEM_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::session {

struct FileInfo {
  // Name within its directory; empty when asked of an open file.
  std::string name;
  std::uint64_t inode = 0;
  std::int64_t size_bytes = 0;
  // Last change of the content, nanoseconds since the epoch.
  std::int64_t mtime_ns = 0;
};

// A file open for reading. It stays the same file when its name moves on to another one.
class ReadableFile {
 public:
  virtual ~ReadableFile() = default;
  virtual absl::StatusOr<FileInfo> Info() = 0;
  // Up to `size` bytes at `offset`; fewer only at the end of the file.
  virtual absl::StatusOr<std::string> ReadAt(std::int64_t offset, std::size_t size) = 0;
};

// A file open for writing at its end.
class WritableFile {
 public:
  virtual ~WritableFile() = default;
  virtual absl::Status Append(const std::string& data) = 0;
  // Returns when everything appended survives a power cut.
  virtual absl::Status Sync() = 0;
};

// Errors name the path and what was tried. NOT_FOUND: there is no such file. Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;
  virtual absl::StatusOr<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) = 0;
  // Empties the file, or makes it.
  virtual absl::StatusOr<std::unique_ptr<WritableFile>> Create(const std::string& path) = 0;
  // Makes the file if it is missing.
  virtual absl::StatusOr<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) = 0;
  // Replaces `to`. Atomic; durable after SyncDirectory.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  virtual absl::Status SyncDirectory(const std::string& directory) = 0;
  virtual absl::Status Truncate(const std::string& path, std::int64_t size_bytes) = 0;
  // Plain files of a directory, in no particular order.
  virtual absl::StatusOr<std::vector<FileInfo>> List(const std::string& directory) = 0;
};

// The machine's own file system.
FileSystem& RealFileSystem();

// Directory part of a path; `.` when it has none.
std::string DirectoryOf(const std::string& path);
// Last part of a path.
std::string BaseOf(const std::string& path);

// The whole file. RESOURCE_EXHAUSTED when it is larger than `size_max`.
absl::StatusOr<std::string> ReadWholeFile(FileSystem& fs, const std::string& path,
                                          std::size_t size_max);

// Replaces the file such that after a crash at any point either the old or the new content is
// there, and after a return of OK the new one: writes `path.tmp`, syncs it, renames it, syncs the
// directory.
absl::Status ReplaceFile(FileSystem& fs, const std::string& path, const std::string& content);

}  // namespace hallwarden::session

#endif  // HALLWARDEN_TOOLS_SESSION_FILE_SYSTEM_H_
