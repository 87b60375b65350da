#include "tools/channel/client_tls.h"

#include <cstddef>

namespace hallwarden::channel {

bool IsThisHost(std::string_view target) {
  if (target.starts_with("unix:")) return true;
  std::string_view host = target.substr(0, target.rfind(':'));
  if (target.starts_with('[')) {
    const std::size_t end = target.find(']');
    if (end == std::string_view::npos) return false;
    host = target.substr(1, end - 1);
  }
  if (host == "localhost" || host == "::1") return true;
  // 127.anything, but not 127.example.org.
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool IsEncrypted(std::string_view target, const ClientTls& tls, bool plaintext) {
  return !plaintext && (tls.any() || !IsThisHost(target));
}

absl::Status CheckTls(const ClientTls& tls, bool plaintext) {
  if (plaintext && tls.any()) {
    return absl::InvalidArgumentError(
        "--plaintext and --tls-... exclude each other: encrypted or not");
  }
  if (tls.certificate.empty() != tls.key.empty()) {
    return absl::InvalidArgumentError("--tls-cert and --tls-key belong together: give both");
  }
  return absl::OkStatus();
}

}  // namespace hallwarden::channel
