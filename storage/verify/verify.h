// Checks a store completely, without changing it.
#ifndef HALLWARDEN_STORAGE_VERIFY_VERIFY_H_
#define HALLWARDEN_STORAGE_VERIFY_VERIFY_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "storage/store.h"

namespace hallwarden::storage {

// Something that is not as it must be.
struct VerifyProblem {
  // Which check found it: `files`, `journal`, `tables`, `index`, ...
  std::string check;
  // Where: a file, or a table and its key.
  std::string where;
  // What is wrong.
  std::string what;
  // What to do.
  std::string advice;

  // One line.
  [[nodiscard]] std::string ToString() const;
};

struct VerifyReport {
  // Rows looked at, over all checks.
  std::uint64_t rows = 0;
  // Sealed values whose key was destroyed: they are meant to be unreadable.
  std::uint64_t erased = 0;
  std::uint64_t last_position = 0;
  std::uint64_t checkpoint_position = 0;
  // All that were found; `problems` holds the first 1,000.
  std::uint64_t problem_count = 0;
  std::vector<VerifyProblem> problems;

  [[nodiscard]] bool clean() const { return problem_count == 0; }
};

struct VerifyOptions {
  // Told what is being checked and how many rows were looked at, now and then. May be empty.
  std::function<void(std::string_view check, std::uint64_t rows)> progress;
  // Asked now and then; true ends the check with CANCELLED. May be empty.
  std::function<bool()> cancelled;
};

// What VerifyStore opens: the store's RocksDB and the keys, wherever they lie.
struct VerifyPlace {
  std::string database;
  std::string keys;
  // In messages.
  std::string name;
};
[[nodiscard]] VerifyPlace PlaceOf(const std::string& store_directory);

// Opens for reading and checks: files against their checksums; every row decodes; the journal is
// dense; indexes and tables agree in both directions; directives, outbox and servers agree; the
// gate says what the sanctions say; the audit is one chain, as its checkpoints say; timers that
// sanctions need are set; postings are in order; artefacts are what they are called; sealed values
// open or are erased. Errors: cannot be opened, as Store::Open says. A daemon may run beside it:
// what is checked is the state at opening.
[[nodiscard]] absl::StatusOr<VerifyReport> VerifyStore(const VerifyPlace& place,
                                                       const VerifyOptions& options);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_VERIFY_VERIFY_H_
