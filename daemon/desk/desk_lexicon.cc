// Word lists: what is in force, changing it, trying a change first.
#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/backtest.h"
#include "daemon/desk/desk.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/lexicon_change.h"
#include "daemon/desk/records.h"
#include "daemon/desk/shape.h"
#include "daemon/desk/text_reading.h"
#include "rules/engine/lexicon_entity.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kMicrosPerMilli = 1000;
constexpr std::size_t kExportBytes = 1'000'000;
constexpr int kFailuresMax = 100;
constexpr std::int64_t kBacktestDefaultUs = 3'000'000;
constexpr std::int64_t kBacktestMostUs = 10'000'000;
constexpr int kSamplesDefault = 20;
constexpr int kSamplesMost = 200;

std::int32_t DayAt(const Glance& seen, std::int64_t now_us) {
  const std::int64_t offset = seen.policy == nullptr ? 0 : seen.policy->utc_offset_us();
  return static_cast<std::int32_t>((now_us + offset) / kDayUs);
}

// An entry and its hits, built-in ones too.
class EntryView {
 public:
  explicit EntryView(const Glance& seen) : seen_(seen) {}

  [[nodiscard]] v1::LexiconEntry Of(const text::OperatorEntry& own) const {
    v1::LexiconEntry proto = ToProto(own);
    const std::uint64_t key = LexiconHitKey(proto.category() + "/" + proto.pattern());
    const auto at = std::lower_bound(
        seen_.lexicon_hits.begin(), seen_.lexicon_hits.end(), key,
        [](const auto& hits, std::uint64_t wanted) { return hits.first < wanted; });
    if (at == seen_.lexicon_hits.end() || at->first != key) return proto;
    proto.set_hit_count(static_cast<std::int64_t>(at->second.count));
    SetTimestamp(at->second.last_us, proto.mutable_last_hit_time());
    return proto;
  }

 private:
  const Glance& seen_;
};

bool Passes(const v1::ListLexiconEntriesRequest& request, const v1::LexiconEntry& entry) {
  const auto surface = static_cast<unsigned>(request.surface());
  if (surface != 0 && (static_cast<unsigned>(entry.surface()) & surface) == 0) return false;
  if (request.kind() != v1::LEXICON_ENTRY_KIND_UNSPECIFIED && request.kind() != entry.kind()) {
    return false;
  }
  if (!request.category().empty() && request.category() != entry.category()) return false;
  if (request.hit_only() && entry.hit_count() == 0) return false;
  return request.contains().empty() ||
         entry.pattern().find(request.contains()) != std::string::npos;
}

// Calls `visit` with every entry from number `from` on, the operator's first, until it is false.
template <class Visit>
void VisitEntries(const text::OperatorList& own, const Glance& seen, bool built_in,
                  std::size_t from, const Visit& visit) {
  std::size_t number = 0;
  const auto pass = [&](const text::OperatorEntry& entry) {
    return number++ < from || visit(number - 1, entry);
  };
  for (const text::OperatorEntry& entry : own.entries()) {
    if (!pass(entry)) return;
  }
  if (!built_in) return;
  const auto list = [&](const text::Lexicon& lexicon, text::OperatorSurface surface) {
    for (const text::LexiconEntry& entry : lexicon.entries()) {
      const bool listed =
          entry.kind == text::EntryKind::kDeny || entry.kind == text::EntryKind::kAllow;
      if (!listed || entry.own) continue;
      if (!pass(text::OperatorEntry{surface, entry})) return false;
    }
    return true;
  };
  if (seen.lexicon.names != nullptr &&
      !list(seen.lexicon.names->lexicon(), text::OperatorSurface::kNames)) {
    return;
  }
  if (seen.lexicon.chat != nullptr)
    list(seen.lexicon.chat->lexicon(), text::OperatorSurface::kChat);
}

std::vector<std::string> Broken(const text::OperatorList& list, const text::Screeners& screeners) {
  std::vector<std::string> broken = text::BrokenPromises(list.names(), *screeners.names);
  // Examples under [both] are of both lists; their sentences are told once.
  for (std::string& sentence : text::BrokenPromises(list.chat(), *screeners.chat)) {
    if (std::find(broken.begin(), broken.end(), sentence) == broken.end())
      broken.push_back(std::move(sentence));
  }
  return broken;
}

bool Promises(const text::OperatorList& list) {
  return !list.names().must_hit().empty() || !list.names().must_miss().empty() ||
         !list.chat().must_hit().empty() || !list.chat().must_miss().empty();
}

text::Screeners Compile(const text::OperatorList& list) {
  return text::BuildScreeners(text::BuiltInNameLexicon(), text::BuiltInChatLexicon(), list);
}

void AddPlanLine(const std::string& key, const std::string& before, const std::string& after,
                 google::protobuf::RepeatedPtrField<v1::PlanLine>* lines) {
  v1::PlanLine& line = *lines->Add();
  line.set_key(key);
  line.mutable_before()->set_zh(before);
  line.mutable_before()->set_en(before);
  line.mutable_after()->set_zh(after);
  line.mutable_after()->set_en(after);
}

}  // namespace

void Desk::GetLexicon(const Call& /*call*/, const v1::GetLexiconRequest& /*request*/,
                      v1::Lexicon* response, const Done& done) {
  core_->LookAtLexicon(
      false, WithGlance(done, [this, response, done](const Glance& seen) {
        const auto list = lexicons_.Operators(seen.lexicon.lists.operators);
        if (!list.ok()) return done(list.status());
        response->set_name("lexicon");
        response->set_artefact(seen.lexicon.lists.operators);
        response->set_entry_count(static_cast<std::int32_t>((*list)->entries().size()));
        const std::int32_t day = DayAt(seen, core_->NowUs());
        response->set_expired_count(static_cast<std::int32_t>(
            std::count_if((*list)->entries().begin(), (*list)->entries().end(),
                          [day](const text::OperatorEntry& own) {
                            return own.entry.until_day != 0 && own.entry.until_day < day;
                          })));
        response->set_names_count(
            static_cast<std::int32_t>(text::BuiltInNameLexicon()->entries().size()));
        response->set_chat_count(
            static_cast<std::int32_t>(text::BuiltInChatLexicon()->entries().size()));
        response->set_names_version(absl::StrCat(absl::Hex(text::BuiltInNameLexicon()->version())));
        response->set_chat_version(absl::StrCat(absl::Hex(text::BuiltInChatLexicon()->version())));
        if (seen.lexicon.change_us != 0) {
          SetTimestamp(seen.lexicon.change_us, response->mutable_change_time());
          response->mutable_actor()->set_principal(seen.lexicon.principal);
        }
        *response->mutable_rescreen() = seen.lexicon.rescreen;
        done(absl::OkStatus());
      }));
}

void Desk::ListLexiconEntries(const Call& /*call*/, const v1::ListLexiconEntriesRequest& request,
                              v1::ListLexiconEntriesResponse* response, const Done& done) {
  const absl::StatusOr<PageSpec> page = ReadPage(request);
  if (!page.ok()) return done(page.status());
  core_->LookAtLexicon(
      true, WithGlance(done, [this, &request, spec = *page, response, done](const Glance& seen) {
        // A place is a number in one list; in another one it would skip entries unseen.
        const std::string& artefact = seen.lexicon.lists.operators;
        const std::size_t dash = spec.place.find('-');
        std::uint64_t from = 0;
        const bool fits = spec.place.empty() ||
                          (dash != std::string::npos && spec.place.substr(dash + 1) == artefact &&
                           absl::SimpleAtoi(spec.place.substr(0, dash), &from));
        if (!fits) return done(InvalidField("page_token", "of this list, which has changed since"));
        const auto list = lexicons_.Operators(artefact);
        if (!list.ok()) return done(list.status());
        const EntryView view(seen);
        std::uint64_t next = 0;
        VisitEntries(**list, seen, request.built_in(), from,
                     [&](std::size_t number, const text::OperatorEntry& own) {
                       const v1::LexiconEntry entry = view.Of(own);
                       if (!Passes(request, entry)) return true;
                       if (static_cast<std::size_t>(response->entries_size()) == spec.limit) {
                         next = number;
                         return false;
                       }
                       *response->add_entries() = entry;
                       return true;
                     });
        if (next != 0) {
          response->set_next_page_token(NextPage(request, absl::StrCat(next, "-", artefact)));
        }
        done(absl::OkStatus());
      }));
}

void Desk::GetLexiconEntry(const Call& /*call*/, const v1::GetLexiconEntryRequest& request,
                           v1::LexiconEntry* response, const Done& done) {
  core_->LookAtLexicon(true, WithGlance(done, [this, &request, response, done](const Glance& seen) {
                         const auto list = lexicons_.Operators(seen.lexicon.lists.operators);
                         if (!list.ok()) return done(list.status());
                         bool found = false;
                         VisitEntries(**list, seen, true, 0,
                                      [&](std::size_t, const text::OperatorEntry& own) {
                                        found = "lexiconEntries/" + own.Id() == request.name();
                                        if (found) *response = EntryView(seen).Of(own);
                                        return !found;
                                      });
                         done(found ? absl::OkStatus() : NoSuch(request.name()));
                       }));
}

void Desk::ExportLexicon(const Call& /*call*/, const v1::ExportLexiconRequest& request,
                         v1::ExportLexiconResponse* response, const Done& done) {
  core_->LookAtLexicon(
      false, WithGlance(done, [this, &request, response, done](const Glance& seen) {
        // The place names the list, so that parts of two lists are never put together.
        std::string artefact = seen.lexicon.lists.operators;
        std::uint64_t from = 0;
        if (!request.page_token().empty()) {
          const std::size_t dash = request.page_token().find('-');
          if (dash == std::string::npos ||
              !absl::SimpleAtoi(request.page_token().substr(0, dash), &from)) {
            return done(InvalidField("page_token", "as the answer before gave it"));
          }
          artefact = request.page_token().substr(dash + 1);
        }
        response->set_artefact(artefact);
        if (artefact.empty()) return done(absl::OkStatus());
        const absl::StatusOr<std::string> text = store_->GetArtefact(artefact);
        if (!text.ok()) return done(NotFoundAs(text.status(), artefact));
        if (from > text->size()) return done(InvalidField("page_token", "inside the list"));
        std::size_t size = std::min(kExportBytes, text->size() - from);
        // Whole lines: a part is a proto string, and must not end inside a character.
        if (from + size < text->size()) size = text->rfind('\n', from + size - 1) + 1 - from;
        response->set_source(text->substr(from, size));
        if (from + size < text->size())
          response->set_next_page_token(absl::StrCat(from + size, "-", artefact));
        done(absl::OkStatus());
      }));
}

void Desk::StageLexicon(const Call& call, const v1::StageLexiconRequest& request,
                        v1::StageLexiconResponse* response, const Done& done) {
  done(lexicons_.Stage(call.principal.name, request, core_->NowUs(), response));
}

void Desk::ExplainText(const Call& /*call*/, const v1::ExplainTextRequest& request,
                       v1::ExplainTextResponse* response, const Done& done) {
  core_->LookAtLexicon(
      false, WithGlance(done, [this, &request, response, done](const Glance& seen) {
        const auto list = lexicons_.Operators(seen.lexicon.lists.operators);
        if (!list.ok()) return done(list.status());
        LexiconArtefacts built_in = seen.lexicon.lists;
        built_in.operators.clear();
        const ReadingParts parts{.all = {seen.lexicon.names, seen.lexicon.chat},
                                 .built_in = artefacts_->Lexicon(built_in),
                                 .own = list->get()};
        ::hallwarden::daemon::ExplainText(parts, request.surface() != v1::LEXICON_SURFACE_CHAT,
                                          request.text(), response);
        response->set_artefact(seen.lexicon.lists.operators);
        done(absl::OkStatus());
      }));
}

void Desk::TestLexicon(const Call& call, const v1::TestLexiconRequest& request,
                       v1::TestLexiconResponse* response, const Done& done) {
  const absl::StatusOr<std::string> source =
      lexicons_.Whole(call.principal.name, request.upload(), request.source(), core_->NowUs());
  if (!source.ok()) return done(source.status());
  const auto tell = [response](const text::OperatorList& list, const text::Screeners& screeners) {
    const auto count = [](const text::Lexicon& promises) {
      return static_cast<std::int32_t>(promises.must_hit().size() + promises.must_miss().size());
    };
    const std::vector<std::string> broken = Broken(list, screeners);
    response->set_example_count(response->example_count() + count(list.names()) +
                                count(list.chat()));
    response->set_failure_count(response->failure_count() +
                                static_cast<std::int32_t>(broken.size()));
    for (const std::string& sentence : broken) {
      if (response->failures_size() < kFailuresMax) response->add_failures(sentence);
    }
  };
  if (!source->empty()) {
    const absl::StatusOr<text::OperatorList> list =
        text::OperatorList::Parse(*source, request.file().empty() ? "lexicon" : request.file());
    if (!list.ok()) {
      return done(LexiconRefused(
          std::string_view(list.status().message().data(), list.status().message().size())));
    }
    tell(*list, Compile(*list));
    return done(absl::OkStatus());
  }
  core_->LookAtLexicon(
      false, WithGlance(done, [this, tell, response, done](const Glance& seen) {
        const auto list = lexicons_.Operators(seen.lexicon.lists.operators);
        if (!list.ok()) return done(list.status());
        if (seen.lexicon.names == nullptr || seen.lexicon.chat == nullptr) {
          return done(absl::OkStatus());
        }
        const text::Screeners screeners{seen.lexicon.names, seen.lexicon.chat};
        tell(**list, screeners);
        // What the built-in lists promise must still hold under the operator's entries.
        const auto built_in = [response](const text::Lexicon& promises, const auto& screener) {
          response->set_example_count(
              response->example_count() +
              static_cast<std::int32_t>(promises.must_hit().size() + promises.must_miss().size()));
          for (const std::string& sentence : text::BrokenPromises(promises, screener)) {
            response->set_failure_count(response->failure_count() + 1);
            if (response->failures_size() < kFailuresMax) response->add_failures(sentence);
          }
        };
        built_in(*text::BuiltInNameLexicon(), *screeners.names);
        built_in(*text::BuiltInChatLexicon(), *screeners.chat);
        done(absl::OkStatus());
      }));
}

void Desk::BacktestLexicon(const Call& call, const v1::BacktestLexiconRequest& request,
                           v1::BacktestLexiconResponse* response, const Done& done) {
  absl::StatusOr<std::string> source =
      lexicons_.Whole(call.principal.name, request.upload(), request.source(), core_->NowUs());
  if (!source.ok()) return done(source.status());
  core_->LookAtLexicon(
      false, WithGlance(done, [this, call, &request, source = *std::move(source), response,
                               done](const Glance& seen) {
        if (seen.lexicon.names == nullptr) return done(absl::OkStatus());
        const std::shared_ptr<void> place = long_reads_.Take();
        if (place == nullptr) return done(TooManyReads());
        const auto base = lexicons_.Operators(seen.lexicon.lists.operators);
        if (!base.ok()) return done(base.status());
        const LexiconWish wish{.add = &request.add(),
                               .remove = &request.remove(),
                               .source = source,
                               .file = request.file()};
        const absl::StatusOr<text::OperatorList> list = ChangeList(
            **base, wish, {call.principal.name, "backtest", DayAt(seen, core_->NowUs())});
        if (!list.ok()) return done(list.status());
        BacktestOptions options;
        if (request.has_since_time()) options.since_us = Micros(request.since_time());
        const std::int64_t deadline_us = request.has_deadline_duration()
                                             ? Micros(request.deadline_duration())
                                             : kBacktestDefaultUs;
        options.deadline =
            std::chrono::milliseconds(std::min(deadline_us, kBacktestMostUs) / kMicrosPerMilli);
        options.samples = static_cast<std::size_t>(
            request.sample_size() == 0 ? kSamplesDefault
                                       : std::clamp(request.sample_size(), 0, kSamplesMost));
        options.cancelled = call.cancelled;
        const text::Screeners before{seen.lexicon.names, seen.lexicon.chat};
        done(Backtest(store_, before, Compile(*list), options, response));
      }));
}

void Desk::ChangeLexicon(const Call& call, const v1::ChangeLexiconRequest& request,
                         v1::ChangeLexiconResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, "lexicon");
  const ActedDone refused = [done](const absl::StatusOr<Acted>& acted) { done(acted.status()); };
  // What was answered before is answered alike, whatever the list is by now.
  const bool again = !request.options().validate_only() && StoredAnswer(*action).has_value();
  if (again) return ActivateLexicon(action, response, done);
  absl::StatusOr<std::string> source =
      lexicons_.Whole(call.principal.name, request.upload(), request.source(), core_->NowUs());
  if (!source.ok()) return Refuse(action, source.status(), refused);
  core_->LookAtLexicon(
      false, WithGlance(done, [this, action, &request, source = *std::move(source), response, done,
                               refused](const Glance& seen) {
        const auto begin = std::chrono::steady_clock::now();
        const std::string& active = seen.lexicon.lists.operators;
        const std::string& etag = request.options().etag();
        if (!etag.empty() && etag != active) {
          return Refuse(action,
                        RefusalStatus(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                                      "the list was changed meanwhile: look at it again",
                                      {{"etag", etag}, {"actual", active}}),
                        refused);
        }
        const auto base = lexicons_.Operators(active);
        if (!base.ok()) return done(base.status());
        const LexiconWish wish{.add = &request.add(),
                               .remove = &request.remove(),
                               .source = source,
                               .file = request.file(),
                               .replace = request.replace()};
        const absl::StatusOr<text::OperatorList> list = ChangeList(
            **base, wish,
            {action->call.principal.name, request.options().reason(), DayAt(seen, core_->NowUs())});
        if (!list.ok()) return Refuse(action, list.status(), refused);
        const LexiconDifference difference = Difference(**base, *list);
        // Compiled for its promises only; without any, what follows compiles it once.
        const absl::StatusOr<text::OperatorList> file = ListInFile(wish);
        if (!file.ok()) return Refuse(action, file.status(), refused);
        std::vector<std::string> broken;
        if (Promises(*list) || Promises(*file)) {
          const text::Screeners compiled = Compile(*list);
          broken = Broken(*file, compiled);
          if (broken.empty()) broken = Broken(*list, compiled);
        }
        if (!broken.empty()) return Refuse(action, LexiconRefused(broken.front()), refused);
        response->set_entry_count(static_cast<std::int32_t>(list->entries().size()));
        response->set_added_count(difference.added);
        response->set_removed_count(difference.removed);
        AddPlanLine("entries", std::to_string((*base)->entries().size()),
                    std::to_string(list->entries().size()), response->mutable_lines());
        for (const std::string& change : difference.named) {
          const bool added = change.front() == '+';
          AddPlanLine("entry", added ? "" : change, added ? change : "", response->mutable_lines());
        }
        if (request.options().validate_only()) {
          response->set_dry_run(true);
          return done(absl::OkStatus());
        }
        v1::ActivateLexicon& activate = *action->command.mutable_activate_lexicon();
        const std::string text = list->ToText();
        // Stored and compiled before its activation is journalled: the engine must find it
        // at once.
        if (!text.empty()) {
          const absl::StatusOr<std::string> stored = store_->PutArtefact(text);
          if (!stored.ok()) return done(stored.status());
          activate.set_artefact(*stored);
        }
        LexiconArtefacts lists = seen.lexicon.lists;
        lists.operators = activate.artefact();
        if (artefacts_->Lexicon(lists).names == nullptr) {
          return done(absl::InternalError("a list that compiled does not compile"));
        }
        const auto took = std::chrono::steady_clock::now() - begin;
        *response->mutable_build_duration() = google::protobuf::Duration();
        const std::int64_t took_us =
            std::chrono::duration_cast<std::chrono::microseconds>(took).count();
        response->mutable_build_duration()->set_seconds(took_us / kSecondUs);
        response->mutable_build_duration()->set_nanos(
            static_cast<std::int32_t>(took_us % kSecondUs * 1000));
        activate.set_base_artefact(active);
        activate.set_entry_count(response->entry_count());
        activate.set_added_count(difference.added);
        activate.set_removed_count(difference.removed);
        for (const std::string& change : difference.named)
          activate.add_changes(change);
        activate.set_rescreen(!request.skip_rescreen());
        *activate.mutable_options() = request.options();
        ActivateLexicon(action, response, done);
      }));
}

void Desk::ActivateLexicon(const ActionPtr& action, v1::ChangeLexiconResponse* response,
                           const Done& done) {
  Act(action, [this, action, response, done](const absl::StatusOr<Acted>& acted) {
    if (!acted.ok()) return done(acted.status());
    response->set_journal_position(acted->response.journal_position());
    response->set_artefact(action->command.activate_lexicon().artefact());
    if (!acted->repeat) return done(absl::OkStatus());
    const absl::StatusOr<v1::Command> first = ReadCommand(store_, acted->position);
    if (!first.ok()) return done(first.status());
    const v1::ActivateLexicon& activated = first->activate_lexicon();
    response->set_artefact(activated.artefact());
    response->set_entry_count(activated.entry_count());
    response->set_added_count(activated.added_count());
    response->set_removed_count(activated.removed_count());
    done(absl::OkStatus());
  });
}

void Desk::RescreenNames(const Call& call, const v1::RescreenNamesRequest& request,
                         v1::ActionResponse* response, const Done& done) {
  const ActionPtr action = NewAction(call, request, "lexicon");
  *action->command.mutable_start_rescreen()->mutable_options() = request.options();
  Act(action, [response, done](const absl::StatusOr<Acted>& acted) {
    if (acted.ok()) *response = acted->response;
    done(acted.status());
  });
}

}  // namespace hallwarden::daemon
