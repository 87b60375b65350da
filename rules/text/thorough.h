// Screening without the cheap path, for the test that both agree. Private to rules/text.
#ifndef HALLWARDEN_RULES_TEXT_THOROUGH_H_
#define HALLWARDEN_RULES_TEXT_THOROUGH_H_

#include <string_view>
#include <vector>

#include "rules/text/patterns.h"
#include "rules/text/screener.h"

namespace hallwarden::text {

// What Screener::Screen finds, whatever the gate says. `cost` may be null.
[[nodiscard]] std::vector<TextHit> ScreenThoroughly(const PatternSet& patterns,
                                                    std::string_view text, ScreenCost* cost);

}  // namespace hallwarden::text

#endif  // HALLWARDEN_RULES_TEXT_THOROUGH_H_
