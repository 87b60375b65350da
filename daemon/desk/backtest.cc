#include "daemon/desk/backtest.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "daemon/desk/recorded_texts.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

// Records read in one go, backwards. The newest count most, so the deadline cuts off the oldest.
constexpr std::uint64_t kWindow = 4096;
constexpr std::size_t kAccountsMax = 100'000;

std::vector<text::TextHit> Screen(const text::Screeners& screeners, const RecordedText& text) {
  if (IsName(text.surface)) {
    return screeners.names == nullptr ? std::vector<text::TextHit>()
                                      : screeners.names->Screen(text.words);
  }
  return screeners.chat == nullptr ? std::vector<text::TextHit>()
                                   : screeners.chat->Screen(text.words);
}

class Run {
 public:
  Run(storage::Store* store, const text::Screeners& before, const text::Screeners& after,
      const BacktestOptions& options, v1::BacktestLexiconResponse* response)
      : store_(store), before_(before), after_(after), options_(options), response_(response) {}

  absl::Status Do() {
    std::uint64_t end = store_->last_position() + 1;
    response_->set_last_position(static_cast<std::int64_t>(end - 1));
    response_->set_first_position(static_cast<std::int64_t>(end));
    while (end > 1 && !Over()) {
      const std::uint64_t begin = end > kWindow ? end - kWindow : 1;
      if (absl::Status status = Window(begin, end); !status.ok()) return status;
      if (reached_) break;
      end = begin;
    }
    response_->set_complete(!late_);
    response_->set_account_count(static_cast<std::int64_t>(accounts_.size()));
    if (first_us_ != 0) SetTimestamp(first_us_, response_->mutable_first_time());
    return absl::OkStatus();
  }

 private:
  // True when time is up or nobody waits any more.
  bool Over() {
    late_ = late_ || std::chrono::steady_clock::now() - begin_ >= options_.deadline ||
            (options_.cancelled && options_.cancelled());
    return late_;
  }

  absl::Status Window(std::uint64_t begin, std::uint64_t end) {
    std::vector<storage::JournalEntry> entries;
    absl::Status status = store_->ScanJournal(begin, [&](const storage::StoredGroup& group) {
      for (const storage::JournalEntry& entry : group.entries) {
        if (entry.position >= begin && entry.position < end) entries.push_back(entry);
      }
      return group.entries.back().position + 1 < end;
    });
    if (!status.ok()) return status;
    for (auto it = entries.rbegin(); it != entries.rend(); ++it) {
      if (it->commit_us < options_.since_us) {
        reached_ = true;
        return absl::OkStatus();
      }
      // Unsealing costs microseconds, reading the clock nanoseconds.
      if (Over()) return absl::OkStatus();
      response_->set_first_position(static_cast<std::int64_t>(it->position));
      first_us_ = it->commit_us;
      std::vector<RecordedText> texts;
      if (status = TextsOf(store_, *it, &texts); !status.ok()) return status;
      for (const RecordedText& text : texts)
        Judge(text);
    }
    return absl::OkStatus();
  }

  void Judge(const RecordedText& text) {
    response_->set_text_count(response_->text_count() + 1);
    if (text.erased) {
      response_->set_erased_count(response_->erased_count() + 1);
      return;
    }
    const std::vector<text::TextHit> now = Screen(after_, text);
    const std::vector<text::TextHit> was = Screen(before_, text);
    const v1::TextVerdict after = VerdictOf(now);
    const v1::TextVerdict before = VerdictOf(was);
    if (after < before) response_->set_cleared_count(response_->cleared_count() + 1);
    if (after > before) {
      response_->set_hit_count(response_->hit_count() + 1);
      if (after == v1::TEXT_VERDICT_ACT) response_->set_act_count(response_->act_count() + 1);
      if (accounts_.size() < kAccountsMax) accounts_.insert(text.account);
    }
    if (after == before ||
        static_cast<std::size_t>(response_->samples_size()) >= options_.samples) {
      return;
    }
    v1::BacktestSample& sample = *response_->add_samples();
    sample.set_account(text.account);
    const std::string_view surface = text::SurfaceName(text.surface);
    sample.set_surface(surface.data(), surface.size());
    sample.set_text(text.words);
    SetTimestamp(text.event_us, sample.mutable_event_time());
    sample.set_journal_position(static_cast<std::int64_t>(text.position));
    sample.set_before(before);
    sample.set_after(after);
    // What is cleared is shown by what it was hit by.
    const bool names = IsName(text.surface);
    const text::Screeners& asked = after > before ? after_ : before_;
    const std::vector<text::TextHit>& hits = after > before ? now : was;
    DescribeHit(names ? asked.names->lexicon() : asked.chat->lexicon(), hits.front(), names,
                sample.mutable_match());
  }

  storage::Store* const store_;
  const text::Screeners& before_;
  const text::Screeners& after_;
  const BacktestOptions& options_;
  v1::BacktestLexiconResponse* const response_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  absl::flat_hash_set<std::string> accounts_;
  std::int64_t first_us_ = 0;
  bool late_ = false;
  bool reached_ = false;
};

v1::LexiconSeverity SeverityOf(text::Severity severity) {
  switch (severity) {
    case text::Severity::kPlain:
      return v1::LEXICON_SEVERITY_PLAIN;
    case text::Severity::kReview:
      return v1::LEXICON_SEVERITY_REVIEW;
    case text::Severity::kNote:
      break;
  }
  return v1::LEXICON_SEVERITY_NOTE;
}

}  // namespace

v1::TextVerdict VerdictOf(const std::vector<text::TextHit>& hits) {
  if (hits.empty()) return v1::TEXT_VERDICT_CLEAN;
  switch (hits.front().severity) {
    case text::Severity::kPlain:
      return v1::TEXT_VERDICT_ACT;
    case text::Severity::kReview:
      return v1::TEXT_VERDICT_QUEUE;
    case text::Severity::kNote:
      break;
  }
  return v1::TEXT_VERDICT_NOTE;
}

void DescribeHit(const text::Lexicon& list, const text::TextHit& hit, bool names,
                 v1::TextMatch* match) {
  const std::string_view category = text::CategoryName(hit.category);
  match->set_category(category.data(), category.size());
  match->set_pattern(hit.entry);
  match->set_severity(SeverityOf(hit.severity));
  match->set_reading(hit.reading);
  match->set_span_begin(static_cast<std::int32_t>(hit.begin));
  match->set_span_end(static_cast<std::int32_t>(hit.end));
  match->set_disguised(hit.disguised);
  if (hit.entry_id >= list.entries().size()) return;
  const text::LexiconEntry& entry = list.entries()[hit.entry_id];
  match->set_operators(entry.own);
  if (entry.own) return;
  const text::OperatorEntry own{
      names ? text::OperatorSurface::kNames : text::OperatorSurface::kChat, entry};
  match->set_entry("lexiconEntries/" + own.Id());
}

absl::Status Backtest(storage::Store* store, const text::Screeners& before,
                      const text::Screeners& after, const BacktestOptions& options,
                      v1::BacktestLexiconResponse* response) {
  return Run(store, before, after, options, response).Do();
}

}  // namespace hallwarden::daemon
