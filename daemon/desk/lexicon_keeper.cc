#include "daemon/desk/lexicon_keeper.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "daemon/desk/lexicon_change.h"
#include "daemon/desk/recorded_texts.h"
#include "daemon/log.h"
#include "rules/engine/step.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

v1::Command OwnCommand() {
  v1::Command command;
  *command.mutable_actor() = MachineActor();
  return command;
}

bool Matters(const std::vector<text::NameHit>& hits) {
  return !hits.empty() && hits.front().severity != text::Severity::kNote;
}

// A name that the list before found the same fault with was judged by it.
bool IsNews(const std::vector<text::NameHit>& now, const std::vector<text::NameHit>& was) {
  return !Matters(was) || was.front().severity != now.front().severity ||
         was.front().category != now.front().category || was.front().entry != now.front().entry;
}

}  // namespace

LexiconKeeper::LexiconKeeper(const Parts& parts, const Options& options)
    : parts_(parts), options_(options), thread_([this] { Run(); }) {}

LexiconKeeper::~LexiconKeeper() {
  {
    const MutexLock lock(&mutex_);
    stopping_ = true;
    wake_.NotifyAll();
  }
  thread_.join();
}

bool LexiconKeeper::stopping() {
  const MutexLock lock(&mutex_);
  return stopping_;
}

bool LexiconKeeper::Rest(std::chrono::microseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  const MutexLock lock(&mutex_);
  while (!stopping_ && std::chrono::steady_clock::now() < until) {
    wake_.WaitFor(&mutex_, std::chrono::duration_cast<std::chrono::microseconds>(
                               until - std::chrono::steady_clock::now()));
  }
  return !stopping_;
}

absl::StatusOr<Glance> LexiconKeeper::Look() {
  struct Answer {
    Mutex mutex;
    CondVar came;
    std::optional<absl::StatusOr<Glance>> glance HW_GUARDED_BY(mutex);
  };
  const auto answer = std::make_shared<Answer>();
  parts_.core->LookAtLexicon(false, [answer](const absl::StatusOr<Glance>& glance) {
    const MutexLock lock(&answer->mutex);
    answer->glance = glance;
    answer->came.NotifyAll();
  });
  const MutexLock lock(&answer->mutex);
  while (!answer->glance.has_value())
    answer->came.Wait(&answer->mutex);
  return *std::move(answer->glance);
}

void LexiconKeeper::Submit(v1::Command command) {
  {
    const MutexLock lock(&mutex_);
    while (in_flight_ >= options_.in_flight)
      wake_.Wait(&mutex_);
    ++in_flight_;
  }
  parts_.core->SubmitCommand(std::move(command), [this](const CommandOutcome& outcome) {
    const MutexLock lock(&mutex_);
    --in_flight_;
    if (!outcome.status.ok() && failed_.ok()) failed_ = outcome.status;
    wake_.NotifyAll();
  });
}

absl::Status LexiconKeeper::Settle() {
  const MutexLock lock(&mutex_);
  while (in_flight_ > 0)
    wake_.Wait(&mutex_);
  return std::exchange(failed_, absl::OkStatus());
}

void LexiconKeeper::Run() {
  bool alarmed = false;
  while (Rest(options_.every)) {
    bool more = true;
    while (more && !stopping()) {
      const auto begin = std::chrono::steady_clock::now();
      const absl::StatusOr<Glance> seen = Look();
      absl::Status status = seen.status();
      more = false;
      if (status.ok()) status = DropExpired(*seen);
      if (status.ok()) {
        const absl::StatusOr<bool> again = Rescreen(*seen);
        status = again.status();
        more = again.ok() && *again;
      }
      // Tried again with the next look; said once, since the reason seldom goes in half a second.
      if (!status.ok() && !alarmed && !stopping()) {
        Log(LogLevel::kError, absl::StrCat("ALARM lexicon: ", status.ToString()));
      }
      alarmed = !status.ok();
      const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
          std::chrono::steady_clock::now() - begin);
      if (more && !Rest(took * options_.rest_percent / 100)) return;
    }
  }
}

absl::StatusOr<bool> LexiconKeeper::Rescreen(const Glance& seen) {
  const v1::RescreenStatus& job = seen.lexicon.rescreen;
  const bool due = job.running() && job.artefact() == seen.lexicon.lists.operators &&
                   seen.lexicon.names != nullptr;
  if (!due) return false;
  LexiconArtefacts before = seen.lexicon.lists;
  before.operators = seen.lexicon.rescreen_base;
  const text::Screeners base = parts_.artefacts->Lexicon(before);
  if (base.names == nullptr) return absl::InternalError("the list before cannot be used");
  const auto first = static_cast<std::uint64_t>(job.cursor_position()) + 1;
  const auto end = static_cast<std::uint64_t>(job.end_position());
  const std::uint64_t last = std::min(first + options_.piece, end);  // one past the piece
  std::vector<RecordedText> texts;
  absl::Status bad;
  absl::Status status =
      first >= last ? absl::OkStatus()
                    : parts_.store->ScanJournal(first, [&](const storage::StoredGroup& group) {
                        for (const storage::JournalEntry& entry : group.entries) {
                          if (entry.position < first || entry.position >= last || !bad.ok())
                            continue;
                          bad = TextsOf(parts_.store, entry, &texts);
                        }
                        return bad.ok() && group.entries.back().position + 1 < last;
                      });
  if (status.ok()) status = bad;
  if (!status.ok()) return status;
  std::int64_t screened = 0;
  std::int64_t findings = 0;
  for (const RecordedText& text : texts) {
    if (!IsName(text.surface) || text.erased) continue;
    ++screened;
    const std::vector<text::NameHit> now = seen.lexicon.names->Screen(text.words);
    if (!Matters(now) || !IsNews(now, base.names->Screen(text.words))) continue;
    v1::Command command = OwnCommand();
    command.set_target_account(text.account);
    v1::RescreenName& name = *command.mutable_rescreen_name();
    name.set_realm(text.realm);
    const std::string_view surface = text::SurfaceName(text.surface);
    name.set_surface(surface.data(), surface.size());
    name.set_name_position(static_cast<std::int64_t>(text.position));
    name.set_text(text.words);
    name.set_server(text.server);
    Submit(std::move(command));
    ++findings;
  }
  // Progress behind the findings: what it says is done is durable.
  if (status = Settle(); !status.ok()) return status;
  v1::Command command = OwnCommand();
  v1::RescreenProgress& progress = *command.mutable_rescreen_progress();
  progress.set_artefact(job.artefact());
  progress.set_cursor_position(
      static_cast<std::int64_t>(std::max(last, first) - (first >= last ? 0 : 1)));
  progress.set_screened_count(screened);
  progress.set_finding_count(findings);
  progress.set_done(last >= end);
  Submit(std::move(command));
  if (status = Settle(); !status.ok()) return status;
  return last < end;
}

// What is over leaves through the journal like every change, so a replay at any other time decides
// alike. Until then, half a second into the day at most, it counts.
absl::Status LexiconKeeper::DropExpired(const Glance& seen) {
  const std::string& active = seen.lexicon.lists.operators;
  const std::int64_t offset = seen.policy == nullptr ? 0 : seen.policy->utc_offset_us();
  const auto day = static_cast<std::int32_t>((parts_.core->NowUs() + offset) / kDayUs);
  if (active.empty() || (expired_day_ == day && expired_artefact_ == active)) {
    return absl::OkStatus();
  }
  const auto list = parts_.artefacts->LoadOperators(active);
  if (!list.ok()) return list.status();
  const std::optional<text::OperatorList> rest = (*list)->Without(day);
  if (rest.has_value()) {
    const LexiconDifference difference = Difference(**list, *rest);
    v1::Command command = OwnCommand();
    v1::ActivateLexicon& activate = *command.mutable_activate_lexicon();
    if (const std::string text = rest->ToText(); !text.empty()) {
      const absl::StatusOr<std::string> stored = parts_.store->PutArtefact(text);
      if (!stored.ok()) return stored.status();
      activate.set_artefact(*stored);
    }
    LexiconArtefacts lists = seen.lexicon.lists;
    lists.operators = activate.artefact();
    if (parts_.artefacts->Lexicon(lists).names == nullptr) {
      return absl::InternalError("the list without its expired entries does not compile");
    }
    activate.set_base_artefact(active);
    activate.set_entry_count(static_cast<std::int32_t>(rest->entries().size()));
    activate.set_removed_count(difference.removed);
    for (const std::string& change : difference.named)
      activate.add_changes(change);
    // Fewer deny entries find nothing new; fewer allow entries may.
    activate.set_rescreen(true);
    activate.mutable_options()->set_request_id(
        absl::StrCat("expire-", day, "-", active.substr(0, 12)));
    activate.mutable_options()->set_reason("last day over");
    Submit(std::move(command));
    if (absl::Status status = Settle(); !status.ok()) return status;
  }
  expired_day_ = day;
  expired_artefact_ = active;
  return absl::OkStatus();
}

}  // namespace hallwarden::daemon
