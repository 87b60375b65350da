// Bytes of a store are changed, cut off or taken away: it is refused with a message that says what
// to do, or the damage is an error where it is read or is found by a check, or nothing differs.
// Never a wrong answer. HW_FLIPS, HW_TRUNCATIONS, HW_DELETIONS and HW_SEED run more, or others.
#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/store.h"
#include "storage/verify/verify.h"
#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;

enum class Damage { kFlip, kTruncation, kDeletion };

// What became of a damaged store.
enum class Outcome { kRefused, kErrorOnRead, kFoundByVerify, kNoEffect, kWrong };
constexpr std::array<const char*, 5> kOutcomeNames = {"refused at open", "error on read",
                                                      "found by verify", "no effect", "WRONG"};

std::string ClassOf(const fs::path& path, const fs::path& store) {
  const std::string relative = path.lexically_relative(store).string();
  if (relative.starts_with("keys/")) return "keys";
  const std::string name = path.filename().string();
  if (name.ends_with(".log")) return "WAL";
  if (name.ends_with(".sst")) return "SST";
  if (name.starts_with("MANIFEST-")) return "MANIFEST";
  if (name.starts_with("OPTIONS-")) return "OPTIONS";
  return name;
}

bool IsDamaged(const std::string& kind) {
  static const std::vector<std::string> kKinds = {"keys",    "WAL",      "SST",       "MANIFEST",
                                                  "OPTIONS", "IDENTITY", "HIGHWATER", "CURRENT"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

StoreOptions OptionsIn(const std::string& directory) {
  StoreOptions options;
  options.directory = directory;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.write_buffer_bytes = 48U << 10;
  return options;
}

// One store for all tests, with files of every kind and something in each log.
class CorruptionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TempDirectory;
    absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory_->store()));
    ASSERT_TRUE(store.ok()) << store.status();
    std::mt19937 random(1);
    while ((*store)->last_position() < 1'500) {
      ASSERT_TRUE((*store)->Commit(History::NextGroup(store->get(), 1 + random() % 20)).ok());
      // A new MANIFEST, now and then.
      if (random() % 60 == 0) {
        store->reset();
        store = Store::Open(OptionsIn(directory_->store()));
        ASSERT_TRUE(store.ok()) << store.status();
      }
      if (random() % 20 == 0) {
        ASSERT_TRUE(History::WriteCheckpoint(store->get(), (*store)->last_position()).ok());
      }
    }
    const absl::StatusOr<std::string> exported = ExportText(store->get());
    ASSERT_TRUE(exported.ok()) << exported.status();
    exported_ = *exported;
    last_ = (*store)->last_position();
    store->reset();
    const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory_->store()), {});
    ASSERT_TRUE(report.ok()) << report.status();
    ASSERT_TRUE(report->clean()) << report->problems.front().ToString();
  }
  static void TearDownTestSuite() {
    delete directory_;
    directory_ = nullptr;
  }

  // Damages `count` copies; fails on the first wrong answer or unclear refusal.
  void Run(Damage damage, int count, std::uint32_t seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    random_.seed(seed);
    for (int i = 0; i < count && !HasFatalFailure(); ++i) {
      const TempDirectory copy;
      fs::copy(directory_->store(), copy.store(), fs::copy_options::recursive);
      std::string what;
      std::string kind;
      Spoil(damage, copy.store(), &kind, &what);
      const Outcome outcome = Judge(copy.store(), kind + ": " + what);
      ++counts_[kind][static_cast<std::size_t>(outcome)];
      ASSERT_NE(outcome, Outcome::kWrong) << "mutation " << i << " of " << kind << ": " << what;
    }
    for (const auto& [kind, outcomes] : counts_) {
      std::cout << "  " << kind << ":";
      for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i] > 0) std::cout << " " << kOutcomeNames[i] << " " << outcomes[i] << ";";
      }
      std::cout << "\n";
    }
    std::cout << "seed " << seed << ": " << count << " mutations\n";
  }

  [[nodiscard]] bool Seen(Outcome outcome) const {
    return std::any_of(counts_.begin(), counts_.end(), [outcome](const auto& entry) {
      return entry.second[static_cast<std::size_t>(outcome)] > 0;
    });
  }

 private:
  // Chooses a kind of file first, so that the small ones have their turn.
  void Spoil(Damage damage, const fs::path& store, std::string* kind, std::string* what) {
    std::map<std::string, std::vector<fs::path>> files;
    for (const auto& entry : fs::recursive_directory_iterator(store)) {
      if (!entry.is_regular_file() || entry.file_size() == 0) continue;
      const std::string of = ClassOf(entry.path(), store);
      if (IsDamaged(of)) files[of].push_back(entry.path());
    }
    auto chosen = files.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(random_() % files.size()));
    *kind = chosen->first;
    std::sort(chosen->second.begin(), chosen->second.end());
    const fs::path file = chosen->second[random_() % chosen->second.size()];
    const std::uint64_t size = fs::file_size(file);
    *what = file.lexically_relative(store).string() + " of " + std::to_string(size) + " bytes";
    switch (damage) {
      case Damage::kFlip: {
        const std::uint64_t at = random_() % size;
        const auto bit = static_cast<unsigned>(random_() % 8);
        *what += ", bit " + std::to_string(bit) + " of byte " + std::to_string(at);
        Flip(file, at, bit);
        return;
      }
      case Damage::kTruncation: {
        const std::uint64_t kept = random_() % size;
        *what += ", cut to " + std::to_string(kept);
        fs::resize_file(file, kept);
        return;
      }
      case Damage::kDeletion:
        *what += ", deleted";
        fs::remove(file);
        return;
    }
  }

  static void Flip(const fs::path& file, std::uint64_t at, unsigned bit) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(at));
    const auto byte = static_cast<char>(static_cast<unsigned>(stream.get()) ^ (1U << bit));
    stream.seekp(static_cast<std::streamoff>(at));
    stream.put(byte);
  }

  static Outcome Judge(const std::string& directory, const std::string& what) {
    SCOPED_TRACE(what);
    {
      const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory));
      if (!store.ok()) {
        ExpectClear(store.status(), directory);
        return Outcome::kRefused;
      }
      const absl::StatusOr<std::string> exported = ExportText(store->get());
      if (!exported.ok()) {
        ExpectClear(exported.status(), "");
        return Outcome::kErrorOnRead;
      }
      if (*exported != exported_ || (*store)->last_position() != last_) return Outcome::kWrong;
    }
    const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory), {});
    if (!report.ok()) {
      ExpectClear(report.status(), directory);
      return Outcome::kFoundByVerify;
    }
    if (!report->clean()) {
      EXPECT_FALSE(report->problems.front().advice.empty());
      return Outcome::kFoundByVerify;
    }
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory));
    if (!store.ok()) return Outcome::kWrong;
    const std::string wrong = History::Check(store->get());
    EXPECT_EQ(wrong, "");
    return wrong.empty() ? Outcome::kNoEffect : Outcome::kWrong;
  }

  // Says where, and what to do.
  static void ExpectClear(const absl::Status& status, const std::string& directory) {
    const std::string message(status.message().data(), status.message().size());
    EXPECT_THAT(status.code(), ::testing::AnyOf(absl::StatusCode::kDataLoss,
                                                absl::StatusCode::kFailedPrecondition))
        << status;
    EXPECT_THAT(message, ::testing::HasSubstr(directory));
    EXPECT_THAT(message, ::testing::AnyOf(::testing::HasSubstr("estore "),
                                          ::testing::HasSubstr("Put the right directory"),
                                          ::testing::HasSubstr("Copy the directory")));
  }

  static inline TempDirectory* directory_ = nullptr;
  static inline std::string exported_;
  static inline std::uint64_t last_ = 0;
  std::mt19937 random_;
  std::map<std::string, std::array<int, kOutcomeNames.size()>> counts_;
};

std::uint32_t Seed() {
  return static_cast<std::uint32_t>(CountFromEnvironment("HW_SEED", 20'261'124));
}

TEST_F(CorruptionTest, AFlippedBitIsNeverAWrongAnswer) {
  Run(Damage::kFlip, CountFromEnvironment("HW_FLIPS", 120), Seed());
  EXPECT_TRUE(Seen(Outcome::kRefused));
  EXPECT_TRUE(Seen(Outcome::kNoEffect));
}

TEST_F(CorruptionTest, ACutFileIsNeverAWrongAnswer) {
  Run(Damage::kTruncation, CountFromEnvironment("HW_TRUNCATIONS", 50), Seed());
  EXPECT_TRUE(Seen(Outcome::kRefused));
}

TEST_F(CorruptionTest, AMissingFileIsNeverAWrongAnswer) {
  Run(Damage::kDeletion, CountFromEnvironment("HW_DELETIONS", 50), Seed());
  EXPECT_TRUE(Seen(Outcome::kRefused));
}

}  // namespace
}  // namespace hallwarden::storage
