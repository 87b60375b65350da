// What a role may not see leaves the answer, however deep it stands.
#include "daemon/desk/mask.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "hallwarden/v1/appeal_service.pb.h"
#include "hallwarden/v1/audit.pb.h"
#include "hallwarden/v1/gm_service.pb.h"

namespace hallwarden::daemon {
namespace {

struct MaskCase {
  v1::Role role;
  bool text;
  bool origins;
  friend void PrintTo(const MaskCase& c, std::ostream* os) { *os << v1::Role_Name(c.role); }
};

class MaskTest : public ::testing::TestWithParam<MaskCase> {};

TEST_P(MaskTest, LeavesOnlyWhatTheRoleMaySee) {
  v1::SearchAccountsResponse response;
  v1::Account& account = *response.add_accounts();
  account.set_nickname("nick");
  account.set_register_ip("192.0.2.7");
  account.set_register_device("device");
  account.add_notes()->set_text("note");
  v1::ExplainSanctionResponse explained;
  explained.mutable_event()->mutable_registered()->set_nickname("nick");
  explained.mutable_event()->mutable_registered()->set_ip("192.0.2.7");
  explained.mutable_event()->mutable_registered()->set_phone("13800138000");
  explained.mutable_sanction()->mutable_finding()->add_evidence()->set_text("words");
  v1::AuditRecord record;
  record.set_peer("10.0.0.1");

  const MaskCase& c = GetParam();
  MaskFor(c.role, &response);
  MaskFor(c.role, &explained);
  MaskFor(c.role, &record);

  const std::string nick = c.text ? "nick" : "";
  const std::string ip = c.origins ? "192.0.2.7" : "";
  EXPECT_EQ(account.nickname(), nick);
  EXPECT_EQ(account.notes(0).text(), c.text ? "note" : "");
  EXPECT_EQ(account.register_ip(), ip);
  EXPECT_EQ(account.register_device(), c.origins ? "device" : "");
  EXPECT_EQ(explained.event().registered().nickname(), nick);
  EXPECT_EQ(explained.event().registered().ip(), ip);
  EXPECT_EQ(explained.event().registered().phone(), c.origins ? "13800138000" : "");
  EXPECT_EQ(explained.sanction().finding().evidence(0).text(), c.text ? "words" : "");
  EXPECT_EQ(record.peer(), c.origins ? "10.0.0.1" : "");
}

INSTANTIATE_TEST_SUITE_P(
    Roles, MaskTest,
    ::testing::Values(MaskCase{v1::ROLE_UNSPECIFIED, false, false},
                      MaskCase{v1::ROLE_VIEWER, false, false}, MaskCase{v1::ROLE_GM, true, false},
                      MaskCase{v1::ROLE_SENIOR_GM, true, true},
                      MaskCase{v1::ROLE_APPEAL_AGENT, true, false},
                      MaskCase{v1::ROLE_LEAD, true, true}, MaskCase{v1::ROLE_ADMIN, true, true},
                      MaskCase{v1::ROLE_GAME_SERVER, false, false}),
    [](const auto& param_info) { return v1::Role_Name(param_info.param.role); });

// The desk cut it to what the player wrote and was told before it came here.
TEST(MaskPlayersViewTest, AGameServerMayPassItOn) {
  v1::Appeal appeal;
  appeal.add_messages()->set_text("let me in");
  MaskFor(v1::ROLE_GAME_SERVER, &appeal);
  EXPECT_EQ(appeal.messages(0).text(), "let me in");
  MaskFor(v1::ROLE_VIEWER, &appeal);
  EXPECT_EQ(appeal.messages(0).text(), "");
}

}  // namespace
}  // namespace hallwarden::daemon
