#include "storage/log_tail.h"

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

#include "storage/database.h"

namespace hallwarden::storage {
namespace {

// RocksDB's log format: blocks of 32 KiB; records that never cross a block, each led by a masked
// CRC-32C of type and payload, u16 length (both little endian) and a type. A block's last bytes are
// zero if no header fits there.
constexpr std::size_t kBlockBytes = 32'768;
constexpr std::size_t kHeaderBytes = 7;
enum : std::uint8_t { kFull = 1, kFirst = 2, kMiddle = 3, kLast = 4 };

constexpr std::uint32_t kPolynomial = 0x82f6'3b78;  // Castagnoli, reflected

constexpr std::array<std::uint32_t, 256> MakeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit)
      crc = (crc >> 1) ^ ((crc & 1U) != 0 ? kPolynomial : 0U);
    table[i] = crc;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kTable = MakeTable();

// As RocksDB stores it: a checksum of data that holds checksums would be weak.
std::uint32_t MaskedCrc(std::string_view bytes) {
  std::uint32_t crc = ~0U;
  for (const char byte : bytes)
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<std::uint8_t>(byte)) & 0xffU];
  crc = ~crc;
  constexpr std::uint32_t kDelta = 0xa282'ead8;
  return ((crc >> 15) | (crc << 17)) + kDelta;
}

std::uint32_t ByteAt(std::string_view log, std::size_t at) {
  return static_cast<std::uint8_t>(log[at]);
}

struct Header {
  std::uint32_t crc = 0;
  std::size_t length = 0;
  std::uint8_t type = 0;
};

// Requires: a header fits at `at`.
Header HeaderAt(std::string_view log, std::size_t at) {
  Header header;
  for (std::size_t i = 4; i-- > 0;)
    header.crc = (header.crc << 8) | ByteAt(log, at + i);
  header.length = ByteAt(log, at + 4) | (ByteAt(log, at + 5) << 8);
  header.type = static_cast<std::uint8_t>(ByteAt(log, at + 6));
  return header;
}

bool WholeAt(std::string_view log, std::size_t at, const Header& header) {
  const std::size_t end = at + kHeaderBytes + header.length;
  return header.type >= kFull && header.type <= kLast &&
         at % kBlockBytes + kHeaderBytes + header.length <= kBlockBytes && end <= log.size() &&
         MaskedCrc(log.substr(at + 6, 1 + header.length)) == header.crc;
}

bool AnyWholeBehind(std::string_view log, std::size_t at) {
  for (; at + kHeaderBytes <= log.size(); ++at) {
    if (WholeAt(log, at, HeaderAt(log, at))) return true;
  }
  return false;
}

absl::Status CutTail(rocksdb::Env* env, const std::string& path, std::string_view content,
                     std::uint64_t end) {
  absl::Status status =
      ToStatus(rocksdb::WriteStringToFile(env, {content.data() + end, content.size() - end},
                                          path + ".torn", true),
               "write " + path + ".torn");
  std::unique_ptr<rocksdb::WritableFile> file;
  if (status.ok()) status = ToStatus(env->ReopenWritableFile(path, &file, {}), "open " + path);
  if (status.ok()) status = ToStatus(file->Truncate(end), "cut " + path);
  if (status.ok()) status = ToStatus(file->Sync(), "sync " + path);
  if (status.ok()) status = ToStatus(file->Close(), "close " + path);
  return status;
}

// The log with the largest number, empty if there is none.
absl::StatusOr<std::string> NewestLog(rocksdb::Env* env, const std::string& directory) {
  constexpr std::string_view kSuffix = ".log";
  std::vector<std::string> names;
  if (absl::Status status = ToStatus(env->GetChildren(directory, &names), "list " + directory);
      !status.ok()) {
    return status;
  }
  std::string newest;
  for (const std::string& name : names) {
    if (!std::string_view(name).ends_with(kSuffix)) continue;
    // Numbers have at least six digits.
    if (name.size() > newest.size() || (name.size() == newest.size() && name > newest)) {
      newest = name;
    }
  }
  return newest;
}

absl::StatusOr<std::string> CurrentManifest(rocksdb::Env* env, const std::string& directory) {
  std::string name;
  if (absl::Status status = ToStatus(rocksdb::ReadFileToString(env, directory + "/CURRENT", &name),
                                     "read " + directory + "/CURRENT");
      !status.ok()) {
    return status;
  }
  const std::size_t end = name.find_last_not_of('\n');
  return end == std::string::npos ? std::string() : name.substr(0, end + 1);
}

}  // namespace

std::optional<std::uint64_t> FindTornTail(std::string_view log) {
  std::size_t at = 0;
  std::size_t good_end = 0;
  bool inside = false;
  while (true) {
    const std::size_t left = kBlockBytes - at % kBlockBytes;
    if (left < kHeaderBytes) {
      at += left;
      continue;
    }
    if (at + kHeaderBytes > log.size()) return std::nullopt;
    const Header header = HeaderAt(log, at);
    const bool begins = header.type == kFull || header.type == kFirst;
    // The last block ends in the middle of a record: RocksDB drops that by itself.
    const bool last_block = log.size() - at <= left;
    if (last_block && at + kHeaderBytes + header.length > log.size()) return std::nullopt;
    if (!WholeAt(log, at, header) || begins == inside) break;
    at += kHeaderBytes + header.length;
    inside = header.type == kFirst || header.type == kMiddle;
    if (!inside) good_end = at;
  }
  if (AnyWholeBehind(log, at + 1)) return std::nullopt;
  return good_end;
}

absl::Status CheckLastBlock(rocksdb::Env* env, const std::string& directory) {
  const absl::StatusOr<std::string> name = NewestLog(env, directory);
  if (!name.ok()) return name.status();
  if (name->empty()) return absl::OkStatus();
  const std::string path = directory + "/" + *name;
  std::uint64_t size = 0;
  std::unique_ptr<rocksdb::RandomAccessFile> file;
  absl::Status status = ToStatus(env->GetFileSize(path, &size), "look at " + path);
  if (status.ok()) status = ToStatus(env->NewRandomAccessFile(path, &file, {}), "open " + path);
  if (!status.ok() || size == 0) return status;
  const std::uint64_t begin = (size - 1) / kBlockBytes * kBlockBytes;
  std::string space(size - begin, '\0');
  rocksdb::Slice read;
  status = ToStatus(file->Read(begin, space.size(), &read, space.data()), "read " + path);
  if (!status.ok()) return status;
  const std::string_view block(read.data(), read.size());
  std::size_t at = 0;
  while (at + kHeaderBytes <= block.size()) {
    const Header header = HeaderAt(block, at);
    if (!WholeAt(block, at, header)) break;
    at += kHeaderBytes + header.length;
  }
  if (at + kHeaderBytes > block.size() || !AnyWholeBehind(block, at + 1)) return status;
  return absl::DataLossError(path + " is damaged at byte " + std::to_string(begin + at) +
                             ", with whole records behind it");
}

absl::StatusOr<bool> CutTornTails(rocksdb::Env* env, const std::string& directory) {
  bool any = false;
  for (const auto& find : {NewestLog, CurrentManifest}) {
    const absl::StatusOr<std::string> name = find(env, directory);
    if (!name.ok()) return name.status();
    if (name->empty()) continue;
    const std::string path = directory + "/" + *name;
    std::string content;
    if (absl::Status status =
            ToStatus(rocksdb::ReadFileToString(env, path, &content), "read " + path);
        !status.ok()) {
      return status;
    }
    const std::optional<std::uint64_t> end = FindTornTail(content);
    if (!end.has_value()) continue;
    if (absl::Status status = CutTail(env, path, content, *end); !status.ok()) return status;
    any = true;
  }
  return any;
}

}  // namespace hallwarden::storage
