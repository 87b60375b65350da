#include "daemon/desk/text_reading.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "daemon/desk/backtest.h"
#include "rules/text/fold.h"
#include "rules/text/utf8.h"

namespace hallwarden::daemon {
namespace {

// Remarks are for the few words that one wonders about, not for every pattern.
constexpr int kRemarksMax = 8;

struct StepTitle {
  std::string_view key;
  std::string_view zh;
  std::string_view en;
};
// Keys as rules/text/name_screener.h's ExplainReading writes them.
constexpr StepTitle kTitles[] = {
    {"original", "原文", "as written"},
    {"cut", "过长，只读前一部分", "longer than what is read: cut"},
    {"replaced", "非 UTF-8 字节已替换", "bytes that are no UTF-8 replaced"},
    {"dropped: invisible characters", "去掉不可见字符", "invisible characters taken out"},
    {"dropped: direction controls", "去掉方向控制符", "direction controls taken out"},
    {"dropped: control characters", "去掉控制字符", "control characters taken out"},
    {"dropped: accents and combining marks", "去掉声调和组合符号",
     "accents and combining marks taken out"},
    {"unified: letters and digits in decorative forms", "统一花体字母和数字",
     "letters and digits in decorative forms unified"},
    {"unified: traditional and variant characters", "繁体、异体转简体",
     "traditional and variant characters made simplified"},
    {"blank", "没有可见内容", "nothing visible is left"},
    {"plain", "基本读法：统一大小写、全半角和字形", "plain reading: case, width and forms unified"},
    {"unescaped", "还原转义写法", "escapes undone"},
    {"look-alike", "还原形似字母", "look-alike letters undone"},
    {"emoji", "表情还原为词", "emoji as the words they stand for"},
    {"stripped", "去掉间隔和重复", "separators and repeats taken out"},
    {"stripped look-alike", "去掉间隔后再还原形似字母",
     "look-alike letters between separators undone"},
    {"joined", "拼合拆字", "split characters put together"},
    {"variant", "还原形似汉字和火星文", "look-alike Han characters undone"},
    {"filled", "去掉夹在汉字间的字母数字", "single letters between Han characters taken out"},
    {"sound", "按读音", "by sound"},
};

v1::LocalizedText Title(std::string_view key) {
  v1::LocalizedText title;
  const auto* const found = std::find_if(std::begin(kTitles), std::end(kTitles),
                                         [key](const StepTitle& row) { return row.key == key; });
  if (found != std::end(kTitles)) {
    title.set_zh(std::string(found->zh));
    title.set_en(std::string(found->en));
    return title;
  }
  title.set_zh("还原伪装（" + std::string(key) + "）");
  title.set_en("disguise undone (" + std::string(key) + ")");
  return title;
}

void AddSteps(std::string_view words, v1::ExplainTextResponse* response) {
  for (const std::string& line : text::ExplainReading(words)) {
    const std::size_t colon = line.find(": ");
    std::string key = line.substr(0, colon);
    v1::ReadingStep& step = *response->add_steps();
    // What was dropped is a sentence; what was read is a text.
    const bool sentence = key == "dropped" || key == "unified";
    *step.mutable_title() = Title(sentence ? line : key);
    step.set_key(key);
    const bool text = !sentence && key != "cut" && key != "replaced" && key != "blank";
    if (text && colon != std::string::npos) step.set_text(line.substr(colon + 2));
  }
}

// The operator's allow entry that stands where `hit` was found.
std::string AllowedBy(const text::Lexicon& own, const std::u32string& read) {
  for (const text::LexiconEntry& entry : own.entries()) {
    if (entry.kind != text::EntryKind::kAllow) continue;
    if (read.find(entry.folded) != std::u32string::npos) return entry.pattern;
  }
  return {};
}

bool Stands(const text::LexiconEntry& entry, const std::u32string& read, std::size_t* at) {
  *at = read.find(entry.folded);
  return *at != std::u32string::npos;
}

// The listed word or allow entry that covers, or is cut by, [begin, end) of the plain reading.
const text::LexiconEntry* Around(const text::Lexicon& list, const std::u32string& read,
                                 std::size_t begin, std::size_t end) {
  for (const text::LexiconEntry& entry : list.entries()) {
    if (entry.kind != text::EntryKind::kAllow && entry.kind != text::EntryKind::kWord) continue;
    for (std::size_t at = read.find(entry.folded); at != std::u32string::npos;
         at = read.find(entry.folded, at + 1)) {
      if (at < end && begin < at + entry.folded.size()) return &entry;
    }
  }
  return nullptr;
}

// Why words of entries that stand there are no hits: a boundary, an innocent word, the allow list.
void AddRemarks(const text::Lexicon& list, const std::vector<text::TextHit>& hits,
                const std::u32string& read, v1::ExplainTextResponse* response) {
  for (const text::LexiconEntry& entry : list.entries()) {
    if (response->remarks_size() >= kRemarksMax) return;
    std::size_t at = 0;
    if (entry.kind != text::EntryKind::kDeny || entry.folded.size() < 2 ||
        !Stands(entry, read, &at))
      continue;
    const bool counted = std::any_of(hits.begin(), hits.end(), [&](const text::TextHit& hit) {
      return hit.entry.find(entry.pattern) != std::string::npos;
    });
    if (counted) continue;
    const text::LexiconEntry* const around = Around(list, read, at, at + entry.folded.size());
    v1::LocalizedText& remark = *response->add_remarks();
    if (around != nullptr) {
      const bool allow = around->kind == text::EntryKind::kAllow;
      remark.set_zh("“" + entry.pattern + "”不算：在" + (allow ? "放行词条“" : "普通词语“") +
                    around->pattern + "”之中");
      remark.set_en("'" + entry.pattern + "' does not count: it lies in the " +
                    (allow ? "allow entry '" : "ordinary word '") + around->pattern + "'");
      continue;
    }
    const std::string flags = text::FlagNames(entry.flags);
    remark.set_zh("“" + entry.pattern + "”不算：词的边界或条件不符" +
                  (flags.empty() ? "" : "（" + flags + "）") + "，或已含在更长的命中里");
    remark.set_en("'" + entry.pattern +
                  "' does not count: not at the boundary or in the place it " + "needs" +
                  (flags.empty() ? "" : " (" + flags + ")") + ", or inside a longer hit");
  }
}

template <class ScreenerPtr>
void Judge(const ScreenerPtr& all, const ScreenerPtr& built_in, const text::Lexicon& own,
           bool names, std::string_view words, v1::ExplainTextResponse* response) {
  if (all == nullptr || built_in == nullptr) return;
  const std::vector<text::TextHit> hits = all->Screen(words);
  for (const text::TextHit& hit : hits)
    DescribeHit(all->lexicon(), hit, names, response->add_matches());
  response->set_verdict(VerdictOf(hits));
  const std::u32string read = text::Fold(words).ToCodes();
  const std::string allowed_by = AllowedBy(own, read);
  for (const text::TextHit& hit : built_in->Screen(words)) {
    const bool still = std::any_of(hits.begin(), hits.end(), [&](const text::TextHit& other) {
      return other.entry == hit.entry && other.category == hit.category;
    });
    if (still || allowed_by.empty()) continue;
    v1::TextMatch& match = *response->add_matches();
    DescribeHit(built_in->lexicon(), hit, names, &match);
    match.set_allowed_by(allowed_by);
  }
  AddRemarks(all->lexicon(), hits, read, response);
  std::string version;
  for (std::uint64_t rest = built_in->lexicon().version(), i = 0; i < 16; ++i, rest >>= 4U)
    version.insert(version.begin(), "0123456789abcdef"[rest & 15U]);
  response->set_built_in_version(version);
}

}  // namespace

void ExplainText(const ReadingParts& parts, bool names, std::string_view words,
                 v1::ExplainTextResponse* response) {
  AddSteps(words, response);
  if (names) {
    Judge(parts.all.names, parts.built_in.names, parts.own->names(), true, words, response);
  } else {
    Judge(parts.all.chat, parts.built_in.chat, parts.own->chat(), false, words, response);
  }
  for (std::string& contact : text::ContactsOf(words))
    response->add_contacts(std::move(contact));
}

}  // namespace hallwarden::daemon
