#include "storage/vault.h"

#include <array>
#include <climits>
#include <filesystem>
#include <list>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/db.h>
#include <rocksdb/iterator.h>
#include <rocksdb/write_batch.h>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "rules/state/codec.h"
#include "storage/database.h"
#include "storage/directory.h"
#include "storage/key.h"
#include "storage/log_tail.h"

namespace hallwarden::storage {
namespace {

constexpr std::uint8_t kRowVersion = 1;
constexpr std::uint8_t kBlobVersion = 1;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSecretBytes = 16;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
// Version, key id.
constexpr std::size_t kHeadBytes = 1 + 4;
constexpr std::size_t kOverheadBytes = kHeadBytes + kNonceBytes + kTagBytes;
// Account keys kept in memory, about 10 MB.
constexpr std::size_t kCachedKeysMax = std::size_t{1} << 16;

// First byte of a key in `keys`.
constexpr std::uint8_t kSecretTable = 0;
constexpr std::uint8_t kAccountTable = 1;
constexpr std::string_view kSecretsName = "secrets";

struct AccountKey {
  // Random, written into each blob: tells a destroyed key from damage.
  std::uint32_t id = 0;
  std::array<std::uint8_t, kKeyBytes> bytes{};
};

// What is kept of an account.
struct AccountRow {
  std::optional<AccountKey> key;
  std::vector<std::uint32_t> destroyed;
};

absl::Status RandomError() {
  return absl::InternalError("the operating system's random source failed");
}

template <std::size_t kSize>
bool FillRandom(std::array<std::uint8_t, kSize>* bytes) {
  return RAND_bytes(bytes->data(), static_cast<int>(kSize)) == 1;
}

std::string_view AsView(const std::uint8_t* bytes, std::size_t size) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes seen as characters
  return {reinterpret_cast<const char*>(bytes), size};
}

const std::uint8_t* AsBytes(std::string_view text) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): characters seen as bytes
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

std::string EncodeRow(const AccountRow& row) {
  Key out(kRowVersion);
  out.Byte(row.key.has_value() ? 1 : 0);
  if (row.key.has_value()) out.U32(row.key->id).Raw(AsView(row.key->bytes.data(), kKeyBytes));
  out.U32(static_cast<std::uint32_t>(row.destroyed.size()));
  for (const std::uint32_t id : row.destroyed)
    out.U32(id);
  return out.Take();
}

absl::StatusOr<AccountRow> DecodeRow(std::string_view value) {
  absl::Status malformed =
      absl::DataLossError("a row of the key store is malformed: restore the directory `keys`");
  KeyReader in(value);
  AccountRow row;
  if (in.Byte() != kRowVersion) return malformed;
  if (in.Byte() != 0) {
    AccountKey& key = row.key.emplace();
    key.id = in.U32();
    for (std::uint8_t& byte : key.bytes)
      byte = in.Byte();
  }
  const std::uint32_t destroyed = in.U32();
  for (std::uint32_t i = 0; i < destroyed && in.ok(); ++i)
    row.destroyed.push_back(in.U32());
  if (!in.done()) return malformed;
  return row;
}

struct CipherContextFree {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

// One context a thread: making one costs more than encrypting a chat line.
EVP_CIPHER_CTX* CipherContext() {
  thread_local const std::unique_ptr<EVP_CIPHER_CTX, CipherContextFree> kContext(
      EVP_CIPHER_CTX_new());
  return kContext.get();
}

const EVP_CIPHER* Cipher() {
  static const EVP_CIPHER* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  return kCipher;
}

// Everything that must be as it was for the blob to open, besides its bytes.
std::string Authenticated(std::string_view head, std::string_view context) {
  return Key().Raw(head).Raw(context).Take();
}

absl::StatusOr<std::string> Encrypt(const AccountKey& key, std::string_view context,
                                    std::string_view plain) {
  absl::Status failed = absl::InternalError("AES-256-GCM encryption failed");
  if (plain.size() > INT_MAX - kOverheadBytes || context.size() > INT_MAX / 2) return failed;
  std::array<std::uint8_t, kNonceBytes> nonce{};
  if (!FillRandom(&nonce)) return RandomError();
  std::string blob = Key(kBlobVersion).U32(key.id).Take();
  const std::string authenticated = Authenticated(blob, context);
  blob.append(AsView(nonce.data(), nonce.size()));
  std::string cipher(plain.size(), '\0');
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): characters seen as bytes
  auto* const out = reinterpret_cast<std::uint8_t*>(cipher.data());
  std::array<std::uint8_t, kTagBytes> tag{};
  EVP_CIPHER_CTX* const ctx = CipherContext();
  int size = 0;
  const bool ok =
      ctx != nullptr && Cipher() != nullptr &&
      EVP_EncryptInit_ex2(ctx, Cipher(), key.bytes.data(), nonce.data(), nullptr) == 1 &&
      EVP_EncryptUpdate(ctx, nullptr, &size, AsBytes(authenticated),
                        static_cast<int>(authenticated.size())) == 1 &&
      EVP_EncryptUpdate(ctx, out, &size, AsBytes(plain), static_cast<int>(plain.size())) == 1 &&
      EVP_EncryptFinal_ex(ctx, out + size, &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(kTagBytes), tag.data()) == 1;
  if (!ok) return failed;
  blob.append(cipher);
  blob.append(AsView(tag.data(), tag.size()));
  return blob;
}

absl::StatusOr<std::string> Decrypt(const AccountKey& key, std::string_view context,
                                    std::string_view sealed) {
  const std::string authenticated = Authenticated(sealed.substr(0, kHeadBytes), context);
  const std::string_view nonce = sealed.substr(kHeadBytes, kNonceBytes);
  const std::string_view cipher =
      sealed.substr(kHeadBytes + kNonceBytes, sealed.size() - kOverheadBytes);
  std::array<std::uint8_t, kTagBytes> tag{};
  const std::string_view stored_tag = sealed.substr(sealed.size() - kTagBytes);
  for (std::size_t i = 0; i < kTagBytes; ++i)
    tag[i] = static_cast<std::uint8_t>(stored_tag[i]);
  std::string plain(cipher.size(), '\0');
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): characters seen as bytes
  auto* const out = reinterpret_cast<std::uint8_t*>(plain.data());
  EVP_CIPHER_CTX* const ctx = CipherContext();
  int size = 0;
  const bool ok =
      ctx != nullptr && Cipher() != nullptr &&
      EVP_DecryptInit_ex2(ctx, Cipher(), key.bytes.data(), AsBytes(nonce), nullptr) == 1 &&
      EVP_DecryptUpdate(ctx, nullptr, &size, AsBytes(authenticated),
                        static_cast<int>(authenticated.size())) == 1 &&
      EVP_DecryptUpdate(ctx, out, &size, AsBytes(cipher), static_cast<int>(cipher.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, static_cast<int>(kTagBytes), tag.data()) ==
          1 &&
      EVP_DecryptFinal_ex(ctx, out + size, &size) == 1;
  if (!ok) {
    return absl::DataLossError(
        "a sealed value is damaged or stands in another place than it was "
        "written to");
  }
  return plain;
}

// The most recently used keys. Not thread-safe.
class KeyCache {
 public:
  const AccountKey* Find(const std::string& account) {
    const auto found = index_.find(account);
    if (found == index_.end()) return nullptr;
    order_.splice(order_.begin(), order_, found->second);
    return &found->second->second;
  }

  void Insert(const std::string& account, const AccountKey& key) {
    if (Find(account) != nullptr) return;
    order_.emplace_front(account, key);
    index_.emplace(account, order_.begin());
    if (order_.size() <= kCachedKeysMax) return;
    // Copied: its own is freed while Erase runs.
    const std::string oldest = order_.back().first;
    Erase(oldest);
  }

  void Erase(const std::string& account) {
    const auto found = index_.find(account);
    if (found == index_.end()) return;
    OPENSSL_cleanse(found->second->second.bytes.data(), kKeyBytes);
    order_.erase(found->second);
    index_.erase(found);
  }

 private:
  std::list<std::pair<std::string, AccountKey>> order_;
  std::unordered_map<std::string, decltype(order_)::iterator> index_;
};

class VaultImpl : public Vault {
 public:
  VaultImpl(std::unique_ptr<rocksdb::DB> db, bool read_only, bool torn)
      : db_(std::move(db)), read_only_(read_only), torn_(torn) {
    write_options_.sync = true;
  }

  // Reads the secrets; makes them if there are none and `may_make`.
  absl::Status Load(bool may_make);

  SipKey HashKey() const override { return hash_key_; }
  SipKey FingerprintKey() const override { return fingerprint_key_; }

  absl::StatusOr<std::string> Seal(std::string_view account, std::string_view context,
                                   std::string_view plain) override {
    const absl::StatusOr<AccountKey> key = KeyToSeal(std::string(account));
    if (!key.ok()) return key.status();
    return Encrypt(*key, context, plain);
  }
  absl::StatusOr<std::string> Unseal(std::string_view account, std::string_view context,
                                     std::string_view sealed) override;
  absl::Status SyncKeys() override;
  absl::Status Destroy(std::string_view account) override;
  bool torn() const override { return torn_; }
  absl::Status CheckRows() override;
  rocksdb::DB* raw() override { return db_.get(); }

 private:
  absl::StatusOr<AccountKey> KeyToSeal(const std::string& account);
  // The key with this id. NOT_FOUND if it was destroyed.
  absl::StatusOr<AccountKey> KeyToUnseal(const std::string& account, std::uint32_t id);
  // Empty if there is none.
  absl::StatusOr<AccountRow> ReadRow(const std::string& account) const;
  absl::Status WriteRow(const std::string& account, const AccountRow& row);
  // Takes the account's old row out of every file.
  absl::Status Scrub(const std::string& account);

  static std::string RowKey(std::string_view account) {
    return Key(kAccountTable).Raw(account).Take();
  }

  const std::unique_ptr<rocksdb::DB> db_;
  const bool read_only_;
  const bool torn_;
  rocksdb::WriteOptions write_options_;
  SipKey hash_key_;
  SipKey fingerprint_key_;
  // Held while rows are written. Taken before `mutex_`.
  absl::Mutex write_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Mutex mutex_;
  KeyCache cache_ ABSL_GUARDED_BY(mutex_);
  // Rows with a key that is not durable yet.
  std::unordered_map<std::string, AccountRow> pending_ ABSL_GUARDED_BY(mutex_);
};

absl::Status VaultImpl::Load(bool may_make) {
  const std::string name = Key(kSecretTable).Raw(kSecretsName).Take();
  std::string value;
  absl::Status status = ToStatus(db_->Get({}, name, &value), "read the secrets");
  if (absl::IsNotFound(status)) {
    if (!may_make) {
      return absl::DataLossError(
          "the keys hold no secrets: their files were cut or are those of an earlier time. Copy "
          "the "
          "directory `keys` back from its own backup (hallwardend --restore does it).");
    }
    std::array<std::uint8_t, 2 * kSecretBytes> secrets{};
    if (!FillRandom(&secrets)) return RandomError();
    value = Key(kRowVersion).Raw(AsView(secrets.data(), secrets.size())).Take();
    status = ToStatus(db_->Put(write_options_, name, value), "write the secrets");
  }
  if (!status.ok()) return status;
  if (value.size() != 1 + 2 * kSecretBytes || value[0] != char{kRowVersion}) {
    return absl::DataLossError("the secrets are malformed: restore the directory `keys`");
  }
  std::array<std::array<std::uint8_t, kSecretBytes>, 2> secrets{};
  for (std::size_t i = 0; i < 2 * kSecretBytes; ++i) {
    secrets[i / kSecretBytes][i % kSecretBytes] = static_cast<std::uint8_t>(value[1 + i]);
  }
  hash_key_ = SipKey::FromBytes(secrets[0]);
  fingerprint_key_ = SipKey::FromBytes(secrets[1]);
  return absl::OkStatus();
}

absl::StatusOr<AccountRow> VaultImpl::ReadRow(const std::string& account) const {
  std::string value;
  absl::Status status = ToStatus(db_->Get({}, RowKey(account), &value), "read a key");
  if (absl::IsNotFound(status)) return AccountRow{};
  if (!status.ok()) return status;
  return DecodeRow(value);
}

absl::StatusOr<AccountKey> VaultImpl::KeyToSeal(const std::string& account) {
  const absl::MutexLock lock(&mutex_);
  if (const AccountKey* key = cache_.Find(account)) return *key;
  if (const auto found = pending_.find(account); found != pending_.end()) {
    return *found->second.key;
  }
  absl::StatusOr<AccountRow> row = ReadRow(account);
  if (!row.ok()) return row.status();
  if (row->key.has_value()) {
    cache_.Insert(account, *row->key);
    return *row->key;
  }
  AccountKey key;
  std::array<std::uint8_t, 4> id{};
  if (!FillRandom(&key.bytes) || !FillRandom(&id)) return RandomError();
  for (const std::uint8_t byte : id)
    key.id = (key.id << 8) | byte;
  row->key = key;
  pending_.emplace(account, *std::move(row));
  return key;
}

absl::StatusOr<AccountKey> VaultImpl::KeyToUnseal(const std::string& account, std::uint32_t id) {
  const absl::MutexLock lock(&mutex_);
  if (const AccountKey* key = cache_.Find(account); key != nullptr && key->id == id) return *key;
  AccountRow row;
  if (const auto found = pending_.find(account); found != pending_.end()) {
    row = found->second;
  } else {
    absl::StatusOr<AccountRow> stored = ReadRow(account);
    if (!stored.ok()) return stored.status();
    row = *std::move(stored);
    if (row.key.has_value()) cache_.Insert(account, *row.key);
  }
  if (row.key.has_value() && row.key->id == id) return *row.key;
  for (const std::uint32_t destroyed : row.destroyed) {
    if (destroyed == id) {
      return absl::NotFoundError("the key of account " + account + " was destroyed");
    }
  }
  return absl::DataLossError("a value of account " + account + " is damaged, or the directory " +
                             "`keys` is older than the store: restore the newest copy of it");
}

absl::StatusOr<std::string> VaultImpl::Unseal(std::string_view account, std::string_view context,
                                              std::string_view sealed) {
  KeyReader head(sealed.substr(0, kHeadBytes));
  const std::uint8_t version = head.Byte();
  const std::uint32_t id = head.U32();
  if (sealed.size() < kOverheadBytes || version != kBlobVersion) {
    return absl::DataLossError("a sealed value is damaged");
  }
  const absl::StatusOr<AccountKey> key = KeyToUnseal(std::string(account), id);
  if (!key.ok()) return key.status();
  return Decrypt(*key, context, sealed);
}

absl::Status VaultImpl::SyncKeys() {
  const absl::MutexLock write_lock(&write_mutex_);
  std::vector<std::pair<std::string, AccountKey>> written;
  rocksdb::WriteBatch batch;
  {
    const absl::MutexLock lock(&mutex_);
    if (pending_.empty()) return absl::OkStatus();
    for (const auto& [account, row] : pending_) {
      batch.Put(RowKey(account), EncodeRow(row)).PermitUncheckedError();
      written.emplace_back(account, *row.key);
    }
  }
  if (read_only_) return absl::FailedPreconditionError("the key store is open for reading only");
  if (absl::Status status = ToStatus(db_->Write(write_options_, &batch), "write new keys");
      !status.ok()) {
    return status;
  }
  const absl::MutexLock lock(&mutex_);
  for (const auto& [account, key] : written) {
    cache_.Insert(account, key);
    pending_.erase(account);
  }
  return absl::OkStatus();
}

absl::Status VaultImpl::CheckRows() {
  rocksdb::ReadOptions options;
  // See Database::Scan.
  options.ignore_range_deletions = true;
  const std::unique_ptr<rocksdb::Iterator> it(db_->NewIterator(options));
  absl::Status status;
  bool secrets = false;
  for (it->SeekToFirst(); it->Valid() && status.ok(); it->Next()) {
    const rocksdb::Slice key = it->key();
    if (!key.empty() && key[0] == char{kAccountTable}) {
      status = DecodeRow({it->value().data(), it->value().size()}).status();
    } else {
      // Its content was checked when the keys were opened.
      secrets = true;
    }
  }
  if (absl::Status scanned = ToStatus(it->status(), "scan the keys"); !scanned.ok()) return scanned;
  if (status.ok() && !secrets) return absl::DataLossError("the secrets are missing");
  return status;
}

absl::Status VaultImpl::WriteRow(const std::string& account, const AccountRow& row) {
  return ToStatus(db_->Put(write_options_, RowKey(account), EncodeRow(row)), "write a key");
}

absl::Status VaultImpl::Scrub(const std::string& account) {
  if (absl::Status status = ToStatus(db_->Flush({}), "flush the keys"); !status.ok()) return status;
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForceOptimized;
  const std::string key = RowKey(account);
  const rocksdb::Slice slice(key);
  return ToStatus(db_->CompactRange(options, &slice, &slice), "rewrite the keys");
}

absl::Status VaultImpl::Destroy(std::string_view account_view) {
  if (read_only_) return absl::FailedPreconditionError("the key store is open for reading only");
  const std::string account(account_view);
  const absl::MutexLock write_lock(&write_mutex_);
  {
    const absl::MutexLock lock(&mutex_);
    absl::StatusOr<AccountRow> row = ReadRow(account);
    if (!row.ok()) return row.status();
    if (const auto found = pending_.find(account); found != pending_.end()) row = found->second;
    // Nothing was ever sealed, or it is destroyed already; the files may still need their rewrite.
    if (!row->key.has_value() && row->destroyed.empty()) return absl::OkStatus();
    if (row->key.has_value()) {
      row->destroyed.push_back(row->key->id);
      row->key.reset();
      if (absl::Status status = WriteRow(account, *row); !status.ok()) return status;
    }
    cache_.Erase(account);
    pending_.erase(account);
  }
  return Scrub(account);
}

}  // namespace

std::string SealContext(std::string_view source, std::uint64_t number) {
  return Key().Name("journal").Name(source).U64(number).Take();
}

absl::StatusOr<std::unique_ptr<Vault>> Vault::Open(const std::string& directory, bool must_exist,
                                                   bool read_only, rocksdb::Env* env) {
  // Files without their root are no keys either, and nothing is made over them.
  std::error_code error;
  const bool whole = std::filesystem::exists(directory + "/CURRENT", error);
  if (!whole && (must_exist || read_only || Database::Exists(directory))) {
    return absl::FailedPreconditionError(
        "the keys of the store are missing: " + directory +
        " holds none. Copy the directory `keys` back from its own backup; without it nothing "
        "that " +
        "players wrote can be read, and a new one would not fit what is stored.");
  }
  rocksdb::Options options(SafeDbOptions(), SafeFamilyOptions(rocksdb::NewLRUCache(8U << 20)));
  options.create_if_missing = !whole;
  if (env != nullptr) options.env = env;
  // Small files: destroying a key rewrites the file that holds it. Random bytes do not shrink.
  options.target_file_size_base = 8U << 20;
  options.compression = rocksdb::kNoCompression;
  options.bottommost_compression = rocksdb::kNoCompression;
  rocksdb::DB* raw = nullptr;
  absl::Status status;
  bool torn = false;
  if (whole) status = CheckLastBlock(options.env, directory);
  if (!status.ok()) return WithAdvice(status);
  if (read_only) {
    options.info_log = MakeNoLog();
    status = ToStatus(rocksdb::DB::OpenForReadOnly(options, directory, &raw),
                      "open the keys in " + directory + " for reading");
  } else {
    if (status = MakeDirectory(directory); !status.ok()) return status;
    const std::string what = "open the keys in " + directory;
    status = ToStatus(rocksdb::DB::Open(options, directory, &raw), what);
    if (absl::IsDataLoss(status) && whole) {
      const absl::StatusOr<bool> cut = CutTornTails(options.env, directory);
      torn = cut.ok() && *cut;
      if (torn) status = ToStatus(rocksdb::DB::Open(options, directory, &raw), what);
    }
  }
  if (!status.ok()) return whole ? WithAdvice(status) : status;
  auto vault = std::make_unique<VaultImpl>(std::unique_ptr<rocksdb::DB>(raw), read_only, torn);
  // A store whose making was cut short has keys without secrets, or none.
  if (status = vault->Load(!must_exist && !read_only); !status.ok()) {
    return absl::Status(status.code(),
                        "the keys in " + directory + ": " +
                            std::string(status.message().data(), status.message().size()));
  }
  return vault;
}

}  // namespace hallwarden::storage
