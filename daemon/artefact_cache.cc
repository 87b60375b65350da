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

text::Screeners ArtefactCache::Lexicon(const LexiconArtefacts& lists) const {
  absl::StatusOr<text::Screeners> loaded = LoadLexicon(lists);
  if (loaded.ok()) return *std::move(loaded);
  Log(LogLevel::kError, absl::StrCat("artefacts: no lexicon: ", loaded.status().ToString()));
  return {};
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

absl::StatusOr<std::shared_ptr<const text::Lexicon>> ArtefactCache::LoadBuiltIn(
    std::string_view artefact, std::string_view file) const {
  if (artefact.empty()) return std::shared_ptr<const text::Lexicon>();
  const absl::StatusOr<std::string> source = store_->GetArtefact(artefact);
  if (!source.ok()) return source.status();
  // Nearly always the program's own, which are parsed once.
  if (*source == text::BuiltInNameLexiconText()) return text::BuiltInNameLexicon();
  if (*source == text::BuiltInChatLexiconText()) return text::BuiltInChatLexicon();
  absl::StatusOr<text::Lexicon> lexicon = text::Lexicon::Parse(*source, file);
  if (!lexicon.ok()) return lexicon.status();
  return std::make_shared<const text::Lexicon>(*std::move(lexicon));
}

absl::StatusOr<std::shared_ptr<const text::OperatorList>> ArtefactCache::LoadOperators(
    std::string_view artefact) const {
  if (artefact.empty()) return std::make_shared<const text::OperatorList>();
  const absl::StatusOr<std::string> source = store_->GetArtefact(artefact);
  if (!source.ok()) return source.status();
  absl::StatusOr<text::OperatorList> list = text::OperatorList::Parse(*source, "lexicon");
  if (!list.ok()) return list.status();
  return std::make_shared<const text::OperatorList>(*std::move(list));
}

absl::StatusOr<text::Screeners> ArtefactCache::LoadLexicon(const LexiconArtefacts& lists) const {
  {
    MutexLock lock(&mutex_);
    for (auto it = screeners_.begin(); it != screeners_.end(); ++it) {
      if (it->lists != lists) continue;
      Ready found = std::move(*it);
      screeners_.erase(it);
      screeners_.push_back(found);
      return found.screeners;
    }
  }
  const auto names = LoadBuiltIn(lists.names, "names.lex");
  if (!names.ok()) return names.status();
  const auto chat = LoadBuiltIn(lists.chat, "chat.lex");
  if (!chat.ok()) return chat.status();
  const auto own = LoadOperators(lists.operators);
  if (!own.ok()) return own.status();
  text::Screeners screeners = text::BuildScreeners(*names, *chat, **own);
  MutexLock lock(&mutex_);
  screeners_.push_back(Ready{lists, screeners});
  if (screeners_.size() > kScreenersKept) screeners_.pop_front();
  return screeners;
}

}  // namespace hallwarden::daemon
