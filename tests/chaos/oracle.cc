#include "tests/chaos/oracle.h"

#include <algorithm>
#include <set>
#include <variant>

#include "daemon/journal_reader.h"
#include "daemon/replay.h"

namespace hallwarden::chaos {
namespace {

constexpr std::size_t kWrongMax = 40;
constexpr std::size_t kPage = 500;

std::int64_t Us(const google::protobuf::Timestamp& t) {
  return t.seconds() * 1'000'000 + t.nanos() / 1000;
}

RefRestrictions RestrictionsIn(
    const google::protobuf::RepeatedPtrField<v1::Restriction>& restrictions) {
  RefRestrictions all;
  for (const v1::Restriction& r : restrictions) {
    all[r.capability()] = r.permanent() ? kRefForever : Us(r.until_time());
  }
  return all;
}

std::string Words(const RefRestrictions& restrictions) {
  std::string words;
  for (const auto& [capability, until] : restrictions) {
    words += " " + std::to_string(capability) +
             (until == kRefForever ? " for ever" : " until " + std::to_string(until));
  }
  return words.empty() ? " nothing" : words;
}

std::string ActionOf(const v1::Directive& directive) {
  switch (directive.action_case()) {
    case v1::Directive::kWarn:
      return "warn";
    case v1::Directive::kSetRestrictions:
      return "set_restrictions";
    case v1::Directive::kResetNickname:
      return "reset_nickname";
    default:
      return "another action";
  }
}

}  // namespace

Oracle::Oracle(std::string directory, RefPolicy policy, bool exact_timers)
    : directory_(std::move(directory)),
      reference_(std::move(policy), exact_timers,
                 [this](const char* kind, std::uint64_t position, const std::string& account) {
                   if (std::string_view(kind) == "cases") return case_names_[account];
                   return sanction_names_[{position, account}];
                 }) {}

void Oracle::Say(std::string what) {
  if (wrong_.size() < kWrongMax) wrong_.push_back(std::move(what));
}

bool Oracle::Ok(const absl::Status& status, const char* what) {
  if (status.ok()) return true;
  Say(std::string(what) + ": " + status.ToString());
  return false;
}

std::vector<std::string> Oracle::Check(const std::vector<ServerView>& servers,
                                       const std::vector<GmAnswer>& answers, bool full) {
  wrong_.clear();
  ++counts_.checks;
  storage::StoreOptions options;
  options.directory = directory_;
  options.read_only = true;
  absl::StatusOr<std::unique_ptr<storage::Store>> store = storage::Store::Open(options);
  if (!Ok(store.status(), "the store does not open")) return wrong_;
  store_ = *std::move(store);
  std::map<std::string, const ServerView*> by_name;
  for (const ServerView& view : servers)
    by_name[view.name] = &view;
  LoadNames();
  const std::size_t faults = reference_.faults().size();
  Fold(by_name);
  for (std::size_t i = faults; i < reference_.faults().size(); ++i)
    Say(reference_.faults()[i]);
  CheckSources(servers);
  CheckSanctions(full);
  CheckCases();
  CheckOutboxes(servers);
  CheckGate();
  CheckTimers();
  CheckAudit();
  CheckAnswers(answers);
  store_.reset();
  counts_.sanctions = static_cast<std::int64_t>(reference_.sanctions().size());
  counts_.cases = static_cast<std::int64_t>(reference_.cases().size());
  counts_.timers_fired = reference_.timers_fired();
  return wrong_;
}

// Names of sanctions that were imposed since the last check, and of every case.
void Oracle::LoadNames() {
  std::string page;
  bool old = false;
  do {
    absl::StatusOr<storage::Page<v1::Sanction>> got = store_->ListSanctions("", kPage, page);
    if (!Ok(got.status(), "list sanctions")) return;
    for (const v1::Sanction& s : got->items) {
      const auto position = static_cast<std::uint64_t>(s.journal_position());
      old = old || position <= folded_;
      std::string& name = sanction_names_[{position, s.account()}];
      if (!name.empty() && name != s.name()) {
        Say("two sanctions of one record: " + name + " and " + s.name());
      }
      name = s.name();
    }
    page = got->next;
  } while (!page.empty() && !old);
  page.clear();
  do {
    absl::StatusOr<storage::Page<v1::Case>> got = store_->ListCases("", false, kPage, page);
    if (!Ok(got.status(), "list cases")) return;
    for (const v1::Case& opened : got->items)
      case_names_[opened.account()] = opened.name();
    page = got->next;
  } while (!page.empty());
}

// ---- journal ------------------------------------------------------------------------------------

void Oracle::Fold(const std::map<std::string, const ServerView*>& servers) {
  const absl::Status scanned =
      store_->ScanJournal(folded_ + 1, [&](const storage::StoredGroup& group) {
        FoldGroup(group, servers);
        return wrong_.size() < kWrongMax;
      });
  Ok(scanned, "read the journal");
  if (folded_ != store_->last_position()) {
    Say("the journal was read up to " + std::to_string(folded_) + ", the store says " +
        std::to_string(store_->last_position()));
  }
}

void Oracle::FoldGroup(const storage::StoredGroup& group,
                       const std::map<std::string, const ServerView*>& servers) {
  for (const storage::JournalEntry& entry : group.entries) {
    if (entry.position <= folded_) continue;
    if (entry.position != folded_ + 1) {
      Say("journal position " + std::to_string(entry.position) + " follows " +
          std::to_string(folded_));
    }
    if (entry.commit_us < commit_us_) {
      Say("commit time goes back at " + std::to_string(entry.position));
    }
    folded_ = entry.position;
    commit_us_ = entry.commit_us;
    ++counts_.records;
    FoldEntry(entry, servers);
  }
}

void Oracle::FoldEntry(const storage::JournalEntry& entry,
                       const std::map<std::string, const ServerView*>& servers) {
  const absl::StatusOr<daemon::ReadRecord> read = daemon::ReadBack(entry, &store_->vault());
  if (!Ok(read.status(), "read a record back")) return;
  const Record& record = read->record;
  const RefRecord ref{entry.position, entry.commit_us, entry.source};
  switch (entry.kind) {
    case RecordKind::kHallEvent: {
      const absl::StatusOr<v1::HallEvent> event = daemon::ReadEventBack(entry, &store_->vault());
      if (!Ok(event.status(), "read an event back")) return;
      CheckEvent(entry, HashOf(event->SerializeAsString()), servers);
      reference_.OnEvent(ref, *event);
      break;
    }
    case RecordKind::kEventRefused:
      CheckEvent(entry, 0, servers);
      reference_.OnEventRefused(ref);
      break;
    case RecordKind::kDirectiveAnswered:
      reference_.OnAnswered(ref, record.As<v1::DirectiveAnswered>());
      break;
    case RecordKind::kCommand:
      reference_.OnCommand(ref, record.As<v1::Command>());
      break;
    case RecordKind::kTimerFired:
      reference_.OnTimer(ref, record.As<v1::TimerFired>());
      break;
    default:
      reference_.OnOther(ref);
      break;
  }
}

void Oracle::CheckEvent(const storage::JournalEntry& entry, std::uint64_t hash,
                        const std::map<std::string, const ServerView*>& servers) {
  ++counts_.events;
  Source& source = sources_[entry.source];
  const std::string where = entry.source + " event " + std::to_string(entry.source_seq) +
                            " at position " + std::to_string(entry.position);
  if (entry.source_seq != source.seq + 1) {
    Say(where + " follows event " + std::to_string(source.seq));
  }
  source.seq = std::max(source.seq, entry.source_seq);
  const auto view = servers.find(entry.source);
  if (view == servers.end()) return Say(where + " is of a server that does not exist");
  if (entry.source_seq == 0 || entry.source_seq > view->second->events.size()) {
    return Say(where + " was never made");
  }
  if (view->second->events[entry.source_seq - 1] != hash) {
    Say(where + " is not what the server sent");
  }
}

void Oracle::CheckSources(const std::vector<ServerView>& servers) {
  const absl::StatusOr<std::vector<storage::SourcePosition>> positions = store_->Sources();
  if (!Ok(positions.status(), "read sources")) return;
  std::map<std::string, std::uint64_t> durable;
  for (const storage::SourcePosition& p : *positions)
    durable[p.source] = p.durable_seq;
  for (const ServerView& view : servers) {
    const std::uint64_t journalled = sources_[view.name].seq;
    if (static_cast<std::uint64_t>(view.acked) > journalled) {
      Say(view.name + ": event " + std::to_string(view.acked) +
          " was acknowledged, the journal ends at " + std::to_string(journalled));
    }
    if (durable[view.name] != journalled) {
      Say(view.name + ": the watermark is " + std::to_string(durable[view.name]) +
          ", the journal ends at " + std::to_string(journalled));
    }
  }
}

// ---- decisions ----------------------------------------------------------------------------------

void Oracle::CheckSanctions(bool full) {
  const std::vector<RefSanction>& want = reference_.sanctions();
  std::map<std::string, const RefSanction*> by_name;
  const std::size_t from = full ? 0 : std::min(sanctions_checked_, want.size());
  for (std::size_t i = from; i < want.size(); ++i) {
    if (want[i].name.empty()) continue;  // said already
    const absl::StatusOr<v1::Sanction> got = store_->GetSanction(want[i].name);
    if (Ok(got.status(), want[i].name.c_str())) CheckSanction(want[i], *got);
  }
  sanctions_checked_ = want.size();
  if (sanction_names_.size() <= want.size()) return;
  for (const RefSanction& s : want)
    by_name[s.name] = &s;
  for (const auto& [place, name] : sanction_names_) {
    if (!name.empty() && !by_name.contains(name)) {
      Say(name + " of " + place.second + " at position " + std::to_string(place.first) +
          " should not exist");
    }
  }
}

void Oracle::CheckSanction(const RefSanction& want, const v1::Sanction& got) {
  std::set<int> capabilities(got.capabilities().begin(), got.capabilities().end());
  std::string differs;
  const auto compare = [&differs](const char* what, std::int64_t wanted, std::int64_t is) {
    if (wanted != is) {
      differs += std::string(" ") + what + " " + std::to_string(is) + " instead of " +
                 std::to_string(wanted);
    }
  };
  compare("kind", want.kind, got.kind());
  compare("rung", want.rung, got.step().to_rung());
  compare("state", want.state, got.state());
  compare("permanent", want.permanent ? 1 : 0, got.permanent() ? 1 : 0);
  compare("machine", want.machine ? 1 : 0, got.actor().machine() ? 1 : 0);
  compare("create_us", want.create_us, Us(got.create_time()));
  compare("end_us", want.end_us, got.has_end_time() ? Us(got.end_time()) : 0);
  compare("seen_us", want.seen_us, got.has_seen_time() ? Us(got.seen_time()) : 0);
  compare("enforced", want.enforced ? 1 : 0, got.enforced() ? 1 : 0);
  compare("disposition", want.disposition, got.lift().disposition());
  if (capabilities != want.capabilities) differs += " other capabilities";
  if (got.account() != want.account) differs += " of account " + got.account();
  if (!differs.empty()) Say(want.name + " of " + want.account + ":" + differs);
}

void Oracle::CheckCases() {
  std::map<std::string, int> want;
  for (const RefCase& c : reference_.cases())
    want[c.account] = c.findings;
  std::string page;
  std::size_t count = 0;
  do {
    absl::StatusOr<storage::Page<v1::Case>> got = store_->ListCases("", false, kPage, page);
    if (!Ok(got.status(), "list cases")) return;
    for (const v1::Case& c : got->items) {
      ++count;
      const auto it = want.find(c.account());
      if (it == want.end()) {
        Say(c.name() + " of " + c.account() + " should not exist");
      } else if (it->second != c.finding_count()) {
        Say(c.name() + " has " + std::to_string(c.finding_count()) + " findings instead of " +
            std::to_string(it->second));
      }
    }
    page = got->next;
  } while (!page.empty());
  if (count != want.size()) {
    Say(std::to_string(count) + " cases instead of " + std::to_string(want.size()));
  }
}

// ---- outboxes -----------------------------------------------------------------------------------

void Oracle::CheckOutboxes(const std::vector<ServerView>& servers) {
  const auto states = store_->Outboxes();
  if (!Ok(states.status(), "read outboxes")) return;
  std::map<std::string, storage::OutboxState> by_name(states->begin(), states->end());
  for (const ServerView& view : servers)
    CheckOutbox(view.name, by_name[view.name], &view);
}

void Oracle::CheckOutbox(const std::string& server, const storage::OutboxState& state,
                         const ServerView* view) {
  const auto it = reference_.directives().find(server);
  static const std::vector<RefDirective> kNone;
  const std::vector<RefDirective>& want = it == reference_.directives().end() ? kNone : it->second;
  const auto last = static_cast<std::int64_t>(want.size());
  if (state.last_directive_seq != last) {
    Say(server + ": " + std::to_string(state.last_directive_seq) + " directives instead of " +
        std::to_string(last));
  }
  if (state.rejected_events != reference_.rejected(server)) {
    Say(server + ": " + std::to_string(state.rejected_events) + " events rejected instead of " +
        std::to_string(reference_.rejected(server)));
  }
  std::set<std::int64_t> open;
  for (std::int64_t seq = 1; seq <= last; ++seq) {
    const RefDirective& d = want[static_cast<std::size_t>(seq) - 1];
    if (d.outcome == v1::DIRECTIVE_OUTCOME_UNSPECIFIED) open.insert(seq);
  }
  std::set<std::int64_t> stored;
  const auto outbox = store_->ReadOutbox(server, 0, 10'000'000);
  if (!Ok(outbox.status(), "read an outbox")) return;
  for (const v1::Directive& d : *outbox)
    stored.insert(d.directive_seq());
  if (stored != open) {
    Say(server + ": " + std::to_string(stored.size()) +
        " directives without an answer instead of " + std::to_string(open.size()));
  }
  if (state.unanswered != static_cast<std::int64_t>(open.size())) {
    Say(server + ": counts " + std::to_string(state.unanswered) + " without an answer instead of " +
        std::to_string(open.size()));
  }
  std::int64_t& checked = directives_checked_[server];
  for (; checked < std::min(last, state.last_directive_seq) && wrong_.size() < kWrongMax; ++checked)
    CheckDirective(server, checked + 1, view);
  for (const auto& [seq, hash] : view->directives) {
    if (seq > state.last_directive_seq) {
      Say(server + " was sent directive " + std::to_string(seq) + ", which is not in the store");
    }
  }
}

void Oracle::CheckDirective(const std::string& server, std::int64_t seq, const ServerView* view) {
  ++counts_.directives;
  const absl::StatusOr<v1::Directive> got = store_->GetDirective(server, seq);
  const std::string what = server + " directive " + std::to_string(seq);
  if (!Ok(got.status(), what.c_str())) return;
  const RefDirective& want = reference_.directives().at(server)[static_cast<std::size_t>(seq) - 1];
  if (got->directive_seq() != seq)
    Say(what + " has number " + std::to_string(got->directive_seq()));
  if (got->account() != want.account || ActionOf(*got) != want.action ||
      got->cause() != want.cause || got->account_revision() != want.account_revision) {
    Say(what + " is " + ActionOf(*got) + " of " + got->account() + " for " + got->cause() +
        " revision " + std::to_string(got->account_revision()) + " instead of " + want.action +
        " of " + want.account + " for " + want.cause + " revision " +
        std::to_string(want.account_revision));
    return;
  }
  const RefRestrictions restrictions = RestrictionsIn(got->set_restrictions().restrictions());
  if (restrictions != want.restrictions) {
    Say(what + " takes" + Words(restrictions) + " instead of" + Words(want.restrictions));
  }
  const auto delivered = view->directives.find(seq);
  if (delivered != view->directives.end() &&
      delivered->second != HashOf(got->SerializeAsString())) {
    Say(what + " in the store is not the one that was sent");
  }
}

// ---- gate, timers, audit, answers ---------------------------------------------------------------

void Oracle::CheckGate() {
  std::size_t count = 0;
  const absl::Status scanned = store_->ScanGate([&](const v1::GateEntry& entry) {
    ++count;
    const auto want = reference_.gate().find(entry.account());
    if (want == reference_.gate().end()) {
      return Say("the gate knows " + entry.account() + ", who never had a restriction");
    }
    const RefRestrictions restrictions = RestrictionsIn(entry.restrictions());
    if (entry.account_revision() != want->second.revision ||
        restrictions != want->second.restrictions) {
      Say("the gate takes" + Words(restrictions) + " from " + entry.account() + " instead of" +
          Words(want->second.restrictions));
    }
  });
  if (!Ok(scanned, "read the gate")) return;
  if (count != reference_.gate().size()) {
    Say("the gate knows " + std::to_string(count) + " accounts instead of " +
        std::to_string(reference_.gate().size()));
  }
}

void Oracle::CheckTimers() {
  const absl::StatusOr<std::vector<Timer>> timers = store_->Timers();
  if (!Ok(timers.status(), "read timers")) return;
  std::set<RefTimer> stored;
  for (const Timer& t : *timers)
    stored.emplace(t.due_us, t.account, t.kind, t.payload);
  if (stored == reference_.timers()) return;
  Say(std::to_string(stored.size()) + " timers are set instead of " +
      std::to_string(reference_.timers().size()) + ", or other ones");
}

void Oracle::CheckAudit() {
  std::map<std::uint64_t, int> stored;
  std::string page;
  bool old = false;
  do {
    auto got = store_->ListAudit({}, kPage, page);
    if (!Ok(got.status(), "list the audit")) return;
    for (const v1::AuditRecord& record : got->items) {
      const auto position = static_cast<std::uint64_t>(record.journal_position());
      old = old || position <= audited_;
      if (position > audited_) ++stored[position];
    }
    page = got->next;
  } while (!page.empty() && !old);
  std::map<std::uint64_t, int> want;
  for (auto it = reference_.audits().upper_bound(audited_); it != reference_.audits().end(); ++it)
    want.insert(*it);
  for (const auto& [position, count] : want) {
    counts_.audits += count;
    if (stored[position] != count) {
      Say("record " + std::to_string(position) + " has " + std::to_string(stored[position]) +
          " audit records instead of " + std::to_string(count));
    }
  }
  for (const auto& [position, count] : stored) {
    if (count != 0 && !want.contains(position)) {
      Say("record " + std::to_string(position) + " has an audit record for nothing");
    }
  }
  audited_ = folded_;
}

void Oracle::CheckAnswers(const std::vector<GmAnswer>& answers) {
  for (std::size_t i = answers_checked_; i < answers.size(); ++i) {
    ++counts_.answers;
    const GmAnswer& answer = answers[i];
    const auto got = store_->FindAnswer(answer.principal, answer.request_id, commit_us_);
    if (!Ok(got.status(), ("the answer to " + answer.request_id).c_str())) continue;
    if (got->answer.response.sanction().name() != answer.sanction ||
        static_cast<std::int64_t>(got->position) != answer.position) {
      Say("request " + answer.request_id + " was answered with " + answer.sanction + " at " +
          std::to_string(answer.position) + ", the store has " +
          got->answer.response.sanction().name() + " at " + std::to_string(got->position));
    }
  }
  answers_checked_ = answers.size();
}

std::vector<std::string> Oracle::Outline() const {
  std::map<std::string, std::string> lines;
  for (const RefSanction& s : reference_.sanctions()) {
    lines[s.account] += " " + std::to_string(s.kind) + ":" + std::to_string(s.rung) + ":" +
                        (s.permanent ? "p" : std::to_string(s.term_us)) + ":" + s.nickname;
  }
  for (const RefCase& c : reference_.cases())
    lines[c.account] += " case:" + std::to_string(c.findings);
  std::vector<std::string> outline;
  outline.reserve(lines.size());
  for (const auto& [account, line] : lines)
    outline.push_back(account + line);
  return outline;
}

}  // namespace hallwarden::chaos
