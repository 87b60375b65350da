// What the desk did, counted.
#ifndef HALLWARDEN_DAEMON_DESK_DESK_FIGURES_H_
#define HALLWARDEN_DAEMON_DESK_DESK_FIGURES_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "hallwarden/v1/case.pb.h"
#include "hallwarden/v1/policy.pb.h"
#include "hallwarden/v1/sanction.pb.h"
#include "hallwarden/v1/stats_service.pb.h"

#include "storage/store.h"

namespace hallwarden::daemon {

// Feed it every notable posting of a time, in order, with the case or sanction that it names as it
// stands now, then ask. Not thread-safe.
class DeskFigures {
 public:
  static constexpr int kPartnersMax = 1'000;
  static constexpr int kHardCasesMax = 100;

  // Postings that say nothing about the desk's work need no case and no sanction.
  [[nodiscard]] static bool IsOfCase(const Posting& posting);
  [[nodiscard]] static bool IsOfSanction(const Posting& posting);
  [[nodiscard]] static bool IsOfAppeal(const Posting& posting);

  void AddCase(const storage::StoredPosting& posting, const v1::Case& item);
  // `partners`: the register's rows of its account.
  void AddSanction(const storage::StoredPosting& posting, const v1::Sanction& sanction,
                   const std::vector<v1::PartnerSpan>& partners);
  void AddAppeal(const storage::StoredPosting& posting, const v1::Appeal& appeal);
  // A case that waits for people now.
  void AddWaiting(const v1::Case& item);
  // So many appeals are not over now.
  void AddWaitingAppeals(int count);

  // All lists and totals. With `only` not empty, of the people only that one.
  void Fill(const std::string& only, v1::DeskReport* report);

 private:
  using Waits = std::vector<std::int64_t>;  // microseconds
  struct Cases {
    v1::CaseFigures figures;
    Waits first_claim;
    Waits closing;
  };
  struct Person {
    v1::PersonFigures figures;
    Waits closing;
  };

  // Changes the figures of the kind and those of all kinds.
  template <class Change>
  void ForKind(v1::CaseKind kind, const Change& change);
  Person& PersonOf(const std::string& principal);
  void Opened(const v1::Case& item);
  void Closed(const storage::StoredPosting& posting, const v1::Case& item);
  void Complained(const v1::Case& item);
  void Imposed(const v1::Sanction& sanction, const std::vector<v1::PartnerSpan>& partners);
  void Lifted(const storage::StoredPosting& posting, const v1::Sanction& sanction);
  void AppealDecided(const storage::StoredPosting& posting, const v1::Appeal& appeal);

  // In order, so that equal answers are equal byte for byte. kind 0: all together.
  std::map<int, Cases> kinds_;
  std::map<std::string, v1::RuleFigures> rules_;
  std::map<std::string, Person> people_;
  std::map<int, v1::ComplaintFigures> complaints_;
  std::map<std::string, v1::HardCase> hard_;
  std::vector<v1::PartnerSanction> partners_;
  std::set<std::string> sanctioned_;
  v1::AppealFigures appeals_;
  Waits appeal_answers_;
  Waits appeal_decisions_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_DESK_FIGURES_H_
