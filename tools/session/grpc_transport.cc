#include "tools/session/grpc_transport.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <sstream>
#include <utility>

#include <grpcpp/grpcpp.h>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "tools/channel/credentials.h"
#include "tools/session/file_system.h"

namespace hallwarden::session {
namespace {

// Messages that wait in this process. Two keep the wire busy while the owner makes the next one.
constexpr std::size_t kOutgoingMax = 2;
constexpr std::size_t kIncomingMax = 1024;
constexpr int kMessageBytesMax = 4 << 20;
constexpr std::size_t kTokenFileMax = std::size_t{64} * 1024;

StreamEnd ToStreamEnd(const grpc::Status& status) {
  StreamEnd end;
  end.status =
      absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status details;
  if (status.error_details().empty() || !details.ParseFromString(status.error_details())) {
    return end;
  }
  for (const google::protobuf::Any& any : details.details()) {
    google::rpc::ErrorInfo info;
    if (!any.UnpackTo(&info)) continue;
    end.reason = info.reason();
    end.metadata.insert(info.metadata().begin(), info.metadata().end());
  }
  return end;
}

// What the owner's thread and gRPC's threads share.
class Mailbox {
 public:
  void Notify() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      signalled_ = true;
    }
    changed_.notify_one();
  }

  void Wait(Micros wait_max) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, wait_max, [this] { return signalled_; });
    signalled_ = false;
  }

  void StreamBegan() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++streams_;
  }

  void StreamDone() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      --streams_;
      signalled_ = true;
    }
    changed_.notify_all();
  }

  void WaitForStreams() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return streams_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool signalled_ = false;
  int streams_ = 0;
};

// One stream. gRPC's threads call the On... methods; the owner's thread calls the others. At most
// one read and one write are in flight; when kIncomingMax messages wait, no read is started. Keeps
// itself alive until OnDone.
class Stream final : public grpc::ClientBidiReactor<v1::SessionRequest, v1::SessionResponse> {
 public:
  explicit Stream(std::shared_ptr<Mailbox> mailbox) : mailbox_(std::move(mailbox)) {}

  void Start(v1::HallService::Stub* stub, const std::string& token, std::shared_ptr<Stream> self) {
    self_ = std::move(self);
    mailbox_->StreamBegan();
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    stub->async()->Session(&context_, this);
    // The hold lets the owner start operations outside of reactions; Finish takes it away.
    AddHold();
    StartRead(&reading_);
    StartCall();
  }

  bool CanSend() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return !ended_ && !finishing_ && !broken_ && outgoing_.size() < kOutgoingMax;
  }

  void Send(const v1::SessionRequest& request) {
    const std::lock_guard<std::mutex> lock(mutex_);
    outgoing_.push_back(request);
    if (outgoing_.size() == 1 && !broken_) StartWrite(&outgoing_.front());
  }

  void FinishSending() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (finishing_ || broken_) return;
    finishing_ = true;
    if (outgoing_.empty()) StartWritesDone();
  }

  std::optional<Incoming> Receive() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!incoming_.empty()) {
      Incoming next(std::move(incoming_.front()));
      incoming_.pop_front();
      if (read_paused_ && !broken_) {
        read_paused_ = false;
        StartRead(&reading_);
      }
      return next;
    }
    if (ended_ && !end_taken_) {
      end_taken_ = true;
      return Incoming(end_);
    }
    return std::nullopt;
  }

  // Takes the owner's hand off the stream. Cancelling a stream that has ended does nothing.
  void Abandon() {
    context_.TryCancel();
    ReleaseHold();
  }

  void OnReadDone(bool ok) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (ok) {
        incoming_.push_back(std::move(reading_));
        reading_.Clear();
        if (incoming_.size() < kIncomingMax) {
          StartRead(&reading_);
        } else {
          read_paused_ = true;
        }
      } else {
        // No more will come; without the hold the stream can end.
        BreakLocked();
      }
    }
    mailbox_->Notify();
  }

  void OnWriteDone(bool ok) override {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      outgoing_.pop_front();
      if (!ok) {
        outgoing_.clear();
        broken_ = true;
      } else if (!outgoing_.empty()) {
        StartWrite(&outgoing_.front());
      } else if (finishing_) {
        StartWritesDone();
      }
    }
    mailbox_->Notify();
  }

  void OnDone(const grpc::Status& status) override {
    // Both may be the last ones: nothing of this object is touched after they are gone.
    const std::shared_ptr<Mailbox> mailbox = mailbox_;
    std::shared_ptr<Stream> self;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      ended_ = true;
      end_ = ToStreamEnd(status);
      self = std::move(self_);
    }
    self.reset();
    mailbox->StreamDone();
  }

 private:
  void BreakLocked() {
    broken_ = true;
    ReleaseHoldLocked();
  }

  void ReleaseHold() {
    const std::lock_guard<std::mutex> lock(mutex_);
    ReleaseHoldLocked();
  }

  void ReleaseHoldLocked() {
    if (hold_released_) return;
    hold_released_ = true;
    RemoveHold();
  }

  std::shared_ptr<Mailbox> mailbox_;
  std::shared_ptr<Stream> self_;
  grpc::ClientContext context_;
  std::mutex mutex_;
  std::deque<v1::SessionRequest> outgoing_;
  std::deque<v1::SessionResponse> incoming_;
  v1::SessionResponse reading_;
  bool read_paused_ = false;
  bool broken_ = false;
  bool finishing_ = false;
  bool hold_released_ = false;
  bool ended_ = false;
  bool end_taken_ = false;
  StreamEnd end_;
};

class GrpcTransport final : public Transport {
 public:
  GrpcTransport(ChannelSource channel, std::function<std::string()> token)
      : source_(std::move(channel)), token_(std::move(token)) {}
  GrpcTransport(const GrpcTransport&) = delete;
  GrpcTransport& operator=(const GrpcTransport&) = delete;
  ~GrpcTransport() override {
    Drop();
    // gRPC aborts when a channel goes before the last reaction of its streams.
    mailbox_->WaitForStreams();
  }

  void Connect() override {
    Drop();
    std::shared_ptr<grpc::Channel> channel = source_();
    if (channel != channel_) {
      // gRPC aborts when a channel goes before the last reaction of its streams.
      mailbox_->WaitForStreams();
      stub_ = v1::HallService::NewStub(channel);
      channel_ = std::move(channel);
    }
    stream_ = std::make_shared<Stream>(mailbox_);
    stream_->Start(stub_.get(), token_(), stream_);
  }

  bool CanSend() override { return stream_ != nullptr && stream_->CanSend(); }
  void Send(const v1::SessionRequest& request) override { stream_->Send(request); }
  void FinishSending() override {
    if (stream_ != nullptr) stream_->FinishSending();
  }
  std::optional<Incoming> Receive() override {
    return stream_ == nullptr ? std::nullopt : stream_->Receive();
  }
  void Drop() override {
    if (stream_ == nullptr) return;
    stream_->Abandon();
    stream_.reset();
  }
  void Wait(Micros wait_max) override { mailbox_->Wait(wait_max); }
  void Wake() override { mailbox_->Notify(); }

 private:
  ChannelSource source_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::HallService::Stub> stub_;
  std::function<std::string()> token_;
  std::shared_ptr<Mailbox> mailbox_ = std::make_shared<Mailbox>();
  std::shared_ptr<Stream> stream_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> MakeChannel(const ChannelOptions& options) {
  grpc::ChannelArguments args;
  args.SetMaxReceiveMessageSize(kMessageBytesMax);
  args.SetMaxSendMessageSize(kMessageBytesMax);
  // Every attempt of ours is one attempt of gRPC's: who waits how long is decided in
  // session_client.cc.
  args.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  // Two sessions of one process share no connection: killing one must not touch the other.
  args.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials =
      channel::MakeCredentials(options.target, options.tls, options.allow_remote_plaintext, &args);
  if (!credentials.ok()) return credentials.status();
  return grpc::CreateCustomChannel(options.target, *credentials, args);
}

absl::StatusOr<ChannelSource> MakeChannelSource(const ChannelOptions& options) {
  // Before the files are read: a change in between is seen again.
  std::string signature = channel::FileSignature(options.tls);
  absl::StatusOr<std::shared_ptr<grpc::Channel>> first = MakeChannel(options);
  if (!first.ok()) return first.status();
  return ChannelSource([options, signature = std::move(signature), current = *first]() mutable {
    std::string now = channel::FileSignature(options.tls);
    if (now == signature) return current;
    absl::StatusOr<std::shared_ptr<grpc::Channel>> next = MakeChannel(options);
    if (next.ok()) {
      signature = std::move(now);
      current = *std::move(next);
    }
    return current;
  });
}

absl::StatusOr<std::map<std::string, std::string>> ReadTokenLines(const std::string& path) {
  absl::StatusOr<std::string> content = ReadWholeFile(RealFileSystem(), path, kTokenFileMax);
  if (!content.ok()) return content.status();
  std::map<std::string, std::string> tokens;
  std::istringstream lines(*content);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string first;
    std::string second;
    words >> first >> second;
    if (first.empty()) continue;
    if (second.empty()) {
      tokens[""] = first;
    } else {
      tokens[first] = second;
    }
  }
  if (tokens.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, " holds no token. Make one with `gmctl token create` and write it there"));
  }
  return tokens;
}

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  absl::StatusOr<std::map<std::string, std::string>> tokens = ReadTokenLines(path);
  if (!tokens.ok()) return tokens.status();
  if (tokens->size() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " holds ", tokens->size(), " tokens; one is needed"));
  }
  return tokens->begin()->second;
}

std::unique_ptr<Transport> MakeGrpcTransport(ChannelSource channel,
                                             std::function<std::string()> token) {
  return std::make_unique<GrpcTransport>(std::move(channel), std::move(token));
}

std::unique_ptr<Transport> MakeGrpcTransport(std::shared_ptr<grpc::Channel> channel,
                                             std::function<std::string()> token) {
  return MakeGrpcTransport(ChannelSource([channel = std::move(channel)] { return channel; }),
                           std::move(token));
}

}  // namespace hallwarden::session
