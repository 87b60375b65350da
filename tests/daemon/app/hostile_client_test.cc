// Clients that break things, by mistake or on purpose: each is refused or cut, and the others do
// not notice.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hallwarden/v1/gate_service.grpc.pb.h"
#include "hallwarden/v1/hall_service.grpc.pb.h"

#include "tests/daemon/app/secure_app.h"

namespace hallwarden::daemon {
namespace {

class HostileClientTest : public SecureAppTest {
 protected:
  void SetUp() override {
    SecureAppTest::SetUp();
    token_ = MakeToken("gs1", v1::ROLE_GAME_SERVER);
    good_ = Connect(IssueClient(&authority_, "gs1"));
    ASSERT_TRUE(IsServed());
  }
  // Whether somebody well-behaved is served, on a connection that was open before.
  bool IsServed() { return WhoAmI(good_, "").code == grpc::StatusCode::OK; }

  // A TCP connection that says nothing.
  int Dial() const {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(app_->port()));
    EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    return fd;
  }
  // Reads until the daemon closes.
  static void AwaitClosed(int fd) {
    char bytes[256];
    while (recv(fd, bytes, sizeof(bytes), 0) > 0) {
    }
    close(fd);
  }

  v1::CheckAccountRequest Check() const {
    v1::CheckAccountRequest request;
    request.set_account("a");
    request.set_capability(v1::CAPABILITY_LOGIN);
    return request;
  }

  std::string token_;
  std::shared_ptr<grpc::Channel> good_;
};

TEST_F(HostileClientTest, WhoSaysNothingIsHungUpOn) {
  std::vector<int> silent;
  for (int i = 0; i < 50; ++i)
    silent.push_back(Dial());
  EXPECT_TRUE(IsServed());
  for (const int fd : silent)
    AwaitClosed(fd);
}

TEST_F(HostileClientTest, WhoSpeaksAnotherLanguageIsHungUpOn) {
  for (const std::string& words :
       {std::string("GET / HTTP/1.1\r\n\r\n"), std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        std::string(4096, '\0'), std::string("\x16\x03\x01\xff\xff\x01", 6)}) {
    const int fd = Dial();
    EXPECT_EQ(send(fd, words.data(), words.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(words.size()));
    shutdown(fd, SHUT_WR);
    AwaitClosed(fd);
  }
  EXPECT_TRUE(IsServed());
}

TEST_F(HostileClientTest, ACompressedMessageIsRefusedUnopened) {
  auto context = With("");
  context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::CheckAccountRequest request = Check();
  // Shrinks a thousandfold.
  request.set_hall(std::string(1 << 20, 'a'));
  v1::CheckAccountResponse response;
  const grpc::Status status =
      v1::GateService::NewStub(good_)->CheckAccount(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << status.error_message();
  EXPECT_TRUE(IsServed());
}

TEST_F(HostileClientTest, AnOversizedMessageIsRefused) {
  auto context = With("");
  v1::CheckAccountRequest request = Check();
  request.set_hall(std::string(8 << 20, 'a'));
  v1::CheckAccountResponse response;
  const grpc::Status status =
      v1::GateService::NewStub(good_)->CheckAccount(context.get(), request, &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED) << status.error_message();
  EXPECT_TRUE(IsServed());
}

TEST_F(HostileClientTest, OversizedHeadersCostTheirOwnConnectionOnly) {
  const auto bad = Connect(IssueClient(&authority_, "gs1"));
  auto context = With("");
  context->AddMetadata("x-long", std::string(64 << 10, 'a'));
  v1::CheckAccountResponse response;
  const grpc::Status status =
      v1::GateService::NewStub(bad)->CheckAccount(context.get(), Check(), &response);
  EXPECT_FALSE(status.ok());
  EXPECT_TRUE(IsServed());
}

TEST_F(HostileClientTest, WatchersOfOneServerAreFew) {
  const auto stub = v1::GateService::NewStub(good_);
  struct Watch {
    std::unique_ptr<grpc::ClientContext> context = With("");
    std::unique_ptr<grpc::ClientReader<v1::WatchSanctionsResponse>> reader;
  };
  std::vector<Watch> watches(8);
  v1::WatchSanctionsResponse response;
  for (Watch& watch : watches) {
    watch.reader = stub->WatchSanctions(watch.context.get(), {});
    ASSERT_TRUE(watch.reader->Read(&response)) << "the daemon says that it is alive";
  }
  Watch ninth;
  ninth.reader = stub->WatchSanctions(ninth.context.get(), {});
  EXPECT_FALSE(ninth.reader->Read(&response));
  EXPECT_EQ(ReasonOf(ninth.reader->Finish()), "TOO_MANY_WATCHERS");
  for (Watch& watch : watches) {
    watch.context->TryCancel();
    while (watch.reader->Read(&response)) {
    }
    EXPECT_EQ(watch.reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
}

TEST_F(HostileClientTest, ABrokenEventIsRefusedAloneAndTheStreamGoesOn) {
  auto context = With("");
  const auto session = v1::HallService::NewStub(good_)->Session(context.get());
  v1::SessionRequest request;
  request.mutable_hello()->set_protocol(1);
  ASSERT_TRUE(session->Write(request));
  v1::SessionResponse response;
  ASSERT_TRUE(session->Read(&response));
  for (std::int64_t seq = 1; seq <= 200; ++seq) {
    request.mutable_events()->clear_events();
    request.mutable_events()->set_first_seq(seq);
    // Field 1 holds text that is no UTF-8.
    request.mutable_events()->add_events(std::string("\x0a\x02\xff\xfe") +
                                         std::string(static_cast<std::size_t>(seq % 50), '\xff'));
    ASSERT_TRUE(session->Write(request)) << seq;
  }
  std::int64_t rejected = 0;
  while (response.ack().durable_seq() < 200) {
    ASSERT_TRUE(session->Read(&response));
    rejected += response.ack().rejected_size();
  }
  EXPECT_EQ(rejected, 200);
  session->WritesDone();
  while (session->Read(&response)) {
  }
  EXPECT_TRUE(session->Finish().ok());
}

// Resident memory of this process in KiB, clients and daemon together.
std::size_t ResidentKib() {
  std::ifstream in("/proc/self/statm");
  std::size_t pages = 0;
  in >> pages >> pages;
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE)) / 1024;
}

// HW_IDLE_STREAMS sets how many; each on a connection of its own, both ends in this process.
TEST_F(HostileClientTest, ManyIdleStreamsAreCarried) {
  const char* wanted = std::getenv("HW_IDLE_STREAMS");
  const int count = wanted == nullptr ? 100 : std::atoi(wanted);
  struct Idle {
    std::unique_ptr<grpc::ClientContext> context = With("");
    std::unique_ptr<grpc::ClientReader<v1::TailResponse>> reader;
    std::unique_ptr<grpc::ClientReaderWriter<v1::SessionRequest, v1::SessionResponse>> session;
  };
  const std::size_t before = ResidentKib();
  std::vector<Idle> idle(static_cast<std::size_t>(count));
  v1::SessionResponse response;
  for (int i = 0; i < count; ++i) {
    const std::string name = "idle" + std::to_string(i);
    MakeToken(name, v1::ROLE_GAME_SERVER);
    Idle& one = idle[static_cast<std::size_t>(i)];
    one.session = v1::HallService::NewStub(Connect(IssueClient(&authority_, name)))
                      ->Session(one.context.get());
    v1::SessionRequest hello;
    hello.mutable_hello()->set_protocol(1);
    ASSERT_TRUE(one.session->Write(hello)) << i;
    ASSERT_TRUE(one.session->Read(&response)) << i;
    ASSERT_TRUE(response.has_hello_ok()) << i;
  }
  EXPECT_TRUE(IsServed());
  RecordProperty("streams", count);
  RecordProperty("KiB_per_stream_both_ends",
                 static_cast<int>((ResidentKib() - before) / static_cast<std::size_t>(count)));
  for (Idle& one : idle)
    one.context->TryCancel();
  for (Idle& one : idle) {
    while (one.session->Read(&response)) {
    }
    one.session->Finish();
  }
}

TEST_F(HostileClientTest, AStopDoesNotWaitForOpenStreams) {
  auto context = With("");
  const auto session = v1::HallService::NewStub(good_)->Session(context.get());
  v1::SessionRequest request;
  request.mutable_hello()->set_protocol(1);
  ASSERT_TRUE(session->Write(request));
  v1::SessionResponse response;
  ASSERT_TRUE(session->Read(&response));
  // Neither reads nor closes.
  app_->Stop();
  while (session->Read(&response)) {
  }
  EXPECT_FALSE(session->Finish().ok());
}

}  // namespace
}  // namespace hallwarden::daemon
