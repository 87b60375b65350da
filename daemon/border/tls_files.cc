#include "daemon/border/tls_files.h"

#include <array>
#include <ctime>
#include <fstream>
#include <iterator>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include "absl/strings/str_cat.h"
#include "daemon/log.h"

namespace hallwarden::daemon {
namespace {

constexpr std::size_t kFileMax = std::size_t{8} << 20;
constexpr std::int64_t kSecondUs = 1'000'000;

absl::StatusOr<std::string> ReadPem(const std::string& file) {
  if (file.empty()) return std::string();
  std::ifstream in(file, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  if (!in.is_open() || in.bad()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", file));
  }
  if (text.empty() || text.size() > kFileMax) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": empty, or larger than 8 MiB"));
  }
  return text;
}

X509* ReadCertificate(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  ERR_clear_error();
  return certificate;
}

// A key with a password would ask the terminal for it; there is none at night.
int NoPassword(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
  return -1;
}

absl::Status CheckPair(const TlsOptions& options, const TlsMaterial& material) {
  X509* certificate = ReadCertificate(material.certificate_pem);
  if (certificate == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.certificate, ": not a certificate in PEM"));
  }
  BIO* bio = BIO_new_mem_buf(material.key_pem.data(), static_cast<int>(material.key_pem.size()));
  EVP_PKEY* key = PEM_read_bio_PrivateKey(bio, nullptr, NoPassword, nullptr);
  BIO_free(bio);
  absl::Status status;
  if (key == nullptr) {
    status = absl::InvalidArgumentError(
        absl::StrCat(options.key, ": not a private key in PEM without a password"));
  } else if (X509_check_private_key(certificate, key) != 1) {
    status = absl::InvalidArgumentError(
        absl::StrCat(options.key, " is not the key of ", options.certificate));
  }
  ERR_clear_error();
  EVP_PKEY_free(key);
  X509_free(certificate);
  return status;
}

absl::Status At(const std::string& file, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(file, ": ", status.message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsFiles>> TlsFiles::Load(const TlsOptions& options,
                                                         ClientCertificates* certificates) {
  std::unique_ptr<TlsFiles> files(new TlsFiles(options, certificates));
  files->signature_ = files->Signature();
  if (absl::Status status = files->TakeOver(); !status.ok()) return status;
  return files;
}

TlsFiles::TlsFiles(TlsOptions options, ClientCertificates* certificates)
    : options_(std::move(options)), certificates_(certificates) {}

void TlsFiles::Poll() {
  std::string signature = Signature();
  if (signature == signature_) return;
  signature_ = std::move(signature);
  const absl::Status status = TakeOver();
  if (status.ok()) {
    Log(LogLevel::kInfo, "border: took over changed certificates");
  } else {
    Log(LogLevel::kError,
        absl::StrCat(
            "ALARM border: the changed certificates are not taken over, those before stay ",
            "in force: ", status.message()));
  }
  const MutexLock lock(&mutex_);
  trouble_ = status;
}

std::shared_ptr<const TlsMaterial> TlsFiles::Material() const {
  const MutexLock lock(&mutex_);
  return material_;
}

absl::Status TlsFiles::Trouble() const {
  const MutexLock lock(&mutex_);
  return trouble_;
}

std::string TlsFiles::Signature() const {
  std::string signature;
  for (const std::string* file : {&options_.certificate, &options_.key,
                                  &options_.client_authorities, &options_.revocations}) {
    struct stat info {};
    if (!file->empty() && stat(file->c_str(), &info) == 0) {
      absl::StrAppend(&signature, info.st_dev, ":", info.st_ino, ":", info.st_size, ":",
                      info.st_mtim.tv_sec, ":", info.st_mtim.tv_nsec, ":", info.st_ctim.tv_sec, ":",
                      info.st_ctim.tv_nsec);
    }
    signature.push_back(';');
  }
  return signature;
}

absl::Status TlsFiles::TakeOver() {
  std::array<std::string, 4> texts;
  const std::array<const std::string*, 4> files = {
      &options_.certificate, &options_.key, &options_.client_authorities, &options_.revocations};
  for (std::size_t i = 0; i < files.size(); ++i) {
    absl::StatusOr<std::string> text = ReadPem(*files[i]);
    if (!text.ok()) return text.status();
    texts[i] = *std::move(text);
  }
  auto material = std::make_shared<TlsMaterial>();
  material->certificate_pem = std::move(texts[0]);
  material->key_pem = std::move(texts[1]);
  material->client_authorities_pem = texts[2];
  if (absl::Status status = CheckPair(options_, *material); !status.ok()) return status;
  std::shared_ptr<const ClientAuthorities> authorities;
  if (options_.asks_clients()) {
    // Each by itself, so that the file that is wrong is named.
    absl::StatusOr<std::shared_ptr<const ClientAuthorities>> made =
        ClientAuthorities::Make(texts[2], "");
    if (!made.ok()) return At(options_.client_authorities, made.status());
    if (!options_.revocations.empty()) made = ClientAuthorities::Make(texts[2], texts[3]);
    if (!made.ok()) return At(options_.revocations, made.status());
    authorities = *std::move(made);
  }
  certificates_->SetAuthorities(std::move(authorities));
  const MutexLock lock(&mutex_);
  material->generation = material_ == nullptr ? 1 : material_->generation + 1;
  material_ = std::move(material);
  return absl::OkStatus();
}

std::int64_t CertificateEndUs(const std::string& pem) {
  X509* certificate = ReadCertificate(pem);
  if (certificate == nullptr) return 0;
  std::tm end{};
  const bool read = ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) == 1;
  X509_free(certificate);
  return read ? timegm(&end) * kSecondUs : 0;
}

}  // namespace hallwarden::daemon
