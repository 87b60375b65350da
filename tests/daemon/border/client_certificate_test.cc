#include "daemon/auth/client_certificate.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "daemon/auth/refusals.h"
#include "daemon/clock.h"
#include "tests/daemon/border/test_certificates.h"

namespace hallwarden::daemon {
namespace {

std::string ReasonOf(const absl::Status& status) {
  return status.ok() ? "OK" : RefusalOf(status).reason;
}

class ClientCertificateTest : public ::testing::Test {
 protected:
  std::string Check(const PemPair& pair, std::int64_t later_s = 0) {
    return ReasonOf(
        certificates_.Check(pair.certificate, "", SystemClock().WallUs() + later_s * 1'000'000)
            .status());
  }
  void Trust(const std::string& crls = "") {
    auto made = ClientAuthorities::Make(authority_.pem(), crls);
    ASSERT_TRUE(made.ok()) << made.status();
    certificates_.SetAuthorities(*made);
  }
  // Whom a certificate claims to be, `server/NAME`, `person/NAME`, `NAME`, or why it does not
  // count.
  std::string Claim(const CertificateRequest& request, const std::string& trust_domain) {
    const auto read = ReadClientCertificate(authority_.Issue(request).certificate, "");
    if (!read.ok()) return "unreadable";
    const auto claim = ClaimOf(*read, trust_domain);
    if (!claim.ok()) return ReasonOf(claim.status());
    if (claim->server && claim->person) return claim->principal;
    return (claim->server ? "server/" : "person/") + claim->principal;
  }

  TestAuthority authority_{"authority"};
  ClientCertificates certificates_;
};

TEST_F(ClientCertificateTest, TheOneSpiffeIdOfTheTrustDomainSaysWhoItIs) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"URI:spiffe://hall/server/gs1"}, "server/gs1"},
      {{"URI:spiffe://hall/person/gm-li"}, "person/gm-li"},
      {{"DNS:gs1", "URI:https://hall/x", "URI:spiffe://hall/server/gs1"}, "server/gs1"},
      {{"URI:spiffe://hall/server/gs1", "URI:spiffe://hall/server/gs2"}, "unreadable"},
      {{"URI:spiffe://hall/server/gs1", "URI:spiffe://other/x"}, "unreadable"},
      {{"URI:spiffe://other/server/gs1"}, "CERTIFICATE_UNKNOWN"},
      {{"URI:spiffe://hall.evil/server/gs1"}, "CERTIFICATE_UNKNOWN"},
      {{"URI:spiffe://hall/admin/gs1"}, "CERTIFICATE_UNKNOWN"},
      {{"URI:spiffe://hall/server/"}, "CERTIFICATE_UNKNOWN"},
      {{"URI:spiffe://hall/server/a/b"}, "CERTIFICATE_UNKNOWN"},
      {{"URI:spiffe://hall/server/a b"}, "CERTIFICATE_UNKNOWN"},
      {{"DNS:gs1"}, "CERTIFICATE_UNKNOWN"},
      {{}, "CERTIFICATE_UNKNOWN"},
  };
  for (const auto& [names, claim] : cases) {
    EXPECT_EQ(Claim({.common_name = "gs9", .alternative_names = names}, "hall"), claim)
        << (names.empty() ? "" : names.back());
  }
}

TEST_F(ClientCertificateTest, WithoutATrustDomainTheCommonNameSaysWhoItIs) {
  EXPECT_EQ(Claim({.common_name = "gs1", .alternative_names = {}}, ""), "gs1");
  EXPECT_EQ(Claim({.common_name = "gs 1", .alternative_names = {}}, ""), "CERTIFICATE_UNKNOWN");
  EXPECT_EQ(Claim({.common_name = "", .alternative_names = {}}, ""), "CERTIFICATE_UNKNOWN");
}

TEST_F(ClientCertificateTest, NobodyCountsWhileNoAuthorityIsKnown) {
  EXPECT_EQ(Check(IssueClient(&authority_, "gs1")), "CERTIFICATE_UNTRUSTED");
}

TEST_F(ClientCertificateTest, CountsFromItsAuthorityUntilItsEnd) {
  Trust();
  const PemPair pair = IssueClient(&authority_, "gs1");
  EXPECT_EQ(Check(pair), "OK");
  EXPECT_EQ(Check(pair), "OK") << "remembered";
  EXPECT_EQ(Check(pair, 86'500), "CERTIFICATE_EXPIRED") << "remembered, and over by now";
  TestAuthority other("authority");
  EXPECT_EQ(Check(IssueClient(&other, "gs1")), "CERTIFICATE_UNTRUSTED");
  EXPECT_EQ(Check(authority_.Issue({.common_name = "x", .alternative_names = {}, .end_s = -60})),
            "CERTIFICATE_EXPIRED");
  EXPECT_EQ(Check({"not a certificate", ""}), "CERTIFICATE_UNTRUSTED");
}

TEST_F(ClientCertificateTest, ARevokedOneStopsCountingAtOnce) {
  Trust();
  const PemPair good = IssueClient(&authority_, "gs1");
  const PemPair bad = IssueClient(&authority_, "gs1");
  EXPECT_EQ(Check(bad), "OK");
  const std::uint64_t before = certificates_.generation();
  Trust(authority_.Revoke({bad.certificate}));
  EXPECT_NE(certificates_.generation(), before);
  EXPECT_EQ(Check(bad), "CERTIFICATE_REVOKED");
  EXPECT_EQ(Check(good), "OK") << "same SPIFFE id, another key";
}

TEST_F(ClientCertificateTest, AListPastItsDateStillRevokesAndStopsNobodyElse) {
  const PemPair good = IssueClient(&authority_, "gs1");
  const PemPair bad = IssueClient(&authority_, "gs2");
  Trust(authority_.Revoke({bad.certificate}, -60));
  EXPECT_EQ(Check(bad), "CERTIFICATE_REVOKED");
  EXPECT_EQ(Check(good), "OK");
}

TEST_F(ClientCertificateTest, WithTwoAuthoritiesAListOfOneLeavesTheOtherAlone) {
  TestAuthority second("second");
  const PemPair bad = IssueClient(&authority_, "gs1");
  auto made = ClientAuthorities::Make(authority_.pem() + second.pem(),
                                      authority_.Revoke({bad.certificate}));
  ASSERT_TRUE(made.ok()) << made.status();
  certificates_.SetAuthorities(*made);
  EXPECT_EQ(Check(bad), "CERTIFICATE_REVOKED");
  EXPECT_EQ(Check(IssueClient(&second, "gs2")), "OK");
}

TEST_F(ClientCertificateTest, AuthoritiesMustBeWhole) {
  TestAuthority other("other");
  const std::string pem = authority_.pem();
  EXPECT_FALSE(ClientAuthorities::Make("", "").ok());
  EXPECT_FALSE(ClientAuthorities::Make("words", "").ok());
  EXPECT_FALSE(ClientAuthorities::Make(pem + pem.substr(0, pem.size() / 2), "").ok());
  EXPECT_FALSE(ClientAuthorities::Make(pem, "words").ok());
  EXPECT_FALSE(ClientAuthorities::Make(pem, other.Revoke({})).ok()) << "signed by another";
  EXPECT_TRUE(ClientAuthorities::Make(pem, authority_.Revoke({})).ok());
}

}  // namespace
}  // namespace hallwarden::daemon
