#include "tools/gmctl/dossier_view.h"

#include <utility>

#include "tools/gmctl/escape.h"
#include "tools/gmctl/terms.h"
#include "tools/gmctl/text.h"
#include "tools/gmctl/views.h"

namespace hallwarden::gmctl {
namespace {

std::string HeadLine(const v1::Account& account, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::string line = Cat({EscapePlayerText(account.nickname()), "  ",
                          WordFor(Vocabulary::kAccountClass, account.account_class(), text)});
  if (!account.partner_channel().empty())
    line += Cat({" (", Guard(account.partner_channel()), ")"});
  if (account.has_register_time()) {
    line +=
        Cat({"  ", text.Text("who.registered", {{"time", look.Moment(account.register_time())}})});
  }
  if (account.has_last_event_time()) {
    line += Cat({"  ", text.Text("who.heard", {{"ago", look.Ago(account.last_event_time())}})});
  }
  return line;
}

std::string PresenceLines(const v1::Account& account, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::Presence& one : account.presences()) {
    std::vector<std::string> parts = {Guard(one.server())};
    for (const std::string* part : {&one.hall(), &one.table(), &one.hand()}) {
      if (!part->empty()) parts.push_back(Guard(*part));
    }
    std::string line = Join(parts, " / ");
    if (one.has_begin_time()) line += Cat({"  (", look.Ago(one.begin_time()), ")"});
    lines.push_back(std::move(line));
  }
  return lines.empty() ? look.catalogue().Text("who.nowhere") : Join(lines, "\n");
}

std::string RestrictionLines(const v1::Account& account, const Look& look) {
  const Catalogue& text = look.catalogue();
  std::vector<std::string> lines;
  for (const v1::Restriction& one : account.restrictions()) {
    const std::string until = one.permanent()        ? text.Text("word.for_ever")
                              : one.has_until_time() ? look.Until(one.until_time())
                                                     : "";
    std::string scope = Cat({Guard(one.scope().game()), one.scope().game().empty() ? "" : " ",
                             Guard(one.scope().hall())});
    lines.push_back(
        Cat({Tinted(kTintRed, WordFor(Vocabulary::kCapability, one.capability(), text)), "  ",
             until, "  ", ShortId(one.sanction()), scope.empty() ? "" : "  ", scope}));
  }
  return lines.empty() ? Tinted(kTintGreen, text.Text("who.free")) : Join(lines, "\n");
}

std::string StandingLines(const v1::Account& account, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::LadderStanding& one : account.standings()) {
    const std::string title = look.catalogue().Text(one.title());
    std::string line = Cat({title.empty() ? Guard(one.ladder()) : title, " ",
                            std::to_string(one.rung()), "/", std::to_string(one.rung_count())});
    if (one.has_decay_time()) {
      line += Cat(
          {"  ", look.catalogue().Text("who.decays", {{"time", look.Moment(one.decay_time())}})});
    }
    lines.push_back(std::move(line));
  }
  return lines.empty() ? look.catalogue().Text("word.none") : Join(lines, "\n");
}

std::string NoteLines(const v1::Account& account, const Look& look) {
  std::vector<std::string> lines;
  for (const v1::Note& note : account.notes()) {
    lines.push_back(Cat({look.Ago(note.create_time()), "  ", ActorWord(note.actor(), look), "  ",
                         EscapePlayerText(note.text())}));
  }
  return Join(lines, "\n");
}

std::string CaseLine(const v1::Account& account) {
  std::vector<std::string> ids;
  for (const std::string& name : account.open_cases())
    ids.push_back(ShortId(name));
  return Join(ids, ", ");
}

void AddUnlessEmpty(Pairs& pairs, std::string key, std::string value) {
  if (!value.empty()) pairs.emplace_back(std::move(key), std::move(value));
}

void AddHead(const v1::Account& account, const Look& look, Pairs* pairs) {
  pairs->emplace_back(
      look.catalogue().Text("who.account"),
      Cat({Tinted(kTintBold, Guard(account.account())), "  ", HeadLine(account, look)}));
}

void AddStanding(const v1::Account& account, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  pairs->emplace_back(text.Text("who.status"), RestrictionLines(account, look));
  pairs->emplace_back(text.Text("who.ladders"), StandingLines(account, look));
  pairs->emplace_back(
      text.Text("who.record"),
      text.Text("who.record_line", {{"sanctions", std::to_string(account.sanction_count())},
                                    {"mistakes", std::to_string(account.mistake_count())},
                                    {"hands", std::to_string(account.hands_played())}}));
}

void AddLinks(const v1::Account& account, const Look& look, Pairs* pairs) {
  const Catalogue& text = look.catalogue();
  pairs->emplace_back(
      text.Text("who.links"),
      text.Text("who.links_line", {{"ip", std::to_string(account.accounts_on_ip())},
                                   {"device", std::to_string(account.accounts_on_device())},
                                   {"name", std::to_string(account.accounts_alike_name())}}));
}

}  // namespace

Pairs Dossier(const v1::Account& account, const Look& look) {
  const Catalogue& text = look.catalogue();
  Pairs pairs;
  AddHead(account, look, &pairs);
  AddUnlessEmpty(pairs, text.Text("who.signature"), EscapePlayerText(account.signature()));
  pairs.emplace_back(text.Text("who.where"), PresenceLines(account, look));
  AddStanding(account, look, &pairs);
  AddUnlessEmpty(pairs, text.Text("who.cases"), CaseLine(account));
  AddLinks(account, look, &pairs);
  AddUnlessEmpty(pairs, text.Text("who.register_ip"), Guard(account.register_ip()));
  AddUnlessEmpty(pairs, text.Text("who.register_device"), Guard(account.register_device()));
  if (account.unenforced_directives() > 0) {
    pairs.emplace_back(text.Text("who.unenforced"),
                       Tinted(kTintYellow, std::to_string(account.unenforced_directives())));
  }
  AddUnlessEmpty(pairs, text.Text("who.notes"), NoteLines(account, look));
  pairs.emplace_back(
      text.Text("who.next"),
      Tinted(kTintDim, text.Text("who.next_line", {{"account", account.account()}})));
  return pairs;
}

Pairs ShortDossier(const v1::Account& account, const Look& look) {
  Pairs pairs;
  AddHead(account, look, &pairs);
  AddStanding(account, look, &pairs);
  AddLinks(account, look, &pairs);
  AddUnlessEmpty(pairs, look.catalogue().Text("who.notes"), NoteLines(account, look));
  return pairs;
}

}  // namespace hallwarden::gmctl
