#include "rules/text/combine.h"

#include <algorithm>
#include <tuple>

namespace hallwarden::text {
namespace {

// Looks for places of all classes of one rule, no two overlapping, within the window.
class RuleSearch {
 public:
  RuleSearch(const std::vector<ClassMark>& marks, const LexiconRule& rule, std::size_t* steps)
      : marks_(marks), rule_(rule), steps_(steps) {
    for (std::uint8_t i = 0; i < kLexiconClassesMax; ++i) {
      if ((rule.needs >> i & 1U) != 0) classes_.push_back(i);
    }
  }

  bool Run() { return Place(0); }
  [[nodiscard]] const std::vector<const ClassMark*>& chosen() const { return chosen_; }

 private:
  bool Place(std::size_t next) {
    if (next == classes_.size()) return true;
    for (const ClassMark& mark : marks_) {
      if (mark.what != classes_[next]) continue;
      if (++*steps_ > kRuleStepsMax) return false;
      if (!Goes(mark)) continue;
      chosen_.push_back(&mark);
      if (Place(next + 1)) return true;
      chosen_.pop_back();
    }
    return false;
  }

  [[nodiscard]] bool Goes(const ClassMark& mark) const {
    return std::all_of(chosen_.begin(), chosen_.end(), [&](const ClassMark* other) {
      const bool apart = mark.end <= other->begin || other->end <= mark.begin;
      const std::uint32_t distance = std::max(mark.at, other->at) - std::min(mark.at, other->at);
      return apart && distance <= rule_.window;
    });
  }

  const std::vector<ClassMark>& marks_;
  const LexiconRule& rule_;
  std::size_t* steps_;
  std::vector<std::uint8_t> classes_;
  std::vector<const ClassMark*> chosen_;
};

}  // namespace

std::vector<RuleMatch> MatchRules(const Lexicon& lexicon, std::vector<ClassMark> marks,
                                  std::size_t* steps) {
  std::sort(marks.begin(), marks.end(), [](const ClassMark& a, const ClassMark& b) {
    return std::tuple(a.disguised, a.begin, b.end, a.what) <
           std::tuple(b.disguised, b.begin, a.end, b.what);
  });
  std::uint64_t present = 0;
  for (const ClassMark& mark : marks) {
    present |= std::uint64_t{1} << mark.what;
  }
  std::vector<RuleMatch> found;
  for (std::uint32_t i = 0; i < lexicon.rules().size(); ++i) {
    const LexiconRule& rule = lexicon.rules()[i];
    if ((rule.needs & ~present) != 0 || (rule.refuses & present) != 0) continue;
    RuleSearch search(marks, rule, steps);
    if (!search.Run()) continue;
    RuleMatch match{.rule = i, .begin = 0xffffffffU};
    for (const ClassMark* mark : search.chosen()) {
      match.begin = std::min(match.begin, mark->begin);
      match.end = std::max(match.end, mark->end);
      match.disguised = match.disguised || mark->disguised;
    }
    found.push_back(match);
  }
  return found;
}

}  // namespace hallwarden::text
