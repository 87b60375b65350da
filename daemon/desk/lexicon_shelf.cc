#include "daemon/desk/lexicon_shelf.h"

#include <utility>

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

absl::Status NoSuchUpload(const std::string& upload) {
  return RefusalStatus(absl::StatusCode::kNotFound, "NO_SUCH_UPLOAD",
                       "upload " + upload + " is gone: begin it anew", {{"upload", upload}});
}

}  // namespace

absl::StatusOr<std::shared_ptr<const text::OperatorList>> LexiconShelf::Operators(
    const std::string& artefact) {
  if (artefact.empty()) return std::make_shared<const text::OperatorList>();
  {
    const MutexLock lock(&mutex_);
    if (list_ != nullptr && artefact_ == artefact) return list_;
  }
  const absl::StatusOr<std::string> source = store_->GetArtefact(artefact);
  if (!source.ok()) return source.status();
  absl::StatusOr<text::OperatorList> parsed = text::OperatorList::Parse(*source, "lexicon");
  if (!parsed.ok()) return parsed.status();
  auto list = std::make_shared<const text::OperatorList>(*std::move(parsed));
  const MutexLock lock(&mutex_);
  artefact_ = artefact;
  list_ = list;
  return list;
}

void LexiconShelf::Forget(std::int64_t now_us) {
  std::erase_if(uploads_,
                [now_us](const auto& upload) { return upload.second.until_us <= now_us; });
}

absl::Status LexiconShelf::Stage(const std::string& principal,
                                 const v1::StageLexiconRequest& request, std::int64_t now_us,
                                 v1::StageLexiconResponse* response) {
  const MutexLock lock(&mutex_);
  Forget(now_us);
  if (request.upload().empty()) {
    uploads_.erase(principal);
    if (uploads_.size() >= kUploadsMax) {
      return RefusalStatus(absl::StatusCode::kResourceExhausted, "TOO_MANY_UPLOADS",
                           "too many lists are being uploaded: try again in ten minutes");
    }
    uploads_[principal].name =
        "up-" + std::to_string(now_us) + "-" + std::to_string(++last_upload_);
  }
  const auto found = uploads_.find(principal);
  const bool known = found != uploads_.end() &&
                     (request.upload().empty() || request.upload() == found->second.name);
  if (!known) return NoSuchUpload(request.upload());
  Upload& upload = found->second;
  const auto staged = static_cast<std::int64_t>(upload.text.size());
  // A part that was lost on its way back comes again.
  const bool repeat =
      request.offset() + static_cast<std::int64_t>(request.source().size()) == staged &&
      request.offset() >= 0 &&
      upload.text.substr(static_cast<std::size_t>(request.offset())) == request.source();
  if (!repeat && request.offset() != staged) {
    return RefusalStatus(absl::StatusCode::kInvalidArgument, "UPLOAD_OFFSET",
                         "the next part begins at " + std::to_string(staged),
                         {{"offset", std::to_string(staged)}});
  }
  if (!repeat && upload.text.size() + request.source().size() > text::kOperatorBytesMax) {
    const std::string most = std::to_string(text::kOperatorBytesMax);
    return RefusalStatus(absl::StatusCode::kResourceExhausted, "UPLOAD_TOO_LONG",
                         "a list has at most " + most + " bytes", {{"most", most}});
  }
  if (!repeat) upload.text += request.source();
  upload.until_us = now_us + kUploadKeptUs;
  response->set_upload(upload.name);
  response->set_staged_bytes(static_cast<std::int64_t>(upload.text.size()));
  return absl::OkStatus();
}

absl::StatusOr<std::string> LexiconShelf::Whole(const std::string& principal,
                                                const std::string& upload,
                                                const std::string& source, std::int64_t now_us) {
  if (upload.empty()) return source;
  const MutexLock lock(&mutex_);
  Forget(now_us);
  const auto found = uploads_.find(principal);
  if (found == uploads_.end() || found->second.name != upload) return NoSuchUpload(upload);
  return found->second.text + source;
}

}  // namespace hallwarden::daemon
