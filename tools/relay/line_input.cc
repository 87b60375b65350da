#include "tools/relay/line_input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "tools/session/position_file.h"

namespace hallwarden::relay {
namespace {

constexpr std::size_t kChunk = std::size_t{64} * 1024;
constexpr std::size_t kHeadMax = 256;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// True for `name` itself and for what log rotation makes of it: name.1, name-20260105, but not
// name.position.
bool IsFamily(const std::string& name, const std::string& candidate) {
  if (candidate == name) return true;
  if (candidate.size() < name.size() + 2 || candidate.rfind(name, 0) != 0) return false;
  const char separator = candidate[name.size()];
  if ((separator != '.' && separator != '-') || !IsDigit(candidate[name.size() + 1])) return false;
  // Packed files are no lines any more.
  return IsDigit(candidate.back());
}

}  // namespace

bool LineSplitter::Take(bool at_end, Line* line, std::int64_t* bytes) {
  const std::size_t at = buffer_.find('\n', std::max(begin_, searched_));
  if (at == std::string::npos) {
    searched_ = buffer_.size();
    if (at_end && pending() > 0) {
      *bytes = pending();
      line->too_long = skipped_ > 0 || buffer_.size() - begin_ > kLineBytesMax;
      line->text = skipped_ > 0 ? kept_ : buffer_.substr(begin_);
      if (line->too_long) line->text.resize(std::min(line->text.size(), kKeptOfLongLine));
      Clear();
      return true;
    }
    if (buffer_.size() - begin_ > kLineBytesMax) {
      if (skipped_ == 0) kept_ = buffer_.substr(begin_, kKeptOfLongLine);
      skipped_ += static_cast<std::int64_t>(buffer_.size() - begin_);
      buffer_.clear();
      begin_ = 0;
      searched_ = 0;
    }
    return false;
  }
  *bytes = skipped_ + static_cast<std::int64_t>(at + 1 - begin_);
  line->too_long = skipped_ > 0 || at - begin_ > kLineBytesMax;
  line->text = skipped_ > 0 ? kept_ : buffer_.substr(begin_, at - begin_);
  if (line->too_long) line->text.resize(std::min(line->text.size(), kKeptOfLongLine));
  skipped_ = 0;
  begin_ = at + 1;
  searched_ = begin_;
  if (begin_ >= kChunk) {
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched_ = 0;
  }
  return true;
}

void LineSplitter::Clear() {
  buffer_.clear();
  kept_.clear();
  begin_ = 0;
  searched_ = 0;
  skipped_ = 0;
}

absl::StatusOr<std::unique_ptr<FileInput>> FileInput::Open(session::FileSystem* fs,
                                                           FileInputOptions options,
                                                           const std::optional<Place>& start) {
  std::unique_ptr<FileInput> input(new FileInput(fs, std::move(options)));
  if (!start.has_value()) {
    absl::Status opened = input->OpenAt(input->options_.path, 0, 1);
    if (!opened.ok()) return opened;
    return input;
  }
  absl::StatusOr<std::vector<Sibling>> family = input->Family();
  if (!family.ok()) return family.status();
  for (const Sibling& sibling : *family) {
    if (sibling.info.inode != start->inode || sibling.info.size_bytes < start->offset) continue;
    if (absl::Status s = input->OpenAt(sibling.path, start->offset, start->line); !s.ok()) return s;
    absl::StatusOr<std::string> head =
        input->file_->ReadAt(0, static_cast<std::size_t>(start->head_size));
    if (!head.ok()) return head.status();
    if (session::Fnv1a(*head) != start->head_hash) continue;
    if (absl::Status s = input->NoteHead(); !s.ok()) return s;
    return input;
  }
  return absl::FailedPreconditionError(absl::StrCat(
      "the file that was read up to line ", start->line - 1, " is neither ", input->options_.path,
      " nor one of its rotated names: it was removed, packed or replaced"));
}

absl::Status FileInput::OpenAt(const std::string& path, std::int64_t offset, std::int64_t line) {
  absl::StatusOr<std::unique_ptr<session::ReadableFile>> file = fs_->OpenForRead(path);
  if (!file.ok()) return file.status();
  absl::StatusOr<session::FileInfo> info = (*file)->Info();
  if (!info.ok()) return info.status();
  file_ = *std::move(file);
  file_path_ = path;
  inode_ = info->inode;
  read_offset_ = offset;
  line_offset_ = offset;
  line_ = line;
  head_.clear();
  splitter_.Clear();
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FileInput::Sibling>> FileInput::Family() const {
  const std::string directory = session::DirectoryOf(options_.path);
  absl::StatusOr<std::vector<session::FileInfo>> files = fs_->List(directory);
  if (!files.ok()) return files.status();
  const std::string base = session::BaseOf(options_.path);
  const bool bare = options_.path.find('/') == std::string::npos;
  std::vector<Sibling> family;
  for (session::FileInfo& info : *files) {
    if (!IsFamily(base, info.name)) continue;
    const std::string path = info.name == base ? options_.path
                             : bare            ? info.name
                                               : absl::StrCat(directory, "/", info.name);
    family.push_back(Sibling{path, std::move(info)});
  }
  std::sort(family.begin(), family.end(), [&base](const Sibling& a, const Sibling& b) {
    const bool a_last = a.info.name == base;
    const bool b_last = b.info.name == base;
    if (a_last != b_last) return b_last;
    return a.info.mtime_ns != b.info.mtime_ns ? a.info.mtime_ns < b.info.mtime_ns
                                              : a.info.name > b.info.name;
  });
  return family;
}

absl::StatusOr<bool> FileInput::FillBuffer() {
  absl::StatusOr<std::string> bytes = file_->ReadAt(read_offset_, kChunk);
  if (!bytes.ok()) return bytes.status();
  read_offset_ += static_cast<std::int64_t>(bytes->size());
  splitter_.Feed(*bytes);
  return !bytes->empty();
}

bool FileInput::TakeLine(bool at_end, Line* line) {
  std::int64_t bytes = 0;
  if (!splitter_.Take(at_end, line, &bytes)) return false;
  line->file = file_path_;
  line->number = line_;
  ++line_;
  line_offset_ += bytes;
  line->next = Here();
  return true;
}

absl::Status FileInput::NoteHead() {
  if (head_.size() >= kHeadMax || static_cast<std::int64_t>(head_.size()) >= line_offset_) {
    return absl::OkStatus();
  }
  absl::StatusOr<std::string> head =
      file_->ReadAt(0, std::min<std::size_t>(kHeadMax, static_cast<std::size_t>(line_offset_)));
  if (!head.ok()) return head.status();
  head_ = *std::move(head);
  return absl::OkStatus();
}

Place FileInput::Here() const {
  return Place{.inode = inode_,
               .offset = line_offset_,
               .line = line_,
               .head_size = static_cast<std::int64_t>(head_.size()),
               .head_hash = session::Fnv1a(head_)};
}

absl::StatusOr<Input> FileInput::Next(Line* line) {
  while (true) {
    if (absl::Status s = NoteHead(); !s.ok()) return s;
    if (TakeLine(false, line)) return Input::kLine;
    absl::StatusOr<bool> more = FillBuffer();
    if (!more.ok()) return more.status();
    if (*more) continue;
    absl::StatusOr<Input> end = AtEndOfFile(line);
    if (!end.ok() || *end != Input::kLine || line->number > 0) return end;
    // A new file was opened: go on there.
  }
}

absl::Status FileInput::CheckNotShortened() {
  absl::StatusOr<session::FileInfo> info = file_->Info();
  if (!info.ok()) return info.status();
  if (info->size_bytes >= read_offset_) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(file_path_, " was shortened from ", read_offset_, " to ",
                                          info->size_bytes,
                                          " bytes while it was read (logrotate's `copytruncate` "
                                          "does that, and may lose lines): rotate it by renaming, ",
                                          "then start again with --new-file"));
}

// Returns kLine with a line, or kLine with line->number 0 when another file was opened.
absl::StatusOr<Input> FileInput::AtEndOfFile(Line* line) {
  if (absl::Status s = CheckNotShortened(); !s.ok()) return s;
  line->number = 0;
  absl::StatusOr<std::string> next = Successor();
  if (!next.ok() && !absl::IsNotFound(next.status())) return next.status();
  if (!next.ok()) {
    if (options_.follow) return Input::kNothingYet;
    return TakeLine(true, line) ? Input::kLine : Input::kEnd;
  }
  // The writer has moved on. What it wrote between our last read and its move comes first.
  absl::StatusOr<bool> more = FillBuffer();
  if (!more.ok()) return more.status();
  if (*more) return Input::kLine;
  if (TakeLine(true, line)) return Input::kLine;
  if (options_.log)
    options_.log(absl::StrCat(file_path_, " is read to its end; going on with ", *next));
  if (absl::Status s = OpenAt(*next, 0, 1); !s.ok()) return s;
  return Input::kLine;
}

absl::StatusOr<std::string> FileInput::Successor() const {
  absl::StatusOr<std::vector<Sibling>> family = Family();
  if (!family.ok()) return family.status();
  const auto self = std::find_if(family->begin(), family->end(),
                                 [this](const Sibling& s) { return s.info.inode == inode_; });
  if (self == family->end()) {
    // Removed while it was read. Which files came in between cannot be known; the present one did.
    if (family->empty() || family->back().path != options_.path) return absl::NotFoundError("");
    return options_.path;
  }
  const auto next = self + 1;
  if (next == family->end()) return absl::NotFoundError("");
  return next->path;
}

absl::Status FileInput::CountToEnd() {
  Line line;
  while (true) {
    if (TakeLine(false, &line)) continue;
    absl::StatusOr<bool> more = FillBuffer();
    if (!more.ok()) return more.status();
    if (!*more) break;
  }
  while (TakeLine(true, &line)) {
  }
  return absl::OkStatus();
}

absl::StatusOr<std::int64_t> FileInput::LinesBefore() {
  absl::StatusOr<std::vector<Sibling>> family = Family();
  if (!family.ok()) return family.status();
  std::int64_t lines = line_ - 1;
  FileInput reader(fs_, options_);
  for (const Sibling& sibling : *family) {
    if (sibling.info.inode == inode_) break;
    if (absl::Status s = reader.OpenAt(sibling.path, 0, 1); !s.ok()) return s;
    if (absl::Status s = reader.CountToEnd(); !s.ok()) return s;
    lines += reader.line_ - 1;
  }
  return lines;
}

absl::Status FileInput::GoBack(std::int64_t lines) {
  absl::StatusOr<std::vector<Sibling>> family = Family();
  if (!family.ok()) return family.status();
  auto self = std::find_if(family->begin(), family->end(),
                           [this](const Sibling& s) { return s.info.inode == inode_; });
  std::int64_t wanted = line_ - lines;
  // Lines of older files are counted from their ends.
  while (wanted < 1) {
    if (self == family->end() || self == family->begin()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the daemon wants ", 1 - wanted,
                       " lines from before the oldest file that is left of ", options_.path));
    }
    --self;
    if (absl::Status s = OpenAt(self->path, 0, 1); !s.ok()) return s;
    if (absl::Status s = CountToEnd(); !s.ok()) return s;
    wanted += line_ - 1;
  }
  const std::string path = self == family->end() ? file_path_ : self->path;
  if (absl::Status s = OpenAt(path, 0, 1); !s.ok()) return s;
  Line line;
  while (line_ < wanted) {
    absl::StatusOr<Input> got = Next(&line);
    if (!got.ok()) return got.status();
    if (*got != Input::kLine) {
      return absl::FailedPreconditionError(absl::StrCat(path, " has fewer lines than it had"));
    }
  }
  return NoteHead();
}

absl::StatusOr<Input> PipeInput::Next(Line* line) {
  std::array<char, kChunk> chunk{};
  while (true) {
    std::int64_t bytes = 0;
    if (splitter_.Take(ended_, line, &bytes)) {
      line->file = name_;
      line->number = line_++;
      line->next = Here();
      return Input::kLine;
    }
    if (ended_) return Input::kEnd;
    pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 0) <= 0) return Input::kNothingYet;
    const ssize_t n = ::read(fd_, chunk.data(), chunk.size());
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) return Input::kNothingYet;
    if (n < 0) return absl::ErrnoToStatus(errno, absl::StrCat("read ", name_));
    ended_ = n == 0;
    splitter_.Feed(std::string(chunk.data(), static_cast<std::size_t>(n)));
  }
}

absl::Status PipeInput::GoBack(std::int64_t lines) {
  return absl::FailedPreconditionError(
      absl::StrCat("the daemon wants ", lines, " lines again, but ", name_,
                   " is a pipe and cannot go back: relay a file instead"));
}

absl::StatusOr<std::int64_t> PipeInput::LinesBefore() {
  return 0;
}

Place PipeInput::Here() const {
  return Place{.line = line_};
}

}  // namespace hallwarden::relay
