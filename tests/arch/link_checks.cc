#include "tests/arch/link_checks.h"

#include <algorithm>

namespace hallwarden::arch {
namespace {

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) {
      parts.emplace_back(text.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  return parts;
}

std::string Lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

// The first link whose name contains `part`, whatever its case: gRPC::grpc++, libgrpc.so,
// hw_grpc_proto.
const std::string* FindLink(const LinkedTarget& target, std::string_view part) {
  const auto found = std::find_if(
      target.links.begin(), target.links.end(),
      [&](const std::string& link) { return Lower(link).find(part) != std::string::npos; });
  return found == target.links.end() ? nullptr : &*found;
}

struct Ban {
  std::string_view target;
  std::vector<std::string_view> never;
};

const std::vector<Ban>& Bans() {
  static const std::vector<Ban> kBans = {
      Ban{"hw_proto", {"grpc", "rocksdb"}},
      Ban{"hw_rules",
          {"grpc", "rocksdb", "openssl", "hw_storage", "hw_daemon", "png", "jpeg", "webp", "zbar"}},
      Ban{"hw_storage", {"grpc", "hw_daemon"}},
      Ban{"gmctl",
          {"rocksdb", "hw_rules", "hw_storage", "hw_daemon", "png", "jpeg", "webp", "zbar"}},
      // The simulator must not share the constants of what it tests.
      Ban{"hallsim", {"rocksdb", "hw_rules", "hw_storage", "hw_daemon"}},
      Ban{"relay", {"rocksdb", "hw_rules", "hw_storage", "hw_daemon"}},
  };
  return kBans;
}

}  // namespace

std::vector<LinkedTarget> ParseLinkClosure(std::string_view text) {
  std::vector<LinkedTarget> targets;
  for (const std::string& line : Split(text, '\n')) {
    const std::size_t first = std::min(line.find('\t'), line.size());
    const std::size_t second = std::min(line.find('\t', first + 1), line.size());
    LinkedTarget target;
    target.name = line.substr(0, first);
    if (second < line.size()) {
      for (std::string& label : Split(line.substr(first + 1, second - first - 1), ',')) {
        target.labels.insert(std::move(label));
      }
      target.links = Split(line.substr(second + 1), ' ');
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

std::vector<Violation> CheckLinks(const std::vector<LinkedTarget>& targets) {
  std::vector<Violation> out;
  for (const LinkedTarget& target : targets) {
    for (const Ban& ban : Bans()) {
      // A folder may be more than one library, such as hw_rules and hw_rules_text.
      const bool concerned =
          target.name == ban.target ||
          (ban.target.starts_with("hw_") && target.name.starts_with(std::string(ban.target) + "_"));
      if (!concerned) {
        continue;
      }
      for (const std::string_view part : ban.never) {
        if (const std::string* link = FindLink(target, part)) {
          out.push_back({target.name, 0, "links " + *link + ", which it must not reach"});
        }
      }
    }
    if (!target.labels.empty() && !target.labels.contains("grpc")) {
      if (const std::string* link = FindLink(target, "grpc")) {
        out.push_back({target.name, 0, "links " + *link + " without the label grpc"});
      }
    }
  }
  return out;
}

}  // namespace hallwarden::arch
