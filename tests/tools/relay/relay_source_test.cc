// Lines become events exactly once, wherever the power is cut.
#include "tools/relay/relay_source.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/tools/session/fakes.h"
#include "tools/relay/event_line.h"
#include "tools/relay/reject_file.h"
#include "tools/session/session_client.h"

namespace hallwarden::relay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kInput[] = "dir/events.jsonl";
constexpr char kPosition[] = "dir/events.jsonl.position";
constexpr char kRejects[] = "dir/rejects.jsonl";

std::string GoodLine(int number) {
  return absl::StrCat(R"({"account":"a)", number, R"(","loggedOut":{}})");
}

std::vector<std::string> Lines(int count) {
  std::vector<std::string> lines;
  for (int i = 1; i <= count; ++i)
    lines.push_back(i % 7 == 3 ? absl::StrCat("broken ", i) : GoodLine(i));
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string all;
  for (const std::string& line : lines)
    absl::StrAppend(&all, line, "\n");
  return all;
}

class NoDirectives final : public session::DirectiveHandler {
 public:
  void Handle(const v1::Directive& /*directive*/) override {}
};

// One process of the relay on a disk and a network that outlive it.
class Process {
 public:
  struct World {
    session::FakeClock clock;
    session::PowerSwitch power;
    session::FakeFileSystem fs{&power};
    session::FakeDaemon daemon{&clock, &power, 1};
    session::SeededJitter jitter{3};
    std::vector<std::string> said;
  };
  struct Flags {
    bool follow = false;
    FirstContact first_contact = FirstContact::kAsk;
  };

  Process(World* world, Flags flags) : world_(world), file_(&world->fs, kPosition) {
    status_ = Start(flags);
  }

  // Steps until everything is acknowledged, the power is gone, an error or nothing moves.
  absl::Status Run() {
    for (int steps = 0; status_.ok() && steps < 20'000; ++steps) {
      absl::StatusOr<session::Micros> wait = client_->Step();
      if (world_->power.off()) return absl::UnavailableError("the power is off");
      if (!wait.ok()) return wait.status();
      if (client_->Drained()) {
        source_->Finished();
        return client_->Close(session::Micros{1000});
      }
      world_->daemon.Wait(std::min(*wait, session::Micros{100'000}));
    }
    return status_;
  }

  // A limited number of steps, for input that never ends.
  absl::Status Run(int steps) {
    for (int i = 0; status_.ok() && i < steps; ++i) {
      if (absl::StatusOr<session::Micros> wait = client_->Step(); !wait.ok()) return wait.status();
      world_->daemon.Wait(session::Micros{100'000});
    }
    return status_;
  }

  session::SessionClient& client() { return *client_; }

 private:
  absl::Status Start(const Flags& flags) {
    RelayPosition position;
    const absl::StatusOr<session::PositionValues> values = file_.Load();
    if (!values.ok() && !absl::IsNotFound(values.status())) return values.status();
    if (values.ok()) {
      absl::StatusOr<RelayPosition> loaded = RelayPositionFromValues(*values);
      if (!loaded.ok()) return loaded.status();
      position = *std::move(loaded);
    }
    std::optional<Place> place;
    if (values.ok()) place = position.place;
    auto input = FileInput::Open(&world_->fs,
                                 {.path = kInput, .follow = flags.follow, .log = nullptr}, place);
    if (!input.ok()) return input.status();
    auto rejects = RejectFile::Open(
        &world_->fs, kRejects, [this](const std::string& line) { world_->said.push_back(line); });
    if (!rejects.ok()) return rejects.status();
    rejects_ = *std::move(rejects);
    source_ = std::make_unique<RelaySource>(
        RelaySource::Options{.first_contact = flags.first_contact, .ignore_unknown_fields = false},
        *std::move(input), position, values.ok(), &file_, rejects_.get());
    session::SessionOptions options;
    options.batch_events_max = 4;
    options.save_interval = session::Micros{250'000};
    client_.emplace(options,
                    session::SessionClient::Parts{.transport = &world_->daemon,
                                                  .source = source_.get(),
                                                  .handler = &handler_,
                                                  .store = source_.get(),
                                                  .clock = &world_->clock,
                                                  .jitter = &world_->jitter,
                                                  .log = nullptr},
                    position.session);
    return absl::OkStatus();
  }

  World* world_;
  session::PositionFile file_;
  NoDirectives handler_;
  std::unique_ptr<RejectFile> rejects_;
  std::unique_ptr<RelaySource> source_;
  std::optional<session::SessionClient> client_;
  absl::Status status_;
};

// Event n is line n, with nothing behind.
void ExpectExactly(const std::vector<std::string>& lines, Process::World* world) {
  ASSERT_EQ(world->daemon.durable(), static_cast<std::int64_t>(lines.size()));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(world->daemon.events[static_cast<std::int64_t>(i) + 1],
              ParseEventLine(lines[i], false, false).bytes)
        << "line " << i + 1;
  }
  EXPECT_THAT(world->daemon.breaches, IsEmpty());
}

std::vector<std::string> RejectedLines(const Process::World& world) {
  std::vector<std::string> lines;
  if (!world.fs.Exists(kRejects)) return lines;
  const std::string content = world.fs.Read(kRejects);
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = content.find('\n', at);
    const std::size_t key = content.find("\"line\":", at);
    lines.push_back(content.substr(key + 7, content.find_first_of(",}", key) - key - 7));
    at = end + 1;
  }
  return lines;
}

TEST(RelaySourceTest, MakesEachLineOneEvent) {
  Process::World world;
  const std::vector<std::string> lines = Lines(40);
  world.fs.Write(kInput, Joined(lines));
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  ExpectExactly(lines, &world);
  EXPECT_THAT(RejectedLines(world), ElementsAre("3", "10", "17", "24", "31", "38"));
  EXPECT_THAT(world.said.front(),
              HasSubstr("dir/events.jsonl:3: refused as event 3: NOT_AN_EVENT"));
}

TEST(RelaySourceTest, LosesAndDoublesNothingWhereverThePowerIsCut) {
  const std::vector<std::string> lines = Lines(60);
  std::int64_t steps = 0;
  {
    Process::World world;
    world.fs.Write(kInput, Joined(lines));
    ASSERT_TRUE(Process(&world, {}).Run().ok());
    steps = world.power.steps();
  }
  ASSERT_GT(steps, 40);
  for (std::int64_t cut = 0; cut <= steps; ++cut) {
    SCOPED_TRACE(absl::StrCat("cut before step ", cut));
    Process::World world;
    world.fs.Write(kInput, Joined(lines));
    session::SeededJitter chance(static_cast<std::uint64_t>(cut));
    // Cut several times, so that a cut while coming back is tried, too.
    for (std::int64_t next = cut; next >= 0; next = next * 2 / 3 - 1) {
      world.power.CutBefore(next);
      const absl::Status ran = Process(&world, {}).Run();
      EXPECT_TRUE(ran.ok() || absl::IsUnavailable(ran)) << ran;
      world.daemon.ClientDied();
      world.power.CutBefore(-1);
      world.fs.ForgetUnsynced(&chance);
    }
    const absl::Status done = Process(&world, {}).Run();
    ASSERT_TRUE(done.ok()) << done;
    ExpectExactly(lines, &world);
    EXPECT_THAT(RejectedLines(world),
                ElementsAre("3", "10", "17", "24", "31", "38", "45", "52", "59"));
  }
}

TEST(RelaySourceTest, KeepsItsMappingThroughABadNetwork) {
  for (int seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE(absl::StrCat("seed=", seed));
    Process::World world;
    session::FakeDaemon& daemon = world.daemon;
    daemon.weather =
        session::Weather{.lost = 100, .answer_lost = 100, .repeated_ack = 100, .late_ack = 100};
    daemon.credit_events = 1 + seed;
    const std::vector<std::string> lines = Lines(150);
    world.fs.Write(kInput, Joined(lines));
    ASSERT_TRUE(Process(&world, {}).Run().ok());
    ExpectExactly(lines, &world);
  }
}

TEST(RelaySourceTest, FollowsAFileThatGrowsAndIsRotated) {
  Process::World world;
  const std::vector<std::string> lines = Lines(12);
  world.fs.Write(kInput, Joined({lines[0], lines[1]}));
  Process process(&world, {.follow = true});
  ASSERT_TRUE(process.Run(20).ok());
  EXPECT_EQ(world.daemon.durable(), 2);
  // Half a line waits for its other half.
  world.fs.AppendTo(kInput, lines[2].substr(0, 5));
  ASSERT_TRUE(process.Run(20).ok());
  EXPECT_EQ(world.daemon.durable(), 2);
  world.fs.AppendTo(kInput, lines[2].substr(5) + "\n");
  ASSERT_TRUE(process.Run(20).ok());
  EXPECT_EQ(world.daemon.durable(), 3);
  // The writer renames, writes a last line into the old file, and begins a new one.
  world.fs.Move(kInput, "dir/events.jsonl.1");
  ASSERT_TRUE(process.Run(20).ok());
  world.fs.AppendTo("dir/events.jsonl.1", lines[3] + "\n");
  world.fs.Write(kInput, Joined({lines[4], lines[5]}));
  ASSERT_TRUE(process.Run(40).ok());
  EXPECT_EQ(world.daemon.durable(), 6);
  // Two rotations in one go.
  world.fs.AppendTo(kInput, lines[6] + "\n");
  world.fs.Move("dir/events.jsonl.1", "dir/events.jsonl.2");
  world.fs.Move(kInput, "dir/events.jsonl.1");
  world.fs.Write(kInput, Joined({lines[7]}));
  world.fs.Move("dir/events.jsonl.2", "dir/events.jsonl.3");
  world.fs.Move("dir/events.jsonl.1", "dir/events.jsonl.2");
  world.fs.Move(kInput, "dir/events.jsonl.1");
  world.fs.Write(kInput, Joined({lines[8], lines[9], lines[10], lines[11]}));
  ASSERT_TRUE(process.Run(60).ok());
  ExpectExactly(lines, &world);
}

TEST(RelaySourceTest, FindsItsRotatedFileAfterAStop) {
  Process::World world;
  const std::vector<std::string> lines = Lines(30);
  world.fs.Write(kInput, Joined({lines.begin(), lines.begin() + 10}));
  world.power.CutBefore(40);
  ASSERT_FALSE(Process(&world, {.follow = true}).Run().ok());
  world.daemon.ClientDied();
  world.power.CutBefore(-1);
  world.fs.Move(kInput, "dir/events.jsonl-20260105");
  world.fs.Write(kInput, Joined({lines.begin() + 10, lines.begin() + 20}));
  world.fs.Move(kInput, "dir/events.jsonl-20260106");
  world.fs.Write(kInput, Joined({lines.begin() + 20, lines.end()}));
  ASSERT_TRUE(Process(&world, {.follow = true}).Run(60).ok());
  ExpectExactly(lines, &world);
}

TEST(RelaySourceTest, SaysSoWhenItsFileIsGone) {
  Process::World world;
  world.fs.Write(kInput, Joined(Lines(10)));
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  world.fs.Remove(kInput);
  world.fs.Write(kInput, Joined(Lines(3)));
  EXPECT_THAT(std::string(Process(&world, {}).Run().message()),
              HasSubstr("removed, packed or replaced"));
}

TEST(RelaySourceTest, RefusesAFileThatGotTheInodeOfTheOldOne) {
  Process::World world;
  world.fs.Write(kInput, Joined(Lines(10)));
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  // A start without anything new to send must not forget what the file looked like.
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  world.fs.Write(kInput, std::string(100'000, 'x') + "\n");
  EXPECT_FALSE(Process(&world, {}).Run().ok());
}

TEST(RelaySourceTest, ReadsAgainWhatARestoredStoreLost) {
  Process::World world;
  const std::vector<std::string> lines = Lines(30);
  world.fs.Write("dir/events.jsonl.2", Joined({lines.begin(), lines.begin() + 10}));
  world.fs.Write("dir/events.jsonl.1", Joined({lines.begin() + 10, lines.begin() + 20}));
  world.fs.Move("dir/events.jsonl.2", kInput);
  {
    // Reads the first file, which then is rotated twice.
    ASSERT_TRUE(Process(&world, {}).Run().ok());
    world.fs.Move(kInput, "dir/events.jsonl.2");
    world.fs.AppendTo("dir/events.jsonl.1", "");
    world.fs.Write(kInput, Joined({lines.begin() + 20, lines.end()}));
    ASSERT_TRUE(Process(&world, {.follow = true}).Run(80).ok());
  }
  ExpectExactly(lines, &world);
  world.daemon.events.erase(world.daemon.events.upper_bound(4), world.daemon.events.end());
  world.daemon.set_durable(4);
  world.daemon.history_epoch = 2;
  ASSERT_TRUE(Process(&world, {.follow = true}).Run(80).ok());
  ExpectExactly(lines, &world);
}

TEST(RelaySourceTest, GivesUpWhatWasRotatedAwayBeforeTheRestore) {
  Process::World world;
  const std::vector<std::string> lines = Lines(30);
  world.fs.Write("dir/events.jsonl.1", Joined({lines.begin(), lines.begin() + 10}));
  world.fs.Move("dir/events.jsonl.1", kInput);
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  world.fs.Move(kInput, "dir/events.jsonl.1");
  world.fs.Write(kInput, Joined({lines.begin() + 10, lines.end()}));
  ASSERT_TRUE(Process(&world, {.follow = true}).Run(80).ok());
  ExpectExactly(lines, &world);
  // The first ten lines are packed away, and the backup knows four of them.
  world.fs.Remove("dir/events.jsonl.1");
  world.daemon.events.erase(world.daemon.events.upper_bound(4), world.daemon.events.end());
  world.daemon.set_durable(4);
  world.daemon.history_epoch = 2;
  ASSERT_TRUE(Process(&world, {.follow = true}).Run(80).ok());
  EXPECT_EQ(world.daemon.durable(), 30);
  EXPECT_EQ(world.daemon.hellos.back().oldest_seq(), 11);
  EXPECT_EQ(world.daemon.events.size(), 4U + 20U);
}

TEST(RelaySourceTest, AsksWhatALostPositionFileMeans) {
  Process::World world;
  const std::vector<std::string> lines = Lines(20);
  world.fs.Write(kInput, Joined(lines));
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  world.fs.Remove(kPosition);
  EXPECT_THAT(std::string(Process(&world, {}).Run().message()), HasSubstr("--from-start"));
  world.fs.AppendTo(kInput, GoodLine(21) + "\n");
  ASSERT_TRUE(Process(&world, {.first_contact = FirstContact::kFromStart}).Run().ok());
  EXPECT_EQ(world.daemon.durable(), 21);
  EXPECT_EQ(world.daemon.repeated_events, 0);
  world.fs.Remove(kPosition);
  ASSERT_TRUE(Process(&world, {.first_contact = FirstContact::kAppend}).Run().ok());
  EXPECT_EQ(world.daemon.durable(), 42);
}

TEST(RelaySourceTest, StopsWhenTheDaemonHoldsMoreThanTheInput) {
  Process::World world;
  world.fs.Write(kInput, Joined(Lines(5)));
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  world.daemon.set_durable(9);
  EXPECT_THAT(std::string(Process(&world, {}).Run().message()), HasSubstr("has lines for 5 only"));
}

TEST(RelaySourceTest, CountsALastLineWithoutALineBreak) {
  Process::World world;
  world.fs.Write(kInput, GoodLine(1) + "\n" + GoodLine(2));
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  ExpectExactly({GoodLine(1), GoodLine(2)}, &world);
}

TEST(RelaySourceTest, CutsALineThatIsTooLong) {
  Process::World world;
  world.fs.Write(
      kInput, GoodLine(1) + "\n" + std::string(5 * kLineBytesMax, 'x') + "\n" + GoodLine(3) + "\n");
  ASSERT_TRUE(Process(&world, {}).Run().ok());
  EXPECT_EQ(world.daemon.durable(), 3);
  EXPECT_EQ(world.daemon.events[2].size(), 1025U);
  EXPECT_EQ(world.daemon.events[3], ParseEventLine(GoodLine(3), false, false).bytes);
  EXPECT_THAT(world.said.front(), HasSubstr("longer than 1 MiB"));
}

}  // namespace
}  // namespace hallwarden::relay
