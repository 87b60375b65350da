#include "daemon/activation.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/artefact_cache.h"
#include "daemon/replay.h"
#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "rules/text/data.h"
#include "rules/text/fold.h"
#include "rules/text/lexicon.h"

namespace hallwarden::daemon {
namespace {

std::uint64_t ReadHint(const std::string& file) {
  if (file.empty()) return 0;
  std::ifstream in(file);
  std::uint64_t position = 0;
  return in >> position ? position : 0;
}

absl::Status OtherEngine(const storage::Store& store, const v1::EngineActivated& was) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the last ", store.last_position() - store.checkpoint_position(),
      " records were decided by engine version ", was.engine_version(), " with Unicode ",
      was.unicode_version(), ", this program has ", kEngineVersion, " with Unicode ",
      text::UnicodeVersion(),
      ", and no checkpoint covers them. Start the program that wrote them once and ",
      "stop it with SIGTERM: a clean stop writes a checkpoint. Then start this one again"));
}

absl::StatusOr<std::string> PutPolicyText(storage::Store* store, const std::string& initial) {
  const std::string_view text = initial.empty() ? policy::DefaultPolicyText() : initial;
  const policy::CompileResult result = policy::Compile(text, "policy", "");
  if (result.policy == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("the policy cannot be used:\n", DescribeFaults(result)));
  }
  return store->PutArtefact(text);
}

// The policy that the store's journal made active last.
absl::StatusOr<std::string> ActivePolicyOf(storage::Store* store, const v1::EngineActivated& was) {
  absl::StatusOr<storage::Page<storage::StoredPolicy>> newest = store->ListPolicies(1, "");
  if (!newest.ok()) return newest.status();
  if (!newest->items.empty()) return newest->items.front().policy.artefact;
  return was.policy_artefact();
}

absl::StatusOr<v1::EngineActivated> OwnActivation(storage::Store* store) {
  v1::EngineActivated own;
  own.set_engine_version(kEngineVersion);
  own.set_history_epoch(store->history_epoch());
  own.set_unicode_version(text::UnicodeVersion());
  absl::StatusOr<std::string> lexicon = store->PutArtefact(text::BuiltInNameLexiconText());
  if (!lexicon.ok()) return lexicon.status();
  own.set_lexicon_artefact(*std::move(lexicon));
  absl::StatusOr<std::string> chat = store->PutArtefact(text::BuiltInChatLexiconText());
  if (!chat.ok()) return chat.status();
  own.set_chat_lexicon_artefact(*std::move(chat));
  own.set_lexicon_version(absl::StrCat(absl::Hex(text::BuiltInNameLexicon()->version())));
  return own;
}

// The activation in force; NOT_FOUND: there is none. Before anything is written: a build that may
// not go on leaves the store as it was.
absl::StatusOr<FoundActivation> ActivationInForce(storage::Store* store,
                                                  const std::string& hint_file) {
  const bool tail = store->last_position() > store->checkpoint_position();
  absl::StatusOr<FoundActivation> was = FindActivation(store, ReadHint(hint_file));
  if (!was.ok()) return was.status();
  const bool other = was->activated.engine_version() != kEngineVersion ||
                     was->activated.unicode_version() != text::UnicodeVersion();
  if (other && tail) return OtherEngine(*store, was->activated);
  return was;
}

}  // namespace

absl::StatusOr<ActivationPlan> ReadActivation(storage::Store* store, const std::string& hint_file) {
  const absl::StatusOr<FoundActivation> was = ActivationInForce(store, hint_file);
  if (!was.ok() && !absl::IsNotFound(was.status())) return was.status();
  return ActivationPlan{};
}

absl::StatusOr<ActivationPlan> PlanActivation(storage::Store* store,
                                              const std::string& initial_policy,
                                              const std::string& hint_file) {
  ActivationPlan plan;
  absl::StatusOr<FoundActivation> was = ActivationInForce(store, hint_file);
  if (!was.ok() && !absl::IsNotFound(was.status())) return was.status();
  absl::StatusOr<v1::EngineActivated> own = OwnActivation(store);
  if (!own.ok()) return own.status();
  absl::StatusOr<std::string> artefact =
      was.ok() ? ActivePolicyOf(store, was->activated) : PutPolicyText(store, initial_policy);
  if (!artefact.ok()) return artefact.status();
  const absl::StatusOr<std::string> source = store->GetArtefact(*artefact);
  if (!source.ok()) return source.status();
  const policy::CompileResult compiled = policy::Compile(*source, "policy", *artefact);
  if (compiled.policy == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("this program cannot use the active policy:\n", DescribeFaults(compiled),
                     "Start the program before and apply a policy that both accept"));
  }
  if (was.ok() && !initial_policy.empty() && initial_policy != *source) {
    absl::StatusOr<std::string> ignored = store->PutArtefact(initial_policy);
    if (!ignored.ok()) return ignored.status();
    plan.ignored_policy = *std::move(ignored);
  }
  own->set_policy_title(compiled.policy->source().title());
  own->set_policy_artefact(*std::move(artefact));
  const bool same = was.ok() && was->activated.engine_version() == own->engine_version() &&
                    was->activated.lexicon_artefact() == own->lexicon_artefact() &&
                    was->activated.chat_lexicon_artefact() == own->chat_lexicon_artefact() &&
                    was->activated.unicode_version() == own->unicode_version();
  if (!same) plan.next = *std::move(own);
  return plan;
}

absl::Status WriteActivationHint(const std::string& hint_file, std::uint64_t position) {
  if (hint_file.empty()) return absl::OkStatus();
  const std::string aside = absl::StrCat(hint_file, ".new");
  {
    std::ofstream out(aside, std::ios::trunc);
    out << position << "\n";
    out.flush();
    if (!out) return absl::InternalError(absl::StrCat("cannot write ", aside));
  }
  std::error_code error;
  std::filesystem::rename(aside, hint_file, error);
  if (error) return absl::InternalError(absl::StrCat(hint_file, ": ", error.message()));
  return absl::OkStatus();
}

}  // namespace hallwarden::daemon
