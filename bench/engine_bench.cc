// How many events a second does the engine take, from serialized bytes, on one core? And what does
// an account cost in memory?
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

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
      : policy_(
            policy::Compile(policy::DefaultPolicyText(), "default", std::string(64, 'a')).policy),
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

double ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double total = 0;
  double resident = 0;
  file >> total >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

// A hall with its players, and an engine that has seen them all register.
class World {
 public:
  World(std::uint32_t accounts, hallsim::Popularity popularity)
      : traffic_(OptionsOf(accounts, popularity)), runner_(EngineOptions{}, &cells_, &artefacts_) {
    v1::EngineActivated activated;
    activated.set_policy_artefact(std::string(64, 'a'));
    activated.set_lexicon_artefact(std::string(64, 'b'));
    Record first;
    first.position = 1;
    first.commit_us = kStartUs;
    first.kind = RecordKind::kEngineActivated;
    first.payload = static_cast<const v1::EngineActivated*>(&activated);
    std::vector<PositionedEffect> effects;
    runner_.Step(first, &effects);
    const double before = ResidentBytes();
    for (std::uint32_t left = accounts; left > 0;) {
      const std::size_t count = std::min<std::size_t>(left, 4096);
      Apply(Make(count));
      left -= static_cast<std::uint32_t>(count);
    }
    bytes_per_account_ = (ResidentBytes() - before) / accounts;
  }

  // The next events of the hall; with `kind`, those of one kind among them.
  std::vector<std::string> Make(std::size_t count,
                                v1::HallEvent::BodyCase kind = v1::HallEvent::BODY_NOT_SET) {
    std::vector<std::string> events;
    events.reserve(count);
    v1::HallEvent event;
    while (events.size() < count && traffic_.Next(&event)) {
      if (kind != v1::HallEvent::BODY_NOT_SET && event.body_case() != kind) continue;
      events.push_back(event.SerializeAsString());
    }
    return events;
  }

  // In groups, as the sequencer does: parsed on an arena, loaded ahead, stepped.
  void Apply(const std::vector<std::string>& events) {
    for (std::size_t at = 0; at < events.size(); at += kGroup) {
      google::protobuf::Arena arena;
      records_.clear();
      keys_.clear();
      for (std::size_t i = at; i < std::min(at + kGroup, events.size()); ++i) {
        const EventView* event = EventView::Parse(events[i], &arena);
        if (event == nullptr) std::abort();
        Record& record = records_.emplace_back();
        record.position = ++position_;
        record.commit_us = kStartUs + static_cast<std::int64_t>(position_);
        record.source = "gs1";
        record.source_seq = position_;
        record.payload = event;
        runner_.engine().Touches(record, &keys_);
      }
      cells_.Prefetch(keys_);
      for (const Record& record : records_)
        runner_.Step(record, &effects_);
      benchmark::DoNotOptimize(effects_.data());
      effects_.clear();
    }
  }

  [[nodiscard]] double bytes_per_account() const { return bytes_per_account_; }

 private:
  static hallsim::MixOptions OptionsOf(std::uint32_t accounts, hallsim::Popularity popularity) {
    hallsim::MixOptions options;
    options.seed = 1;
    options.accounts = accounts;
    options.popularity = popularity;
    options.start_us = kStartUs;
    return options;
  }

  BuiltIn artefacts_;
  hallsim::MixTraffic traffic_;
  Cells cells_;
  EngineRunner runner_;
  std::uint64_t position_ = 1;
  double bytes_per_account_ = 0;
  std::vector<PositionedEffect> effects_;
  std::vector<EntityKey> keys_;
  std::vector<Record> records_;
};

void Run(benchmark::State& state, World* world, v1::HallEvent::BodyCase kind, std::size_t count) {
  std::int64_t bytes = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<std::string> events = world->Make(count, kind);
    for (const std::string& event : events)
      bytes += static_cast<std::int64_t>(event.size());
    state.ResumeTiming();
    world->Apply(events);
  }
  const auto events = static_cast<std::int64_t>(count) * state.iterations();
  state.SetItemsProcessed(events);
  state.counters["event_bytes"] = static_cast<double>(bytes) / static_cast<double>(events);
}

void Mix(benchmark::State& state) {
  World world(static_cast<std::uint32_t>(state.range(0)),
              state.range(1) == 0 ? hallsim::Popularity::kUniform : hallsim::Popularity::kZipf09);
  Run(state, &world, v1::HallEvent::BODY_NOT_SET, kEvents);
  state.counters["account_bytes"] = world.bytes_per_account();
}
BENCHMARK(Mix)
    ->ArgNames({"accounts", "zipf"})
    ->Args({10'000, 0})
    ->Args({10'000, 1})
    ->Args({100'000, 0})
    ->Args({1'000'000, 0})
    ->Unit(benchmark::kMillisecond);
// Thirty seconds to set up: tools/bench asks for it with --scale only.
BENCHMARK(Mix)
    ->Name("MixOfMillions")
    ->ArgNames({"accounts", "zipf"})
    ->Args({10'000'000, 0})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(4);

void Kind(benchmark::State& state) {
  World world(10'000, hallsim::Popularity::kUniform);
  const auto kind = static_cast<v1::HallEvent::BodyCase>(state.range(0));
  const google::protobuf::FieldDescriptor* field =
      v1::HallEvent::descriptor()->FindFieldByNumber(kind);
  state.SetLabel(field == nullptr ? "" : field->name());
  Run(state, &world, kind, 20'000);
}
BENCHMARK(Kind)
    ->ArgName("body")
    ->Arg(v1::HallEvent::kTurnPlayed)
    ->Arg(v1::HallEvent::kChat)
    ->Arg(v1::HallEvent::kHandSettled)
    ->Arg(v1::HallEvent::kHandStarted)
    ->Arg(v1::HallEvent::kLoggedIn)
    ->Arg(v1::HallEvent::kLoggedOut)
    ->Arg(v1::HallEvent::kAssetMoved)
    ->Arg(v1::HallEvent::kNicknameChanged)
    ->Arg(v1::HallEvent::kSignatureChanged)
    ->Arg(v1::HallEvent::kSessionMinutes)
    ->Unit(benchmark::kMillisecond);

// What reading costs alone, beside reading as a protobuf message.
void Parse(benchmark::State& state) {
  World world(10'000, hallsim::Popularity::kUniform);
  const std::vector<std::string> events = world.Make(kEvents);
  for (auto _ : state) {
    for (std::size_t at = 0; at < events.size(); at += kGroup) {
      google::protobuf::Arena arena;
      for (std::size_t i = at; i < std::min(at + kGroup, events.size()); ++i) {
        if (state.range(0) == 0) {
          benchmark::DoNotOptimize(EventView::Parse(events[i], &arena));
        } else {
          auto* event = google::protobuf::Arena::CreateMessage<v1::HallEvent>(&arena);
          benchmark::DoNotOptimize(event->ParseFromString(events[i]));
        }
      }
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kEvents) * state.iterations());
}
BENCHMARK(Parse)->ArgName("protobuf")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace hallwarden
