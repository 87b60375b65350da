#include "tools/hallsim/words.h"

#include <sstream>

#include "tools/hallsim/embedded.h"

namespace hallwarden::hallsim {

Words::Words() {
  std::istringstream words(EmbeddedWords());
  std::vector<std::string>* section = nullptr;
  for (std::string line; std::getline(words, line);) {
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      section = &sections_[line.substr(1, line.size() - 2)];
    } else if (section != nullptr) {
      section->push_back(line);
    }
  }
  std::istringstream names(EmbeddedViolatingNames());
  for (std::string line; std::getline(names, line);) {
    const std::size_t tab = line.find('\t');
    if (line.empty() || line.front() == '#' || tab == std::string::npos) continue;
    violating_.push_back(LabelledName{line.substr(0, tab), line.substr(tab + 1)});
  }
}

const Words& Words::Get() {
  static const Words kWords;
  return kWords;
}

const std::vector<std::string>& Words::Section(const std::string& section) const {
  return sections_.at(section);
}

const std::string& Words::Pick(const std::string& section, Random& random) const {
  const std::vector<std::string>& entries = Section(section);
  return entries[random.Below(static_cast<std::uint32_t>(entries.size()))];
}

std::string Words::Nickname(Random& random) const {
  std::string name;
  const std::uint32_t kind = random.Below(10);
  if (kind < 6) {
    name = Pick("nick_head", random) + Pick("nick_tail", random);
  } else if (kind < 8) {
    name = Pick("nick_whole", random);
  } else {
    name = Pick("nick_tail", random);
  }
  if (random.Chance(400)) name += std::to_string(random.Between(1, 999));
  return name;
}

}  // namespace hallwarden::hallsim
