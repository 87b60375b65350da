#include "tools/evaluator/play_run.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "rules/policy/policy.h"
#include "rules/state/account_cell.h"
#include "rules/state/cells.h"
#include "rules/state/play_cell.h"
#include "rules/state/time.h"
#include "rules/text/operator_list.h"

namespace hallwarden::evaluator {
namespace {

constexpr char kPolicy[] = "policy";
constexpr char kServer[] = "gs1";
// Of no importance: hashes only need to differ.
constexpr SipKey kKey{1, 2};

class OnePolicy : public Artefacts {
 public:
  bool Use(const std::string& text) {
    // Quotas and breakers would hide what a detector gone mad does.
    policy::CompileResult result = policy::Compile(policy::WithoutLimits(text), "policy", "eval");
    for (const v1::Diagnostic& diagnostic : result.diagnostics) {
      if (diagnostic.fatal()) {
        std::fprintf(stderr, "policy:%d: %s\n", diagnostic.line(), diagnostic.reason().c_str());
      }
    }
    if (result.policy == nullptr) return false;
    policy_ = std::move(result.policy);
    return true;
  }
  [[nodiscard]] std::shared_ptr<const policy::CompiledPolicy> Policy(
      std::string_view) const override {
    return policy_;
  }
  // Names are not what is measured here.
  [[nodiscard]] text::Screeners Lexicon(const LexiconArtefacts&) const override { return {}; }

 private:
  std::shared_ptr<const policy::CompiledPolicy> policy_;
};

Hash128 HashOf(const std::string& value) {
  return value.empty() ? Hash128{} : SipHash128(kKey, value);
}

PersonalHashes HashesOf(const v1::HallEvent& event) {
  if (event.has_registered()) {
    return {HashOf(event.registered().ip()), HashOf(event.registered().device())};
  }
  if (event.has_logged_in()) {
    return {HashOf(event.logged_in().ip()), HashOf(event.logged_in().device())};
  }
  return {};
}

const char* WhatOf(v1::SanctionKind kind) {
  switch (kind) {
    case v1::SANCTION_KIND_WARNING:
      return "warning";
    case v1::SANCTION_KIND_HOLD:
      return "hold";
    default:
      return "restriction";
  }
}

}  // namespace

struct PlayRun::Parts {
  OnePolicy artefacts;
  Cells cells;
  std::unique_ptr<EngineRunner> runner;
  std::uint64_t position = 0;
  std::int64_t commit_us = 0;
  v1::ImportPartnersRequest partners;
  std::vector<PositionedEffect> effects;
  std::set<std::string> accounts;
};

PlayRun::PlayRun() : parts_(std::make_unique<Parts>()) {
  (void)parts_->artefacts.Use(std::string(policy::DefaultPolicyText()));
}
PlayRun::~PlayRun() = default;

bool PlayRun::UsePolicy(const std::string& text) {
  return parts_->artefacts.Use(text);
}

void PlayRun::AddPartner(const std::string& account, const std::string& channel) {
  v1::PartnerSpan& span = *parts_->partners.add_spans();
  span.set_account(account);
  span.set_channel(channel);
  SetTimestamp(kSecondUs, span.mutable_begin_time());
}

void PlayRun::Begin() {
  EngineOptions options;
  options.fingerprint_key = kKey;
  parts_->runner = std::make_unique<EngineRunner>(options, &parts_->cells, &parts_->artefacts);
  v1::EngineActivated activated;
  activated.set_policy_artefact(kPolicy);
  Record record;
  record.position = ++parts_->position;
  record.commit_us = parts_->commit_us;
  record.kind = RecordKind::kEngineActivated;
  record.payload = static_cast<const v1::EngineActivated*>(&activated);
  parts_->runner->Step(record, &parts_->effects);
  if (parts_->partners.spans_size() > 0) {
    v1::Command command;
    command.mutable_actor()->set_principal("eval");
    command.mutable_actor()->set_role(v1::ROLE_ADMIN);
    *command.mutable_import_partners() = parts_->partners;
    command.mutable_import_partners()->mutable_options()->set_reason("register");
    record.position = ++parts_->position;
    record.kind = RecordKind::kCommand;
    record.payload = static_cast<const v1::Command*>(&command);
    parts_->runner->Step(record, &parts_->effects);
  }
  parts_->effects.clear();
}

void PlayRun::Apply(const v1::HallEvent& event) {
  const std::int64_t event_us = TimestampUs(event.event_time());
  parts_->commit_us = std::max(parts_->commit_us, event_us);
  if (parts_->runner == nullptr) Begin();
  ++events_;
  if (event.has_turn_played()) ++turns_;
  if (event.has_hand_settled()) {
    ++settled_;
    for (const v1::SeatResult& seat : event.hand_settled().seats())
      ++hands_[seat.account()];
  }
  Record record;
  record.position = ++parts_->position;
  record.commit_us = parts_->commit_us;
  record.source = kServer;
  record.source_seq = record.position;
  record.hashes = HashesOf(event);
  google::protobuf::Arena arena;
  record.payload = EventView::Of(event, &arena);
  parts_->effects.clear();
  parts_->runner->Step(record, &parts_->effects);
  Take(parts_->effects, event_us);
}

void PlayRun::Take(const std::vector<PositionedEffect>& effects, std::int64_t event_us) {
  const auto add = [&](const v1::Finding& finding, const std::string& what) {
    Decision decision;
    decision.account = finding.account();
    decision.offence = finding.offence();
    decision.detector = finding.detector();
    decision.what = what;
    decision.finding = finding;
    decision.event_us = event_us;
    const auto played = hands_.find(decision.account);
    decision.hands_of_account = played == hands_.end() ? 0 : played->second;
    decisions_.push_back(std::move(decision));
  };
  for (const PositionedEffect& effect : effects) {
    if (const auto* opened = std::get_if<PutCase>(&effect.effect)) {
      if (!opened->opened.findings().empty()) add(opened->opened.findings(0), "case");
    } else if (const auto* patch = std::get_if<PatchCase>(&effect.effect)) {
      for (const v1::Finding& finding : patch->change.findings())
        add(finding, "joined");
    } else if (const auto* put = std::get_if<PutSanction>(&effect.effect)) {
      add(put->sanction.finding(), WhatOf(put->sanction.kind()));
    } else if (const auto* note = std::get_if<PutFinding>(&effect.effect)) {
      add(note->finding, "note");
    } else if (std::holds_alternative<RejectEvent>(effect.effect)) {
      ++refused_;
    }
  }
}

std::pair<std::size_t, std::size_t> PlayRun::Memory() {
  std::size_t bytes = 0;
  std::size_t cells = 0;
  for (const auto& [account, hands] : hands_) {
    const PlayCell* cell = parts_->cells.plays().Find(AccountKey("", account).id);
    if (cell == nullptr) continue;
    bytes += cell->MemoryBytes();
    ++cells;
  }
  return {bytes, cells};
}

}  // namespace hallwarden::evaluator
