#include "daemon/hall/hall_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "daemon/auth/grpc_status.h"
#include "daemon/hall/session.h"

namespace hallwarden::daemon {
namespace {

std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One stream. Deletes itself when gRPC is done with it; the session calls it only before its last
// call.
class HallStream final : public grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                         public SessionTransport {
 public:
  explicit HallStream(grpc::CallbackServerContext* context) : context_(context) {}

  void Begin(const absl::StatusOr<Principal>& principal, Sessions* sessions) {
    if (!principal.ok()) return Finish(ToGrpcStatus(principal.status()));
    const absl::StatusOr<std::shared_ptr<Session>> made = sessions->Make(*principal, this);
    if (!made.ok()) return Finish(ToGrpcStatus(made.status()));
    session_ = *made;
    (*made)->Start();
  }

  // SessionTransport.
  void Read() override { StartRead(&read_); }
  void Write(std::string bytes) override {
    const grpc::Slice slice(bytes);
    write_ = grpc::ByteBuffer(&slice, 1);
    StartWrite(&write_);
  }
  void Finish(const Refusal& refusal) override {
    Finish(refusal.code == 0 ? grpc::Status::OK : ToGrpcStatus(refusal));
  }
  void Abort(const Refusal& refusal) override {
    // The write that does not end holds up the status, too.
    context_->TryCancel();
    Finish(ToGrpcStatus(refusal));
  }

  // Reactor. The session may end the stream in any of these, and gRPC then deletes this at once:
  // hold the session, touch nothing afterwards.
  void OnReadDone(bool ok) override {
    const std::shared_ptr<Session> session = session_;
    if (!ok) return session->OnClosed();
    std::string bytes = Flatten(read_);
    read_.Clear();
    session->OnMessage(std::move(bytes));
  }
  void OnWriteDone(bool ok) override {
    const std::shared_ptr<Session> session = session_;
    session->OnWritten(ok);
  }
  void OnCancel() override {
    const std::shared_ptr<Session> session = session_;
    if (session != nullptr) session->OnClosed();
  }
  void OnDone() override { delete this; }

 private:
  using grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>::Finish;

  grpc::CallbackServerContext* context_;
  std::shared_ptr<Session> session_;
  grpc::ByteBuffer read_;
  grpc::ByteBuffer write_;
};

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* HallService::Session(
    grpc::CallbackServerContext* context) {
  auto stream = std::make_unique<HallStream>(context);
  stream->Begin(authenticator_->Authenticate(*context), sessions_);
  return stream.release();
}

}  // namespace hallwarden::daemon
