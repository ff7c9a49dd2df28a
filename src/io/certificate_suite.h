// Test support: throwaway certificates (P-256, valid for a day), self-signed or signed by another one. Thread rule: pure functions.
#pragma once

#include "base/secret.h"

#include <string>
#include <vector>

namespace ipam::io {

struct TestCertificate {
  std::string certificate_pem;
  Secret key_pem;
};

// `names` are host names and numeric addresses; the first is also the subject. With an `issuer`, the certificate is signed by it.
TestCertificate make_test_certificate(const std::vector<std::string>& names, const TestCertificate* issuer = nullptr);
// A certificate for 127.0.0.1 and localhost that the whole test program shares.
const TestCertificate& loopback_certificate();

}  // namespace ipam::io
