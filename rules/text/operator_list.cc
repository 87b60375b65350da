#include "rules/text/operator_list.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "rules/base/siphash.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

constexpr std::size_t kFaultsMax = 20;
// "operator entry", as bytes: spreads ids and hides nothing.
constexpr SipKey kIdKey{0x6f70657261746f72ULL, 0x20656e7472790000ULL};

absl::string_view ToAbsl(std::string_view text) {
  return {text.data(), text.size()};
}

std::string_view Trim(std::string_view text) {
  static constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool Has(OperatorSurface surface, OperatorSurface part) {
  return (static_cast<unsigned>(surface) & static_cast<unsigned>(part)) != 0;
}

std::string_view SectionOf(OperatorSurface surface) {
  switch (surface) {
    case OperatorSurface::kNames:
      return "[names]";
    case OperatorSurface::kChat:
      return "[chat]";
    case OperatorSurface::kBoth:
      break;
  }
  return "[both]";
}

std::optional<OperatorSurface> SurfaceOf(std::string_view section) {
  for (const OperatorSurface surface :
       {OperatorSurface::kNames, OperatorSurface::kChat, OperatorSurface::kBoth}) {
    if (section == SectionOf(surface)) return surface;
  }
  return std::nullopt;
}

// A file taken apart into what each surface reads of it. Lines keep their numbers: what is not for
// a surface is blank there.
struct Parts {
  std::string names;
  std::string chat;
  std::vector<OperatorSurface> surfaces;  // of each line, from line 1
  std::vector<std::string> faults;
};

Parts TakeApart(std::string_view text, std::string_view file) {
  static constexpr std::array<std::string_view, 4> kRefused = {"set", "word", "mark", "rule"};
  Parts parts;
  OperatorSurface surface = OperatorSurface::kBoth;
  bool entries = true;
  while (!text.empty()) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    std::string_view line = Trim(text.substr(0, size));
    text.remove_prefix(std::min(size + 1, text.size()));
    if (const std::optional<OperatorSurface> section = SurfaceOf(line)) {
      surface = *section;
      line = "[entries]";
    }
    if (line == "[entries]") entries = true;
    if (line == "[must_hit]" || line == "[must_miss]") entries = false;
    const std::string_view first = Trim(line.substr(0, line.find('|')));
    if (entries && std::find(kRefused.begin(), kRefused.end(), first) != kRefused.end()) {
      if (parts.faults.size() < kFaultsMax) {
        parts.faults.push_back(absl::StrCat(
            ToAbsl(file), ":", parts.surfaces.size() + 1, ": no `", ToAbsl(first),
            "` in a list of one's own; write category | severity | pattern, or allow | pattern"));
      }
      line = {};
    }
    parts.surfaces.push_back(surface);
    // Both follow every section, so that examples never run into entries of the other surface.
    const bool section = line == "[entries]" || line == "[must_hit]" || line == "[must_miss]";
    if (section || Has(surface, OperatorSurface::kNames)) parts.names += line;
    if (section || Has(surface, OperatorSurface::kChat)) parts.chat += line;
    parts.names += '\n';
    parts.chat += '\n';
  }
  return parts;
}

std::string Fault(std::string_view file, std::uint32_t line, std::string_view what) {
  return absl::StrCat(ToAbsl(file), ":", line, ": ", ToAbsl(what));
}

// What a list of one's own may not hold, though the format can say it. Empty: nothing.
std::string_view WrongWith(const LexiconEntry& entry) {
  if (entry.folded.size() < 2) {
    return "a pattern of one character hits ordinary names; write the words that it stands in";
  }
  if (entry.pattern.size() > kOperatorPatternBytesMax) return "a pattern has at most 256 bytes";
  if (entry.comment.size() > kOperatorCommentBytesMax) return "a reason has at most 512 bytes";
  if (entry.author.size() > kOperatorAuthorBytesMax) return "an author has at most 64 bytes";
  return {};
}

void AppendEntry(const OperatorEntry& own, std::string* text) {
  const LexiconEntry& entry = own.entry;
  std::string flags = FlagNames(entry.flags);
  const auto flag = [&flags](std::string_view name, std::string_view value) {
    absl::StrAppend(&flags, flags.empty() ? "" : ",", ToAbsl(name), ToAbsl(value));
  };
  if (!entry.author.empty()) flag("by=", entry.author);
  if (entry.since_day != 0) flag("at=", FormatDay(entry.since_day));
  if (entry.until_day != 0) flag("until=", FormatDay(entry.until_day));
  if (entry.kind == EntryKind::kAllow) {
    absl::StrAppend(text, "allow | ", entry.pattern, " | ", flags, " | ", entry.comment, "\n");
    return;
  }
  absl::StrAppend(text, ToAbsl(CategoryName(entry.category)), " | ",
                  ToAbsl(SeverityName(entry.severity)), " | ", entry.pattern, " | ", flags, " | ",
                  entry.comment, "\n");
}

void AppendExamples(const Lexicon& list, std::string_view section, std::string* text) {
  if (list.must_hit().empty() && list.must_miss().empty()) return;
  absl::StrAppend(text, ToAbsl(section), "\n[must_hit]\n");
  for (const LexiconExample& example : list.must_hit()) {
    absl::StrAppend(text, ToAbsl(CategoryName(example.category)), " | ",
                    ToAbsl(SeverityName(example.severity)), " | ", example.name, "\n");
  }
  absl::StrAppend(text, "[must_miss]\n");
  for (const LexiconExample& example : list.must_miss())
    absl::StrAppend(text, example.name, "\n");
}

std::string TextOf(const std::vector<OperatorEntry>& entries, const Lexicon& names,
                   const Lexicon& chat) {
  std::string text;
  for (const OperatorSurface surface :
       {OperatorSurface::kBoth, OperatorSurface::kNames, OperatorSurface::kChat}) {
    bool any = false;
    for (const OperatorEntry& own : entries) {
      if (own.surface != surface) continue;
      if (!any) absl::StrAppend(&text, ToAbsl(SectionOf(surface)), "\n");
      any = true;
      AppendEntry(own, &text);
    }
  }
  AppendExamples(names, "[names]", &text);
  AppendExamples(chat, "[chat]", &text);
  return text;
}

std::shared_ptr<const Lexicon> NoEntries() {
  static const std::shared_ptr<const Lexicon> kNone =
      std::make_shared<const Lexicon>(*Lexicon::Parse("", "lexicon"));
  return kNone;
}

template <class Screen>
std::vector<std::string> Broken(const Lexicon& promises, const Screen& screen) {
  std::vector<std::string> broken;
  const auto report = [&](const LexiconExample& example, const std::string& what) {
    broken.push_back(
        Fault(promises.file(), example.line, absl::StrCat("'", example.name, "' ", what)));
  };
  const auto found = [](const std::vector<TextHit>& hits) -> std::string {
    if (hits.empty()) return "nothing";
    return absl::StrCat(ToAbsl(CategoryName(hits[0].category)), " ",
                        ToAbsl(SeverityName(hits[0].severity)), " '", hits[0].entry, "'");
  };
  for (const LexiconExample& example : promises.must_hit()) {
    const std::vector<TextHit> hits = screen(example.name);
    const bool hit = std::any_of(hits.begin(), hits.end(), [&](const TextHit& one) {
      return one.category == example.category && one.severity == example.severity;
    });
    if (hit) continue;
    report(example, absl::StrCat("must hit ", ToAbsl(CategoryName(example.category)), " ",
                                 ToAbsl(SeverityName(example.severity)), ", found ", found(hits)));
  }
  for (const LexiconExample& example : promises.must_miss()) {
    const std::vector<TextHit> hits = screen(example.name);
    if (hits.empty() || hits[0].severity == Severity::kNote) continue;
    report(example, absl::StrCat("must not hit, found ", found(hits)));
  }
  return broken;
}

}  // namespace

std::string OperatorEntry::Id() const {
  std::string bytes;
  bytes.push_back(static_cast<char>(surface));
  bytes.push_back(static_cast<char>(entry.kind));
  for (int shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<char>((entry.flags >> shift) & 0xffU));
  bytes += EncodeUtf8(entry.folded);
  return absl::StrCat(absl::Hex(SipHash64(kIdKey, bytes), absl::kZeroPad16));
}

OperatorList::OperatorList() : names_(NoEntries()), chat_(NoEntries()) {}

absl::StatusOr<OperatorList> OperatorList::Parse(std::string_view text, std::string_view file) {
  if (text.size() > kOperatorBytesMax) {
    return absl::ResourceExhaustedError(absl::StrCat(
        ToAbsl(file), ": longer than ", kOperatorBytesMax, " bytes; a list this long is no list"));
  }
  Parts parts = TakeApart(text, file);
  absl::StatusOr<Lexicon> names = Lexicon::Parse(parts.names, file);
  absl::StatusOr<Lexicon> chat = Lexicon::Parse(parts.chat, file);
  std::vector<std::string>& faults = parts.faults;
  for (const absl::Status& status : {names.status(), chat.status()}) {
    if (status.ok()) continue;
    // A line under [both] has the same fault twice.
    std::string message(status.message().data(), status.message().size());
    if (std::find(faults.begin(), faults.end(), message) == faults.end())
      faults.push_back(std::move(message));
  }
  OperatorList list;
  if (names.ok() && chat.ok()) {
    std::map<std::uint32_t, OperatorEntry> by_line;
    for (const Lexicon* part : {&*names, &*chat}) {
      for (const LexiconEntry& entry : part->entries())
        by_line[entry.line] = OperatorEntry{parts.surfaces[entry.line - 1], entry};
    }
    for (auto& [line, own] : by_line) {
      const std::string_view wrong = WrongWith(own.entry);
      if (!wrong.empty() && faults.size() < kFaultsMax) faults.push_back(Fault(file, line, wrong));
      own.entry.own = true;
      list.entries_.push_back(std::move(own));
    }
    if (list.entries_.size() > kOperatorEntriesMax) {
      faults.push_back(absl::StrCat(ToAbsl(file), ": ", list.entries_.size(), " entries; at most ",
                                    kOperatorEntriesMax));
    }
  }
  if (!faults.empty()) {
    std::string all;
    for (const std::string& fault : faults)
      absl::StrAppend(&all, all.empty() ? "" : "\n", fault);
    return absl::InvalidArgumentError(all);
  }
  list.names_ = std::make_shared<const Lexicon>(*std::move(names));
  list.chat_ = std::make_shared<const Lexicon>(*std::move(chat));
  return list;
}

std::string OperatorList::ToText() const {
  return TextOf(entries_, *names_, *chat_);
}

absl::StatusOr<OperatorList> OperatorList::Changed(const std::vector<OperatorEntry>& add,
                                                   const std::vector<std::string>& remove) const {
  std::set<std::string> gone(remove.begin(), remove.end());
  for (const OperatorEntry& own : add)
    gone.insert(own.Id());
  std::vector<OperatorEntry> kept;
  for (const OperatorEntry& own : entries_) {
    if (!gone.contains(own.Id())) kept.push_back(own);
  }
  kept.insert(kept.end(), add.begin(), add.end());
  return Parse(TextOf(kept, *names_, *chat_), "lexicon");
}

std::optional<OperatorList> OperatorList::Without(std::int32_t day) const {
  std::vector<std::string> expired;
  for (const OperatorEntry& own : entries_) {
    if (own.entry.until_day != 0 && own.entry.until_day < day) expired.push_back(own.Id());
  }
  if (expired.empty()) return std::nullopt;
  absl::StatusOr<OperatorList> rest = Changed({}, expired);
  if (!rest.ok()) return std::nullopt;
  return *std::move(rest);
}

Screeners BuildScreeners(const std::shared_ptr<const Lexicon>& names,
                         const std::shared_ptr<const Lexicon>& chat, const OperatorList& own) {
  Screeners screeners;
  const auto with = [](const std::shared_ptr<const Lexicon>& base, const Lexicon& part) {
    return part.entries().empty() ? base : std::make_shared<const Lexicon>(base->With(part));
  };
  if (names != nullptr)
    screeners.names = std::make_shared<const NameScreener>(with(names, own.names()));
  if (chat != nullptr)
    screeners.chat = std::make_shared<const ChatScreener>(with(chat, own.chat()));
  return screeners;
}

std::vector<std::string> BrokenPromises(const Lexicon& promises, const NameScreener& screener) {
  return Broken(promises, [&](const std::string& name) { return screener.Screen(name); });
}

std::vector<std::string> BrokenPromises(const Lexicon& promises, const ChatScreener& screener) {
  return Broken(promises, [&](const std::string& line) { return screener.Screen(line); });
}

}  // namespace hallwarden::text
