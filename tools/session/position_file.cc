#include "tools/session/position_file.h"

#include <cstddef>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace hallwarden::session {
namespace {

constexpr char kMagic[] = "hallwarden-position 1\n";
constexpr char kChecksum[] = "checksum ";
constexpr std::size_t kSizeMax = std::size_t{1} << 20U;

absl::Status Damaged(const std::string& path, const std::string& why) {
  return absl::DataLossError(
      absl::StrCat(path, " is damaged (", why,
                   "). Put back a copy of it, or, if there is none, look up the "
                   "server's position with `gmctl server ls` and start again without the file"));
}

}  // namespace

std::uint64_t Fnv1a(const std::string& data) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : data) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return hash;
}

PositionFile::PositionFile(FileSystem* fs, std::string path) : fs_(fs), path_(std::move(path)) {}

absl::StatusOr<PositionValues> PositionFile::Load() const {
  absl::StatusOr<std::string> content = ReadWholeFile(*fs_, path_, kSizeMax);
  if (!content.ok()) return content.status();
  if (content->rfind(kMagic, 0) != 0) return Damaged(path_, "its first line is not ours");
  const std::size_t sum_at = content->rfind(kChecksum);
  if (sum_at == std::string::npos || content->at(sum_at - 1) != '\n') {
    return Damaged(path_, "its last line is missing");
  }
  const std::string body = content->substr(0, sum_at);
  if (content->substr(sum_at) != absl::StrFormat("%s%016x\n", kChecksum, Fnv1a(body))) {
    return Damaged(path_, "the checksum does not fit");
  }
  PositionValues values;
  std::size_t at = sizeof(kMagic) - 1;
  while (at < body.size()) {
    const std::size_t end = body.find('\n', at);
    const std::size_t space = body.find(' ', at);
    if (end == std::string::npos || space == std::string::npos || space > end) {
      return Damaged(path_, "a line has no value");
    }
    values[body.substr(at, space - at)] = body.substr(space + 1, end - space - 1);
    at = end + 1;
  }
  return values;
}

absl::Status PositionFile::Save(const PositionValues& values) {
  std::string content = kMagic;
  for (const auto& [name, value] : values)
    absl::StrAppend(&content, name, " ", value, "\n");
  content += absl::StrFormat("%s%016x\n", kChecksum, Fnv1a(content));
  return ReplaceFile(*fs_, path_, content);
}

absl::StatusOr<std::int64_t> PositionNumber(const PositionValues& values, const std::string& name) {
  const auto it = values.find(name);
  std::int64_t number = 0;
  if (it == values.end() || !absl::SimpleAtoi(it->second, &number)) {
    return absl::InvalidArgumentError(absl::StrCat("no number `", name, "`"));
  }
  return number;
}

}  // namespace hallwarden::session
