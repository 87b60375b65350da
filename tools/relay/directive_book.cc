#include "tools/relay/directive_book.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>

#include <fcntl.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::relay {
namespace {

constexpr int kResultsPerPoll = 1000;
constexpr std::size_t kDetailBytesMax = 256;
constexpr session::Micros kRestartWaitMax{30'000'000};

absl::StatusOr<v1::DirectiveOutcome> ParseOutcome(const std::string& word) {
  if (word == "applied") return v1::DIRECTIVE_OUTCOME_APPLIED;
  if (word == "rejected") return v1::DIRECTIVE_OUTCOME_REJECTED;
  if (word == "not_here") return v1::DIRECTIVE_OUTCOME_NOT_HERE;
  if (word == "seen") return v1::DIRECTIVE_OUTCOME_SEEN;
  return absl::InvalidArgumentError(
      absl::StrCat("outcome `", word, "`; it is one of applied, rejected, not_here, seen"));
}

v1::DirectiveResult Applied(std::int64_t seq) {
  v1::DirectiveResult result;
  result.set_directive_seq(seq);
  result.set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
  return result;
}

}  // namespace

absl::StatusOr<v1::DirectiveResult> ParseResultLine(const std::string& text) {
  google::protobuf::Struct object;
  if (!google::protobuf::util::JsonStringToMessage(text, &object).ok()) {
    return absl::InvalidArgumentError("not a JSON object");
  }
  v1::DirectiveResult result;
  std::int64_t seq = 0;
  for (const auto& [name, value] : object.fields()) {
    if (name == "directiveSeq" && value.kind_case() == google::protobuf::Value::kNumberValue) {
      seq = value.number_value() >= 1 && value.number_value() < 9e15
                ? static_cast<std::int64_t>(value.number_value())
                : 0;
    } else if (name == "directiveSeq") {
      if (!absl::SimpleAtoi(value.string_value(), &seq)) seq = 0;
    } else if (name == "outcome") {
      absl::StatusOr<v1::DirectiveOutcome> outcome = ParseOutcome(value.string_value());
      if (!outcome.ok()) return outcome.status();
      result.set_outcome(*outcome);
    } else if (name == "detail") {
      result.set_detail(value.string_value().substr(0, kDetailBytesMax));
    } else {
      return absl::InvalidArgumentError(absl::StrCat("no field is called `", name, "`"));
    }
  }
  if (seq < 1) return absl::InvalidArgumentError("directiveSeq is missing or no number from 1 on");
  if (result.outcome() == v1::DIRECTIVE_OUTCOME_UNSPECIFIED)
    return absl::InvalidArgumentError("outcome is missing");
  result.set_directive_seq(seq);
  return result;
}

absl::StatusOr<std::string> DirectiveLine(const v1::Directive& directive) {
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(directive, &line);
  if (!status.ok()) {
    return absl::InternalError(
        absl::StrCat("directive ", directive.directive_seq(), " cannot be written as JSON"));
  }
  return line + "\n";
}

absl::StatusOr<std::unique_ptr<GrowingFile>> GrowingFile::Open(session::FileSystem* fs,
                                                               const std::string& path,
                                                               std::string* last_line) {
  last_line->clear();
  absl::StatusOr<std::unique_ptr<session::ReadableFile>> old = fs->OpenForRead(path);
  if (!old.ok() && !absl::IsNotFound(old.status())) return old.status();
  if (old.ok()) {
    absl::StatusOr<session::FileInfo> info = (*old)->Info();
    if (!info.ok()) return info.status();
    // The last line lies within the last two lengths of a line.
    const auto tail_max = static_cast<std::int64_t>(2 * kLineBytesMax);
    const std::int64_t from = std::max<std::int64_t>(info->size_bytes - tail_max, 0);
    absl::StatusOr<std::string> tail =
        (*old)->ReadAt(from, static_cast<std::size_t>(info->size_bytes - from));
    if (!tail.ok()) return tail.status();
    const std::size_t end = tail->rfind('\n');
    const std::size_t whole = end == std::string::npos ? 0 : end + 1;
    if (whole < tail->size()) {
      if (from > 0 && whole == 0)
        return absl::DataLossError(absl::StrCat(path, " ends in something that is no line"));
      const std::int64_t size = from + static_cast<std::int64_t>(whole);
      if (absl::Status s = fs->Truncate(path, size); !s.ok()) return s;
    }
    if (end != std::string::npos) {
      const std::size_t begin = end == 0 ? std::string::npos : tail->rfind('\n', end - 1);
      const std::size_t at = begin == std::string::npos ? 0 : begin + 1;
      *last_line = tail->substr(at, end - at);
    }
  }
  absl::StatusOr<std::unique_ptr<session::WritableFile>> file = fs->OpenForAppend(path);
  if (!file.ok()) return file.status();
  if (absl::Status s = (*file)->Sync(); !s.ok()) return s;
  if (absl::Status s = fs->SyncDirectory(session::DirectoryOf(path)); !s.ok()) return s;
  return std::unique_ptr<GrowingFile>(new GrowingFile(*std::move(file)));
}

absl::Status GrowingFile::Append(const std::string& lines) {
  if (absl::Status s = file_->Append(lines); !s.ok()) return s;
  return file_->Sync();
}

absl::StatusOr<std::unique_ptr<DirectiveFiles>> DirectiveFiles::Open(Options options, Parts parts,
                                                                     const Place& results_from) {
  std::unique_ptr<DirectiveFiles> files(new DirectiveFiles(std::move(options), std::move(parts)));
  files->settled_place_ = results_from;
  std::string last_line;
  absl::StatusOr<std::unique_ptr<GrowingFile>> out =
      GrowingFile::Open(files->parts_.fs, files->options_.directives, &last_line);
  if (!out.ok()) return out.status();
  files->out_ = *std::move(out);
  if (!last_line.empty()) {
    v1::Directive last;
    google::protobuf::util::JsonParseOptions lenient;
    lenient.ignore_unknown_fields = true;
    if (!google::protobuf::util::JsonStringToMessage(last_line, &last, lenient).ok()) {
      return absl::DataLossError(
          absl::StrCat(files->options_.directives,
                       ": its last line is no directive. Move the file away if it is another's"));
    }
    files->written_ = {last.history_epoch(), last.directive_seq()};
  }
  return files;
}

void DirectiveFiles::Handle(const v1::Directive& directive) {
  if (!status_.ok()) return;
  const std::pair<std::int64_t, std::int64_t> key{directive.history_epoch(),
                                                  directive.directive_seq()};
  if (key <= written_) {
    Repeat(directive);
    return;
  }
  absl::StatusOr<std::string> line = DirectiveLine(directive);
  status_ = line.ok() ? out_->Append(*line) : line.status();
  if (!status_.ok()) return;
  written_ = key;
  if (!options_.auto_apply) return;
  ++answers_;
  parts_.answer(Applied(directive.directive_seq()));
}

// It is in the file already; the process died before its answer arrived.
void DirectiveFiles::Repeat(const v1::Directive& directive) {
  if (options_.auto_apply) {
    ++answers_;
    parts_.answer(Applied(directive.directive_seq()));
    return;
  }
  absl::StatusOr<std::vector<v1::DirectiveResult>> found = FindResults(directive.directive_seq());
  if (!found.ok()) {
    status_ = found.status();
    return;
  }
  for (const v1::DirectiveResult& result : *found) {
    ++answers_;
    parts_.answer(result);
  }
}

absl::StatusOr<std::vector<v1::DirectiveResult>> DirectiveFiles::FindResults(std::int64_t seq) {
  std::vector<v1::DirectiveResult> found;
  // Only what Poll will not read again.
  if (options_.results.empty() || settled_place_.inode == 0) return found;
  Place begin = settled_place_;
  begin.offset = 0;
  begin.line = 1;
  absl::StatusOr<std::unique_ptr<FileInput>> input =
      FileInput::Open(parts_.fs, {.path = options_.results, .follow = true, .log = nullptr}, begin);
  if (!input.ok()) return found;
  Line line;
  while ((*input)->Here().inode == settled_place_.inode &&
         (*input)->Here().offset < settled_place_.offset) {
    absl::StatusOr<Input> got = (*input)->Next(&line);
    if (!got.ok()) return got.status();
    if (*got != Input::kLine) break;
    absl::StatusOr<v1::DirectiveResult> result = ParseResultLine(line.text);
    if (result.ok() && result->directive_seq() == seq) found.push_back(*std::move(result));
  }
  return found;
}

absl::Status DirectiveFiles::OpenResults() {
  std::optional<Place> start;
  if (settled_place_.inode != 0) start = settled_place_;
  const FileInputOptions options{.path = options_.results, .follow = true, .log = parts_.log};
  absl::StatusOr<std::unique_ptr<FileInput>> input = FileInput::Open(parts_.fs, options, start);
  if (absl::IsFailedPrecondition(input.status())) {
    parts_.log(absl::StrCat(options_.results, ": ", std::string(input.status().message()),
                            "; reading it from its beginning"));
    input = FileInput::Open(parts_.fs, options, std::nullopt);
  }
  if (absl::IsNotFound(input.status())) return absl::OkStatus();
  if (!input.ok()) return input.status();
  results_ = *std::move(input);
  return absl::OkStatus();
}

absl::Status DirectiveFiles::Poll() {
  if (!status_.ok() || options_.results.empty()) return status_;
  if (results_ == nullptr) {
    if (absl::Status s = OpenResults(); !s.ok()) return s;
    if (results_ == nullptr) return absl::OkStatus();
  }
  Line line;
  for (int i = 0; i < kResultsPerPoll; ++i) {
    absl::StatusOr<Input> got = results_->Next(&line);
    if (!got.ok()) return got.status();
    if (*got != Input::kLine) break;
    absl::StatusOr<v1::DirectiveResult> result = ParseResultLine(line.text);
    if (result.ok() && result->directive_seq() > written_.second) {
      result = absl::InvalidArgumentError(
          absl::StrCat("there is no directive ", result->directive_seq(), " yet"));
    }
    if (!result.ok()) {
      parts_.log(
          absl::StrCat(line.file, ":", line.number, ": ", std::string(result.status().message())));
      continue;
    }
    unsettled_.emplace_back(++answers_, line.next);
    parts_.answer(*result);
  }
  return absl::OkStatus();
}

Place DirectiveFiles::ResultsPlace() {
  const std::int64_t settled = parts_.settled();
  while (!unsettled_.empty() && unsettled_.front().first <= settled) {
    settled_place_ = unsettled_.front().second;
    unsettled_.pop_front();
  }
  return settled_place_;
}

DirectiveCommand::DirectiveCommand(std::string command, Answer answer,
                                   std::function<void(const std::string&)> log,
                                   const session::Clock* clock)
    : command_(std::move(command)),
      answer_(std::move(answer)),
      log_(std::move(log)),
      clock_(clock) {}

DirectiveCommand::~DirectiveCommand() {
  Stop();
}

absl::Status DirectiveCommand::Start() {
  std::array<int, 2> to{-1, -1};
  std::array<int, 2> from{-1, -1};
  if (::pipe2(to.data(), O_CLOEXEC) != 0) return absl::ErrnoToStatus(errno, "make a pipe");
  if (::pipe2(from.data(), O_CLOEXEC) != 0) {
    ::close(to[0]);
    ::close(to[1]);
    return absl::ErrnoToStatus(errno, "make a pipe");
  }
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  std::string shell = "sh";
  std::string flag = "-c";
  std::array<char*, 4> argv{shell.data(), flag.data(), command_.data(), nullptr};
  const int error = ::posix_spawn(&pid_, "/bin/sh", &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  in_ = to[1];
  out_ = from[0];
  if (error != 0) {
    pid_ = -1;
    Stop();
    return absl::ErrnoToStatus(error, absl::StrCat("start ", command_));
  }
  // The relay never waits for the command.
  ::fcntl(in_, F_SETFL, ::fcntl(in_, F_GETFL) | O_NONBLOCK);
  lines_ = std::make_unique<PipeInput>(out_, command_, 1);
  unwritten_.clear();
  for (const auto& [seq, line] : open_)
    unwritten_ += line;
  return absl::OkStatus();
}

void DirectiveCommand::Stop() {
  if (in_ >= 0) ::close(in_);
  if (out_ >= 0) ::close(out_);
  in_ = -1;
  out_ = -1;
  lines_.reset();
  if (pid_ < 0) return;
  // Its input has ended, which asks it to end; one that does not is told.
  int state = 0;
  if (::waitpid(pid_, &state, WNOHANG) == 0) {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, &state, 0);
  }
  pid_ = -1;
}

void DirectiveCommand::Handle(const v1::Directive& directive) {
  absl::StatusOr<std::string> line = DirectiveLine(directive);
  if (!line.ok()) {
    status_ = line.status();
    return;
  }
  const bool is_new = open_.emplace(directive.directive_seq(), *line).second;
  if (is_new && pid_ >= 0) unwritten_ += *line;
}

void DirectiveCommand::Write() {
  while (!unwritten_.empty()) {
    const ssize_t n = ::write(in_, unwritten_.data(), unwritten_.size());
    // EPIPE shows at the next read as the end of its output.
    if (n <= 0) return;
    unwritten_.erase(0, static_cast<std::size_t>(n));
  }
}

absl::Status DirectiveCommand::Poll() {
  if (pid_ < 0) {
    if (clock_->Now() < start_at_) return absl::OkStatus();
    if (absl::Status s = Start(); !s.ok()) return s;
  }
  Write();
  return ReadResults();
}

absl::Status DirectiveCommand::ReadResults() {
  Line line;
  while (true) {
    absl::StatusOr<Input> got = lines_->Next(&line);
    if (!got.ok()) return got.status();
    if (*got == Input::kNothingYet) return absl::OkStatus();
    if (*got == Input::kEnd) {
      Stop();
      start_at_ = clock_->Now() + wait_;
      log_(absl::StrCat("`", command_, "` has ended; starting it again in ",
                        wait_.count() / 1'000'000, " s, with ", open_.size(),
                        " unanswered directives"));
      wait_ = std::min(wait_ * 2, kRestartWaitMax);
      return absl::OkStatus();
    }
    wait_ = session::Micros{1'000'000};
    absl::StatusOr<v1::DirectiveResult> result = ParseResultLine(line.text);
    if (!result.ok()) {
      log_(absl::StrCat("answer ", line.number, " of `", command_,
                        "`: ", std::string(result.status().message())));
      continue;
    }
    if (result->outcome() != v1::DIRECTIVE_OUTCOME_SEEN) open_.erase(result->directive_seq());
    answer_(*result);
  }
}

}  // namespace hallwarden::relay
