// Everything a command works with. Made anew for every command line.
#ifndef HALLWARDEN_TOOLS_GMCTL_CONTEXT_H_
#define HALLWARDEN_TOOLS_GMCTL_CONTEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "tools/gmctl/args.h"
#include "tools/gmctl/catalogue.h"
#include "tools/gmctl/client.h"
#include "tools/gmctl/clock.h"
#include "tools/gmctl/config.h"
#include "tools/gmctl/console.h"
#include "tools/gmctl/escape.h"
#include "tools/gmctl/look.h"
#include "tools/gmctl/sheet.h"
#include "tools/gmctl/state.h"

namespace hallwarden::gmctl {

// The outside world. Everything in it must outlive the Context.
struct World {
  Console& console;
  Clock& clock;
  Environment environment;
  Connector connect;
  // A new random UUID, version 4.
  std::function<std::string()> new_uuid;
};

// What the flags and the environment say about how to print.
struct Manner {
  Language language = Language::kEnglish;
  absl::TimeZone zone;
  SheetStyle sheet;
  bool color_out = false;
  bool color_error = false;
  absl::Duration timeout = absl::Seconds(10);
};

// `err.args.*` for a flag that makes no sense.
[[nodiscard]] absl::StatusOr<Manner> ReadManner(const Args& args, World& world);

// The language that `words` or the environment ask for: known before anything can fail.
[[nodiscard]] Language ReadLanguage(const std::vector<std::string>& words,
                                    const Environment& environment);

class Context {
 public:
  Context(World& world, const Args& args, const Manner& manner);

  [[nodiscard]] World& world() { return world_; }
  [[nodiscard]] const Args& args() const { return args_; }
  [[nodiscard]] const Manner& manner() const { return manner_; }
  [[nodiscard]] const Look& look() const { return look_; }
  [[nodiscard]] const Catalogue& catalogue() const { return look_.catalogue(); }
  [[nodiscard]] const State& state() const { return state_; }
  [[nodiscard]] bool for_people() const { return IsForPeople(manner_.sheet.format); }
  [[nodiscard]] std::string Text(std::string_view key, const MessageArgs& values = {}) const {
    return catalogue().Text(key, values);
  }

  // The daemon; chosen and connected at the first call.
  [[nodiscard]] absl::StatusOr<Client*> Daemon();
  // Its address, after Daemon().
  [[nodiscard]] const std::string& server() const { return connection_.server; }

  // Data. `keep_tabs` for TSV only. False: nobody reads any more.
  bool Out(std::string_view text, bool keep_tabs = false);
  // Talk: one or more lines, without the last line end.
  void Talk(std::string_view text);
  // Talk without a line end.
  void Prompt(std::string_view text);
  // A sheet in the manner that was asked for.
  absl::Status Print(const Sheet& sheet);

  // Says for later that `@last` is this.
  void Remember(const LastSpokenOf& last);

 private:
  World& world_;
  const Args& args_;
  Manner manner_;
  Look look_;
  State state_;
  Connection connection_;
  std::unique_ptr<Client> client_;
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_CONTEXT_H_
