// A reduction: what was served counts, and nothing ever gets longer, harsher or permanent.
#include "rules/appeal/reduce.h"

#include "gtest/gtest.h"

namespace hallwarden::appeal {
namespace {

constexpr std::int64_t kDayUs = 86'400'000'000;
constexpr std::int64_t kStart = 100 * kDayUs;
constexpr std::uint16_t kLogin = 1U << 1U;
constexpr std::uint16_t kChat = 1U << 4U;
constexpr std::uint16_t kLoginAndChat = kLogin | kChat;

Restriction SevenDays() {
  return {.start_us = kStart, .term_us = 7 * kDayUs, .capabilities = kLoginAndChat};
}

Restriction ForEver() {
  return {.start_us = kStart, .permanent = true, .capabilities = kLoginAndChat};
}

TEST(ReduceTest, TheNewTermCountsFromTheStart) {
  const Reduced reduced = Reduce(SevenDays(), {.term_us = 3 * kDayUs}, kStart + 2 * kDayUs);
  EXPECT_EQ(reduced.fault, ReductionFault::kNone);
  EXPECT_EQ(reduced.end_us, kStart + 3 * kDayUs);
  EXPECT_EQ(reduced.served_us, 2 * kDayUs);
  EXPECT_EQ(reduced.capabilities, kLoginAndChat);
  EXPECT_FALSE(reduced.over);
}

TEST(ReduceTest, WhoServedEnoughIsFreeNowAndNotBefore) {
  const std::int64_t now = kStart + 4 * kDayUs;
  const Reduced reduced = Reduce(SevenDays(), {.term_us = 3 * kDayUs}, now);
  EXPECT_EQ(reduced.fault, ReductionFault::kNone);
  EXPECT_TRUE(reduced.over);
  EXPECT_EQ(reduced.end_us, now);
  // To the microsecond.
  EXPECT_TRUE(Reduce(SevenDays(), {.term_us = 4 * kDayUs}, now).over);
  EXPECT_FALSE(Reduce(SevenDays(), {.term_us = 4 * kDayUs + 1}, now).over);
}

TEST(ReduceTest, AnEndIsATerm) {
  const Reduced reduced = Reduce(SevenDays(), {.end_us = kStart + 5 * kDayUs}, kStart + kDayUs);
  EXPECT_EQ(reduced.fault, ReductionFault::kNone);
  EXPECT_EQ(reduced.term_us, 5 * kDayUs);
}

TEST(ReduceTest, APermanentOneGetsAnEndOnlyIfOneIsAskedFor) {
  const Reduced ended = Reduce(ForEver(), {.term_us = 30 * kDayUs}, kStart + kDayUs);
  EXPECT_EQ(ended.fault, ReductionFault::kNone);
  EXPECT_FALSE(ended.permanent);
  EXPECT_EQ(ended.end_us, kStart + 30 * kDayUs);
  const Reduced milder = Reduce(ForEver(), {.capabilities = kChat}, kStart + kDayUs);
  EXPECT_EQ(milder.fault, ReductionFault::kNone);
  EXPECT_TRUE(milder.permanent);
  EXPECT_EQ(milder.end_us, 0);
  EXPECT_EQ(milder.capabilities, kChat);
  EXPECT_FALSE(milder.over);
}

TEST(ReduceTest, MilderKeepsTheTerm) {
  const Reduced reduced = Reduce(SevenDays(), {.capabilities = kChat}, kStart + kDayUs);
  EXPECT_EQ(reduced.fault, ReductionFault::kNone);
  EXPECT_EQ(reduced.end_us, kStart + 7 * kDayUs);
  EXPECT_FALSE(reduced.permanent);
}

TEST(ReduceTest, APendingOneKeepsWaitingWithItsNewTerm) {
  Restriction pending = SevenDays();
  pending.start_us = 0;
  const Reduced reduced = Reduce(pending, {.term_us = kDayUs}, kStart);
  EXPECT_EQ(reduced.fault, ReductionFault::kNone);
  EXPECT_EQ(reduced.term_us, kDayUs);
  EXPECT_EQ(reduced.end_us, 0);
  EXPECT_EQ(reduced.served_us, 0);
  EXPECT_FALSE(reduced.over);
}

TEST(ReduceTest, WhatIsNoReductionIsRefused) {
  const std::int64_t now = kStart + kDayUs;
  const auto fault = [&](const Restriction& restriction, const ReductionOrder& order) {
    return Reduce(restriction, order, now).fault;
  };
  EXPECT_EQ(fault(SevenDays(), {}), ReductionFault::kNothingAsked);
  EXPECT_EQ(fault(SevenDays(), {.capabilities = kLoginAndChat}), ReductionFault::kNothingAsked);
  EXPECT_EQ(fault(SevenDays(), {.term_us = kDayUs, .end_us = now}), ReductionFault::kTermAndEnd);
  EXPECT_EQ(fault(SevenDays(), {.term_us = 0}), ReductionFault::kNotPositive);
  EXPECT_EQ(fault(SevenDays(), {.term_us = -kDayUs}), ReductionFault::kNotPositive);
  EXPECT_EQ(fault(SevenDays(), {.end_us = kStart}), ReductionFault::kNotPositive);
  EXPECT_EQ(fault(ForEver(), {.term_us = 0}), ReductionFault::kNotPositive);
  EXPECT_EQ(fault(SevenDays(), {.term_us = 7 * kDayUs}), ReductionFault::kNotShorter);
  EXPECT_EQ(fault(SevenDays(), {.end_us = kStart + 8 * kDayUs}), ReductionFault::kNotShorter);
  const std::uint16_t gift = 1U << 7U;
  EXPECT_EQ(fault(SevenDays(), {.capabilities = gift}), ReductionFault::kNotMilder);
  const std::uint16_t chat_and_gift = kChat | gift;
  EXPECT_EQ(fault(SevenDays(), {.term_us = kDayUs, .capabilities = chat_and_gift}),
            ReductionFault::kNotMilder);
}

}  // namespace
}  // namespace hallwarden::appeal
