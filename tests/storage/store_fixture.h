// What the tests of the store share: a directory of their own, groups that are quick to write down.
#ifndef HALLWARDEN_TESTS_STORAGE_STORE_FIXTURE_H_
#define HALLWARDEN_TESTS_STORAGE_STORE_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "storage/store.h"

namespace hallwarden::storage {

// Commit time of a position in tests: a second each, from a fixed start.
inline constexpr std::int64_t kTestStartUs = 1'800'000'000'000'000;
[[nodiscard]] constexpr std::int64_t TestTime(std::uint64_t position) {
  return kTestStartUs + static_cast<std::int64_t>(position) * 1'000'000;
}

// A directory that is gone with its owner.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string store() const { return path_ + "/store"; }

 private:
  std::string path_;
};

// Builds a group record by record.
class GroupBuilder {
 public:
  // `next` is the position of the first record.
  explicit GroupBuilder(std::uint64_t next) : next_(next) {}

  // Adds a hall event of a source.
  GroupBuilder& Event(std::string_view source, std::uint64_t source_seq,
                      std::string_view payload = "payload");
  // Adds any record; position and commit time are given here.
  GroupBuilder& Add(JournalEntry entry);
  // Adds an effect of the last record.
  GroupBuilder& With(Effect effect);

  [[nodiscard]] Group Take() { return std::move(group_); }
  // Position of the last record.
  [[nodiscard]] std::uint64_t position() const { return next_ - 1; }

 private:
  Group group_;
  std::uint64_t next_;
  std::uint32_t ordinal_ = 0;
};

// A fixture with one open store.
class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override { Open(); }

  // Opens the store in the directory; what was open is closed first.
  void Open();
  void Close() { store_.reset(); }
  [[nodiscard]] StoreOptions Options() const;

  // A group that begins where the store ends.
  [[nodiscard]] GroupBuilder Next() const { return GroupBuilder(store_->last_position() + 1); }
  // Commits one event of the server `hall-1` with these effects; returns its position.
  std::uint64_t Commit(std::vector<Effect> effects);

  TempDirectory directory_;
  std::unique_ptr<Store> store_;
};

// Sanctions and the like with the fields that lists and patches look at.
[[nodiscard]] v1::Sanction MakeSanction(std::string_view id, std::string_view account,
                                        std::string_view text = "words");
[[nodiscard]] v1::Finding MakeFinding(std::string_view account, std::string_view text);
[[nodiscard]] v1::Case MakeCase(std::string_view id, std::string_view account);
[[nodiscard]] v1::Directive MakeDirective(std::int64_t seq, std::string_view account,
                                          std::string_view cause);

[[nodiscard]] PatchSanction MakePatch(std::string_view name, std::int64_t revision);
[[nodiscard]] PatchCase MakeCasePatch(std::string_view name, std::int64_t revision);
[[nodiscard]] Answer MakeAnswer(std::string_view principal, std::string_view request_id,
                                std::int64_t expire_us);
[[nodiscard]] StoredPosting MakePosting(std::uint64_t position, std::uint32_t ordinal,
                                        std::string_view account, std::string_view resource);

}  // namespace hallwarden::storage

#endif  // HALLWARDEN_TESTS_STORAGE_STORE_FIXTURE_H_
