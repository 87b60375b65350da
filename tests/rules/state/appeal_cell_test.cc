// Appeals of an account: bytes, limits.
#include "rules/state/appeal_cell.h"

#include <string>

#include "gtest/gtest.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

constexpr std::int64_t kNow = 20'000 * kDayUs + 5 * kHourUs;

AppealCell TwoAppeals() {
  AppealCell cell;
  AppealMark& first = cell.appeals.emplace_back();
  first.id = "ap_1";
  first.sanction = "sn_1";
  first.kind = v1::APPEAL_KIND_MERCY;
  first.state = v1::APPEAL_STATE_DECIDED;
  first.verdict = v1::APPEAL_VERDICT_REDUCE;
  first.revision = 4;
  first.create_us = kNow - 2 * kDayUs;
  first.end_us = kNow - kDayUs;
  AppealMark& second = cell.appeals.emplace_back();
  second.id = "ap_2";
  second.sanction = "sn_1";
  second.kind = v1::APPEAL_KIND_MISTAKE;
  second.state = v1::APPEAL_STATE_OPEN;
  second.side = v1::APPEAL_SIDE_DESK;
  second.obstacle = v1::APPEAL_OBSTACLE_OWN_SANCTION;
  second.english = true;
  second.messages = 3;
  second.player_messages = 2;
  second.create_us = kNow;
  second.due_us = kNow + kHourUs;
  second.overdue = true;
  second.from_server = true;
  second.submitter = "gs1";
  second.notice_zh = "您好";
  second.notice_en = "hello";
  second.notices = 2;
  second.notice_sent = true;
  second.holder = "agent-wu";
  second.holder_role = v1::ROLE_APPEAL_AGENT;
  second.claim_us = kNow;
  second.lease_end_us = kNow + 30 * kMinuteUs;
  return cell;
}

TEST(AppealCellTest, EncodingComesBackAndDamageIsSeen) {
  const AppealCell cell = TwoAppeals();
  std::string bytes;
  cell.Encode(&bytes);
  AppealCell back;
  ASSERT_TRUE(back.Decode(bytes));
  EXPECT_EQ(back.appeals, cell.appeals);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    AppealCell cut;
    EXPECT_FALSE(cut.Decode(std::string_view(bytes).substr(0, size))) << size;
  }
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    for (const int value : {0x00, 0x7f, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      AppealCell any;
      (void)any.Decode(damaged);  // never crashes
    }
  }
}

TEST(AppealCellTest, GoldenBytes) {
  AppealCell cell;
  std::string bytes;
  cell.Encode(&bytes);
  EXPECT_EQ(bytes, std::string("\x01\x00", 2));
  AppealMark& mark = cell.appeals.emplace_back();
  mark.id = "ap_1";
  mark.sanction = "sn_1";
  mark.kind = v1::APPEAL_KIND_TOO_HARD;
  mark.state = v1::APPEAL_STATE_OPEN;
  mark.side = v1::APPEAL_SIDE_DESK;
  mark.create_us = 1;
  mark.due_us = 2;
  bytes.clear();
  cell.Encode(&bytes);
  // Version, one appeal: id, sanction, six enums, flags, four counts, four times, four texts, the
  // claim's two times.
  EXPECT_EQ(bytes, std::string("\x01\x01"
                               "\x04"
                               "ap_1"
                               "\x04"
                               "sn_1"
                               "\x03\x01\x01\x00\x00\x00"
                               "\x00"
                               "\x01\x00\x00\x00"
                               "\x02\x04\x00\x00"
                               "\x00\x00\x00\x00"
                               "\x00\x00",
                               33));
}

TEST(AppealCellTest, FindsWhatIsOpenAndCountsWhatWas) {
  AppealCell cell = TwoAppeals();
  ASSERT_NE(cell.FindOpen("sn_1"), nullptr);
  EXPECT_EQ(cell.FindOpen("sn_1")->id, "ap_2");
  EXPECT_EQ(cell.FindOpen("sn_2"), nullptr);
  EXPECT_EQ(cell.Find("ap_3"), nullptr);
  EXPECT_EQ(cell.DecidedAgainst("sn_1"), 1U);
  EXPECT_EQ(cell.LastDecided("sn_1"), kNow - kDayUs);
  EXPECT_EQ(cell.LastDecided("sn_2"), 0);
  EXPECT_EQ(cell.SubmittedBack(1), kNow);
  EXPECT_EQ(cell.SubmittedBack(2), kNow - 2 * kDayUs);
  EXPECT_EQ(cell.SubmittedBack(3), 0);
}

}  // namespace
}  // namespace hallwarden
