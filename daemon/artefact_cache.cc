#include "daemon/artefact_cache.h"

#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"
#include "rules/text/lexicon.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kFaultsMax = 20;

template <class Map>
typename Map::mapped_type Find(const Map& map, std::string_view artefact) {
  const auto it = map.find(absl::string_view(artefact.data(), artefact.size()));
  return it == map.end() ? nullptr : it->second;
}

// The engine keeps what it has; that decisions are then made by the wrong knowledge must be seen.
template <class Loaded>
typename Loaded::value_type OrNull(std::string_view what, const Loaded& loaded) {
  if (loaded.ok()) return *loaded;
  Log(LogLevel::kError, absl::StrCat("artefacts: no ", absl::string_view(what.data(), what.size()),
                                     ": ", loaded.status().ToString()));
  return nullptr;
}

}  // namespace

std::string DescribeFaults(const policy::CompileResult& result) {
  std::string text;
  std::size_t count = 0;
  for (const v1::Diagnostic& fault : result.diagnostics) {
    if (!fault.fatal() || ++count > kFaultsMax) continue;
    absl::StrAppend(&text, fault.file(), ":", fault.line(), ":", fault.column(), ": ",
                    fault.reason(), "; ", fault.hint(), "\n");
  }
  return text;
}

std::shared_ptr<const policy::CompiledPolicy> ArtefactCache::Policy(
    std::string_view artefact) const {
  return OrNull("policy", LoadPolicy(artefact));
}

std::shared_ptr<const text::NameScreener> ArtefactCache::Names(std::string_view artefact) const {
  return OrNull("lexicon", LoadNames(artefact));
}

absl::StatusOr<std::shared_ptr<const policy::CompiledPolicy>> ArtefactCache::LoadPolicy(
    std::string_view artefact) const {
  {
    MutexLock lock(&mutex_);
    if (auto found = Find(policies_, artefact)) return found;
  }
  absl::StatusOr<std::string> source = store_->GetArtefact(artefact);
  if (!source.ok()) return source.status();
  policy::CompileResult result = policy::Compile(*source, "policy", artefact);
  if (result.policy == nullptr) return absl::InvalidArgumentError(DescribeFaults(result));
  MutexLock lock(&mutex_);
  policies_.emplace(artefact, result.policy);
  return result.policy;
}

absl::StatusOr<std::shared_ptr<const text::NameScreener>> ArtefactCache::LoadNames(
    std::string_view artefact) const {
  {
    MutexLock lock(&mutex_);
    if (auto found = Find(names_, artefact)) return found;
  }
  absl::StatusOr<std::string> source = store_->GetArtefact(artefact);
  if (!source.ok()) return source.status();
  absl::StatusOr<text::Lexicon> lexicon = text::Lexicon::Parse(*source, "lexicon");
  if (!lexicon.ok()) return lexicon.status();
  std::shared_ptr<const text::NameScreener> names = std::make_shared<text::NameScreener>(
      std::make_shared<const text::Lexicon>(*std::move(lexicon)));
  MutexLock lock(&mutex_);
  names_.emplace(artefact, names);
  return names;
}

}  // namespace hallwarden::daemon
