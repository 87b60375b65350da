#include "tools/hallsim/gate_client.h"

#include <chrono>
#include <optional>

#include <grpcpp/grpcpp.h>

#include "hallwarden/v1/gate_service.grpc.pb.h"

namespace hallwarden::hallsim {

GateCheck MakeGateCheck(const std::shared_ptr<grpc::Channel>& channel, const std::string& token) {
  const std::shared_ptr<v1::GateService::Stub> stub = v1::GateService::NewStub(channel);
  return [stub, token](const std::string& account) -> std::optional<bool> {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
    v1::CheckAccountRequest request;
    request.set_account(account);
    request.set_capability(v1::CAPABILITY_LOGIN);
    v1::CheckAccountResponse response;
    if (!stub->CheckAccount(&context, request, &response).ok()) return std::nullopt;
    return response.allowed();
  };
}

}  // namespace hallwarden::hallsim
