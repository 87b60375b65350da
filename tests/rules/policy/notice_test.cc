// What players read.
#include "rules/policy/notice.h"

#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "rules/policy/notice_internal.h"
#include "rules/policy/policy.h"
#include "tests/rules/policy/golden.h"

namespace hallwarden::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int64_t kChina = 8 * kHour;
// 2026-11-22 12:15:00 UTC.
constexpr std::int64_t kTime = 1'795'349'700 * kSecond;

NoticeContext Example() {
  NoticeContext context;
  context.account = "player-1024";
  context.sanction = "S-20261122-7";
  context.game = "ddz";
  context.offence = v1::OFFENCE_GOLD_FARMING;
  context.time_us = kTime;
  context.until_us = kTime + 7 * kDay;
  context.term_us = 7 * kDay;
  return context;
}

TEST(NoticeTest, EveryTemplateReadsAsTheGoldenDoes) {
  std::ostringstream out;
  for (const v1::NoticeTemplate& notice : DefaultPolicy()->source().templates()) {
    const v1::LocalizedText text = Render(*DefaultPolicy(), notice.template_id(), Example());
    out << notice.template_id() << "\n  " << text.zh() << "\n  " << text.en() << "\n";
  }
  ExpectGolden("default_notices.txt", out.str());
}

TEST(NoticeTest, EveryReasonReadsAsTheGoldenDoes) {
  std::ostringstream out;
  for (int offence = 0; offence < v1::Offence_ARRAYSIZE; ++offence) {
    for (int category = 0; category < v1::TextCategory_ARRAYSIZE; ++category) {
      const v1::LocalizedText& text = DefaultPolicy()->OffenceText(
          static_cast<v1::Offence>(offence), static_cast<v1::TextCategory>(category));
      out << v1::Offence_Name(offence) << " " << v1::TextCategory_Name(category) << ": "
          << text.zh() << " | " << text.en() << "\n";
    }
  }
  ExpectGolden("default_reasons.txt", out.str());
}

TEST(NoticeTest, OffencesOfALaterVersionHaveAReason) {
  const v1::LocalizedText& other =
      DefaultPolicy()->OffenceText(v1::OFFENCE_OTHER, v1::TEXT_CATEGORY_UNSPECIFIED);
  EXPECT_EQ(&DefaultPolicy()->OffenceText(static_cast<v1::Offence>(99),
                                          static_cast<v1::TextCategory>(-3)),
            &other);
}

TEST(NoticeTest, ValuesCannotInjectPlaceholders) {
  NoticeContext context = Example();
  context.account = "{appeal_entry}";
  context.sanction = "{until}{";
  const v1::LocalizedText text = Render(*DefaultPolicy(), "ban_permanent", context);
  EXPECT_THAT(text.en(), HasSubstr("account {appeal_entry} has"));
  EXPECT_THAT(text.en(), HasSubstr("Number {until}{;"));
}

TEST(NoticeTest, ValuesThatAreNoTextBecomeQuestionMarks) {
  NoticeContext context = Example();
  context.account =
      "a\xFF\n\x1B"
      "b\xE7\x8E";
  const v1::LocalizedText text = Render(*DefaultPolicy(), "kick", context);
  EXPECT_THAT(text.en(), HasSubstr("account a???b?? has"));
}

TEST(NoticeTest, UnknownGamesAreTheHall) {
  NoticeContext context = Example();
  for (const std::string_view game : {"", "no such game", "{game}"}) {
    context.game = game;
    EXPECT_THAT(Render(*DefaultPolicy(), "ban_term", context).en(), HasSubstr("the game hall"));
  }
}

TEST(NoticeTest, UnknownTemplatesAreEmpty) {
  EXPECT_EQ(Render(*DefaultPolicy(), "no_such", Example()).zh(), "");
}

TEST(NoticeTest, DaysAreLocal) {
  NoticeContext context = Example();
  context.time_us = 1'767'196'799 * kSecond;  // 2025-12-31 15:59:59 UTC, 23:59:59 in China
  EXPECT_THAT(Render(*DefaultPolicy(), "ban_permanent", context).en(),
              HasSubstr("month 12, day 31"));
  context.time_us += kSecond;
  EXPECT_THAT(Render(*DefaultPolicy(), "ban_permanent", context).en(), HasSubstr("month 1, day 1"));
}

TEST(NoticeTest, StandardTemplatesExist) {
  const auto login = MaskOf(v1::CAPABILITY_LOGIN);
  const auto chat = MaskOf(v1::CAPABILITY_CHAT);
  const auto gift = MaskOf(v1::CAPABILITY_GIFT);
  EXPECT_EQ(StandardTemplate(v1::SANCTION_KIND_WARNING, 0, false), "warning");
  EXPECT_EQ(StandardTemplate(v1::SANCTION_KIND_KICK, 0, false), "kick");
  EXPECT_EQ(StandardTemplate(v1::SANCTION_KIND_HOLD, login, false), "hold");
  for (const bool permanent : {false, true}) {
    const std::string end = permanent ? "_permanent" : "_term";
    const auto kind = v1::SANCTION_KIND_RESTRICTION;
    const auto both = static_cast<CapabilityMask>(login | chat);
    EXPECT_EQ(StandardTemplate(kind, both, permanent), "ban" + end);
    EXPECT_EQ(StandardTemplate(kind, chat, permanent), "mute" + end);
    EXPECT_EQ(StandardTemplate(kind, gift, permanent), "restrict" + end);
    for (const auto mask : {login, chat, gift}) {
      EXPECT_NE(DefaultPolicy()->FindNotice(StandardTemplate(kind, mask, permanent)), nullptr);
    }
  }
  EXPECT_NE(DefaultPolicy()->FindNotice(kLiftTemplate), nullptr);
}

TEST(NoticeTest, NoTemplateTellsNumbers) {
  for (const v1::NoticeTemplate& notice : DefaultPolicy()->source().templates()) {
    EXPECT_EQ(notice.text().zh().find_first_of("0123456789%"), std::string::npos);
    EXPECT_EQ(notice.text().en().find_first_of("0123456789%"), std::string::npos);
  }
}

TEST(CutNoticeTest, FindsWhatIsNoPlaceholder) {
  EXPECT_THAT(CutNotice("a{account}b{x}c{day}").bad, ElementsAre("{x}"));
  EXPECT_THAT(CutNotice("{{account}}").bad, ElementsAre("{", "}"));
  EXPECT_THAT(CutNotice("{account").bad, ElementsAre("{"));
  EXPECT_THAT(CutNotice("}{").bad, ElementsAre("}", "{"));
  EXPECT_THAT(CutNotice("{ account}").bad, ElementsAre("{ account}"));
  EXPECT_EQ(CutNotice("").pieces.size(), 1U);
}

TEST(TermTextTest, SaysDaysHoursAndMinutes) {
  struct TermCase {
    std::int64_t us;
    std::string_view en;
    std::string_view zh;
  };
  const TermCase cases[] = {
      {7 * kDay, "7 days", "7 \u5929"},
      {kDay, "1 day", "1 \u5929"},
      {kDay + 6 * kHour, "1 day 6 hours", "1 \u5929 6 \u5c0f\u65f6"},
      {kHour, "1 hour", "1 \u5c0f\u65f6"},
      {30 * kMinute, "30 minutes", "30 \u5206\u949f"},
      {kHour + 1, "1 hour 1 minute", "1 \u5c0f\u65f6 1 \u5206\u949f"},
      {kDay - 1, "1 day", "1 \u5929"},
      {1, "1 minute", "1 \u5206\u949f"},
      {0, "0 minutes", "0 \u5206\u949f"},
      {-kDay, "0 minutes", "0 \u5206\u949f"},
  };
  for (const TermCase& term : cases) {
    EXPECT_EQ(TermText(term.us, Language::kEn), term.en);
    EXPECT_EQ(TermText(term.us, Language::kZh), term.zh);
  }
}

TEST(LocalTimeTextTest, WritesRfc3339) {
  EXPECT_EQ(Rfc3339Text(kTime, kChina), "2026-11-22T20:15:00+08:00");
  EXPECT_EQ(Rfc3339Text(kTime + 999'999, 0), "2026-11-22T12:15:00+00:00");
  EXPECT_EQ(Rfc3339Text(0, -(9 * kHour + 30 * kMinute)), "1969-12-31T14:30:00-09:30");
  EXPECT_EQ(Rfc3339Text(-1, 0), "1969-12-31T23:59:59+00:00");
}

TEST(LocalTimeTextTest, RoundsMinutesUp) {
  EXPECT_EQ(LocalMinuteText(kTime, kChina), "2026-11-22 20:15");
  EXPECT_EQ(LocalMinuteText(kTime + 1, kChina), "2026-11-22 20:16");
  EXPECT_EQ(LocalMinuteText(kTime - 1, kChina), "2026-11-22 20:15");
}

TEST(LocalTimeTextTest, TakesAnyTime) {
  for (const std::int64_t time :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}) {
    for (const std::int64_t offset : {-14 * kHour, 14 * kHour}) {
      EXPECT_NE(LocalMinuteText(time, offset), "");
      EXPECT_NE(Rfc3339Text(time, offset), "");
      EXPECT_NE(TermText(time, Language::kEn), "");
    }
  }
}

TEST(NeutralNicknameTest, HasEightDigits) {
  EXPECT_THAT(NeutralNickname(*DefaultPolicy(), 42), HasSubstr("00000042"));
  const std::string name = NeutralNickname(*DefaultPolicy(), std::numeric_limits<uint64_t>::max());
  EXPECT_THAT(name, HasSubstr("09551615"));
  EXPECT_THAT(name, Not(HasSubstr("{")));
  EXPECT_LE(name.size(), 32U);
}

}  // namespace
}  // namespace hallwarden::policy
