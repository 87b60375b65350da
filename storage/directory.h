// The store's directory beside its RocksDB: who may write, and how far it was written.
#ifndef HALLWARDEN_STORAGE_DIRECTORY_H_
#define HALLWARDEN_STORAGE_DIRECTORY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <rocksdb/env.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace hallwarden::storage {

// Makes a directory, readable by its owner alone, with its parents, durably.
[[nodiscard]] absl::Status MakeDirectory(const std::string& path);

// Makes what was created, renamed or deleted in a directory durable: syncing a file does not keep
// its name.
[[nodiscard]] absl::Status SyncDirectory(const std::string& path);

// Deletes every file in a directory. OK if there is none.
[[nodiscard]] absl::Status EmptyDirectory(rocksdb::Env* env, const std::string& path);

// Holds `<directory>/LOCK` until destroyed or until the process dies. Not thread-safe.
class DirectoryLock {
 public:
  // FAILED_PRECONDITION if another process, or another store of this one, holds it.
  static absl::StatusOr<std::unique_ptr<DirectoryLock>> Take(const std::string& directory);
  ~DirectoryLock();
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  explicit DirectoryLock(int fd) : fd_(fd) {}

  int fd_;
};

// `<directory>/HIGHWATER`: the last position that was committed, kept outside of RocksDB. Written
// after each commit, without a sync of its own: it survives the end of the process, and after a
// power loss it may be older than the journal, never newer. So a journal that ends below it has
// lost acknowledged records, for example because its live log was cut or deleted; a journal above
// it proves nothing. Nor does a mark that a power loss left torn: its checksum tells. Not
// thread-safe.
class HighWater {
 public:
  // What the file says.
  struct Mark {
    std::string store_id;  // 16 bytes
    // 0 if there is no file, or a damaged one.
    std::uint64_t position = 0;
  };

  // Opens or makes the file. `store_id` (16 bytes) tells whose position it is.
  static absl::StatusOr<std::unique_ptr<HighWater>> Open(rocksdb::Env* env,
                                                         const std::string& directory,
                                                         std::string_view store_id);
  static Mark Read(const std::string& directory);
  // Syncs.
  ~HighWater();
  HighWater(const HighWater&) = delete;
  HighWater& operator=(const HighWater&) = delete;

  [[nodiscard]] absl::Status Write(std::uint64_t position);

 private:
  HighWater(std::unique_ptr<rocksdb::RandomRWFile> file, std::string_view store_id)
      : file_(std::move(file)), store_id_(store_id) {}

  std::unique_ptr<rocksdb::RandomRWFile> file_;
  std::string store_id_;
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_DIRECTORY_H_
