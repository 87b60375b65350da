// The table names every call there is, and nothing else; docs/ACCESS.md shows it.
#include "daemon/auth/access_table.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/appeal_service.pb.h"
#include "hallwarden/v1/bank_service.pb.h"
#include "hallwarden/v1/case_service.pb.h"
#include "hallwarden/v1/gate_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/hall_service.pb.h"
#include "hallwarden/v1/recovery_service.pb.h"
#include "hallwarden/v1/stats_service.pb.h"
#include "hallwarden/v1/text_service.pb.h"

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

using ::testing::ElementsAreArray;

std::vector<const google::protobuf::MethodDescriptor*> AllMethods() {
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const google::protobuf::FileDescriptor* file :
       {v1::AppealView::descriptor()->file(), v1::TestBanksRequest::descriptor()->file(),
        v1::CaseView::descriptor()->file(), v1::CheckAccountRequest::descriptor()->file(),
        v1::GetAccountRequest::descriptor()->file(), v1::Hello::descriptor()->file(),
        v1::ExplainTextRequest::descriptor()->file(), v1::TraceGoldRequest::descriptor()->file(),
        v1::GetDeskReportRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) {
        methods.push_back(file->service(s)->method(m));
      }
    }
  }
  return methods;
}

Principal Of(v1::Role role) {
  Principal principal;
  principal.name = "somebody";
  principal.role = role;
  return principal;
}

TEST(AccessTable, NamesEveryCallOfTheVocabularyAndNothingElse) {
  std::set<std::string> wanted;
  for (const auto* method : AllMethods()) {
    wanted.insert(method->service()->name() + "." + method->name());
  }
  std::vector<std::string> got;
  for (const Access& access : AccessTable())
    got.emplace_back(access.method);
  EXPECT_THAT(got, ElementsAreArray(wanted)) << "sorted, each once";
}

// The list above is kept by hand; the lock is not.
TEST(AccessTable, NamesEveryCallThatTheLockNames) {
  std::ifstream lock("../../proto/v1.lock");
  const std::string package = "hallwarden.v1.";
  std::size_t calls = 0;
  for (std::string line; std::getline(lock, line);) {
    const std::string name = line.substr(0, line.find(' '));
    if (line.find(") returns (") == std::string::npos || !name.starts_with(package)) continue;
    ++calls;
    EXPECT_NE(FindAccess(name.substr(package.size())), nullptr) << name;
  }
  EXPECT_EQ(calls, AccessTable().size());
}

TEST(AccessTable, FindsACallByEachOfItsNames) {
  for (const auto* method : AllMethods()) {
    const Access* access = FindAccess(method->service()->name() + "." + method->name());
    ASSERT_NE(access, nullptr) << method->full_name();
    EXPECT_EQ(FindAccess(method->full_name()), access);
    EXPECT_EQ(FindAccess("/" + method->service()->full_name() + "/" + method->name()), access);
  }
  EXPECT_EQ(FindAccess("GmService.DropEverything"), nullptr);
  EXPECT_EQ(FindAccess(""), nullptr);
  EXPECT_EQ(FindAccess("/"), nullptr);
}

TEST(AccessTable, CallsMutatingExactlyWhatTakesOptions) {
  for (const auto* method : AllMethods()) {
    const Access* access = FindAccess(method->full_name());
    ASSERT_NE(access, nullptr);
    EXPECT_EQ(access->mutating, method->input_type()->FindFieldByName("options") != nullptr)
        << method->full_name();
  }
}

TEST(Authorize, FollowsTheTableForEveryCallAndRole) {
  for (const Access& access : AccessTable()) {
    for (int number = 0; number < v1::Role_ARRAYSIZE; ++number) {
      const auto role = static_cast<v1::Role>(number);
      const absl::Status status = Authorize(access.method, Of(role));
      EXPECT_EQ(status.ok(), RoleIn(role, access.roles)) << access.method << " " << number;
      if (status.ok()) continue;
      EXPECT_EQ(RefusalOf(status).reason, "ROLE_NOT_ALLOWED");
    }
  }
}

TEST(Authorize, DeniesNobodyUnknownRolesAndUnknownCalls) {
  for (const Access& access : AccessTable()) {
    EXPECT_FALSE(Authorize(access.method, Of(v1::ROLE_UNSPECIFIED)).ok());
    EXPECT_FALSE(Authorize(access.method, Of(static_cast<v1::Role>(99))).ok());
    EXPECT_FALSE(Authorize(access.method, Of(static_cast<v1::Role>(-1))).ok());
  }
  EXPECT_FALSE(Authorize("GmService.DropEverything", Of(v1::ROLE_ADMIN)).ok());
}

TEST(Authorize, KeepsServersAwayFromTheDeskAndPeopleAwayFromTheHall) {
  for (const Access& access : AccessTable()) {
    // Who one is, and what a game server does for a player who appeals.
    const std::set<std::string_view> both = {
        "AppealService.CreateAppealMessage", "AppealService.GetAppeal",
        "AppealService.SubmitAppeal", "AppealService.WithdrawAppeal", "GmService.WhoAmI"};
    if (both.contains(access.method)) {
      EXPECT_TRUE(RoleIn(v1::ROLE_GAME_SERVER, access.roles)) << access.method;
      EXPECT_TRUE(RoleIn(v1::ROLE_ADMIN, access.roles)) << access.method;
      continue;
    }
    const bool desk =
        !access.method.starts_with("HallService.") && !access.method.starts_with("GateService.");
    EXPECT_EQ(RoleIn(v1::ROLE_GAME_SERVER, access.roles), !desk) << access.method;
    EXPECT_EQ(RoleIn(v1::ROLE_ADMIN, access.roles), desk) << access.method;
  }
}

TEST(Authorize, LetsViewersChangeNothing) {
  for (const Access& access : AccessTable()) {
    EXPECT_FALSE(access.mutating && RoleIn(v1::ROLE_VIEWER, access.roles)) << access.method;
  }
}

TEST(Personal, IsSeenByWhoNeedsIt) {
  struct Case {
    v1::Role role;
    bool text;
    bool origins;
  };
  for (const Case& c :
       {Case{v1::ROLE_UNSPECIFIED, false, false}, Case{v1::ROLE_VIEWER, false, false},
        Case{v1::ROLE_GM, true, false}, Case{v1::ROLE_APPEAL_AGENT, true, false},
        Case{v1::ROLE_SENIOR_GM, true, true}, Case{v1::ROLE_LEAD, true, true},
        Case{v1::ROLE_ADMIN, true, true}, Case{v1::ROLE_GAME_SERVER, false, false}}) {
    EXPECT_EQ(MaySeeText(c.role), c.text) << v1::Role_Name(c.role);
    EXPECT_EQ(MaySeeOrigins(c.role), c.origins) << v1::Role_Name(c.role);
  }
}

std::string Markdown() {
  const std::vector<std::pair<v1::Role, std::string>> columns = {
      {v1::ROLE_VIEWER, "viewer"},
      {v1::ROLE_GM, "GM"},
      {v1::ROLE_SENIOR_GM, "senior GM"},
      {v1::ROLE_APPEAL_AGENT, "appeal agent"},
      {v1::ROLE_LEAD, "lead"},
      {v1::ROLE_ADMIN, "admin"},
      {v1::ROLE_GAME_SERVER, "game server"}};
  std::string out =
      "# Who may call what\n\n"
      "Made from `daemon/auth/access_table.cc` by `tests/daemon/auth`; to write it anew:\n"
      "`HW_UPDATE_ACCESS=1 ctest --preset dev -R AccessDocument`. What is not in the table is "
      "denied. How far a GM may\ngo with a call that he may make is the policy's: `role_limits`. "
      "Calls in **bold** change something, take a request\nid, and leave an audit record, refused "
      "ones too.\n\n| call |";
  for (const auto& [role, name] : columns)
    out += " " + name + " |";
  out += "\n|---|";
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += ":-:|";
  out += "\n";
  for (const Access& access : AccessTable()) {
    const std::string mark = access.mutating ? "**" : "";
    out += "| " + mark + std::string(access.method) + mark + " |";
    for (const auto& [role, name] : columns)
      out += RoleIn(role, access.roles) ? " x |" : "   |";
    out += "\n";
  }
  out += "\n| sees |";
  for (const auto& [role, name] : columns)
    out += " " + name + " |";
  out += "\n|---|";
  for (std::size_t i = 0; i < columns.size(); ++i)
    out += ":-:|";
  out += "\n| what players wrote |";
  for (const auto& [role, name] : columns)
    out += MaySeeText(role) ? " x |" : "   |";
  out += "\n| addresses and devices |";
  for (const auto& [role, name] : columns)
    out += MaySeeOrigins(role) ? " x |" : "   |";
  return out + "\n";
}

TEST(AccessDocument, IsWhatTheTableSays) {
  const std::string path = "../../../docs/ACCESS.md";
  // NOLINTNEXTLINE(concurrency-mt-unsafe): read before any thread starts
  if (std::getenv("HW_UPDATE_ACCESS") != nullptr) std::ofstream(path) << Markdown();
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_EQ(text, Markdown());
}

}  // namespace
}  // namespace hallwarden::daemon
