// The door of every unary call to the desk: who calls, may he, has the request the right shape, is
// there room; then the desk's handler runs on the pool. The services only name their methods.
#ifndef HALLWARDEN_DAEMON_DESK_UNARY_CALLS_H_
#define HALLWARDEN_DAEMON_DESK_UNARY_CALLS_H_

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "absl/status/statusor.h"
#include "daemon/auth.h"
#include "daemon/desk/desk.h"
#include "daemon/mutex.h"
#include "google/protobuf/message.h"

namespace hallwarden::daemon {

// Calls of one principal that are not answered yet, over all services: one script must not fill
// everybody's queue.
inline constexpr std::size_t kCallsPerPrincipal = 64;

// Thread-safe.
class UnaryCalls {
 public:
  // All outlive this.
  struct Parts {
    Authenticator* authenticator = nullptr;
    Desk* desk = nullptr;
    DeskCore* core = nullptr;
    WorkerPool* pool = nullptr;
  };
  using CallPtr = std::shared_ptr<Call>;
  template <class Request, class Response>
  using Handler = void (Desk::*)(const Call& call, const Request& request, Response* response,
                                 const Desk::Done& done);

  explicit UnaryCalls(const Parts& parts) : parts_(parts) {}

  // Authenticates the caller. Never blocks.
  [[nodiscard]] absl::StatusOr<CallPtr> Identify(const grpc::CallbackServerContext& context,
                                                 const char* method) const;

  // `method` as the access table has it: `GmService.LiftSanction`. Request and response live until
  // the reactor is finished.
  template <class Request, class Response>
  grpc::ServerUnaryReactor* Run(grpc::CallbackServerContext* context, const char* method,
                                Handler<Request, Response> handler, const Request* request,
                                Response* response) {
    return RunAny(
        context, method, request, response,
        [desk = parts_.desk, handler, request, response](const Call& call, const Desk::Done& done) {
          (desk->*handler)(call, *request, response, done);
        });
  }

 private:
  using Handle = std::function<void(const Call& call, const Desk::Done& done)>;

  grpc::ServerUnaryReactor* RunAny(grpc::CallbackServerContext* context, const char* method,
                                   const google::protobuf::Message* request,
                                   google::protobuf::Message* response, const Handle& handle);
  // Answers with `status`, after the audit if the refused call would have changed something.
  void Refuse(grpc::ServerUnaryReactor* reactor, const CallPtr& call,
              const google::protobuf::Message& request, const absl::Status& status);
  // False: too many.
  [[nodiscard]] bool Count(const std::string& principal);
  void Uncount(const std::string& principal);

  const Parts parts_;
  Mutex mutex_;
  std::map<std::string, std::size_t> calls_ HW_GUARDED_BY(mutex_);
};

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_DESK_UNARY_CALLS_H_
