// The oracle is worth its name: a good store passes, and every defect that a daemon could write
// into one is found.
#include "tests/chaos/oracle.h"

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "hallwarden/v1/policy.pb.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rules/policy/policy.h"
#include "tests/daemon/spine_fixture.h"

namespace hallwarden::chaos {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Tamper = std::function<void(storage::Group*)>;

template <class Effect>
bool Is(const PositionedEffect& effect) {
  return std::holds_alternative<Effect>(effect.effect);
}

// Takes every effect of a kind out.
template <class Effect>
Tamper Without() {
  return [](storage::Group* group) { std::erase_if(group->effects, &Is<Effect>); };
}

// Changes every effect of a kind.
template <class Effect>
Tamper Changing(const std::function<void(Effect*)>& change) {
  return [change](storage::Group* group) {
    for (PositionedEffect& effect : group->effects) {
      if (Is<Effect>(effect)) change(&std::get<Effect>(effect.effect));
    }
  };
}

class OracleTest : public daemon::SpineTest {
 protected:
  // Two players log in, one takes a plain name, a GM bans the other. What the daemon commits goes
  // through `tamper`. Then the oracle looks.
  std::vector<std::string> Look(const Tamper& tamper) {
    Start();
    if (tamper) store_->Tamper(tamper);
    const std::int64_t epoch = Hello("gs1");
    const std::vector<std::string> events{LoggedIn("a"), LoggedIn("b"), "no event",
                                          Nickname("a", "fuck you bamboo")};
    acked_ = static_cast<std::int64_t>(Send("gs1", epoch, 1, events).durable_seq);
    const daemon::CommandOutcome outcome = Run(Ban("b", "request-1"));
    const std::string sanction = outcome.answer->response.sanction().name();
    const auto position = static_cast<std::int64_t>(outcome.position);
    Stop();
    view_.name = "gs1";
    view_.acked += acked_;
    for (const std::string& event : events)
      view_.events.push_back(event == "no event" ? 0 : HashOf(event));
    if (change_view_) change_view_(&view_);
    Oracle oracle(directory_.store(), ReadRefPolicy(std::string(policy::DefaultPolicyText())),
                  false);
    return oracle.Check({view_}, {{"gm-li", "request-1", sanction, position}}, true);
  }

  ServerView view_;
  std::function<void(ServerView*)> change_view_;
  std::int64_t acked_ = 0;
};

TEST_F(OracleTest, AGoodStorePasses) {
  EXPECT_THAT(Look(nullptr), IsEmpty());
}

struct Defect {
  const char* name;
  Tamper tamper;
  const char* said;
};

class DefectTest : public OracleTest, public ::testing::WithParamInterface<Defect> {};

TEST_P(DefectTest, IsFound) {
  const std::vector<std::string> wrong = Look(GetParam().tamper);
  EXPECT_THAT(wrong, ::testing::Contains(HasSubstr(GetParam().said)));
}

INSTANTIATE_TEST_SUITE_P(
    Defects, DefectTest,
    ::testing::Values(
        Defect{"NoSanction", Without<PutSanction>(), "no sanction was imposed on a"},
        Defect{"OtherRung", Changing<PutSanction>([](PutSanction* put) {
                 put->sanction.mutable_step()->set_to_rung(3);
               }),
               "rung 3 instead of 1"},
        Defect{"Permanent",
               Changing<PutSanction>([](PutSanction* put) { put->sanction.set_permanent(true); }),
               "permanent 1 instead of 0"},
        Defect{"SomebodyElse",
               Changing<PutSanction>([](PutSanction* put) { put->sanction.set_account("c"); }),
               "no sanction was imposed on a"},
        Defect{"NoDirective", Without<SendDirective>(), "0 directives instead of"},
        Defect{"OtherDirective", Changing<SendDirective>([](SendDirective* send) {
                 send->directive.set_account("c");
               }),
               "directive 1 is warn of c"},
        Defect{"LighterRestriction", Changing<SendDirective>([](SendDirective* send) {
                 if (!send->directive.has_set_restrictions()) return;
                 send->directive.mutable_set_restrictions()->clear_restrictions();
               }),
               "takes nothing instead of 1 until"},
        Defect{"NoGate", Without<PutGate>(), "the gate knows 0 accounts instead of 1"},
        Defect{"NoTimer", Without<SetTimer>(), "0 timers are set instead of 1"},
        Defect{"NoAudit", Without<Audit>(), "has 0 audit records instead of 1"},
        Defect{"NoAnswer", Without<Answer>(), "the answer to request-1"},
        Defect{"NoWatermark", [](storage::Group* group) { group->positions.clear(); },
               "the watermark is 0, the journal ends at 4"},
        Defect{"WatermarkBehind",
               [](storage::Group* group) {
                 for (storage::SourcePosition& p : group->positions)
                   p.durable_seq /= 2;
               },
               "the watermark is 2, the journal ends at 4"},
        Defect{"OtherEvent",
               [](storage::Group* group) {
                 for (storage::JournalEntry& entry : group->entries) {
                   if (entry.kind == RecordKind::kHallEvent) entry.source_seq += 7;
                 }
               },
               "follows event"}),
    [](const ::testing::TestParamInfo<Defect>& param_info) {
      return std::string(param_info.param.name);
    });

TEST_F(OracleTest, AnAcknowledgedEventThatIsNotThereIsFound) {
  change_view_ = [](ServerView* view) { view->acked = 9; };
  EXPECT_THAT(Look(nullptr), ElementsAre("gs1: event 9 was acknowledged, the journal ends at 4"));
}

TEST_F(OracleTest, AnEventOtherThanWasSentIsFound) {
  change_view_ = [](ServerView* view) { view->events[1] = 1; };
  EXPECT_THAT(Look(nullptr), ElementsAre(HasSubstr("event 2 at position")));
}

TEST_F(OracleTest, ADirectiveThatWasSentBeforeItWasDurableIsFound) {
  change_view_ = [](ServerView* view) { view->directives[99] = 1; };
  EXPECT_THAT(Look(nullptr), ElementsAre("gs1 was sent directive 99, which is not in the store"));
}

TEST_F(OracleTest, ADirectiveThatIsNotTheOneThatWasSentIsFound) {
  change_view_ = [](ServerView* view) { view->directives[1] = 1; };
  EXPECT_THAT(Look(nullptr),
              ElementsAre("gs1 directive 1 in the store is not the one that was sent"));
}

}  // namespace
}  // namespace hallwarden::chaos
