#include "tools/gmctl/report.h"

#include <optional>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"

namespace hallwarden::gmctl {
namespace {

struct Words {
  std::string what;
  std::string advice;
};

// A sentence whose placeholders the daemon did not fill is worse than its own message.
bool Filled(const std::string& sentence) {
  return sentence.find('{') == std::string::npos;
}

// The daemon knows what to do about reasons that are newer than this build.
std::string DaemonHint(const ServerReason& reason, const Catalogue& catalogue) {
  const bool chinese = catalogue.language() == Language::kChinese;
  const auto found = reason.metadata.find(chinese ? "hint_zh" : "hint_en");
  return found == reason.metadata.end() ? "" : Guard(found->second);
}

Words OwnWords(const absl::Status& status, const Catalogue& catalogue) {
  const std::string key = *ProblemKey(status);
  const MessageArgs args = ProblemArgs(status);
  Words words{.what = catalogue.Text(key, args), .advice = ""};
  if (catalogue.Has(key + ".do")) words.advice = catalogue.Text(key + ".do", args);
  return words;
}

Words ServerWords(const absl::Status& status, const Catalogue& catalogue) {
  const absl::string_view message = status.message();
  Words words{.what = Guard({message.data(), message.size()}), .advice = ""};
  const std::string code_key = Cat({"code.", std::to_string(static_cast<int>(status.code()))});
  if (catalogue.Has(code_key + ".do")) words.advice = catalogue.Text(code_key + ".do");
  const std::optional<ServerReason> reason = ServerReasonOf(status);
  if (reason.has_value()) {
    const MessageArgs args(reason->metadata.begin(), reason->metadata.end());
    const std::string key = Cat({"reason.", reason->reason});
    const std::string what = catalogue.Has(key) ? catalogue.Text(key, args) : "";
    if (!what.empty() && Filled(what)) words.what = what;
    const std::string advice = catalogue.Has(key + ".do") ? catalogue.Text(key + ".do", args) : "";
    if (!advice.empty() && Filled(advice)) {
      words.advice = advice;
    } else if (const std::string hint = DaemonHint(*reason, catalogue); !hint.empty()) {
      words.advice = hint;
    }
    words.what += Cat({" [", Guard(reason->reason), "]"});
  } else if (catalogue.Has(code_key)) {
    words.what = catalogue.Text(code_key, {{"message", words.what}});
  }
  return words;
}

}  // namespace

std::string DescribeError(const absl::Status& status, const Catalogue& catalogue) {
  const std::optional<std::string> key = ProblemKey(status);
  if (status.ok() || (key.has_value() && key->empty())) return "";
  Words words = key.has_value() ? OwnWords(status, catalogue) : ServerWords(status, catalogue);
  const std::optional<std::string> advice = AdviceKey(status);
  if (advice.has_value()) words.advice = catalogue.Text(*advice, AdviceArgs(status));
  std::string out = Cat({Tinted(kTintRed, catalogue.Text("word.error")), words.what, "\n"});
  if (!words.advice.empty()) {
    out += Cat({Tinted(kTintBold, catalogue.Text("word.what_to_do")), words.advice, "\n"});
  }
  return out;
}

}  // namespace hallwarden::gmctl
