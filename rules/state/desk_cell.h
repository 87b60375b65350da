// What the rules keep of an account for the desk: how its cases stand in the queue, and what it
// reported about others. Lies beside its AccountCell, under the same id: together they are one
// entity.
#ifndef HALLWARDEN_RULES_STATE_DESK_CELL_H_
#define HALLWARDEN_RULES_STATE_DESK_CELL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/case.pb.h"
#include "hallwarden/v1/sanction.pb.h"

#include "rules/base/siphash.h"

namespace hallwarden {

// Somebody of a case's ring, besides the account of the case.
struct DeskMember {
  std::string account;
  bool spared = false;  // decided: has no part in it
};

// The way of one case through the queue. What it is about stands in the account's CaseMark of the
// same id; the whole case is in the store.
struct DeskCase {
  static constexpr std::size_t kMembersMax = 64;
  static constexpr std::size_t kReportersMax = 20;
  static constexpr std::uint32_t kNotesMax = 100;
  static constexpr std::uint32_t kLogMax = 500;

  std::string id;  // cs_...
  v1::CaseKind kind = v1::CASE_KIND_MISCONDUCT;
  v1::CaseState state = v1::CASE_STATE_OPEN;
  v1::Severity severity = v1::SEVERITY_UNSPECIFIED;  // the gravest so far
  std::uint8_t least_role = 0;                       // v1::Role
  bool overdue = false;
  std::uint32_t reports = 0;
  std::uint32_t report_weight = 0;  // reliabilities of the first kReportersMax, in thousandths
  std::uint32_t notes = 0;
  std::uint32_t log = 0;
  std::int64_t create_us = 0;
  std::int64_t due_us = 0;
  std::int64_t close_us = 0;
  std::int64_t first_claim_us = 0;
  std::int64_t gold = 0;
  std::int64_t evidence_milli = 0;
  // The claim; holder empty: nobody's.
  std::string holder;
  std::string assigned_by;
  std::int64_t claim_us = 0;
  std::int64_t lease_end_us = 0;
  // The referral; department empty: none.
  std::string department;
  std::string waits_for;
  std::string referred_by;
  std::uint8_t referred_role = 0;
  std::int64_t refer_us = 0;
  std::int64_t until_us = 0;
  // What it is about besides kind and offence: tells two complaints of one account apart.
  Hash128 matter;
  std::string merged_into;  // id
  std::vector<DeskMember> ring;
  std::vector<std::string> reporters;
};

// A report of this account about another, kept for a day so that it counts once.
struct RecentReport {
  Hash128 target;
  std::uint8_t category = 0;
  std::int64_t report_us = 0;
};

// What this account reported, and what came of it.
struct ReporterMark {
  static constexpr std::size_t kRecentMax = 32;

  std::int64_t hour = 0;  // commit time / 1 h
  std::uint32_t in_hour = 0;
  std::int64_t day = 0;
  std::uint32_t in_day = 0;
  std::uint32_t founded = 0;
  std::uint32_t unfounded = 0;
  std::vector<RecentReport> recent;
};

// One report about this account that has no case yet.
struct WaitingReport {
  std::string reporter;
  std::uint8_t category = 0;
  std::uint32_t reliability = 0;  // in thousandths
  std::int64_t report_us = 0;
  std::uint64_t position = 0;  // its record; the words stay there
  std::string hand;
};

struct DeskCell {
  // Reports that wait longer than this for others of their kind are forgotten.
  static constexpr std::int64_t kWaitUs = 7LL * 86'400'000'000;
  static constexpr std::size_t kWaitingMax = 40;

  std::vector<DeskCase> cases;  // oldest first, none is ever removed: timers know their places
  ReporterMark reporter;
  std::vector<WaitingReport> waiting;  // oldest first

  // Null if there is none of this id.
  [[nodiscard]] DeskCase* FindCase(std::string_view id);

  void Encode(std::string* out) const;
  // False if the bytes are no cell of a version that this build knows.
  [[nodiscard]] bool Decode(std::string_view bytes);
};

}  // namespace hallwarden

#endif  // HALLWARDEN_RULES_STATE_DESK_CELL_H_
