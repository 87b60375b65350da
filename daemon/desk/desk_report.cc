// The desk's figures, read from the store.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "daemon/desk/desk.h"
#include "daemon/desk/desk_figures.h"
#include "daemon/desk/desk_util.h"
#include "daemon/desk/journal_walk.h"
#include "daemon/desk/shape.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

constexpr std::int64_t kDeadlineDefaultUs = 10 * kSecondUs;
constexpr std::int64_t kDeadlineMostUs = 60 * kSecondUs;
constexpr std::size_t kFeedPage = 1'000;
constexpr std::size_t kQueuePage = 1'000;
constexpr int kWaitingMax = 100'000;

// Reads until the deadline, or until nobody waits any more.
class Reading {
 public:
  Reading(storage::Store* store, const Call& call, std::int64_t deadline_us)
      : store_(store),
        call_(call),
        end_(std::chrono::steady_clock::now() + std::chrono::microseconds(deadline_us)) {}

  [[nodiscard]] bool TimeIsUp() const {
    return std::chrono::steady_clock::now() >= end_ || (call_.cancelled && call_.cancelled());
  }

  // Everything notable from `place` on, before `until_us`.
  absl::Status Feed(std::uint64_t position, std::int64_t until_us, DeskFigures* figures,
                    v1::DeskReport* report) {
    std::uint32_t ordinal = 0;
    while (true) {
      const absl::StatusOr<std::vector<storage::StoredPosting>> page =
          store_->ReadFeed(position, ordinal, kFeedPage);
      if (!page.ok()) return page.status();
      for (const storage::StoredPosting& posting : *page) {
        if (posting.commit_us >= until_us) return Complete(report);
        if (absl::Status status = Take(posting, figures); !status.ok()) return status;
        SetTimestamp(posting.commit_us, report->mutable_read_until_time());
      }
      if (page->size() < kFeedPage) return Complete(report);
      position = page->back().position;
      ordinal = page->back().ordinal + 1;
      if (TimeIsUp()) return absl::OkStatus();
    }
  }

  absl::Status Queue(DeskFigures* figures) {
    std::string place;
    int read = 0;
    do {
      const absl::StatusOr<storage::Page<v1::Case>> page = store_->ListQueue(kQueuePage, place);
      if (!page.ok()) return page.status();
      for (const v1::Case& item : page->items)
        figures->AddWaiting(item);
      read += static_cast<int>(page->items.size());
      place = page->next;
    } while (!place.empty() && read < kWaitingMax && !TimeIsUp());
    return absl::OkStatus();
  }

  absl::Status AppealQueue(DeskFigures* figures) {
    std::string place;
    int read = 0;
    do {
      const absl::StatusOr<storage::Page<v1::Appeal>> page =
          store_->ListAppealQueue(kQueuePage, place);
      if (!page.ok()) return page.status();
      read += static_cast<int>(page->items.size());
      place = page->next;
    } while (!place.empty() && read < kWaitingMax && !TimeIsUp());
    figures->AddWaitingAppeals(read);
    return absl::OkStatus();
  }

 private:
  static absl::Status Complete(v1::DeskReport* report) {
    report->set_complete(true);
    return absl::OkStatus();
  }

  absl::Status Take(const storage::StoredPosting& posting, DeskFigures* figures) {
    const std::string& resource = posting.posting.resource;
    if (DeskFigures::IsOfCase(posting.posting)) {
      const absl::StatusOr<v1::Case> item = store_->GetCase(resource);
      if (!item.ok()) return item.status();
      figures->AddCase(posting, *item);
    } else if (DeskFigures::IsOfSanction(posting.posting)) {
      const absl::StatusOr<v1::Sanction> sanction = store_->GetSanction(resource);
      if (!sanction.ok()) return sanction.status();
      const auto partners = store_->Partners(sanction->account());
      if (!partners.ok()) return partners.status();
      figures->AddSanction(posting, *sanction, *partners);
    } else if (DeskFigures::IsOfAppeal(posting.posting)) {
      const absl::StatusOr<v1::Appeal> appeal = store_->GetAppeal(resource);
      if (!appeal.ok()) return appeal.status();
      figures->AddAppeal(posting, *appeal);
    }
    return absl::OkStatus();
  }

  storage::Store* const store_;
  const Call& call_;
  const std::chrono::steady_clock::time_point end_;
};

}  // namespace

void Desk::GetDeskReport(const Call& call, const v1::GetDeskReportRequest& request,
                         v1::DeskReport* response, const Done& done) {
  const std::shared_ptr<void> place = long_reads_.Take();
  if (place == nullptr) return done(TooManyReads());
  const std::int64_t since_us = Micros(request.since_time());
  // Without an end: with what is committed in this very microsecond.
  const std::int64_t until_us = request.has_until_time() ? Micros(request.until_time()) : INT64_MAX;
  SetTimestamp(since_us, response->mutable_since_time());
  SetTimestamp(std::min(until_us, core_->NowUs()), response->mutable_until_time());
  const std::int64_t deadline_us =
      request.has_deadline_duration() ? Micros(request.deadline_duration()) : kDeadlineDefaultUs;
  Reading reading(store_, call, std::min(deadline_us, kDeadlineMostUs));
  DeskFigures figures;
  const absl::StatusOr<JournalPlace> at = FindTime(store_, since_us);
  if (at.ok()) {
    response->set_before_journal(at->before_journal);
    absl::Status status = reading.Feed(at->position, until_us, &figures, response);
    if (!status.ok()) return done(status);
  } else if (!absl::IsNotFound(at.status())) {
    return done(at.status());
  } else {
    response->set_complete(true);
  }
  if (absl::Status status = reading.Queue(&figures); !status.ok()) return done(status);
  if (absl::Status status = reading.AppealQueue(&figures); !status.ok()) return done(status);
  // A GM's colleagues are not his to compare.
  const bool own = call.principal.role == v1::ROLE_GM;
  figures.Fill(own ? call.principal.name : std::string(), response);
  done(absl::OkStatus());
}

}  // namespace hallwarden::daemon
