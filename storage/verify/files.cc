// Files against their checksums.
#include "storage/verify/verifier.h"

namespace hallwarden::storage {

void VerifyFiles(Verifier* verifier) {
  verifier->Begin("files");
  rocksdb::DB* const store = verifier->db().raw();
  // Two layers: each block of a file, then each file as a whole as the MANIFEST knows it.
  verifier->ProblemIfError("db", ToStatus(store->VerifyChecksum(), "verify blocks"));
  verifier->ProblemIfError(
      "db", ToStatus(store->VerifyFileChecksums(rocksdb::ReadOptions()), "verify files"));
  rocksdb::DB* const keys = verifier->vault().raw();
  verifier->ProblemIfError("keys", ToStatus(keys->VerifyChecksum(), "verify blocks"));
  verifier->ProblemIfError(
      "keys", ToStatus(keys->VerifyFileChecksums(rocksdb::ReadOptions()), "verify files"));
  verifier->ProblemIfError("keys", verifier->vault().CheckRows());
}

}  // namespace hallwarden::storage
