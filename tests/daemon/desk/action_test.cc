// Mutating calls: journalled once, answered alike, audited always.
#include <future>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "tests/daemon/desk/desk_world.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

class ActionTest : public ::testing::Test {
 protected:
  ActionTest() { world_.Register("10086", "Wanderer"); }

  v1::CreateSanctionRequest Warning(const std::string& request_id) {
    v1::CreateSanctionRequest request;
    request.set_parent("accounts/10086");
    request.set_kind(v1::SANCTION_KIND_WARNING);
    request.set_offence(v1::OFFENCE_ABUSE);
    request.mutable_options()->set_request_id(request_id);
    request.mutable_options()->set_reason("insulted his partner");
    return request;
  }

  std::string Create(const v1::CreateSanctionRequest& request, v1::ActionResponse* response) {
    return ReasonOf(world_.Do(&Desk::CreateSanction, gm_, request, response));
  }

  std::vector<std::string> Audited() {
    std::vector<std::string> lines;
    for (const v1::AuditRecord& record : world_.Audit()) {
      if (!record.method().starts_with("GmService.")) continue;
      lines.push_back(record.method() + " " + record.resource() + " " +
                      std::to_string(record.code()) + " " + record.error_reason());
    }
    return lines;
  }

  DeskWorld world_;
  const Call gm_ = DeskWorld::As(v1::ROLE_GM, "GmService.CreateSanction");
};

TEST_F(ActionTest, IsDoneAndAudited) {
  v1::ActionResponse response;
  ASSERT_EQ(Create(Warning("request-1"), &response), "OK");
  EXPECT_FALSE(response.dry_run());
  EXPECT_GT(response.journal_position(), 0);
  const absl::StatusOr<v1::Sanction> stored =
      world_.store().GetSanction(response.sanction().name());
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->account(), "10086");
  EXPECT_EQ(stored->reason(), "insulted his partner");
  EXPECT_EQ(stored->actor().principal(), "ROLE_GM");
  EXPECT_THAT(Audited(), ElementsAre("GmService.CreateSanction accounts/10086 0 "));
  EXPECT_EQ(world_.Audit().back().peer(), "10.0.0.7");
}

TEST_F(ActionTest, RepeatGetsTheFirstAnswer) {
  v1::ActionResponse first;
  v1::ActionResponse second;
  ASSERT_EQ(Create(Warning("request-1"), &first), "OK");
  ASSERT_EQ(Create(Warning("request-1"), &second), "OK");
  EXPECT_EQ(first.sanction().name(), second.sanction().name());
  EXPECT_EQ(first.journal_position(), second.journal_position());
  EXPECT_EQ(world_.core().commands(), 1U);
  world_.Restart();
  ASSERT_EQ(Create(Warning("request-1"), &second), "OK");
  EXPECT_EQ(first.sanction().name(), second.sanction().name());
  EXPECT_EQ(world_.core().commands(), 0U);
  EXPECT_EQ(world_.store().ListSanctions("10086", 10, {})->items.size(), 1U);
}

TEST_F(ActionTest, ReusedIdIsRefusedAndAudited) {
  v1::ActionResponse response;
  ASSERT_EQ(Create(Warning("request-1"), &response), "OK");
  v1::CreateSanctionRequest other = Warning("request-1");
  other.set_offence(v1::OFFENCE_ADVERTISING);
  EXPECT_EQ(Create(other, &response), "REQUEST_ID_REUSED");
  EXPECT_EQ(world_.store().ListSanctions("10086", 10, {})->items.size(), 1U);
  EXPECT_THAT(Audited(),
              ElementsAre("GmService.CreateSanction accounts/10086 0 ",
                          "GmService.CreateSanction accounts/10086 6 REQUEST_ID_REUSED"));
}

TEST_F(ActionTest, IdBelongsToItsPrincipal) {
  v1::ActionResponse response;
  ASSERT_EQ(Create(Warning("request-1"), &response), "OK");
  const Call other = DeskWorld::As(v1::ROLE_LEAD, "GmService.CreateSanction");
  const v1::CreateSanctionRequest request = Warning("request-1");
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::CreateSanction, other, request, &response)), "OK");
  EXPECT_EQ(world_.store().ListSanctions("10086", 10, {})->items.size(), 2U);
}

// Ten calls with one id while the first one's commit is held back.
TEST_F(ActionTest, RacingRepeatsAreJournalledOnce) {
  constexpr std::size_t kCalls = 10;
  world_.core().Hold();
  const v1::CreateSanctionRequest request = Warning("request-1");
  std::vector<v1::ActionResponse> responses(kCalls);
  std::vector<std::promise<absl::Status>> promises(kCalls);
  for (std::size_t i = 0; i < kCalls; ++i) {
    world_.Begin(
        &Desk::CreateSanction, gm_, request, &responses[i],
        [&promise = promises[i]](const absl::Status& status) { promise.set_value(status); });
  }
  // Another body meanwhile does not wait: it is refused at once.
  v1::CreateSanctionRequest other = request;
  other.mutable_options()->set_reason("something else");
  v1::ActionResponse ignored;
  EXPECT_EQ(Create(other, &ignored), "REQUEST_ID_REUSED");
  EXPECT_EQ(world_.core().held(), 1U);
  world_.core().Release();
  for (std::size_t i = 0; i < kCalls; ++i) {
    EXPECT_EQ(ReasonOf(promises[i].get_future().get()), "OK");
    EXPECT_EQ(responses[i].sanction().name(), responses[0].sanction().name());
  }
  EXPECT_EQ(world_.core().commands(), 1U);
  EXPECT_EQ(world_.store().ListSanctions("10086", 10, {})->items.size(), 1U);
}

TEST_F(ActionTest, DryRunTellsAndChangesNothing) {
  v1::CreateSanctionRequest request = Warning("");
  request.mutable_options()->set_validate_only(true);
  const std::uint64_t before = world_.store().last_position();
  v1::ActionResponse response;
  ASSERT_EQ(Create(request, &response), "OK");
  EXPECT_TRUE(response.dry_run());
  EXPECT_EQ(response.journal_position(), 0);
  EXPECT_GT(response.lines_size(), 0);
  EXPECT_EQ(world_.store().last_position(), before);
  EXPECT_THAT(Audited(), IsEmpty());
}

// What a client saw is pinned with the etag of the dry run.
TEST_F(ActionTest, DryRunGivesTheEtagThatPinsIt) {
  v1::CreateSanctionRequest request = Warning("");
  request.mutable_options()->set_validate_only(true);
  v1::ActionResponse plan;
  ASSERT_EQ(Create(request, &plan), "OK");
  v1::GetAccountRequest get;
  get.set_name("accounts/10086");
  v1::Account account;
  ASSERT_TRUE(world_.Do(&Desk::GetAccount, gm_, get, &account).ok());
  EXPECT_EQ(plan.etag(), account.etag());
  request = Warning("request-1");
  request.mutable_options()->set_etag(plan.etag());
  v1::ActionResponse done;
  EXPECT_EQ(Create(request, &done), "OK");
  EXPECT_NE(done.etag(), plan.etag());
  request = Warning("request-2");
  request.mutable_options()->set_etag(plan.etag());
  EXPECT_EQ(Create(request, &done), "ETAG_MISMATCH");
}

TEST_F(ActionTest, HourlyLimitHoldsIsAuditedAndEnds) {
  constexpr int kLimit = 60;  // of a GM in the default policy
  v1::ActionResponse response;
  for (int i = 0; i < kLimit; ++i) {
    ASSERT_EQ(Create(Warning("request-" + std::to_string(i)), &response), "OK") << i;
  }
  EXPECT_EQ(Create(Warning("request-one-more"), &response), "HOURLY_LIMIT");
  EXPECT_EQ(Audited().back(), "GmService.CreateSanction accounts/10086 8 HOURLY_LIMIT");
  EXPECT_EQ(Create(Warning("request-0"), &response), "OK") << "a repeat is no further sanction";
  world_.clock().Advance(3'600'000'000);
  EXPECT_EQ(Create(Warning("request-one-more"), &response), "OK") << "the id was not used up";
}

TEST_F(ActionTest, UnknownTargetIsRefusedAndAudited) {
  v1::LiftSanctionRequest request;
  request.set_name("sanctions/none");
  request.set_disposition(v1::DISPOSITION_MERCY);
  *request.mutable_options() = world_.Options();
  v1::ActionResponse response;
  const Call lift = DeskWorld::As(v1::ROLE_LEAD, "GmService.LiftSanction");
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::LiftSanction, lift, request, &response)), "NOT_FOUND");
  EXPECT_THAT(Audited(), ElementsAre("GmService.LiftSanction sanctions/none 5 NOT_FOUND"));
}

TEST_F(ActionTest, RefusalOfTheEngineIsAnsweredAndRepeated) {
  v1::CreateSanctionRequest request = Warning("request-1");
  request.set_kind(v1::SANCTION_KIND_RESTRICTION);
  request.add_capabilities(v1::CAPABILITY_LOGIN);
  request.set_permanent(true);
  v1::ActionResponse response;
  EXPECT_EQ(Create(request, &response), "ROLE_LIMIT_PERMANENT");
  EXPECT_EQ(Create(request, &response), "ROLE_LIMIT_PERMANENT");
  EXPECT_THAT(Audited(),
              ElementsAre("GmService.CreateSanction accounts/10086 7 ROLE_LIMIT_PERMANENT"));
}

TEST_F(ActionTest, LiftAndUndoFindTheAccountBehindTheSanction) {
  const v1::ActionResponse warned = world_.Warn("10086");
  v1::UndoActionRequest undo;
  undo.set_name(warned.sanction().name());
  *undo.mutable_options() = world_.Options();
  v1::ActionResponse response;
  const Call senior = DeskWorld::As(v1::ROLE_SENIOR_GM, "GmService.UndoAction");
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::UndoAction, senior, undo, &response)), "OK");
  EXPECT_EQ(world_.store().GetSanction(warned.sanction().name())->state(),
            v1::SANCTION_STATE_LIFTED);

  const v1::ActionResponse again = world_.Warn("10086");
  v1::LiftSanctionRequest lift;
  lift.set_name(again.sanction().name());
  lift.set_disposition(v1::DISPOSITION_MISTAKE);
  *lift.mutable_options() = world_.Options();
  const Call lead = DeskWorld::As(v1::ROLE_LEAD, "GmService.LiftSanction");
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::LiftSanction, lead, lift, &response)), "OK");
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::LiftSanction, lead, lift, &response)), "OK") << "a repeat";
  *lift.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::LiftSanction, lead, lift, &response)), "ALREADY_LIFTED");
}

TEST_F(ActionTest, PlanIsWordedInBothLanguages) {
  const v1::ActionResponse warned = world_.Warn("10086");
  v1::LiftSanctionRequest lift;
  lift.set_name(warned.sanction().name());
  lift.set_disposition(v1::DISPOSITION_MISTAKE);
  lift.mutable_options()->set_validate_only(true);
  lift.mutable_options()->set_reason("a mistake");
  v1::ActionResponse response;
  const Call lead = DeskWorld::As(v1::ROLE_LEAD, "GmService.LiftSanction");
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::LiftSanction, lead, lift, &response)), "OK");
  std::map<std::string, std::string> after;
  for (const v1::PlanLine& line : response.lines())
    after[line.key()] = line.after().en();
  EXPECT_EQ(after["state"], "lifted");
  EXPECT_EQ(after["counts"], "no");
  for (const v1::PlanLine& line : response.lines()) {
    EXPECT_EQ(line.after().zh().find("SANCTION_STATE"), std::string::npos) << line.after().zh();
  }
}

TEST_F(ActionTest, CancelledCallIsNotJournalled) {
  Call gone = gm_;
  gone.cancelled = [] { return true; };
  v1::ActionResponse response;
  const v1::CreateSanctionRequest request = Warning("request-1");
  const absl::Status status = world_.Do(&Desk::CreateSanction, gone, request, &response);
  EXPECT_TRUE(absl::IsCancelled(status)) << status;
  EXPECT_EQ(world_.core().commands(), 0U);
}

TEST_F(ActionTest, NothingToAcceptIsRefused) {
  v1::ActionResponse response;
  const Call admin = DeskWorld::As(v1::ROLE_ADMIN, "GmService.AcceptRestore");
  v1::AcceptRestoreRequest restore;
  *restore.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::AcceptRestore, admin, restore, &response)),
            "NO_RESTORE_PENDING");
  v1::AcceptClockRequest clock;
  *clock.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::AcceptClock, admin, clock, &response)), "NO_CLOCK_STEP");
}

TEST_F(ActionTest, RetiresOnlyKnownServers) {
  v1::ActionResponse response;
  const Call lead = DeskWorld::As(v1::ROLE_LEAD, "GmService.RetireServer");
  v1::RetireServerRequest request;
  request.set_name("servers/no-such-hall");
  *request.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::RetireServer, lead, request, &response)), "NOT_FOUND");
  request.set_name("servers/hall-1");
  *request.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::RetireServer, lead, request, &response)), "OK");
  *request.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::RetireServer, lead, request, &response)), "NOT_NEEDED");
}

// ---- tokens
// -----------------------------------------------------------------------------------------

TEST_F(ActionTest, TokenIsToldOnceWorksAndIsRevokedAtOnce) {
  const Call admin = DeskWorld::As(v1::ROLE_ADMIN, "GmService.CreateToken");
  v1::CreateTokenRequest request;
  request.set_principal("gm-li");
  request.set_role(v1::ROLE_GM);
  *request.mutable_options() = world_.Options();
  v1::CreateTokenResponse made;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::CreateToken, admin, request, &made)), "OK");
  EXPECT_EQ(made.token().principal(), "gm-li");
  const absl::StatusOr<Principal> principal =
      world_.tokens().Check(made.secret(), world_.core().NowUs());
  ASSERT_TRUE(principal.ok()) << principal.status();
  EXPECT_EQ(principal->role, v1::ROLE_GM);

  v1::CreateTokenResponse repeated;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::CreateToken, admin, request, &repeated)), "OK");
  EXPECT_EQ(repeated.secret(), "");
  EXPECT_EQ(repeated.token().name(), made.token().name());

  v1::RevokeTokenRequest revoke;
  revoke.set_name(made.token().name());
  *revoke.mutable_options() = world_.Options();
  v1::ActionResponse response;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::RevokeToken, admin, revoke, &response)), "OK");
  EXPECT_EQ(ReasonOf(world_.tokens().Check(made.secret(), world_.core().NowUs()).status()),
            "TOKEN_REVOKED");
  *revoke.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::RevokeToken, admin, revoke, &response)), "NOT_NEEDED");
  revoke.set_name("tokens/unknown");
  *revoke.mutable_options() = world_.Options();
  EXPECT_EQ(ReasonOf(world_.Do(&Desk::RevokeToken, admin, revoke, &response)), "NOT_FOUND");
}

TEST_F(ActionTest, SecretOfATokenIsNowhereInTheJournal) {
  const Call admin = DeskWorld::As(v1::ROLE_ADMIN, "GmService.CreateToken");
  v1::CreateTokenRequest request;
  request.set_principal("gm-li");
  request.set_role(v1::ROLE_GM);
  *request.mutable_options() = world_.Options();
  v1::CreateTokenResponse made;
  ASSERT_EQ(ReasonOf(world_.Do(&Desk::CreateToken, admin, request, &made)), "OK");
  const std::string random = made.secret().substr(made.secret().rfind('_') + 1);
  ASSERT_EQ(random.size(), 52U);
  absl::Status status = world_.store().ScanJournal(1, [&random](const storage::StoredGroup& group) {
    for (const storage::JournalEntry& entry : group.entries) {
      EXPECT_EQ(entry.payload.find(random), std::string::npos) << entry.position;
    }
    return true;
  });
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace hallwarden::daemon
