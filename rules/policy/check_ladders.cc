#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"
#include "rules/policy/policy.h"

namespace hallwarden::policy {
namespace {

constexpr int kRungsMax = 16;
constexpr std::size_t kTitleMaxBytes = 200;

// How hard a rung is, for comparing neighbours.
struct Weight {
  int kind;  // 0 warning, 1 term, 2 permanent
  std::int64_t term_us;
  std::uint32_t capabilities;
};

Weight WeighRung(const v1::Rung& rung) {
  Weight weight{rung.permanent() ? 2 : (rung.warning() ? 0 : 1), ToMicros(rung.term()), 0};
  for (const int capability : rung.capabilities()) {
    if (v1::Capability_IsValid(capability)) {
      weight.capabilities |= MaskOf(static_cast<v1::Capability>(capability));
    }
  }
  // Who may not log in may do nothing in the hall.
  if ((weight.capabilities & MaskOf(v1::CAPABILITY_LOGIN)) != 0) weight.capabilities = 0xFFFF;
  return weight;
}

bool IsMilder(const Weight& weight, const Weight& than) {
  if (weight.kind != than.kind) return weight.kind < than.kind;
  const bool less = (weight.capabilities & ~than.capabilities) == 0;
  const bool same = weight.capabilities == than.capabilities;
  if (weight.kind == 2) return less && !same;
  return less && (weight.term_us < than.term_us || (!same && weight.term_us == than.term_us));
}

void CheckRungKind(const CheckContext& context, const Node<v1::Rung>& rung) {
  const int kinds =
      (rung->warning() ? 1 : 0) + (rung->has_term() ? 1 : 0) + (rung->permanent() ? 1 : 0);
  if (kinds == 0) {
    context.reporter->Error(rung.place, "a rung without warning, term or permanent",
                            "set exactly one; a missing term never means permanent");
  } else if (kinds > 1) {
    context.reporter->Error(rung.place, "a rung with several of warning, term and permanent",
                            "set exactly one of them");
  }
  if (rung->has_term()) {
    CheckDuration(context, rung.At(v1::Rung::kTermFieldNumber), rung->term(),
                  {"term", kTermMinUs, kTermMaxUs});
  }
  const Place capabilities = rung.At(v1::Rung::kCapabilitiesFieldNumber, 0);
  if (rung->warning() && rung->capabilities_size() > 0) {
    context.reporter->Error(capabilities, "a warning that takes capabilities away",
                            "remove the capabilities, or write a term instead of the warning");
  } else if (kinds > 0 && !rung->warning() && rung->capabilities_size() == 0) {
    context.reporter->Error(rung.place, "a restriction that takes nothing away",
                            "add capabilities, for example CAPABILITY_LOGIN");
  }
}

void CheckRung(const CheckContext& context, const Node<v1::Rung>& rung) {
  CheckRungKind(context, rung);
  CheckCapabilities(context, rung, v1::Rung::kCapabilitiesFieldNumber, rung->capabilities());
  CheckTemplate(context, rung.At(v1::Rung::kTemplateFieldNumber), rung->template_(),
                {rung->warning() ? "this warning" : "this rung",
                 rung->has_term() && !rung->warning() && !rung->permanent()});
  const Place machine = rung.At(v1::Rung::kMachinePermanentFieldNumber);
  if (rung->machine_permanent() && !rung->permanent()) {
    context.reporter->Error(machine, "machine_permanent on a rung that is not permanent",
                            "remove it, or write permanent: true");
  }
  if (rung->machine_permanent() && rung->human_only()) {
    context.reporter->Error(machine, "machine_permanent and human_only contradict each other",
                            "keep human_only unless a machine may ban for ever");
  }
}

void CheckClimbing(const CheckContext& context, const Node<v1::Ladder>& ladder) {
  const auto decay = ChildOf(ladder, ladder->decay(), v1::Ladder::kDecayFieldNumber);
  if (ladder->has_decay()) {
    if (!decay->has_clean_time()) {
      context.reporter->Error(decay.place, "decay without clean_time",
                              "write clean_time, or remove decay: nothing is ever forgiven then");
    } else {
      CheckDuration(context, decay.At(v1::Decay::kCleanTimeFieldNumber), decay->clean_time(),
                    {"clean_time", kHourUs, kTermMaxUs});
    }
    if (decay->clean_hands() < 0) {
      context.reporter->Error(decay.At(v1::Decay::kCleanHandsFieldNumber),
                              "clean_hands is negative", "0 asks for no hands");
    }
  }
  if (ladder->has_unchanged_after()) {
    CheckDuration(context, ladder.At(v1::Ladder::kUnchangedAfterFieldNumber),
                  ladder->unchanged_after(), {"unchanged_after", kTermMinUs, kTermMaxUs});
  }
}

void CheckRungs(const CheckContext& context, const Node<v1::Ladder>& ladder) {
  if (ladder->rungs_size() == 0) {
    context.reporter->Error(ladder.place, "a ladder without rungs", "add rungs, mildest first");
  }
  if (ladder->rungs_size() > kRungsMax) {
    context.reporter->Error(ladder.At(v1::Ladder::kRungsFieldNumber, kRungsMax),
                            std::to_string(ladder->rungs_size()) + " rungs",
                            "at most " + std::to_string(kRungsMax));
    return;
  }
  for (int i = 0; i < ladder->rungs_size(); ++i) {
    const auto rung = ChildOf(ladder, ladder->rungs(i), v1::Ladder::kRungsFieldNumber, i);
    CheckRung(context, rung);
    if (i > 0 && IsMilder(WeighRung(ladder->rungs(i)), WeighRung(ladder->rungs(i - 1)))) {
      context.reporter->Warning(rung.place,
                                "rung " + std::to_string(i + 1) + " is milder than the one before",
                                "a ladder climbs: put the mildest rung first");
    }
  }
}

}  // namespace

void CheckLadders(const CheckContext& context) {
  std::set<std::string_view> used;
  for (const v1::Rule& rule : context.policy->rules())
    used.insert(rule.ladder());
  for (int i = 0; i < context.policy->ladders_size(); ++i) {
    const auto ladder =
        ChildOf(context.policy, context.policy->ladders(i), v1::Policy::kLaddersFieldNumber, i);
    const Place id = ladder.At(v1::Ladder::kLadderIdFieldNumber);
    if (CheckId(context, id, ladder->ladder_id(), "")) {
      if (context.ladders.at(ladder->ladder_id()) != i) {
        context.reporter->Error(id, "a second ladder " + Quoted(ladder->ladder_id()),
                                "identifiers are unique: rename one");
      }
      if (!used.contains(ladder->ladder_id())) {
        context.reporter->Warning(id, "no rule uses ladder " + Quoted(ladder->ladder_id()),
                                  "name it in a rule, or remove it");
      }
    }
    CheckText(context, ChildOf(ladder, ladder->title(), v1::Ladder::kTitleFieldNumber), "title",
              kTitleMaxBytes);
    CheckRungs(context, ladder);
    CheckClimbing(context, ladder);
  }
}

}  // namespace hallwarden::policy
