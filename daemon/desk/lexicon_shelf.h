// Word lists that the desk holds at hand: the operator's list, parsed, and parts of uploads.
#ifndef HALLWARDEN_DAEMON_DESK_LEXICON_SHELF_H_
#define HALLWARDEN_DAEMON_DESK_LEXICON_SHELF_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "hallwarden/v1/text_service.pb.h"

#include "absl/status/statusor.h"
#include "daemon/mutex.h"
#include "rules/text/operator_list.h"
#include "storage/store.h"

namespace hallwarden::daemon {

inline constexpr std::int64_t kUploadKeptUs = 10LL * 60 * 1'000'000;
// Uploads of all people together: each holds at most kOperatorBytesMax.
inline constexpr std::size_t kUploadsMax = 8;

// Thread-safe.
class LexiconShelf {
 public:
  // `store` outlives this.
  explicit LexiconShelf(storage::Store* store) : store_(store) {}

  // The operator's list of this content address; an empty one for an empty address. Errors as
  // Store::GetArtefact and OperatorList::Parse. Blocks.
  [[nodiscard]] absl::StatusOr<std::shared_ptr<const text::OperatorList>> Operators(
      const std::string& artefact);

  // Keeps a part. INVALID_ARGUMENT with UPLOAD_OFFSET, NOT_FOUND with NO_SUCH_UPLOAD,
  // RESOURCE_EXHAUSTED with UPLOAD_TOO_LONG or TOO_MANY_UPLOADS.
  [[nodiscard]] absl::Status Stage(const std::string& principal,
                                   const v1::StageLexiconRequest& request, std::int64_t now_us,
                                   v1::StageLexiconResponse* response);
  // What was staged, and `source` behind it. NOT_FOUND with NO_SUCH_UPLOAD.
  [[nodiscard]] absl::StatusOr<std::string> Whole(const std::string& principal,
                                                  const std::string& upload,
                                                  const std::string& source, std::int64_t now_us);

 private:
  struct Upload {
    std::string name;
    std::string text;
    std::int64_t until_us = 0;
  };

  void Forget(std::int64_t now_us) HW_REQUIRES(mutex_);

  storage::Store* const store_;
  Mutex mutex_;
  std::string artefact_ HW_GUARDED_BY(mutex_);
  std::shared_ptr<const text::OperatorList> list_ HW_GUARDED_BY(mutex_);
  std::map<std::string, Upload> uploads_ HW_GUARDED_BY(mutex_);  // by principal
  std::uint64_t last_upload_ HW_GUARDED_BY(mutex_) = 0;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_LEXICON_SHELF_H_
