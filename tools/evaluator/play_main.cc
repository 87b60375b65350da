// tools/eval play: precision, recall and time to find of the detectors of play.
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include "tools/evaluator/event_file.h"
#include "tools/evaluator/play_report.h"
#include "tools/evaluator/play_run.h"
#include "tools/flags/flag_set.h"
#include "tools/hallsim/play_traffic.h"

namespace hallwarden::evaluator {
namespace {

struct Options {
  std::string labels;
  std::string policy;
  std::string decisions;
  bool json = false;
  // Without a file: a simulated hall.
  hallsim::PlayOptions simulate;
  std::int64_t seed = 1;
  std::int64_t accounts = 2'000;
};

tools::FlagSet MakeFlags(Options* o) {
  tools::FlagSet flags(
      "tools/eval play: runs events through the engine in this process and compares what it "
      "decides "
      "with the truth.\n"
      "\n"
      "  tools/eval play EVENTS.jsonl --labels TRUTH.tsv [--json]\n"
      "  tools/eval play --accounts 30000 --days 30          a simulated hall, without a file",
      "EVENTS may be `-` for standard input, or a binary file that ends in .pb (tools/eval import "
      "writes both).\n"
      "Labels: account, archetype, offence [, ring, strength in thousandths, partner channel], "
      "separated by tabs; an empty\n"
      "offence is an honest account. Without labels everybody counts as honest.\n"
      "Quotas of the policy are left out, so that a detector gone mad shows.\n");
  flags.Group("Input");
  flags.Add("labels", &o->labels, "FILE", "the truth");
  flags.Add("policy", &o->policy, "FILE", "a policy in place of the built-in one");
  flags.Group("A simulated hall, when no file is given");
  flags.Add("seed", &o->seed, {}, "seed of all chance");
  flags.Add("accounts", &o->accounts, {10, 10'000'000}, "honest accounts");
  flags.Add("days", &o->simulate.days, {1, 366}, "days");
  flags.Add("offenders", &o->simulate.offenders_milli, {0, 1'000}, "offenders per thousand");
  flags.Add("turns", &o->simulate.turns_milli, {0, 1'000},
            "of a thousand accounts, those whose turns are told");
  flags.Add("outages", &o->simulate.outages, {0, 100}, "outages of 40 seconds");
  flags.Add("sparse", &o->simulate.sparse, "leave optional fields out");
  flags.Add("stall-low", &o->simulate.stall_low, {0, 100}, "weakest staller, per cent of turns");
  flags.Add("stall-high", &o->simulate.stall_high, {0, 100}, "strongest staller");
  flags.Add("dump-low", &o->simulate.dump_low, {0, 100}, "weakest farmer, per cent of hands");
  flags.Add("dump-high", &o->simulate.dump_high, {0, 100}, "strongest farmer");
  flags.Add("feeders-low", &o->simulate.feeders_low, {1, 40}, "fewest feeders");
  flags.Add("feeders-high", &o->simulate.feeders_high, {1, 40}, "most feeders");
  flags.Add("collude-low", &o->simulate.collude_low, {0, 100},
            "weakest colluders, per cent of hands together");
  flags.Group("Output");
  flags.Add("json", &o->json, "for machines");
  flags.Add(
      "decisions", &o->decisions, "FILE",
      "every decision as a line: account, archetype, offence, detector, what, evidence, words");
  return flags;
}

bool WriteDecisions(const PlayRun& run, const Labels& labels, const std::string& path) {
  std::ofstream out(path);
  for (const Decision& decision : run.decisions()) {
    const auto truth = labels.find(decision.account);
    out << decision.account << '\t'
        << (truth == labels.end() ? "unlabelled" : truth->second.archetype) << '\t'
        << (truth == labels.end() ? "" : truth->second.offence) << '\t' << decision.detector << '\t'
        << decision.what << '\t' << decision.finding.evidence_log10_milli() << '\t'
        << decision.hands_of_account << '\t' << decision.finding.summary().en() << '\n';
  }
  return static_cast<bool>(out.flush());
}

// The labels of a simulated hall: people are known before they play, archetypes by then.
bool Simulate(const Options& options, PlayRun* run, Labels* labels, RingBook* book) {
  hallsim::PlayOptions play = options.simulate;
  play.seed = static_cast<std::uint64_t>(options.seed);
  play.accounts = static_cast<std::uint32_t>(options.accounts);
  play.start_us = 1'767'542'400'000'000;  // 2026-01-05 00:00 in China
  hallsim::PlayTraffic traffic(play);
  for (const hallsim::Label& label : traffic.AllLabels()) {
    (*labels)[label.account] = {label.archetype, label.offence, label.ring, label.strength_milli,
                                label.channel};
    if (!label.channel.empty()) run->AddPartner(label.account, label.channel);
  }
  v1::HallEvent event;
  while (traffic.Next(&event)) {
    if (event.has_hand_settled()) book->Settle(event);
    run->Apply(event);
    event.Clear();
  }
  // Victims are victims once they were robbed.
  for (const hallsim::Label& label : traffic.Labels()) {
    (*labels)[label.account].offence = label.offence;
  }
  return true;
}

int Main(const std::vector<std::string>& words) {
  Options options;
  const tools::FlagSet flags = MakeFlags(&options);
  if (tools::FlagSet::WantsHelp(words)) {
    std::cout << flags.Help();
    return 0;
  }
  const absl::StatusOr<std::vector<std::string>> rest = flags.Parse(words);
  if (!rest.ok() || rest->size() > 1) {
    std::cerr << "eval play: "
              << (rest.ok() ? "one file at most" : std::string(rest.status().message())) << '\n';
    return 2;
  }
  PlayRun run;
  if (!options.policy.empty()) {
    std::ifstream file(options.policy);
    std::stringstream text;
    text << file.rdbuf();
    if (!file || !run.UsePolicy(text.str())) {
      std::cerr << "eval play: no policy in " << options.policy << '\n';
      return 2;
    }
  }
  Labels labels;
  RingBook book(&labels);
  if (!options.labels.empty() && !ReadLabels(options.labels, &labels)) return 2;
  for (const auto& [account, truth] : labels) {
    if (!truth.channel.empty()) run.AddPartner(account, truth.channel);
  }
  bool good = true;
  if (rest->empty()) {
    good = Simulate(options, &run, &labels, &book);
  } else {
    good = ReadEvents(rest->front(), [&](const v1::HallEvent& event) {
      if (event.has_hand_settled()) book.Settle(event);
      run.Apply(event);
    });
  }
  if (!good) return 1;
  Report(&run, labels, book, options.json, std::cout);
  if (!options.decisions.empty() && !WriteDecisions(run, labels, options.decisions)) {
    std::cerr << "eval play: cannot write " << options.decisions << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace hallwarden::evaluator

int main(int argc, char** argv) {
  return hallwarden::evaluator::Main(std::vector<std::string>(argv + 1, argv + argc));
}
