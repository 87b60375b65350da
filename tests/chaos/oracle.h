// Compares a store at rest with the reference and with what servers and GMs were told.
#ifndef HALLWARDEN_TESTS_CHAOS_ORACLE_H_
#define HALLWARDEN_TESTS_CHAOS_ORACLE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "storage/store.h"
#include "tests/chaos/hash.h"
#include "tests/chaos/reference.h"

namespace hallwarden::chaos {

// What one game server knows for certain.
struct ServerView {
  std::string name;
  // Highest event that was acknowledged to it.
  std::int64_t acked = 0;
  // Hash of event 1, 2, ... as it was made (HashOf); 0: bytes that are no event.
  std::vector<std::uint64_t> events;
  // Directives that reached it, by number: HashOf their bytes.
  std::map<std::int64_t, std::uint64_t> directives;
};

// A call of a GM that was answered.
struct GmAnswer {
  std::string principal;
  std::string request_id;
  std::string sanction;  // sanctions/..., empty if none
  std::int64_t position = 0;
};

struct OracleCounts {
  std::int64_t checks = 0;
  std::int64_t records = 0;
  std::int64_t events = 0;
  std::int64_t sanctions = 0;
  std::int64_t directives = 0;
  std::int64_t cases = 0;
  std::int64_t timers_fired = 0;
  std::int64_t audits = 0;
  std::int64_t answers = 0;
};

class Oracle {
 public:
  // `directory`: of a store that no daemon has open while Check runs.
  Oracle(std::string directory, RefPolicy policy, bool exact_timers);

  // Folds what the journal has got since the last call and compares. `full`: every sanction again,
  // not only those since the last call. Returns what is wrong, in words; empty: nothing.
  std::vector<std::string> Check(const std::vector<ServerView>& servers,
                                 const std::vector<GmAnswer>& answers, bool full);

  [[nodiscard]] const OracleCounts& counts() const { return counts_; }
  [[nodiscard]] const Reference& reference() const { return reference_; }

  // Sanctions and cases without times and names of a store: what two runs are compared by when
  // their servers share nothing. One line each, by account.
  [[nodiscard]] std::vector<std::string> Outline() const;

 private:
  struct Source {
    std::uint64_t seq = 0;
  };

  void Say(std::string what);
  bool Ok(const absl::Status& status, const char* what);
  void LoadNames();
  void Fold(const std::map<std::string, const ServerView*>& servers);
  void FoldGroup(const storage::StoredGroup& group,
                 const std::map<std::string, const ServerView*>& servers);
  void FoldEntry(const storage::JournalEntry& entry,
                 const std::map<std::string, const ServerView*>& servers);
  void CheckEvent(const storage::JournalEntry& entry, std::uint64_t hash,
                  const std::map<std::string, const ServerView*>& servers);
  void CheckSources(const std::vector<ServerView>& servers);
  void CheckSanctions(bool full);
  void CheckSanction(const RefSanction& want, const v1::Sanction& got);
  void CheckCases();
  void CheckOutboxes(const std::vector<ServerView>& servers);
  void CheckOutbox(const std::string& server, const storage::OutboxState& state,
                   const ServerView* view);
  void CheckDirective(const std::string& server, std::int64_t seq, const ServerView* view);
  void CheckGate();
  void CheckTimers();
  void CheckAudit();
  void CheckAnswers(const std::vector<GmAnswer>& answers);

  std::string directory_;
  Reference reference_;
  OracleCounts counts_;
  std::vector<std::string> wrong_;
  std::unique_ptr<storage::Store> store_;
  std::uint64_t folded_ = 0;  // last position
  std::int64_t commit_us_ = 0;
  std::map<std::string, Source> sources_;
  std::map<std::pair<std::uint64_t, std::string>, std::string> sanction_names_;
  std::map<std::string, std::string> case_names_;
  std::size_t sanctions_checked_ = 0;
  std::map<std::string, std::int64_t> directives_checked_;
  std::uint64_t audited_ = 0;
  std::size_t answers_checked_ = 0;
};

}  // namespace hallwarden::chaos

#endif  // HALLWARDEN_TESTS_CHAOS_ORACLE_H_
