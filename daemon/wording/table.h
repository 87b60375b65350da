// The table of words as it was built in.
#ifndef HALLWARDEN_DAEMON_WORDING_TABLE_H_
#define HALLWARDEN_DAEMON_WORDING_TABLE_H_

#include <string_view>

namespace hallwarden::wording {

// data/wording.tsv: UTF-8 lines of key, Chinese and English between tabs; `#` begins a comment.
[[nodiscard]] std::string_view WordingTsv();

}  // namespace hallwarden::wording

#endif  // HALLWARDEN_DAEMON_WORDING_TABLE_H_
