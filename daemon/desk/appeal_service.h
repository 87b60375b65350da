// AppealService over gRPC. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_APPEAL_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_APPEAL_SERVICE_H_

#include "hallwarden/v1/appeal_service.grpc.pb.h"
#include "hallwarden/v1/appeal_service.pb.h"

#include "daemon/desk/unary_calls.h"

namespace hallwarden::daemon {

class AppealService final : public v1::AppealService::CallbackService {
 public:
  // `calls` outlives the service.
  explicit AppealService(UnaryCalls* calls) : calls_(calls) {}

#define HW_UNARY(method, request, response)                                                     \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in, \
                                   v1::response* out) override {                                \
    return calls_->Run<v1::request, v1::response>(context, "AppealService." #method,            \
                                                  &Desk::method, in, out);                      \
  }
  HW_UNARY(ListAppeals, ListAppealsRequest, ListAppealsResponse)
  HW_UNARY(NextAppeal, NextAppealRequest, NextAppealResponse)
  HW_UNARY(GetAppeal, GetAppealRequest, Appeal)
  HW_UNARY(GetAppealView, GetAppealViewRequest, AppealView)
  HW_UNARY(SubmitAppeal, SubmitAppealRequest, SubmitAppealResponse)
  HW_UNARY(ClaimAppeal, ClaimAppealRequest, ActionResponse)
  HW_UNARY(ReleaseAppeal, ReleaseAppealRequest, ActionResponse)
  HW_UNARY(CreateAppealMessage, CreateAppealMessageRequest, ActionResponse)
  HW_UNARY(CreateAppealNote, CreateAppealNoteRequest, ActionResponse)
  HW_UNARY(DecideAppeal, DecideAppealRequest, ActionResponse)
  HW_UNARY(WithdrawAppeal, WithdrawAppealRequest, ActionResponse)
  HW_UNARY(ListCannedReplies, ListCannedRepliesRequest, ListCannedRepliesResponse)
#undef HW_UNARY

 private:
  UnaryCalls* calls_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_APPEAL_SERVICE_H_
