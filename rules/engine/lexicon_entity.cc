#include "rules/engine/lexicon_entity.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "rules/engine/account_events.h"
#include "rules/state/codec.h"
#include "rules/state/time.h"

namespace hallwarden {
namespace {

// "lexicon hits", as bytes. Part of the disk format.
constexpr SipKey kHitKey{0x6c657869636f6e20ULL, 0x6869747300000000ULL};
// Reset by the next change, so a few are enough for every client.
constexpr int kChangesMax = 20;

// `base`: what names were judged by so far. One that did not come to its end had an older base.
void BeginRescreen(const Step& step, const std::string& base, SystemCell* system) {
  system->rescreen = Rescreen{.artefact = system->operators_artefact,
                              .base = system->rescreen.running ? system->rescreen.base : base,
                              .running = true,
                              .end = step.position,
                              .start_us = step.now_us};
}

}  // namespace

std::uint64_t LexiconHitKey(std::string_view matched_entry) {
  return SipHash64(kHitKey, matched_entry);
}

void TellLexiconHits(const Step& step, const EntityKey& from, const v1::Finding& finding) {
  std::vector<std::uint64_t> keys;
  for (const v1::Evidence& evidence : finding.evidence()) {
    if (!evidence.matched_entry().empty()) keys.push_back(LexiconHitKey(evidence.matched_entry()));
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  for (const std::uint64_t key : keys) {
    std::string payload;
    Writer(&payload).Varint(key);
    const auto page = static_cast<std::uint32_t>(key % LexiconHitsCell::kPages);
    step.Tell(from, LexiconHitsKey(page), FactKind::kLexiconHit, std::move(payload));
  }
}

void OnLexiconHit(const Step& step, const Fact& fact) {
  Reader in(fact.payload);
  const std::uint64_t key = in.Varint();
  if (!in.done()) return;
  step.cells->lexicon_hits().Mutable(fact.to.id).Add(key, step.now_us);
}

Outcome ActivateLexicon(CommandContext* context, const v1::ActivateLexicon& request) {
  const Step& step = context->step;
  SystemCell& system = step.cells->system().Mutable(SystemKey().id);
  if (system.operators_artefact != request.base_artefact()) {
    return Refuse(Code::kAborted, "ETAG_MISMATCH",
                  "the list was changed meanwhile: look at it again",
                  {{"etag", request.base_artefact()}, {"actual", system.operators_artefact}});
  }
  // The engine switched before it came here, in every shard; an unknown artefact left it as it was.
  if (step.operators_artefact != request.artefact()) {
    return Refuse(Code::kFailedPrecondition, "UNKNOWN_LEXICON",
                  "the list's text is not stored: change it again",
                  {{"artefact", request.artefact()}});
  }
  context->before = system.operators_artefact;
  context->after = request.artefact();
  context->resource = "lexicon";
  for (int i = 0; i < std::min(request.changes_size(), kChangesMax); ++i)
    context->after += "\n" + request.changes(i);
  system.operators_artefact = request.artefact();
  system.lexicon_change_us = step.now_us;
  system.lexicon_principal = context->actor().principal();
  if (request.rescreen()) {
    BeginRescreen(step, request.base_artefact(), &system);
  } else {
    // One that was on its way went by a list that is gone.
    system.rescreen.running = false;
  }
  PostSystem(*context, PostingDetail::kLexiconChanged, "lexicon", request.entry_count());
  return std::nullopt;
}

Outcome StartRescreen(CommandContext* context) {
  const Step& step = context->step;
  SystemCell& system = step.cells->system().Mutable(SystemKey().id);
  context->before = system.rescreen.running ? "running" : "idle";
  context->after = "running";
  BeginRescreen(step, "", &system);
  context->response.set_confirmation_level(1);
  return std::nullopt;
}

void OnRescreenProgress(const Step& step, const v1::RescreenProgress& progress) {
  SystemCell& system = step.cells->system().Mutable(SystemKey().id);
  Rescreen& rescreen = system.rescreen;
  const auto cursor =
      static_cast<std::uint64_t>(std::max<std::int64_t>(progress.cursor_position(), 0));
  if (!rescreen.running || rescreen.artefact != progress.artefact() || cursor < rescreen.cursor) {
    return;
  }
  rescreen.cursor = cursor;
  rescreen.screened +=
      static_cast<std::uint64_t>(std::max<std::int64_t>(progress.screened_count(), 0));
  rescreen.findings +=
      static_cast<std::uint64_t>(std::max<std::int64_t>(progress.finding_count(), 0));
  if (!progress.done()) return;
  rescreen.running = false;
  rescreen.end_us = step.now_us;
}

void OnRescreenName(const Step& step, const v1::Command& command) {
  const v1::RescreenName& name = command.rescreen_name();
  AccountCell* cell = step.cells->accounts().FindMutable(KeyOfAccount(command.target_account()).id);
  if (cell == nullptr || name.text().empty()) return;
  const bool nickname = name.surface() == "nickname";
  const auto given = nickname ? cell->nickname_position : cell->signature_position;
  // Another name since: it was read when it came.
  if (given != static_cast<std::uint64_t>(name.name_position())) return;
  Step judging = step;
  judging.source = name.server();
  JudgeAgain(judging, OpenAccount(step, command.target_account()), name.surface(), name.text(),
             static_cast<std::uint64_t>(name.name_position()));
}

void DescribeRescreen(const Rescreen& rescreen, v1::RescreenStatus* status) {
  status->set_artefact(rescreen.artefact);
  status->set_running(rescreen.running);
  status->set_screened_count(static_cast<std::int64_t>(rescreen.screened));
  status->set_finding_count(static_cast<std::int64_t>(rescreen.findings));
  status->set_cursor_position(static_cast<std::int64_t>(rescreen.cursor));
  status->set_end_position(static_cast<std::int64_t>(rescreen.end));
  if (rescreen.start_us != 0) SetTimestamp(rescreen.start_us, status->mutable_start_time());
  if (rescreen.end_us != 0) SetTimestamp(rescreen.end_us, status->mutable_end_time());
}

}  // namespace hallwarden
