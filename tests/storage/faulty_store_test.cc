#include "tests/storage/faulty_store.h"

#include <gtest/gtest.h>

#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

TEST(FaultyStoreTest, FailsOnceAndAsItWasTold) {
  const TempDirectory directory;
  StoreOptions options;
  options.directory = directory.store();
  FaultyStore store(*Store::Open(options));
  const Group first = GroupBuilder(1).Event("hall-1", 1).Take();
  store.FailNextCommit(absl::InternalError("no"));
  EXPECT_EQ(store.Commit(first).message(), "no");
  EXPECT_EQ(store.last_position(), 0U);
  EXPECT_TRUE(store.Commit(first).ok());
  store.FailNextCommit(absl::InternalError("unknown"), FaultyStore::Outcome::kWritten);
  EXPECT_EQ(store.Commit(GroupBuilder(2).Event("hall-1", 2).Take()).message(), "unknown");
  EXPECT_EQ(store.last_position(), 2U);
  store.FailNextCheckpoint(absl::InternalError("full"));
  EXPECT_EQ(store.WriteCheckpoint(2, {}, {}).message(), "full");
  EXPECT_EQ(store.checkpoint_position(), 0U);
  EXPECT_TRUE(store.WriteCheckpoint(2, {}, {}).ok());
  store.FailNextArtefact(absl::InternalError("full"));
  EXPECT_FALSE(store.PutArtefact("x").ok());
  EXPECT_TRUE(store.PutArtefact("x").ok());
}

}  // namespace
}  // namespace hallwarden::storage
