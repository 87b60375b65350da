#include "tools/audit/checkpoint.h"

#include <cstdint>
#include <memory>
#include <sstream>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace hallwarden::audit {
namespace {

constexpr char kFirstWord[] = "hallwarden-audit-1";
constexpr std::size_t kWords = 8;
constexpr std::size_t kOriginHex = 32;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(BIO* bio) const { BIO_free(bio); }
};

const std::uint8_t* Data(const std::string& bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

std::string SignedText(const v1::AuditCheckpoint& checkpoint) {
  const std::int64_t time_us =
      checkpoint.create_time().seconds() * 1'000'000 + checkpoint.create_time().nanos() / 1000;
  return absl::StrCat(kFirstWord, " ", checkpoint.origin(), " ", checkpoint.history_epoch(), " ",
                      checkpoint.size(), " ", Hex(checkpoint.head()), " ", time_us, " ",
                      Hex(checkpoint.key()));
}

// False unless it is lower-case hex of so many bytes.
bool Unhex(const std::string& hex, std::size_t bytes, std::string* out) {
  if (hex.size() != 2 * bytes || hex.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return false;
  }
  *out = absl::HexStringToBytes(hex);
  return true;
}

bool Count(const std::string& word, std::int64_t* number) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos &&
         absl::SimpleAtoi(word, number);
}

}  // namespace

std::string Hex(std::string_view bytes) {
  return absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
}

std::string CheckpointLine(const v1::AuditCheckpoint& checkpoint) {
  return absl::StrCat(SignedText(checkpoint), " ", Hex(checkpoint.sig()));
}

absl::StatusOr<v1::AuditCheckpoint> ParseCheckpointLine(const std::string& line) {
  const std::vector<std::string> words = absl::StrSplit(line, ' ');
  v1::AuditCheckpoint checkpoint;
  std::int64_t epoch = 0;
  std::int64_t size = 0;
  std::int64_t time_us = 0;
  std::string origin;
  const bool good = words.size() == kWords && words[0] == kFirstWord &&
                    Unhex(words[1], kOriginHex / 2, &origin) && Count(words[2], &epoch) &&
                    Count(words[3], &size) &&
                    Unhex(words[4], kHashBytes, checkpoint.mutable_head()) &&
                    Count(words[5], &time_us) &&
                    Unhex(words[6], kHashBytes, checkpoint.mutable_key()) &&
                    Unhex(words[7], kSignatureBytes, checkpoint.mutable_sig());
  if (!good) return absl::InvalidArgumentError("not a checkpoint of an audit");
  checkpoint.set_origin(words[1]);
  checkpoint.set_history_epoch(epoch);
  checkpoint.set_size(size);
  checkpoint.mutable_create_time()->set_seconds(time_us / 1'000'000);
  checkpoint.mutable_create_time()->set_nanos(static_cast<std::int32_t>(time_us % 1'000'000) *
                                              1000);
  return checkpoint;
}

absl::StatusOr<std::vector<v1::AuditCheckpoint>> ParseCheckpoints(const std::string& text) {
  std::vector<v1::AuditCheckpoint> checkpoints;
  std::istringstream lines(text);
  int number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.empty() || line[0] == '#') continue;
    absl::StatusOr<v1::AuditCheckpoint> checkpoint = ParseCheckpointLine(line);
    if (!checkpoint.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, " is ", checkpoint.status().message()));
    }
    checkpoints.push_back(*std::move(checkpoint));
  }
  return checkpoints;
}

bool IsSigned(const v1::AuditCheckpoint& checkpoint) {
  if (checkpoint.key().size() != kHashBytes || checkpoint.sig().size() != kSignatureBytes) {
    return false;
  }
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, Data(checkpoint.key()), checkpoint.key().size()));
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  if (key == nullptr || context == nullptr ||
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) != 1) {
    return false;
  }
  const std::string text = SignedText(checkpoint);
  return EVP_DigestVerify(context.get(), Data(checkpoint.sig()),
                          checkpoint.sig().size(), Data(text), text.size()) == 1;
}

absl::StatusOr<std::string> PublicKeyFromPem(const std::string& pem) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const std::unique_ptr<EVP_PKEY, Free> key(
      bio == nullptr ? nullptr : PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr));
  std::string bytes(kHashBytes, '\0');
  std::size_t size = bytes.size();
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519 ||
      EVP_PKEY_get_raw_public_key(key.get(), reinterpret_cast<std::uint8_t*>(bytes.data()),
                                  &size) != 1) {
    return absl::InvalidArgumentError("not the PEM of an Ed25519 public key");
  }
  return bytes;
}

Contradiction Compare(const v1::AuditCheckpoint& kept, const v1::AuditCheckpoint& now) {
  if (kept.origin() != now.origin()) return Contradiction::kOtherStore;
  if (kept.history_epoch() > now.history_epoch()) return Contradiction::kRolledBack;
  if (kept.history_epoch() < now.history_epoch()) return Contradiction::kNone;
  if (now.size() < kept.size()) return Contradiction::kRolledBack;
  const bool same_size = now.size() == kept.size();
  return same_size && now.head() != kept.head() ? Contradiction::kForked : Contradiction::kNone;
}

}  // namespace hallwarden::audit
