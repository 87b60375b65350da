// What the store says about itself.
#include "storage/format.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {

void VerifyMeta(Verifier* verifier) {
  verifier->Begin("meta");
  constexpr std::size_t kStoreIdBytes = 16;
  std::size_t known = 0;
  verifier->Scan(Family::kMeta, {}, [&](std::string_view key, std::string_view value) {
    if (key == kStoreIdKey) {
      ++known;
      if (value.size() != kStoreIdBytes) {
        verifier->Problem(Where(Family::kMeta, key), "is not 16 bytes long");
      }
      return;
    }
    // What later builds add is theirs to judge.
    if (key != kFormatKey && key != kKeysCheckKey && key != kHistoryEpochKey) return;
    ++known;
    const absl::StatusOr<std::uint64_t> number = DecodeNumber(value);
    verifier->ProblemIfError(Where(Family::kMeta, key), number.status());
    if (!number.ok()) return;
    if (key == kFormatKey) {
      if (*number > kFormatVersion) {
        verifier->Problem(Where(Family::kMeta, key), "is format " + std::to_string(*number),
                          "check it with the newer build that wrote it");
      }
    } else if (key == kKeysCheckKey) {
      if (value != KeysCheck(verifier->vault())) {
        verifier->Problem(Where(Family::kMeta, key), "the keys belong to another store",
                          "put the directory `keys` of this store beside it");
      }
    } else if (key == kHistoryEpochKey) {
      if (*number == 0) verifier->Problem(Where(Family::kMeta, key), "is 0");
    }
  });
  constexpr std::size_t kRows = 4;
  if (known != kRows) {
    verifier->Problem("default", "holds " + std::to_string(known) + " of its 4 rows");
  }
}

}  // namespace hallwarden::storage
