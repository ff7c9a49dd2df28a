#include "client/kerberos/credential.h"

#include "base/strings.h"
#include "client/kerberos/keytab.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cctype>

namespace ipam::client::kerberos {
namespace {

// A ticket that is over so soon is renewed first.
constexpr krb5_timestamp kMargin = 300;

std::string to_upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return text;
}

struct Account {
  std::string name;
  std::string realm;
};

Result<Account> parse_account(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size() || !is_clean_text(text)) {
    return Error(ErrorCode::InvalidArgument,
                 fmt::format("the account '{}' must be written as NAME@REALM: reader@CONTOSO.TEST", shorten(is_clean_text(text) ? text : "", 80)));
  }
  return Account{std::string(text.substr(0, at)), to_upper(std::string(text.substr(at + 1)))};
}

// Memory of the library, freed when it goes.
class Credentials {
 public:
  explicit Credentials(krb5_context context) : context_(context) {}
  ~Credentials() { krb5_free_cred_contents(context_, &value); }
  Credentials(const Credentials&) = delete;
  Credentials& operator=(const Credentials&) = delete;
  krb5_creds value{};

 private:
  krb5_context context_;
};

}  // namespace

Result<std::shared_ptr<Credential>> Credential::create(CredentialOptions options) {
  auto credential = std::shared_ptr<Credential>(new Credential(std::move(options)));
  IPAM_TRY(credential->prepare());
  return credential;
}

Credential::~Credential() {
  if (library_ == nullptr) return;
  const krb5_context context = library_->context();
  if (keytab_ != nullptr) krb5_kt_close(context, keytab_);
  if (cache_ != nullptr) krb5_cc_destroy(context, cache_);
  if (client_ != nullptr) krb5_free_principal(context, client_);
}

Result<void> Credential::prepare() {
  const Account account = IPAM_TRY(parse_account(options_.user_name));
  if (options_.password.empty() && options_.keytab.empty()) {
    return Error(ErrorCode::InvalidArgument, fmt::format("the account {} has neither a password nor a keytab", options_.user_name));
  }
  principal_ = fmt::format("{}@{}", account.name, account.realm);
  library_ = IPAM_TRY(Library::create({account.realm, options_.kdcs}));
  const krb5_context context = library_->context();
  if (const auto code = krb5_parse_name(context, principal_.c_str(), &client_); code != 0) return library_->error(code, "the account " + principal_);
  if (const auto code = krb5_cc_new_unique(context, "MEMORY", nullptr, &cache_); code != 0) return library_->error(code, "the credential cache");
  cache_name_ = fmt::format("MEMORY:{}", krb5_cc_get_name(context, cache_));
  if (!options_.keytab.empty()) IPAM_TRY(add_keys());
  return {};
}

Result<void> Credential::add_keys() {
  const auto octets = from_base64(trim(options_.keytab.reveal()));
  if (!octets.ok()) return Error(ErrorCode::InvalidArgument, fmt::format("the keytab of {} is not base64: base64 -w0 FILE", principal_));
  const auto entries = IPAM_TRY(read_keytab(*octets));
  // Keytabs in memory are found by their names.
  static std::atomic<std::uint64_t> number = 0;
  const std::string name = fmt::format("MEMORY:cadastre-{}", ++number);
  const krb5_context context = library_->context();
  if (const auto code = krb5_kt_resolve(context, name.c_str(), &keytab_); code != 0) return library_->error(code, "the keytab of " + principal_);
  for (const KeytabEntry& entry : entries) {
    // Keytabs of Windows have the account in its own case, and the realm maybe not.
    if (entry.components.size() != 1 || to_upper(entry.realm) != principal_.substr(principal_.rfind('@') + 1)) continue;
    const std::string principal = fmt::format("{}@{}", entry.components[0], to_upper(entry.realm));
    if (!equals_ignoring_case(principal, principal_)) continue;
    Bytes key = entry.key;
    krb5_keytab_entry made{};
    made.principal = client_;
    made.vno = entry.version;
    made.key.enctype = entry.encryption_type;
    made.key.length = static_cast<unsigned>(key.size());
    made.key.contents = key.data();
    if (const auto code = krb5_kt_add_entry(context, keytab_, &made); code != 0) return library_->error(code, "the keytab of " + principal_);
  }
  return {};
}

krb5_error_code Credential::get_initial(krb5_creds& credentials) {
  const krb5_context context = library_->context();
  krb5_get_init_creds_opt* options = nullptr;
  if (const auto code = krb5_get_init_creds_opt_alloc(context, &options); code != 0) return code;
  krb5_error_code code = 0;
  if (keytab_ != nullptr) {
    code = krb5_get_init_creds_keytab(context, &credentials, client_, keytab_, 0, nullptr, options);
  } else {
    code = krb5_get_init_creds_password(context, &credentials, client_, options_.password.reveal().c_str(), nullptr, nullptr, 0, nullptr, options);
  }
  krb5_get_init_creds_opt_free(context, options);
  return code;
}

Result<void> Credential::sign_in() {
  const krb5_context context = library_->context();
  krb5_timestamp now = 0;
  (void)krb5_timeofday(context, &now);
  if (expires_at_ - kMargin > now) return {};
  Credentials credentials(context);
  auto code = get_initial(credentials.value);
  if (code == 0) code = krb5_cc_initialize(context, cache_, client_);
  if (code == 0) code = krb5_cc_store_cred(context, cache_, &credentials.value);
  if (code != 0) return library_->error(code, "the account " + principal_);
  expires_at_ = credentials.value.times.endtime;
  return {};
}

Result<std::string> Credential::ticket_for(const std::string& service, const std::string& host) {
  const std::lock_guard lock(mutex_);
  IPAM_TRY(sign_in());
  const krb5_context context = library_->context();
  const std::string what = fmt::format("the service {}/{}", service, host);
  Credentials wanted(context);
  // Without a realm: that of the account answers, and refers to another one where the host is there.
  auto code = krb5_copy_principal(context, client_, &wanted.value.client);
  if (code == 0) code = krb5_build_principal(context, &wanted.value.server, 0, "", service.c_str(), host.c_str(), static_cast<char*>(nullptr));
  krb5_creds* got = nullptr;
  if (code == 0) code = krb5_get_credentials(context, 0, cache_, &wanted.value, &got);
  if (code != 0) return library_->error(code, what);
  char* name = nullptr;
  code = krb5_unparse_name(context, got->server, &name);
  krb5_free_creds(context, got);
  if (code != 0) return library_->error(code, what);
  std::string principal = name;
  krb5_free_unparsed_name(context, name);
  return principal;
}

}  // namespace ipam::client::kerberos
