#include "daemon/border/server_credentials.h"

#include <atomic>
#include <cstdint>
#include <string>

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/grpc_security_constants.h>

namespace hallwarden::daemon {
namespace {

grpc_ssl_client_certificate_request_type RequestFor(const TlsOptions& options) {
  if (!options.asks_clients()) return GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
  return options.rule() == ClientCertificateRule::kAll
             ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
             : GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY;
}

class FollowingCredentials final : public grpc::ServerCredentials {
 public:
  explicit FollowingCredentials(const TlsFiles* files)
      : files_(files),
        credentials_(grpc_ssl_server_credentials_create_with_options(
            grpc_ssl_server_credentials_create_options_using_config_fetcher(
                RequestFor(files->options()), &Fetch, this))) {}
  ~FollowingCredentials() override { grpc_server_credentials_release(credentials_); }
  FollowingCredentials(const FollowingCredentials&) = delete;
  FollowingCredentials& operator=(const FollowingCredentials&) = delete;

  // What a processor adds belongs to the connection, not to the call: nobody here uses one.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>& /*processor*/) override {}

 private:
  int AddPortToServer(const std::string& address, grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  // Before each handshake, one at a time for each port.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    auto* credentials = static_cast<FollowingCredentials*>(self);
    const std::shared_ptr<const TlsMaterial> material = credentials->files_->Material();
    if (material->generation == credentials->given_) {
      return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    }
    credentials->given_ = material->generation;
    const grpc_ssl_pem_key_cert_pair pair{material->key_pem.c_str(),
                                          material->certificate_pem.c_str()};
    const std::string& roots = material->client_authorities_pem;
    *config = grpc_ssl_server_certificate_config_create(roots.empty() ? nullptr : roots.c_str(),
                                                        &pair, 1);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  const TlsFiles* const files_;
  // Generation that gRPC was given last.
  std::atomic<std::uint64_t> given_ = 0;
  grpc_server_credentials* const credentials_;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const TlsFiles* files) {
  return std::make_shared<FollowingCredentials>(files);
}

}  // namespace hallwarden::daemon
