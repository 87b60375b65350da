#include "daemon/desk/mask.h"

#include <vector>

#include "hallwarden/v1/appeal_service.pb.h"
#include "hallwarden/v1/options.pb.h"

#include "daemon/auth/access_table.h"
#include "storage/personal.h"

namespace hallwarden::daemon {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

// Clears addresses, devices and contacts; leaves words and images.
void MaskOrigins(Message* message) {
  if (!storage::MayHoldPersonal(*message->GetDescriptor())) return;
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const v1::Personal kind = field->options().GetExtension(v1::personal);
    if (kind == v1::PERSONAL_IP || kind == v1::PERSONAL_DEVICE || kind == v1::PERSONAL_CONTACT) {
      reflection.ClearField(message, field);
    }
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE || field->is_map()) continue;
    if (!field->is_repeated()) {
      MaskOrigins(reflection.MutableMessage(message, field));
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
      MaskOrigins(reflection.MutableRepeatedMessage(message, field, i));
    }
  }
}

// What the desk cut to what the player himself wrote and was told.
bool IsPlayersView(const Message& message) {
  return message.GetDescriptor() == v1::Appeal::descriptor() ||
         message.GetDescriptor() == v1::SubmitAppealResponse::descriptor();
}

}  // namespace

void MaskFor(v1::Role role, Message* message) {
  if (role == v1::ROLE_GAME_SERVER && IsPlayersView(*message)) return;
  if (!MaySeeText(role)) {
    storage::MaskPersonal(message);
  } else if (!MaySeeOrigins(role)) {
    MaskOrigins(message);
  }
}

}  // namespace hallwarden::daemon
