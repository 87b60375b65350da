// Everything that players read.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/common.pb.h"
#include "hallwarden/v1/policy.pb.h"

#include "rules/policy/check.h"
#include "rules/policy/diagnostics.h"
#include "rules/policy/notice.h"
#include "rules/policy/notice_internal.h"

namespace hallwarden::policy {
namespace {

constexpr std::size_t kNoticeMaxBytes = 1'000;
constexpr std::size_t kNameMaxBytes = 100;
constexpr std::size_t kEntryMaxBytes = 200;

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The first piece of `text` that gives a threshold or a score away; empty if none does.
std::string Telltale(std::string_view text) {
  // Chinese: threshold, score, probability.
  constexpr std::array<std::string_view, 9> kWords = {
      "log10",        "e-value",      "threshold",    "score",       "probability",
      "\u9608\u503c", "\u5206\u6570", "\u6982\u7387", "\u5206\u503c"};
  const std::string lower = Lower(text);
  for (const std::string_view word : kWords) {
    if (lower.find(word) != std::string::npos) return std::string(word);
  }
  // A number before a percent sign, narrow or full-width.
  for (const std::string_view sign : {std::string_view("%"), std::string_view("\uFF05")}) {
    for (std::size_t at = lower.find(sign); at != std::string::npos;
         at = lower.find(sign, at + 1)) {
      std::size_t end = at;
      while (end > 0 && lower[end - 1] == ' ')
        --end;
      std::size_t begin = end;
      while (begin > 0 && IsDigit(lower[begin - 1]))
        --begin;
      if (begin < end) return lower.substr(begin, end - begin) + "%";
    }
  }
  return "";
}

std::string Escaped(const std::string& word) {
  const bool ascii = std::all_of(word.begin(), word.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return ascii ? Quoted(word) : "\"" + word + "\"";
}

void CheckTelltales(const CheckContext& context, const Node<v1::LocalizedText>& text) {
  const std::pair<const std::string&, int> sides[] = {
      {text->zh(), v1::LocalizedText::kZhFieldNumber},
      {text->en(), v1::LocalizedText::kEnFieldNumber}};
  for (const auto& [value, field_number] : sides) {
    const std::string telltale = Telltale(value);
    if (telltale.empty()) continue;
    context.reporter->Warning(text.At(field_number), "players would read " + Escaped(telltale),
                              "never tell players thresholds or scores: they would play up to "
                              "them");
  }
}

// Names and entries are filled into notices as they are, and must not look like placeholders.
void CheckPlain(const CheckContext& context, const Node<v1::LocalizedText>& text) {
  const std::pair<const std::string&, int> sides[] = {
      {text->zh(), v1::LocalizedText::kZhFieldNumber},
      {text->en(), v1::LocalizedText::kEnFieldNumber}};
  for (const auto& [value, field_number] : sides) {
    if (value.find_first_of("{}\n") == std::string::npos) continue;
    context.reporter->Error(text.At(field_number), "a brace or a new line in a name",
                            "placeholders work in templates only");
  }
}

bool Fillable(std::uint32_t fillable, Placeholder placeholder) {
  return (fillable >> static_cast<unsigned>(placeholder) & 1U) != 0;
}

// Placeholders of a text; reports what is in braces and none.
std::set<Placeholder> CheckPlaceholders(const CheckContext& context, Place place,
                                        const CutText& cut, std::uint32_t fillable) {
  std::vector<std::string_view> names;
  names.reserve(kPlaceholders);
  std::string known = "one of";
  for (int i = 0; i < kPlaceholders; ++i) {
    const auto placeholder = static_cast<Placeholder>(i);
    if (!Fillable(fillable, placeholder)) continue;
    names.push_back(PlaceholderText(placeholder));
    known.append(" ").append(PlaceholderText(placeholder));
  }
  for (const std::string_view bad : cut.bad) {
    context.reporter->Error(place, "unknown placeholder " + Quoted(bad),
                            context.reporter->DidYouMean(bad, names, known));
  }
  std::set<Placeholder> used;
  for (const NoticePiece& piece : cut.pieces) {
    if (piece.has_placeholder) used.insert(piece.placeholder);
  }
  for (const Placeholder placeholder : used) {
    if (Fillable(fillable, placeholder)) continue;
    context.reporter->Error(
        place, std::string(PlaceholderText(placeholder)) + " cannot be filled in here", known);
  }
  return used;
}

}  // namespace

void CheckNoticeText(const CheckContext& context, const Node<v1::LocalizedText>& text,
                     std::uint32_t fillable) {
  CheckText(context, text, "text", kNoticeMaxBytes);
  const Place zh = text.At(v1::LocalizedText::kZhFieldNumber);
  const Place en = text.At(v1::LocalizedText::kEnFieldNumber);
  const CutText cut_zh = CutNotice(text->zh());
  const CutText cut_en = CutNotice(text->en());
  const std::set<Placeholder> in_zh = CheckPlaceholders(context, zh, cut_zh, fillable);
  const std::set<Placeholder> in_en = CheckPlaceholders(context, en, cut_en, fillable);
  const bool both = !text->zh().empty() && !text->en().empty();
  const bool good = cut_zh.bad.empty() && cut_en.bad.empty();
  for (int i = 0; both && good && i < kPlaceholders; ++i) {
    const auto placeholder = static_cast<Placeholder>(i);
    const bool there = in_zh.contains(placeholder);
    if (there == in_en.contains(placeholder)) continue;
    context.reporter->Warning(there ? en : zh,
                              std::string(PlaceholderText(placeholder)) + " stands in " +
                                  (there ? "zh" : "en") + " and not in " + (there ? "en" : "zh"),
                              "say the same in both languages");
  }
  const auto is_ascii = [](char c) { return static_cast<unsigned char>(c) < 0x80; };
  if (both && std::all_of(text->zh().begin(), text->zh().end(), is_ascii)) {
    context.reporter->Warning(zh, "zh has no Chinese character", "are zh and en swapped?");
  }
  CheckTelltales(context, text);
}

namespace {

// Templates that sanctions beside the ladders use; see StandardTemplate.
constexpr std::array<std::pair<std::string_view, bool>, 10> kStandardTemplates = {{
    {"warning", false},
    {"kick", false},
    {"hold", true},
    {"ban_term", true},
    {"ban_permanent", false},
    {"mute_term", true},
    {"mute_permanent", false},
    {"restrict_term", true},
    {"restrict_permanent", false},
    {kLiftTemplate, false},
}};

void CheckTemplates(const CheckContext& context) {
  std::set<std::string_view> used;
  for (const auto& [id, has_term] : kStandardTemplates) {
    used.insert(id);
    const auto found = context.templates.find(id);
    const Place place = found == context.templates.end()
                            ? context.policy.At(v1::Policy::kTemplatesFieldNumber, 0)
                            : context.policy.At(v1::Policy::kTemplatesFieldNumber, found->second);
    CheckTemplate(context, place, id, {"what " + std::string(id) + " is for", has_term});
  }
  for (const v1::Ladder& ladder : context.policy->ladders()) {
    for (const v1::Rung& rung : ladder.rungs())
      used.insert(rung.template_());
  }
  for (const v1::Rule& rule : context.policy->rules())
    used.insert(rule.hold_template());

  for (int i = 0; i < context.policy->templates_size(); ++i) {
    const auto node =
        ChildOf(context.policy, context.policy->templates(i), v1::Policy::kTemplatesFieldNumber, i);
    const Place id = node.At(v1::NoticeTemplate::kTemplateIdFieldNumber);
    if (CheckId(context, id, node->template_id(), "")) {
      if (context.templates.at(node->template_id()) != i) {
        context.reporter->Error(id, "a second template " + Quoted(node->template_id()),
                                "identifiers are unique: rename one");
      }
      if (!used.contains(node->template_id())) {
        context.reporter->Warning(id, "nothing uses template " + Quoted(node->template_id()),
                                  "name it in a rung or a rule, or remove it");
      }
    }
    const auto text = ChildOf(node, node->text(), v1::NoticeTemplate::kTextFieldNumber);
    CheckNoticeText(context, text, (1U << kNoticePlaceholders) - 1);
  }
}

void CheckGames(const CheckContext& context) {
  std::set<std::string_view> seen;
  for (int i = 0; i < context.policy->games_size(); ++i) {
    const auto node =
        ChildOf(context.policy, context.policy->games(i), v1::Policy::kGamesFieldNumber, i);
    const Place id = node.At(v1::GameName::kGameFieldNumber);
    if (node->game().empty() || node->game().size() > 64) {
      context.reporter->Error(id, "a game without identifier",
                              "1 to 64 bytes, as game servers send it, for example ddz");
    } else if (!seen.insert(node->game()).second) {
      context.reporter->Error(id, "a second game " + Quoted(node->game()),
                              "identifiers are unique: remove one");
    }
    const auto display = ChildOf(node, node->display(), v1::GameName::kDisplayFieldNumber);
    CheckText(context, display, "display name", kNameMaxBytes);
    CheckPlain(context, display);
  }
  if (seen.contains(kHallGame)) return;
  context.reporter->Error(context.policy.At(v1::Policy::kGamesFieldNumber, 0),
                          "no game \"hall\": it fills {game} where no game is named",
                          "add games { game: \"hall\" display { zh: ... en: \"the hall\" } }");
}

void CheckOffenceNames(const CheckContext& context) {
  std::set<std::pair<int, int>> seen;
  for (int i = 0; i < context.policy->offence_names_size(); ++i) {
    const auto node = ChildOf(context.policy, context.policy->offence_names(i),
                              v1::Policy::kOffenceNamesFieldNumber, i);
    if (node->offence() == v1::OFFENCE_UNSPECIFIED) {
      context.reporter->Error(node.place, "an offence name without offence",
                              "write offence: OFFENCE_...");
    } else if (!seen.emplace(node->offence(), node->category()).second) {
      context.reporter->Error(node.place, "a second name for " + v1::Offence_Name(node->offence()),
                              "one per offence and category: remove one");
    }
    const auto display = ChildOf(node, node->display(), v1::OffenceName::kDisplayFieldNumber);
    CheckText(context, display, "display name", kNameMaxBytes);
    CheckPlain(context, display);
    CheckTelltales(context, display);
  }
  for (int offence = 1; offence < v1::Offence_ARRAYSIZE; ++offence) {
    if (seen.contains({offence, v1::TEXT_CATEGORY_UNSPECIFIED})) continue;
    context.reporter->Error(context.policy.At(v1::Policy::kOffenceNamesFieldNumber, 0),
                            "no name for " + v1::Offence_Name(static_cast<v1::Offence>(offence)),
                            "players are told the reason: add one without category");
  }
}

}  // namespace

void CheckTexts(const CheckContext& context) {
  const auto entry =
      ChildOf(context.policy, context.policy->appeal_entry(), v1::Policy::kAppealEntryFieldNumber);
  CheckText(context, entry, "appeal entry", kEntryMaxBytes);
  CheckPlain(context, entry);
  CheckTemplates(context);
  CheckGames(context);
  CheckOffenceNames(context);
}

}  // namespace hallwarden::policy
