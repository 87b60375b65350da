// What is read from an avatar's image, once, when its event comes in: everything that rules judge.
// The reading goes into the journal with the event, so that a replay needs neither the image nor
// the same version of any decoder.
#ifndef HALLWARDEN_DAEMON_AVATAR_AVATAR_READER_H_
#define HALLWARDEN_DAEMON_AVATAR_AVATAR_READER_H_

#include <string_view>

#include "hallwarden/v1/event.pb.h"

namespace hallwarden::daemon {

// Hashes, quality and QR codes of an image, or why it could not be read. Some 10 ms for an ordinary
// avatar; bounded in time and memory whatever comes, see image.h. Thread-safe.
[[nodiscard]] v1::AvatarReading ReadAvatar(std::string_view image);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_AVATAR_AVATAR_READER_H_
