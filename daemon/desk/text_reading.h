// How a text is read and what becomes of it, step by step, for people.
#ifndef HALLWARDEN_DAEMON_DESK_TEXT_READING_H_
#define HALLWARDEN_DAEMON_DESK_TEXT_READING_H_

#include <string>
#include <string_view>

#include "hallwarden/v1/text_service.pb.h"

#include "rules/text/operator_list.h"

namespace hallwarden::daemon {

// What judges, and what would without the operator's list.
struct ReadingParts {
  text::Screeners all;
  text::Screeners built_in;
  // The operator's list, of which both differ.
  const text::OperatorList* own = nullptr;
};

// `names`: as a nickname; else as chat. A few milliseconds for a text of 4 KiB: off the sequencer.
void ExplainText(const ReadingParts& parts, bool names, std::string_view words,
                 v1::ExplainTextResponse* response);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_TEXT_READING_H_
