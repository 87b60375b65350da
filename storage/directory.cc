#include "storage/directory.h"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rules/base/siphash.h"
#include "storage/database.h"
#include "storage/key.h"

namespace hallwarden::storage {
namespace {

constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kDirectoryOwnerOnly = 0700;
constexpr std::string_view kMagic = "HWHIGH01";
constexpr std::size_t kStoreIdBytes = 16;
// Magic, store, position, checksum.
constexpr std::size_t kHighWaterBytes = 8 + kStoreIdBytes + 8 + 8;
// Checksums only: hides nothing.
constexpr SipKey kChecksumKey{0x68616c6c77617264ULL, 0x6869676877617465ULL};

absl::Status SystemError(const std::string& what) {
  return absl::InternalError(what + ": " + std::system_category().message(errno));
}

std::string EncodeHighWater(std::string_view store_id, std::uint64_t position) {
  const std::string head = Key().Raw(kMagic).Raw(store_id).U64(position).Take();
  return Key().Raw(head).U64(SipHash64(kChecksumKey, head)).Take();
}

}  // namespace

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return absl::OkStatus();
  const std::filesystem::path absolute = std::filesystem::absolute(path, error).lexically_normal();
  const std::filesystem::path parent = absolute.parent_path();
  if (error || parent == absolute) return absl::InternalError("no directory can be " + path);
  if (absl::Status status = MakeDirectory(parent.string()); !status.ok()) return status;
  if (::mkdir(absolute.c_str(), kDirectoryOwnerOnly) != 0 && errno != EEXIST) {
    return SystemError("make the directory " + path);
  }
  // Without this a power loss can take the directory and every synced file in it.
  return SyncDirectory(parent.string());
}

absl::Status SyncDirectory(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return SystemError("open " + path);
  absl::Status status;
  if (::fsync(fd) != 0) status = SystemError("sync " + path);
  ::close(fd);
  return status;
}

absl::Status EmptyDirectory(rocksdb::Env* env, const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) return absl::OkStatus();
  std::vector<std::string> files;
  absl::Status status = ToStatus(env->GetChildren(path, &files), "list " + path);
  for (const std::string& file : files) {
    if (!status.ok()) break;
    const std::string whole = path + "/" + file;
    status = ToStatus(env->DeleteFile(whole), "delete " + whole);
  }
  return status;
}

absl::StatusOr<std::unique_ptr<DirectoryLock>> DirectoryLock::Take(const std::string& directory) {
  const std::string path = directory + "/LOCK";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kOwnerOnly);
  if (fd < 0) return SystemError("open " + path);
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const bool held = errno == EWOULDBLOCK;
    absl::Status error = SystemError("lock " + path);
    ::close(fd);
    if (!held) return error;
    return absl::FailedPreconditionError(
        "another hallwardend is using the store in " + directory +
        ". Stop it, or start this one on another directory. To look at a store in use, take " +
        "--verify or --export, which open it for reading only.");
  }
  return std::unique_ptr<DirectoryLock>(new DirectoryLock(fd));
}

DirectoryLock::~DirectoryLock() {
  ::close(fd_);
}

absl::StatusOr<std::unique_ptr<HighWater>> HighWater::Open(rocksdb::Env* env,
                                                           const std::string& directory,
                                                           std::string_view store_id) {
  const std::string path = directory + "/HIGHWATER";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    std::unique_ptr<rocksdb::WritableFile> made;
    absl::Status status = ToStatus(env->NewWritableFile(path, &made, {}), "make " + path);
    if (status.ok()) status = ToStatus(made->Close(), "make " + path);
    if (!status.ok()) return status;
  }
  std::unique_ptr<rocksdb::RandomRWFile> file;
  if (absl::Status status = ToStatus(env->NewRandomRWFile(path, &file, {}), "open " + path);
      !status.ok()) {
    return status;
  }
  return std::unique_ptr<HighWater>(new HighWater(std::move(file), store_id));
}

HighWater::Mark HighWater::Read(const std::string& directory) {
  const std::string path = directory + "/HIGHWATER";
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::array<char, kHighWaterBytes> bytes{};
  const ssize_t size = ::pread(fd, bytes.data(), bytes.size(), 0);
  ::close(fd);
  if (size != static_cast<ssize_t>(bytes.size())) return {};
  const std::string_view text(bytes.data(), bytes.size());
  Mark mark;
  mark.store_id = std::string(text.substr(kMagic.size(), kStoreIdBytes));
  KeyReader in(text.substr(kMagic.size() + kStoreIdBytes));
  mark.position = in.U64();
  if (text != EncodeHighWater(mark.store_id, mark.position)) return {};
  return mark;
}

HighWater::~HighWater() {
  // Nothing depends on this sync: it only makes the mark fresh after a power loss.
  file_->Sync().PermitUncheckedError();
  file_->Close().PermitUncheckedError();
}

absl::Status HighWater::Write(std::uint64_t position) {
  const std::string bytes = EncodeHighWater(store_id_, position);
  return ToStatus(file_->Write(0, bytes), "write HIGHWATER");
}

}  // namespace hallwarden::storage
