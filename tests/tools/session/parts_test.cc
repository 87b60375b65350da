// The small parts of the session.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/session/latency.h"
#include "tools/session/retained_events.h"

namespace hallwarden::session {
namespace {

TEST(LatencyHistogramTest, IsRightWithinSixPercent) {
  LatencyHistogram histogram;
  EXPECT_EQ(histogram.Quantile(500), Micros{0});
  for (std::int64_t us = 1; us <= 100'000; ++us)
    histogram.Add(Micros{us});
  EXPECT_NEAR(static_cast<double>(histogram.Quantile(500).count()), 50'000, 3000);
  EXPECT_NEAR(static_cast<double>(histogram.Quantile(990).count()), 99'000, 6000);
  EXPECT_GE(histogram.Quantile(1000), Micros{100'000});
}

TEST(LatencyHistogramTest, TakesWhatIsOutOfRange) {
  LatencyHistogram histogram;
  histogram.Add(Micros{-5});
  histogram.Add(Micros::max());
  EXPECT_EQ(histogram.Quantile(1), Micros{0});
  EXPECT_EQ(histogram.count(), 2);
}

TEST(RetainedEventsTest, DropsOldAcknowledgedOnesOnly) {
  RetainedEvents events(11);
  for (int i = 0; i < 6; ++i)
    events.Append("x");
  RetentionOptions options;
  options.window = Micros{100};
  events.Acked(12, Micros{0}, options);
  events.Acked(13, Micros{50}, options);
  EXPECT_EQ(events.first_seq(), 11);
  events.Acked(13, Micros{120}, options);
  EXPECT_EQ(events.first_seq(), 13);
  events.Acked(13, Micros{1000}, options);
  EXPECT_EQ(events.first_seq(), 14);
  EXPECT_EQ(events.last_seq(), 16);
  EXPECT_EQ(events.Get(13), nullptr);
  EXPECT_NE(events.Get(14), nullptr);
  EXPECT_EQ(events.Get(17), nullptr);
}

TEST(RetainedEventsTest, DropsAcknowledgedOnesThatTakeTooMuchRoom) {
  RetainedEvents events(1);
  for (int i = 0; i < 10; ++i)
    events.Append("0123456789");
  RetentionOptions options;
  options.acked_bytes_max = 25;
  events.Acked(8, Micros{0}, options);
  EXPECT_EQ(events.first_seq(), 7);
}

TEST(RetainedEventsTest, KnowsWhereASessionCanContinue) {
  RetainedEvents events(11);
  events.Append("x");
  EXPECT_TRUE(events.ContinueBehind(10).ok());
  EXPECT_TRUE(events.ContinueBehind(11).ok());
  EXPECT_FALSE(events.ContinueBehind(9).ok());
  EXPECT_FALSE(events.ContinueBehind(12).ok());
}

TEST(RetainedEventsTest, KeepsWhatMustBeSentAgain) {
  RetainedEvents events(1);
  for (int i = 0; i < 6; ++i)
    events.Append("x");
  RetentionOptions options;
  options.window = Micros{100};
  events.Acked(6, Micros{0}, options);
  ASSERT_TRUE(events.ContinueBehind(2).ok());
  events.Acked(2, Micros{1000}, options);
  EXPECT_NE(events.Get(3), nullptr);
  events.Acked(6, Micros{1000}, options);
  events.Acked(6, Micros{2000}, options);
  EXPECT_EQ(events.first_seq(), 7);
}

}  // namespace
}  // namespace hallwarden::session
