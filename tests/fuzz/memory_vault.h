// A vault without files or secrets: sealed is plain, with its context before it.
#ifndef HALLWARDEN_TESTS_FUZZ_MEMORY_VAULT_H_
#define HALLWARDEN_TESTS_FUZZ_MEMORY_VAULT_H_

#include <string>
#include <string_view>

#include "storage/vault.h"

namespace hallwarden::fuzz {

class MemoryVault final : public storage::Vault {
 public:
  SipKey HashKey() const override { return {1, 2}; }
  SipKey FingerprintKey() const override { return {3, 4}; }
  absl::StatusOr<std::string> Seal(std::string_view /*account*/, std::string_view /*context*/,
                                   std::string_view plain) override {
    return "k" + std::string(plain);
  }
  absl::StatusOr<std::string> Unseal(std::string_view account, std::string_view /*context*/,
                                     std::string_view sealed) override {
    if (account == "erased") return absl::NotFoundError("erased");
    if (sealed.empty() || sealed.front() != 'k') return absl::DataLossError("damaged");
    return std::string(sealed.substr(1));
  }
  absl::Status SyncKeys() override { return absl::OkStatus(); }
  absl::Status Destroy(std::string_view /*account*/) override { return absl::OkStatus(); }
};

}  // namespace hallwarden::fuzz

#endif  // HALLWARDEN_TESTS_FUZZ_MEMORY_VAULT_H_
