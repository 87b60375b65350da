// What a checkpoint wrote, and the feed.
#include <utility>

#include "storage/format.h"
#include "storage/key.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {
namespace {

using PlaceOfPosting = std::pair<std::uint64_t, std::uint32_t>;

class HistoryCheck {
 public:
  explicit HistoryCheck(Verifier* verifier) : verifier_(verifier) {}

  void Run() {
    verifier_->Scan(Family::kPostings, {},
                    [this](std::string_view key, std::string_view value) { Block(key, value); });
    verifier_->Scan(Family::kFeed, {}, [this](std::string_view key, std::string_view value) {
      const absl::StatusOr<StoredPosting> posting = DecodeFeed(key, value);
      verifier_->ProblemIfError(Where(Family::kFeed, key), posting.status());
      if (posting.ok() && posting->position > verifier_->report().last_position) {
        verifier_->Problem(Where(Family::kFeed, key), "lies behind the end of the journal");
      }
    });
    verifier_->Scan(Family::kCells, {},
                    [this](std::string_view key, std::string_view value) { Cell(key, value); });
  }

 private:
  // Blocks of an account are in order among each other too.
  void Block(std::string_view key, std::string_view value) {
    const std::string where = Where(Family::kPostings, key);
    KeyReader in(key);
    const std::string account = in.Name();
    const PlaceOfPosting first{in.U64(), in.U32()};
    if (!in.done()) return verifier_->Problem(where, "has a malformed key");
    const absl::StatusOr<std::vector<StoredPosting>> block =
        DecodePostings(account, first.first, value);
    if (!block.ok()) return verifier_->ProblemIfError(where, block.status());
    if (account != account_) last_ = {};
    account_ = account;
    if (block->front().ordinal != first.second) {
      verifier_->Problem(where, "begins at another place than its key says");
    }
    for (const StoredPosting& posting : *block) {
      const PlaceOfPosting place{posting.position, posting.ordinal};
      if (place <= last_) {
        verifier_->Problem(where, "is out of order at " + std::to_string(place.first) + "-" +
                                      std::to_string(place.second));
      }
      last_ = place;
    }
    if (last_.first > verifier_->report().checkpoint_position) {
      verifier_->Problem(where, "lies behind the checkpoint that wrote it");
    }
  }

  void Cell(std::string_view key, std::string_view value) {
    if (key == CheckpointKey()) return;
    constexpr std::size_t kCellKeyBytes = 17;
    if (key.size() != kCellKeyBytes || key.front() == '\0') {
      verifier_->Problem(Where(Family::kCells, key), "is the key of no entity");
    } else if (value.empty()) {
      verifier_->Problem(Where(Family::kCells, key), "is empty");
    }
  }

  Verifier* const verifier_;
  std::string account_;
  PlaceOfPosting last_;
};

}  // namespace

void VerifyHistory(Verifier* verifier) {
  verifier->Begin("history");
  HistoryCheck(verifier).Run();
}

}  // namespace hallwarden::storage
