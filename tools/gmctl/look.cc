#include "tools/gmctl/look.h"

#include <absl/time/civil_time.h>

#include "tools/gmctl/text.h"
#include "tools/gmctl/times.h"

namespace hallwarden::gmctl {

std::string Look::Moment(absl::Time time) const {
  const auto day = absl::GetWeekday(absl::ToCivilDay(time, zone_));
  const std::string key = Cat({"weekday.", std::to_string(static_cast<int>(day))});
  return Cat({catalogue_.Text(key), " ", ShortTime(time, zone_, false)});
}

std::string Look::Moment(const google::protobuf::Timestamp& time) const {
  return Moment(FromProto(time));
}

std::string Look::Until(const google::protobuf::Timestamp& time) const {
  const absl::Time end = FromProto(time);
  const MessageArgs values = {{"time", Moment(end)}, {"term", RoughTerm(end - now_)}};
  return catalogue_.Text(end > now_ ? "msg.until" : "msg.ended", values);
}

std::string Look::Ago(const google::protobuf::Timestamp& time) const {
  const absl::Time then = FromProto(time);
  return catalogue_.Text(then > now_ ? "msg.in" : "msg.ago", {{"term", RoughTerm(then - now_)}});
}

std::string Look::Term(const google::protobuf::Duration& duration) const {
  return RoughTerm(FromProto(duration));
}

std::string Look::Exact(const google::protobuf::Timestamp& time) const {
  return Rfc3339(FromProto(time), zone_);
}

}  // namespace hallwarden::gmctl
