// A disk whose power can be cut, and which can be told to fail.
#ifndef HALLWARDEN_TESTS_STORAGE_SUPPORT_POWER_CUT_FILE_SYSTEM_H_
#define HALLWARDEN_TESTS_STORAGE_SUPPORT_POWER_CUT_FILE_SYSTEM_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <rocksdb/file_system.h>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"

namespace hallwarden::storage {

// What an operation on files is, for faults.
enum class FileOp : std::uint8_t { kCreate, kAppend, kSync, kRename, kDelete, kSyncDirectory };

// Passes everything on to the host's file system, and remembers what a power cut would take away:
// - bytes appended since the file's last sync: any prefix of them may survive, cut at a multiple of
//   512 bytes, or at any byte, or followed by what the sectors held before (`Tail::kGarbage`);
// - a file written in place since its last sync: what was there, what came, or a mix;
// - creations, links, renames and deletions since the directory's last sync: any prefix of each
//   directory's survives, the directories independent of each other.
// That is harsher than a journaling file system and no harsher than POSIX. The host's own syncs are
// left out: a test's directory lies in memory.
//
// Files made behind its back count as durable. Thread-safe but for Lose.
class PowerCutFileSystem final : public rocksdb::FileSystemWrapper {
 public:
  // How the end of a file that was not synced can look.
  enum class Tail { kClean, kGarbage };

  // `attic` is an empty directory of the same file system, outside of what is tested: keeps what
  // was deleted until the deletion is durable.
  explicit PowerCutFileSystem(std::string attic);
  ~PowerCutFileSystem() override;
  PowerCutFileSystem(const PowerCutFileSystem&) = delete;
  PowerCutFileSystem& operator=(const PowerCutFileSystem&) = delete;

  [[nodiscard]] const char* Name() const override { return "PowerCutFileSystem"; }

  // The power fails at the `operations`-th operation from now on that changes something; that one
  // and all later ones fail.
  void CutAfter(std::uint64_t operations);
  // With it the cut ends the process: the operation that meets it runs `last_words`, which may call
  // Lose and must end the process, while no other operation is under way and none returns any
  // more. What is left in memory dies with it, as it does when the power fails.
  void DieWhenCut(std::function<void()> last_words);
  void CutNow();
  [[nodiscard]] bool is_cut() const;
  // Operations that changed something, since the start or the last Lose.
  [[nodiscard]] std::uint64_t operations() const;

  // The next `times` operations of this kind on a file whose path holds `part` fail with `error`,
  // without an effect or, with `after`, after it.
  struct Fault {
    FileOp op = FileOp::kSync;
    std::string part;
    rocksdb::IOStatus error;
    std::uint32_t times = 1;
    bool after = false;
  };
  void Fail(Fault fault);
  // Faults that have struck.
  [[nodiscard]] std::uint64_t faults() const;

  // Changes the directories to what a disk could hold after the power came back, and takes faults
  // and cut back. Requires: everything is closed, or the process ends now. Returns how many bytes
  // and directory entries were lost.
  struct Loss {
    std::uint64_t bytes = 0;
    std::uint64_t entries = 0;
    std::uint64_t torn_files = 0;
  };
  Loss Lose(std::mt19937* random, Tail tail);

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReopenWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                       std::unique_ptr<rocksdb::FSWritableFile>* file,
                                       rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus ReuseWritableFile(const std::string& path, const std::string& old_path,
                                      const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSWritableFile>* file,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& path, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus LinkFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) override;

  // While it lives, an operation is under way.
  class Running {
   public:
    explicit Running(PowerCutFileSystem* disk) : disk_(disk) { disk_->power_.ReaderLock(); }
    ~Running() { disk_->power_.ReaderUnlock(); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;

   private:
    PowerCutFileSystem* const disk_;
  };

  // ---- for its files ----------------------------------------------------------------------------
  // A file's content, under whatever names.
  struct Inode {
    // Where it is now: one of its names, or in the attic.
    std::string path;
    std::uint64_t size = 0;
    std::uint64_t durable_size = 0;
    // What a file written in place held at its last sync.
    std::optional<std::string> before;
  };
  using InodePtr = std::shared_ptr<Inode>;

  // Counts an operation that is Running; an error if the power is off or a fault strikes before its
  // effect.
  rocksdb::IOStatus Begin(FileOp op, const std::string& path);
  // An error if a fault strikes after its effect.
  rocksdb::IOStatus End(FileOp op, const std::string& path);
  void Appended(const InodePtr& inode, std::uint64_t bytes);
  void Truncated(const InodePtr& inode, std::uint64_t size);
  // `size`: as it was before the sync.
  void Synced(const InodePtr& inode, std::uint64_t size);
  std::uint64_t SizeOf(const InodePtr& inode);
  void WillOverwrite(const InodePtr& inode);
  void SyncedDirectory(const std::string& path);

 private:
  // A change of a directory that is not durable.
  struct Entry {
    enum class Kind { kCreated, kDeleted, kRenamed } kind = Kind::kCreated;
    std::string path;
    // Renamed: where from.
    std::string from;
    // What was there before, in the attic; empty: nothing.
    std::string attic;
    InodePtr inode;
    InodePtr replaced;
  };

  std::optional<rocksdb::IOStatus> Strike(FileOp op, const std::string& path, bool after)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  InodePtr Known(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Moves what has this name to the attic. Empty if there is nothing.
  std::string ToAttic(const std::string& path) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Note(Entry entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Undo(const Entry& entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Tear(const Inode& inode, std::mt19937* random, Tail tail, Loss* loss)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Runs the last words, or waits for the end of the process.
  [[noreturn]] void Die(bool first);

  const std::string attic_;
  // Held for reading by every operation, and to die.
  absl::Mutex power_;
  std::function<void()> last_words_;
  mutable absl::Mutex mutex_;
  bool cut_ ABSL_GUARDED_BY(mutex_) = false;
  std::uint64_t operations_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t cut_at_ ABSL_GUARDED_BY(mutex_) = UINT64_MAX;
  std::uint64_t faults_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t next_attic_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Fault> pending_faults_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, InodePtr> inodes_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::vector<Entry>> directories_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_TESTS_STORAGE_SUPPORT_POWER_CUT_FILE_SYSTEM_H_
