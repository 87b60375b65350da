// A page token belongs to one list with one filter.
#include "daemon/desk/page_token.h"

#include <string>

#include <gtest/gtest.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

v1::ListSanctionsRequest Request() {
  v1::ListSanctionsRequest request;
  request.set_parent("accounts/7");
  request.set_page_size(10);
  return request;
}

TEST(PageToken, BringsThePlaceBack) {
  v1::ListSanctionsRequest request = Request();
  const std::string place("\x00\xFF place", 8);
  request.set_page_token(NextPage(request, place));
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->place, place);
  EXPECT_EQ(page->limit, 10U);
}

TEST(PageToken, AllowsAnotherPageSize) {
  v1::ListSanctionsRequest request = Request();
  request.set_page_token(NextPage(request, "place"));
  request.set_page_size(20);
  EXPECT_TRUE(ReadPage(request).ok());
}

TEST(PageToken, IsRefusedForAnotherFilterOrCall) {
  v1::ListSanctionsRequest request = Request();
  const std::string token = NextPage(request, "place");
  request.set_parent("accounts/8");
  request.set_page_token(token);
  EXPECT_EQ(RefusalOf(ReadPage(request).status()).reason, "PAGE_TOKEN");
  v1::ListCasesRequest other;
  other.set_parent("accounts/7");
  other.set_page_token(token);
  EXPECT_EQ(RefusalOf(ReadPage(other).status()).reason, "PAGE_TOKEN");
  for (const char* junk : {"x", "====", "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    request.set_page_token(junk);
    EXPECT_EQ(RefusalOf(ReadPage(request).status()).reason, "PAGE_TOKEN") << junk;
  }
}

TEST(PageToken, IsEmptyAtTheEnd) {
  EXPECT_EQ(NextPage(Request(), ""), "");
}

TEST(PageSize, IsDefaultedClampedAndRefused) {
  v1::ListSanctionsRequest request = Request();
  request.set_page_size(0);
  EXPECT_EQ(ReadPage(request)->limit, 50U);
  request.set_page_size(1000);
  EXPECT_EQ(ReadPage(request)->limit, 1000U);
  request.set_page_size(1001);
  EXPECT_EQ(ReadPage(request)->limit, 1000U);
  request.set_page_size(-1);
  EXPECT_EQ(RefusalOf(ReadPage(request).status()).reason, "INVALID_FIELD");
}

}  // namespace
}  // namespace hallwarden::daemon
