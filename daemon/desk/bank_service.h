// BankService over gRPC. Nothing is decided here.
#ifndef HALLWARDEN_DAEMON_DESK_BANK_SERVICE_H_
#define HALLWARDEN_DAEMON_DESK_BANK_SERVICE_H_

#include "hallwarden/v1/bank_service.grpc.pb.h"
#include "hallwarden/v1/bank_service.pb.h"

#include "daemon/desk/unary_calls.h"

namespace hallwarden::daemon {

class BankService final : public v1::BankService::CallbackService {
 public:
  // `calls` outlives the service.
  explicit BankService(UnaryCalls* calls) : calls_(calls) {}

#define HW_UNARY(method, request, response)                                                       \
  grpc::ServerUnaryReactor* method(grpc::CallbackServerContext* context, const v1::request* in,   \
                                   v1::response* out) override {                                  \
    return calls_->Run<v1::request, v1::response>(context, "BankService." #method, &Desk::method, \
                                                  in, out);                                       \
  }
  HW_UNARY(ListBankEntries, ListBankEntriesRequest, ListBankEntriesResponse)
  HW_UNARY(AddBankEntries, AddBankEntriesRequest, ActionResponse)
  HW_UNARY(RemoveBankEntries, RemoveBankEntriesRequest, ActionResponse)
  HW_UNARY(TestBanks, TestBanksRequest, TestBanksResponse)
#undef HW_UNARY

 private:
  UnaryCalls* calls_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_BANK_SERVICE_H_
