// RecoveryService over gRPC. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_RECOVERY_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_RECOVERY_SERVICE_H_

#include "hallwarden/v1/recovery_service.grpc.pb.h"
#include "hallwarden/v1/recovery_service.pb.h"

#include "daemon/desk/unary_calls.h"

namespace hallwarden::daemon {

class RecoveryService final : public v1::RecoveryService::CallbackService {
 public:
  // `calls` outlives the service.
  explicit RecoveryService(UnaryCalls* calls) : calls_(calls) {}

#define HW_UNARY(method, request, response)                                                     \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in, \
                                   v1::response* out) override {                                \
    return calls_->Run<v1::request, v1::response>(context, "RecoveryService." #method,          \
                                                  &Desk::method, in, out);                      \
  }
  HW_UNARY(TraceGold, TraceGoldRequest, TraceGoldResponse)
  HW_UNARY(ListLogins, ListLoginsRequest, ListLoginsResponse)
  HW_UNARY(GetHandRecord, GetHandRecordRequest, HandRecord)
  HW_UNARY(CheckExchange, CheckExchangeRequest, CheckExchangeResponse)
#undef HW_UNARY

 private:
  UnaryCalls* calls_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_RECOVERY_SERVICE_H_
