#include "tools/gmctl/files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

namespace fs = std::filesystem;

absl::Status FileProblem(std::string_view key, const std::string& path, int error) {
  const std::string why = std::error_code(error, std::generic_category()).message();
  return Problem(ExitCode::kError, key, {{"path", path}, {"why", why}});
}

// Closes what it holds.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

absl::Status MakeFolder(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (folder.empty()) return absl::OkStatus();
  std::error_code error;
  if (fs::is_directory(folder, error)) return absl::OkStatus();
  fs::create_directories(folder, error);
  if (error) return FileProblem("err.file.write", folder.string(), error.value());
  fs::permissions(folder, fs::perms::owner_all, error);
  return absl::OkStatus();
}

absl::Status WriteNew(const std::string& path, std::string_view content, Durability durability) {
  const Descriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR));
  if (file.get() < 0) return FileProblem("err.file.write", path, errno);
  while (!content.empty()) {
    const ssize_t written = write(file.get(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return FileProblem("err.file.write", path, errno);
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  if (durability == Durability::kOnDisk && fsync(file.get()) != 0) {
    return FileProblem("err.file.write", path, errno);
  }
  return absl::OkStatus();
}

// A new name in a folder is on the disk only when the folder is.
void SyncFolderOf(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  const Descriptor handle(open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC));
  if (handle.get() >= 0) static_cast<void>(fsync(handle.get()));
}

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) {
    return FileProblem(errno == ENOENT ? "err.file.missing" : "err.file.read", path, errno);
  }
  std::string content;
  std::array<char, 65536> buffer{};
  while (true) {
    const ssize_t got = read(file.get(), buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return FileProblem("err.file.read", path, errno);
    if (got == 0) return content;
    content.append(buffer.data(), static_cast<std::size_t>(got));
    if (content.size() > max_bytes) {
      return Problem(ExitCode::kError, "err.file.large",
                     {{"path", path}, {"limit", std::to_string(max_bytes)}});
    }
  }
}

bool FileExists(const std::string& path) {
  std::error_code error;
  return fs::exists(path, error);
}

bool OthersMayRead(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return false;
  return (info.st_mode & (S_IRWXG | S_IRWXO)) != 0;
}

absl::Status WritePrivateFile(const std::string& path, std::string_view content,
                              Durability durability) {
  HW_RETURN_IF_ERROR(MakeFolder(path));
  const std::string next = Cat({path, ".", std::to_string(getpid()), ".new"});
  unlink(next.c_str());
  HW_RETURN_IF_ERROR(WriteNew(next, content, durability));
  if (rename(next.c_str(), path.c_str()) != 0) {
    const int error = errno;
    unlink(next.c_str());
    return FileProblem("err.file.write", path, error);
  }
  if (durability == Durability::kOnDisk) SyncFolderOf(path);
  return absl::OkStatus();
}

absl::Status CreatePrivateFile(const std::string& path, std::string_view content) {
  HW_RETURN_IF_ERROR(MakeFolder(path));
  HW_RETURN_IF_ERROR(WriteNew(path, content, Durability::kOnDisk));
  SyncFolderOf(path);
  return absl::OkStatus();
}

void PruneFolder(const std::string& folder, std::size_t keep) {
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> files;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    files.emplace_back(it->last_write_time(ignored), it->path());
  }
  if (files.size() <= keep) return;
  std::sort(files.begin(), files.end());
  files.resize(files.size() - keep);
  for (const auto& [time, path] : files)
    fs::remove(path, error);
}

}  // namespace hallwarden::gmctl
