// Artefacts are what they are called, and what policies refer to is there.
#include "storage/format.h"
#include "storage/key.h"
#include "storage/sha256.h"
#include "storage/verify/verifier.h"

namespace hallwarden::storage {

void VerifyArtefacts(Verifier* verifier) {
  verifier->Begin("artefacts");
  verifier->Scan(Family::kArtefacts, {}, [&](std::string_view key, std::string_view value) {
    const std::string where = "artefacts " + ToLowerHex(key);
    if (value.empty() || value.front() != char{kValueVersion}) {
      return verifier->Problem(where, "has a malformed value");
    }
    if (AsView(Sha256(value.substr(1))) != key) {
      verifier->Problem(where, "its content has another hash");
    }
  });
  verifier->Scan(Family::kTables, Key(Byte(Table::kPolicy)).Take(),
                 [&](std::string_view key, std::string_view value) {
                   const std::string where = Where(Family::kTables, key);
                   StoredPolicy row;
                   if (!verifier->Decode({Family::kTables, std::string(key)}, value, where, &row)) {
                     return;
                   }
                   const std::string artefact = FromLowerHex(row.policy.artefact, kSha256Bytes);
                   if (artefact.empty() || !verifier->Has(Family::kArtefacts, artefact)) {
                     verifier->Problem(where,
                                       "its text is missing: artefact " + row.policy.artefact);
                   }
                 });
}

}  // namespace hallwarden::storage
