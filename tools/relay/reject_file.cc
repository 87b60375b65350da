#include "tools/relay/reject_file.h"

#include <utility>

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::relay {

absl::StatusOr<std::unique_ptr<RejectFile>> RejectFile::Open(
    session::FileSystem* fs, const std::string& path, std::function<void(const std::string&)> say) {
  std::unique_ptr<RejectFile> rejects(new RejectFile(std::move(say)));
  if (path.empty()) return rejects;
  std::string last_line;
  absl::StatusOr<std::unique_ptr<GrowingFile>> file = GrowingFile::Open(fs, path, &last_line);
  if (!file.ok()) return file.status();
  rejects->file_ = *std::move(file);
  if (last_line.empty()) return rejects;
  google::protobuf::Struct last;
  if (!google::protobuf::util::JsonStringToMessage(last_line, &last).ok() ||
      !absl::SimpleAtoi(last.fields().contains("seq") ? last.fields().at("seq").string_value() : "",
                        &rejects->last_seq_)) {
    return absl::DataLossError(
        absl::StrCat(path, ": its last line is none of ours. Move the file away"));
  }
  return rejects;
}

absl::Status RejectFile::Add(const std::deque<Reject>& rejects) {
  std::string lines;
  for (const Reject& reject : rejects) {
    if (reject.seq <= last_seq_) continue;
    last_seq_ = reject.seq;
    say_(absl::StrCat(reject.file, ":", reject.line, ": refused as event ", reject.seq, ": ",
                      reject.reason, ": ", reject.detail));
    google::protobuf::Struct object;
    auto& fields = *object.mutable_fields();
    fields["seq"].set_string_value(std::to_string(reject.seq));
    fields["file"].set_string_value(reject.file);
    fields["line"].set_number_value(static_cast<double>(reject.line));
    fields["reason"].set_string_value(reject.reason);
    fields["detail"].set_string_value(reject.detail);
    std::string line;
    if (!google::protobuf::util::MessageToJsonString(object, &line).ok()) {
      // The fault quotes a line that is no UTF-8.
      fields["detail"].set_string_value("cannot be shown: the line is not valid UTF-8");
      line.clear();
      if (!google::protobuf::util::MessageToJsonString(object, &line).ok()) {
        return absl::InternalError(
            absl::StrCat("event ", reject.seq, " cannot be written as JSON"));
      }
    }
    absl::StrAppend(&lines, line, "\n");
  }
  if (file_ == nullptr || lines.empty()) return absl::OkStatus();
  return file_->Append(lines);
}

}  // namespace hallwarden::relay
