#include <string>
#include <string_view>
#include <utility>

#include "rules/policy/policy.h"

namespace hallwarden::policy {

std::string WithoutLimits(std::string text) {
  using Change = std::pair<std::string_view, std::string_view>;
  for (const auto& [key, value] :
       {Change{"hourly_quota: ", "0"}, Change{"server_per_minute: ", "-1"},
        Change{"server_per_hour: ", "-1"}, Change{"rule_norm_factor: ", "-1"},
        Change{"percent: ", "100"}}) {
    for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) {
      std::size_t end = at + key.size();
      while (end < text.size() && text[end] >= '0' && text[end] <= '9')
        ++end;
      text.replace(at + key.size(), end - at - key.size(), value);
    }
  }
  return text;
}

}  // namespace hallwarden::policy
