#include "tests/tools/hallsim/event_digest.h"

#include <algorithm>
#include <vector>

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"

namespace hallwarden::hallsim {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

void EncodeText(const std::string& text, std::string* out) {
  absl::StrAppend(out, text.size(), ":", text);
}

// Requires a type that events have.
void EncodeValue(const Message& message, const FieldDescriptor* field, int index,
                 std::string* out) {
  const Reflection* r = message.GetReflection();
  const bool many = field->is_repeated();
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      out->push_back('{');
      Encode(many ? r->GetRepeatedMessage(message, field, index) : r->GetMessage(message, field),
             out);
      out->push_back('}');
      break;
    case FieldDescriptor::CPPTYPE_STRING:
      EncodeText(many ? r->GetRepeatedString(message, field, index) : r->GetString(message, field),
                 out);
      break;
    case FieldDescriptor::CPPTYPE_INT64:
      absl::StrAppend(out, r->GetInt64(message, field));
      break;
    case FieldDescriptor::CPPTYPE_INT32:
      absl::StrAppend(out, r->GetInt32(message, field));
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      absl::StrAppend(out, r->GetBool(message, field) ? 1 : 0);
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      absl::StrAppend(out, r->GetEnumValue(message, field));
      break;
    default:
      out->append("a type that events do not have");
  }
}

}  // namespace

void Encode(const Message& message, std::string* out) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  std::sort(fields.begin(), fields.end(), [](const FieldDescriptor* a, const FieldDescriptor* b) {
    return a->number() < b->number();
  });
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? message.GetReflection()->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      absl::StrAppend(out, field->number(), "=");
      EncodeValue(message, field, i, out);
      out->push_back(';');
    }
  }
}

}  // namespace hallwarden::hallsim
