#include "rules/state/cells.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rules/state/account_cell.h"
#include "rules/state/appeal_cell.h"
#include "rules/state/bank_cells.h"
#include "rules/state/codec.h"
#include "rules/state/desk_cell.h"
#include "rules/state/lexicon_cells.h"
#include "rules/state/play_cell.h"
#include "rules/state/small_cells.h"
#include "rules/state/trail_cell.h"

namespace hallwarden {
namespace {

// Part of nothing stored: it only spreads the digest.
constexpr SipKey kDigestKey{0x6469676573740000ULL, 0x63656c6c73000000ULL};

// Reads one kind of cell from the source.
class KindReader : public CellReader {
 public:
  KindReader(CellSource* source, CellKind kind) : source_(source), kind_(kind) {}

  std::optional<std::string> Read(const Hash128& id) override {
    if (source_ == nullptr) return std::nullopt;
    std::vector<std::string> encoded;
    const EntityKey key{kind_, id};
    source_->Load({&key, 1}, &encoded);
    if (encoded.empty() || encoded.front().empty()) return std::nullopt;
    return std::move(encoded.front());
  }

 private:
  CellSource* source_;
  CellKind kind_;
};

}  // namespace

class Cells::Impl {
 public:
  Impl(CellSource* source, std::size_t cells_max)
      : source_(source),
        cells_max_(cells_max),
        account_reader_(source, CellKind::kAccount),
        ip_reader_(source, CellKind::kIp),
        device_reader_(source, CellKind::kDevice),
        text_reader_(source, CellKind::kText),
        server_reader_(source, CellKind::kServer),
        rule_reader_(source, CellKind::kRule),
        system_reader_(source, CellKind::kSystem),
        play_reader_(source, CellKind::kPlay),
        service_reader_(source, CellKind::kService),
        caused_reader_(source, CellKind::kCaused),
        bank_reader_(source, CellKind::kBank),
        bank_page_reader_(source, CellKind::kBankPage),
        lexicon_reader_(source, CellKind::kLexicon),
        desk_reader_(source, CellKind::kDesk),
        trail_reader_(source, CellKind::kTrail),
        appeal_reader_(source, CellKind::kAppeal),
        accounts_(&account_reader_),
        ips_(&ip_reader_),
        devices_(&device_reader_),
        texts_(&text_reader_),
        servers_(&server_reader_),
        rules_(&rule_reader_),
        system_(&system_reader_),
        plays_(&play_reader_),
        services_(&service_reader_),
        caused_(&caused_reader_),
        banks_(&bank_reader_),
        bank_pages_(&bank_page_reader_),
        lexicon_hits_(&lexicon_reader_),
        desks_(&desk_reader_),
        trails_(&trail_reader_),
        appeals_(&appeal_reader_) {}

  // Calls `use` with the table of this kind; kinds that have no cells yet are left out.
  template <class Use>
  void With(CellKind kind, const Use& use) {
    switch (kind) {
      case CellKind::kAccount:
        return use(&accounts_);
      case CellKind::kIp:
        return use(&ips_);
      case CellKind::kDevice:
        return use(&devices_);
      case CellKind::kText:
        return use(&texts_);
      case CellKind::kServer:
        return use(&servers_);
      case CellKind::kRule:
        return use(&rules_);
      case CellKind::kSystem:
        return use(&system_);
      case CellKind::kPlay:
        return use(&plays_);
      case CellKind::kService:
        return use(&services_);
      case CellKind::kCaused:
        return use(&caused_);
      case CellKind::kBank:
        return use(&banks_);
      case CellKind::kBankPage:
        return use(&bank_pages_);
      case CellKind::kLexicon:
        return use(&lexicon_hits_);
      case CellKind::kDesk:
        return use(&desks_);
      case CellKind::kTrail:
        return use(&trails_);
      case CellKind::kAppeal:
        return use(&appeals_);
      case CellKind::kPair:
      case CellKind::kTable:
        return;
    }
  }

  // Calls `visit` with every table, in the order of their kinds.
  template <class Visit>
  void ForEach(const Visit& visit) {
    visit(CellKind::kAccount, &accounts_);
    visit(CellKind::kIp, &ips_);
    visit(CellKind::kDevice, &devices_);
    visit(CellKind::kText, &texts_);
    visit(CellKind::kServer, &servers_);
    visit(CellKind::kRule, &rules_);
    visit(CellKind::kSystem, &system_);
    visit(CellKind::kPlay, &plays_);
    visit(CellKind::kService, &services_);
    visit(CellKind::kCaused, &caused_);
    visit(CellKind::kBank, &banks_);
    visit(CellKind::kBankPage, &bank_pages_);
    visit(CellKind::kLexicon, &lexicon_hits_);
    visit(CellKind::kTrail, &trails_);
    visit(CellKind::kDesk, &desks_);
    visit(CellKind::kAppeal, &appeals_);
  }

  CellSource* source_;
  std::size_t cells_max_;
  KindReader account_reader_;
  KindReader ip_reader_;
  KindReader device_reader_;
  KindReader text_reader_;
  KindReader server_reader_;
  KindReader rule_reader_;
  KindReader system_reader_;
  KindReader play_reader_;
  KindReader service_reader_;
  KindReader caused_reader_;
  KindReader bank_reader_;
  KindReader bank_page_reader_;
  KindReader lexicon_reader_;
  KindReader desk_reader_;
  KindReader trail_reader_;
  KindReader appeal_reader_;
  CellTable<AccountCell> accounts_;
  CellTable<OriginCell> ips_;
  CellTable<OriginCell> devices_;
  CellTable<TextCell> texts_;
  CellTable<ServerCell> servers_;
  CellTable<RuleCell> rules_;
  CellTable<SystemCell> system_;
  CellTable<PlayCell> plays_;
  CellTable<ServiceCell> services_;
  CellTable<CausedCell> caused_;
  CellTable<BankCell> banks_;
  CellTable<BankPageCell> bank_pages_;
  CellTable<LexiconHitsCell> lexicon_hits_;
  CellTable<DeskCell> desks_;
  CellTable<TrailCell> trails_;
  CellTable<AppealCell> appeals_;
};

Cells::Cells(CellSource* source, std::size_t cells_max)
    : impl_(std::make_unique<Impl>(source, cells_max)) {}
Cells::~Cells() = default;

CellTable<AccountCell>& Cells::accounts() {
  return impl_->accounts_;
}
CellTable<OriginCell>& Cells::ips() {
  return impl_->ips_;
}
CellTable<OriginCell>& Cells::devices() {
  return impl_->devices_;
}
CellTable<TextCell>& Cells::texts() {
  return impl_->texts_;
}
CellTable<ServerCell>& Cells::servers() {
  return impl_->servers_;
}
CellTable<RuleCell>& Cells::rules() {
  return impl_->rules_;
}
CellTable<SystemCell>& Cells::system() {
  return impl_->system_;
}
CellTable<PlayCell>& Cells::plays() {
  return impl_->plays_;
}
CellTable<ServiceCell>& Cells::services() {
  return impl_->services_;
}
CellTable<CausedCell>& Cells::caused() {
  return impl_->caused_;
}
CellTable<BankCell>& Cells::banks() {
  return impl_->banks_;
}
CellTable<BankPageCell>& Cells::bank_pages() {
  return impl_->bank_pages_;
}
CellTable<LexiconHitsCell>& Cells::lexicon_hits() {
  return impl_->lexicon_hits_;
}
CellTable<DeskCell>& Cells::desks() {
  return impl_->desks_;
}
CellTable<TrailCell>& Cells::trails() {
  return impl_->trails_;
}
CellTable<AppealCell>& Cells::appeals() {
  return impl_->appeals_;
}

void Cells::Prefetch(std::span<const EntityKey> keys) {
  // Three rounds, so that the memory of many cells is on its way at the same time: where they lie,
  // the cells, and what the cells of accounts point to.
  for (const EntityKey& key : keys) {
    impl_->With(key.kind, [&](auto* table) { table->PrefetchIndex(key.id); });
  }
  std::vector<EntityKey> missing;
  for (const EntityKey& key : keys) {
    impl_->With(key.kind, [&](auto* table) {
      if (!table->PrefetchCell(key.id)) missing.push_back(key);
    });
  }
  for (const EntityKey& key : keys) {
    if (key.kind != CellKind::kAccount) continue;
    const AccountCell* cell = impl_->accounts_.Peek(key.id);
    if (cell != nullptr) __builtin_prefetch(cell->presences.block());
  }
  if (impl_->source_ == nullptr || missing.empty()) return;
  std::sort(missing.begin(), missing.end());
  missing.erase(std::unique(missing.begin(), missing.end()), missing.end());
  std::vector<std::string> encoded;
  impl_->source_->Load(missing, &encoded);
  for (std::size_t i = 0; i < missing.size() && i < encoded.size(); ++i) {
    (void)Insert(missing[i], encoded[i]);
  }
}

bool Cells::Insert(const EntityKey& key, std::string_view encoded) {
  bool good = true;
  impl_->With(key.kind, [&](auto* table) { good = table->Insert(key.id, encoded); });
  return good;
}

CellCut Cells::Freeze() {
  CellCut cut;
  impl_->ForEach([&](CellKind kind, auto* table) {
    cut.parts.push_back(CellCut::Part{kind, table->Freeze()});
  });
  return cut;
}

void Cells::EncodeFrozen(CellKind kind, std::span<const FrozenCell> cells,
                         std::vector<EncodedCell>* out) {
  impl_->With(kind, [&](auto* table) {
    table->EncodeFrozen(cells, [&](const Hash128& id, std::string bytes) {
      out->push_back(EncodedCell{EntityKey{kind, id}, std::move(bytes)});
    });
  });
}

void Cells::TakeEarly(std::vector<EncodedCell>* out) {
  impl_->ForEach([&](CellKind kind, auto* table) {
    table->TakeEarly([&](const Hash128& id, std::string bytes) {
      out->push_back(EncodedCell{EntityKey{kind, id}, std::move(bytes)});
    });
  });
}

void Cells::DropFrozen() {
  impl_->ForEach([](CellKind, auto* table) { table->DropFrozen(); });
}

void Cells::Thaw(const CellCut& cut) {
  for (const CellCut::Part& part : cut.parts) {
    impl_->With(part.kind, [&](auto* table) { table->Thaw(part.cells); });
  }
}

bool Cells::frozen() const {
  return impl_->accounts_.frozen();
}

std::vector<EncodedCell> Cells::TakeDirty() {
  const CellCut cut = Freeze();
  std::vector<EncodedCell> cells;
  cells.reserve(cut.size());
  for (const CellCut::Part& part : cut.parts) {
    const std::vector<FrozenCell> listed(part.cells.begin(), part.cells.end());
    EncodeFrozen(part.kind, listed, &cells);
  }
  DropFrozen();
  std::sort(cells.begin(), cells.end(),
            [](const EncodedCell& a, const EncodedCell& b) { return a.key < b.key; });
  return cells;
}

void Cells::Evict() {
  if (impl_->cells_max_ == 0 || impl_->source_ == nullptr || frozen()) return;
  // Names, devices and addresses are asked for when somebody registers or renames; accounts with
  // every event.
  for (const CellKind kind :
       {CellKind::kTrail, CellKind::kBankPage, CellKind::kDesk, CellKind::kAppeal,
        CellKind::kCaused, CellKind::kLexicon, CellKind::kText, CellKind::kDevice, CellKind::kIp,
        CellKind::kPlay, CellKind::kAccount, CellKind::kServer, CellKind::kService, CellKind::kRule,
        CellKind::kBank, CellKind::kSystem}) {
    const std::size_t all = size();
    if (all <= impl_->cells_max_) return;
    impl_->With(kind, [&](auto* table) { table->Evict(all - impl_->cells_max_); });
  }
}

void Cells::BeginRehearsal() {
  impl_->ForEach([](CellKind, auto* table) { table->BeginRehearsal(); });
}

void Cells::DiscardRehearsal() {
  impl_->ForEach([](CellKind, auto* table) { table->DiscardRehearsal(); });
}

std::uint64_t Cells::Digest() {
  std::string all;
  Writer writer(&all);
  impl_->ForEach([&](CellKind kind, auto* table) {
    table->VisitAll([&](const Hash128& id, const std::string& bytes) {
      writer.Byte(static_cast<std::uint8_t>(kind));
      writer.Hash(id);
      writer.Bytes(bytes);
    });
  });
  return SipHash64(kDigestKey, all);
}

std::size_t Cells::size() const {
  std::size_t total = 0;
  impl_->ForEach([&](CellKind, auto* table) { total += table->size(); });
  return total;
}

std::size_t Cells::dirty() const {
  std::size_t total = 0;
  impl_->ForEach([&](CellKind, auto* table) { total += table->dirty(); });
  return total;
}

}  // namespace hallwarden
