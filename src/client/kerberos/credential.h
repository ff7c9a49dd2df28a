// Credential: an account of a Kerberos realm that signs in, with a credential cache in memory of its own, which no other credential and no other
// program sees. Nothing here uses a ticket file or the default cache, or sets an environment variable; where no key distribution center is given,
// MIT's library reads its usual configuration, of which KRB5_CONFIG may name another.
//
// Errors: InvalidArgument (the account's name or keytab), Unauthenticated (the realm does not know account or password), PermissionDenied (disabled,
// expired), FailedPrecondition (clocks apart, no such service), Unavailable (no key distribution center answers). Messages name the account and hold
// no secret. Calls block until the key distribution center answers, for up to half a minute for each that does not: never on an I/O thread. Thread
// rule: any thread; one call after the other.
#pragma once

#include "base/secret.h"
#include "client/kerberos/library.h"

#include <mutex>
#include <optional>

namespace ipam::client::kerberos {

struct CredentialOptions {
  std::string user_name;  // "reader@CONTOSO.TEST"; the realm in any case
  Secret password;
  Secret keytab;                  // base64 of a keytab's octets; takes the place of the password
  std::vector<std::string> kdcs;  // as in Configuration
};

class Credential {
 public:
  static Result<std::shared_ptr<Credential>> create(CredentialOptions options);
  ~Credential();
  Credential(const Credential&) = delete;
  Credential& operator=(const Credential&) = delete;

  // Signs in where that was not done or is over soon, and gets a ticket for the service ("host", "dc1.contoso.test"), of another realm too, when the
  // account's own refers there. The name under which the cache has it.
  Result<std::string> ticket_for(const std::string& service, const std::string& host);

  const std::string& principal() const { return principal_; }
  // "MEMORY:…": the cache that holds the tickets, for libraries that take one.
  const std::string& cache_name() const { return cache_name_; }

 private:
  explicit Credential(CredentialOptions options) : options_(std::move(options)) {}
  Result<void> prepare();
  Result<void> sign_in();
  krb5_error_code get_initial(krb5_creds& credentials);
  Result<void> add_keys();

  CredentialOptions options_;
  std::string principal_;
  std::string cache_name_;
  std::unique_ptr<Library> library_;
  std::mutex mutex_;  // guards all below
  krb5_principal client_ = nullptr;
  krb5_ccache cache_ = nullptr;
  krb5_keytab keytab_ = nullptr;
  krb5_timestamp expires_at_ = 0;
};

}  // namespace ipam::client::kerberos
