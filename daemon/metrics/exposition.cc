#include "daemon/metrics/exposition.h"

#include "absl/strings/str_format.h"

namespace hallwarden::daemon {
namespace {

// Whole numbers as such: counters stay exact up to 2^53.
std::string NumberText(double value) {
  constexpr double kExact = 9007199254740992.0;
  if (value > -kExact && value < kExact &&
      value == static_cast<double>(static_cast<std::int64_t>(value))) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return absl::StrFormat("%.9g", value);
}

void AppendEscaped(std::string_view value, std::string* out) {
  for (const char c : value) {
    if (c == '\\' || c == '"') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\n') {
      out->append("\\n");
    } else {
      out->push_back(c);
    }
  }
}

}  // namespace

void Exposition::Family(std::string_view name, std::string_view type, std::string_view help) {
  name_ = name;
  text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
  text_.append(name).append(" ").append(type).append("\n");
}

void Exposition::Line(std::string_view suffix, double value, const MetricLabels& labels) {
  text_.append(name_).append(suffix);
  bool first = true;
  for (const auto& [label, text] : labels) {
    text_.append(first ? "{" : ",").append(label).append("=\"");
    AppendEscaped(text, &text_);
    text_.push_back('"');
    first = false;
  }
  if (!first) text_.push_back('}');
  text_.append(" ").append(NumberText(value)).append("\n");
}

void Exposition::Sample(double value, const MetricLabels& labels) {
  Line("", value, labels);
}

void Exposition::Counter(std::string_view name, double value, std::string_view help) {
  Family(name, "counter", help);
  Sample(value);
}

void Exposition::Gauge(std::string_view name, double value, std::string_view help) {
  Family(name, "gauge", help);
  Sample(value);
}

void Exposition::Bucket(double bound, std::uint64_t count) {
  Line("_bucket", static_cast<double>(count), {{"le", NumberText(bound)}});
}

void Exposition::BucketRest(std::uint64_t total, double sum) {
  Line("_bucket", static_cast<double>(total), {{"le", "+Inf"}});
  Line("_sum", sum, {});
  Line("_count", static_cast<double>(total), {});
}

}  // namespace hallwarden::daemon
