#include "tools/relay/directive_book.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/tools/session/fakes.h"
#include "tools/session/position_file.h"
#include "tools/session/session_client.h"

namespace hallwarden::relay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kDirectives[] = "dir/directives.jsonl";
constexpr char kResults[] = "dir/results.jsonl";

struct ResultCase {
  const char* text;
  bool good;
};

TEST(ResultLineTest, IsReadStrictly) {
  for (const ResultCase& one : {
           ResultCase{R"({"directiveSeq":"7","outcome":"applied"})", true},
           ResultCase{R"({"directiveSeq":7,"outcome":"seen","detail":"x"})", true},
           ResultCase{R"({"directiveSeq":"7","outcome":"not_here","detail":""})", true},
           ResultCase{R"({"directiveSeq":"7","outcome":"rejected","detail":"changed"})", true},
           ResultCase{R"({"directiveSeq":"7"})", false},
           ResultCase{R"({"outcome":"applied"})", false},
           ResultCase{R"({"directiveSeq":"0","outcome":"applied"})", false},
           ResultCase{R"({"directiveSeq":-3,"outcome":"applied"})", false},
           ResultCase{R"({"directiveSeq":1e30,"outcome":"applied"})", false},
           ResultCase{R"({"directiveSeq":"7","outcome":"APPLIED"})", false},
           ResultCase{R"({"directiveSeq":"7","outcome":"applied","detial":""})", false},
           ResultCase{"", false},
           ResultCase{"[]", false},
       }) {
    EXPECT_EQ(ParseResultLine(one.text).ok(), one.good) << one.text;
  }
  EXPECT_EQ(ParseResultLine(R"({"directiveSeq":"7","outcome":"seen"})")->directive_seq(), 7);
}

// The relay's directive side of one process, with enough events that answers settle.
class Process final : public session::EventSource, public session::PositionStore {
 public:
  struct World {
    session::FakeClock clock;
    session::PowerSwitch power;
    session::FakeFileSystem fs{&power};
    session::FakeDaemon daemon{&clock, &power, 1};
    session::SeededJitter jitter{3};
    std::vector<std::string> said;
  };

  Process(World* world, bool auto_apply) : world_(world), position_(&world->fs, "dir/position") {
    status_ = Start(auto_apply);
  }

  absl::Status Run(int steps) {
    for (int i = 0; status_.ok() && i < steps && !world_->power.off(); ++i) {
      absl::StatusOr<session::Micros> wait = client_->Step();
      if (!wait.ok()) return wait.status();
      if (client_->open()) status_ = files_->Poll();
      world_->daemon.Wait(session::Micros{100'000});
    }
    return status_;
  }

  absl::Status Resume(std::int64_t durable_seq) override {
    next_ = durable_seq + 1;
    return absl::OkStatus();
  }
  absl::StatusOr<session::Fetch> Get(std::int64_t seq, std::string* event) override {
    *event = absl::StrCat("event ", seq);
    return seq % 2 == 0 && world_->daemon.durable() + 2 < seq ? session::Fetch::kNothingYet
                                                              : session::Fetch::kEvent;
  }
  absl::Status Acked(std::int64_t /*durable_seq*/) override { return absl::OkStatus(); }
  void Rejected(const v1::RejectedEvent& /*rejected*/) override {}
  absl::Status Save(const session::Positions& positions) override {
    session::PositionValues values;
    session::ToValues(positions, &values);
    const Place place = files_->ResultsPlace();
    values["inode"] = std::to_string(place.inode);
    values["offset"] = std::to_string(place.offset);
    values["line"] = std::to_string(place.line);
    return position_.Save(values);
  }

 private:
  absl::Status Start(bool auto_apply) {
    session::Positions positions;
    Place results;
    const absl::StatusOr<session::PositionValues> values = position_.Load();
    if (values.ok()) {
      positions = *session::FromValues(*values);
      results.inode = static_cast<std::uint64_t>(*session::PositionNumber(*values, "inode"));
      results.offset = *session::PositionNumber(*values, "offset");
      results.line = *session::PositionNumber(*values, "line");
      results.head_hash = session::Fnv1a("");
    }
    auto files = DirectiveFiles::Open(
        {.directives = kDirectives,
         .results = auto_apply ? "" : kResults,
         .auto_apply = auto_apply},
        {.fs = &world_->fs,
         .answer =
             [this](const v1::DirectiveResult& result) {
               client_->Answer(result.directive_seq(), result.outcome(), result.detail());
             },
         .settled = [this] { return client_->SettledAnswers(); },
         .log = [this](const std::string& line) { world_->said.push_back(line); }},
        results);
    if (!files.ok()) return files.status();
    files_ = *std::move(files);
    client_.emplace(session::SessionOptions{},
                    session::SessionClient::Parts{.transport = &world_->daemon,
                                                  .source = this,
                                                  .handler = files_.get(),
                                                  .store = this,
                                                  .clock = &world_->clock,
                                                  .jitter = &world_->jitter,
                                                  .log = nullptr},
                    positions);
    return absl::OkStatus();
  }

  World* world_;
  session::PositionFile position_;
  std::unique_ptr<DirectiveFiles> files_;
  std::optional<session::SessionClient> client_;
  absl::Status status_;
  std::int64_t next_ = 1;
};

std::vector<std::int64_t> DirectivesInFile(const Process::World& world) {
  std::vector<std::int64_t> seqs;
  if (!world.fs.Exists(kDirectives)) return seqs;
  const std::string content = world.fs.Read(kDirectives);
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = content.find('\n', at);
    if (end == std::string::npos) break;
    v1::Directive directive;
    EXPECT_TRUE(
        google::protobuf::util::JsonStringToMessage(content.substr(at, end - at), &directive).ok());
    seqs.push_back(directive.directive_seq());
    at = end + 1;
  }
  return seqs;
}

std::string ResultLine(int seq, const char* outcome) {
  return absl::StrCat(R"({"directiveSeq":")", seq, R"(","outcome":")", outcome, "\"}\n");
}

TEST(DirectiveFilesTest, WriteEachDirectiveAndReadItsResults) {
  Process::World world;
  for (int i = 0; i < 3; ++i)
    world.daemon.Order("a");
  Process process(&world, false);
  ASSERT_TRUE(process.Run(20).ok());
  EXPECT_THAT(DirectivesInFile(world), ElementsAre(1, 2, 3));
  EXPECT_THAT(world.daemon.outcomes, IsEmpty());
  world.fs.Write(kResults, ResultLine(2, "not_here") + "rubbish\n" + ResultLine(9, "applied") +
                               ResultLine(1, "applied") + ResultLine(1, "seen"));
  ASSERT_TRUE(process.Run(40).ok());
  EXPECT_THAT(world.daemon.outcomes[1],
              ElementsAre(v1::DIRECTIVE_OUTCOME_APPLIED, v1::DIRECTIVE_OUTCOME_SEEN));
  EXPECT_THAT(world.daemon.outcomes[2], ElementsAre(v1::DIRECTIVE_OUTCOME_NOT_HERE));
  EXPECT_THAT(world.said, SizeIs(2));
  EXPECT_THAT(world.said.front(), HasSubstr("dir/results.jsonl:2: "));
  EXPECT_THAT(world.said.back(), HasSubstr("no directive 9 yet"));
}

TEST(DirectiveFilesTest, AnswerAppliedWhenToldTo) {
  Process::World world;
  for (int i = 0; i < 3; ++i)
    world.daemon.Order("a");
  ASSERT_TRUE(Process(&world, true).Run(20).ok());
  EXPECT_THAT(DirectivesInFile(world), ElementsAre(1, 2, 3));
  EXPECT_THAT(world.daemon.outcomes, SizeIs(3));
}

TEST(DirectiveFilesTest, HoldEachDirectiveOnceWhereverThePowerIsCut) {
  for (const bool auto_apply : {false, true}) {
    for (int cut = 0; cut < 70; ++cut) {
      SCOPED_TRACE(absl::StrCat("auto_apply=", auto_apply, " cut=", cut));
      Process::World world;
      session::SeededJitter chance(static_cast<std::uint64_t>(cut));
      for (int i = 0; i < 4; ++i)
        world.daemon.Order("a");
      // Somebody else carries out what was written, whatever becomes of the relay.
      world.fs.Write(kResults, "");
      int answered = 0;
      const auto carry_out = [&world, &answered] {
        while (answered < static_cast<int>(DirectivesInFile(world).size())) {
          ++answered;
          world.fs.AppendTo(kResults,
                            ResultLine(answered, "applied") + ResultLine(answered, "seen"));
        }
      };
      for (int next = cut; next >= 0; next = next / 2 - 1) {
        world.power.CutBefore(next);
        {
          Process process(&world, auto_apply);
          for (int i = 0; i < 8 && !world.power.off(); ++i) {
            const absl::Status ran = process.Run(3);
            EXPECT_TRUE(ran.ok() || world.power.off()) << ran;
          }
        }
        world.daemon.ClientDied();
        world.power.CutBefore(-1);
        world.fs.ForgetUnsynced(&chance);
        carry_out();
      }
      ASSERT_TRUE(Process(&world, auto_apply).Run(25).ok());
      carry_out();
      ASSERT_TRUE(Process(&world, auto_apply).Run(25).ok());
      EXPECT_THAT(DirectivesInFile(world), ElementsAre(1, 2, 3, 4));
      EXPECT_THAT(world.daemon.outcomes, SizeIs(4));
      for (const auto& [seq, outcomes] : world.daemon.outcomes) {
        EXPECT_EQ(outcomes.front(), v1::DIRECTIVE_OUTCOME_APPLIED);
        if (auto_apply) continue;
        EXPECT_THAT(outcomes, ::testing::Contains(v1::DIRECTIVE_OUTCOME_SEEN)) << seq;
      }
    }
  }
}

TEST(GrowingFileTest, CutsATornLineAndRemembersTheLastWholeOne) {
  session::PowerSwitch power;
  session::FakeFileSystem fs(&power);
  fs.Write("dir/f", "one\ntwo\nthr");
  std::string last;
  auto file = GrowingFile::Open(&fs, "dir/f", &last);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(last, "two");
  ASSERT_TRUE((*file)->Append("three\n").ok());
  EXPECT_EQ(fs.Read("dir/f"), "one\ntwo\nthree\n");
  fs.Write("dir/g", "on");
  ASSERT_TRUE(GrowingFile::Open(&fs, "dir/g", &last).ok());
  EXPECT_EQ(last, "");
  EXPECT_EQ(fs.Read("dir/g"), "");
}

TEST(DirectiveCommandTest, GetsDirectivesAndAnswersThem) {
  session::FakeClock clock;
  std::vector<std::int64_t> answered;
  std::vector<std::string> said;
  DirectiveCommand command(
      // Answers the first one and ends; its successor gets the second one again.
      R"sh(read line; seq=$(echo "$line" | sed 's/.*"directiveSeq":"\([0-9]*\)".*/\1/'))sh"
      R"sh(; echo "{\"directiveSeq\":\"$seq\",\"outcome\":\"applied\"}")sh",
      [&answered](const v1::DirectiveResult& result) {
        answered.push_back(result.directive_seq());
      },
      [&said](const std::string& line) { said.push_back(line); }, &clock);
  v1::Directive directive;
  for (const int seq : {1, 2}) {
    directive.set_directive_seq(seq);
    command.Handle(directive);
  }
  for (int polls = 0; answered.size() < 2 && polls < 5'000'000; ++polls) {
    ASSERT_TRUE(command.Poll().ok());
    clock.Advance(session::Micros{1000});
  }
  EXPECT_THAT(answered, ElementsAre(1, 2));
  EXPECT_THAT(said.front(), HasSubstr("1 unanswered"));
}

}  // namespace
}  // namespace hallwarden::relay
