// Terms and points in time: as a GM types them, and as a GM reads them.
//
// The rule of this file: a mistyped term is an error and can never become a permanent ban. Nothing
// here has a default, and "for ever" is no value of any type below.
#ifndef HALLWARDEN_TOOLS_GMCTL_TIMES_H_
#define HALLWARDEN_TOOLS_GMCTL_TIMES_H_

#include <string>
#include <string_view>

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

namespace hallwarden::gmctl {

// A longer term is a permanent ban in disguise, and most likely a typing error.
inline constexpr absl::Duration kLongestTerm = absl::Hours(24 * 3650);

// Reads `7d`, `12h`, `1d12h`, `90m`, `2w`: whole numbers with units w, d, h, m, s, in this order,
// each at most once. More than zero, at most kLongestTerm. Errors are usage problems: `err.term.*`.
[[nodiscard]] absl::StatusOr<absl::Duration> ParseTerm(std::string_view text);

// Reads RFC 3339 with an offset, or `YYYY-MM-DD`, `YYYY-MM-DD HH:MM[:SS]` in `zone`. A date alone
// is its first moment. Days and hours that do not exist are errors: `err.time.*`.
[[nodiscard]] absl::StatusOr<absl::Time> ParsePoint(std::string_view text, absl::TimeZone zone);

// As ParsePoint, for the end of a term: after `now` and at most kLongestTerm ahead.
[[nodiscard]] absl::StatusOr<absl::Time> ParseUntil(std::string_view text, absl::TimeZone zone,
                                                    absl::Time now);

// As ParsePoint, or a term that counts back from `now`: `7d`.
[[nodiscard]] absl::StatusOr<absl::Time> ParseSince(std::string_view text, absl::TimeZone zone,
                                                    absl::Time now);

// Whether `text` looks like somebody's idea of a term. Only for better error messages.
[[nodiscard]] bool LooksLikeTerm(std::string_view text);

// Reads `+08:00`, `UTC`, `local` or a name like `Asia/Shanghai`.
[[nodiscard]] absl::StatusOr<absl::TimeZone> ParseZone(std::string_view text);

[[nodiscard]] absl::Time FromProto(const google::protobuf::Timestamp& time);
[[nodiscard]] absl::Duration FromProto(const google::protobuf::Duration& duration);
void ToProto(absl::Time time, google::protobuf::Timestamp& out);
void ToProto(absl::Duration duration, google::protobuf::Duration& out);

// For machines: `2026-09-09T14:00:00+08:00`, with milliseconds where there are any.
[[nodiscard]] std::string Rfc3339(absl::Time time, absl::TimeZone zone);

// `2026-09-09 14:00 +08:00`, with seconds if asked for.
[[nodiscard]] std::string ShortTime(absl::Time time, absl::TimeZone zone, bool seconds);

// The two largest units: `6d 21h`, `3m`, `45s`, `0s`. Rounds down; negative as positive.
[[nodiscard]] std::string RoughTerm(absl::Duration duration);

// Exact, in the syntax of ParseTerm: `1d12h`. Parts of a second are cut off.
[[nodiscard]] std::string ExactTerm(absl::Duration duration);

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_TIMES_H_
