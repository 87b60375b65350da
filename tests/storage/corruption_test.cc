// Bytes of a store are changed, cut off or taken away: it is refused with a message that says what
// to do, or the damage is an error where it is read or is found by a check, or nothing differs.
// Never a wrong answer. HW_FLIPS, HW_TRUNCATIONS, HW_DELETIONS and HW_SEED run more, or others.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "storage/directory.h"
#include "storage/store.h"
#include "storage/verify/verify.h"
#include "tests/storage/store_fixture.h"
#include "tests/storage/support/history.h"

namespace hallwarden::storage {
namespace {

namespace fs = std::filesystem;

enum class Damage { kFlip, kTruncation, kDeletion };

// What became of a damaged store.
enum class Outcome { kRefused, kErrorOnRead, kStopped, kFoundByVerify, kNoEffect, kWrong };
constexpr std::array<const char*, 6> kOutcomeNames = {"refused at open", "error on read", "stopped",
                                                      "found by verify", "no effect",     "WRONG"};

std::string ClassOf(const fs::path& path, const fs::path& store) {
  const std::string relative = path.lexically_relative(store).string();
  if (relative.starts_with("keys/")) return "keys";
  std::string name = path.filename().string();
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

// What became of a damaged store, and what is wrong with that; empty: nothing.
struct Verdict {
  Outcome outcome = Outcome::kNoEffect;
  std::string complaint;
};

// What the whole store was like.
struct Whole {
  std::string directory;
  std::string exported;
  std::uint64_t last = 0;
};

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// A store with files of every kind and something in each log.
std::string Build(const std::string& directory, const std::string& exported_to) {
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory));
  std::mt19937 random(1);
  while (store.ok() && (*store)->last_position() < 1'500) {
    if (!(*store)->Commit(History::NextGroup(store->get(), 1 + random() % 20)).ok())
      return "commit";
    // A new MANIFEST, now and then.
    if (random() % 60 == 0) {
      store->reset();
      store = Store::Open(OptionsIn(directory));
      if (!store.ok()) break;
    }
    if (random() % 20 == 0 &&
        !History::WriteCheckpoint(store->get(), (*store)->last_position()).ok()) {
      return "checkpoint";
    }
  }
  // What is in the log alone, of the store and of the keys.
  if (store.ok()) store->reset();
  store = Store::Open(OptionsIn(directory));
  if (!store.ok()) return store.status().ToString();
  for (int i = 0; i < 4; ++i) {
    if (!(*store)->vault().Seal("new " + std::to_string(i), "context", "words").ok()) return "seal";
    if (!(*store)->Commit(History::NextGroup(store->get(), 10)).ok()) return "commit";
  }
  const absl::StatusOr<std::string> exported = ExportText(store->get());
  if (!exported.ok()) return exported.status().ToString();
  std::ofstream(exported_to, std::ios::binary) << *exported;
  store->reset();
  const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory), {});
  if (!report.ok()) return report.status().ToString();
  return report->clean() ? std::string() : report->problems.front().ToString();
}

// Says where, and what to do.
std::string Unclear(const absl::Status& status, const std::string& directory) {
  const std::string message(status.message().data(), status.message().size());
  const bool code = absl::IsDataLoss(status) || absl::IsFailedPrecondition(status);
  const bool advice = message.find("estore ") != std::string::npos ||
                      message.find("Put the right directory") != std::string::npos ||
                      message.find("Copy the directory") != std::string::npos;
  const bool place = message.find(directory) != std::string::npos;
  return code && advice && place ? std::string() : "unclear: " + status.ToString();
}

std::string FirstDifference(const std::string& is, const std::string& was) {
  std::size_t at = 0;
  while (at < std::min(is.size(), was.size()) && is[at] == was[at])
    ++at;
  const std::size_t begin = was.rfind('\n', at) + 1;
  return "`" + is.substr(begin, 200) + "` instead of `" + was.substr(begin, 200) + "`";
}

Verdict Judge(const std::string& directory, const Whole& whole) {
  {
    const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory));
    if (!store.ok()) return {Outcome::kRefused, Unclear(store.status(), directory)};
    const absl::StatusOr<std::string> exported = ExportText(store->get());
    if (!exported.ok()) return {Outcome::kErrorOnRead, Unclear(exported.status(), "")};
    if (*exported != whole.exported) {
      return {Outcome::kWrong, FirstDifference(*exported, whole.exported)};
    }
    if ((*store)->last_position() != whole.last) return {Outcome::kWrong, "its end"};
  }
  const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(directory), {});
  if (!report.ok()) return {Outcome::kFoundByVerify, Unclear(report.status(), directory)};
  if (!report->clean()) return {Outcome::kFoundByVerify, {}};
  const absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(OptionsIn(directory));
  if (!store.ok()) return {Outcome::kWrong, "clean, but " + store.status().ToString()};
  const std::string wrong = History::Check(store->get());
  return {wrong.empty() ? Outcome::kNoEffect : Outcome::kWrong, wrong};
}

// Runs `work` in a process of its own: a fork does not take RocksDB's threads along, so the test's
// own process never opens a store, and a merge of damaged files ends its process. Its words go to
// `said`. Returns the status of waitpid.
int InChild(const std::string& said, const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (std::freopen(said.c_str(), "w", stderr) == nullptr) _exit(1);
    const int code = work();
    std::fflush(stderr);
    _exit(code);
  }
  int status = 0;
  return ::waitpid(child, &status, 0) == child ? status : -1;
}

constexpr int kVerdicts = 100;

// One store for all tests.
class CorruptionTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_ = new TempDirectory;
    whole_ = new Whole;
    whole_->directory = directory_->store();
    const std::string exported_to = directory_->path() + "/exported";
    const std::string said = directory_->path() + "/said";
    const int status = InChild(said, [&] {
      const std::string wrong = Build(whole_->directory, exported_to);
      std::fputs(wrong.c_str(), stderr);
      return wrong.empty() ? 0 : 1;
    });
    ASSERT_EQ(status, 0) << ReadAll(said);
    whole_->exported = ReadAll(exported_to);
    whole_->last = HighWater::Read(whole_->directory).position;
    ASSERT_GT(whole_->last, 1'500U);
  }
  static void TearDownTestSuite() {
    delete whole_;
    delete directory_;
  }

  // Damages `count` copies; fails on the first wrong answer or unclear refusal.
  void Run(Damage damage, int count, std::uint32_t seed) {
    SCOPED_TRACE("seed=" + std::to_string(seed));
    random_.seed(seed);
    for (int i = 0; i < count; ++i) {
      const TempDirectory copy;
      fs::copy(whole_->directory, copy.store(), fs::copy_options::recursive);
      std::string what;
      std::string kind;
      Spoil(damage, copy.store(), &kind, &what);
      const Verdict verdict = Judged(copy);
      ++counts_[kind][static_cast<std::size_t>(verdict.outcome)];
      ASSERT_EQ(verdict.complaint, "") << "mutation " << i << " of " << kind << ": " << what;
      ASSERT_NE(verdict.outcome, Outcome::kWrong) << kind << ": " << what;
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

  std::map<std::string, std::array<int, kOutcomeNames.size()>> counts_;

 private:
  static Verdict Judged(const TempDirectory& copy) {
    const std::string said = copy.path() + "/said";
    const int status = InChild(said, [&] {
      const Verdict verdict = Judge(copy.store(), *whole_);
      std::fputs(verdict.complaint.c_str(), stderr);
      return kVerdicts + static_cast<int>(verdict.outcome);
    });
    const std::string words = ReadAll(said);
    if (WIFEXITED(status) && WEXITSTATUS(status) >= kVerdicts) {
      return {static_cast<Outcome>(WEXITSTATUS(status) - kVerdicts), words};
    }
    // A process that goes on with damaged files ends itself, and says what to do.
    const bool clear = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT &&
                       words.find("hallwardend --restore") != std::string::npos;
    return {
        Outcome::kStopped,
        clear ? std::string() : "it died, wait status " + std::to_string(status) + ": " + words};
  }

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

  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): filling a store takes long.
  static inline TempDirectory* directory_ = nullptr;
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): as above.
  static inline Whole* whole_ = nullptr;
  std::mt19937 random_;
};

std::uint32_t Seed() {
  return static_cast<std::uint32_t>(CountFromEnvironment("HW_SEED", 20'261'124));
}

TEST_F(CorruptionTest, AFlippedBitIsNeverAWrongAnswer) {
  Run(Damage::kFlip, CountFromEnvironment("HW_FLIPS", 120), Seed());
  EXPECT_TRUE(Seen(Outcome::kRefused));
  EXPECT_TRUE(Seen(Outcome::kNoEffect));
  EXPECT_TRUE(counts_.contains("WAL"));
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
