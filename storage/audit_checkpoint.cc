#include "storage/audit_checkpoint.h"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/format.h"
#include "storage/sha256.h"

namespace hallwarden::storage {
namespace {

constexpr std::string_view kWord = "hallwarden-audit-1";
constexpr std::size_t kStoreIdBytes = 16;
constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kLineWords = 8;
constexpr mode_t kOwnerOnly = 0600;
constexpr mode_t kReadable = 0644;

struct KeyFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, KeyFree>;
struct SignFree {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using SignPtr = std::unique_ptr<EVP_MD_CTX, SignFree>;
struct FileClose {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using FilePtr = std::unique_ptr<std::FILE, FileClose>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

absl::Status SystemError(const std::string& what) {
  return absl::InternalError(what + ": " + std::system_category().message(errno));
}

bool ReadNumber(std::string_view word, std::int64_t* number) {
  const char* const end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, *number);
  return read.ec == std::errc() && read.ptr == end && *number >= 0;
}

// The file is whole or not there: it is written under another name first.
absl::Status WriteFile(const std::string& path, mode_t mode, const KeyPtr& key, bool secret) {
  const std::string draft = path + ".new";
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  if (fd < 0) return SystemError("make " + draft);
  FilePtr file(::fdopen(fd, "w"));
  if (file == nullptr) return SystemError("open " + draft);
  const int written =
      secret ? PEM_write_PrivateKey(file.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr)
             : PEM_write_PUBKEY(file.get(), key.get());
  const bool good = written == 1 && std::fflush(file.get()) == 0 && ::fsync(fd) == 0;
  file.reset();
  if (!good || ::rename(draft.c_str(), path.c_str()) != 0) return SystemError("write " + path);
  return absl::OkStatus();
}

absl::StatusOr<KeyPtr> Make(const std::string& path) {
  KeyPtr key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) return absl::InternalError("no Ed25519 key can be made");
  if (absl::Status status = WriteFile(path + ".pub", kReadable, key, false); !status.ok()) {
    return status;
  }
  if (absl::Status status = WriteFile(path, kOwnerOnly, key, true); !status.ok()) return status;
  return key;
}

absl::StatusOr<KeyPtr> Load(const std::string& path, const FilePtr& file) {
  struct stat info {};
  if (::fstat(::fileno(file.get()), &info) != 0) return SystemError("look at " + path);
  if ((info.st_mode & 077U) != 0) {
    return absl::FailedPreconditionError("others may read " + path +
                                         ", which signs the audit: `chmod 600` it");
  }
  KeyPtr key(PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr));
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return absl::FailedPreconditionError(
        path + " holds no Ed25519 key in PEM: put the right one back, or take it away and a new "
               "one is made, which those who kept the old public key will notice");
  }
  return key;
}

}  // namespace

std::string AuditCheckpointText(const v1::AuditCheckpoint& checkpoint) {
  std::string text(kWord);
  for (const std::string& word :
       {checkpoint.origin(), std::to_string(checkpoint.history_epoch()),
        std::to_string(checkpoint.size()), ToLowerHex(checkpoint.head()),
        std::to_string(ToMicros(checkpoint.create_time())), ToLowerHex(checkpoint.key())}) {
    text.append(1, ' ').append(word);
  }
  return text;
}

std::string AuditCheckpointLine(const v1::AuditCheckpoint& checkpoint) {
  return AuditCheckpointText(checkpoint) + " " + ToLowerHex(checkpoint.sig());
}

absl::StatusOr<v1::AuditCheckpoint> ParseAuditCheckpointLine(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty() && words.size() <= kLineWords) {
    const std::size_t end = line.find(' ');
    words.push_back(line.substr(0, end));
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  v1::AuditCheckpoint checkpoint;
  std::int64_t epoch = 0;
  std::int64_t size = 0;
  std::int64_t time_us = 0;
  const bool good = words.size() == kLineWords && words[0] == kWord &&
                    !FromLowerHex(words[1], kStoreIdBytes).empty() &&
                    ReadNumber(words[2], &epoch) && ReadNumber(words[3], &size) &&
                    ReadNumber(words[5], &time_us);
  if (!good) return absl::InvalidArgumentError("not the line of an audit checkpoint");
  checkpoint.set_origin(std::string(words[1]));
  checkpoint.set_history_epoch(epoch);
  checkpoint.set_size(size);
  checkpoint.set_head(FromLowerHex(words[4], kSha256Bytes));
  SetTimestamp(time_us, checkpoint.mutable_create_time());
  checkpoint.set_key(FromLowerHex(words[6], kKeyBytes));
  checkpoint.set_sig(FromLowerHex(words[7], kSignatureBytes));
  if (checkpoint.head().empty() || checkpoint.key().empty() || checkpoint.sig().empty()) {
    return absl::InvalidArgumentError("an audit checkpoint whose hashes are not whole");
  }
  return checkpoint;
}

bool IsSigned(const v1::AuditCheckpoint& checkpoint) {
  if (checkpoint.key().size() != kKeyBytes || checkpoint.sig().size() != kSignatureBytes) {
    return false;
  }
  const KeyPtr key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(checkpoint.key()),
                                               kKeyBytes));
  const SignPtr context(EVP_MD_CTX_new());
  const std::string text = AuditCheckpointText(checkpoint);
  return key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(checkpoint.sig()), kSignatureBytes,
                          Bytes(text), text.size()) == 1;
}

struct AuditKey::Impl {
  KeyPtr key;
};

AuditKey::AuditKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
AuditKey::~AuditKey() = default;

absl::StatusOr<std::unique_ptr<AuditKey>> AuditKey::LoadOrMake(const std::string& path) {
  const FilePtr file(std::fopen(path.c_str(), "re"));
  if (file == nullptr && errno != ENOENT) return SystemError("open " + path);
  absl::StatusOr<KeyPtr> key = file == nullptr ? Make(path) : Load(path, file);
  if (!key.ok()) return key.status();
  std::array<unsigned char, kKeyBytes> bytes{};
  std::size_t size = bytes.size();
  if (EVP_PKEY_get_raw_public_key(key->get(), bytes.data(), &size) != 1 || size != kKeyBytes) {
    return absl::InternalError("the public key of " + path + " cannot be had");
  }
  auto impl = std::make_unique<Impl>();
  impl->key = *std::move(key);
  std::unique_ptr<AuditKey> made(new AuditKey(std::move(impl)));
  made->public_key_ = std::string(bytes.begin(), bytes.end());
  return made;
}

absl::Status AuditKey::Sign(v1::AuditCheckpoint* checkpoint) const {
  checkpoint->set_key(public_key_);
  const std::string text = AuditCheckpointText(*checkpoint);
  const SignPtr context(EVP_MD_CTX_new());
  std::array<unsigned char, kSignatureBytes> signature{};
  std::size_t size = signature.size();
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, Bytes(text), text.size()) != 1 ||
      size != kSignatureBytes) {
    return absl::InternalError("the audit checkpoint cannot be signed");
  }
  checkpoint->set_sig(std::string(signature.begin(), signature.end()));
  return absl::OkStatus();
}

}  // namespace hallwarden::storage
