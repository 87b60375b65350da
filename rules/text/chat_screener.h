// Does this line of chat, post or notice break the rules, where, and how is it read? The same
// machinery as for names with another list: at a card table people kill, bomb, poison and gamble.
// It only claims, about one text; what a person wrote over several lines, and what many accounts
// write alike, is judged by whoever keeps the lines.
#ifndef HALLWARDEN_RULES_TEXT_CHAT_SCREENER_H_
#define HALLWARDEN_RULES_TEXT_CHAT_SCREENER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/text/lexicon.h"
#include "rules/text/screener.h"

namespace hallwarden::text {

// Where a text stands. Names and signatures are judged by NameScreener, the others by ChatScreener.
enum class Surface : std::uint8_t {
  kNickname = 0,
  kSignature = 1,
  kChat = 2,
  kPost = 3,
  kPlace = 4,  // names and notices of rooms and clubs
};

// "nickname", "signature", "chat", "post", "place".
[[nodiscard]] std::string_view SurfaceName(Surface surface);

// Thread-safe. Construction compiles the list: build aside, then swap.
class ChatScreener {
 public:
  // Requires: `lexicon` is not null.
  explicit ChatScreener(std::shared_ptr<const Lexicon> lexicon);
  ~ChatScreener();
  ChatScreener(ChatScreener&&) noexcept;
  ChatScreener& operator=(ChatScreener&&) noexcept;
  ChatScreener(const ChatScreener&) = delete;
  ChatScreener& operator=(const ChatScreener&) = delete;

  // Like NameScreener::Screen.
  [[nodiscard]] std::vector<TextHit> Screen(std::string_view line,
                                            ScreenCost* cost = nullptr) const;

  [[nodiscard]] const Lexicon& lexicon() const { return *lexicon_; }

 private:
  std::shared_ptr<const Lexicon> lexicon_;
  std::unique_ptr<const Screener> screener_;
};

// What links, numbers and account names a line offers as contacts, in the one spelling that they
// have whatever their disguise: "13800138000", "abc888", "abc888.com". At most 8, in order. For
// counting the same contact across lines and accounts.
[[nodiscard]] std::vector<std::string> ContactsOf(std::string_view line);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_CHAT_SCREENER_H_
