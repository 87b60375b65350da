// GmApi with patience: repeats a call that got UNAVAILABLE, with the same request and hence the
// same request id, with growing pauses, until its time is used up.
#ifndef HALLWARDEN_TOOLS_GMCTL_CLIENT_H_
#define HALLWARDEN_TOOLS_GMCTL_CLIENT_H_

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "hallwarden/v1/gm_service.pb.h"

#include "tools/gmctl/api.h"
#include "tools/gmctl/clock.h"

namespace hallwarden::gmctl {

class Client {
 public:
  // `timeout` bounds a call with all its tries. The clock must outlive this.
  Client(std::unique_ptr<GmApi> api, Clock& clock, absl::Duration timeout)
      : api_(std::move(api)), clock_(clock), timeout_(timeout) {}

  // While set, calls give up on an absent server after this long: a question is soon asked again,
  // an order is not.
  void set_patience(absl::Duration patience) { patience_ = patience; }
  [[nodiscard]] absl::Duration patience() const { return patience_; }

#define HW_DEFINE(name, request, response)                                      \
  absl::StatusOr<v1::response> name(const v1::request& call) {                  \
    return Repeat<v1::response>(                                                \
        [this, &call](absl::Duration left) { return api_->name(call, left); }); \
  }
  HW_FOR_EACH_UNARY_CALL(HW_DEFINE)
  HW_FOR_EACH_BANK_CALL(HW_DEFINE)
  HW_FOR_EACH_TEXT_CALL(HW_DEFINE)
  HW_FOR_EACH_CASE_CALL(HW_DEFINE)
  HW_FOR_EACH_RECOVERY_CALL(HW_DEFINE)
  HW_FOR_EACH_STATS_CALL(HW_DEFINE)
  HW_FOR_EACH_APPEAL_CALL(HW_DEFINE)
#undef HW_DEFINE

  // One try; tail.cc knows how to continue.
  absl::Status Tail(const v1::TailRequest& call,
                    const std::function<bool(const v1::TailResponse&)>& take) {
    return api_->Tail(call, take);
  }

  // For calls that take the daemon longer than a question.
  void set_least_timeout(absl::Duration least) {
    timeout_ = std::max(timeout_, least);
  }
  [[nodiscard]] absl::Duration timeout() const {
    return timeout_;
  }

 private:
  template <typename Response, typename Try>
  absl::StatusOr<Response> Repeat(const Try& once) {
    constexpr absl::Duration kFirstPause = absl::Milliseconds(100);
    constexpr absl::Duration kLastPause = absl::Seconds(2);
    const absl::Time begin = clock_.Now();
    absl::Duration pause = kFirstPause;
    while (true) {
      const absl::Duration left = begin + timeout_ - clock_.Now();
      absl::StatusOr<Response> answer = once(left);
      if (answer.status().code() != absl::StatusCode::kUnavailable) return answer;
      const absl::Time give_up = begin + std::min(timeout_, patience_);
      if (clock_.Now() + pause >= give_up) return answer;
      clock_.Sleep(pause);
      pause = std::min(pause * 2, kLastPause);
    }
  }

  std::unique_ptr<GmApi> api_;
  Clock& clock_;
  absl::Duration timeout_;
  absl::Duration patience_ = absl::Seconds(2);
};

}  // namespace hallwarden::gmctl

#endif  // HALLWARDEN_TOOLS_GMCTL_CLIENT_H_
