// Directives out, results in, as JSON lines.
#ifndef HALLWARDEN_TOOLS_RELAY_DIRECTIVE_BOOK_H_
#define HALLWARDEN_TOOLS_RELAY_DIRECTIVE_BOOK_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "hallwarden/v1/directive.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "tools/relay/line_input.h"
#include "tools/session/file_system.h"
#include "tools/session/session_client.h"

namespace hallwarden::relay {

// One line of a results file: {"directiveSeq":"7","outcome":"applied","detail":""}. The outcome is
// applied, rejected, not_here or seen. INVALID_ARGUMENT says what is wrong.
absl::StatusOr<v1::DirectiveResult> ParseResultLine(const std::string& text);

// The directive as one line of proto3 JSON.
absl::StatusOr<std::string> DirectiveLine(const v1::Directive& directive);

// A file of JSON lines that only grows. After a crash it goes on behind its last whole line.
class GrowingFile {
 public:
  // Opens or makes the file; a torn last line is cut off. Returns its last line in `last_line`.
  static absl::StatusOr<std::unique_ptr<GrowingFile>> Open(session::FileSystem* fs,
                                                           const std::string& path,
                                                           std::string* last_line);
  // Durable on return.
  absl::Status Append(const std::string& lines);

 private:
  explicit GrowingFile(std::unique_ptr<session::WritableFile> file) : file_(std::move(file)) {}

  std::unique_ptr<session::WritableFile> file_;
};

// What answers directives. Answer is called from Handle or from Poll.
class DirectivePeer : public session::DirectiveHandler {
 public:
  using Answer = std::function<void(const v1::DirectiveResult& result)>;

  // Looks for results. Call it between steps while the session is open.
  virtual absl::Status Poll() = 0;
  // First error of Handle, which cannot return one.
  [[nodiscard]] virtual absl::Status status() const = 0;
};

// --directives FILE with --results FILE or --directives-auto-apply.
class DirectiveFiles final : public DirectivePeer {
 public:
  struct Options {
    std::string directives;
    std::string results;
    bool auto_apply = false;
  };
  struct Parts {
    session::FileSystem* fs = nullptr;
    Answer answer;
    // How many answers have certainly arrived (SessionClient::SettledAnswers).
    std::function<std::int64_t()> settled;
    std::function<void(const std::string&)> log;
  };

  // `results_from` is where results were read before.
  static absl::StatusOr<std::unique_ptr<DirectiveFiles>> Open(Options options, Parts parts,
                                                              const Place& results_from);

  void Handle(const v1::Directive& directive) override;
  absl::Status Poll() override;
  [[nodiscard]] absl::Status status() const override { return status_; }
  // Everything before this place has been answered for good.
  [[nodiscard]] Place ResultsPlace();

 private:
  DirectiveFiles(Options options, Parts parts)
      : options_(std::move(options)), parts_(std::move(parts)) {}

  void Repeat(const v1::Directive& directive);
  absl::Status OpenResults();
  absl::StatusOr<std::vector<v1::DirectiveResult>> FindResults(std::int64_t seq);

  Options options_;
  Parts parts_;
  std::unique_ptr<GrowingFile> out_;
  std::unique_ptr<FileInput> results_;
  // Newest directive in the file: history epoch, then number.
  std::pair<std::int64_t, std::int64_t> written_{0, 0};
  Place settled_place_;
  std::int64_t answers_ = 0;
  // Place behind the line of each answer that may not have arrived.
  std::deque<std::pair<std::int64_t, Place>> unsettled_;
  absl::Status status_;
};

// --exec CMD: directives to its standard input, results from its standard output. A command that
// ends is started again and gets every directive that it has not answered once more.
class DirectiveCommand final : public DirectivePeer {
 public:
  DirectiveCommand(std::string command, Answer answer, std::function<void(const std::string&)> log,
                   const session::Clock* clock);
  DirectiveCommand(const DirectiveCommand&) = delete;
  DirectiveCommand& operator=(const DirectiveCommand&) = delete;
  ~DirectiveCommand() override;

  void Handle(const v1::Directive& directive) override;
  absl::Status Poll() override;
  [[nodiscard]] absl::Status status() const override { return status_; }

 private:
  absl::Status Start();
  void Stop();
  void Write();
  absl::Status ReadResults();

  std::string command_;
  Answer answer_;
  std::function<void(const std::string&)> log_;
  const session::Clock* clock_;
  session::Micros start_at_{0};
  session::Micros wait_{1'000'000};
  int pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  std::string unwritten_;
  std::unique_ptr<PipeInput> lines_;
  // Directives without an answer, as lines.
  std::map<std::int64_t, std::string> open_;
  absl::Status status_;
};

// Without a handler: directives go nowhere and are not answered.
class NoPeer final : public DirectivePeer {
 public:
  void Handle(const v1::Directive& /*directive*/) override {}
  absl::Status Poll() override { return absl::OkStatus(); }
  [[nodiscard]] absl::Status status() const override { return absl::OkStatus(); }
};

}  // namespace hallwarden::relay

#endif  // HALLWARDEN_TOOLS_RELAY_DIRECTIVE_BOOK_H_
