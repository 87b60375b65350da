// What reading players' texts costs, beside the least that any word filter has to do: decode the
// bytes and run the matcher over them. Machines are noisy: only ratios of one run mean anything.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "rules/text/chat_screener.h"
#include "rules/text/matcher.h"
#include "rules/text/name_screener.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// Ordinary lines of a card hall.
constexpr std::string_view kChatLines[] = {
    "你的牌打得也太好了吧！",     "快点吧，我等得花儿都谢了",     "这把我要不起，你们先走",
    "今天手气不错，连赢了五把",   "大家好，很高兴见到各位",       "不要走，决战到天亮！",
    "三带一对，还剩两张牌",       "谁点的炮啊，我差一点就胡了",   "网络怎么这么差，又断线了",
    "晚上八点老地方，三缺一速来", "刚才那手牌操作可以啊，学到了", "吃饭去了，一会儿再来打两圈",
    "地主明牌了，我们稳了",       "别急别急，让我想想怎么出",     "这局输得有点冤，再来一局",
    "周末有比赛，记得报名参加"};
constexpr std::string_view kEnglishLines[] = {
    "well played, that was close",         "good luck everyone",  "wait a second, my phone rang",
    "nice hand, I had nothing but a pair", "one more game?",      "my connection is terrible today",
    "see you tomorrow at eight",           "thanks for the match"};
constexpr std::string_view kNames[] = {"惜风公子", "博涛小郎君",    "Lucky小明88", "三缺一",
                                       "雨后初晴", "DragonKing",    "阿强",        "快乐的小鱼儿",
                                       "午夜听风", "KAIST.Shadows", "王炸春天",    "彡小七彡"};
constexpr std::string_view kAdverts[] = {
    "低价金币 加微信abc888",           "收豆出豆加薇❤信 ⑧⑧①②③④⑤⑥",
    "房卡代理招募 加彳山一几攵abc888", "jia wei xin abc888 mai jin bi",
    "抖音代发一单80现结 需要的私我",   "注册送88 浏览器打开y62aa.top"};

template <std::size_t kSize>
std::vector<std::string> Lines(const std::string_view (&lines)[kSize]) {
  return {std::begin(lines), std::end(lines)};
}

std::size_t BytesOf(const std::vector<std::string>& lines) {
  std::size_t bytes = 0;
  for (const std::string& line : lines) {
    bytes += line.size();
  }
  return bytes;
}

const ChatScreener& Chat() {
  static const ChatScreener* const kScreener = new ChatScreener(BuiltInChatLexicon());
  return *kScreener;
}
const NameScreener& Names() {
  static const NameScreener* const kScreener = new NameScreener(BuiltInNameLexicon());
  return *kScreener;
}
// The patterns of the list for chat, nothing else.
const Matcher& Alone() {
  static const Matcher* const kMatcher = [] {
    Matcher::Builder builder;
    std::uint32_t id = 0;
    for (const LexiconEntry& entry : BuiltInChatLexicon()->entries()) {
      builder.Add(entry.folded, id++);
    }
    return new Matcher(std::move(builder).Build());
  }();
  return *kMatcher;
}

std::size_t MatchAlone(const std::string& line) {
  std::vector<Unit> units;
  units.reserve(line.size() / 2);
  std::string_view rest = line;
  while (!rest.empty()) {
    const Decoded piece = DecodeOne(rest);
    units.push_back(Unit{.code = piece.code});
    rest.remove_prefix(piece.size);
  }
  std::vector<Matcher::Match> matches;
  Alone().FindAll(units, &matches);
  return matches.size();
}

void Report(benchmark::State& state, const std::vector<std::string>& lines) {
  state.counters["lines/s"] = benchmark::Counter(
      static_cast<double>(state.iterations()) * static_cast<double>(lines.size()),
      benchmark::Counter::kIsRate);
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(BytesOf(lines)));
}

template <typename Screener>
void Screen(benchmark::State& state, const Screener& screener,
            const std::vector<std::string>& lines) {
  for (auto _ : state) {
    for (const std::string& line : lines) {
      benchmark::DoNotOptimize(screener.Screen(line));
    }
  }
  Report(state, lines);
}

void BM_MatcherAloneChinese(benchmark::State& state) {
  const std::vector<std::string> lines = Lines(kChatLines);
  for (auto _ : state) {
    for (const std::string& line : lines) {
      benchmark::DoNotOptimize(MatchAlone(line));
    }
  }
  Report(state, lines);
}
void BM_ChatChinese(benchmark::State& state) {
  Screen(state, Chat(), Lines(kChatLines));
}
void BM_ChatEnglish(benchmark::State& state) {
  Screen(state, Chat(), Lines(kEnglishLines));
}
void BM_ChatAdverts(benchmark::State& state) {
  Screen(state, Chat(), Lines(kAdverts));
}
void BM_Nicknames(benchmark::State& state) {
  Screen(state, Names(), Lines(kNames));
}

// Both in turns: the counter `ratio` is the screening's time over the matcher's.
void BM_ChatOverMatcher(benchmark::State& state) {
  using Clock = std::chrono::steady_clock;
  const std::vector<std::string> lines = Lines(kChatLines);
  Clock::duration alone{0};
  Clock::duration whole{0};
  for (auto _ : state) {
    const Clock::time_point start = Clock::now();
    for (const std::string& line : lines) {
      benchmark::DoNotOptimize(MatchAlone(line));
    }
    const Clock::time_point middle = Clock::now();
    for (const std::string& line : lines) {
      benchmark::DoNotOptimize(Chat().Screen(line));
    }
    alone += middle - start;
    whole += Clock::now() - middle;
  }
  state.counters["ratio"] = static_cast<double>(whole.count()) / static_cast<double>(alone.count());
}

// The dearest lines that we know, each a KiB: time per iteration is the cost of one.
void BM_HostileKiB(benchmark::State& state) {
  static constexpr std::string_view kPieces[] = {
      "傻1",   "女马",   "\xcc\xb6", "加v ", "a.b.", "8 ",     "%E5%82%BB", "代发私我日结",
      "点top", "jiawei", "l1|",      "𝐐",    "\xff", "操你妈", "ⅷ",         "草泥马q8"};
  std::string text;
  const std::string_view piece = kPieces[state.range(0)];
  while (text.size() + piece.size() <= 1024) {
    text += piece;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(Chat().Screen(text));
  }
  state.SetLabel(EncodeUtf8(DecodeUtf8(piece)));
}

// 60,000 entries of two to six characters: parse and compile.
void BM_Rebuild60k(benchmark::State& state) {
  std::mt19937 random(1);
  std::string list;
  for (int i = 0; i < 60'000; ++i) {
    list += i % 3 == 0 ? "advert | plain | " : "advert | review | ";
    const std::size_t size = 2 + random() % 5;
    for (std::size_t k = 0; k < size; ++k) {
      AppendUtf8(static_cast<char32_t>(0x4e00 + random() % 0x3000), &list);
    }
    list += std::to_string(i) + "\n";
  }
  for (auto _ : state) {
    absl::StatusOr<Lexicon> lexicon = Lexicon::Parse(list, "bench.lex");
    if (!lexicon.ok()) {
      state.SkipWithError("the list does not parse");
      return;
    }
    const ChatScreener screener(std::make_shared<const Lexicon>(*std::move(lexicon)));
    benchmark::DoNotOptimize(screener.Screen("小明"));
  }
}

BENCHMARK(BM_MatcherAloneChinese);
BENCHMARK(BM_ChatChinese);
BENCHMARK(BM_ChatOverMatcher);
BENCHMARK(BM_ChatEnglish);
BENCHMARK(BM_Nicknames);
BENCHMARK(BM_ChatAdverts);
BENCHMARK(BM_HostileKiB)->DenseRange(0, 15)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_Rebuild60k)->Unit(benchmark::kMillisecond)->Iterations(3);

}  // namespace
}  // namespace hallwarden::text
