// Reads the journal ahead of whoever replays it.
#ifndef HALLWARDEN_DAEMON_JOURNAL_READER_H_
#define HALLWARDEN_DAEMON_JOURNAL_READER_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <thread>
#include <vector>

#include "hallwarden/v1/event.pb.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/mutex.h"
#include "google/protobuf/arena.h"
#include "rules/engine/record.h"
#include "storage/store.h"

namespace hallwarden::daemon {

// Parses an entry, opens what was sealed and joins it; what was erased stays empty and is flagged.
// The record points into `entry` and `arena`. DATA_LOSS if the entry is damaged. What no rule reads
// of an event (the address and device of a log-in: rules have their hashes) is not opened.
[[nodiscard]] absl::Status ReadRecordBack(const storage::JournalEntry& entry, storage::Vault* vault,
                                          google::protobuf::Arena* arena, Record* record);

// The event of an entry as a message, whole: what was sealed is opened, whoever reads it. DATA_LOSS if
// the entry is damaged.
[[nodiscard]] absl::StatusOr<v1::HallEvent> ReadEventBack(const storage::JournalEntry& entry,
                                                          storage::Vault* vault);

// A group with the records made from its entries.
struct ReadGroup {
  storage::StoredGroup group;
  std::vector<Record> records;
  std::unique_ptr<google::protobuf::Arena> arena;
};

// One thread reads, others parse and unseal; groups come out in order. A start after a crash is as
// long as this takes, and the engine needs less time for a record than reading it does.
class JournalReader {
 public:
  // Begins with the group that holds `from`. `store` outlives this.
  JournalReader(storage::Store* store, std::uint64_t from);
  ~JournalReader();
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  // The next group; null at the end.
  [[nodiscard]] absl::StatusOr<std::unique_ptr<ReadGroup>> Next();

 private:
  struct Slot {
    ReadGroup read;
    bool taken = false;  // a parser has it, or had it
    bool ready = false;
    absl::Status status;
  };

  void Scan(std::uint64_t from);
  void Parse();
  [[nodiscard]] Slot* FindWork() HW_REQUIRES(mutex_);

  storage::Store* const store_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::deque<std::unique_ptr<Slot>> slots_ HW_GUARDED_BY(mutex_);
  bool scanned_ HW_GUARDED_BY(mutex_) = false;
  bool stopping_ HW_GUARDED_BY(mutex_) = false;
  absl::Status scan_status_ HW_GUARDED_BY(mutex_);
  std::vector<std::thread> threads_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_JOURNAL_READER_H_
