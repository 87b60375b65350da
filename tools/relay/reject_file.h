// Refused lines as JSON lines in a file, and as one line each for people.
#ifndef HALLWARDEN_TOOLS_RELAY_REJECT_FILE_H_
#define HALLWARDEN_TOOLS_RELAY_REJECT_FILE_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "tools/relay/directive_book.h"
#include "tools/relay/relay_source.h"

namespace hallwarden::relay {

// Not thread-safe.
class RejectFile final : public RejectLog {
 public:
  // Without a path refused lines are only said. `say` gets `file:line: what`.
  static absl::StatusOr<std::unique_ptr<RejectFile>> Open(
      session::FileSystem* fs, const std::string& path,
      std::function<void(const std::string&)> say);
  absl::Status Add(const std::deque<Reject>& rejects) override;

 private:
  explicit RejectFile(std::function<void(const std::string&)> say) : say_(std::move(say)) {}

  std::function<void(const std::string&)> say_;
  std::unique_ptr<GrowingFile> file_;
  // Newest event in the file: what comes again after a crash is not told twice.
  std::int64_t last_seq_ = 0;
};

}  // namespace hallwarden::relay

#endif  // HALLWARDEN_TOOLS_RELAY_REJECT_FILE_H_
