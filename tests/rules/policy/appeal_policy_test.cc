// The policy's part about appeals: what is refused, and that what is built in would not be.
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "rules/policy/appeal_settings.h"
#include "rules/policy/policy.h"
#include "rules/state/time.h"

namespace hallwarden::policy {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The default policy with these appeals.
CompileResult With(const std::string& appeals) {
  std::string text(DefaultPolicyText());
  const std::size_t begin = text.find("\nappeals {");
  const std::size_t end = text.find("\n}\n", begin);
  EXPECT_NE(begin, std::string::npos);
  text.replace(begin, end + 3 - begin, "\nappeals {\n" + appeals + "\n}\n");
  return Compile(text, "test.policy", std::string(64, 'a'));
}

std::vector<std::string> Errors(const std::string& appeals) {
  std::vector<std::string> errors;
  for (const v1::Diagnostic& diagnostic : With(appeals).diagnostics) {
    if (diagnostic.fatal()) errors.push_back(diagnostic.reason());
  }
  return errors;
}

TEST(AppealPolicyTest, MissingValuesAreBuiltIn) {
  const CompileResult result = With("");
  ASSERT_NE(result.policy, nullptr);
  const AppealSettings& settings = result.policy->appeals();
  EXPECT_EQ(settings.answer_us, 30 * kMinuteUs);
  EXPECT_EQ(settings.decide_us, kDayUs);
  EXPECT_EQ(settings.player_us, 7 * kDayUs);
  EXPECT_EQ(settings.lease_us, 30 * kMinuteUs);
  EXPECT_EQ(settings.per_day, 3U);
  EXPECT_EQ(settings.per_month, 10U);
  EXPECT_EQ(settings.per_sanction, 2U);
  EXPECT_EQ(settings.again_after_us, 7 * kDayUs);
  EXPECT_EQ(settings.late_until_us, 90 * kDayUs);
  EXPECT_EQ(settings.player_messages, 5U);
  EXPECT_EQ(settings.compensation_max_gold, 0) << "nobody proposes what nobody allowed";
}

// What is built in passes the check that the operator's own words must pass.
TEST(AppealPolicyTest, BuiltInTextsWouldPass) {
  v1::AppealPolicy appeals;
  for (std::size_t i = 0; i < kAppealTexts; ++i) {
    const auto which = static_cast<AppealText>(i);
    const auto* field = v1::AppealTexts::descriptor()->FindFieldByName(std::string(NameOf(which)));
    v1::AppealTexts* const texts = appeals.mutable_texts();
    texts->GetReflection()
        ->MutableMessage(texts, field)
        ->CopyFrom(TextOf(v1::AppealTexts(), which));
  }
  std::string written;
  ASSERT_TRUE(google::protobuf::TextFormat::PrintToString(appeals, &written));
  EXPECT_THAT(Errors(written), IsEmpty());
}

TEST(AppealPolicyTest, ATermThatNobodyCanKeepIsRefused) {
  EXPECT_THAT(Errors("answer_within { seconds: 1 }"), Contains(HasSubstr("answer_within")));
  EXPECT_THAT(Errors("player_within { seconds: 60 }"), Contains(HasSubstr("player_within")));
  EXPECT_THAT(Errors("lease { seconds: 0 }"), Contains(HasSubstr("lease")));
  EXPECT_THAT(Errors("compensation_max_gold: -1"), Contains(HasSubstr("compensation_max_gold")));
}

TEST(AppealPolicyTest, LimitsLetSomebodyThrough) {
  EXPECT_THAT(Errors("limits { per_day: -1 }"), Contains(HasSubstr("per_day")));
  EXPECT_THAT(Errors("limits { per_day: 20 }"),
              Contains(HasSubstr("fewer appeals in a month than in a day")))
      << "against the built-in month";
  EXPECT_THAT(Errors("limits { per_day: 20 per_month: 20 }"), IsEmpty());
}

TEST(AppealPolicyTest, HowOftenARuleMayBeWrong) {
  ASSERT_NE(With("").policy, nullptr);
  EXPECT_EQ(With("").policy->appeals().overturned_percent, 30U);
  EXPECT_EQ(With("").policy->appeals().overturned_least, 10U);
  EXPECT_THAT(Errors("overturned { percent: 101 }"), Contains(HasSubstr("percent")));
  EXPECT_THAT(Errors("overturned { least_decided: -1 }"), Contains(HasSubstr("least_decided")));
  EXPECT_THAT(Errors("overturned { percent: 100 least_decided: 10000 }"), IsEmpty());
}

TEST(AppealPolicyTest, TextsAreForPlayersAndCanBeFilled) {
  const auto reply = [](const std::string& zh, const std::string& en) {
    return "canned_replies { reply_id: \"r\" title { zh: \"题\" en: \"t\" } text { zh: \"" + zh +
           "\" en: \"" + en + "\" } }";
  };
  EXPECT_THAT(Errors(reply("您好，{account}", "hello, {account}")), IsEmpty());
  EXPECT_THAT(Errors(reply("您好", "")), Contains(HasSubstr("en")));
  EXPECT_THAT(Errors(reply("在 {due} 前", "by {due}")), Contains(HasSubstr("{due}")));
  EXPECT_THAT(Errors(reply("{acount}", "{acount}")), Contains(HasSubstr("unknown placeholder")));
  EXPECT_THAT(Errors(reply("您好", "hello") + reply("您好", "hello")),
              Contains(HasSubstr("a second reply")));
  EXPECT_THAT(Errors("texts { upheld { zh: \"到 {until}\" en: \"until {until}\" } }"),
              Contains(HasSubstr("{until}")))
      << "an upheld permanent ban has no end";
  EXPECT_THAT(Errors("texts { reduced { zh: \"到 {until}\" en: \"until {until}\" } }"), IsEmpty());
}

}  // namespace
}  // namespace hallwarden::policy
