#include "tools/audit/chain.h"

#include <algorithm>
#include <utility>

#include <openssl/sha.h>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "tools/audit/checkpoint.h"

namespace hallwarden::audit {
namespace {

constexpr std::size_t kHashBytes = SHA256_DIGEST_LENGTH;
constexpr char kUnlinked = 1;
constexpr char kLinked = 2;
constexpr std::size_t kKeyBytes = 12;

std::string Sha256(const std::string& bytes) {
  std::string digest(kHashBytes, '\0');
  SHA256(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(),
         reinterpret_cast<std::uint8_t*>(digest.data()));
  return digest;
}

void AppendNumber(std::uint64_t number, int bytes, std::string* out) {
  for (int i = bytes - 1; i >= 0; --i)
    out->push_back(static_cast<char>((number >> (8 * i)) & 0xffU));
}

std::uint64_t ReadNumber(const std::string& bytes, std::size_t from, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = from; i < from + size; ++i)
    number = (number << 8U) | static_cast<std::uint8_t>(bytes[i]);
  return number;
}

std::string NameOf(const std::string& key) {
  if (key.size() != kKeyBytes) return "audit/?";
  return absl::StrCat("audit/", ReadNumber(key, 0, 8), "-", ReadNumber(key, 8, 4));
}

// The record of a row without its link: varint size, protobuf bytes.
bool ReadRecord(const std::string& body, v1::AuditRecord* record) {
  std::size_t at = 1;
  std::size_t size = 0;
  for (unsigned shift = 0; at < body.size() && shift < 35; shift += 7) {
    const auto byte = static_cast<std::uint8_t>(body[at++]);
    size |= static_cast<std::size_t>(byte & 0x7fU) << shift;
    if ((byte & 0x80U) == 0) break;
  }
  return size <= body.size() - at &&
         record->ParseFromArray(body.data() + at, static_cast<int>(size));
}

}  // namespace

ChainCheck::ChainCheck(std::string origin, std::vector<v1::AuditCheckpoint> kept, std::string key)
    : origin_(std::move(origin)), kept_(std::move(kept)), key_(std::move(key)) {
  std::stable_sort(kept_.begin(), kept_.end(),
                   [](const auto& a, const auto& b) { return a.size() < b.size(); });
  head_ = Sha256("hallwarden audit chain 1\n" + absl::HexStringToBytes(origin_));
  for (const v1::AuditCheckpoint& checkpoint : kept_)
    CheckSignature(checkpoint);
  Meet();
}

void ChainCheck::Found(Finding finding) {
  if (findings_.size() < kFindingsMax) findings_.push_back(std::move(finding));
}

void ChainCheck::CheckSignature(const v1::AuditCheckpoint& checkpoint) {
  if (!IsSigned(checkpoint)) {
    Found({Finding::Kind::kNotSigned, "", checkpoint});
  } else if (!key_.empty() && checkpoint.key() != key_) {
    Found({Finding::Kind::kOtherKey, "", checkpoint});
  }
}

void ChainCheck::Expect(const v1::AuditCheckpoint& checkpoint) {
  if (checkpoint.size() < size_) return;
  CheckSignature(checkpoint);
  const auto at = std::upper_bound(
      kept_.begin() + static_cast<std::ptrdiff_t>(next_), kept_.end(), checkpoint,
      [](const auto& a, const auto& b) { return a.size() < b.size(); });
  kept_.insert(at, checkpoint);
  Meet();
}

void ChainCheck::Add(const v1::AuditEntry& entry) {
  const std::string& key = entry.key();
  const std::string& value = entry.value();
  const std::string name = NameOf(key);
  const char version = value.empty() ? '\0' : value[0];
  const bool in_order = size_ == 0 || key > last_key_;
  const bool good = key.size() == kKeyBytes && in_order &&
                    (version == kUnlinked ? !linked_
                                          : version == kLinked && value.size() > kHashBytes);
  last_key_ = key;
  if (!good) Found({Finding::Kind::kMalformed, name, {}});
  const bool linked = version == kLinked && value.size() > kHashBytes;
  const std::string body = linked ? value.substr(0, 1) + value.substr(1 + kHashBytes) : value;
  std::string text = "hallwarden audit link 1\n";
  AppendNumber(static_cast<std::uint64_t>(size_) + 1, 8, &text);
  text += head_;
  AppendNumber(key.size(), 4, &text);
  text += key;
  AppendNumber(body.size(), 4, &text);
  text += body;
  head_ = Sha256(text);
  ++size_;
  if (linked) {
    linked_ = true;
    const std::string stored = value.substr(1, kHashBytes);
    // Goes on from what is there: one changed record is one finding.
    if (stored != head_) Found({Finding::Kind::kChanged, name, {}});
    head_ = stored;
    v1::AuditRecord record;
    std::int64_t epoch = 0;
    absl::string_view after;
    if (ReadRecord(body, &record) && record.method() == "GmService.AcceptRestore" &&
        record.code() == 0) {
      after = record.after();
      if (absl::ConsumePrefix(&after, "epoch ") && absl::SimpleAtoi(after, &epoch)) {
        accepted_.push_back(epoch);
      }
    }
  }
  Meet();
}

void ChainCheck::Meet() {
  for (; next_ < kept_.size() && kept_[next_].size() <= size_; ++next_) {
    const v1::AuditCheckpoint& kept = kept_[next_];
    if (kept.origin() != origin_) {
      Found({Finding::Kind::kOtherStore, "", kept});
    } else if (kept.size() != size_ || kept.head() != head_) {
      unmet_.push_back(kept);
    }
  }
}

void ChainCheck::Finish(const v1::AuditCheckpoint& now) {
  for (; next_ < kept_.size(); ++next_) {
    if (kept_[next_].origin() != origin_) {
      Found({Finding::Kind::kOtherStore, "", kept_[next_]});
    } else {
      unmet_.push_back(kept_[next_]);
    }
  }
  const bool accepted =
      std::find(accepted_.begin(), accepted_.end(), now.history_epoch()) != accepted_.end();
  for (const v1::AuditCheckpoint& kept : unmet_) {
    if (accepted && kept.history_epoch() < now.history_epoch()) {
      ++given_up_;
      continue;
    }
    Found({kept.size() > size_ ? Finding::Kind::kCut : Finding::Kind::kRewritten, "", kept});
  }
}

}  // namespace hallwarden::audit
