// HallService over gRPC: bytes in, bytes out. The protocol is session.h's.
#ifndef HALLWARDEN_DAEMON_HALL_HALL_SERVICE_H_
#define HALLWARDEN_DAEMON_HALL_HALL_SERVICE_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "daemon/auth.h"
#include "daemon/hall/sessions.h"

namespace hallwarden::daemon {

// Messages come unparsed: a SessionRequest that gRPC cannot parse would end the stream as if the
// client had closed it, with status OK.
class HallService final
    : public v1::HallService::WithRawCallbackMethod_Session<v1::HallService::Service> {
 public:
  // Both outlive the service.
  HallService(Authenticator* authenticator, Sessions* sessions)
      : authenticator_(authenticator), sessions_(sessions) {}

  grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* Session(
      grpc::CallbackServerContext* context) override;

 private:
  Authenticator* authenticator_;
  Sessions* sessions_;
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_HALL_HALL_SERVICE_H_
