#include "daemon/desk/lexicon_change.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "daemon/auth/refusals.h"
#include "daemon/desk/desk_util.h"
#include "rules/state/time.h"
#include "rules/text/fold.h"

namespace hallwarden::daemon {
namespace {

// Twice in an answer's trailer, which has 8 KiB in all.
constexpr std::size_t kFaultBytesMax = 1500;

std::string Str(std::string_view text) {
  return std::string(text);
}

// One line of the file format. What could end the field or the line is refused, not cleaned: the
// entry must be what was asked for.
absl::StatusOr<std::string> LineOf(const v1::LexiconEntry& entry, const Authorship& by,
                                   std::size_t index) {
  const auto fault = [index](std::string_view what) {
    return LexiconRefused(absl::StrCat("add[", index, "]: ", Str(what)));
  };
  const std::string& reason = entry.reason().empty() ? by.reason : entry.reason();
  for (const std::string* field : {&entry.pattern(), &reason, &entry.category()}) {
    if (field->find_first_of("|\n\r") != std::string::npos) {
      return fault("'|' and line breaks end a field; write it without");
    }
  }
  std::string flags = absl::StrJoin(entry.flags(), ",");
  if (flags.find_first_of("|\n\r=") != std::string::npos) return fault("unknown flag");
  const auto flag = [&flags](const std::string& text) {
    absl::StrAppend(&flags, flags.empty() ? "" : ",", text);
  };
  flag("by=" + by.author);
  flag("at=" + text::FormatDay(by.day));
  if (!entry.until_date().empty()) {
    if (!text::ParseDay(entry.until_date()).has_value())
      return fault("until_date: write 2027-01-31");
    flag("until=" + entry.until_date());
  }
  if (entry.kind() == v1::LEXICON_ENTRY_KIND_ALLOW) {
    if (!entry.category().empty() || entry.severity() != v1::LEXICON_SEVERITY_UNSPECIFIED) {
      return fault("an allow entry has no category and no severity");
    }
    return absl::StrCat("allow | ", entry.pattern(), " | ", flags, " | ", reason, "\n");
  }
  std::string_view severity;
  switch (entry.severity()) {
    case v1::LEXICON_SEVERITY_NOTE:
      severity = "note";
      break;
    case v1::LEXICON_SEVERITY_REVIEW:
      severity = "review";
      break;
    case v1::LEXICON_SEVERITY_PLAIN:
      severity = "plain";
      break;
    default:
      return fault("say how sure it is: plain, review or note");
  }
  if (entry.category() == "allow" || !text::CategoryNamed(entry.category()).has_value()) {
    return fault("unknown category '" + entry.category() + "'");
  }
  return absl::StrCat(entry.category(), " | ", Str(severity), " | ", entry.pattern(), " | ", flags,
                      " | ", reason, "\n");
}

absl::StatusOr<std::string> TextOf(
    const google::protobuf::RepeatedPtrField<v1::LexiconEntry>& entries, const Authorship& by) {
  std::string text;
  std::size_t index = 0;
  for (const v1::LexiconEntry& entry : entries) {
    switch (entry.surface()) {
      case v1::LEXICON_SURFACE_NAMES:
        text += "[names]\n";
        break;
      case v1::LEXICON_SURFACE_CHAT:
        text += "[chat]\n";
        break;
      case v1::LEXICON_SURFACE_BOTH:
        text += "[both]\n";
        break;
      default:
        return LexiconRefused(
            absl::StrCat("add[", index, "]: say where it counts: names, chat or both"));
    }
    if (entry.kind() == v1::LEXICON_ENTRY_KIND_UNSPECIFIED) {
      return LexiconRefused(absl::StrCat("add[", index, "]: say whether it denies or allows"));
    }
    const absl::StatusOr<std::string> line = LineOf(entry, by, index++);
    if (!line.ok()) return line.status();
    text += *line;
  }
  return text;
}

// Author, day and reason of those that do not say.
void Sign(const Authorship& by, std::vector<text::OperatorEntry>* entries) {
  for (text::OperatorEntry& own : *entries) {
    if (own.entry.author.empty()) own.entry.author = by.author;
    if (own.entry.since_day == 0) own.entry.since_day = by.day;
    if (own.entry.comment.empty() && by.reason.find_first_of("|\n\r") == std::string::npos) {
      own.entry.comment = by.reason;
    }
  }
}

absl::StatusOr<text::OperatorList> Checked(absl::StatusOr<text::OperatorList> list) {
  if (list.ok() || !absl::IsInvalidArgument(list.status())) return list;
  return LexiconRefused(
      std::string_view(list.status().message().data(), list.status().message().size()));
}

std::string Named(char sign, const text::OperatorEntry& own) {
  const text::LexiconEntry& entry = own.entry;
  if (entry.kind == text::EntryKind::kAllow) {
    return absl::StrCat(std::string(1, sign), " allow ", entry.pattern);
  }
  return absl::StrCat(std::string(1, sign), " ", Str(text::CategoryName(entry.category)), " ",
                      Str(text::SeverityName(entry.severity)), " ", entry.pattern);
}

bool SameContent(const text::LexiconEntry& a, const text::LexiconEntry& b) {
  return a.category == b.category && a.severity == b.severity && a.pattern == b.pattern &&
         a.comment == b.comment && a.until_day == b.until_day;
}

}  // namespace

absl::Status LexiconRefused(std::string_view faults) {
  std::string shown(faults.substr(0, kFaultBytesMax));
  // Not in the middle of a character: this is a proto string.
  while (shown.size() < faults.size() && !shown.empty() &&
         (static_cast<unsigned char>(faults[shown.size()]) & 0xC0U) == 0x80U) {
    shown.pop_back();
  }
  if (shown.size() < faults.size()) shown += " ...";
  return RefusalStatus(absl::StatusCode::kInvalidArgument, "LEXICON_REFUSED",
                       "the list has faults:\n" + shown, {{"faults", shown}});
}

absl::StatusOr<text::OperatorList> ListInFile(const LexiconWish& wish) {
  return Checked(text::OperatorList::Parse(wish.source, wish.file.empty() ? "lexicon" : wish.file));
}

absl::StatusOr<text::OperatorList> ChangeList(const text::OperatorList& base,
                                              const LexiconWish& wish, const Authorship& by) {
  for (const std::string& name : *wish.remove) {
    const bool there = std::any_of(
        base.entries().begin(), base.entries().end(),
        [&name](const text::OperatorEntry& own) { return "lexiconEntries/" + own.Id() == name; });
    if (!there) return NoSuch(name);
  }
  const absl::StatusOr<std::string> lines = TextOf(*wish.add, by);
  if (!lines.ok()) return lines.status();
  const absl::StatusOr<text::OperatorList> asked =
      Checked(text::OperatorList::Parse(*lines, "add"));
  if (!asked.ok()) return asked.status();
  std::vector<text::OperatorEntry> add;
  absl::StatusOr<text::OperatorList> file = ListInFile(wish);
  if (!file.ok()) return file.status();
  add = file->entries();
  Sign(by, &add);
  // Later ones take the place of earlier ones.
  for (const text::OperatorEntry& own : asked->entries()) {
    std::erase_if(add, [&own](const text::OperatorEntry& other) { return other.Id() == own.Id(); });
    add.push_back(own);
  }
  std::vector<std::string> remove;
  for (const std::string& name : *wish.remove)
    remove.push_back(name.substr(name.find('/') + 1));
  if (!wish.replace) return Checked(base.Changed(add, remove));
  // The examples of the file are those of the list.
  return Checked(file->Changed(add, remove));
}

LexiconDifference Difference(const text::OperatorList& before, const text::OperatorList& after) {
  std::map<std::string, const text::OperatorEntry*> old;
  for (const text::OperatorEntry& own : before.entries())
    old[own.Id()] = &own;
  LexiconDifference difference;
  const auto name = [&difference](char sign, const text::OperatorEntry& own) {
    if (difference.named.size() < kNamedChangesMax) difference.named.push_back(Named(sign, own));
  };
  for (const text::OperatorEntry& own : after.entries()) {
    const auto was = old.find(own.Id());
    const bool same = was != old.end() && SameContent(was->second->entry, own.entry);
    if (was != old.end()) old.erase(was);
    if (same) continue;
    ++difference.added;
    name('+', own);
  }
  for (const auto& [id, own] : old) {
    ++difference.removed;
    name('-', *own);
  }
  return difference;
}

v1::LexiconEntry ToProto(const text::OperatorEntry& own) {
  const text::LexiconEntry& entry = own.entry;
  v1::LexiconEntry proto;
  proto.set_name("lexiconEntries/" + own.Id());
  proto.set_surface(static_cast<v1::LexiconSurface>(own.surface));
  proto.set_pattern(entry.pattern);
  proto.set_reason(entry.comment);
  proto.set_author(entry.author);
  proto.set_built_in(!entry.own);
  if (entry.kind == text::EntryKind::kAllow) {
    proto.set_kind(v1::LEXICON_ENTRY_KIND_ALLOW);
  } else {
    proto.set_kind(v1::LEXICON_ENTRY_KIND_DENY);
    proto.set_category(Str(text::CategoryName(entry.category)));
    proto.set_severity(static_cast<v1::LexiconSeverity>(entry.severity));
  }
  const std::string flags = text::FlagNames(entry.flags);
  for (std::size_t at = 0; at < flags.size();) {
    const std::size_t comma = std::min(flags.find(',', at), flags.size());
    proto.add_flags(flags.substr(at, comma - at));
    at = comma + 1;
  }
  if (entry.until_day != 0) proto.set_until_date(text::FormatDay(entry.until_day));
  if (entry.since_day != 0) SetTimestamp(entry.since_day * kDayUs, proto.mutable_create_time());
  return proto;
}

}  // namespace hallwarden::daemon
