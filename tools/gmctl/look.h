// How times and names look to this GM: language, time zone, now.
#ifndef HALLWARDEN_TOOLS_GMCTL_LOOK_H_
#define HALLWARDEN_TOOLS_GMCTL_LOOK_H_

#include <string>
#include <string_view>

#include <absl/time/time.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "tools/gmctl/catalogue.h"

namespace hallwarden::gmctl {

class Look {
 public:
  Look(const Catalogue& catalogue, absl::TimeZone zone, absl::Time now)
      : catalogue_(catalogue), zone_(zone), now_(now) {}

  [[nodiscard]] const Catalogue& catalogue() const { return catalogue_; }
  [[nodiscard]] absl::TimeZone zone() const { return zone_; }
  [[nodiscard]] absl::Time now() const { return now_; }

  // `Tue 2026-09-09 14:00 +08:00`
  [[nodiscard]] std::string Moment(absl::Time time) const;
  [[nodiscard]] std::string Moment(const google::protobuf::Timestamp& time) const;
  // `until Tue 2026-09-09 14:00 +08:00 (6d 21h left)`; past: `ended ... (2h ago)`
  [[nodiscard]] std::string Until(const google::protobuf::Timestamp& time) const;
  // `3m ago`, `in 2h`
  [[nodiscard]] std::string Ago(const google::protobuf::Timestamp& time) const;
  // `7d`
  [[nodiscard]] std::string Term(const google::protobuf::Duration& duration) const;
  // RFC 3339, for machines.
  [[nodiscard]] std::string Exact(const google::protobuf::Timestamp& time) const;

 private:
  Catalogue catalogue_;
  absl::TimeZone zone_;
  absl::Time now_;
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_LOOK_H_
