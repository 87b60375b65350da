// A sanction explains itself from what was stored with it.
#include "daemon/desk/explain.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "daemon/wording/wording.h"

namespace hallwarden::daemon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

v1::Sanction Ban() {
  v1::Sanction sanction;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        name: "sanctions/s2"
        account: "10086"
        kind: SANCTION_KIND_RESTRICTION
        state: SANCTION_STATE_ACTIVE
        offence: OFFENCE_NAME
        capabilities: [ CAPABILITY_LOGIN, CAPABILITY_GIFT ]
        create_time { seconds: 1795334400 }
        start_time { seconds: 1795334400 }
        end_time { seconds: 1795939200 }
        term { seconds: 604800 }
        step {
          ladder: "name_avatar"
          from_rung: 1
          to_rung: 2
          rung_count: 3
          priors {
            sanction: "sanctions/s1"
            rung: 1
            create_time { seconds: 1795000000 }
            counted: true
            reason: "COUNTED"
          }
        }
        rule: "name.plain"
        policy_revision: "handbook@0123456789ab"
        actor { principal: "hallwarden" machine: true }
        finding {
          detector: "name"
          knowledge_version: "names-1"
          category: TEXT_CATEGORY_ADVERT
          severity: SEVERITY_LIGHT
          confidence: CONFIDENCE_PLAIN
          evidence {
            surface: "nickname"
            text: "abc\377def"
            span_begin: 2
            span_end: 5
            matched_entry: "advert/7"
            reading: "plain"
            disguised: true
            measures { key: "name.hits" value_milli: 1500 }
          }
        }
        counted: true
        enforced: true
      )pb",
      &sanction));
  return sanction;
}

std::vector<std::string> English(const v1::Sanction& sanction, bool quote) {
  v1::DirectiveStatus directive;
  directive.set_server("hall-1");
  directive.set_directive_seq(9);
  directive.set_action("set_restrictions");
  directive.set_outcome(v1::DIRECTIVE_OUTCOME_APPLIED);
  std::vector<std::string> lines;
  for (const v1::LocalizedText& line :
       Explain(sanction, {directive}, {8LL * 3'600'000'000, quote})) {
    EXPECT_TRUE(wording::PlaceholdersOf(line.zh()).empty()) << line.zh();
    EXPECT_TRUE(wording::PlaceholdersOf(line.en()).empty()) << line.en();
    EXPECT_FALSE(line.en().starts_with("explain.")) << line.en();
    lines.push_back(line.en());
  }
  return lines;
}

TEST(Explain, TellsOffenceEvidenceLadderTermAndDelivery) {
  const std::vector<std::string> lines = English(Ban(), true);
  for (const char* wanted :
       {"restriction for a nickname or signature against the rules, account 10086",
        "imposed by rule name.plain, policy handbook@0123456789ab",
        "evidence (nickname): bytes 2 to 5, \"c?d\", match advert/7, read as plain",
        "the text was disguised", "name.hits: 1.5",
        "ladder name_avatar: rung 1 before, rung 2 now, of 3",
        "earlier sanctions/s1 (rung 1, 2026-11-18T19:06:40+08:00): counts",
        "takes away: log in, give gifts, where: everywhere", "term: 7 days",
        "ends 2026-11-29T16:00:00+08:00", "counts on its ladder",
        "directive 9 to hall-1 (set_restrictions): applied"}) {
    EXPECT_THAT(lines, Contains(wanted));
  }
}

TEST(Explain, QuotesNothingToWhoMayNotSeeIt) {
  EXPECT_THAT(English(Ban(), false), Not(Contains(HasSubstr("c?d"))));
  EXPECT_THAT(English(Ban(), false), Contains("evidence (nickname): bytes 2 to 5 match advert/7"));
}

TEST(Explain, TellsALiftAndAPersonsReason) {
  v1::Sanction sanction = Ban();
  sanction.mutable_actor()->set_principal("gm-li");
  sanction.mutable_actor()->set_role(v1::ROLE_GM);
  sanction.mutable_actor()->set_machine(false);
  sanction.set_reason("seen in the hall");
  sanction.clear_step();
  sanction.mutable_lift()->set_disposition(v1::DISPOSITION_MERCY);
  sanction.mutable_lift()->mutable_actor()->set_principal("lead");
  sanction.mutable_lift()->mutable_lift_time()->set_seconds(1795334400);
  const std::vector<std::string> lines = English(sanction, true);
  EXPECT_THAT(lines, Contains("imposed by gm-li (GM), policy handbook@0123456789ab"));
  EXPECT_THAT(lines, Contains("reason: seen in the hall"));
  EXPECT_THAT(lines, Contains("imposed by hand beside any ladder"));
  EXPECT_THAT(lines, Contains(HasSubstr("by lead (mercy)")));
}

TEST(QuotedSpan, IsValidUtf8WhateverThePlayerWrote) {
  EXPECT_EQ(QuotedSpan("abcdef", 1, 3), "bc");
  EXPECT_EQ(QuotedSpan("abc", -5, 99), "abc");
  EXPECT_EQ(QuotedSpan("abc", 3, 1), "");
  EXPECT_EQ(QuotedSpan("\xE4\xBD\xA0\xE5", 0, 4), "\xE4\xBD\xA0?");
  EXPECT_EQ(QuotedSpan("a\x1B[31m\n", 0, 7), "a?[31m?");
  EXPECT_EQ(QuotedSpan("\xC0\x80\xED\xA0\x80\xF5", 0, 6), "??????");
  EXPECT_LE(QuotedSpan(std::string(5000, 'x'), 0, 5000).size(), 203U);
}

}  // namespace
}  // namespace hallwarden::daemon
