// Tells systemd how the daemon is: one datagram each, as sd_notify(3) describes. Its library would
// be one more dependency for a protocol of one line.
#ifndef HALLWARDEN_DAEMON_METRICS_NOTIFY_H_
#define HALLWARDEN_DAEMON_METRICS_NOTIFY_H_

#include <string>
#include <string_view>

namespace hallwarden::daemon {

// Sends `state`, for example `READY=1`, to the socket; a leading `@` stands for the abstract name
// space. False if nobody is there; that harms nothing.
bool SendNotify(const std::string& socket, std::string_view state);

// ... to the one that NOTIFY_SOCKET names; does nothing without it.
void Notify(std::string_view state);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_METRICS_NOTIFY_H_
