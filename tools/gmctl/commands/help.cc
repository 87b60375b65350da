// help, explain, version, completion
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/version.h"

namespace hallwarden::gmctl {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string KeyOf(const CommandSpec& command) {
  std::string key = Cat({"cmd.", command.path});
  for (char& c : key) {
    if (c == ' ') c = '.';
  }
  return key;
}

std::string Usage(const CommandSpec& command) {
  std::string line = Cat({"gmctl ", command.path});
  for (const PositionalSpec& one : command.positionals) {
    const std::string name = Cat({one.name, one.repeated ? "..." : ""});
    line += one.required ? Cat({" ", name}) : Cat({" [", name, "]"});
  }
  return line;
}

std::string FlagUsage(const FlagSpec& flag) {
  const std::string letter =
      flag.letter == '\0' ? "" : Cat({"-", std::string(1, flag.letter), ", "});
  return Cat({"  ", letter, "--", flag.name, flag.metavar.empty() ? "" : " ", flag.metavar});
}

Pairs FlagPairs(const CommandSpec* command, const Catalogue& text) {
  Pairs pairs;
  for (const FlagSpec& flag : AllFlags()) {
    const bool shown = command == nullptr ? flag.global : !flag.global && Accepts(*command, flag);
    if (shown) pairs.emplace_back(FlagUsage(flag), text.Text(Cat({"flag.", flag.name})));
  }
  return pairs;
}

std::string Overview(const Catalogue& text) {
  std::string out = text.Text("help.head") + "\n\n";
  Pairs pairs;
  for (const CommandSpec& command : AllCommands()) {
    if (command.hidden) continue;
    pairs.emplace_back("  " + Usage(command).substr(6), text.Text(KeyOf(command)));
  }
  out += PrintPairs(pairs) + "\n" + Tinted(kTintBold, text.Text("help.globals")) + "\n";
  out += PrintPairs(FlagPairs(nullptr, text)) + "\n" + text.Text("help.tail") + "\n";
  return out;
}

absl::Status ExplainTopic(Context& context, const std::string& topic) {
  const Catalogue& text = context.catalogue();
  std::vector<std::string> found;
  for (const std::string_view prefix :
       {"exit.", "term.", "offence.", "capability.", "disposition.", "state.", "role.", "cause.",
        "prior.", "kind.", "class.", "reason."}) {
    const std::string key = Cat({prefix, topic});
    if (text.Has(key)) {
      found.push_back(Cat({Tinted(kTintBold, Guard(topic)), "  ", text.Text(key)}));
      for (const std::string_view more : {".do", ".more"}) {
        if (text.Has(key + std::string(more)))
          found.push_back("  " + text.Text(key + std::string(more)));
      }
    }
  }
  if (!found.empty()) {
    context.Out(Join(found, "\n") + "\n");
    return absl::OkStatus();
  }
  std::vector<std::string> topics;
  for (const auto& [key, sentence] : AllSentences()) {
    const std::size_t dot = key.find('.');
    const std::string prefix = key.substr(0, dot);
    if (prefix == "term" || prefix == "offence" || prefix == "reason" || prefix == "disposition") {
      const std::string rest = key.substr(dot + 1);
      if (rest.find('.') == std::string::npos) topics.push_back(rest);
    }
  }
  const auto near = DidYouMean(topic, topics);
  return Problem(ExitCode::kNotFound, near.has_value() ? "err.explain.near" : "err.explain",
                 {{"topic", topic}, {"near", near.value_or("")}});
}

}  // namespace

absl::Status ShowHelp(Context& context, const CommandSpec& command) {
  const Catalogue& text = context.catalogue();
  std::string out = Cat({Tinted(kTintBold, Usage(command)), "\n", text.Text(KeyOf(command)), "\n"});
  const std::string more = KeyOf(command) + ".more";
  if (text.Has(more)) out += Cat({"\n", text.Text(more), "\n"});
  const Pairs flags = FlagPairs(&command, text);
  if (!flags.empty()) {
    out += Cat({"\n", Tinted(kTintBold, text.Text("help.flags")), "\n", PrintPairs(flags)});
  }
  out += Cat({"\n", text.Text("help.globals_hint"), "\n"});
  context.Out(out);
  return absl::OkStatus();
}

absl::Status CommandHelp(Context& context) {
  const std::string topic = Join(context.args().positionals(), " ");
  const Catalogue& text = context.catalogue();
  if (topic.empty()) {
    context.Out(Overview(text));
    return absl::OkStatus();
  }
  if (text.Has(Cat({"help.topic.", topic}))) {
    context.Out(text.Text(Cat({"help.topic.", topic})) + "\n");
    return absl::OkStatus();
  }
  const CommandSpec* const command = FindCommand(topic);
  if (command != nullptr) return ShowHelp(context, *command);
  Pairs pairs;
  for (const CommandSpec& one : AllCommands()) {
    if (one.hidden || !one.path.starts_with(topic + " ")) continue;
    pairs.emplace_back("  " + Usage(one).substr(6), text.Text(KeyOf(one)));
  }
  if (pairs.empty()) return UsageProblem("err.args.command_unknown", {{"command", topic}});
  context.Out(PrintPairs(pairs));
  return absl::OkStatus();
}

absl::Status CommandExplain(Context& context) {
  return ExplainTopic(context, context.args().At(0));
}

absl::Status CommandVersion(Context& context) {
  context.Out(Cat({"gmctl ", kVersion, "\n"}));
  return absl::OkStatus();
}

absl::Status CommandCompletion(Context& context) {
  const std::string& shell = context.args().At(0);
  std::string script;
  if (shell == "bash") {
    script =
        "_gmctl() {\n"
        "  local IFS=$'\\n'\n"
        "  COMPREPLY=($(gmctl __complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null))\n"
        "}\n"
        "complete -o default -F _gmctl gmctl\n";
  } else if (shell == "zsh") {
    script =
        "#compdef gmctl\n"
        "_gmctl() {\n"
        "  local -a offers\n"
        "  offers=(\"${(@f)$(gmctl __complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)}\")\n"
        "  if (( ${#offers[@]} )) && [[ -n ${offers[1]} ]]; then\n"
        "    compadd -- \"${offers[@]}\"\n"
        "  else\n"
        "    _files\n"
        "  fi\n"
        "}\n"
        "compdef _gmctl gmctl\n";
  } else if (shell == "fish") {
    script =
        "function __gmctl_complete\n"
        "  set -l words (commandline -opc) (commandline -ct)\n"
        "  gmctl __complete -- $words[2..-1] 2>/dev/null\n"
        "end\n"
        "complete -c gmctl -a '(__gmctl_complete)'\n";
  } else {
    return UsageProblem("err.args.choice",
                        {{"flag", "completion"}, {"value", shell}, {"list", "bash, zsh, fish"}});
  }
  context.Out(script);
  return absl::OkStatus();
}

absl::Status CommandComplete(Context& context) {
  for (const std::string& offer : Complete(context.args().positionals())) {
    context.Out(offer + "\n");
  }
  return absl::OkStatus();
}

}  // namespace hallwarden::gmctl
