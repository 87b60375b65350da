// Who changes the banks of pictures.
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "rules/engine/bank_entity.h"
#include "rules/state/bank_cells.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

using avatar::Bank;

constexpr int kEntriesMax = 1000;
constexpr std::size_t kBankNameMax = 32;
constexpr std::size_t kReasonMax = 200;

Outcome Invalid(std::string reason, std::string message, int index) {
  return Refuse(Code::kInvalidArgument, std::move(reason),
                "entry " + std::to_string(index + 1) + ": " + std::move(message),
                {{"entry", std::to_string(index + 1)}});
}

bool IsBankName(std::string_view name) {
  if (name.empty() || name.size() > kBankNameMax) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

Outcome CheckEntry(const v1::BankEntry& entry, int index) {
  const auto hash = avatar::FromBytes(entry.pdq_hash());
  if (!hash.has_value() || !avatar::Plausible(*hash)) {
    return Invalid("BAD_HASH",
                   "pdq_hash is none of a picture: 32 bytes, about half of their bits set", index);
  }
  if (!IsBankName(entry.bank())) {
    return Invalid("BAD_BANK", "bank needs a name of 1 to 32 of [a-z0-9_-]", index);
  }
  if (entry.kind() != v1::BANK_KIND_BLOCK && entry.kind() != v1::BANK_KIND_ALLOW) {
    return Invalid("BANK_KIND_REQUIRED", "say whether the picture is blocked or allowed", index);
  }
  if (entry.kind() == v1::BANK_KIND_BLOCK && (entry.category() == v1::TEXT_CATEGORY_UNSPECIFIED ||
                                              !v1::TextCategory_IsValid(entry.category()))) {
    return Invalid("CATEGORY_REQUIRED", "say what the blocked picture is about", index);
  }
  if (!v1::Confidence_IsValid(entry.confidence())) {
    return Invalid("BAD_CONFIDENCE", "confidence is none that is known", index);
  }
  if (entry.pdq_quality() != 0 && entry.pdq_quality() < avatar::kMatchQuality) {
    return Invalid("LOW_QUALITY",
                   "quality " + std::to_string(entry.pdq_quality()) +
                       ": pictures below 50 hold too little to tell them apart",
                   index);
  }
  if (entry.reason().size() > kReasonMax) {
    return Invalid("REASON_TOO_LONG", "reason has more than 200 bytes", index);
  }
  return std::nullopt;
}

// A change on its way: where each entry goes.
struct Placed {
  Bank::Slot slot = 0;
  bool replaces = false;
};

Outcome Place(const Bank& bank, const v1::AddBankEntriesRequest& request,
              std::vector<Placed>* placed) {
  std::set<std::pair<v1::BankKind, std::string>> seen;
  std::size_t added = 0;
  for (int i = 0; i < request.entries_size(); ++i) {
    const v1::BankEntry& entry = request.entries(i);
    if (Outcome bad = CheckEntry(entry, i); bad.has_value()) return bad;
    if (!seen.emplace(entry.kind(), entry.pdq_hash()).second) {
      return Invalid("DUPLICATE_ENTRY", "the same picture stands in the request twice", i);
    }
    const auto slot = bank.Find(entry.kind(), *avatar::FromBytes(entry.pdq_hash()));
    placed->push_back({slot.value_or(0), slot.has_value()});
    if (!slot.has_value()) ++added;
  }
  if (bank.size() + added > avatar::kBankEntriesMax) {
    const std::string most = std::to_string(avatar::kBankEntriesMax);
    return Refuse(Code::kFailedPrecondition, "BANKS_FULL",
                  "the banks hold " + std::to_string(bank.size()) + " of at most " + most +
                      " entries: remove some first",
                  {{"entries", std::to_string(bank.size())}, {"most", most}});
  }
  const std::vector<Bank::Slot> free = bank.FreeSlots(added);
  auto next = free.begin();
  for (Placed& place : *placed) {
    if (!place.replaces) place.slot = *next++;
  }
  return std::nullopt;
}

BankPageCell::Entry MakeEntry(const CommandContext& context, const v1::BankEntry& entry) {
  BankPageCell::Entry made;
  made.hash = entry.pdq_hash();
  made.kind = entry.kind();
  made.category = entry.category();
  made.confidence =
      entry.confidence() == v1::CONFIDENCE_UNSPECIFIED ? v1::CONFIDENCE_REVIEW : entry.confidence();
  made.quality = static_cast<std::uint8_t>(std::clamp(entry.pdq_quality(), 0, 100));
  made.bank = entry.bank();
  made.reason =
      entry.reason().empty() ? context.options.reason().substr(0, kReasonMax) : entry.reason();
  made.principal = context.actor().principal();
  made.role = context.actor().role();
  made.create_us = context.step.now_us;
  made.expire_us = entry.has_expire_time() ? TimestampUs(entry.expire_time()) : 0;
  return made;
}

avatar::BankPicture PictureOf(const BankPageCell::Entry& entry) {
  return {*avatar::FromBytes(entry.hash),
          entry.kind,
          entry.category,
          entry.confidence,
          entry.expire_us,
          entry.bank};
}

std::string Count(std::uint64_t entries, std::uint64_t revision) {
  return std::to_string(entries) + " entries, revision " + std::to_string(revision);
}

// What the audit and the answer tell of a change.
void Tell(CommandContext* context, const BankCell& before, std::uint32_t entries) {
  context->before = Count(before.entries, before.revision);
  context->after = Count(entries, before.revision + 1);
  context->Plan("entries", Same(std::to_string(before.entries)), Same(std::to_string(entries)));
  PostSystem(*context, PostingDetail::kBankChanged, "banks", entries);
}

// Whom a blocking entry is too near to: the allowing one wins, which is worth knowing beforehand.
void TellNeighbours(CommandContext* context, const v1::BankEntry& entry) {
  const Bank& bank = *context->step.bank;
  const auto [allowed, blocked] = bank.Best(avatar::TurnHash(*avatar::FromBytes(entry.pdq_hash())),
                                            avatar::kMatchDistance, context->step.now_us);
  const auto& hit = entry.kind() == v1::BANK_KIND_ALLOW ? blocked : allowed;
  if (!hit.has_value()) return;
  const avatar::BankPicture& near = *bank.At(hit->slot);
  const std::string name = avatar::BankEntryName(near.kind, near.hash);
  const std::string bits = std::to_string(hit->distance);
  context->Plan("near", {},
                Both("与 " + name + " 相差 " + bits + " 位；两者都匹配时以允许的为准",
                     bits + " bits from " + name + "; where both match, the allowing one wins"));
}

}  // namespace

Outcome AddBankEntries(CommandContext* context, const v1::AddBankEntriesRequest& request) {
  const Step& step = context->step;
  if (request.entries().empty() || request.entries_size() > kEntriesMax) {
    return Refuse(Code::kInvalidArgument, "BAD_COUNT", "1 to 1000 entries in a call",
                  {{"entries", std::to_string(request.entries_size())}});
  }
  std::vector<Placed> placed;
  if (Outcome bad = Place(*step.bank, request, &placed); bad.has_value()) return bad;
  BankCell& root = step.cells->banks().Mutable(BankKey().id);
  const auto replaced = static_cast<std::uint32_t>(std::count_if(
      placed.begin(), placed.end(), [](const Placed& place) { return place.replaces; }));
  const auto added = static_cast<std::uint32_t>(placed.size()) - replaced;
  Tell(context, root, root.entries + added);
  context->Plan("replaced", {}, Same(std::to_string(replaced)));
  if (request.entries_size() == 1) {
    const v1::BankEntry& entry = request.entries(0);
    context->resource = avatar::BankEntryName(entry.kind(), *avatar::FromBytes(entry.pdq_hash()));
    context->Plan("entry", {}, Same(context->resource));
    TellNeighbours(context, entry);
  }
  if (step.rehearsal) return std::nullopt;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    const Bank::Slot slot = placed[i].slot;
    const std::uint32_t number = slot / BankPageCell::kSlots;
    BankPageCell& page = step.cells->bank_pages().Mutable(BankPageKey(number).id);
    const std::size_t place = slot % BankPageCell::kSlots;
    if (page.entries.size() <= place) page.entries.resize(place + 1);
    BankPageCell::Entry made = MakeEntry(*context, request.entries(static_cast<int>(i)));
    if (placed[i].replaces) {
      made.hits = page.entries[place].hits;
      made.last_hit_us = page.entries[place].last_hit_us;
    }
    step.bank->Put(slot, PictureOf(made));
    page.entries[place] = std::move(made);
    root.pages = std::max(root.pages, number + 1);
  }
  root.entries += added;
  ++root.revision;
  return std::nullopt;
}

Outcome RemoveBankEntries(CommandContext* context, const v1::RemoveBankEntriesRequest& request) {
  const Step& step = context->step;
  if (request.names().empty() || request.names_size() > kEntriesMax) {
    return Refuse(Code::kInvalidArgument, "BAD_COUNT", "1 to 1000 entries in a call",
                  {{"entries", std::to_string(request.names_size())}});
  }
  std::set<Bank::Slot> slots;
  for (const std::string& name : request.names()) {
    const auto named = avatar::ParseBankEntryName(name);
    const auto slot = named.has_value() ? step.bank->Find(named->kind, named->hash) : std::nullopt;
    if (!slot.has_value()) {
      return Refuse(Code::kNotFound, "NOT_FOUND", "no such entry: " + name, {{"name", name}});
    }
    slots.insert(*slot);
  }
  BankCell& root = step.cells->banks().Mutable(BankKey().id);
  const auto removed = static_cast<std::uint32_t>(slots.size());
  Tell(context, root, root.entries - std::min(root.entries, removed));
  if (request.names_size() == 1) context->resource = request.names(0);
  if (step.rehearsal) return std::nullopt;
  for (const Bank::Slot slot : slots) {
    BankPageCell& page =
        step.cells->bank_pages().Mutable(BankPageKey(slot / BankPageCell::kSlots).id);
    page.entries[slot % BankPageCell::kSlots] = {};
    step.bank->Erase(slot);
  }
  root.entries -= std::min(root.entries, removed);
  ++root.revision;
  return std::nullopt;
}

}  // namespace hallwarden
