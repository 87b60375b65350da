// Every call of every service, with every kind of credential: what happens is what the access table
// says, and nothing else.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <google/protobuf/descriptor.h>
#include <grpcpp/generic/generic_stub.h>

#include "hallwarden/v1/gate_service.pb.h"
#include "hallwarden/v1/gm_service.pb.h"
#include "hallwarden/v1/hall_service.pb.h"

#include "daemon/auth/access_table.h"
#include "tests/daemon/app/secure_app.h"

namespace hallwarden::daemon {
namespace {

struct Method {
  std::string name;  // `GmService.LiftSanction`
  std::string path;
};

std::vector<Method> AllMethods() {
  std::vector<Method> methods;
  for (const google::protobuf::FileDescriptor* file :
       {v1::CheckAccountRequest::descriptor()->file(), v1::TailRequest::descriptor()->file(),
        v1::SessionRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      const google::protobuf::ServiceDescriptor& service = *file->service(s);
      for (int m = 0; m < service.method_count(); ++m) {
        const std::string& method = service.method(m)->name();
        methods.push_back(
            {service.name() + "." + method, "/" + service.full_name() + "/" + method});
      }
    }
  }
  return methods;
}

// A request that is wrong in itself, so that who may call is told so and nothing happens: long
// streams end at once, and what changes something lacks its reason.
std::string WrongRequest(const std::string& method) {
  if (method == "GmService.Tail") {
    v1::TailRequest request;
    request.set_backlog(-1);
    return request.SerializeAsString();
  }
  if (method == "GateService.WatchSanctions") {
    v1::WatchSanctionsRequest request;
    request.set_resume_token("no such place");
    return request.SerializeAsString();
  }
  // A session that speaks before its Hello.
  if (method == "HallService.Session") return "\xff\xff";
  return "";
}

// One column: a credential, and what it must lead to.
struct Column {
  Shown shown;
  // What the handshake or the authenticator says; empty: the caller is known as `role`.
  std::string refused;
  v1::Role role = v1::ROLE_UNSPECIFIED;
};

class AccessMatrixTest : public SecureAppTest {
 protected:
  static Answer Call(const std::shared_ptr<grpc::Channel>& channel, const Method& method,
                     const std::string& token) {
    grpc::GenericStub stub(channel);
    grpc::CompletionQueue queue;
    const std::unique_ptr<grpc::ClientContext> context = With(token);
    const auto call = stub.PrepareCall(context.get(), method.path, &queue);
    void* tag = nullptr;
    bool ok = false;
    call->StartCall(&queue);
    queue.Next(&tag, &ok);
    if (ok) {
      const std::string bytes = WrongRequest(method.name);
      const grpc::Slice slice(bytes);
      call->WriteLast(grpc::ByteBuffer(&slice, 1), grpc::WriteOptions(), &queue);
      queue.Next(&tag, &ok);
    }
    // The status comes behind what was answered.
    while (ok) {
      grpc::ByteBuffer answer;
      call->Read(&answer, &queue);
      queue.Next(&tag, &ok);
    }
    grpc::Status status;
    call->Finish(&status, &queue);
    queue.Next(&tag, &ok);
    return {status.error_code(), ReasonOf(status), status.error_message()};
  }

  void Add(Column column) { columns_.push_back(std::move(column)); }

  // Credentials that lead nowhere.
  void AddRefused() {
    TestAuthority stranger("clients");
    Add({{"nothing", std::nullopt, ""}, "NO_TOKEN"});
    Add({{"garbage", std::nullopt, "hw_garbage"}, "BAD_TOKEN"});
    Add({{"an expired token", std::nullopt, Expired()}, "TOKEN_EXPIRED"});
    std::string name;
    const std::string revoked = MakeToken("gm-gone", v1::ROLE_ADMIN, &name);
    Revoke(name);
    Add({{"a revoked token", std::nullopt, revoked}, "TOKEN_REVOKED"});
    Add({{"a certificate of another authority", IssueClient(&stranger, "gs1"), ""}, "handshake"});
    Add({{"another authority's, with an admin's token", IssueClient(&stranger, "gs1"), admin_},
         "handshake"});
    Add({{"an expired certificate",
          authority_.Issue({.common_name = "gs1",
                            .alternative_names = {"URI:" + SpiffeOf("gs1")},
                            .begin_s = -7200,
                            .end_s = -3600}),
          ""},
         "handshake"});
    const PemPair dead = IssueClient(&authority_, "gs1");
    Write(folder() + "/revoked.pem", authority_.Revoke({dead.certificate}));
    Add({{"a revoked certificate", dead, ""}, "CERTIFICATE_REVOKED"});
    Add({{"a revoked certificate with an admin's token", dead, admin_}, "CERTIFICATE_REVOKED"});
    Add({{"a certificate of nobody registered", IssueClient(&authority_, "gs9"), ""},
         "CERTIFICATE_UNKNOWN"});
    Add({{"a certificate without SPIFFE id",
          authority_.Issue({.common_name = "gs1", .alternative_names = {}}), admin_},
         "CERTIFICATE_UNKNOWN"});
    Add({{"a person's certificate alone", IssuePerson(&authority_, "gm-li"), ""}, "NO_TOKEN"});
    Add({{"a person's certificate that names a server", IssuePerson(&authority_, "gs1"), ""},
         "NO_TOKEN"});
    Add({{"an admin's stolen token", IssuePerson(&authority_, "gm-li"), admin_},
         "CERTIFICATE_MISMATCH"});
    Add({{"an admin's token at a game server", IssueClient(&authority_, "gs1"), admin_},
         "CERTIFICATE_MISMATCH"});
    Add({{"another server's token", IssueClient(&authority_, "gs1"), gs2_},
         "CERTIFICATE_MISMATCH"});
    Add({{"a server's token without certificate", std::nullopt, gs1_}, "CERTIFICATE_REQUIRED"});
  }

  void AddKnown() {
    Add({{"a server by certificate", IssueClient(&authority_, "gs1"), ""},
         "",
         v1::ROLE_GAME_SERVER});
    Add({{"a server by both", IssueClient(&authority_, "gs1"), gs1_}, "", v1::ROLE_GAME_SERVER});
    for (const v1::Role role : {v1::ROLE_VIEWER, v1::ROLE_GM, v1::ROLE_SENIOR_GM,
                                v1::ROLE_APPEAL_AGENT, v1::ROLE_LEAD, v1::ROLE_ADMIN}) {
      const std::string who = "p" + std::to_string(role);
      const std::string token = MakeToken(who, role);
      Add({{v1::Role_Name(role) + " by token", std::nullopt, token}, "", role});
      Add({{v1::Role_Name(role) + " by both", IssuePerson(&authority_, who), token}, "", role});
    }
  }

  // Polled, not waited for: it is over as soon as commit time says so.
  std::string Expired() {
    std::string token = MakeToken("gm-late", v1::ROLE_ADMIN, nullptr, 1);
    const auto channel = Connect(std::nullopt);
    while (WhoAmI(channel, token).reason != "TOKEN_EXPIRED") {
    }
    return token;
  }

  std::vector<Column> columns_;
  std::string gs1_;
  std::string gs2_;
};

void Judge(const Column& column, const Method& method, const Answer& answer) {
  const std::string where = column.shown.name + " -> " + method.name + ": " +
                            std::to_string(answer.code) + " " + answer.reason + " " +
                            answer.message;
  if (column.refused == "handshake") {
    EXPECT_EQ(answer.code, grpc::StatusCode::UNAVAILABLE) << where;
    return;
  }
  if (!column.refused.empty()) {
    EXPECT_EQ(answer.code, grpc::StatusCode::UNAUTHENTICATED) << where;
    EXPECT_EQ(answer.reason, column.refused) << where;
    return;
  }
  const Access* access = FindAccess(method.name);
  ASSERT_NE(access, nullptr) << where;
  if (RoleIn(column.role, access->roles)) {
    EXPECT_NE(answer.code, grpc::StatusCode::UNAUTHENTICATED) << where;
    EXPECT_NE(answer.code, grpc::StatusCode::PERMISSION_DENIED) << where;
    EXPECT_NE(answer.code, grpc::StatusCode::UNAVAILABLE) << where;
    EXPECT_NE(answer.code, grpc::StatusCode::UNIMPLEMENTED) << where;
  } else {
    EXPECT_EQ(answer.code, grpc::StatusCode::PERMISSION_DENIED) << where;
  }
}

TEST_F(AccessMatrixTest, EveryCallWithEveryCredentialIsAnsweredAsTheTableSays) {
  gs1_ = MakeToken("gs1", v1::ROLE_GAME_SERVER);
  gs2_ = MakeToken("gs2", v1::ROLE_GAME_SERVER);
  AddRefused();
  AddKnown();
  // The list of revocations has been read when it shows.
  const Column& revoked = columns_[7];
  const auto channel = Connect(revoked.shown.certificate);
  while (WhoAmI(channel, "").reason != "CERTIFICATE_REVOKED") {
  }
  const std::vector<Method> methods = AllMethods();
  EXPECT_GE(methods.size(), 38U);
  int calls = 0;
  for (const Column& column : columns_) {
    const auto connection = Connect(column.shown.certificate);
    for (const Method& method : methods) {
      Judge(column, method, Call(connection, method, column.shown.token));
      ++calls;
    }
  }
  RecordProperty("calls", calls);
}

}  // namespace
}  // namespace hallwarden::daemon
