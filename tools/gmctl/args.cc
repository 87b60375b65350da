#include "tools/gmctl/args.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <utility>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/problem.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {
namespace {

// Aliases of commands: said, meant.
const std::map<std::string, std::string, std::less<>>& Aliases() {
  static const std::map<std::string, std::string, std::less<>> kAliases = {
      {"case get", "case show"},       {"sanction show", "sanction get"},
      {"sanction lift", "lift"},       {"nickname reset", "rename"},
      {"name reset", "rename"},        {"policy get", "policy show"},
      {"policy lint", "policy check"}, {"audit get", "audit show"},
      {"policy ls", "policy history"}, {"sanction list", "sanction ls"},
      {"case list", "case ls"},        {"appeal list", "appeal ls"},
      {"appeal get", "appeal show"},   {"appeal close", "appeal decide"},
  };
  return kAliases;
}

// The flags that every mutating command has.
constexpr std::string_view kMutatingFlags[] = {"reason",  "dry-run", "yes",
                                               "confirm", "no-pin",  "request-id"};

struct Token {
  std::string text;
  bool literal = false;  // Behind `--`.
};

struct FlagToken {
  const FlagSpec* spec = nullptr;
  std::string name;
  std::optional<std::string> value;
};

std::vector<std::string> FlagNames() {
  std::vector<std::string> names;
  for (const FlagSpec& flag : AllFlags())
    names.push_back(Cat({"--", flag.name}));
  return names;
}

std::vector<std::string> CommandPaths() {
  std::vector<std::string> paths;
  for (const CommandSpec& command : AllCommands()) {
    if (!command.hidden) paths.emplace_back(command.path);
  }
  for (const auto& [said, meant] : Aliases())
    paths.push_back(said);
  return paths;
}

const FlagSpec* FindLetter(char letter) {
  for (const FlagSpec& flag : AllFlags()) {
    if (flag.letter == letter && letter != '\0') return &flag;
  }
  return nullptr;
}

// Whether a word is a flag: `-` alone is the standard input, `-5` somebody's number.
bool IsFlagWord(std::string_view word) {
  return word.size() > 1 && word.front() == '-' && !(word[1] >= '0' && word[1] <= '9');
}

absl::StatusOr<FlagToken> ReadFlagWord(const std::string& word) {
  FlagToken token;
  if (word.starts_with("--")) {
    const std::size_t equals = word.find('=');
    token.name = word.substr(0, equals);
    token.spec = FindFlag(std::string_view(token.name).substr(2));
    if (equals != std::string::npos) token.value = word.substr(equals + 1);
  } else {
    token.name = word.substr(0, 2);
    token.spec = FindLetter(word[1]);
    if (word.size() > 2) token.value = word.substr(word[2] == '=' ? 3 : 2);
  }
  if (token.spec != nullptr) return token;
  const auto near = DidYouMean(token.name, FlagNames());
  if (near.has_value()) {
    return UsageProblem("err.args.flag_near", {{"flag", token.name}, {"near", *near}});
  }
  return UsageProblem("err.args.flag_unknown", {{"flag", token.name}});
}

// Two words if they name a command, else one. `used` says how many.
const CommandSpec* TakeCommand(const std::vector<std::string>& words, std::size_t& used) {
  for (const std::size_t count : {std::size_t{2}, std::size_t{1}}) {
    if (words.size() < count) continue;
    std::string path = count == 2 ? Cat({words[0], " ", words[1]}) : words[0];
    const auto alias = Aliases().find(path);
    if (alias != Aliases().end()) path = alias->second;
    const CommandSpec* const command = FindCommand(path);
    if (command == nullptr) continue;
    used = count;
    return command;
  }
  return nullptr;
}

absl::Status UnknownCommand(const std::vector<std::string>& words) {
  std::string said = words[0];
  std::vector<std::string> under;
  for (const std::string& path : CommandPaths()) {
    if (path.starts_with(said + " ")) under.push_back(path.substr(said.size() + 1));
  }
  if (!under.empty()) {
    const std::string list = Join(under, ", ");
    if (words.size() == 1) {
      return UsageProblem("err.args.noun_alone", {{"noun", said}, {"list", list}});
    }
    return UsageProblem("err.args.noun_verb", {{"noun", said}, {"verb", words[1]}, {"list", list}});
  }
  if (words.size() > 1) {
    const auto near = DidYouMean(Cat({words[0], " ", words[1]}), CommandPaths());
    if (near.has_value()) {
      return UsageProblem("err.args.command_near", {{"command", said}, {"near", *near}});
    }
  }
  const auto near = DidYouMean(said, CommandPaths());
  if (near.has_value()) {
    return UsageProblem("err.args.command_near", {{"command", said}, {"near", *near}});
  }
  return UsageProblem("err.args.command_unknown", {{"command", said}});
}

const std::vector<std::string>& NoStrings() {
  static const std::vector<std::string> kNone;
  return kNone;
}

const std::string& NoString() {
  static const std::string kNone;
  return kNone;
}

std::optional<Vocabulary> VocabularyOf(Offer offer) {
  switch (offer) {
    case Offer::kOffence:
      return Vocabulary::kOffence;
    case Offer::kCaseKind:
      return Vocabulary::kCaseKind;
    case Offer::kAppealKind:
      return Vocabulary::kAppealKind;
    case Offer::kCapability:
      return Vocabulary::kCapability;
    case Offer::kDisposition:
      return Vocabulary::kDisposition;
    case Offer::kRole:
      return Vocabulary::kRole;
    case Offer::kSeverity:
      return Vocabulary::kSeverity;
    case Offer::kCategory:
      return Vocabulary::kCategory;
    case Offer::kState:
      return Vocabulary::kState;
    case Offer::kTimelineKind:
      return Vocabulary::kTimelineKind;
    default:
      return std::nullopt;
  }
}

std::vector<std::string> OffersFor(Offer offer) {
  const auto vocabulary = VocabularyOf(offer);
  if (vocabulary.has_value()) return TypedWords(*vocabulary);
  switch (offer) {
    case Offer::kFormat:
      return {"table", "wide", "json", "jsonl", "yaml", "tsv", "name"};
    case Offer::kLanguage:
      return {"zh", "en"};
    case Offer::kColor:
      return {"auto", "always", "never"};
    case Offer::kShell:
      return {"bash", "zsh", "fish"};
    case Offer::kCommand:
      return CommandPaths();
    case Offer::kTopic:
      return TypedWords(Vocabulary::kOffence);
    default:
      return {};
  }
}

}  // namespace

// NOLINTNEXTLINE(readability-function-size): a table, and one place for all flags.
const std::vector<FlagSpec>& AllFlags() {
  static const std::vector<FlagSpec> kFlags = {
      {.name = "help", .metavar = "", .global = true, .letter = 'h'},
      {.name = "output",
       .metavar = "FORMAT",
       .offer = Offer::kFormat,
       .global = true,
       .letter = 'o'},
      {.name = "fields", .metavar = "A,B", .global = true},
      {.name = "no-header", .metavar = "", .global = true},
      {.name = "tz", .metavar = "ZONE", .global = true},
      {.name = "lang", .metavar = "zh|en", .offer = Offer::kLanguage, .global = true},
      {.name = "color", .metavar = "WHEN", .offer = Offer::kColor, .global = true},
      {.name = "server", .metavar = "HOST:PORT", .global = true},
      {.name = "token-file", .metavar = "FILE", .offer = Offer::kFile, .global = true},
      {.name = "context", .metavar = "NAME", .global = true},
      {.name = "timeout", .metavar = "TERM", .global = true},
      {.name = "tls-ca", .metavar = "FILE", .offer = Offer::kFile, .global = true},
      {.name = "tls-cert", .metavar = "FILE", .offer = Offer::kFile, .global = true},
      {.name = "tls-key", .metavar = "FILE", .offer = Offer::kFile, .global = true},
      {.name = "tls-server-name", .metavar = "NAME", .global = true},
      {.name = "plaintext", .metavar = "", .global = true},
      {.name = "reason", .metavar = "WHY"},
      {.name = "dry-run", .metavar = ""},
      {.name = "yes", .metavar = "", .letter = 'y'},
      {.name = "confirm", .metavar = "WHAT"},
      {.name = "no-pin", .metavar = ""},
      {.name = "request-id", .metavar = "ID"},
      {.name = "silent", .metavar = ""},
      {.name = "rule", .metavar = "OFFENCE", .offer = Offer::kOffence},
      {.name = "for", .metavar = "TERM"},
      {.name = "until", .metavar = "TIME"},
      {.name = "perm", .metavar = ""},
      {.name = "caps", .metavar = "A,B", .offer = Offer::kCapability},
      {.name = "scope", .metavar = "game:G|hall:H", .repeated = true},
      {.name = "now", .metavar = ""},
      {.name = "evidence", .metavar = "TEXT", .repeated = true},
      {.name = "case", .metavar = "CASE"},
      {.name = "severity", .metavar = "GRADE", .offer = Offer::kSeverity},
      {.name = "category", .metavar = "ABOUT", .offer = Offer::kCategory},
      {.name = "rung", .metavar = "N"},
      {.name = "why", .metavar = "WHY"},
      {.name = "table", .metavar = "TABLE"},
      {.name = "punish", .metavar = ""},
      {.name = "as", .metavar = "DISPOSITION", .offer = Offer::kDisposition},
      {.name = "kind", .metavar = "A,B", .offer = Offer::kTimelineKind},
      {.name = "state", .metavar = "A,B", .offer = Offer::kState},
      {.name = "since", .metavar = "TERM|TIME"},
      {.name = "limit", .metavar = "N"},
      {.name = "all", .metavar = ""},
      {.name = "follow", .metavar = "", .letter = 'f'},
      {.name = "no-follow", .metavar = ""},
      {.name = "backlog", .metavar = "N"},
      {.name = "player", .metavar = "TARGET"},
      {.name = "resume", .metavar = "TOKEN"},
      {.name = "closed", .metavar = ""},
      {.name = "dismiss", .metavar = ""},
      {.name = "convict", .metavar = ""},
      {.name = "no-action", .metavar = ""},
      {.name = "founded", .metavar = ""},
      {.name = "unfounded", .metavar = ""},
      {.name = "spare", .metavar = "ACCOUNT", .repeated = true},
      {.name = "explain", .metavar = ""},
      {.name = "asset", .metavar = "gold|charm"},
      {.name = "depth", .metavar = "N"},
      {.name = "least", .metavar = "N"},
      {.name = "html", .metavar = "FILE", .offer = Offer::kFile},
      {.name = "accounts", .metavar = ""},
      {.name = "near", .metavar = "POSITION"},
      {.name = "verified", .metavar = "A,B"},
      {.name = "password-changed", .metavar = ""},
      {.name = "mine", .metavar = ""},
      {.name = "of", .metavar = "KIND", .offer = Offer::kCaseKind},
      {.name = "says", .metavar = "KIND", .offer = Offer::kAppealKind},
      {.name = "uphold", .metavar = ""},
      {.name = "reduce", .metavar = ""},
      {.name = "lift", .metavar = ""},
      {.name = "reply", .metavar = "REPLY"},
      {.name = "ask", .metavar = ""},
      {.name = "from-player", .metavar = ""},
      {.name = "say", .metavar = "TEXT"},
      {.name = "gold", .metavar = "N"},
      {.name = "to", .metavar = "WHO"},
      {.name = "person", .metavar = "WHO"},
      {.name = "claim", .metavar = ""},
      {.name = "save", .metavar = "FILE", .offer = Offer::kFile},
      {.name = "against", .metavar = "FILE", .offer = Offer::kFile},
      {.name = "key", .metavar = "FILE", .offer = Offer::kFile},
      {.name = "bank", .metavar = "BANK"},
      {.name = "allow", .metavar = ""},
      {.name = "plain", .metavar = ""},
      {.name = "channel", .metavar = "CHANNEL"},
      {.name = "principal", .metavar = "WHO"},
      {.name = "role", .metavar = "ROLE", .offer = Offer::kRole},
      {.name = "account", .metavar = "TARGET"},
      {.name = "method", .metavar = "CALL"},
      {.name = "no-verify", .metavar = ""},
      {.name = "surface", .metavar = "WHERE"},
      {.name = "about", .metavar = "CATEGORY"},
      {.name = "grade", .metavar = "GRADE"},
      {.name = "allow", .metavar = ""},
      {.name = "flags", .metavar = "A,B"},
      {.name = "until-day", .metavar = "DAY"},
      {.name = "contains", .metavar = "TEXT"},
      {.name = "built-in", .metavar = ""},
      {.name = "hit", .metavar = ""},
      {.name = "replace", .metavar = ""},
      {.name = "no-backtest", .metavar = ""},
  };
  return kFlags;
}

const FlagSpec* FindFlag(std::string_view name) {
  for (const FlagSpec& flag : AllFlags()) {
    if (flag.name == name) return &flag;
  }
  return nullptr;
}

const CommandSpec* FindCommand(std::string_view path) {
  for (const CommandSpec& command : AllCommands()) {
    if (command.path == path) return &command;
  }
  return nullptr;
}

bool Accepts(const CommandSpec& command, const FlagSpec& flag) {
  if (flag.global) return true;
  if (std::find(command.flags.begin(), command.flags.end(), flag.name) != command.flags.end()) {
    return true;
  }
  return command.mutating && std::find(std::begin(kMutatingFlags), std::end(kMutatingFlags),
                                       flag.name) != std::end(kMutatingFlags);
}

absl::StatusOr<Args> Args::Parse(const std::vector<std::string>& words) {
  Args args;
  args.words_ = words;
  std::vector<std::string> plain;
  bool literal = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!IsValidUtf8(word)) return UsageProblem("err.args.utf8", {{"word", word}});
    if (literal || !IsFlagWord(word)) {
      plain.push_back(word);
      continue;
    }
    if (word == "--") {
      literal = true;
      continue;
    }
    absl::StatusOr<FlagToken> flag = ReadFlagWord(word);
    if (!flag.ok()) return flag.status();
    const bool takes_value = !flag->spec->metavar.empty();
    if (!takes_value && flag->value.has_value()) {
      return UsageProblem("err.args.no_value", {{"flag", flag->name}});
    }
    // A flag is no value: `--for --perm` is a forgotten term, not a strange one.
    if (takes_value && !flag->value.has_value() && i + 1 < words.size() &&
        !IsFlagWord(words[i + 1])) {
      flag->value = words[++i];
      if (!IsValidUtf8(*flag->value)) return UsageProblem("err.args.utf8", {{"word", words[i]}});
    }
    if (takes_value && (!flag->value.has_value() || flag->value->empty())) {
      return UsageProblem("err.args.value_missing",
                          {{"flag", flag->name}, {"metavar", std::string(flag->spec->metavar)}});
    }
    std::vector<std::string>& values = args.flags_[std::string(flag->spec->name)];
    if (!values.empty() && !flag->spec->repeated) {
      return UsageProblem("err.args.twice", {{"flag", flag->name}});
    }
    values.push_back(flag->value.value_or("true"));
  }
  if (plain.empty()) plain.emplace_back("help");
  std::size_t used = 0;
  args.command_ = TakeCommand(plain, used);
  if (args.command_ == nullptr) return UnknownCommand(plain);
  args.positionals_.assign(plain.begin() + static_cast<std::ptrdiff_t>(used), plain.end());
  if (!args.Has("help")) HW_RETURN_IF_ERROR(args.Check());
  return args;
}

absl::Status Args::Check() const {
  for (const auto& [name, values] : flags_) {
    const FlagSpec* const flag = FindFlag(name);
    if (flag == nullptr || !Accepts(*command_, *flag)) {
      return UsageProblem("err.args.flag_not_here",
                          {{"flag", Cat({"--", name})}, {"command", std::string(command_->path)}});
    }
  }
  return CheckPositionals();
}

absl::Status Args::CheckPositionals() const {
  const std::vector<PositionalSpec>& specs = command_->positionals;
  const std::string command(command_->path);
  std::size_t required = 0;
  for (const PositionalSpec& spec : specs)
    required += spec.required ? 1 : 0;
  if (positionals_.size() < required) {
    return UsageProblem("err.args.missing", {{"what", std::string(specs[positionals_.size()].name)},
                                             {"command", command}});
  }
  for (const std::string& word : positionals_) {
    if (word.empty()) return UsageProblem("err.args.empty", {{"command", command}});
  }
  if (positionals_.size() <= specs.size() || (!specs.empty() && specs.back().repeated))
    return absl::OkStatus();
  const std::string& extra = positionals_[specs.size()];
  const MessageArgs values = {{"word", extra}, {"command", command}};
  const FlagSpec* const term = FindFlag("for");
  if (LooksLikeTerm(extra) && term != nullptr && Accepts(*command_, *term)) {
    return UsageProblem("err.args.positional_term", values);
  }
  const FlagSpec* const reason = FindFlag("reason");
  if (reason != nullptr && Accepts(*command_, *reason)) {
    return UsageProblem("err.args.positional_reason", values);
  }
  return UsageProblem("err.args.extra", values);
}

const std::string& Args::At(std::size_t index) const {
  return index < positionals_.size() ? positionals_[index] : NoString();
}

bool Args::Has(std::string_view flag) const {
  return flags_.contains(flag);
}

const std::string& Args::Get(std::string_view flag) const {
  const auto found = flags_.find(flag);
  return found == flags_.end() ? NoString() : found->second.front();
}

const std::vector<std::string>& Args::All(std::string_view flag) const {
  const auto found = flags_.find(flag);
  return found == flags_.end() ? NoStrings() : found->second;
}

namespace {

std::vector<std::string> StartingWith(const std::vector<std::string>& all,
                                      const std::string& start) {
  std::set<std::string> chosen;
  for (const std::string& one : all) {
    if (one.starts_with(start)) chosen.insert(one);
  }
  return {chosen.begin(), chosen.end()};
}

std::vector<std::string> FlagOffers(const CommandSpec* command) {
  std::vector<std::string> offers;
  for (const FlagSpec& flag : AllFlags()) {
    if (command == nullptr ? flag.global : Accepts(*command, flag)) {
      offers.push_back(Cat({"--", flag.name}));
    }
  }
  return offers;
}

// Next words of commands that begin with what stands there.
std::vector<std::string> CommandOffers(const std::vector<std::string>& before) {
  std::vector<std::string> offers;
  for (const std::string& path : CommandPaths()) {
    const std::vector<std::string> parts = Split(path, ' ');
    if (before.empty()) {
      offers.push_back(parts[0]);
    } else if (before.size() == 1 && parts.size() == 2 && parts[0] == before[0]) {
      offers.push_back(parts[1]);
    }
  }
  return offers;
}

}  // namespace

std::vector<std::string> Complete(const std::vector<std::string>& words) {
  if (words.empty()) return CommandOffers({});
  std::vector<std::string> plain;
  const FlagSpec* pending = nullptr;
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (pending != nullptr) {
      pending = nullptr;
    } else if (IsFlagWord(words[i])) {
      const absl::StatusOr<FlagToken> flag = ReadFlagWord(words[i]);
      const bool waits = flag.ok() && !flag->spec->metavar.empty() && !flag->value.has_value();
      pending = waits ? flag->spec : nullptr;
    } else {
      plain.push_back(words[i]);
    }
  }
  const std::string& last = words.back();
  if (pending != nullptr) {
    // After a comma the words before it stay.
    const std::size_t comma = last.rfind(',');
    const std::string kept = comma == std::string::npos ? "" : last.substr(0, comma + 1);
    std::vector<std::string> offers;
    for (const std::string& offer : OffersFor(pending->offer))
      offers.push_back(kept + offer);
    return StartingWith(offers, last);
  }
  std::size_t used = 0;
  const CommandSpec* const command = TakeCommand(plain, used);
  if (last.starts_with('-')) return StartingWith(FlagOffers(command), last);
  std::vector<std::string> offers = CommandOffers(plain);
  if (command != nullptr && !command->positionals.empty()) {
    const std::size_t at = std::min(plain.size() - used, command->positionals.size() - 1);
    for (std::string& offer : OffersFor(command->positionals[at].offer)) {
      offers.push_back(std::move(offer));
    }
  }
  return StartingWith(offers, last);
}

}  // namespace hallwarden::gmctl
