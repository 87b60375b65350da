// Rows of the banks of pictures.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

constexpr int kReasonWidth = 40;
// An entry's id is 70 bytes: enough of it to tell entries apart on a screen.
constexpr std::size_t kShownId = 18;

Cell WordCell(Vocabulary vocabulary, int number, const Look& look) {
  return {WordFor(vocabulary, number, look.catalogue()), ShortName(vocabulary, number)};
}

Cell EntryCell(const std::string& name) {
  const std::string id = ShortId(name);
  return {id.size() > kShownId ? Cat({id.substr(0, kShownId), "..."}) : id, Guard(name)};
}

void Push(Sheet& sheet, const google::protobuf::Message& message, std::string name,
          std::vector<Cell> cells, const Look& look) {
  sheet.rows.push_back(Row{.cells = std::move(cells),
                           .value = Value::FromMessage(message, look.zone()),
                           .name = std::move(name)});
}

std::string QrWords(const v1::AvatarReading& reading) {
  std::string words;
  for (const v1::QrCode& code : reading.qr_codes()) {
    if (!words.empty()) words += "; ";
    words += Guard(code.text());
  }
  return words;
}

}  // namespace

Sheet BankSheet() {
  return Sheet{.columns = {{.key = "entry"},
                           {.key = "bank"},
                           {.key = "kind"},
                           {.key = "category"},
                           {.key = "confidence"},
                           {.key = "hits"},
                           {.key = "last_hit"},
                           {.key = "expires"},
                           {.key = "by"},
                           {.key = "reason", .width_max = kReasonWidth},
                           {.key = "created", .wide_only = true},
                           {.key = "quality", .wide_only = true},
                           {.key = "hash", .wide_only = true}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::BankEntry& entry, const Look& look) {
  Push(sheet, entry, entry.name(),
       {EntryCell(entry.name()), SameCell(Guard(entry.bank())),
        WordCell(Vocabulary::kBankKind, entry.kind(), look),
        WordCell(Vocabulary::kCategory, entry.category(), look),
        WordCell(Vocabulary::kConfidence, entry.confidence(), look),
        SameCell(std::to_string(entry.hit_count())),
        MomentCell(entry.has_last_hit_time(), entry.last_hit_time(), look),
        MomentCell(entry.has_expire_time(), entry.expire_time(), look),
        Cell{ActorWord(entry.author(), look), Guard(entry.author().principal())},
        SameCell(Guard(entry.reason())),
        MomentCell(entry.has_create_time(), entry.create_time(), look),
        SameCell(std::to_string(entry.pdq_quality())), SameCell(Hex(entry.pdq_hash()))},
       look);
}

Sheet BankTestSheet() {
  return Sheet{.columns = {{.key = "summary"},
                           {.key = "offence"},
                           {.key = "confidence"},
                           {.key = "qr_code"},
                           {.key = "quality"},
                           {.key = "hash"}},
               .rows = {},
               .single = true};
}

void AddRow(Sheet& sheet, const v1::TestBanksResponse& answer, const Look& look) {
  const v1::AvatarReading& reading = answer.reading();
  constexpr std::size_t kHashBytes = 32;
  Push(sheet, answer, "",
       {SameCell(Guard(look.catalogue().Text(answer.summary()))),
        WordCell(Vocabulary::kOffence, answer.finding().offence(), look),
        WordCell(Vocabulary::kConfidence, answer.finding().confidence(), look),
        SameCell(QrWords(reading)),
        SameCell(answer.has_reading() ? std::to_string(reading.pdq_quality()) : std::string()),
        SameCell(Hex(std::string_view(reading.pdq_hashes()).substr(0, kHashBytes)))},
       look);
}

Sheet BankMatchSheet() {
  return Sheet{.columns = {{.key = "entry"},
                           {.key = "bank"},
                           {.key = "kind"},
                           {.key = "distance"},
                           {.key = "orientation"},
                           {.key = "reason", .width_max = kReasonWidth}},
               .rows = {},
               .single = false};
}

void AddRow(Sheet& sheet, const v1::BankMatch& match, const Look& look) {
  Push(sheet, match, match.entry().name(),
       {EntryCell(match.entry().name()), SameCell(Guard(match.entry().bank())),
        WordCell(Vocabulary::kBankKind, match.entry().kind(), look),
        SameCell(std::to_string(match.match().distance())),
        WordCell(Vocabulary::kOrientation, match.match().orientation(), look),
        SameCell(Guard(match.entry().reason()))},
       look);
}

}  // namespace hallwarden::gmctl
