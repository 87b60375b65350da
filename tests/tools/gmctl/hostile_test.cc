// Whatever players write and whatever the daemon sends, no byte of it may act on a terminal: every
// command, every format, both languages, with text of every kind that players tried and random
// bytes. Messages are filled by reflection, so a field that is added later is covered by itself.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "tests/tools/gmctl/fakes.h"
#include "tests/tools/gmctl/safety.h"
#include "tools/gmctl/escape.h"

namespace hallwarden::gmctl {
namespace {

using google::protobuf::FieldDescriptor;

// A proto3 string is always UTF-8: the wire refuses anything else.
std::string ValidUtf8(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t begin = at;
    if (DecodeOne(text, at) != 0xFFFFFFFF) out += text.substr(begin, at - begin);
  }
  return IsValidUtf8(out) ? out : "\x1b\u202E";
}

class Filler {
 public:
  explicit Filler(std::uint32_t seed) : random_(seed) {}

  void Fill(google::protobuf::Message& message, int depth) {
    const auto& type = *message.GetDescriptor();
    if (&type == google::protobuf::Timestamp::descriptor()) {
      message.GetReflection()->SetInt64(&message, type.FindFieldByName("seconds"), 1788339600);
      return;
    }
    if (&type == google::protobuf::Duration::descriptor()) {
      message.GetReflection()->SetInt64(&message, type.FindFieldByName("seconds"),
                                        std::int64_t{7} * 86400);
      return;
    }
    for (int i = 0; i < type.field_count(); ++i)
      FillField(message, *type.field(i), depth);
  }

 private:
  std::string Text(const FieldDescriptor& field) {
    const std::string text = RandomNastyText(random_) + "\x1b[31m\u202E";
    return field.type() == FieldDescriptor::TYPE_BYTES ? text + "\xff" : ValidUtf8(text);
  }

  void FillField(google::protobuf::Message& message, const FieldDescriptor& field, int depth) {
    const auto& reflection = *message.GetReflection();
    const bool list = field.is_repeated();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        if (field.name() == "next_page_token") return;
        if (list) {
          reflection.AddString(&message, &field, Text(field));
        } else {
          reflection.SetString(&message, &field, Text(field));
        }
        return;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth > 5) return;
        Fill(list ? *reflection.AddMessage(&message, &field)
                  : *reflection.MutableMessage(&message, &field),
             depth + 1);
        return;
      case FieldDescriptor::CPPTYPE_ENUM:
        if (list) {
          reflection.AddEnumValue(&message, &field, static_cast<int>(random_() % 20));
        } else {
          reflection.SetEnumValue(&message, &field, static_cast<int>(random_() % 20));
        }
        return;
      case FieldDescriptor::CPPTYPE_INT32:
        // Otherwise half of the orders would end before they are sent.
        if (!list && field.name() != "confirmation_level")
          reflection.SetInt32(&message, &field, static_cast<int>(random_() % 3));
        return;
      case FieldDescriptor::CPPTYPE_INT64:
        if (!list) reflection.SetInt64(&message, &field, static_cast<int>(random_() % 1000));
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        if (!list && field.name() != "permanent")
          reflection.SetBool(&message, &field, random_() % 2 == 0);
        return;
      default:
        return;
    }
  }

  std::mt19937 random_;
};

class HostileTest : public GmctlTest {
 protected:
  // Every call answers with a message full of what players tried.
  void AnswerEverything(std::uint32_t seed) {
#define HW_ANSWER(name, request, response)                                           \
  daemon_.name.answer = [seed](const v1::request&) -> absl::StatusOr<v1::response> { \
    v1::response answer;                                                             \
    Filler(seed).Fill(answer, 0);                                                    \
    return answer;                                                                   \
  };
    HW_FOR_EACH_UNARY_CALL(HW_ANSWER)
    HW_FOR_EACH_BANK_CALL(HW_ANSWER)
    HW_FOR_EACH_TEXT_CALL(HW_ANSWER)
    HW_FOR_EACH_CASE_CALL(HW_ANSWER)
    HW_FOR_EACH_RECOVERY_CALL(HW_ANSWER)
    HW_FOR_EACH_STATS_CALL(HW_ANSWER)
    HW_FOR_EACH_APPEAL_CALL(HW_ANSWER)
#undef HW_ANSWER
    TailScript script;
    script.entries.resize(2);
    for (v1::TailResponse& entry : script.entries)
      Filler(++seed).Fill(entry, 0);
    daemon_.tails.assign(1, script);
  }

  void ExpectHarmless(const std::vector<std::string>& words, bool tabs) {
    const std::string line = Join(words, " ");
    EXPECT_EQ(WhatIsUnsafe(out(), tabs), "") << line << "\n" << Guard(out());
    EXPECT_EQ(WhatIsUnsafe(error(), false), "") << line << "\n" << Guard(error());
  }
};

const std::vector<std::vector<std::string>>& Commands() {
  static const std::vector<std::vector<std::string>> kCommands = {
      {"who", "10086"},
      {"who", "name:x"},
      {"history", "10086"},
      {"punish", "10086", "ads", "--reason", "spam", "--dry-run"},
      {"punish", "10086", "ads", "--reason", "spam", "--yes"},
      {"ban", "10086", "--rule", "ads", "--for", "7d", "--reason", "spam", "--confirm", "10086"},
      {"lift", "sn_1", "--as", "mercy", "--reason", "kind", "--yes"},
      {"lift", "10086", "--as", "mercy", "--reason", "kind", "--yes"},
      {"undo", "10086", "--reason", "kind", "--yes"},
      {"sanction", "ls"},
      {"sanction", "get", "sn_1"},
      {"sanction", "explain", "sn_1"},
      {"appeal", "ls"},
      {"appeal", "show", "ap_1"},
      {"appeal", "next"},
      {"appeal", "submit", "sn_1", "words", "--says", "mistake", "--yes"},
      {"appeal", "say", "ap_1", "words", "--yes"},
      {"appeal", "replies"},
      {"appeal", "decide", "ap_1", "--uphold", "--reason", "kind", "--yes"},
      {"appeal", "withdraw", "ap_1", "--reason", "kind", "--yes"},
      {"case", "ls"},
      {"case", "show", "cs_1"},
      {"case", "close", "cs_1", "--dismiss", "--reason", "kind", "--yes"},
      {"note", "add", "10086", "words", "--reason", "kind", "--yes"},
      {"rename", "10086", "--reason", "kind", "--yes"},
      {"policy", "show"},
      {"policy", "history"},
      {"partner", "ls"},
      {"bank", "ls"},
      {"bank", "test", std::string(64, 'a')},
      {"token", "ls"},
      {"token", "create", "--principal", "gm-x", "--role", "gm", "--reason", "new one", "--yes"},
      {"server", "ls"},
      {"server", "show", "hall-1"},
      {"server", "caused", "hall-1", "--since", "2h"},
      {"server", "reverse", "hall-1", "--since", "2h", "--reason", "hacked", "--confirm", "hall-1"},
      {"rule", "ls"},
      {"audit", "ls"},
      {"audit", "show", "1-0"},
      {"whoami"},
      {"can", "ban"},
      {"doctor"},
      {"tail", "--no-follow"},
  };
  return kCommands;
}

TEST_F(HostileTest, NothingRawReachesATerminalInAnyFormat) {
  std::uint32_t seed = 1;
  for (const auto& words : Commands()) {
    for (const std::string format : {"table", "wide", "json", "jsonl", "yaml", "tsv", "name"}) {
      for (const std::string language : {"en", "zh"}) {
        AnswerEverything(++seed);
        std::vector<std::string> all = words;
        all.insert(all.end(), {"-o", format, "--lang", language, "--color", "never"});
        SCOPED_TRACE("seed=" + std::to_string(seed));
        EXPECT_NE(Gmctl(all), 2) << Join(all, " ") << "\n" << error();
        EXPECT_FALSE((out() + error()).empty()) << Join(all, " ");
        ExpectHarmless(all, format == "tsv");
      }
    }
  }
}

// A file with tabs, whatever the format: other programs and `bank import` read it.
TEST_F(HostileTest, AnExportedBankIsHarmlessToo) {
  for (std::uint32_t seed = 1; seed <= 20; ++seed) {
    AnswerEverything(seed);
    EXPECT_NE(Gmctl({"bank", "export"}), 2) << error();
    ExpectHarmless({"bank", "export"}, true);
  }
}

TEST_F(HostileTest, EveryTsvLineHasTheSameNumberOfCells) {
  std::uint32_t seed = 1000;
  for (const auto& words : Commands()) {
    AnswerEverything(++seed);
    std::vector<std::string> all = words;
    all.insert(all.end(), {"-o", "tsv"});
    static_cast<void>(Gmctl(all));
    std::vector<std::string> lines = Split(out(), '\n');
    ASSERT_FALSE(lines.empty());
    EXPECT_EQ(lines.back(), "") << Join(all, " ");
    lines.pop_back();
    for (const std::string& line : lines) {
      EXPECT_EQ(Split(line, '\t').size(), Split(lines.front(), '\t').size()) << Join(all, " ");
    }
  }
}

TEST_F(HostileTest, JsonStaysValidJson) {
  std::uint32_t seed = 2000;
  for (const auto& words : Commands()) {
    for (int i = 0; i < 4; ++i) {
      AnswerEverything(++seed);
      std::vector<std::string> all = words;
      all.insert(all.end(), {"-o", "jsonl"});
      static_cast<void>(Gmctl(all));
      for (const std::string& line : Split(out(), '\n')) {
        if (line.empty()) continue;
        google::protobuf::Value value;
        EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(line, &value).ok())
            << Join(all, " ") << "\n"
            << line;
      }
    }
  }
}

TEST_F(HostileTest, ErrorsAndArgumentsAreShownSafely) {
  std::mt19937 random(5);
  for (int i = 0; i < 500; ++i) {
    const std::string text = RandomNastyText(random);
    daemon_.GetAccount.Fails(WithServerReason(
        absl::InternalError(text),
        {.reason = text, .domain = text, .metadata = {{text, text}, {"hint_en", text}}}));
    static_cast<void>(Gmctl({"who", "10086"}));
    ExpectHarmless({"who", "10086"}, false);
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{text},
                                               {"who", text},
                                               {"who", "name:" + text},
                                               {"--" + text},
                                               {"ban", "1", text},
                                               {"ban", "1", "--for", text},
                                               {"explain", text},
                                               {"history", "1", "--kind", text},
                                               {"case", text},
                                               {"help", text},
                                               {"context", "use", text}}) {
      static_cast<void>(Gmctl(words));
      ExpectHarmless(words, true);
    }
  }
}

TEST_F(HostileTest, ColoursAreOurOwnOnly) {
  AnswerEverything(77);
  AtTerminal({});
  static_cast<void>(Gmctl({"who", "10086", "--color", "always"}));
  std::string text = out();
  EXPECT_NE(text.find("\x1b[1m"), std::string::npos);
  for (const std::string ours :
       {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31m", "\x1b[32m", "\x1b[33m"}) {
    for (std::size_t at = text.find(ours); at != std::string::npos; at = text.find(ours)) {
      text.erase(at, ours.size());
    }
  }
  EXPECT_EQ(WhatIsUnsafe(text, false), "");
}

}  // namespace
}  // namespace hallwarden::gmctl
