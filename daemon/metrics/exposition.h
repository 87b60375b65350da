// Prometheus' text format, version 0.0.4.
#ifndef HALLWARDEN_DAEMON_METRICS_EXPOSITION_H_
#define HALLWARDEN_DAEMON_METRICS_EXPOSITION_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hallwarden::daemon {

// One label and its value; the value may be any bytes.
using MetricLabels = std::vector<std::pair<std::string_view, std::string>>;

// Writes families one after another. Not thread-safe.
class Exposition {
 public:
  // Begins a family: its samples follow. `type` is counter, gauge or histogram.
  void Family(std::string_view name, std::string_view type, std::string_view help);
  void Sample(double value, const MetricLabels& labels = {});
  // A family of one sample.
  void Counter(std::string_view name, double value, std::string_view help);
  void Gauge(std::string_view name, double value, std::string_view help);
  // A whole histogram out of counts per bucket: bucket i holds values below `bounds(i)` that are in
  // no bucket before; the last bucket has no bound.
  template <class Counts, class Bounds>
  void Histogram(std::string_view name, const Counts& counts, double sum, Bounds bounds,
                 std::string_view help) {
    Family(name, "histogram", help);
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      total += counts[i];
      if (i + 1 < counts.size()) Bucket(bounds(i), total);
    }
    BucketRest(total, sum);
  }

  [[nodiscard]] std::string Take() { return std::move(text_); }

 private:
  void Line(std::string_view suffix, double value, const MetricLabels& labels);
  void Bucket(double bound, std::uint64_t count);
  void BucketRest(std::uint64_t total, double sum);

  std::string text_;
  std::string name_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_METRICS_EXPOSITION_H_
