#include "tools/names_to_events/names_traffic.h"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

namespace hallwarden::names {
namespace {

using ::testing::HasSubstr;

std::vector<LabelledText> Texts(int count) {
  std::vector<LabelledText> texts;
  for (int i = 0; i < count; ++i) {
    texts.push_back(LabelledText{i % 10 == 0 ? "bad" : "ok", "name " + std::to_string(i)});
  }
  return texts;
}

struct Made {
  std::vector<std::string> events;
  std::vector<NameGiven> names;
};

Made Make(const NamesOptions& options, const std::vector<LabelledText>& texts) {
  Made made;
  MakeNames(
      options, texts,
      [&made](const v1::HallEvent& event) { made.events.push_back(event.ShortDebugString()); },
      [&made](const NameGiven& name) { made.names.push_back(name); });
  return made;
}

TEST(LabelledTextsTest, AreReadLineByLine) {
  std::vector<LabelledText> texts;
  ASSERT_TRUE(
      AddLabelledTexts("# about\nok\tone\r\n\nporn\ttwo\tmore\nok\t\nok\t\xFF\n", "f.tsv", &texts)
          .ok());
  ASSERT_EQ(texts.size(), 3U);
  EXPECT_EQ(texts[0].text, "one");
  EXPECT_EQ(texts[1].label, "porn");
  EXPECT_EQ(texts[1].text, "two");
  EXPECT_EQ(texts[2].text, "\xFF");
}

TEST(LabelledTextsTest, SayWhichLineIsWrong) {
  std::vector<LabelledText> texts;
  EXPECT_THAT(std::string(AddLabelledTexts("ok\tone\nno tab\n", "f.tsv", &texts).message()),
              HasSubstr("f.tsv:2"));
}

TEST(NamesTest, AreTheSameForTheSameSeed) {
  NamesOptions options;
  options.events = 3000;
  const Made made = Make(options, Texts(100));
  EXPECT_EQ(made.events.size(), 3000U);
  EXPECT_EQ(made.events, Make(options, Texts(100)).events);
  options.seed = 2;
  EXPECT_NE(made.events, Make(options, Texts(100)).events);
}

TEST(NamesTest, UseEachTextOnceBeforeAnyTwice) {
  NamesOptions options;
  options.events = 500;
  std::set<std::string> seen;
  for (const NameGiven& name : Make(options, Texts(1000)).names)
    EXPECT_TRUE(seen.insert(name.text).second);
  options.events = 2000;
  std::map<std::string, int> counts;
  for (const NameGiven& name : Make(options, Texts(1000)).names)
    ++counts[name.text];
  EXPECT_EQ(counts.size(), 1000U);
}

TEST(NamesTest, SpeakOnlyOfAccountsThatAreHereAndLabelEachName) {
  NamesOptions options;
  options.events = 20'000;
  const std::vector<LabelledText> texts = Texts(5000);
  std::set<std::string> here;
  std::int64_t line = 0;
  std::int64_t renames = 0;
  std::map<std::int64_t, NameGiven> names;
  MakeNames(
      options, texts,
      [&](const v1::HallEvent& event) {
        ++line;
        if (event.has_registered() || event.has_logged_in()) here.insert(event.account());
        ASSERT_TRUE(here.contains(event.account()));
        if (event.has_logged_out()) here.erase(event.account());
        renames += event.has_nickname_changed() ? 1 : 0;
        if (!event.has_registered() && !event.has_nickname_changed()) return;
        ASSERT_TRUE(names.contains(line));
        EXPECT_EQ(names[line].account, event.account());
        EXPECT_EQ(names[line].text, event.has_registered() ? event.registered().nickname()
                                                           : event.nickname_changed().nickname());
      },
      [&](const NameGiven& name) { names[name.line] = name; });
  EXPECT_NEAR(static_cast<double>(renames) / static_cast<double>(options.events), 0.3, 0.02);
}

TEST(NamesTest, SurviveJsonWhateverTheirBytes) {
  NamesOptions options;
  options.events = 50;
  std::vector<std::string> back;
  MakeNames(
      options, {LabelledText{"ok", "\xFF\xFE\x01"}},
      [](const v1::HallEvent& event) {
        std::string json;
        ASSERT_TRUE(google::protobuf::util::MessageToJsonString(event, &json).ok());
        v1::HallEvent read;
        ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok());
        EXPECT_EQ(read.SerializeAsString(), event.SerializeAsString());
      },
      [](const NameGiven& /*name*/) {});
}

}  // namespace
}  // namespace hallwarden::names
