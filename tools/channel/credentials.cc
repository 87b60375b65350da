#include "tools/channel/credentials.h"

#include <cstddef>
#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace hallwarden::channel {
namespace {

constexpr std::size_t kFileMax = std::size_t{1} << 20;

absl::Status ReadPem(const std::string& file, std::string* text) {
  if (file.empty()) return absl::OkStatus();
  std::ifstream in(file, std::ios::binary);
  if (!in) return absl::NotFoundError(absl::StrCat("cannot read ", file));
  text->assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  if (text->find("-----BEGIN ") == std::string::npos || text->size() > kFileMax) {
    return absl::InvalidArgumentError(absl::StrCat(file, " is no PEM file"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeCredentials(
    const std::string& target, const ClientTls& tls, bool plaintext,
    grpc::ChannelArguments* arguments) {
  if (absl::Status status = CheckTls(tls, plaintext); !status.ok()) return status;
  if (!IsEncrypted(target, tls, plaintext)) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  absl::Status status = ReadPem(tls.ca, &options.pem_root_certs);
  if (status.ok()) status = ReadPem(tls.certificate, &options.pem_cert_chain);
  if (status.ok()) status = ReadPem(tls.key, &options.pem_private_key);
  if (!status.ok()) return status;
  if (!tls.server_name.empty()) arguments->SetSslTargetNameOverride(tls.server_name);
  return grpc::SslCredentials(options);
}

std::string FileSignature(const ClientTls& tls) {
  std::string signature;
  for (const std::string* file : {&tls.ca, &tls.certificate, &tls.key}) {
    struct stat info {};
    if (!file->empty() && stat(file->c_str(), &info) == 0) {
      absl::StrAppend(&signature, info.st_dev, ":", info.st_ino, ":", info.st_size, ":",
                      info.st_mtim.tv_sec, ":", info.st_mtim.tv_nsec);
    }
    signature.push_back(';');
  }
  return signature;
}

}  // namespace hallwarden::channel
