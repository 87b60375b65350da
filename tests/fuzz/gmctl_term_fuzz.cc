// Terms and times as a tired GM types them: never for ever, never zero.
#include <cstddef>
#include <cstdint>
#include <string>

#include <absl/time/time.h>

#include "tests/fuzz/require.h"
#include "tools/gmctl/times.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using hallwarden::fuzz::Require;
  namespace gmctl = hallwarden::gmctl;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  const absl::TimeZone zone = absl::FixedTimeZone(8 * 3600);
  const absl::StatusOr<absl::Duration> term = gmctl::ParseTerm(text);
  if (term.ok()) {
    Require(*term > absl::ZeroDuration() && *term < absl::InfiniteDuration(), "a term has an end");
    const absl::StatusOr<absl::Duration> again = gmctl::ParseTerm(gmctl::ExactTerm(*term));
    Require(again.ok() && *again == *term, "what is printed can be typed");
  }
  const absl::StatusOr<absl::Time> until = gmctl::ParseUntil(text, zone, now);
  if (until.ok()) Require(*until > now && *until < absl::InfiniteFuture(), "an end is ahead");
  static_cast<void>(gmctl::ParsePoint(text, zone));
  static_cast<void>(gmctl::ParseSince(text, zone, now));
  static_cast<void>(gmctl::ParseZone(text));
  static_cast<void>(gmctl::LooksLikeTerm(text));
  return 0;
}
