// A request id that is on its way is not journalled twice.
#include "daemon/desk/request_ids.h"

#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

using Begun = RequestIds::Begun;

TEST(RequestIds, LetTheFirstGoAndTheSameWait) {
  RequestIds ids;
  int told = 0;
  EXPECT_EQ(ids.Begin({"gm", "id"}, "hash", nullptr), Begun::kFirst);
  EXPECT_EQ(ids.Begin({"gm", "id"}, "hash", [&told] { ++told; }), Begun::kWaits);
  EXPECT_EQ(ids.Begin({"gm", "id"}, "hash", [&told] { ++told; }), Begun::kWaits);
  EXPECT_EQ(told, 0);
  ids.End({"gm", "id"});
  EXPECT_EQ(told, 2);
  EXPECT_EQ(ids.size(), 0U);
  EXPECT_EQ(ids.Begin({"gm", "id"}, "other", nullptr), Begun::kFirst);
}

TEST(RequestIds, TellAnotherBodyFromTheSame) {
  RequestIds ids;
  EXPECT_EQ(ids.Begin({"gm", "id"}, "hash", nullptr), Begun::kFirst);
  EXPECT_EQ(ids.Begin({"gm", "id"}, "other", nullptr), Begun::kReused);
}

TEST(RequestIds, BelongToTheirPrincipal) {
  RequestIds ids;
  EXPECT_EQ(ids.Begin({"gm-li", "id"}, "hash", nullptr), Begun::kFirst);
  EXPECT_EQ(ids.Begin({"gm-wang", "id"}, "hash", nullptr), Begun::kFirst);
}

TEST(RequestIds, MayBeginAgainFromWithinTheNews) {
  RequestIds ids;
  Begun second = Begun::kReused;
  EXPECT_EQ(ids.Begin({"gm", "id"}, "hash", nullptr), Begun::kFirst);
  EXPECT_EQ(ids.Begin({"gm", "id"}, "hash",
                      [&] {
                        second = ids.Begin({"gm", "id"}, "hash", nullptr);
                      }),
            Begun::kWaits);
  ids.End({"gm", "id"});
  EXPECT_EQ(second, Begun::kFirst);
}

}  // namespace
}  // namespace hallwarden::daemon
