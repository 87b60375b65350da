// Small pictures that players of a story use as avatars, as PNG files: drawn here, so that a seed
// gives the same bytes on every machine.
#ifndef HALLWARDEN_TOOLS_HALLSIM_PICTURE_H_
#define HALLWARDEN_TOOLS_HALLSIM_PICTURE_H_

#include <cstdint>
#include <string>

#include "tools/hallsim/random.h"

namespace hallwarden::hallsim {

// Patches of grey on grey: a holiday picture, to a computer.
[[nodiscard]] std::string HonestPicture(Random& random);

// A QR code that leads to a contact.
[[nodiscard]] std::string ContactPicture();

// A PDQ hash as a game server would send it: half of its bits set, the same for the same picture.
[[nodiscard]] std::string PictureHash(std::uint64_t picture);

}  // namespace hallwarden::hallsim

#endif  // HALLWARDEN_TOOLS_HALLSIM_PICTURE_H_
