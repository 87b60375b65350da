// Lines of a growing, rotating file or of a pipe, each with the place behind it.
#ifndef HALLWARDEN_TOOLS_RELAY_LINE_INPUT_H_
#define HALLWARDEN_TOOLS_RELAY_LINE_INPUT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/session/file_system.h"

namespace hallwarden::relay {

// Longer lines are cut; the rest of them is skipped, not kept.
inline constexpr std::size_t kLineBytesMax = std::size_t{1} << 20U;
// What is kept of a line that is too long.
inline constexpr std::size_t kKeptOfLongLine = 1024;

// Where a line begins: in which file, at which byte, as which line of it (from 1).
struct Place {
  std::uint64_t inode = 0;
  std::int64_t offset = 0;
  std::int64_t line = 1;
  // The file's first bytes as they were: tells a file from another one that got its inode later.
  std::int64_t head_size = 0;
  std::uint64_t head_hash = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

struct Line {
  // Without the line break.
  std::string text;
  bool too_long = false;
  // For people: the file's name and the line's number in it.
  std::string file;
  std::int64_t number = 0;
  // Place of the line behind it.
  Place next;
};

enum class Input {
  kLine,
  // Perhaps later.
  kNothingYet,
  kEnd,
};

// Cuts bytes into lines. Memory is bounded by kLineBytesMax.
class LineSplitter {
 public:
  void Feed(const std::string& bytes) { buffer_ += bytes; }
  // Takes the next line that is complete; `bytes` is what it took up, its break included. With
  // `at_end` the rest without a break is a line, too.
  bool Take(bool at_end, Line* line, std::int64_t* bytes);
  // Bytes that were fed and not taken.
  [[nodiscard]] std::int64_t pending() const {
    return skipped_ + static_cast<std::int64_t>(buffer_.size() - begin_);
  }
  void Clear();

 private:
  std::string buffer_;
  std::size_t begin_ = 0;
  std::size_t searched_ = 0;
  // Bytes of a line that is too long which are gone already, and what was kept of it.
  std::int64_t skipped_ = 0;
  std::string kept_;
};

// Where lines come from. Not thread-safe.
class LineInput {
 public:
  virtual ~LineInput() = default;
  // Reads the next line.
  virtual absl::StatusOr<Input> Next(Line* line) = 0;
  // Goes back by `lines` lines. FAILED_PRECONDITION: they are gone.
  virtual absl::Status GoBack(std::int64_t lines) = 0;
  // By how many lines GoBack could go. Reads older files, so it may take a while; moves nothing.
  virtual absl::StatusOr<std::int64_t> LinesBefore() = 0;
  // The place of the next line.
  [[nodiscard]] virtual Place Here() const = 0;
};

struct FileInputOptions {
  std::string path;
  // Waits for more at the end, and goes on with the next file after a rotation.
  bool follow = false;
  // Told what happens, for people. May be empty.
  std::function<void(const std::string&)> log;
};

// A file that may grow (`follow`) and be rotated away: renamed to a name that begins with its own
// and goes on with `.` or `-` and a digit. Each line is read once, in the order in which they were
// written.
class FileInput final : public LineInput {
 public:
  // Begins at `start`, or at the beginning of the file without one. FAILED_PRECONDITION: the file
  // of `start` is gone or was replaced.
  static absl::StatusOr<std::unique_ptr<FileInput>> Open(session::FileSystem* fs,
                                                         FileInputOptions options,
                                                         const std::optional<Place>& start);

  absl::StatusOr<Input> Next(Line* line) override;
  absl::Status GoBack(std::int64_t lines) override;
  absl::StatusOr<std::int64_t> LinesBefore() override;
  [[nodiscard]] Place Here() const override;

 private:
  // Reads on to the end of the file; `line_` then counts its lines, plus one.
  absl::Status CountToEnd();

  struct Sibling {
    std::string path;
    session::FileInfo info;
  };

  FileInput(session::FileSystem* fs, FileInputOptions options)
      : fs_(fs), options_(std::move(options)) {}

  // The file and what it was rotated to, oldest first; the file itself is the last one.
  absl::StatusOr<std::vector<Sibling>> Family() const;
  absl::Status OpenAt(const std::string& path, std::int64_t offset, std::int64_t line);
  absl::StatusOr<bool> FillBuffer();
  absl::Status NoteHead();
  // The file that was written after this one. NOT_FOUND: none yet.
  absl::StatusOr<std::string> Successor() const;
  absl::StatusOr<Input> AtEndOfFile(Line* line);
  bool TakeLine(bool at_end, Line* line);
  absl::Status CheckNotShortened();

  session::FileSystem* fs_;
  FileInputOptions options_;
  std::unique_ptr<session::ReadableFile> file_;
  std::string file_path_;
  std::uint64_t inode_ = 0;
  std::int64_t read_offset_ = 0;
  std::int64_t line_offset_ = 0;
  std::int64_t line_ = 1;
  std::string head_;
  LineSplitter splitter_;
};

// Standard input, or any other descriptor. Knows no way back. Never waits.
class PipeInput final : public LineInput {
 public:
  // `line` is the number of the first line.
  PipeInput(int fd, std::string name, std::int64_t line)
      : fd_(fd), name_(std::move(name)), line_(line) {}

  absl::StatusOr<Input> Next(Line* line) override;
  absl::StatusOr<std::int64_t> LinesBefore() override;
  absl::Status GoBack(std::int64_t lines) override;
  [[nodiscard]] Place Here() const override;

 private:
  int fd_;
  std::string name_;
  std::int64_t line_;
  bool ended_ = false;
  LineSplitter splitter_;
};

}  // namespace hallwarden::relay

#endif  // HALLWARDEN_TOOLS_RELAY_LINE_INPUT_H_
