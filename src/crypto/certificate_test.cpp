#include "crypto/certificate.h"

#include "base/file.h"
#include "crypto/openssl_handles.h"
#include "support/temporary_folder.h"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <filesystem>

namespace ipam::crypto {
namespace {

using std::chrono::hours;

constexpr hours kYear(24 * 365);
const ServerNames kNames{.dns_names = {"ipam.example.com", "ipam"}, .ip_addresses = {"192.0.2.1", "2001:db8::1"}};

Time now() { return parse_time("2026-11-23T06:28:37Z").value(); }

ServerIdentity make() { return make_self_signed_certificate(kNames, now(), kYear).value(); }

mode_t mode_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 07777U : 0;
}

TEST(SelfSignedCertificate, IsForItsNamesAndNoOthers) {
  const CertificateHandle certificate = parse_certificate(make().certificate_pem).value();
  for (const char* name : {"ipam.example.com", "ipam"}) EXPECT_EQ(X509_check_host(certificate.get(), name, 0, 0, nullptr), 1) << name;
  for (const char* address : {"192.0.2.1", "2001:db8::1"}) EXPECT_EQ(X509_check_ip_asc(certificate.get(), address, 0), 1) << address;
  EXPECT_EQ(X509_check_host(certificate.get(), "example.com", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ip_asc(certificate.get(), "192.0.2.2", 0), 0);
}

TEST(SelfSignedCertificate, IsAServersP256CertificateSignedByItsOwnKey) {
  const ServerIdentity identity = make();
  const CertificateHandle certificate = parse_certificate(identity.certificate_pem).value();
  const KeyHandle key = parse_key(identity.key_pem).value();
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), 256);
  EXPECT_EQ(X509_verify(certificate.get(), key.get()), 1);
  EXPECT_EQ(X509_check_ca(certificate.get()), 0);
  EXPECT_EQ(X509_check_purpose(certificate.get(), X509_PURPOSE_SSL_SERVER, 0), 1);
  EXPECT_EQ(X509_get_version(certificate.get()), X509_VERSION_3);
}

TEST(SelfSignedCertificate, IsValidFromAnHourAgoForTheTimeAsked) {
  const ServerIdentity identity = make();
  EXPECT_EQ(certificate_expiry(identity.certificate_pem).value(), now() + kYear);
  const CertificateHandle certificate = parse_certificate(identity.certificate_pem).value();
  const auto at = [&](Time time) {
    std::time_t seconds = std::chrono::system_clock::to_time_t(time);
    return X509_cmp_time(X509_get0_notBefore(certificate.get()), &seconds);
  };
  EXPECT_EQ(at(now() - hours(2)), 1);
  EXPECT_EQ(at(now() - std::chrono::minutes(59)), -1);
}

TEST(SelfSignedCertificate, TwoOfThemDifferInKeyAndSerialNumber) {
  const ServerIdentity one = make(), other = make();
  EXPECT_NE(one.key_pem.reveal(), other.key_pem.reveal());
  const CertificateHandle first = parse_certificate(one.certificate_pem).value(), second = parse_certificate(other.certificate_pem).value();
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(first.get()), X509_get0_serialNumber(second.get())), 0);
}

TEST(SelfSignedCertificate, ALongNameFitsTheAlternativeNames) {
  const std::string name = std::string(63, 'a') + "." + std::string(63, 'b');
  const ServerIdentity identity = make_self_signed_certificate({.dns_names = {name}, .ip_addresses = {}}, now(), kYear).value();
  EXPECT_EQ(X509_check_host(parse_certificate(identity.certificate_pem).value().get(), name.c_str(), 0, 0, nullptr), 1);
}

TEST(SelfSignedCertificate, WhatIsNoNameIsRefused) {
  for (const char* name : {"", "a b", "a,DNS:evil.example", "-a", "a-", "a..b", "ä", "*", "a.*.b"}) {
    EXPECT_EQ(make_self_signed_certificate({.dns_names = {name}, .ip_addresses = {}}, now(), kYear).error().code, ErrorCode::InvalidArgument) << name;
  }
  for (const char* address : {"", "192.0.2", "2001:db8::/32", "host"}) {
    EXPECT_EQ(make_self_signed_certificate({.dns_names = {}, .ip_addresses = {address}}, now(), kYear).error().code, ErrorCode::InvalidArgument)
        << address;
  }
  EXPECT_EQ(make_self_signed_certificate({}, now(), kYear).error().code, ErrorCode::InvalidArgument);
  EXPECT_EQ(make_self_signed_certificate(kNames, now(), hours(0)).error().code, ErrorCode::InvalidArgument);
}

TEST(Fingerprint, IsTheSha256ThatTheOpensslProgramPrints) {
  const std::string pem = read_file(std::filesystem::path(IPAM_SOURCE_FOLDER) / "tests/golden/certificate.pem", 10'000).value();
  EXPECT_EQ(certificate_fingerprint(pem).value(), "7B:FF:9F:02:56:CC:19:8C:79:A2:F7:BE:B3:A8:53:F8:7C:4E:14:A3:23:4B:2B:05:EE:D6:C1:21:05:74:4C:DD");
}

TEST(Fingerprint, OfWhatIsNoCertificateIsMalformed) {
  for (const std::string& text : {std::string(), std::string("x"), std::string("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"),
                                  std::string(2'000'000, 'x')}) {
    EXPECT_EQ(certificate_fingerprint(text).error().code, ErrorCode::Malformed);
    EXPECT_EQ(certificate_expiry(text).error().code, ErrorCode::Malformed);
  }
  EXPECT_EQ(certificate_fingerprint(make().key_pem.reveal()).error().code, ErrorCode::Malformed);
}

TEST(ServerIdentity, IsMadeOnceAndItsKeyIsItsOwnersOnly) {
  const test::TemporaryFolder folder;
  const ServerIdentity made = load_or_create_server_identity(folder.path(), kNames, now(), kYear).value();
  const ServerIdentity loaded = load_or_create_server_identity(folder.path(), kNames, now(), kYear).value();
  EXPECT_EQ(loaded.certificate_pem, made.certificate_pem);
  EXPECT_EQ(loaded.key_pem.reveal(), made.key_pem.reveal());
  EXPECT_EQ(mode_of(folder.file("server.key")), 0600U);
  EXPECT_EQ(mode_of(folder.file("server.crt")), 0644U);
}

TEST(ServerIdentity, AKeyThatLostItsCertificateGetsAnother) {
  const test::TemporaryFolder folder;
  const ServerIdentity made = load_or_create_server_identity(folder.path(), kNames, now(), kYear).value();
  std::filesystem::remove(folder.file("server.crt"));
  const ServerIdentity mended = load_or_create_server_identity(folder.path(), kNames, now(), kYear).value();
  EXPECT_EQ(mended.key_pem.reveal(), made.key_pem.reveal());
  EXPECT_NE(mended.certificate_pem, made.certificate_pem);
}

TEST(ServerIdentity, ACertificateWithoutItsKeyOrWithAnotherIsRefusedAndStays) {
  const test::TemporaryFolder folder;
  const ServerIdentity one = make(), other = make();
  ASSERT_TRUE(write_file_atomically(folder.file("server.crt"), as_bytes(one.certificate_pem), 0644).ok());
  EXPECT_EQ(load_or_create_server_identity(folder.path(), kNames, now(), kYear).error().code, ErrorCode::FailedPrecondition);
  ASSERT_TRUE(write_file_atomically(folder.file("server.key"), as_bytes(other.key_pem.reveal()), 0600).ok());
  EXPECT_EQ(load_or_create_server_identity(folder.path(), kNames, now(), kYear).error().code, ErrorCode::FailedPrecondition);
  EXPECT_EQ(read_file(folder.file("server.crt"), 10'000).value(), one.certificate_pem);
  EXPECT_EQ(read_file(folder.file("server.key"), 10'000).value(), other.key_pem.reveal());
}

TEST(ServerIdentity, AKeyThatOthersMayReadIsRefused) {
  const test::TemporaryFolder folder;
  const ServerIdentity identity = make();
  ASSERT_TRUE(write_file_atomically(folder.file("server.crt"), as_bytes(identity.certificate_pem), 0644).ok());
  ASSERT_TRUE(write_file_atomically(folder.file("server.key"), as_bytes(identity.key_pem.reveal()), 0640).ok());
  const Error error = load_or_create_server_identity(folder.path(), kNames, now(), kYear).error();
  EXPECT_EQ(error.code, ErrorCode::FailedPrecondition);
  EXPECT_NE(error.message.find("chmod 600 "), std::string::npos);
}

TEST(ServerIdentity, AnEncryptedKeyIsRefusedWithoutAskingForItsPassphrase) {
  const KeyHandle key = parse_key(make().key_pem).value();
  const BioHandle bio(BIO_new(BIO_s_mem()));
  char passphrase[] = "passphrase";
  ASSERT_EQ(PEM_write_bio_PKCS8PrivateKey(bio.get(), key.get(), EVP_aes_256_cbc(), passphrase, sizeof passphrase - 1, nullptr, nullptr), 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  EXPECT_EQ(parse_key(Secret(std::string(data, static_cast<std::size_t>(size)))).error().code, ErrorCode::Malformed);
}

}  // namespace
}  // namespace ipam::crypto
