#include "storage/vault.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

using ::testing::HasSubstr;

class VaultTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }
  void Open() {
    vault_.reset();
    absl::StatusOr<std::unique_ptr<Vault>> vault = Vault::Open(path_, false);
    ASSERT_TRUE(vault.ok()) << vault.status();
    vault_ = *std::move(vault);
  }
  [[nodiscard]] std::string Seal(std::string_view account, std::string_view context = "place",
                                 std::string_view plain = "words") const {
    return *vault_->Seal(account, context, plain);
  }

  TempDirectory directory_;
  std::string path_ = directory_.path() + "/keys";
  std::unique_ptr<Vault> vault_;
};

TEST_F(VaultTest, SealedValuesOpenInTheirPlaceOnly) {
  const std::string sealed = Seal("10086", "place", "words");
  EXPECT_EQ(*vault_->Unseal("10086", "place", sealed), "words");
  EXPECT_EQ(*vault_->Unseal("10086", "", Seal("10086", "", "")), "");
  EXPECT_EQ(vault_->Unseal("10086", "place2", sealed).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(vault_->Unseal("10086", "", sealed).status().code(), absl::StatusCode::kDataLoss);
  static_cast<void>(Seal("10087"));
  EXPECT_EQ(vault_->Unseal("10087", "place", sealed).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(vault_->Unseal("10088", "place", sealed).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VaultTest, TheSameWordsNeverLookTheSame) {
  EXPECT_NE(Seal("10086"), Seal("10086"));
}

TEST_F(VaultTest, EveryChangedOrMissingByteIsFound) {
  const std::string sealed = Seal("10086");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string damaged = sealed;
    damaged[i] = static_cast<char>(static_cast<std::uint8_t>(damaged[i]) ^ 0x20U);
    EXPECT_EQ(vault_->Unseal("10086", "place", damaged).status().code(),
              absl::StatusCode::kDataLoss)
        << i;
    EXPECT_EQ(vault_->Unseal("10086", "place", sealed.substr(0, i)).status().code(),
              absl::StatusCode::kDataLoss)
        << i;
  }
}

TEST_F(VaultTest, KeysAndSecretsSurviveARestart) {
  const std::string sealed = Seal("10086");
  const SipKey hash_key = vault_->HashKey();
  const SipKey fingerprint_key = vault_->FingerprintKey();
  EXPECT_FALSE(hash_key == fingerprint_key);
  ASSERT_TRUE(vault_->SyncKeys().ok());
  Open();
  EXPECT_EQ(vault_->HashKey(), hash_key);
  EXPECT_EQ(vault_->FingerprintKey(), fingerprint_key);
  EXPECT_EQ(*vault_->Unseal("10086", "place", sealed), "words");
  EXPECT_EQ(*vault_->Unseal("10086", "place", Seal("10086")), "words");
}

TEST_F(VaultTest, AKeyThatWasNeverSyncedIsGoneWithTheProcess) {
  const std::string sealed = Seal("10086");
  Open();
  EXPECT_EQ(vault_->Unseal("10086", "place", sealed).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(VaultTest, ADestroyedKeyIsGoneForEver) {
  const std::string sealed = Seal("10086");
  const std::string other = Seal("10087");
  ASSERT_TRUE(vault_->SyncKeys().ok());
  ASSERT_TRUE(vault_->Destroy("10086").ok());
  EXPECT_EQ(vault_->Unseal("10086", "place", sealed).status().code(), absl::StatusCode::kNotFound);
  // The account goes on with a new key; what was sealed before stays gone.
  const std::string again = Seal("10086");
  ASSERT_TRUE(vault_->SyncKeys().ok());
  Open();
  EXPECT_EQ(*vault_->Unseal("10086", "place", again), "words");
  EXPECT_EQ(vault_->Unseal("10086", "place", sealed).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(*vault_->Unseal("10087", "place", other), "words");
  ASSERT_TRUE(vault_->Destroy("10086").ok());
  ASSERT_TRUE(vault_->Destroy("10086").ok());
  ASSERT_TRUE(vault_->Destroy("never heard of").ok());
  EXPECT_EQ(vault_->Unseal("10086", "place", again).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(VaultTest, AKeyDestroyedBeforeItWasSyncedIsKnownAsDestroyed) {
  const std::string sealed = Seal("10086");
  ASSERT_TRUE(vault_->Destroy("10086").ok());
  ASSERT_TRUE(vault_->SyncKeys().ok());
  Open();
  EXPECT_EQ(vault_->Unseal("10086", "place", sealed).status().code(), absl::StatusCode::kNotFound);
}

// Every byte of every file below a directory.
std::string AllBytes(const std::string& directory) {
  std::string bytes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    bytes.append(std::istreambuf_iterator<char>(in), {});
  }
  return bytes;
}

// What may be the key in each row of the account: behind the name comes, in a log, the row's length
// and, in a table, eight bytes of RocksDB's own; then version, flag, key id and the key.
std::vector<std::string> KeysOf(const std::string& bytes, const std::string& account) {
  std::vector<std::string> keys;
  for (std::size_t at = bytes.find(account); at != std::string::npos;
       at = bytes.find(account, at + 1)) {
    for (const std::size_t gap : {1U, 8U}) {
      const std::size_t row = at + account.size() + gap;
      if (row + 38 <= bytes.size() && bytes[row] == 1 && bytes[row + 1] == 1) {
        keys.push_back(bytes.substr(row + 6, 32));
      }
    }
  }
  return keys;
}

TEST_F(VaultTest, ADestroyedKeyIsInNoFile) {
  static_cast<void>(Seal("10086"));
  ASSERT_TRUE(vault_->SyncKeys().ok());
  std::vector<std::string> keys = KeysOf(AllBytes(path_), "10086");
  // Opening again takes the row from the log into a table.
  Open();
  for (std::string& key : KeysOf(AllBytes(path_), "10086"))
    keys.push_back(std::move(key));
  ASSERT_THAT(keys, ::testing::SizeIs(::testing::Ge(2)));
  EXPECT_THAT(keys, ::testing::Each(keys[0]));
  ASSERT_TRUE(vault_->Destroy("10086").ok());
  vault_.reset();
  EXPECT_EQ(AllBytes(path_).find(keys[0]), std::string::npos);
}

TEST_F(VaultTest, MissingKeysAreRefusedWhereThereMustBeSome) {
  const absl::Status status = Vault::Open(directory_.path() + "/none", true).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("Copy the directory `keys` back"));
  EXPECT_FALSE(std::filesystem::exists(directory_.path() + "/none"));
}

TEST_F(VaultTest, KeysWithoutTheirRootAreNotMadeAnew) {
  static_cast<void>(Seal("10086"));
  ASSERT_TRUE(vault_->SyncKeys().ok());
  vault_.reset();
  std::filesystem::remove(path_ + "/CURRENT");
  EXPECT_EQ(Vault::Open(path_, false).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(VaultTest, OpenForReadingItStandsBesideTheOneThatWrites) {
  const std::string sealed = Seal("10086");
  ASSERT_TRUE(vault_->SyncKeys().ok());
  const absl::StatusOr<std::unique_ptr<Vault>> reader = Vault::Open(path_, true, true);
  ASSERT_TRUE(reader.ok()) << reader.status();
  EXPECT_EQ(*(*reader)->Unseal("10086", "place", sealed), "words");
  EXPECT_EQ((*reader)->HashKey(), vault_->HashKey());
  EXPECT_EQ((*reader)->Destroy("10086").code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE((*reader)->SyncKeys().ok());
  EXPECT_TRUE((*reader)->Seal("10099", "place", "words").ok());
  EXPECT_EQ((*reader)->SyncKeys().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(VaultTest, ThreadsShareOneKeyForAnAccount) {
  constexpr int kThreads = 4;
  constexpr int kAccounts = 50;
  std::vector<std::vector<std::string>> sealed(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kAccounts; ++i) {
        sealed[static_cast<std::size_t>(t)].push_back(Seal(std::to_string(i)));
        if (i % 10 == t) {
          EXPECT_TRUE(vault_->SyncKeys().ok());
        }
      }
    });
  }
  for (std::thread& thread : threads)
    thread.join();
  ASSERT_TRUE(vault_->SyncKeys().ok());
  Open();
  for (const std::vector<std::string>& blobs : sealed) {
    for (int i = 0; i < kAccounts; ++i) {
      EXPECT_EQ(*vault_->Unseal(std::to_string(i), "place", blobs[static_cast<std::size_t>(i)]),
                "words");
    }
  }
}

TEST(SealContextTest, TellsSourcesAndNumbersApart) {
  EXPECT_NE(SealContext("a", 1), SealContext("a", 2));
  EXPECT_NE(SealContext("a", 1), SealContext("b", 1));
  EXPECT_NE(SealContext("", 1), SealContext("journal", 1));
}

}  // namespace
}  // namespace hallwarden::storage
