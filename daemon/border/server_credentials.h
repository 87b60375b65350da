// TLS credentials of the gRPC server that follow the files.
#ifndef HALLWARDEN_DAEMON_BORDER_SERVER_CREDENTIALS_H_
#define HALLWARDEN_DAEMON_BORDER_SERVER_CREDENTIALS_H_

#include <memory>

#include <grpcpp/security/server_credentials.h>

#include "daemon/border/tls_files.h"

namespace hallwarden::daemon {

// Every handshake uses what `files` holds then. gRPC's own watcher of files (experimental in 1.51)
// is left without any certificate when a new one does not fit its key; this asks through the older
// interface, and keeps what it has. `files` and the credentials outlive the server.
[[nodiscard]] std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(const TlsFiles* files);

}  // namespace hallwarden::daemon

#endif  // HALLWARDEN_DAEMON_BORDER_SERVER_CREDENTIALS_H_
