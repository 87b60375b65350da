// The journal: whole, dense, in the order of time; every sealed part opens.
#include <algorithm>
#include <map>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

class JournalCheck {
 public:
  explicit JournalCheck(Verifier* verifier) : verifier_(verifier) {}

  void Run() {
    verifier_->Scan(Family::kJournal, {},
                    [this](std::string_view key, std::string_view value) { Group(key, value); });
    verifier_->report().last_position = next_ == 0 ? 0 : next_ - 1;
    Sealed();
    Sources();
    Checkpoint();
  }

 private:
  void Group(std::string_view key, std::string_view value) {
    const std::string where = Where(Family::kJournal, key);
    KeyReader in(key);
    const std::uint64_t first = in.U64();
    if (!in.done()) return verifier_->Problem(where, "has a malformed key");
    std::string sealed;
    if (HasSealed(value)) {
      std::optional<std::string> row = verifier_->Get(Family::kPrivate, key);
      if (!row.has_value()) return verifier_->Problem(where, "its row in `private` is missing");
      sealed = *std::move(row);
      ++sealed_groups_;
    }
    const absl::StatusOr<StoredGroup> group = DecodeGroup(first, value, sealed);
    if (!group.ok()) return verifier_->ProblemIfError(where, group.status());
    if (next_ != 0 && first != next_) {
      verifier_->Problem(where, "position " + std::to_string(first) + " follows " +
                                    std::to_string(next_ - 1) + ": records are missing");
    }
    for (const JournalEntry& entry : group->entries)
      Entry(entry, where);
    next_ = group->entries.back().position + 1;
  }

  void Entry(const JournalEntry& entry, const std::string& where) {
    if (entry.commit_us < commit_us_) {
      verifier_->Problem(where,
                         "commit time goes back at position " + std::to_string(entry.position));
    }
    commit_us_ = entry.commit_us;
    if (entry.kind < RecordKind::kHallEvent || entry.kind > RecordKind::kErased) {
      verifier_->Problem(where,
                         "a record of no known kind at position " + std::to_string(entry.position));
    }
    if (entry.source_seq != 0) {
      std::uint64_t& seen = sources_[entry.source];
      seen = std::max(seen, entry.source_seq);
    }
    if (entry.sealed.empty()) return;
    const std::uint64_t number = entry.source_seq != 0 ? entry.source_seq : entry.position;
    verifier_->CheckSealed(entry.sealed_account, SealContext(entry.source, number), entry.sealed,
                           where + ", record " + std::to_string(entry.position));
  }

  // Every group's row in `private` was found above; another one belongs to none.
  void Sealed() {
    std::uint64_t rows = 0;
    verifier_->Scan(Family::kPrivate, {}, [&](std::string_view key, std::string_view) {
      ++rows;
      const std::optional<std::string> group = verifier_->Get(Family::kJournal, key);
      if (!group.has_value() || !HasSealed(*group)) {
        verifier_->Problem(Where(Family::kPrivate, key), "belongs to no group of the journal");
      }
    });
    if (rows < sealed_groups_) verifier_->Problem("private", "rows are missing");
  }

  void Sources() {
    verifier_->Scan(Family::kSources, {}, [&](std::string_view key, std::string_view value) {
      const absl::StatusOr<SourcePosition> position = DecodeSource(key, value);
      const std::string where = Where(Family::kSources, key);
      if (!position.ok()) return verifier_->ProblemIfError(where, position.status());
      const auto seen = sources_.find(position->source);
      if (seen != sources_.end() && position->durable_seq < seen->second) {
        verifier_->Problem(where, "is at " + std::to_string(position->durable_seq) +
                                      ", the journal holds " + std::to_string(seen->second));
      }
      sources_.erase(position->source);
    });
    for (const auto& [source, seq] : sources_) {
      // The daemon's own sources have numbers, and positions, of no use to anybody.
      if (seq != 0) {
        verifier_->Problem("sources " + source,
                           "is missing, the journal holds its events up to " + std::to_string(seq));
      }
    }
  }

  void Checkpoint() {
    const std::optional<std::string> value = verifier_->Get(Family::kCells, CheckpointKey());
    if (!value.has_value()) return;
    const absl::StatusOr<std::uint64_t> at = DecodeNumber(*value);
    if (!at.ok()) return verifier_->ProblemIfError("cells checkpoint", at.status());
    verifier_->report().checkpoint_position = *at;
    if (*at > verifier_->report().last_position) {
      verifier_->Problem("cells checkpoint", "is at " + std::to_string(*at) +
                                                 ", the journal ends at " +
                                                 std::to_string(verifier_->report().last_position));
    }
  }

  Verifier* const verifier_;
  std::uint64_t next_ = 0;
  std::int64_t commit_us_ = INT64_MIN;
  std::uint64_t sealed_groups_ = 0;
  std::map<std::string, std::uint64_t> sources_;
};

}  // namespace

void VerifyJournal(Verifier* verifier) {
  verifier->Begin("journal");
  JournalCheck(verifier).Run();
}

}  // namespace hallwarden::storage
