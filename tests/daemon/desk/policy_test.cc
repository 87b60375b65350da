// The policy and the partner register.
#include "rules/policy/policy.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

class PolicyTest : public ::testing::Test {
 protected:
  v1::ApplyPolicyRequest Request(const std::string& source) {
    v1::ApplyPolicyRequest request;
    request.set_source(source);
    request.set_file("hall.policy.textproto");
    *request.mutable_options() = world_.Options();
    return request;
  }

  static std::string Changed(const std::string& title) {
    std::string source(policy::DefaultPolicyText());
    const std::string old = "title: \"handbook\"";
    source.replace(source.find(old), old.size(), "title: \"" + title + "\"");
    return source;
  }

  std::string Apply(const v1::ApplyPolicyRequest& request, v1::ApplyPolicyResponse* response) {
    response->Clear();
    return ReasonOf(world_.Do(&Desk::ApplyPolicy, admin_, request, response));
  }

  v1::GetPolicyResponse Get(const std::string& name) {
    v1::GetPolicyRequest request;
    request.set_name(name);
    v1::GetPolicyResponse response;
    EXPECT_EQ(ReasonOf(world_.Do(&Desk::GetPolicy, admin_, request, &response)), "OK");
    return response;
  }

  DeskWorld world_;
  const Call admin_ = DeskWorld::As(v1::ROLE_ADMIN, "GmService.ApplyPolicy");
};

TEST_F(PolicyTest, IsAppliedGotAndListed) {
  const std::string before = Get("").name();
  EXPECT_THAT(before, StartsWith("policies/handbook@"));
  const v1::ApplyPolicyRequest request = Request(Changed("night"));
  v1::ApplyPolicyResponse response;
  ASSERT_EQ(Apply(request, &response), "OK");
  EXPECT_THAT(response.name(), StartsWith("policies/night@"));
  EXPECT_FALSE(response.dry_run());
  ASSERT_THAT(response.lines(), SizeIs(1));
  EXPECT_EQ(response.lines(0).key(), "title");

  const v1::GetPolicyResponse active = Get("policies/-");
  EXPECT_EQ(active.name(), response.name());
  EXPECT_EQ(active.source(), request.source());
  EXPECT_EQ(active.policy().title(), "night");
  EXPECT_EQ(active.actor().principal(), "ROLE_ADMIN");
  EXPECT_EQ(Get(before).policy().title(), "handbook");

  v1::ListPoliciesRequest list;
  list.set_page_size(1);
  v1::ListPoliciesResponse first;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::ListPolicies, admin_, list, &first)), "OK");
  ASSERT_THAT(first.policies(), SizeIs(1));
  EXPECT_EQ(first.policies(0).name(), response.name());
  EXPECT_FALSE(first.policies(0).has_policy());

  v1::ApplyPolicyResponse repeated;
  EXPECT_EQ(Apply(request, &repeated), "OK");
  EXPECT_EQ(repeated.name(), response.name());
}

TEST_F(PolicyTest, DryRunTellsWhatChangesAndChangesNothing) {
  const std::string before = Get("").name();
  v1::ApplyPolicyRequest request = Request(Changed("night"));
  request.mutable_options()->set_validate_only(true);
  v1::ApplyPolicyResponse response;
  ASSERT_EQ(Apply(request, &response), "OK");
  EXPECT_TRUE(response.dry_run());
  EXPECT_THAT(response.lines(), SizeIs(1));
  EXPECT_EQ(Get("").name(), before);
  request.mutable_options()->set_etag("other@0123456789ab");
  EXPECT_EQ(Apply(request, &response), "ETAG_MISMATCH");
}

// Two admins looked at the same policy: the second one must not undo the first one's unseen.
TEST_F(PolicyTest, OnlyThePolicyThatWasLookedAtIsReplaced) {
  const std::string seen = Get("").name().substr(std::string("policies/").size());
  v1::ApplyPolicyRequest first = Request(Changed("night"));
  v1::ApplyPolicyRequest second = Request(Changed("day"));
  first.mutable_options()->set_etag(seen);
  second.mutable_options()->set_etag(seen);
  v1::ApplyPolicyResponse response;
  ASSERT_EQ(Apply(first, &response), "OK");
  const std::string night = response.name();
  EXPECT_EQ(Apply(second, &response), "ETAG_MISMATCH");
  EXPECT_EQ(Get("").name(), night);
  EXPECT_EQ(world_.Audit().back().error_reason(), "ETAG_MISMATCH");
  // A repeat is the same call, whatever came behind it.
  v1::ApplyPolicyRequest third = Request(Changed("day"));
  third.mutable_options()->set_etag(night.substr(std::string("policies/").size()));
  ASSERT_EQ(Apply(third, &response), "OK");
  const std::string day = response.name();
  EXPECT_EQ(Apply(first, &response), "OK");
  EXPECT_EQ(response.name(), night);
  EXPECT_EQ(Get("").name(), day);
}

TEST_F(PolicyTest, BadOneIsRefusedWithDiagnosticsAndAudited) {
  const std::string before = Get("").name();
  v1::ApplyPolicyRequest request = Request("title: 7\nladders {");
  v1::ApplyPolicyResponse response;
  ASSERT_EQ(Apply(request, &response), "OK");
  EXPECT_EQ(response.name(), "");
  ASSERT_GT(response.diagnostics_size(), 0);
  EXPECT_EQ(response.diagnostics(0).file(), "hall.policy.textproto");
  EXPECT_GT(response.diagnostics(0).line(), 0);
  EXPECT_EQ(Get("").name(), before);
  EXPECT_EQ(world_.Audit().back().error_reason(), "POLICY_REFUSED");
  const std::size_t audited = world_.Audit().size();
  request.mutable_options()->set_validate_only(true);
  ASSERT_EQ(Apply(request, &response), "OK");
  EXPECT_GT(response.diagnostics_size(), 0);
  EXPECT_EQ(world_.Audit().size(), audited);
}

TEST_F(PolicyTest, UnknownRevisionIsNotFound) {
  v1::GetPolicyRequest request;
  request.set_name("policies/none@0123456789ab");
  v1::GetPolicyResponse response;
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::GetPolicy, admin_, request, &response)), "NOT_FOUND");
}

TEST_F(PolicyTest, PartnersAreImportedCountedAndListed) {
  v1::ImportPartnersRequest request;
  for (const char* account : {"b", "a"}) {
    v1::PartnerSpan& span = *request.add_spans();
    span.set_account(account);
    span.set_channel("dandan");
    span.mutable_begin_time()->set_seconds(1'700'000'000);
  }
  *request.mutable_options() = world_.Options();
  v1::ImportPartnersResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::ImportPartners, admin_, request, &response)), "OK");
  EXPECT_EQ(response.imported_count(), 2);
  EXPECT_EQ(response.changed_count(), 2);

  v1::PartnerSpan& ended = *request.mutable_spans(0);
  ended.mutable_end_time()->set_seconds(1'800'000'000);
  *request.mutable_options() = world_.Options();
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::ImportPartners, admin_, request, &response)), "OK");
  EXPECT_EQ(response.imported_count(), 2);
  EXPECT_EQ(response.changed_count(), 1);

  v1::ListPartnersRequest list;
  v1::ListPartnersResponse partners;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::ListPartners, admin_, list, &partners)), "OK");
  std::vector<std::string> accounts;
  for (const v1::PartnerSpan& span : partners.spans())
    accounts.push_back(span.account());
  EXPECT_THAT(accounts, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace hallwarden::daemon
