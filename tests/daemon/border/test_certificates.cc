#include "tests/daemon/border/test_certificates.h"

#include <cstdlib>

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

namespace hallwarden::daemon {
namespace {

void Require(bool done) {
  if (!done) std::abort();
}

template <class Write>
std::string ToPem(const Write& write) {
  BIO* bio = BIO_new(BIO_s_mem());
  Require(write(bio) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return text;
}

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context{};
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  Require(extension != nullptr);
  Require(X509_add_ext(certificate, extension, -1) == 1);
  X509_EXTENSION_free(extension);
}

X509* NewCertificate(const CertificateRequest& request, std::int64_t serial, EVP_PKEY* key) {
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set_int64(X509_get_serialNumber(certificate), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate), request.begin_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), request.end_s);
  X509_set_pubkey(certificate, key);
  if (!request.common_name.empty()) {
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(request.common_name.c_str()),
                               -1, -1, 0);
  }
  return certificate;
}

}  // namespace

struct TestAuthority::Parts {
  EVP_PKEY* key = nullptr;
  X509* certificate = nullptr;
  std::int64_t last_serial = 1;
};

TestAuthority::TestAuthority(const std::string& name) : parts_(std::make_unique<Parts>()) {
  parts_->key = EVP_EC_gen("P-256");
  parts_->certificate =
      NewCertificate({.common_name = name, .alternative_names = {}}, 1, parts_->key);
  X509* self = parts_->certificate;
  X509_set_issuer_name(self, X509_get_subject_name(self));
  AddExtension(self, self, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(self, self, NID_key_usage, "critical,keyCertSign,cRLSign");
  Require(X509_sign(self, parts_->key, EVP_sha256()) > 0);
}

TestAuthority::~TestAuthority() {
  X509_free(parts_->certificate);
  EVP_PKEY_free(parts_->key);
}

std::string TestAuthority::pem() const {
  return ToPem([this](BIO* bio) { return PEM_write_bio_X509(bio, parts_->certificate); });
}

PemPair TestAuthority::Issue(const CertificateRequest& request) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = NewCertificate(request, ++parts_->last_serial, key);
  X509_set_issuer_name(certificate, X509_get_subject_name(parts_->certificate));
  AddExtension(certificate, parts_->certificate, NID_basic_constraints, "critical,CA:FALSE");
  AddExtension(certificate, parts_->certificate, NID_ext_key_usage, "serverAuth,clientAuth");
  std::string names;
  for (const std::string& name : request.alternative_names)
    names += (names.empty() ? "" : ",") + name;
  if (!names.empty()) {
    AddExtension(certificate, parts_->certificate, NID_subject_alt_name, names);
  }
  Require(X509_sign(certificate, parts_->key, EVP_sha256()) > 0);
  PemPair pair;
  pair.certificate = ToPem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
  pair.key = ToPem([&](BIO* bio) {
    return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return pair;
}

std::string TestAuthority::Revoke(const std::vector<std::string>& certificates,
                                  std::int64_t next_update_s) {
  X509_CRL* list = X509_CRL_new();
  X509_CRL_set_version(list, 1);
  X509_CRL_set_issuer_name(list, X509_get_subject_name(parts_->certificate));
  ASN1_TIME* time = ASN1_TIME_new();
  X509_gmtime_adj(time, -7200);
  X509_CRL_set1_lastUpdate(list, time);
  X509_gmtime_adj(time, next_update_s);
  X509_CRL_set1_nextUpdate(list, time);
  X509_gmtime_adj(time, -3600);
  for (const std::string& pem : certificates) {
    BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
    X509* certificate = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
    BIO_free(bio);
    Require(certificate != nullptr);
    X509_REVOKED* revoked = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(revoked, X509_get_serialNumber(certificate));
    X509_REVOKED_set_revocationDate(revoked, time);
    X509_CRL_add0_revoked(list, revoked);
    X509_free(certificate);
  }
  ASN1_TIME_free(time);
  X509_CRL_sort(list);
  Require(X509_CRL_sign(list, parts_->key, EVP_sha256()) > 0);
  std::string text = ToPem([list](BIO* bio) { return PEM_write_bio_X509_CRL(bio, list); });
  X509_CRL_free(list);
  return text;
}

PemPair IssueServer(TestAuthority* authority) {
  return authority->Issue({.common_name = "hallwardend",
                           .alternative_names = {"DNS:localhost", "IP:127.0.0.1", "IP:::1"}});
}

PemPair IssueClient(TestAuthority* authority, const std::string& name) {
  return authority->Issue({.common_name = name, .alternative_names = {"URI:" + SpiffeOf(name)}});
}

std::string SpiffeOf(const std::string& name) {
  return "spiffe://hall.test/server/" + name;
}

}  // namespace hallwarden::daemon
