#include "rules/state/account_cell.h"

#include "rules/state/codec.h"

namespace hallwarden {
namespace {

// A field is only ever added at the end, with a new version. Version 2: after everything else, the
// game servers of the sanctions, in their order. Version 3: the avatar that was claimed, and the
// one to be reset; when the cases were opened, in their order. Version 4: the stream numbers of the
// sessions, in their order, after everything else.
constexpr std::uint8_t kFirstVersion = 1;
constexpr std::uint8_t kWithServers = 2;
constexpr std::uint8_t kWithAvatars = 3;
constexpr std::uint8_t kWithSeats = 4;
constexpr std::uint8_t kVersion = kWithSeats;
// More of anything than this in one cell is damage, not data.
constexpr std::uint64_t kListMax = 1U << 20;

static_assert(sizeof(AccountCell) <= 160, "accounts are many: keep the cell small");

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

void Encode(const SanctionMark& mark, Writer* out) {
  out->Bytes(mark.id);
  out->Varint(static_cast<std::uint64_t>(mark.kind));
  out->Varint(static_cast<std::uint64_t>(mark.state));
  out->Varint(static_cast<std::uint64_t>(mark.offence));
  out->Varint(static_cast<std::uint64_t>(mark.category));
  out->Varint(static_cast<std::uint64_t>(mark.disposition));
  out->Varint(mark.capabilities);
  out->Varint((mark.permanent ? 1U : 0U) | (mark.machine ? 2U : 0U) | (mark.enforced ? 4U : 0U) |
              (mark.silent ? 8U : 0U));
  for (const std::uint32_t value : {mark.rung, mark.revision, mark.deliveries, mark.hands_before}) {
    out->Varint(value);
  }
  for (const std::int64_t value :
       {mark.create_us, mark.start_us, mark.end_us, mark.term_us, mark.seen_us, mark.deadline_us}) {
    out->Signed(value);
  }
  for (const std::string* text :
       {&mark.ladder, &mark.rule, &mark.principal, &mark.not_before_hand, &mark.scope_game,
        &mark.scope_hall, &mark.case_id, &mark.notice_zh, &mark.notice_en}) {
    out->Bytes(*text);
  }
  out->Hash(mark.fingerprint);
  out->Varint(mark.judged_position);
}

void Decode(Reader* in, SanctionMark* mark) {
  mark->id = in->Bytes();
  mark->kind = ReadEnum<v1::SanctionKind>(in, v1::SanctionKind_MAX);
  mark->state = ReadEnum<v1::SanctionState>(in, v1::SanctionState_MAX);
  mark->offence = ReadEnum<v1::Offence>(in, v1::Offence_MAX);
  mark->category = ReadEnum<v1::TextCategory>(in, v1::TextCategory_MAX);
  mark->disposition = ReadEnum<v1::Disposition>(in, v1::Disposition_MAX);
  mark->capabilities = static_cast<std::uint16_t>(in->Varint() & 0xffffU);
  const std::uint64_t flags = in->Varint();
  mark->permanent = (flags & 1U) != 0;
  mark->machine = (flags & 2U) != 0;
  mark->enforced = (flags & 4U) != 0;
  mark->silent = (flags & 8U) != 0;
  for (std::uint32_t* value :
       {&mark->rung, &mark->revision, &mark->deliveries, &mark->hands_before}) {
    *value = Read32(in);
  }
  for (std::int64_t* value : {&mark->create_us, &mark->start_us, &mark->end_us, &mark->term_us,
                              &mark->seen_us, &mark->deadline_us}) {
    *value = in->Signed();
  }
  for (std::string* text :
       {&mark->ladder, &mark->rule, &mark->principal, &mark->not_before_hand, &mark->scope_game,
        &mark->scope_hall, &mark->case_id, &mark->notice_zh, &mark->notice_en}) {
    *text = in->Bytes();
  }
  mark->fingerprint = in->Hash();
  mark->judged_position = in->Varint();
}

void Encode(const CaseMark& mark, Writer* out) {
  out->Bytes(mark.id);
  out->Varint(static_cast<std::uint64_t>(mark.offence));
  out->Varint(static_cast<std::uint64_t>(mark.category));
  out->Varint(static_cast<std::uint64_t>(mark.severity));
  out->Byte(mark.open ? 1 : 0);
  out->Varint(mark.findings);
  out->Varint(mark.revision);
  out->Bytes(mark.rule);
  out->Bytes(mark.hold_id);
  out->Hash(mark.fingerprint);
}

void Decode(Reader* in, CaseMark* mark) {
  mark->id = in->Bytes();
  mark->offence = ReadEnum<v1::Offence>(in, v1::Offence_MAX);
  mark->category = ReadEnum<v1::TextCategory>(in, v1::TextCategory_MAX);
  mark->severity = ReadEnum<v1::Severity>(in, v1::Severity_MAX);
  mark->open = in->Byte() != 0;
  mark->findings = Read32(in);
  mark->revision = Read32(in);
  mark->rule = in->Bytes();
  mark->hold_id = in->Bytes();
  mark->fingerprint = in->Hash();
}

void Encode(const Holder& holder, Writer* out) {
  out->Bytes(holder.server);
  out->Signed(holder.revision);
  out->Byte(holder.restricted ? 1 : 0);
}

void Decode(Reader* in, Holder* holder) {
  holder->server = in->Bytes();
  holder->revision = in->Signed();
  holder->restricted = in->Byte() != 0;
}

void Encode(const AnsweredRequest& request, Writer* out) {
  out->Hash(request.request);
  out->Hash(request.body);
  out->Signed(request.expire_us);
}

void Decode(Reader* in, AnsweredRequest* request) {
  request->request = in->Hash();
  request->body = in->Hash();
  request->expire_us = in->Signed();
}

void Encode(const PartnerMark& mark, Writer* out) {
  out->Bytes(mark.channel);
  out->Signed(mark.begin_us);
  out->Signed(mark.end_us);
}

void Decode(Reader* in, PartnerMark* mark) {
  mark->channel = in->Bytes();
  mark->begin_us = in->Signed();
  mark->end_us = in->Signed();
}

void Encode(const Presence& presence, Writer* out) {
  out->Bytes(presence.server);
  out->Bytes(presence.hall);
  out->Bytes(presence.table);
  out->Bytes(presence.hand);
  out->Signed(presence.since_us);
}

void Encode(const Hash128& hash, Writer* out) {
  out->Hash(hash);
}
void Decode(Reader* in, Hash128* hash) {
  *hash = in->Hash();
}

template <class Item>
void EncodeList(const std::vector<Item>& items, Writer* out) {
  out->Varint(items.size());
  for (const Item& item : items)
    Encode(item, out);
}

template <class Item>
void DecodeList(Reader* in, std::vector<Item>* items) {
  const std::uint64_t count = in->Varint();
  if (count > kListMax || count > in->left()) {
    in->Fail();
    return;
  }
  items->resize(static_cast<std::size_t>(count));
  for (Item& item : *items)
    Decode(in, &item);
}

void EncodePresences(const Presences& presences, Writer* out) {
  out->Varint(presences.size());
  for (const Presence& presence : presences)
    Encode(presence, out);
}

// The numbers of their servers' streams.
void EncodeSeats(const Presences& presences, Writer* out) {
  for (const Presence& presence : presences) {
    out->Varint(presence.since_seq);
    out->Varint(presence.seat_seq);
  }
}

void DecodeSeats(Reader* in, Presences* presences) {
  const Presences read = *presences;
  for (Presence presence : read) {
    presence.since_seq = in->Varint();
    presence.seat_seq = in->Varint();
    if (in->ok()) presences->Put(presence);
  }
}

void DecodePresences(Reader* in, Presences* presences) {
  const std::uint64_t count = in->Varint();
  if (count > kListMax || count > in->left()) {
    in->Fail();
    return;
  }
  for (std::uint64_t i = 0; i < count && in->ok(); ++i) {
    Presence presence;
    presence.server = in->Bytes();
    presence.hall = in->Bytes();
    presence.table = in->Bytes();
    presence.hand = in->Bytes();
    presence.since_us = in->Signed();
    if (in->ok()) presences->Put(presence);
  }
}

void EncodeRest(const AccountRest& rest, Writer* out) {
  EncodeList(rest.sanctions, out);
  EncodeList(rest.cases, out);
  EncodeList(rest.holders, out);
  EncodeList(rest.pardoned, out);
  EncodeList(rest.answered, out);
  EncodeList(rest.partners, out);
  out->Hash(rest.reset_nickname);
  out->Hash(rest.reset_signature);
  out->Signed(rest.account_revision);
  out->Varint(rest.next_ordinal);
  out->Varint(rest.version);
}

void DecodeRest(Reader* in, AccountRest* rest) {
  DecodeList(in, &rest->sanctions);
  DecodeList(in, &rest->cases);
  DecodeList(in, &rest->holders);
  DecodeList(in, &rest->pardoned);
  DecodeList(in, &rest->answered);
  DecodeList(in, &rest->partners);
  rest->reset_nickname = in->Hash();
  rest->reset_signature = in->Hash();
  rest->account_revision = in->Signed();
  rest->next_ordinal = Read32(in);
  rest->version = Read32(in);
}

}  // namespace

AccountCell::AccountCell(const AccountCell& other) {
  *this = other;
}

AccountCell& AccountCell::operator=(const AccountCell& other) {
  if (this == &other) return *this;
  register_us = other.register_us;
  last_event_us = other.last_event_us;
  register_position = other.register_position;
  nickname_position = other.nickname_position;
  signature_position = other.signature_position;
  nickname = other.nickname;
  signature = other.signature;
  ip = other.ip;
  device = other.device;
  hands_played = other.hands_played;
  age_state = other.age_state;
  registered = other.registered;
  presences = other.presences;
  rest = other.rest ? std::make_unique<AccountRest>(*other.rest) : nullptr;
  return *this;
}

AccountRest& AccountCell::Rest() {
  if (!rest) rest = std::make_unique<AccountRest>();
  return *rest;
}

const std::vector<SanctionMark>& AccountCell::Sanctions() const {
  static const std::vector<SanctionMark> kNone;
  return rest ? rest->sanctions : kNone;
}

SanctionMark* AccountCell::FindSanction(std::string_view id) {
  if (!rest) return nullptr;
  for (SanctionMark& mark : rest->sanctions) {
    if (mark.id == id) return &mark;
  }
  return nullptr;
}

CaseMark* AccountCell::FindCase(std::string_view id) {
  if (!rest) return nullptr;
  for (CaseMark& mark : rest->cases) {
    if (mark.id == id) return &mark;
  }
  return nullptr;
}

std::string_view AccountCell::PartnerChannel(std::int64_t at_us) const {
  if (!rest) return {};
  for (const PartnerMark& mark : rest->partners) {
    if (at_us >= mark.begin_us && (mark.end_us == 0 || at_us < mark.end_us)) return mark.channel;
  }
  return {};
}

void AccountCell::Encode(std::string* out) const {
  Writer writer(out);
  writer.Byte(kVersion);
  writer.Byte(static_cast<std::uint8_t>((registered ? 1U : 0U) | (presences.empty() ? 0U : 2U) |
                                        (rest ? 4U : 0U)));
  writer.Signed(register_us);
  writer.Signed(last_event_us);
  writer.Varint(register_position);
  writer.Varint(nickname_position);
  writer.Varint(signature_position);
  for (const Hash128& hash : {nickname, signature, ip, device})
    writer.Hash(hash);
  writer.Varint(hands_played);
  writer.Byte(age_state);
  if (!presences.empty()) EncodePresences(presences, &writer);
  if (rest) {
    EncodeRest(*rest, &writer);
    for (const SanctionMark& mark : rest->sanctions)
      writer.Bytes(mark.server);
    writer.Hash(rest->avatar);
    writer.Hash(rest->reset_avatar);
    for (const CaseMark& mark : rest->cases)
      writer.Signed(mark.create_us);
  }
  EncodeSeats(presences, &writer);
}

bool AccountCell::Decode(std::string_view bytes) {
  Reader in(bytes);
  const std::uint8_t version = in.Byte();
  if (version < kFirstVersion || version > kVersion) return false;
  const std::uint8_t flags = in.Byte();
  registered = (flags & 1U) != 0;
  register_us = in.Signed();
  last_event_us = in.Signed();
  register_position = in.Varint();
  nickname_position = in.Varint();
  signature_position = in.Varint();
  for (Hash128* hash : {&nickname, &signature, &ip, &device})
    *hash = in.Hash();
  hands_played = Read32(&in);
  age_state = in.Byte();
  presences = Presences();
  rest.reset();
  if ((flags & 2U) != 0) DecodePresences(&in, &presences);
  if ((flags & 4U) != 0) {
    DecodeRest(&in, &Rest());
    if (version >= kWithServers) {
      for (SanctionMark& mark : rest->sanctions)
        mark.server = in.Bytes();
    }
    if (version >= kWithAvatars) {
      rest->avatar = in.Hash();
      rest->reset_avatar = in.Hash();
      for (CaseMark& mark : rest->cases)
        mark.create_us = in.Signed();
    }
  }
  if (version >= kWithSeats) DecodeSeats(&in, &presences);
  return in.done();
}

}  // namespace hallwarden
