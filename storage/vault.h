// Keys and encryption of personal data: one random key per account, kept apart from the store.
#ifndef HALLWARDEN_STORAGE_VAULT_H_
#define HALLWARDEN_STORAGE_VAULT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "rules/base/siphash.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace hallwarden::storage {

// Context of the sealed part of a journal record: its source, and its number there or, where there
// is none, its position.
[[nodiscard]] std::string SealContext(std::string_view source, std::uint64_t number);

// Holds the installation's secret hash key and one AES-256-GCM key per account, in a RocksDB of its
// own
// (`<store>/keys`), so that a backup of the store holds no keys and destroying a key erases its
// data in every backup. Thread-safe.
class Vault {
 public:
  // Opens or creates. A new one makes its secrets from the operating system's random source.
  // FAILED_PRECONDITION if the keys are missing but `must_exist`; DATA_LOSS if they are damaged.
  // `read_only`: changes nothing, not even beside a daemon that is running; new keys are never
  // durable and none can be destroyed. Files go through `env`, null: the host's.
  static absl::StatusOr<std::unique_ptr<Vault>> Open(const std::string& directory, bool must_exist,
                                                     bool read_only = false,
                                                     rocksdb::Env* env = nullptr);
  virtual ~Vault() = default;

  // Key of keyed hashes (addresses, devices) and of text fingerprints. The same for the store's
  // life.
  [[nodiscard]] virtual SipKey HashKey() const = 0;
  [[nodiscard]] virtual SipKey FingerprintKey() const = 0;

  // Encrypts under the account's key, making one if there is none. `context` is authenticated with
  // it: a blob moved to another place does not open. A new key is in memory only until SyncKeys.
  [[nodiscard]] virtual absl::StatusOr<std::string> Seal(std::string_view account,
                                                         std::string_view context,
                                                         std::string_view plain) = 0;
  // NOT_FOUND if the account's key was destroyed, DATA_LOSS if the blob is damaged or of another
  // place.
  [[nodiscard]] virtual absl::StatusOr<std::string> Unseal(std::string_view account,
                                                           std::string_view context,
                                                           std::string_view sealed) = 0;
  // Makes every key that Seal made so far durable. Called before the commit that needs them.
  [[nodiscard]] virtual absl::Status SyncKeys() = 0;
  // Destroys the account's key, durably. What was sealed under it is gone, in backups too.
  [[nodiscard]] virtual absl::Status Destroy(std::string_view account) = 0;
  // True if the end of the keys' log was torn when they were opened, and was cut off: whether what
  // went was ever needed, only the store can tell.
  [[nodiscard]] virtual bool torn() const { return false; }
  // Reads every row: DATA_LOSS if one does not decode.
  [[nodiscard]] virtual absl::Status CheckRows() { return absl::OkStatus(); }
  // For backups and checks. Null: there is none.
  [[nodiscard]] virtual rocksdb::DB* raw() { return nullptr; }
};

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_STORAGE_VAULT_H_
