#include "daemon/metrics/exposition.h"

#include <array>

#include <gtest/gtest.h>

namespace hallwarden::daemon {
namespace {

TEST(ExpositionTest, WritesFamiliesSamplesAndEscapes) {
  Exposition out;
  out.Gauge("a_bytes", 12'345'678'901.0, "How big.");
  out.Family("b_total", "counter", "How many.");
  out.Sample(1.5, {{"server", "quote\" slash\\ line\n"}, {"reason", "x"}});
  EXPECT_EQ(out.Take(),
            "# HELP a_bytes How big.\n# TYPE a_bytes gauge\na_bytes 12345678901\n"
            "# HELP b_total How many.\n# TYPE b_total counter\n"
            "b_total{server=\"quote\\\" slash\\\\ line\\n\",reason=\"x\"} 1.5\n");
}

TEST(ExpositionTest, AHistogramIsCumulativeAndEndsWithInfinity) {
  Exposition out;
  out.Histogram(
      "h", std::array<std::uint64_t, 3>{2, 0, 5}, 40, [](std::size_t i) { return static_cast<double>(i) + 0.5; },
      "Something.");
  EXPECT_EQ(out.Take(),
            "# HELP h Something.\n# TYPE h histogram\nh_bucket{le=\"0.5\"} 2\n"
            "h_bucket{le=\"1.5\"} 2\nh_bucket{le=\"+Inf\"} 7\nh_sum 40\nh_count 7\n");
}

}  // namespace
}  // namespace hallwarden::daemon
