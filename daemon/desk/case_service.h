// CaseService over gRPC. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_CASE_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_CASE_SERVICE_H_

#include "hallwarden/v1/case_service.grpc.pb.h"
#include "hallwarden/v1/case_service.pb.h"

#include "daemon/desk/unary_calls.h"

namespace hallwarden::daemon {

class CaseService final : public v1::CaseService::CallbackService {
 public:
  // `calls` outlives the service.
  explicit CaseService(UnaryCalls* calls) : calls_(calls) {}

#define HW_UNARY(method, request, response)                                                       \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in,   \
                                   v1::response* out) override {                                  \
    return calls_->Run<v1::request, v1::response>(context, "CaseService." #method, &Desk::method, \
                                                  in, out);                                       \
  }
  HW_UNARY(ListQueue, ListQueueRequest, ListQueueResponse)
  HW_UNARY(NextCase, NextCaseRequest, NextCaseResponse)
  HW_UNARY(GetCaseView, GetCaseViewRequest, CaseView)
  HW_UNARY(OpenCase, OpenCaseRequest, ActionResponse)
  HW_UNARY(ClaimCase, ClaimCaseRequest, ActionResponse)
  HW_UNARY(ReleaseCase, ReleaseCaseRequest, ActionResponse)
  HW_UNARY(AssignCase, AssignCaseRequest, ActionResponse)
  HW_UNARY(EscalateCase, EscalateCaseRequest, ActionResponse)
  HW_UNARY(ReferCase, ReferCaseRequest, ActionResponse)
  HW_UNARY(ReturnCase, ReturnCaseRequest, ActionResponse)
  HW_UNARY(CreateCaseNote, CreateCaseNoteRequest, ActionResponse)
  HW_UNARY(MergeCase, MergeCaseRequest, ActionResponse)
  HW_UNARY(ReopenCase, ReopenCaseRequest, ActionResponse)
  HW_UNARY(DecideCase, DecideCaseRequest, ActionResponse)
  HW_UNARY(ListCaseLog, ListCaseLogRequest, ListCaseLogResponse)
#undef HW_UNARY

 private:
  UnaryCalls* calls_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_CASE_SERVICE_H_
