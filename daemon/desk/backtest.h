// Whom a change of the word lists would have hit in the recorded past.
#ifndef HALLWARDEN_DAEMON_DESK_BACKTEST_H_
#define HALLWARDEN_DAEMON_DESK_BACKTEST_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "hallwarden/v1/text_service.pb.h"

#include "absl/status/status.h"
#include "rules/text/operator_list.h"
#include "storage/store.h"

namespace hallwarden::daemon {

struct BacktestOptions {
  std::int64_t since_us = 0;  // commit time; 0: everything
  std::chrono::milliseconds deadline{3000};
  std::size_t samples = 20;
  // Asked now and then; true ends it early. May be empty.
  std::function<bool()> cancelled;
};

// Judges names and chat of the journal, newest first, by both and tells where `after` is stronger
// or weaker than `before`. Takes at most the deadline and says how far it came; reads a snapshot
// and holds nobody up. Errors of the store. Blocks.
[[nodiscard]] absl::Status Backtest(storage::Store* store, const text::Screeners& before,
                                    const text::Screeners& after, const BacktestOptions& options,
                                    v1::BacktestLexiconResponse* response);

// What hits mean, strongest first.
[[nodiscard]] v1::TextVerdict VerdictOf(const std::vector<text::TextHit>& hits);

// A hit as people see it. `list`: the one that was asked.
void DescribeHit(const text::Lexicon& list, const text::TextHit& hit, bool names,
                 v1::TextMatch* match);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_BACKTEST_H_
