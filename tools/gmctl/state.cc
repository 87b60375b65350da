#include "tools/gmctl/state.h"

#include <cstddef>

#include "tools/gmctl/files.h"
#include "tools/gmctl/json_file.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

constexpr std::size_t kOrdersKept = 500;

}  // namespace

LastSpokenOf State::Last(const std::string& server) const {
  const auto text = ReadFile(folder_ + "/last.json", kLargestJsonBytes);
  if (!text.ok()) return {};
  const auto object = ParseJson(*text, folder_ + "/last.json");
  if (!object.ok() || StringIn(*object, "server") != server) return {};
  return {.account = StringIn(*object, "account"), .sanction = StringIn(*object, "sanction")};
}

void State::Remember(const std::string& server, const LastSpokenOf& last) const {
  const LastSpokenOf before = Last(server);
  google::protobuf::Struct object;
  SetString(object, "server", server);
  SetString(object, "account", last.account.empty() ? before.account : last.account);
  // Another account: its predecessor's sanction is not what anybody means now.
  const bool same = last.account.empty() || last.account == before.account;
  SetString(object, "sanction", last.sanction.empty() && same ? before.sanction : last.sanction);
  static_cast<void>(
      WritePrivateFile(folder_ + "/last.json", PrintJson(object), Durability::kWhenever));
}

// Ids are the user's own words: as hex they name a file and nothing else.
std::string State::OrderPath(const std::string& id) const {
  return Cat({folder_, "/orders/", Hex(id), ".json"});
}

absl::StatusOr<std::optional<SentOrder>> State::FindOrder(const std::string& id) const {
  const std::string path = OrderPath(id);
  if (!FileExists(path)) return std::optional<SentOrder>();
  const auto text = ReadFile(path, kLargestJsonBytes);
  if (!text.ok()) return text.status();
  const auto object = ParseJson(*text, path);
  if (!object.ok()) return object.status();
  return std::optional<SentOrder>(
      SentOrder{.server = StringIn(*object, "server"),
                .method = StringIn(*object, "method"),
                .body = Unhex(StringIn(*object, "body")).value_or(""),
                .options = Unhex(StringIn(*object, "options")).value_or("")});
}

absl::Status State::KeepOrder(const std::string& id, const SentOrder& order) const {
  google::protobuf::Struct object;
  SetString(object, "id", id);
  SetString(object, "server", order.server);
  SetString(object, "method", order.method);
  SetString(object, "body", Hex(order.body));
  SetString(object, "options", Hex(order.options));
  PruneFolder(folder_ + "/orders", kOrdersKept);
  return WritePrivateFile(OrderPath(id), PrintJson(object), Durability::kOnDisk);
}

}  // namespace hallwarden::gmctl
