#include "rules/play/wording.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hallwarden::play {
namespace {

struct Words {
  std::string_view zh;
  std::string_view en;
};

// Powers of ten from 10^2 on.
constexpr std::array kPowers = {
    Words{"一百", "one hundred"},         Words{"一千", "one thousand"},
    Words{"一万", "ten thousand"},        Words{"十万", "one hundred thousand"},
    Words{"一百万", "one million"},       Words{"一千万", "ten million"},
    Words{"一亿", "one hundred million"}, Words{"十亿", "one billion"},
    Words{"一百亿", "ten billion"},
};

}  // namespace

v1::LocalizedText Odds(evidence::Milli level) {
  v1::LocalizedText odds;
  const std::int32_t power = level / 1'000;
  if (power < 2) return odds;
  const auto index = std::min<std::size_t>(static_cast<std::size_t>(power) - 2, kPowers.size() - 1);
  odds.set_zh("正常玩家约" + std::string(kPowers[index].zh) + "人中不到一人会这样");
  odds.set_en("fewer than one honest player in " + std::string(kPowers[index].en) +
              " would do this");
  return odds;
}

void SetSummary(std::string zh, std::string en, evidence::Milli level, v1::Finding* finding) {
  const v1::LocalizedText odds = Odds(level);
  if (!odds.zh().empty()) {
    zh += "；" + odds.zh();
    en += "; " + odds.en();
  }
  finding->mutable_summary()->set_zh(zh + "。");
  finding->mutable_summary()->set_en(en + ".");
}

std::string OfZh(std::uint64_t part, std::uint64_t whole) {
  return std::to_string(whole) + " 次中 " + std::to_string(part) + " 次";
}

std::string OfEn(std::uint64_t part, std::uint64_t whole) {
  return std::to_string(part) + " of " + std::to_string(whole);
}

}  // namespace hallwarden::play
