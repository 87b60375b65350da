#include "rules/engine/bank_entity.h"

#include <algorithm>
#include <utility>

#include "rules/avatar/avatar_rule.h"
#include "rules/engine/avatar_events.h"
#include "rules/engine/avatar_question.h"
#include "rules/state/bank_cells.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

using avatar::Bank;
using avatar::BankHit;

avatar::BankPicture PictureOf(const BankPageCell::Entry& entry) {
  avatar::BankPicture picture;
  picture.hash = *avatar::FromBytes(entry.hash);
  picture.kind = entry.kind;
  picture.category = entry.category;
  picture.confidence = entry.confidence;
  picture.expire_us = entry.expire_us;
  picture.bank = entry.bank;
  return picture;
}

BankPageCell::Entry& EntryAt(Cells* cells, Bank::Slot slot) {
  BankPageCell& page = cells->bank_pages().Mutable(BankPageKey(slot / BankPageCell::kSlots).id);
  return page.entries[slot % BankPageCell::kSlots];
}

void CountHit(const Step& step, Bank::Slot slot) {
  BankPageCell::Entry& entry = EntryAt(step.cells, slot);
  ++entry.hits;
  // Facts may come late, and time never goes back.
  entry.last_hit_us = std::max(entry.last_hit_us, step.now_us);
}

v1::AvatarMatch MatchOf(const Bank& bank, const avatar::Look& look, const BankHit& hit) {
  const avatar::BankPicture& picture = *bank.At(hit.slot);
  v1::AvatarMatch match;
  match.set_entry(avatar::BankEntryName(picture.kind, picture.hash));
  match.set_bank(picture.bank);
  match.set_distance(hit.distance);
  match.set_orientation(avatar::OrientationAt(hit.orientation));
  match.set_pdq_hash(avatar::ToBytes(look.hashes[0]));
  match.set_pdq_quality(look.quality);
  return match;
}

v1::AvatarMatch UnmatchedOf(const std::optional<avatar::Look>& look) {
  v1::AvatarMatch match;
  if (!look.has_value()) return match;
  match.set_pdq_hash(avatar::ToBytes(look->hashes[0]));
  match.set_pdq_quality(look->quality);
  return match;
}

// Takes one of the day's places in the queue.
bool TakePatrol(const Step& step, const AvatarQuestion& question) {
  if (question.risk == avatar::Risk::kNone || question.patrol_per_day <= 0) return false;
  BankCell& cell = step.cells->banks().Mutable(BankKey().id);
  if (cell.patrol_day != question.local_day) {
    cell.patrol_day = question.local_day;
    cell.patrolled = 0;
  }
  if (cell.patrolled >= static_cast<std::uint32_t>(question.patrol_per_day)) return false;
  ++cell.patrolled;
  return true;
}

std::string BankVersion(const Step& step) {
  const BankCell* cell = step.cells->banks().Find(BankKey().id);
  return "bank-" + std::to_string(cell == nullptr ? 0 : cell->revision);
}

bool Claims(const Claim& claim) {
  return claim.finding.offence() != v1::OFFENCE_UNSPECIFIED;
}

bool Comparable(const AvatarQuestion& question) {
  return question.look.has_value() && question.look->quality >= question.min_quality;
}

// Which claim is to be made, before anything is counted.
struct Choice {
  Claim claim;
  std::optional<Bank::Slot> hit;  // entry that decided it
  bool allowed = false;
};

Choice Choose(const Step& step, const AvatarQuestion& question) {
  const Bank& bank = *step.bank;
  Choice choice{question.claim, std::nullopt, false};
  if (!Comparable(question)) return choice;
  const auto [allowed, blocked] =
      bank.Best(question.look->hashes, question.max_distance, step.now_us);
  if (allowed.has_value()) {
    choice.claim.finding.Clear();
    choice.hit = allowed->slot;
    choice.allowed = true;
    return choice;
  }
  if (!blocked.has_value()) return choice;
  choice.hit = blocked->slot;
  const avatar::BankPicture& picture = *bank.At(blocked->slot);
  if (Claims(choice.claim) && picture.confidence < choice.claim.finding.confidence()) {
    return choice;
  }
  const v1::AvatarMatch match = MatchOf(bank, *question.look, *blocked);
  choice.claim.finding = avatar::ClaimMatch(picture, match);
  choice.claim.finding.set_knowledge_version(BankVersion(step));
  // One picture of a bank is one offence, however it is cut, turned or compressed.
  choice.claim.fingerprint = SipHash128(step.fingerprint_key, "avatar-entry:" + match.entry());
  return choice;
}

}  // namespace

void LoadBank(Cells* cells, avatar::Bank* bank) {
  const BankCell* root = cells->banks().Find(BankKey().id);
  if (root == nullptr) return;
  for (std::uint32_t number = 0; number < root->pages; ++number) {
    const BankPageCell* page = cells->bank_pages().Find(BankPageKey(number).id);
    if (page == nullptr) continue;
    for (std::uint32_t i = 0; i < page->entries.size(); ++i) {
      if (page->entries[i].free()) continue;
      bank->Put(number * BankPageCell::kSlots + i, PictureOf(page->entries[i]));
    }
  }
}

void OnAvatarAsked(const Step& step, const Fact& fact) {
  std::optional<AvatarQuestion> question = DecodeAvatarQuestion(fact.payload);
  if (!question.has_value() || step.bank == nullptr) return;
  Choice choice = Choose(step, *question);
  if (choice.hit.has_value()) CountHit(step, *choice.hit);
  AvatarAnswer answer{question->account, std::move(choice.claim)};
  if (!choice.allowed && !Claims(answer.claim) && TakePatrol(step, *question)) {
    answer.claim.finding = avatar::ClaimUnknown(question->risk, UnmatchedOf(question->look));
    answer.claim.finding.set_knowledge_version(BankVersion(step));
  }
  // That an avatar is fine is told, too: an earlier one may have been claimed, or be about to be.
  if (Claims(answer.claim)) answer.claim.finding.set_server(question->server);
  step.Tell(fact.to, fact.from, FactKind::kAvatarSaid, EncodeAvatarAnswer(answer));
}

void DescribeAvatar(const Step& step, const v1::AvatarChanged& changed,
                    v1::TestBanksResponse* response) {
  constexpr std::size_t kMatchesMax = 20;
  const AvatarQuestion question = MakeAvatarQuestion(step, changed, true);
  const Choice choice = Choose(step, question);
  if (changed.has_reading()) *response->mutable_reading() = changed.reading();
  if (Claims(choice.claim)) *response->mutable_finding() = choice.claim.finding;
  if (question.look.has_value()) {
    for (const BankHit& hit :
         step.bank->All(question.look->hashes, question.max_distance, step.now_us, kMatchesMax)) {
      v1::BankMatch& match = *response->add_matches();
      *match.mutable_entry() = DescribeBankEntry(step.cells, hit.slot);
      *match.mutable_match() = MatchOf(*step.bank, *question.look, hit);
    }
  }
  v1::LocalizedText& summary = *response->mutable_summary();
  if (Claims(choice.claim)) {
    summary = choice.claim.finding.summary();
  } else if (choice.allowed) {
    summary.set_zh("图库允许这张图片。");
    summary.set_en("A bank allows this picture.");
  } else if (question.look.has_value() && !Comparable(question)) {
    summary.set_zh("图片内容太少（质量 " + std::to_string(question.look->quality) +
                   "），不作比较。");
    summary.set_en("There is too little in the picture to compare it (quality " +
                   std::to_string(question.look->quality) + ").");
  } else if (question.look.has_value()) {
    summary.set_zh("图库中没有这张图片，也没有读到二维码广告。");
    summary.set_en("No bank knows this picture, and no advert was read from it.");
  } else {
    summary.set_zh("没有可以比较的图片。");
    summary.set_en("There is no picture that could be compared.");
  }
}

v1::BankEntry DescribeBankEntry(Cells* cells, avatar::Bank::Slot slot) {
  v1::BankEntry described;
  const BankPageCell* page = cells->bank_pages().Find(BankPageKey(slot / BankPageCell::kSlots).id);
  if (page == nullptr || slot % BankPageCell::kSlots >= page->entries.size()) return described;
  const BankPageCell::Entry& entry = page->entries[slot % BankPageCell::kSlots];
  if (entry.free()) return described;
  described.set_name(avatar::BankEntryName(entry.kind, *avatar::FromBytes(entry.hash)));
  described.set_bank(entry.bank);
  described.set_kind(entry.kind);
  described.set_pdq_hash(entry.hash);
  described.set_pdq_quality(entry.quality);
  described.set_category(entry.category);
  described.set_confidence(entry.confidence);
  described.set_reason(entry.reason);
  described.mutable_author()->set_principal(entry.principal);
  described.mutable_author()->set_role(static_cast<v1::Role>(entry.role));
  SetTimestamp(entry.create_us, described.mutable_create_time());
  if (entry.expire_us != 0) SetTimestamp(entry.expire_us, described.mutable_expire_time());
  described.set_hit_count(static_cast<std::int64_t>(entry.hits));
  if (entry.last_hit_us != 0) SetTimestamp(entry.last_hit_us, described.mutable_last_hit_time());
  return described;
}

}  // namespace hallwarden
