// A store whose every row follows from its positions: whoever knows how far it is knows what it
// must hold. For tests that take the power or bytes away.
#ifndef HALLWARDEN_TESTS_STORAGE_SUPPORT_HISTORY_H_
#define HALLWARDEN_TESTS_STORAGE_SUPPORT_HISTORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "storage/store.h"

namespace hallwarden::storage {

// Record `position` is an event of `hall-1` with a payload of its own. Every 3rd one is sealed;
// every 7th imposes a sanction with a text and sends a directive; every 14th opens a case; every
// 21st answers the oldest directive without an answer; every 35th notes, every 49th changes a gate;
// every 70th writes an audit record and an answer to a request.
class History {
 public:
  // The group of `size` records after what the store holds.
  [[nodiscard]] static Group NextGroup(Store* store, std::uint64_t size);

  // A checkpoint at `at`: cells that hold its position, one posting.
  [[nodiscard]] static absl::Status WriteCheckpoint(Store* store, std::uint64_t at);

  // Everything that the store holds is what it must hold at its last position, and no more. The
  // first difference in words; empty: none.
  [[nodiscard]] static std::string Check(Store* store);

 private:
  static std::string CheckJournal(Store* store);
  static std::string CheckDecisions(Store* store);
  static std::string CheckCheckpoint(Store* store);
};

// The store's export, one string. An error of the export is returned, never a part of it.
[[nodiscard]] absl::StatusOr<std::string> ExportText(Store* store);

// A number from the environment, for suites that can run longer than in the normal run.
[[nodiscard]] int CountFromEnvironment(const char* name, int otherwise);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_TESTS_STORAGE_SUPPORT_HISTORY_H_
