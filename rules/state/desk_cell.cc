#include "rules/state/desk_cell.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

constexpr std::uint8_t kVersion = 1;
// More of anything than this in one cell is damage, not data.
constexpr std::uint64_t kListMax = 1U << 20;

template <class Enum>
Enum ReadEnum(Reader* in, int max) {
  const std::uint64_t value = in->Varint();
  if (value > static_cast<std::uint64_t>(max)) {
    in->Fail();
    return static_cast<Enum>(0);
  }
  return static_cast<Enum>(value);
}

std::uint32_t Read32(Reader* in) {
  const std::uint64_t value = in->Varint();
  if (value > 0xffffffffULL) in->Fail();
  return static_cast<std::uint32_t>(value);
}

// False if a list of this many items cannot be.
bool ReadCount(Reader* in, std::size_t* count) {
  const std::uint64_t read = in->Varint();
  if (read > kListMax || read > in->left()) {
    in->Fail();
    return false;
  }
  *count = static_cast<std::size_t>(read);
  return true;
}

void Put(const DeskCase& item, Writer* out) {
  out->Bytes(item.id);
  out->Varint(static_cast<std::uint64_t>(item.kind));
  out->Varint(static_cast<std::uint64_t>(item.state));
  out->Varint(static_cast<std::uint64_t>(item.severity));
  out->Byte(item.least_role);
  out->Byte(item.overdue ? 1 : 0);
  for (const std::uint32_t value : {item.reports, item.report_weight, item.notes, item.log}) {
    out->Varint(value);
  }
  for (const std::int64_t value :
       {item.create_us, item.due_us, item.close_us, item.first_claim_us, item.gold,
        item.evidence_milli, item.claim_us, item.lease_end_us, item.refer_us, item.until_us}) {
    out->Signed(value);
  }
  for (const std::string* text : {&item.holder, &item.assigned_by, &item.department,
                                  &item.waits_for, &item.referred_by, &item.merged_into}) {
    out->Bytes(*text);
  }
  out->Byte(item.referred_role);
  out->Hash(item.matter);
  out->Varint(item.ring.size());
  for (const DeskMember& member : item.ring) {
    out->Bytes(member.account);
    out->Byte(member.spared ? 1 : 0);
  }
  out->Varint(item.reporters.size());
  for (const std::string& reporter : item.reporters)
    out->Bytes(reporter);
}

void Get(Reader* in, DeskCase* item) {
  item->id = in->Bytes();
  item->kind = ReadEnum<v1::CaseKind>(in, v1::CaseKind_MAX);
  item->state = ReadEnum<v1::CaseState>(in, v1::CaseState_MAX);
  item->severity = ReadEnum<v1::Severity>(in, v1::Severity_MAX);
  item->least_role = in->Byte();
  item->overdue = in->Byte() != 0;
  for (std::uint32_t* value : {&item->reports, &item->report_weight, &item->notes, &item->log}) {
    *value = Read32(in);
  }
  for (std::int64_t* value :
       {&item->create_us, &item->due_us, &item->close_us, &item->first_claim_us, &item->gold,
        &item->evidence_milli, &item->claim_us, &item->lease_end_us, &item->refer_us,
        &item->until_us}) {
    *value = in->Signed();
  }
  for (std::string* text : {&item->holder, &item->assigned_by, &item->department, &item->waits_for,
                            &item->referred_by, &item->merged_into}) {
    *text = in->Bytes();
  }
  item->referred_role = in->Byte();
  item->matter = in->Hash();
  std::size_t count = 0;
  if (!ReadCount(in, &count)) return;
  item->ring.resize(count);
  for (DeskMember& member : item->ring) {
    member.account = in->Bytes();
    member.spared = in->Byte() != 0;
  }
  if (!ReadCount(in, &count)) return;
  item->reporters.resize(count);
  for (std::string& reporter : item->reporters)
    reporter = in->Bytes();
}

void Put(const ReporterMark& mark, Writer* out) {
  out->Signed(mark.hour);
  out->Signed(mark.day);
  for (const std::uint32_t value : {mark.in_hour, mark.in_day, mark.founded, mark.unfounded}) {
    out->Varint(value);
  }
  out->Varint(mark.recent.size());
  for (const RecentReport& report : mark.recent) {
    out->Hash(report.target);
    out->Byte(report.category);
    out->Signed(report.report_us);
  }
}

void Get(Reader* in, ReporterMark* mark) {
  mark->hour = in->Signed();
  mark->day = in->Signed();
  for (std::uint32_t* value : {&mark->in_hour, &mark->in_day, &mark->founded, &mark->unfounded}) {
    *value = Read32(in);
  }
  std::size_t count = 0;
  if (!ReadCount(in, &count)) return;
  mark->recent.resize(count);
  for (RecentReport& report : mark->recent) {
    report.target = in->Hash();
    report.category = in->Byte();
    report.report_us = in->Signed();
  }
}

void Put(const WaitingReport& report, Writer* out) {
  out->Bytes(report.reporter);
  out->Byte(report.category);
  out->Varint(report.reliability);
  out->Signed(report.report_us);
  out->Varint(report.position);
  out->Bytes(report.hand);
}

void Get(Reader* in, WaitingReport* report) {
  report->reporter = in->Bytes();
  report->category = in->Byte();
  report->reliability = Read32(in);
  report->report_us = in->Signed();
  report->position = in->Varint();
  report->hand = in->Bytes();
}

}  // namespace

DeskCase* DeskCell::FindCase(std::string_view id) {
  for (DeskCase& item : cases) {
    if (item.id == id) return &item;
  }
  return nullptr;
}

void DeskCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(cases.size());
  for (const DeskCase& item : cases)
    Put(item, &writer);
  Put(reporter, &writer);
  writer.Varint(waiting.size());
  for (const WaitingReport& report : waiting)
    Put(report, &writer);
}

bool DeskCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  *this = DeskCell();
  std::size_t count = 0;
  if (!ReadCount(&in, &count)) return false;
  cases.resize(count);
  for (DeskCase& item : cases)
    Get(&in, &item);
  Get(&in, &reporter);
  if (!ReadCount(&in, &count)) return false;
  waiting.resize(count);
  for (WaitingReport& report : waiting)
    Get(&in, &report);
  return in.done();
}

}  // namespace hallwarden
