#include "tests/storage/support/power_cut_file_system.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

constexpr std::uint64_t kSector = 512;

std::string DirectoryOf(const std::string& path) {
  return fs::path(path).parent_path().lexically_normal().string();
}

// RocksDB writes `db//CURRENT` now and then.
std::string Normal(const std::string& path) {
  return fs::path(path).lexically_normal().string();
}

std::uint64_t SizeOnDisk(const std::string& path) {
  std::error_code error;
  const std::uintmax_t size = fs::file_size(path, error);
  return error ? 0 : size;
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteAll(const std::string& path, std::string_view bytes) {
  // In place: other names of the file keep the same content.
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

IOStatus PowerIsOff() {
  return IOStatus::IOError("the power is off");
}

class TrackedFile final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  TrackedFile(std::unique_ptr<rocksdb::FSWritableFile> target, PowerCutFileSystem* disk,
              std::string path, PowerCutFileSystem::InodePtr inode)
      : FSWritableFileOwnerWrapper(std::move(target)),
        disk_(disk),
        path_(std::move(path)),
        inode_(std::move(inode)) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    const PowerCutFileSystem::Running running(disk_);
    IOStatus status = disk_->Begin(FileOp::kAppend, path_);
    if (!status.ok()) return status;
    status = target()->Append(data, options, debug);
    if (!status.ok()) return status;
    disk_->Appended(inode_, data.size());
    return disk_->End(FileOp::kAppend, path_);
  }
  IOStatus Append(const Slice& data, const IOOptions& options,
                  const rocksdb::DataVerificationInfo& /*checksum*/,
                  IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    const PowerCutFileSystem::Running running(disk_);
    IOStatus status = disk_->Begin(FileOp::kAppend, path_);
    if (!status.ok()) return status;
    status = target()->Truncate(size, options, debug);
    if (status.ok()) disk_->Truncated(inode_, size);
    return status;
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    const std::uint64_t size = disk_->SizeOf(inode_);
    const PowerCutFileSystem::Running running(disk_);
    IOStatus status = disk_->Begin(FileOp::kSync, path_);
    if (!status.ok()) return status;
    disk_->Synced(inode_, size);
    return disk_->End(FileOp::kSync, path_);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // Starts writing back; promises nothing.
  IOStatus RangeSync(std::uint64_t /*offset*/, std::uint64_t /*size*/, const IOOptions& /*options*/,
                     IODebugContext* /*debug*/) override {
    return IOStatus::OK();
  }
  [[nodiscard]] bool IsSyncThreadSafe() const override { return true; }

 private:
  PowerCutFileSystem* const disk_;
  const std::string path_;
  const PowerCutFileSystem::InodePtr inode_;
};

class TrackedRandomFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  TrackedRandomFile(std::unique_ptr<rocksdb::FSRandomRWFile> target, PowerCutFileSystem* disk,
                    std::string path, PowerCutFileSystem::InodePtr inode)
      : FSRandomRWFileOwnerWrapper(std::move(target)),
        disk_(disk),
        path_(std::move(path)),
        inode_(std::move(inode)) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options,
                 IODebugContext* debug) override {
    const PowerCutFileSystem::Running running(disk_);
    IOStatus status = disk_->Begin(FileOp::kAppend, path_);
    if (!status.ok()) return status;
    disk_->WillOverwrite(inode_);
    status = target()->Write(offset, data, options, debug);
    if (!status.ok()) return status;
    return disk_->End(FileOp::kAppend, path_);
  }
  IOStatus Sync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    const PowerCutFileSystem::Running running(disk_);
    IOStatus status = disk_->Begin(FileOp::kSync, path_);
    if (!status.ok()) return status;
    disk_->Synced(inode_, SizeOnDisk(path_));
    return disk_->End(FileOp::kSync, path_);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return Sync(options, debug);
  }

 private:
  PowerCutFileSystem* const disk_;
  const std::string path_;
  const PowerCutFileSystem::InodePtr inode_;
};

class TrackedDirectory final : public rocksdb::FSDirectory {
 public:
  TrackedDirectory(std::unique_ptr<rocksdb::FSDirectory> target, PowerCutFileSystem* disk,
                   std::string path)
      : target_(std::move(target)), disk_(disk), path_(std::move(path)) {}

  IOStatus Fsync(const IOOptions& /*options*/, IODebugContext* /*debug*/) override {
    const PowerCutFileSystem::Running running(disk_);
    IOStatus status = disk_->Begin(FileOp::kSyncDirectory, path_);
    if (!status.ok()) return status;
    disk_->SyncedDirectory(path_);
    return disk_->End(FileOp::kSyncDirectory, path_);
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& /*why*/) override {
    return Fsync(options, debug);
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return target_->Close(options, debug);
  }
  size_t GetUniqueId(char* id, size_t max_size) const override {
    return target_->GetUniqueId(id, max_size);
  }

 private:
  const std::unique_ptr<rocksdb::FSDirectory> target_;
  PowerCutFileSystem* const disk_;
  const std::string path_;
};

}  // namespace

PowerCutFileSystem::PowerCutFileSystem(std::string attic)
    : FileSystemWrapper(rocksdb::FileSystem::Default()), attic_(std::move(attic)) {
  fs::create_directories(attic_);
}

PowerCutFileSystem::~PowerCutFileSystem() = default;

void PowerCutFileSystem::CutAfter(std::uint64_t operations) {
  const absl::MutexLock lock(&mutex_);
  cut_at_ = operations_ + operations;
}

void PowerCutFileSystem::CutNow() {
  const absl::MutexLock lock(&mutex_);
  cut_ = true;
}

bool PowerCutFileSystem::is_cut() const {
  const absl::MutexLock lock(&mutex_);
  return cut_;
}

std::uint64_t PowerCutFileSystem::operations() const {
  const absl::MutexLock lock(&mutex_);
  return operations_;
}

void PowerCutFileSystem::Fail(Fault fault) {
  const absl::MutexLock lock(&mutex_);
  pending_faults_.push_back(std::move(fault));
}

std::uint64_t PowerCutFileSystem::faults() const {
  const absl::MutexLock lock(&mutex_);
  return faults_;
}

std::optional<IOStatus> PowerCutFileSystem::Strike(FileOp op, const std::string& path, bool after) {
  for (Fault& fault : pending_faults_) {
    if (fault.times == 0 || fault.op != op || fault.after != after ||
        path.find(fault.part) == std::string::npos) {
      continue;
    }
    --fault.times;
    ++faults_;
    return fault.error;
  }
  return std::nullopt;
}

void PowerCutFileSystem::DieWhenCut(std::function<void()> last_words) {
  last_words_ = std::move(last_words);
}

void PowerCutFileSystem::Die(bool first) {
  power_.ReaderUnlock();
  if (first) {
    power_.WriterLock();
    last_words_();
  }
  for (;;)
    ::pause();
}

IOStatus PowerCutFileSystem::Begin(FileOp op, const std::string& path) {
  bool first = false;
  {
    const absl::MutexLock lock(&mutex_);
    first = !cut_ && operations_ >= cut_at_;
    if (first) cut_ = true;
    if (!cut_) ++operations_;
  }
  if (is_cut()) {
    if (last_words_) Die(first);
    return PowerIsOff();
  }
  const absl::MutexLock lock(&mutex_);
  if (const auto error = Strike(op, path, false)) return *error;
  return IOStatus::OK();
}

IOStatus PowerCutFileSystem::End(FileOp op, const std::string& path) {
  const absl::MutexLock lock(&mutex_);
  if (const auto error = Strike(op, path, true)) return *error;
  return IOStatus::OK();
}

PowerCutFileSystem::InodePtr PowerCutFileSystem::Known(const std::string& path) {
  InodePtr& inode = inodes_[path];
  if (inode == nullptr) {
    inode = std::make_shared<Inode>();
    inode->path = path;
    inode->size = inode->durable_size = SizeOnDisk(path);
  }
  return inode;
}

std::string PowerCutFileSystem::ToAttic(const std::string& path) {
  std::error_code error;
  if (!fs::exists(path, error)) return {};
  std::string attic = attic_ + "/" + std::to_string(next_attic_++);
  fs::rename(path, attic, error);
  if (error) return {};
  return attic;
}

void PowerCutFileSystem::Note(Entry entry) {
  directories_[DirectoryOf(entry.path)].push_back(std::move(entry));
}

void PowerCutFileSystem::Appended(const InodePtr& inode, std::uint64_t bytes) {
  const absl::MutexLock lock(&mutex_);
  inode->size += bytes;
}

void PowerCutFileSystem::Truncated(const InodePtr& inode, std::uint64_t size) {
  const absl::MutexLock lock(&mutex_);
  inode->size = size;
  inode->durable_size = std::min(inode->durable_size, size);
}

void PowerCutFileSystem::Synced(const InodePtr& inode, std::uint64_t size) {
  const absl::MutexLock lock(&mutex_);
  inode->durable_size = std::max(inode->durable_size, size);
  inode->before.reset();
}

std::uint64_t PowerCutFileSystem::SizeOf(const InodePtr& inode) {
  const absl::MutexLock lock(&mutex_);
  return inode->size;
}

void PowerCutFileSystem::WillOverwrite(const InodePtr& inode) {
  const absl::MutexLock lock(&mutex_);
  if (!inode->before.has_value()) inode->before = ReadAll(inode->path);
}

void PowerCutFileSystem::SyncedDirectory(const std::string& path) {
  const absl::MutexLock lock(&mutex_);
  for (const Entry& entry : directories_[Normal(path)]) {
    std::error_code ignored;
    if (!entry.attic.empty()) fs::remove(entry.attic, ignored);
  }
  directories_[Normal(path)].clear();
}

IOStatus PowerCutFileSystem::NewWritableFile(const std::string& path,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSWritableFile>* file,
                                             IODebugContext* debug) {
  const Running running(this);
  IOStatus status = Begin(FileOp::kCreate, path);
  if (!status.ok()) return status;
  const std::string name = Normal(path);
  InodePtr inode;
  {
    const absl::MutexLock lock(&mutex_);
    const InodePtr replaced = Known(name);
    const std::string attic = ToAttic(name);
    if (!attic.empty()) {
      replaced->path = attic;
      Note({Entry::Kind::kDeleted, name, {}, attic, replaced, nullptr});
    }
    inode = inodes_[name] = std::make_shared<Inode>();
    inode->path = name;
    Note({Entry::Kind::kCreated, name, {}, {}, inode, nullptr});
  }
  std::unique_ptr<rocksdb::FSWritableFile> made;
  status = target()->NewWritableFile(path, options, &made, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<TrackedFile>(std::move(made), this, name, inode);
  return End(FileOp::kCreate, path);
}

IOStatus PowerCutFileSystem::ReopenWritableFile(const std::string& path,
                                                const rocksdb::FileOptions& options,
                                                std::unique_ptr<rocksdb::FSWritableFile>* file,
                                                IODebugContext* debug) {
  std::error_code error;
  if (!fs::exists(path, error)) return NewWritableFile(path, options, file, debug);
  const Running running(this);
  IOStatus status = Begin(FileOp::kCreate, path);
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> made;
  status = target()->ReopenWritableFile(path, options, &made, debug);
  if (!status.ok()) return status;
  const absl::MutexLock lock(&mutex_);
  const std::string name = Normal(path);
  *file = std::make_unique<TrackedFile>(std::move(made), this, name, Known(name));
  return status;
}

IOStatus PowerCutFileSystem::ReuseWritableFile(const std::string& /*path*/,
                                               const std::string& /*old_path*/,
                                               const rocksdb::FileOptions& /*options*/,
                                               std::unique_ptr<rocksdb::FSWritableFile>* /*file*/,
                                               IODebugContext* /*debug*/) {
  return IOStatus::NotSupported("logs are never recycled: storage/FORMAT.md");
}

IOStatus PowerCutFileSystem::NewRandomRWFile(const std::string& path,
                                             const rocksdb::FileOptions& options,
                                             std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                             IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSRandomRWFile> made;
  IOStatus status = target()->NewRandomRWFile(path, options, &made, debug);
  if (!status.ok()) return status;
  const absl::MutexLock lock(&mutex_);
  const std::string name = Normal(path);
  *file = std::make_unique<TrackedRandomFile>(std::move(made), this, name, Known(name));
  return status;
}

IOStatus PowerCutFileSystem::NewDirectory(const std::string& path, const IOOptions& options,
                                          std::unique_ptr<rocksdb::FSDirectory>* directory,
                                          IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSDirectory> made;
  IOStatus status = target()->NewDirectory(path, options, &made, debug);
  if (!status.ok()) return status;
  // "db/." names "db".
  std::string name = Normal(path + "/.");
  if (name.size() > 1 && name.back() == '/') name.pop_back();
  *directory = std::make_unique<TrackedDirectory>(std::move(made), this, std::move(name));
  return status;
}

IOStatus PowerCutFileSystem::DeleteFile(const std::string& path, const IOOptions& /*options*/,
                                        IODebugContext* /*debug*/) {
  const Running running(this);
  IOStatus status = Begin(FileOp::kDelete, path);
  if (!status.ok()) return status;
  {
    const absl::MutexLock lock(&mutex_);
    const std::string name = Normal(path);
    const InodePtr inode = Known(name);
    const std::string attic = ToAttic(name);
    inodes_.erase(name);
    if (attic.empty()) return IOStatus::PathNotFound(path);
    inode->path = attic;
    Note({Entry::Kind::kDeleted, name, {}, attic, inode, nullptr});
  }
  return End(FileOp::kDelete, path);
}

IOStatus PowerCutFileSystem::RenameFile(const std::string& from, const std::string& to,
                                        const IOOptions& options, IODebugContext* debug) {
  const Running running(this);
  IOStatus status = Begin(FileOp::kRename, to);
  if (!status.ok()) return status;
  {
    const absl::MutexLock lock(&mutex_);
    const std::string source = Normal(from);
    const std::string target_name = Normal(to);
    std::error_code error;
    if (!fs::exists(source, error)) return IOStatus::PathNotFound(from);
    InodePtr replaced = fs::exists(target_name, error) ? Known(target_name) : nullptr;
    const std::string attic = ToAttic(target_name);
    if (replaced != nullptr) replaced->path = attic;
    const InodePtr inode = Known(source);
    status = target()->RenameFile(source, target_name, options, debug);
    if (!status.ok()) return status;
    inodes_.erase(source);
    inode->path = target_name;
    inodes_[target_name] = inode;
    Note({Entry::Kind::kRenamed, target_name, source, attic, inode, std::move(replaced)});
  }
  return End(FileOp::kRename, to);
}

IOStatus PowerCutFileSystem::LinkFile(const std::string& from, const std::string& to,
                                      const IOOptions& options, IODebugContext* debug) {
  const Running running(this);
  IOStatus status = Begin(FileOp::kCreate, to);
  if (!status.ok()) return status;
  status = target()->LinkFile(from, to, options, debug);
  if (!status.ok()) return status;
  const absl::MutexLock lock(&mutex_);
  const InodePtr inode = Known(Normal(from));
  const std::string name = Normal(to);
  inodes_[name] = inode;
  Note({Entry::Kind::kCreated, name, {}, {}, inode, nullptr});
  return status;
}

// ---- what is lost -------------------------------------------------------------------------------

void PowerCutFileSystem::Undo(const Entry& entry) {
  std::error_code ignored;
  switch (entry.kind) {
    case Entry::Kind::kCreated:
      fs::remove(entry.path, ignored);
      return;
    case Entry::Kind::kDeleted:
      fs::rename(entry.attic, entry.path, ignored);
      entry.inode->path = entry.path;
      return;
    case Entry::Kind::kRenamed:
      fs::rename(entry.path, entry.from, ignored);
      entry.inode->path = entry.from;
      if (entry.replaced != nullptr) {
        fs::rename(entry.attic, entry.path, ignored);
        entry.replaced->path = entry.path;
      }
      return;
  }
}

void PowerCutFileSystem::Tear(const Inode& inode, std::mt19937* random, Tail tail, Loss* loss) {
  std::error_code error;
  if (!fs::exists(inode.path, error)) return;
  if (inode.before.has_value()) {
    // All, nothing, or some of the bytes: it is shorter than a sector.
    std::string now = ReadAll(inode.path);
    const auto choice = (*random)() % 3;
    if (choice == 0) WriteAll(inode.path, *inode.before);
    if (choice == 1) {
      const std::size_t kept = (*random)() % (now.size() + 1);
      const std::size_t old = std::min(kept, inode.before->size());
      for (std::size_t i = old; i < std::min(now.size(), inode.before->size()); ++i)
        now[i] = (*inode.before)[i];
      WriteAll(inode.path, now);
    }
    if (choice != 2) ++loss->torn_files;
    return;
  }
  const std::uint64_t size = SizeOnDisk(inode.path);
  if (size <= inode.durable_size) return;
  const std::uint64_t unsynced = size - inode.durable_size;
  std::uint64_t kept = inode.durable_size;
  const auto choice = (*random)() % 4;
  if (choice == 1) kept = size;
  if (choice >= 2) kept += (*random)() % (unsynced + 1);
  if (choice == 2) kept = std::max(inode.durable_size, kept / kSector * kSector);
  if (kept == size) return;
  loss->bytes += size - kept;
  ++loss->torn_files;
  fs::resize_file(inode.path, kept, error);
  if (tail == Tail::kGarbage && (*random)() % 2 == 0) {
    // The size came through, the sectors did not: zeros, or what they held before.
    std::string rest(size - kept, '\0');
    if ((*random)() % 2 == 0) {
      for (char& byte : rest)
        byte = static_cast<char>((*random)());
    }
    std::ofstream(inode.path, std::ios::binary | std::ios::app) << rest;
  }
}

PowerCutFileSystem::Loss PowerCutFileSystem::Lose(std::mt19937* random, Tail tail) {
  const absl::MutexLock lock(&mutex_);
  Loss loss;
  std::set<InodePtr> inodes;
  for (const auto& [path, inode] : inodes_)
    inodes.insert(inode);
  for (auto& [directory, entries] : directories_) {
    for (const Entry& entry : entries) {
      inodes.insert(entry.inode);
      if (entry.replaced != nullptr) inodes.insert(entry.replaced);
    }
  }
  // Pointers differ from run to run; names do not.
  std::vector<InodePtr> ordered(inodes.begin(), inodes.end());
  std::sort(ordered.begin(), ordered.end(),
            [](const InodePtr& a, const InodePtr& b) { return a->path < b->path; });
  for (const InodePtr& inode : ordered)
    Tear(*inode, random, tail, &loss);
  for (auto& [directory, entries] : directories_) {
    std::size_t kept = entries.size();
    const auto choice = (*random)() % 3;
    if (choice == 0) kept = 0;
    if (choice == 1) kept = (*random)() % (entries.size() + 1);
    loss.entries += entries.size() - kept;
    while (entries.size() > kept) {
      Undo(entries.back());
      entries.pop_back();
    }
  }
  inodes_.clear();
  directories_.clear();
  pending_faults_.clear();
  cut_ = false;
  cut_at_ = UINT64_MAX;
  operations_ = 0;
  std::error_code ignored;
  for (const auto& left : fs::directory_iterator(attic_, ignored))
    fs::remove_all(left.path(), ignored);
  return loss;
}

}  // namespace hallwarden::storage
