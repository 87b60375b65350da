#include "tools/session/file_system.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::session {
namespace {

absl::Status Failed(const char* what, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat(what, " ", path));
}

FileInfo InfoOf(const struct stat& st, std::string name) {
  return FileInfo{.name = std::move(name),
                  .inode = st.st_ino,
                  .size_bytes = st.st_size,
                  .mtime_ns = st.st_mtim.tv_sec * std::int64_t{1'000'000'000} + st.st_mtim.tv_nsec};
}

// Owns a descriptor.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

class RealReadableFile final : public ReadableFile {
 public:
  RealReadableFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  absl::StatusOr<FileInfo> Info() override {
    struct stat st {};
    if (::fstat(fd_.get(), &st) != 0) return Failed("look at", path_);
    return InfoOf(st, "");
  }

  absl::StatusOr<std::string> ReadAt(std::int64_t offset, std::size_t size) override {
    std::string data(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t n = ::pread(fd_.get(), data.data() + have, size - have,
                                offset + static_cast<std::int64_t>(have));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("read", path_);
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    data.resize(have);
    return data;
  }

 private:
  Descriptor fd_;
  std::string path_;
};

class RealWritableFile final : public WritableFile {
 public:
  RealWritableFile(int fd, std::string path) : fd_(fd), path_(std::move(path)) {}

  absl::Status Append(const std::string& data) override {
    std::size_t done = 0;
    while (done < data.size()) {
      const ssize_t n = ::write(fd_.get(), data.data() + done, data.size() - done);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Failed("write", path_);
      done += static_cast<std::size_t>(n);
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    // A pipe or a terminal cannot be synced, and need not be.
    if (::fdatasync(fd_.get()) != 0 && errno != EINVAL && errno != EROFS) {
      return Failed("sync", path_);
    }
    return absl::OkStatus();
  }

 private:
  Descriptor fd_;
  std::string path_;
};

class PosixFileSystem final : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<ReadableFile>> OpenForRead(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return Failed("open", path);
    return std::make_unique<RealReadableFile>(fd, path);
  }

  absl::StatusOr<std::unique_ptr<WritableFile>> Create(const std::string& path) override {
    return OpenForWrite(path, O_TRUNC);
  }

  absl::StatusOr<std::unique_ptr<WritableFile>> OpenForAppend(const std::string& path) override {
    return OpenForWrite(path, O_APPEND);
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    if (std::rename(from.c_str(), to.c_str()) != 0) return Failed("replace", to);
    return absl::OkStatus();
  }

  absl::Status SyncDirectory(const std::string& directory) override {
    const Descriptor fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0) return Failed("open", directory);
    if (::fsync(fd.get()) != 0 && errno != EINVAL) return Failed("sync", directory);
    return absl::OkStatus();
  }

  absl::Status Truncate(const std::string& path, std::int64_t size_bytes) override {
    if (::truncate(path.c_str(), size_bytes) != 0) return Failed("shorten", path);
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<FileInfo>> List(const std::string& directory) override {
    DIR* dir = ::opendir(directory.c_str());
    if (dir == nullptr) return Failed("list", directory);
    std::vector<FileInfo> files;
    while (const dirent* entry =
               ::readdir(dir)) {  // NOLINT(concurrency-mt-unsafe): nobody else has this DIR
      struct stat st {};
      if (::fstatat(::dirfd(dir), entry->d_name, &st, 0) == 0 && S_ISREG(st.st_mode)) {
        files.push_back(InfoOf(st, entry->d_name));
      }
    }
    ::closedir(dir);
    return files;
  }

 private:
  static absl::StatusOr<std::unique_ptr<WritableFile>> OpenForWrite(const std::string& path,
                                                                    int how) {
    // Tokens and player text may be in there: nobody else reads it.
    const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, 0600);
    if (fd < 0) return Failed("write", path);
    return std::make_unique<RealWritableFile>(fd, path);
  }
};

}  // namespace

FileSystem& RealFileSystem() {
  static PosixFileSystem fs;
  return fs;
}

std::string DirectoryOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string BaseOf(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

absl::StatusOr<std::string> ReadWholeFile(FileSystem& fs, const std::string& path,
                                          std::size_t size_max) {
  absl::StatusOr<std::unique_ptr<ReadableFile>> file = fs.OpenForRead(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<std::string> content = (*file)->ReadAt(0, size_max + 1);
  if (content.ok() && content->size() > size_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat(path, " is larger than the ", size_max, " bytes it may have"));
  }
  return content;
}

absl::Status ReplaceFile(FileSystem& fs, const std::string& path, const std::string& content) {
  const std::string temp = path + ".tmp";
  absl::StatusOr<std::unique_ptr<WritableFile>> file = fs.Create(temp);
  if (!file.ok()) return file.status();
  if (absl::Status s = (*file)->Append(content); !s.ok()) return s;
  if (absl::Status s = (*file)->Sync(); !s.ok()) return s;
  file->reset();
  if (absl::Status s = fs.Rename(temp, path); !s.ok()) return s;
  return fs.SyncDirectory(DirectoryOf(path));
}

}  // namespace hallwarden::session
