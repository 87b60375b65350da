// Small private files: the configuration, the state, secrets.
#ifndef HALLWARDEN_TOOLS_GMCTL_FILES_H_
#define HALLWARDEN_TOOLS_GMCTL_FILES_H_

#include <cstddef>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace hallwarden::gmctl {

// Reads at most `max_bytes`. A missing file: `err.file.missing`; a longer one: `err.file.large`.
[[nodiscard]] absl::StatusOr<std::string> ReadFile(const std::string& path, std::size_t max_bytes);

[[nodiscard]] bool FileExists(const std::string& path);

// Whether people other than the owner may read it. False if it is not there.
[[nodiscard]] bool OthersMayRead(const std::string& path);

// Whether a file must survive a power cut.
enum class Durability { kOnDisk, kWhenever };

// Writes a file that only the owner may read and makes its folder (0700) where it is missing. All
// or nothing: a reader sees the old file or the new one. On the disk on return, unless told
// otherwise.
[[nodiscard]] absl::Status WritePrivateFile(const std::string& path, std::string_view content,
                                            Durability durability);

// As WritePrivateFile, but fails if there is a file already.
[[nodiscard]] absl::Status CreatePrivateFile(const std::string& path, std::string_view content);

// Removes the oldest files of a folder but for `keep` of them. Errors do no harm.
void PruneFolder(const std::string& folder, std::size_t keep);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_FILES_H_
