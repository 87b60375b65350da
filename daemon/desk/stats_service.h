// StatsService over gRPC. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_STATS_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_STATS_SERVICE_H_

#include "hallwarden/v1/stats_service.grpc.pb.h"
#include "hallwarden/v1/stats_service.pb.h"

#include "daemon/desk/unary_calls.h"

namespace hallwarden::daemon {

class StatsService final : public v1::StatsService::CallbackService {
 public:
  // `calls` outlives the service.
  explicit StatsService(UnaryCalls* calls) : calls_(calls) {}

#define HW_UNARY(method, request, response)                                                     \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in, \
                                   v1::response* out) override {                                \
    return calls_->Run<v1::request, v1::response>(context, "StatsService." #method,          \
                                                  &Desk::method, in, out);                      \
  }
  HW_UNARY(GetDeskReport, GetDeskReportRequest, DeskReport)
#undef HW_UNARY

 private:
  UnaryCalls* calls_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_STATS_SERVICE_H_
