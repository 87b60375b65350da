#include "storage/audit_chain.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "rules/state/codec.h"
#include "storage/format.h"
#include "storage/key.h"
#include "storage/sha256.h"

namespace hallwarden::storage {
namespace {

// What is hashed begins with a name of its own, so that no link can be taken for another hash.
constexpr std::string_view kFirstDomain = "hallwarden audit chain 1\n";
constexpr std::string_view kLinkDomain = "hallwarden audit link 1\n";
constexpr std::uint8_t kUnlinkedVersion = 1;
constexpr std::string_view kAcceptRestore = "GmService.AcceptRestore";

// Every part has a fixed size or its size before it. `version` and `rest` together are the body.
AuditLink NextLink(const AuditChain& chain, std::string_view key, std::uint8_t version,
                   std::string_view rest) {
  return Sha256(Key()
                    .Raw(kLinkDomain)
                    .U64(chain.size + 1)
                    .Raw(AsView(chain.head))
                    .U32(static_cast<std::uint32_t>(key.size()))
                    .Raw(key)
                    .U32(static_cast<std::uint32_t>(rest.size() + 1))
                    .Byte(version)
                    .Raw(rest)
                    .bytes());
}

void Add(const AuditLink& link, AuditChain* chain) {
  chain->head = link;
  ++chain->size;
}

// History that this record began, if it accepted a restored store; 0: none.
std::int64_t AcceptedEpoch(std::string_view rest) {
  if (rest.find(kAcceptRestore) == std::string_view::npos) return 0;
  Reader in(rest);
  const std::string_view bytes = in.Bytes();
  v1::AuditRecord record;
  if (!in.ok() || !record.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return 0;
  constexpr std::string_view kWord = "epoch ";
  if (record.method() != kAcceptRestore || record.code() != 0) return 0;
  const std::string& after = record.after();
  if (!after.starts_with(kWord)) return 0;
  std::int64_t epoch = 0;
  std::from_chars(after.data() + kWord.size(), after.data() + after.size(), epoch);
  return epoch;
}

}  // namespace

AuditLink FirstAuditLink(std::string_view store_id) {
  return Sha256(Key().Raw(kFirstDomain).Raw(store_id).bytes());
}

void AddUnlinked(std::string_view key, std::string_view value, AuditChain* chain) {
  Add(NextLink(*chain, key, kUnlinkedVersion, value.substr(std::min<std::size_t>(1, value.size()))),
      chain);
  ++chain->unlinked;
}

std::string LinkAuditRow(std::string_view key, std::string_view value, AuditChain* chain) {
  const std::string_view rest = value.substr(1);
  const AuditLink link = NextLink(*chain, key, kLinkedAuditVersion, rest);
  Add(link, chain);
  return Key(kLinkedAuditVersion).Raw(AsView(link)).Raw(rest).Take();
}

std::string EncodeAuditChain(const AuditChain& chain) {
  return Key(kValueVersion).U64(chain.size).Raw(AsView(chain.head)).U64(chain.unlinked).Take();
}

absl::StatusOr<AuditChain> DecodeAuditChain(std::string_view value) {
  constexpr std::size_t kBytes = 1 + 8 + kAuditLinkBytes + 8;
  if (value.size() != kBytes || static_cast<std::uint8_t>(value[0]) != kValueVersion) {
    return Malformed("meta");
  }
  AuditChain chain;
  KeyReader in(value.substr(1));
  chain.size = in.U64();
  const std::string_view head = value.substr(1 + 8, kAuditLinkBytes);
  std::copy(head.begin(), head.end(), chain.head.begin());
  KeyReader tail(value.substr(1 + 8 + kAuditLinkBytes));
  chain.unlinked = tail.U64();
  return chain;
}

std::string AuditName(std::string_view key) {
  KeyReader in(key);
  const std::uint64_t position = in.U64();
  const std::uint32_t ordinal = in.U32();
  if (!in.done()) return "a record with a key that is none";
  return "audit/" + std::to_string(position) + "-" + std::to_string(ordinal);
}

AuditCheck::AuditCheck(std::string_view store_id, std::span<const v1::AuditCheckpoint> kept)
    : origin_(ToLowerHex(store_id)), kept_(kept.begin(), kept.end()) {
  std::stable_sort(kept_.begin(), kept_.end(),
                   [](const v1::AuditCheckpoint& a, const v1::AuditCheckpoint& b) {
                     return a.size() < b.size();
                   });
  chain_.head = FirstAuditLink(store_id);
  CheckKept();
}

void AuditCheck::Problem(std::string what) {
  if (problems_.size() < kProblemsMax) problems_.push_back(std::move(what));
  ++problem_count_;
}

void AuditCheck::Row(std::string_view key, std::string_view value) {
  const std::string name = AuditName(key);
  if (!last_key_.empty() && key <= last_key_) Problem(name + " is out of order");
  last_key_ = std::string(key);
  const std::uint8_t version = value.empty() ? 0 : static_cast<std::uint8_t>(value[0]);
  if (version == kUnlinkedVersion) {
    if (linked_seen_) Problem(name + " has no link although the chain began before it");
    AddUnlinked(key, value, &chain_);
    CheckKept();
    return;
  }
  if (version != kLinkedAuditVersion || value.size() < 1 + kAuditLinkBytes) {
    Problem(name + " is no audit record");
    Add(Sha256(value), &chain_);
    CheckKept();
    return;
  }
  linked_seen_ = true;
  const std::string_view stored = value.substr(1, kAuditLinkBytes);
  const std::string_view rest = value.substr(1 + kAuditLinkBytes);
  const AuditLink link = NextLink(chain_, key, version, rest);
  if (const std::int64_t epoch = AcceptedEpoch(rest); epoch > 0) accepted_.push_back(epoch);
  if (AsView(link) == stored) {
    Add(link, &chain_);
  } else {
    Problem(name +
            " is not what was written: it was changed, or records before it were changed, cut, "
            "inserted or put in another order");
    // Goes on from what is stored, so that one changed record is one problem.
    AuditLink claimed{};
    std::copy(stored.begin(), stored.end(), claimed.begin());
    Add(claimed, &chain_);
  }
  CheckKept();
}

void AuditCheck::CheckKept() {
  for (; next_kept_ < kept_.size(); ++next_kept_) {
    const v1::AuditCheckpoint& kept = kept_[next_kept_];
    const auto size = static_cast<std::uint64_t>(kept.size());
    if (size > chain_.size) return;
    if (kept.origin() != origin_) {
      Problem("a kept checkpoint is of another store, " + kept.origin());
    } else if (kept.head() != AsView(chain_.head) || size < chain_.size) {
      unfit_.push_back(kept);
    }
  }
}

void AuditCheck::Finish(const AuditChain& stored, std::int64_t history_epoch) {
  if (stored.size != chain_.size) {
    Problem("the store says that it holds " + std::to_string(stored.size) +
            " audit records, but there are " + std::to_string(chain_.size));
  } else if (stored.head != chain_.head) {
    Problem("the last audit record is not the one that the store says was written last");
  }
  if (stored.unlinked != chain_.unlinked) {
    Problem("the store says that " + std::to_string(stored.unlinked) +
            " audit records are older than the chain, but there are " +
            std::to_string(chain_.unlinked));
  }
  for (; next_kept_ < kept_.size(); ++next_kept_) {
    if (kept_[next_kept_].origin() != origin_) {
      Problem("a kept checkpoint is of another store, " + kept_[next_kept_].origin());
    } else {
      unfit_.push_back(kept_[next_kept_]);
    }
  }
  const bool accepted =
      std::find(accepted_.begin(), accepted_.end(), history_epoch) != accepted_.end();
  for (const v1::AuditCheckpoint& kept : unfit_) {
    if (accepted && kept.history_epoch() < history_epoch) {
      ++given_up_;
      continue;
    }
    const bool ahead = static_cast<std::uint64_t>(kept.size()) > chain_.size;
    Problem("a kept checkpoint says that there were " + std::to_string(kept.size()) +
            " audit records" +
            (ahead ? ", but there are " + std::to_string(chain_.size) +
                         ": the end was cut or an old copy was restored"
                   : " of which the last is another one now: they were rewritten, or the store "
                     "was forked"));
  }
}

}  // namespace hallwarden::storage
