// A store that an earlier release wrote: every later build opens it and reads the same decisions.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "storage/store.h"
#include "storage/verify/verify.h"
#include "tests/storage/store_fixture.h"

namespace hallwarden::storage {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The directory `golden/<release>`, and what `hallwardend --export` printed of it at the release.
class ReleaseTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ReleaseTest, OpensAndTellsTheSameDecisions) {
  const std::filesystem::path fixture = std::filesystem::path("golden") / GetParam();
  const TempDirectory scratch;
  std::filesystem::copy(fixture, scratch.store(), std::filesystem::copy_options::recursive);
  StoreOptions options;
  options.directory = scratch.store();
  absl::StatusOr<std::unique_ptr<Store>> store = Store::Open(options);
  ASSERT_TRUE(store.ok()) << store.status();
  std::string exported;
  ASSERT_TRUE(
      (*store)->Export([&](std::string_view line) { exported.append(line).push_back('\n'); }).ok());
  EXPECT_EQ(exported, ReadFile(fixture.string() + ".export.txt"));
  EXPECT_GT((*store)->last_position(), 100U);
  EXPECT_GT((*store)->checkpoint_position(), 0U);
  // What players wrote is readable with the keys beside it.
  bool words = false;
  const auto page = (*store)->ListSanctions("", 100, "");
  ASSERT_TRUE(page.ok()) << page.status();
  for (const v1::Sanction& sanction : page->items) {
    for (const v1::Evidence& evidence : sanction.finding().evidence()) {
      words = words || !evidence.text().empty();
    }
  }
  EXPECT_TRUE(words);
  // A complete check finds nothing wrong with what an earlier release wrote.
  store->reset();
  const absl::StatusOr<VerifyReport> report = VerifyStore(PlaceOf(scratch.store()), {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->clean()) << report->problems.front().ToString();
}

INSTANTIATE_TEST_SUITE_P(Releases, ReleaseTest, ::testing::Values("v1"),
                         [](const auto& param_info) { return param_info.param; });

}  // namespace
}  // namespace hallwarden::storage
