#include "daemon/desk/login_history.h"

#include <string>

#include "daemon/desk/shape.h"
#include "rules/state/time.h"

namespace hallwarden::daemon {
namespace {

// Empty says nothing: it is alike to nothing and different from nothing.
bool Same(const std::string& a, const std::string& b) {
  return !a.empty() && a == b;
}
bool Known(const v1::Login& login) {
  return !login.ip().empty() || !login.device().empty();
}

}  // namespace

absl::StatusOr<v1::Login> LoginAt(storage::Store* store, const storage::StoredPosting& posting) {
  v1::Login login;
  SetTimestamp(posting.commit_us, login.mutable_create_time());
  login.set_journal_position(static_cast<std::int64_t>(posting.position));
  const absl::StatusOr<storage::JournalEntry> entry = store->ReadEntry(posting.position);
  if (absl::IsNotFound(entry.status())) return login;
  if (!entry.ok()) return entry.status();
  login.set_server(entry->source);
  const absl::StatusOr<v1::HallEvent> event = ReadEvent(store, posting.position);
  if (absl::IsNotFound(event.status())) return login;
  if (!event.ok()) return event.status();
  if (event->has_registered()) {
    login.set_registration(true);
    login.set_ip(event->registered().ip());
    login.set_device(event->registered().device());
    login.set_channel(event->registered().channel());
  } else {
    login.set_ip(event->logged_in().ip());
    login.set_device(event->logged_in().device());
    login.set_channel(event->logged_in().channel());
  }
  return login;
}

void MarkLogins(const v1::Login& registration, const v1::Login& before,
                google::protobuf::RepeatedPtrField<v1::Login>* logins) {
  for (int i = 0; i < logins->size(); ++i) {
    v1::Login& login = (*logins)[i];
    login.set_registered_ip(Same(login.ip(), registration.ip()));
    login.set_registered_device(Same(login.device(), registration.device()));
    const v1::Login& last = i + 1 < logins->size() ? (*logins)[i + 1] : before;
    // A new phone at home, or the old one on a journey, breaks nothing.
    login.set_broken(Known(login) && Known(last) && !Same(login.ip(), last.ip()) &&
                     !Same(login.device(), last.device()));
  }
}

}  // namespace hallwarden::daemon
