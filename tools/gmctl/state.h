// What gmctl remembers between two calls, in `${XDG_STATE_HOME:-~/.local/state}/hallwarden`:
// whom the GM spoke of last (`@last`), and every order that was ever sent, by request id, written
// before its first try so that it can be repeated word for word when the answer was lost.
#ifndef HALLWARDEN_TOOLS_GMCTL_STATE_H_
#define HALLWARDEN_TOOLS_GMCTL_STATE_H_

#include <optional>
#include <string>
#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace hallwarden::gmctl {

struct LastSpokenOf {
  std::string account;
  std::string sanction;  // `sanctions/...`
};

// An order as it was sent. `body` and `options` are serialized messages.
struct SentOrder {
  std::string server;
  std::string method;
  std::string body;
  std::string options;
};

class State {
 public:
  explicit State(std::string folder) : folder_(std::move(folder)) {}

  // Of this server only: an account of the training hall must not be banned in the real one.
  [[nodiscard]] LastSpokenOf Last(const std::string& server) const;
  // Keeps the parts that are not empty. That it cannot be written is no reason to fail.
  void Remember(const std::string& server, const LastSpokenOf& last) const;

  // Nothing if there is none under this id.
  [[nodiscard]] absl::StatusOr<std::optional<SentOrder>> FindOrder(const std::string& id) const;
  // On the disk on return.
  [[nodiscard]] absl::Status KeepOrder(const std::string& id, const SentOrder& order) const;

 private:
  [[nodiscard]] std::string OrderPath(const std::string& id) const;

  std::string folder_;
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_STATE_H_
