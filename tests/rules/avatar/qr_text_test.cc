#include "rules/avatar/qr_text.h"

#include "gtest/gtest.h"

namespace hallwarden::avatar {
namespace {

QrVerdict Judge(std::string_view text, const std::vector<std::string>& own = {}) {
  return JudgeQrText(text, {}, own);
}

TEST(QrTextTest, HostsAreFoundHoweverALinkIsWritten) {
  EXPECT_EQ(HostOf("https://U.WeChat.com/abc"), "u.wechat.com");
  EXPECT_EQ(HostOf("u.wechat.com/abc"), "u.wechat.com");
  EXPECT_EQ(HostOf("http://t.me:443?x"), "t.me");
  EXPECT_EQ(HostOf("https://hall.example.com@evil.example/x"), "evil.example");
  EXPECT_EQ(HostOf("https://t.me."), "t.me");
  EXPECT_EQ(HostOf("hello"), "");
  EXPECT_EQ(HostOf("3.14"), "");
  EXPECT_EQ(HostOf("hello there.com"), "");
  EXPECT_EQ(HostOf(""), "");
  EXPECT_EQ(HostOf("://"), "");
  EXPECT_EQ(HostOf(std::string("a.b\0c", 5)), "");
}

TEST(QrTextTest, ContactsAndPaymentsArePlain) {
  for (const char* text :
       {"https://u.wechat.com/kP3xQ8", "http://weixin.qq.com/r/x", "wxp://f2f0abc",
        "https://qm.qq.com/cgi-bin/qm/qr?k=x", "HTTPS://QR.ALIPAY.COM/FKX", "https://t.me/somebody",
        "tg://resolve?domain=x", "weixin://dl/business"}) {
    const QrVerdict verdict = Judge(text);
    EXPECT_EQ(verdict.confidence, v1::CONFIDENCE_PLAIN) << text;
    EXPECT_TRUE(verdict.entry.starts_with("qr/")) << verdict.entry;
  }
}

TEST(QrTextTest, WhatMayBeAnythingIsForPeople) {
  for (const char* text : {"https://shop.example.net/a", "example.org", "13800138000"}) {
    EXPECT_EQ(Judge(text).confidence, v1::CONFIDENCE_REVIEW) << text;
  }
}

TEST(QrTextTest, WhatLeadsNowhereIsOnlyNoted) {
  for (const char* text : {"hello", "", "happy new year"}) {
    EXPECT_EQ(Judge(text).confidence, v1::CONFIDENCE_NOTE) << text;
  }
}

TEST(QrTextTest, OnesOwnHostIsNoAdvert) {
  const std::vector<std::string> own = {"hall.example.com"};
  EXPECT_TRUE(Judge("https://hall.example.com/i/7", own).entry.empty());
  EXPECT_TRUE(Judge("https://m.hall.example.com/i/7", own).entry.empty());
  EXPECT_FALSE(Judge("https://hall.example.com.evil.example/i/7", own).entry.empty());
  EXPECT_FALSE(Judge("https://nothall.example.com/", own).entry.empty());
  EXPECT_FALSE(Judge("https://hall.example.com@evil.example/x", own).entry.empty());
}

TEST(QrTextTest, NoHostIsAnothersBecauseItEndsAlike) {
  EXPECT_EQ(Judge("https://notu.wechat.com.example/x").confidence, v1::CONFIDENCE_REVIEW);
  EXPECT_EQ(Judge("https://best.me/").confidence, v1::CONFIDENCE_REVIEW);
}

TEST(QrTextTest, TheListOfTheOperatorIsAsked) {
  text::TextHit hit;
  hit.category = text::Category::kAdvert;
  hit.severity = text::Severity::kPlain;
  hit.entry = "gold for sale";
  hit.end = 5;
  const QrVerdict verdict = JudgeQrText("words", {hit}, {});
  EXPECT_EQ(verdict.confidence, v1::CONFIDENCE_PLAIN);
  EXPECT_EQ(verdict.entry, "advert/gold for sale");
  hit.category = text::Category::kInsult;
  EXPECT_EQ(JudgeQrText("words", {hit}, {}).confidence, v1::CONFIDENCE_NOTE);
}

}  // namespace
}  // namespace hallwarden::avatar
