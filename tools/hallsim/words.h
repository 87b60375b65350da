// The simulator's own words: nicknames, chat lines, and names that break the handbook.
#ifndef HALLWARDEN_TOOLS_HALLSIM_WORDS_H_
#define HALLWARDEN_TOOLS_HALLSIM_WORDS_H_

#include <map>
#include <string>
#include <vector>

#include "tools/hallsim/random.h"

namespace hallwarden::hallsim {

// A name with the category it breaks: `porn`, `insult`, `religion`, `politics`, `impersonation`,
// `advert`.
struct LabelledName {
  std::string category;
  std::string name;
};

// Immutable after its making; thread-safe.
class Words {
 public:
  // What is compiled in (data/words.txt and data/violating_names.txt).
  static const Words& Get();

  // One entry of a section of words.txt. Requires that the section exists.
  [[nodiscard]] const std::string& Pick(const std::string& section, Random& random) const;
  [[nodiscard]] const std::vector<std::string>& Section(const std::string& section) const;
  // An innocent nickname, some with digits behind.
  [[nodiscard]] std::string Nickname(Random& random) const;
  // Names that break the handbook, in file order.
  [[nodiscard]] const std::vector<LabelledName>& violating() const { return violating_; }

 private:
  Words();

  std::map<std::string, std::vector<std::string>> sections_;
  std::vector<LabelledName> violating_;
};

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_WORDS_H_
