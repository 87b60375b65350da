// From what a request asks to a new operator's list, and what differs between two of them.
#ifndef HALLWARDEN_DAEMON_DESK_LEXICON_CHANGE_H_
#define HALLWARDEN_DAEMON_DESK_LEXICON_CHANGE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hallwarden/v1/lexicon.pb.h"

#include "absl/status/statusor.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "rules/text/operator_list.h"

namespace hallwarden::daemon {

// Entries that an answer or an audit record names.
inline constexpr std::size_t kNamedChangesMax = 20;

// Who changes the list, why and when; put into entries that do not say.
struct Authorship {
  std::string author;
  std::string reason;
  std::int32_t day = 0;
};

// What is asked. `source`: text of a list, whose entries are added, or with `replace` the whole.
struct LexiconWish {
  const google::protobuf::RepeatedPtrField<v1::LexiconEntry>* add = nullptr;
  const google::protobuf::RepeatedPtrField<std::string>* remove = nullptr;
  std::string source;
  std::string file;
  bool replace = false;
};

// INVALID_ARGUMENT with LEXICON_REFUSED and the faults, NOT_FOUND if an entry to remove is not
// there.
[[nodiscard]] absl::StatusOr<text::OperatorList> ChangeList(const text::OperatorList& base,
                                                            const LexiconWish& wish,
                                                            const Authorship& by);

// The list in `wish.source` alone, whose examples must hold although only its entries are added.
[[nodiscard]] absl::StatusOr<text::OperatorList> ListInFile(const LexiconWish& wish);

struct LexiconDifference {
  int added = 0;
  int removed = 0;
  std::vector<std::string> named;  // `+ porn plain pattern`, at most kNamedChangesMax
};
[[nodiscard]] LexiconDifference Difference(const text::OperatorList& before,
                                           const text::OperatorList& after);

// An entry as people see it.
[[nodiscard]] v1::LexiconEntry ToProto(const text::OperatorEntry& own);

// INVALID_ARGUMENT with LEXICON_REFUSED: `faults`, one a line, cut to what an answer can carry.
[[nodiscard]] absl::Status LexiconRefused(std::string_view faults);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_LEXICON_CHANGE_H_
