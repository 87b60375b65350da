#include "rules/text/chat_screener.h"

#include <algorithm>
#include <utility>

#include "rules/text/contact.h"
#include "rules/text/fold.h"
#include "rules/text/skeleton.h"
#include "rules/text/utf8.h"

namespace hallwarden::text {
namespace {

// A blank line is blank from its beginning.
constexpr std::size_t kBlankBytesMax = 12;

}  // namespace

std::string_view SurfaceName(Surface surface) {
  switch (surface) {
    case Surface::kNickname:
      return "nickname";
    case Surface::kSignature:
      return "signature";
    case Surface::kChat:
      return "chat";
    case Surface::kPost:
      return "post";
    case Surface::kPlace:
      return "place";
  }
  return "unknown";
}

ChatScreener::ChatScreener(std::shared_ptr<const Lexicon> lexicon)
    : lexicon_(std::move(lexicon)), screener_(std::make_unique<const Screener>(*lexicon_)) {}
ChatScreener::~ChatScreener() = default;
ChatScreener::ChatScreener(ChatScreener&&) noexcept = default;
ChatScreener& ChatScreener::operator=(ChatScreener&&) noexcept = default;

std::vector<TextHit> ChatScreener::Screen(std::string_view line, ScreenCost* cost) const {
  std::vector<TextHit> hits = screener_->Screen(line, cost);
  // A line that shows nothing though something was typed is no talk.
  if (hits.empty() && !line.empty() && static_cast<unsigned char>(line[0]) >= 0x80) {
    const FoldNotes notes = Fold(line.substr(0, kBlankBytesMax)).notes;
    if (notes.blank && notes.invisible) {
      hits.push_back(TextHit{.category = Category::kUnreadable,
                             .severity = Severity::kReview,
                             .entry_id = kNoEntry,
                             .entry = "(blank)",
                             .reading = {},
                             .begin = 0,
                             .end = line.size(),
                             .disguised = true});
    }
  }
  return hits;
}

std::vector<std::string> ContactsOf(std::string_view line) {
  constexpr std::size_t kContactsMax = 8;
  const Folded folded = Fold(line);
  std::vector<ContactSpan> spans;
  FindContacts(folded.units, &spans);
  std::vector<std::string> contacts;
  for (const ContactSpan& span : spans) {
    const bool offered = span.what != kClassPrice && span.what != kClassAmount;
    if (!offered || contacts.size() == kContactsMax) continue;
    std::string contact;
    for (std::uint32_t i = span.begin; i < span.end; ++i) {
      const char32_t code = folded.units[i].code;
      const int digit = DigitValue(code);
      if (digit >= 0) {
        contact.push_back(static_cast<char>('0' + digit));
      } else if (IsLatin(code) || (span.what == kClassAccount && (code == U'_' || code == U'-'))) {
        contact.push_back(static_cast<char>(code));
      } else if (span.what == kClassLink && !contact.empty() && contact.back() != '.') {
        contact.push_back('.');
      }
    }
    const bool known = std::find(contacts.begin(), contacts.end(), contact) != contacts.end();
    if (!known) contacts.push_back(std::move(contact));
  }
  return contacts;
}

}  // namespace hallwarden::text
