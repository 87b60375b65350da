#include "storage/personal.h"

#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "hallwarden/v1/options.pb.h"

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace hallwarden::storage {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool IsPersonal(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::personal) != v1::PERSONAL_UNSPECIFIED;
}

// True if a personal field can be reached from `type`. `seen` stops at types that hold themselves.
bool Reaches(const Descriptor& type, std::unordered_set<const Descriptor*>* seen) {
  if (!seen->insert(&type).second) return false;
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (IsPersonal(field)) return true;
    if (field.message_type() != nullptr && Reaches(*field.message_type(), seen)) return true;
  }
  return false;
}

// What is known of each type.
class Types {
 public:
  bool MayHold(const Descriptor& type) {
    {
      const absl::ReaderMutexLock lock(&mutex_);
      const auto found = known_.find(&type);
      if (found != known_.end()) return found->second;
    }
    std::unordered_set<const Descriptor*> seen;
    const bool may = Reaches(type, &seen);
    const absl::MutexLock lock(&mutex_);
    known_.emplace(&type, may);
    return may;
  }

 private:
  absl::Mutex mutex_;
  std::unordered_map<const Descriptor*, bool> known_ ABSL_GUARDED_BY(mutex_);
};

Types& KnownTypes() {
  // NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): its lock guards it
  static auto* const kTypes = new Types;
  return *kTypes;
}

using Path = std::vector<std::int32_t>;

// Calls `take(message, field)` for each personal field that is set, with `path` leading to it.
template <class Take>
void Walk(Message* message, Path* path, const Take& take) {
  if (!MayHoldPersonal(*message->GetDescriptor())) return;
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    path->push_back(field->number());
    if (IsPersonal(*field)) {
      take(message, field);
    } else if (field->message_type() != nullptr && field->is_repeated()) {
      const int size = reflection.FieldSize(*message, field);
      for (int i = 0; i < size; ++i) {
        path->push_back(i);
        Walk(reflection.MutableRepeatedMessage(message, field, i), path, take);
        path->pop_back();
      }
    } else if (field->message_type() != nullptr) {
      Walk(reflection.MutableMessage(message, field), path, take);
    }
    path->pop_back();
  }
}

// Follows a path to the message that holds its last field. Null if it does not fit.
Message* Follow(const v1::SealedField& sealed, Message* message, const FieldDescriptor** field) {
  const int size = sealed.path_size();
  for (int i = 0; i < size; ++i) {
    const FieldDescriptor* next = message->GetDescriptor()->FindFieldByNumber(sealed.path(i));
    if (next == nullptr) return nullptr;
    if (i + 1 == size) {
      *field = next;
      return IsPersonal(*next) && !next->is_repeated() ? message : nullptr;
    }
    if (next->message_type() == nullptr) return nullptr;
    const Reflection& reflection = *message->GetReflection();
    if (!next->is_repeated()) {
      // Splitting leaves every message on the way in its place, so a missing one does not fit.
      if (!reflection.HasField(*message, next)) return nullptr;
      message = reflection.MutableMessage(message, next);
      continue;
    }
    ++i;
    if (i + 1 >= size || sealed.path(i) < 0 ||
        sealed.path(i) >= reflection.FieldSize(*message, next)) {
      return nullptr;
    }
    message = reflection.MutableRepeatedMessage(message, next, sealed.path(i));
  }
  return nullptr;
}

}  // namespace

bool MayHoldPersonal(const Descriptor& type) {
  return KnownTypes().MayHold(type);
}

void SplitPersonal(Message* message, v1::SealedFields* fields) {
  fields->Clear();
  Path path;
  Walk(message, &path, [&](Message* holder, const FieldDescriptor* field) {
    v1::SealedField* sealed = fields->add_fields();
    sealed->mutable_path()->Add(path.begin(), path.end());
    sealed->set_value(holder->GetReflection()->GetString(*holder, field));
    holder->GetReflection()->ClearField(holder, field);
  });
}

absl::Status JoinPersonal(const v1::SealedFields& fields, Message* message) {
  for (const v1::SealedField& sealed : fields.fields()) {
    const FieldDescriptor* field = nullptr;
    Message* const holder = Follow(sealed, message, &field);
    if (holder == nullptr) {
      return absl::DataLossError("a sealed field has no place in " +
                                 message->GetDescriptor()->full_name());
    }
    holder->GetReflection()->SetString(holder, field, sealed.value());
  }
  return absl::OkStatus();
}

void MaskPersonal(Message* message) {
  Path path;
  Walk(message, &path, [](Message* holder, const FieldDescriptor* field) {
    holder->GetReflection()->ClearField(holder, field);
  });
}

}  // namespace hallwarden::storage
