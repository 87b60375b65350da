#include "daemon/auth/client_certificate.h"

#include <algorithm>
#include <ctime>
#include <utility>

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "daemon/auth/refusals.h"

namespace hallwarden::daemon {
namespace {

constexpr std::string_view kSpiffe = "spiffe://";
constexpr std::string_view kServerPath = "server/";
constexpr std::string_view kPersonPath = "person/";
constexpr std::size_t kCommonNameMax = 64;
constexpr std::size_t kRememberedMax = 8192;
constexpr std::int64_t kSecondUs = 1'000'000;

template <auto kFree>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
struct StackFreer {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_pop_free(stack, X509_free); }
};
struct NamesFreer {
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
struct Scrap {
  void operator()(unsigned char* bytes) const { OPENSSL_free(bytes); }
};
using BioPtr = std::unique_ptr<BIO, Freer<BIO_free_all>>;
using X509Ptr = std::unique_ptr<X509, Freer<X509_free>>;
using CrlPtr = std::unique_ptr<X509_CRL, Freer<X509_CRL_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using StorePtr = std::unique_ptr<X509_STORE, Freer<X509_STORE_free>>;
using ContextPtr = std::unique_ptr<X509_STORE_CTX, Freer<X509_STORE_CTX_free>>;
using ChainPtr = std::unique_ptr<STACK_OF(X509), StackFreer>;

BioPtr Over(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Whether reading PEM ended because the text did, and not because something in it is damaged.
bool EndedWell() {
  const unsigned long error = ERR_peek_last_error();
  ERR_clear_error();
  return error == 0 ||
         (ERR_GET_LIB(error) == ERR_LIB_PEM && ERR_GET_REASON(error) == PEM_R_NO_START_LINE);
}

absl::StatusOr<std::vector<X509Ptr>> ReadCertificates(std::string_view pem) {
  const BioPtr bio = Over(pem);
  std::vector<X509Ptr> read;
  while (X509* one = PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))
    read.emplace_back(one);
  if (!EndedWell()) return absl::InvalidArgumentError("a damaged certificate");
  return read;
}

absl::StatusOr<std::vector<CrlPtr>> ReadCrls(std::string_view pem) {
  const BioPtr bio = Over(pem);
  std::vector<CrlPtr> read;
  while (X509_CRL* one = PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr))
    read.emplace_back(one);
  if (!EndedWell()) return absl::InvalidArgumentError("a damaged revocation list");
  return read;
}

bool IsPlain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// All `spiffe://` URIs of the certificate.
std::vector<std::string> SpiffeIds(const X509* certificate) {
  std::vector<std::string> ids;
  const std::unique_ptr<GENERAL_NAMES, NamesFreer> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  if (names == nullptr) return ids;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
    if (name->type != GEN_URI) continue;
    const ASN1_IA5STRING* uri = name->d.uniformResourceIdentifier;
    std::string text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(uri)),
                     static_cast<std::size_t>(ASN1_STRING_length(uri)));
    if (text.starts_with(kSpiffe)) ids.push_back(std::move(text));
  }
  return ids;
}

// Empty if there is none, more than one, or it is not plain.
std::string CommonName(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
  if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0) return {};
  unsigned char* utf8 = nullptr;
  const int size =
      ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)));
  if (size < 0) return {};
  const std::unique_ptr<unsigned char, Scrap> owner(utf8);
  std::string name(reinterpret_cast<const char*>(utf8), static_cast<std::size_t>(size));
  return !name.empty() && name.size() <= kCommonNameMax && IsPlain(name) ? name : std::string();
}

std::int64_t NotAfterUs(const X509* certificate) {
  std::tm end{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return 0;
  return timegm(&end) * kSecondUs;
}

absl::Status Untrusted(const char* reason, std::string_view message) {
  return RefusalStatus(absl::StatusCode::kUnauthenticated, reason, message);
}

absl::Status Expired() {
  return Untrusted("CERTIFICATE_EXPIRED", "the client certificate expired");
}

// Without a list for an authority nothing of it is revoked, and a list past its date is better than
// none: an authority that is late must not stop every hall.
int AllowMissingLists(int ok, X509_STORE_CTX* context) {
  const int error = X509_STORE_CTX_get_error(context);
  if (error == X509_V_ERR_UNABLE_TO_GET_CRL || error == X509_V_ERR_CRL_HAS_EXPIRED) {
    X509_STORE_CTX_set_error(context, X509_V_OK);
    return 1;
  }
  return ok;
}

bool SignedByOne(X509_CRL* crl, const std::vector<X509Ptr>& authorities) {
  return std::any_of(authorities.begin(), authorities.end(), [crl](const X509Ptr& authority) {
    return X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_subject_name(authority.get())) == 0 &&
           X509_CRL_verify(crl, X509_get0_pubkey(authority.get())) == 1;
  });
}

}  // namespace

absl::StatusOr<ClientCertificate> ReadClientCertificate(std::string_view pem,
                                                        std::string_view chain_pem) {
  const BioPtr bio = Over(pem);
  const X509Ptr read(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  ERR_clear_error();
  if (read == nullptr) return absl::InvalidArgumentError("not a certificate in PEM");
  ClientCertificate certificate;
  certificate.pem = std::string(pem);
  certificate.chain_pem = std::string(chain_pem);
  certificate.not_after_us = NotAfterUs(read.get());
  std::vector<std::string> ids = SpiffeIds(read.get());
  if (ids.size() > 1) {
    return absl::InvalidArgumentError("a certificate must have one SPIFFE id or none");
  }
  if (ids.size() == 1) certificate.spiffe_id = std::move(ids.front());
  certificate.common_name = CommonName(read.get());
  return certificate;
}

absl::StatusOr<CertificateClaim> ClaimOf(const ClientCertificate& certificate,
                                         std::string_view trust_domain) {
  CertificateClaim claim;
  if (trust_domain.empty()) {
    claim.principal = certificate.common_name;
    if (!claim.principal.empty()) return claim;
    return Untrusted("CERTIFICATE_UNKNOWN", "the client certificate has no plain common name");
  }
  const std::string prefix = std::string(kSpiffe) + std::string(trust_domain) + "/";
  std::string_view path = certificate.spiffe_id;
  if (path.starts_with(prefix)) {
    path.remove_prefix(prefix.size());
    claim.server = path.starts_with(kServerPath);
    claim.person = path.starts_with(kPersonPath);
    if (claim.server || claim.person) path.remove_prefix(path.find('/') + 1);
    if ((claim.server || claim.person) && IsPlain(path) && !path.empty()) {
      claim.principal = std::string(path);
      return claim;
    }
  }
  return Untrusted("CERTIFICATE_UNKNOWN", "the client certificate needs one SPIFFE id " + prefix +
                                              "server/{principal} or " + prefix +
                                              "person/{principal}");
}

// ---- authorities --------------------------------------------------------------------------------

struct ClientAuthorities::Store {
  StorePtr store;
};

ClientAuthorities::ClientAuthorities(std::unique_ptr<Store> store) : store_(std::move(store)) {}
ClientAuthorities::~ClientAuthorities() = default;

absl::StatusOr<std::shared_ptr<const ClientAuthorities>> ClientAuthorities::Make(
    const std::string& authorities, const std::string& crls) {
  const absl::StatusOr<std::vector<X509Ptr>> certificates = ReadCertificates(authorities);
  if (!certificates.ok()) return certificates.status();
  if (certificates->empty()) return absl::InvalidArgumentError("no certificate in PEM");
  const absl::StatusOr<std::vector<CrlPtr>> lists = ReadCrls(crls);
  if (!lists.ok()) return lists.status();
  if (lists->empty() && !crls.empty()) {
    return absl::InvalidArgumentError("no revocation list in PEM");
  }
  auto made = std::make_unique<Store>();
  made->store.reset(X509_STORE_new());
  for (const X509Ptr& certificate : *certificates)
    X509_STORE_add_cert(made->store.get(), certificate.get());
  for (const CrlPtr& list : *lists) {
    if (!SignedByOne(list.get(), *certificates)) {
      return absl::InvalidArgumentError("a revocation list that none of the authorities signed");
    }
    X509_STORE_add_crl(made->store.get(), list.get());
  }
  if (!lists->empty()) {
    X509_STORE_set_flags(made->store.get(), X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
  }
  X509_STORE_set_verify_cb(made->store.get(), AllowMissingLists);
  ERR_clear_error();
  return std::shared_ptr<const ClientAuthorities>(new ClientAuthorities(std::move(made)));
}

absl::Status ClientAuthorities::Verify(const ClientCertificate& certificate,
                                       std::int64_t wall_us) const {
  const absl::StatusOr<std::vector<X509Ptr>> leaf = ReadCertificates(certificate.pem);
  absl::StatusOr<std::vector<X509Ptr>> between = ReadCertificates(certificate.chain_pem);
  if (!leaf.ok() || leaf->empty() || !between.ok()) {
    return Untrusted("CERTIFICATE_UNTRUSTED", "the client certificate is damaged");
  }
  const ChainPtr chain(sk_X509_new_null());
  for (X509Ptr& one : *between)
    sk_X509_push(chain.get(), one.release());
  const ContextPtr context(X509_STORE_CTX_new());
  if (context == nullptr || X509_STORE_CTX_init(context.get(), store_->store.get(),
                                                leaf->front().get(), chain.get()) != 1) {
    return absl::InternalError("the client certificate cannot be verified");
  }
  X509_STORE_CTX_set_purpose(context.get(), X509_PURPOSE_SSL_CLIENT);
  X509_STORE_CTX_set_time(context.get(), 0, wall_us / kSecondUs);
  const bool verified = X509_verify_cert(context.get()) == 1;
  const int error = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  if (verified) return absl::OkStatus();
  if (error == X509_V_ERR_CERT_REVOKED) {
    return Untrusted("CERTIFICATE_REVOKED", "the client certificate was revoked");
  }
  if (error == X509_V_ERR_CERT_HAS_EXPIRED) return Expired();
  return Untrusted("CERTIFICATE_UNTRUSTED", std::string("the client certificate does not count: ") +
                                                X509_verify_cert_error_string(error));
}

// ---- what is remembered -------------------------------------------------------------------------

void ClientCertificates::SetAuthorities(std::shared_ptr<const ClientAuthorities> authorities) {
  const MutexLock lock(&mutex_);
  authorities_ = std::move(authorities);
  ++generation_;
  verified_.clear();
}

absl::StatusOr<std::shared_ptr<const ClientCertificate>> ClientCertificates::Check(
    std::string_view pem, std::string_view chain_pem, std::int64_t wall_us) {
  std::string key(pem);
  key += chain_pem;
  std::shared_ptr<const ClientAuthorities> authorities;
  std::uint64_t generation = 0;
  {
    const MutexLock lock(&mutex_);
    const auto found = verified_.find(key);
    if (found != verified_.end()) {
      if (wall_us >= found->second->not_after_us) return Expired();
      return found->second;
    }
    authorities = authorities_;
    generation = generation_;
  }
  if (authorities == nullptr) {
    return Untrusted("CERTIFICATE_UNTRUSTED", "client certificates are not asked for here");
  }
  absl::StatusOr<ClientCertificate> read = ReadClientCertificate(pem, chain_pem);
  if (!read.ok()) {
    const absl::string_view message = read.status().message();
    return Untrusted("CERTIFICATE_UNTRUSTED", std::string_view(message.data(), message.size()));
  }
  if (absl::Status status = authorities->Verify(*read, wall_us); !status.ok()) return status;
  auto certificate = std::make_shared<const ClientCertificate>(*std::move(read));
  const MutexLock lock(&mutex_);
  if (generation == generation_) {
    if (verified_.size() >= kRememberedMax) verified_.clear();
    verified_.emplace(std::move(key), certificate);
  }
  return certificate;
}

std::uint64_t ClientCertificates::generation() const {
  const MutexLock lock(&mutex_);
  return generation_;
}

}  // namespace hallwarden::daemon
