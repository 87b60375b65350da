// Everything the daemon says to people, in Chinese and English, from one table (data/wording.tsv).
// What players read is not here: notices are the operator's, in the policy.
#ifndef HALLWARDEN_DAEMON_WORDING_WORDING_H_
#define HALLWARDEN_DAEMON_WORDING_WORDING_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "hallwarden/v1/common.pb.h"

#include "google/protobuf/descriptor.h"
#include "google/protobuf/generated_enum_reflection.h"
#include "rules/engine/effect.h"
#include "rules/engine/posting_detail.h"

namespace hallwarden::wording {

// What fills the placeholder {name} of a text. A value that is a text itself keeps its two
// languages.
struct Fill {
  Fill(std::string_view fill_name, std::string_view value)
      : name(fill_name), zh(value), en(value) {}
  Fill(std::string_view fill_name, std::int64_t value)
      : name(fill_name), zh(std::to_string(value)), en(zh) {}
  Fill(std::string_view fill_name, const v1::LocalizedText& value)
      : name(fill_name), zh(value.zh()), en(value.en()) {}

  std::string_view name;
  std::string zh;
  std::string en;
};

// True if the table has the key.
[[nodiscard]] bool Has(std::string_view key);

// The text of a key, filled in one pass: what is filled in is never looked at again. A placeholder
// that nothing fills stays as it is; a key that is not in the table gives the key itself, so that
// a missing word can be seen and never hides a fact. Thread-safe.
[[nodiscard]] v1::LocalizedText Say(std::string_view key, const std::vector<Fill>& fills);
[[nodiscard]] v1::LocalizedText Say(std::string_view key, std::initializer_list<Fill> fills = {});

// Name of a value of an enum of the vocabulary; a value that this build does not know is its
// number.
[[nodiscard]] v1::LocalizedText NameOfValue(const google::protobuf::EnumDescriptor& type,
                                            int number);
template <class Enum>
[[nodiscard]] v1::LocalizedText NameOf(Enum value) {
  return NameOfValue(*google::protobuf::GetEnumDescriptor<Enum>(), static_cast<int>(value));
}

// Texts one after the other, with the comma of the language between them; `none` if there is none.
[[nodiscard]] v1::LocalizedText Join(const std::vector<v1::LocalizedText>& texts);

// Key of a detail, `posting.registered`. Empty for a number that this build does not know.
[[nodiscard]] std::string_view KeyOf(PostingDetail detail);

// One line of an account's history.
[[nodiscard]] v1::LocalizedText SayPosting(const Posting& posting);

// All keys in order, and the placeholders of a text in order of their names: for tests.
[[nodiscard]] std::vector<std::string> Keys();
[[nodiscard]] std::vector<std::string> PlaceholdersOf(std::string_view text);

}  // namespace hallwarden::wording

#endif  // HALLWARDEN_DAEMON_WORDING_WORDING_H_
