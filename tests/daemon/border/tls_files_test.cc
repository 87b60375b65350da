#include "daemon/border/tls_files.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "daemon/clock.h"
#include "daemon/log.h"
#include "tests/daemon/border/test_certificates.h"

namespace hallwarden::daemon {
namespace {

using ::testing::HasSubstr;

class TlsFilesTest : public ::testing::Test {
 protected:
  TlsFilesTest() {
    EXPECT_NE(mkdtemp(folder_.data()), nullptr);
    SetLogLevel(LogLevel::kOff);
    options_.certificate = folder_ + "/server.crt";
    options_.key = folder_ + "/server.key";
    options_.client_authorities = folder_ + "/clients.pem";
    options_.revocations = folder_ + "/revoked.pem";
    Write(options_.certificate, server_.certificate);
    Write(options_.key, server_.key);
    Write(options_.client_authorities, authority_.pem());
    Write(options_.revocations, authority_.Revoke({}));
  }
  ~TlsFilesTest() override { std::filesystem::remove_all(folder_); }

  // Aside and moved in place, as everything that writes such files should.
  static void Write(const std::string& file, const std::string& text) {
    std::ofstream(file + ".new", std::ios::binary) << text;
    std::filesystem::rename(file + ".new", file);
  }
  bool Counts(const PemPair& pair) {
    return certificates_.Check(pair.certificate, "", SystemClock().WallUs()).ok();
  }

  std::string folder_ = ::testing::TempDir() + "tls_files_XXXXXX";
  TestAuthority authority_{"authority"};
  PemPair server_ = IssueServer(&authority_);
  PemPair client_ = IssueClient(&authority_, "gs1");
  TlsOptions options_;
  ClientCertificates certificates_;
};

TEST_F(TlsFilesTest, AreLoadedAndFollowed) {
  const auto files = TlsFiles::Load(options_, &certificates_);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_EQ((*files)->Material()->certificate_pem, server_.certificate);
  EXPECT_TRUE(Counts(client_));
  (*files)->Poll();
  EXPECT_EQ((*files)->Material()->generation, 1U) << "nothing changed";

  const PemPair renewed = IssueServer(&authority_);
  Write(options_.key, renewed.key);
  (*files)->Poll();
  EXPECT_EQ((*files)->Material()->certificate_pem, server_.certificate)
      << "the key came first: wait for its certificate";
  EXPECT_THAT(std::string((*files)->Trouble().message()), HasSubstr("is not the key of"));
  Write(options_.certificate, renewed.certificate);
  (*files)->Poll();
  EXPECT_EQ((*files)->Material()->certificate_pem, renewed.certificate);
  EXPECT_EQ((*files)->Material()->generation, 2U);
  EXPECT_TRUE((*files)->Trouble().ok());
}

TEST_F(TlsFilesTest, ARevocationListTakesEffectWithTheNextLook) {
  const auto files = TlsFiles::Load(options_, &certificates_);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_TRUE(Counts(client_));
  Write(options_.revocations, authority_.Revoke({client_.certificate}));
  (*files)->Poll();
  EXPECT_FALSE(Counts(client_));
}

TEST_F(TlsFilesTest, ABrokenOrMissingListChangesNothing) {
  Write(options_.revocations, authority_.Revoke({client_.certificate}));
  const auto files = TlsFiles::Load(options_, &certificates_);
  ASSERT_TRUE(files.ok()) << files.status();
  EXPECT_FALSE(Counts(client_));
  Write(options_.revocations, "half a li");
  (*files)->Poll();
  EXPECT_FALSE(Counts(client_)) << "who was revoked stays revoked";
  EXPECT_THAT(std::string((*files)->Trouble().message()), HasSubstr("revoked.pem"));
  std::filesystem::remove(options_.revocations);
  (*files)->Poll();
  EXPECT_FALSE(Counts(client_));
}

TEST_F(TlsFilesTest, WhatIsWrongAtTheStartIsNamed) {
  TestAuthority other("other");
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {options_.certificate, "words"},
      {options_.certificate, ""},
      {options_.certificate, IssueServer(&authority_).certificate},
      {options_.key, "words"},
      {options_.client_authorities, "words"},
      {options_.revocations, other.Revoke({})},
  };
  for (const auto& [file, text] : wrong) {
    std::ifstream in(file);
    const std::string before((std::istreambuf_iterator<char>(in)),
                             std::istreambuf_iterator<char>());
    Write(file, text);
    const auto files = TlsFiles::Load(options_, &certificates_);
    EXPECT_FALSE(files.ok()) << file << ": " << text;
    EXPECT_THAT(files.status().ToString(), HasSubstr(file));
    Write(file, before);
  }
  options_.key = folder_ + "/none";
  EXPECT_THAT(TlsFiles::Load(options_, &certificates_).status().ToString(), HasSubstr("/none"));
}

}  // namespace
}  // namespace hallwarden::daemon
