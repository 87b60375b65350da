// Pictures as files, by the libraries that everybody uses: what a client would upload.
#ifndef HALLWARDEN_TESTS_DAEMON_AVATAR_ENCODERS_H_
#define HALLWARDEN_TESTS_DAEMON_AVATAR_ENCODERS_H_

#include <cstdint>
#include <string>

#include "tests/rules/avatar/pictures.h"

namespace hallwarden::testing {

[[nodiscard]] std::string EncodePng(const Picture& picture);
// A picture of `width` x `height` without anything in it: a few hundred bytes for any size.
[[nodiscard]] std::string EncodeEmptyPng(std::uint32_t width, std::uint32_t height);
// `quality` 1 to 100.
[[nodiscard]] std::string EncodeJpeg(const Picture& picture, int quality, bool progressive = false);
[[nodiscard]] std::string EncodeWebp(const Picture& picture, float quality);

}  // namespace hallwarden::testing

#endif  // HALLWARDEN_TESTS_DAEMON_AVATAR_ENCODERS_H_
