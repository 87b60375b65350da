// The terminal, as gmctl sees it. Tests hand in another one.
#ifndef HALLWARDEN_TOOLS_GMCTL_CONSOLE_H_
#define HALLWARDEN_TOOLS_GMCTL_CONSOLE_H_

#include <optional>
#include <string>
#include <string_view>

namespace hallwarden::gmctl {

// Not thread-safe. Text arrives finished (escape.h, FinishForConsole); the console only writes it.
class Console {
 public:
  Console() = default;
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;
  virtual ~Console() = default;

  // Data goes to the standard output, talk to the standard error. Both are written at once. False:
  // nobody reads any more.
  virtual bool WriteOut(std::string_view text) = 0;
  virtual void WriteError(std::string_view text) = 0;

  // One line of the standard input without its end. Nothing at the end of the input.
  virtual std::optional<std::string> ReadLine() = 0;
  // As ReadLine, without showing on a terminal what is typed.
  virtual std::optional<std::string> ReadSecret() = 0;
  // Everything up to the end of the input, at most `max_bytes`.
  virtual std::string ReadAll(std::size_t max_bytes) = 0;

  virtual bool InputIsTerminal() = 0;
  virtual bool OutputIsTerminal() = 0;
  virtual bool ErrorIsTerminal() = 0;
};

// The process's own three streams.
class ProcessConsole final : public Console {
 public:
  bool WriteOut(std::string_view text) override;
  void WriteError(std::string_view text) override;
  std::optional<std::string> ReadLine() override;
  std::optional<std::string> ReadSecret() override;
  std::string ReadAll(std::size_t max_bytes) override;
  bool InputIsTerminal() override;
  bool OutputIsTerminal() override;
  bool ErrorIsTerminal() override;
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_CONSOLE_H_
