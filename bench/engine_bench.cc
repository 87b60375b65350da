// How many events a second does the engine take, from serialized bytes, on one core?
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "google/protobuf/arena.h"
#include "rules/engine/engine.h"
#include "rules/policy/policy.h"
#include "rules/text/lexicon.h"
#include "rules/text/name_screener.h"
#include "tools/hallsim/mix_traffic.h"

namespace hallwarden {
namespace {

constexpr std::size_t kEvents = 300'000;
constexpr std::size_t kGroup = 256;
constexpr std::int64_t kStartUs = 1'795'348'800'000'000;

class BuiltIn : public Artefacts {
 public:
  BuiltIn()
      : policy_(policy::Compile(policy::DefaultPolicyText(), "default", std::string(64, 'a')).policy),
        names_(std::make_shared<text::NameScreener>(text::BuiltInNameLexicon())) {}
  [[nodiscard]] std::shared_ptr<const policy::CompiledPolicy> Policy(
      std::string_view) const override {
    return policy_;
  }
  [[nodiscard]] std::shared_ptr<const text::NameScreener> Names(std::string_view) const override {
    return names_;
  }

 private:
  std::shared_ptr<const policy::CompiledPolicy> policy_;
  std::shared_ptr<const text::NameScreener> names_;
};

std::vector<std::string> MakeEvents(std::uint32_t accounts, hallsim::Popularity popularity) {
  hallsim::MixOptions options;
  options.seed = 1;
  options.accounts = accounts;
  options.popularity = popularity;
  options.start_us = kStartUs;
  hallsim::MixTraffic traffic(options);
  std::vector<std::string> events;
  v1::HallEvent event;
  // The prologue registers every account; it is applied, but not timed.
  while (events.size() < kEvents + accounts && traffic.Next(&event)) {
    events.push_back(event.SerializeAsString());
    event.Clear();
  }
  return events;
}

// Applies events [from, to) in groups, as the sequencer does: parsed on an arena, prefetched, stepped.
void ApplyRange(EngineRunner* runner, Cells* cells, const std::vector<std::string>& events,
                std::size_t from, std::size_t to) {
  std::vector<PositionedEffect> effects;
  std::vector<EntityKey> keys;
  std::vector<Record> records;
  for (std::size_t at = from; at < to; at += kGroup) {
    google::protobuf::Arena arena;
    records.clear();
    keys.clear();
    for (std::size_t i = at; i < std::min(at + kGroup, to); ++i) {
      auto* event = google::protobuf::Arena::CreateMessage<v1::HallEvent>(&arena);
      if (!event->ParseFromString(events[i])) std::abort();
      Record record;
      record.position = i + 2;
      record.commit_us = kStartUs + static_cast<std::int64_t>(i);
      record.source = "gs1";
      record.source_seq = i + 1;
      record.payload = static_cast<const v1::HallEvent*>(event);
      runner->engine().Touches(record, &keys);
      records.push_back(record);
    }
    cells->Prefetch(keys);
    for (const Record& record : records) runner->Step(record, &effects);
    benchmark::DoNotOptimize(effects.data());
    effects.clear();
  }
}

void BM_EngineDefaultMix(benchmark::State& state) {
  const auto accounts = static_cast<std::uint32_t>(state.range(0));
  const auto popularity =
      state.range(1) == 0 ? hallsim::Popularity::kUniform : hallsim::Popularity::kZipf09;
  const std::vector<std::string> events = MakeEvents(accounts, popularity);
  const BuiltIn artefacts;
  for (auto _ : state) {
    state.PauseTiming();
    Cells cells;
    EngineRunner runner(EngineOptions{}, &cells, &artefacts);
    v1::EngineActivated activated;
    activated.set_policy_artefact(std::string(64, 'a'));
    activated.set_lexicon_artefact(std::string(64, 'b'));
    Record first;
    first.position = 1;
    first.commit_us = kStartUs;
    first.kind = RecordKind::kEngineActivated;
    first.payload = static_cast<const v1::EngineActivated*>(&activated);
    std::vector<PositionedEffect> effects;
    runner.Step(first, &effects);
    ApplyRange(&runner, &cells, events, 0, accounts);
    state.ResumeTiming();
    ApplyRange(&runner, &cells, events, accounts, events.size());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kEvents) * state.iterations());
}
BENCHMARK(BM_EngineDefaultMix)
    ->ArgNames({"accounts", "zipf"})
    ->Args({10'000, 0})
    ->Args({10'000, 1})
    ->Args({200'000, 0})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hallwarden
