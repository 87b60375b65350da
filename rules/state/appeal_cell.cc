#include "rules/state/appeal_cell.h"

#include <algorithm>
#include <limits>

#include "rules/state/codec.h"
#include "rules/state/time.h"

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
  if (value > std::numeric_limits<std::uint32_t>::max()) in->Fail();
  return static_cast<std::uint32_t>(value);
}

constexpr std::uint8_t kEnglish = 1;
constexpr std::uint8_t kOverdue = 2;
constexpr std::uint8_t kToldWaiting = 4;
constexpr std::uint8_t kFromServer = 8;
constexpr std::uint8_t kNoticeSent = 16;
constexpr std::uint8_t kAllFlags = 31;

std::uint8_t FlagsOf(const AppealMark& mark) {
  return static_cast<std::uint8_t>((mark.english ? kEnglish : 0) | (mark.overdue ? kOverdue : 0) |
                                   (mark.told_waiting ? kToldWaiting : 0) |
                                   (mark.from_server ? kFromServer : 0) |
                                   (mark.notice_sent ? kNoticeSent : 0));
}

void SetFlags(std::uint8_t flags, Reader* in, AppealMark* mark) {
  if (flags > kAllFlags) in->Fail();
  mark->english = (flags & kEnglish) != 0;
  mark->overdue = (flags & kOverdue) != 0;
  mark->told_waiting = (flags & kToldWaiting) != 0;
  mark->from_server = (flags & kFromServer) != 0;
  mark->notice_sent = (flags & kNoticeSent) != 0;
}

void EncodeMark(const AppealMark& mark, Writer* out) {
  out->Bytes(mark.id);
  out->Bytes(mark.sanction);
  for (const int value : {static_cast<int>(mark.kind), static_cast<int>(mark.state),
                          static_cast<int>(mark.side), static_cast<int>(mark.verdict),
                          static_cast<int>(mark.obstacle), static_cast<int>(mark.holder_role)}) {
    out->Varint(static_cast<std::uint64_t>(value));
  }
  out->Byte(FlagsOf(mark));
  for (const std::uint32_t value :
       {mark.revision, mark.messages, mark.player_messages, mark.notices}) {
    out->Varint(value);
  }
  for (const std::int64_t value :
       {mark.create_us, mark.due_us, mark.first_answer_us, mark.end_us}) {
    out->Signed(value);
  }
  for (const std::string* text :
       {&mark.submitter, &mark.notice_zh, &mark.notice_en, &mark.holder}) {
    out->Bytes(*text);
  }
  out->Signed(mark.claim_us);
  out->Signed(mark.lease_end_us);
}

void DecodeMark(Reader* in, AppealMark* mark) {
  mark->id = in->Bytes();
  mark->sanction = in->Bytes();
  mark->kind = ReadEnum<v1::AppealKind>(in, v1::AppealKind_MAX);
  mark->state = ReadEnum<v1::AppealState>(in, v1::AppealState_MAX);
  mark->side = ReadEnum<v1::AppealSide>(in, v1::AppealSide_MAX);
  mark->verdict = ReadEnum<v1::AppealVerdict>(in, v1::AppealVerdict_MAX);
  mark->obstacle = ReadEnum<v1::AppealObstacle>(in, v1::AppealObstacle_MAX);
  mark->holder_role = ReadEnum<v1::Role>(in, v1::Role_MAX);
  SetFlags(in->Byte(), in, mark);
  for (std::uint32_t* value :
       {&mark->revision, &mark->messages, &mark->player_messages, &mark->notices}) {
    *value = Read32(in);
  }
  for (std::int64_t* value :
       {&mark->create_us, &mark->due_us, &mark->first_answer_us, &mark->end_us}) {
    *value = in->Signed();
  }
  for (std::string* text : {&mark->submitter, &mark->notice_zh, &mark->notice_en, &mark->holder}) {
    *text = in->Bytes();
  }
  mark->claim_us = in->Signed();
  mark->lease_end_us = in->Signed();
}

}  // namespace

AppealMark* AppealCell::Find(std::string_view id) {
  const auto found = std::find_if(appeals.begin(), appeals.end(),
                                  [&](const AppealMark& mark) { return mark.id == id; });
  return found == appeals.end() ? nullptr : &*found;
}

AppealMark* AppealCell::FindOpen(std::string_view sanction) {
  const auto found = std::find_if(appeals.begin(), appeals.end(), [&](const AppealMark& mark) {
    return mark.state == v1::APPEAL_STATE_OPEN && mark.sanction == sanction;
  });
  return found == appeals.end() ? nullptr : &*found;
}

std::int64_t AppealCell::SubmittedBack(std::uint32_t count) const {
  return count > appeals.size() ? 0 : appeals[appeals.size() - count].create_us;
}

std::uint32_t AppealCell::DecidedAgainst(std::string_view sanction) const {
  return static_cast<std::uint32_t>(
      std::count_if(appeals.begin(), appeals.end(), [&](const AppealMark& mark) {
        return mark.state == v1::APPEAL_STATE_DECIDED && mark.sanction == sanction;
      }));
}

std::int64_t AppealCell::LastDecided(std::string_view sanction) const {
  std::int64_t last = 0;
  for (const AppealMark& mark : appeals) {
    if (mark.state == v1::APPEAL_STATE_DECIDED && mark.sanction == sanction) last = mark.end_us;
  }
  return last;
}

void AppealCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Varint(appeals.size());
  for (const AppealMark& mark : appeals)
    EncodeMark(mark, &writer);
}

bool AppealCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  if (in.Byte() != kVersion) return false;
  const std::uint64_t count = in.Varint();
  if (count > kListMax || count > in.left()) return false;
  appeals.assign(static_cast<std::size_t>(count), AppealMark());
  for (AppealMark& mark : appeals)
    DecodeMark(&in, &mark);
  return in.done();
}

}  // namespace hallwarden
