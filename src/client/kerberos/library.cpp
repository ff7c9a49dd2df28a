#include "client/kerberos/library.h"

#include <fmt/format.h>
#include <profile.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

namespace ipam::client::kerberos {
namespace {

// The relations of a krb5.conf(5), answered from memory: no file and no environment variable has a say.
std::vector<std::string> relation(const Configuration& configuration, const std::vector<std::string_view>& names) {
  if (names.size() == 2 && names[0] == "libdefaults") {
    if (names[1] == "default_realm") return {configuration.realm};
    // TCP first: a ticket of a member of many groups does not fit a datagram, and a closed port is told at once.
    if (names[1] == "udp_preference_limit") return {"1"};
    if (names[1] == "dns_lookup_realm" || names[1] == "rdns" || names[1] == "dns_canonicalize_hostname") return {"false"};
  }
  if (names.size() == 3 && names[0] == "realms" && names[1] == configuration.realm && names[2] == "kdc") return configuration.kdcs;
  return {};
}

long get_values(void* data, const char* const* names, char*** values) noexcept {
  try {
    std::vector<std::string_view> path;
    for (; *names != nullptr; ++names) path.emplace_back(*names);
    const auto found = relation(*static_cast<const Configuration*>(data), path);
    if (found.empty()) return PROF_NO_RELATION;
    auto* list = static_cast<char**>(std::calloc(found.size() + 1, sizeof(char*)));
    if (list == nullptr) return ENOMEM;
    for (std::size_t i = 0; i < found.size(); ++i) list[i] = strdup(found[i].c_str());
    *values = list;
    return 0;
  } catch (...) {
    return ENOMEM;
  }
}

void free_values(void*, char** values) noexcept {
  for (char** each = values; *each != nullptr; ++each) std::free(*each);
  std::free(values);
}

constexpr std::string_view kUnreachable =
    "no key distribution center of the realm answers; give one in the server's URL (?kdc=HOST), or let DNS tell it (_kerberos._tcp)";

struct MeaningRow {
  krb5_error_code code;
  Meaning meaning;
};
const MeaningRow kMeanings[] = {
    {KRB5KDC_ERR_PREAUTH_FAILED, {ErrorCode::Unauthenticated, "the password or keytab is not this account's (it may be an old one)"}},
    {KRB5KRB_AP_ERR_BAD_INTEGRITY, {ErrorCode::Unauthenticated, "the password or keytab is not this account's (it may be an old one)"}},
    {KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, {ErrorCode::Unauthenticated, "the domain does not know the account"}},
    {KRB5_KT_NOTFOUND, {ErrorCode::Unauthenticated, "the keytab holds no key of this account"}},
    {KRB5KDC_ERR_ETYPE_NOSUPP,
     {ErrorCode::Unauthenticated, "the account has no key of a kind that is used today; let it have AES keys (msDS-SupportedEncryptionTypes 24)"}},
    {KRB5KDC_ERR_CLIENT_REVOKED, {ErrorCode::PermissionDenied, "the account is disabled or locked"}},
    {KRB5KDC_ERR_KEY_EXP, {ErrorCode::PermissionDenied, "the account's password has expired"}},
    {KRB5KDC_ERR_NAME_EXP, {ErrorCode::PermissionDenied, "the account has expired"}},
    {KRB5KDC_ERR_POLICY, {ErrorCode::PermissionDenied, "the domain's policy refuses the account now"}},
    {KRB5KRB_AP_ERR_SKEW, {ErrorCode::FailedPrecondition, "this machine's clock and the domain's are more than five minutes apart"}},
    {KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN,
     {ErrorCode::FailedPrecondition, "the domain knows no service of this name; the URL must have the host's name as the domain has it"}},
    {KRB5_KDC_UNREACH, {ErrorCode::Unavailable, kUnreachable}},
    {KRB5_REALM_UNKNOWN, {ErrorCode::Unavailable, kUnreachable}},
    {KRB5_REALM_CANT_RESOLVE, {ErrorCode::Unavailable, kUnreachable}},
    {KRB5KDC_ERR_WRONG_REALM, {ErrorCode::Unauthenticated, "the account is of another realm"}},
    {KRB5KDC_ERR_SVC_UNAVAILABLE, {ErrorCode::Unavailable, "the key distribution center cannot answer now"}},
};

}  // namespace

const Meaning* meaning_of(krb5_error_code code) {
  const auto* found = std::find_if(std::begin(kMeanings), std::end(kMeanings), [&](const MeaningRow& row) { return row.code == code; });
  return found == std::end(kMeanings) ? nullptr : &found->meaning;
}

Result<std::unique_ptr<Library>> Library::create(Configuration configuration) {
  auto library = std::unique_ptr<Library>(new Library(std::move(configuration)));
  krb5_error_code code = 0;
  if (library->configuration_.kdcs.empty()) {
    code = krb5_init_context(&library->context_);
  } else {
    profile_vtable table{};
    table.minor_ver = 1;
    table.get_values = get_values;
    table.free_values = free_values;
    profile_t profile = nullptr;
    code = static_cast<krb5_error_code>(profile_init_vtable(&table, &library->configuration_, &profile));
    if (code == 0) {
      code = krb5_init_context_profile(profile, 0, &library->context_);
      profile_release(profile);
    }
  }
  if (code != 0)
    return Error(ErrorCode::Internal, fmt::format("Kerberos cannot be set up (error {}); is the system's krb5.conf as it should be?", code));
  return library;
}

Library::~Library() {
  if (context_ != nullptr) krb5_free_context(context_);
}

Error Library::error(krb5_error_code code, const std::string& what) const {
  const char* message = krb5_get_error_message(context_, code);
  const std::string theirs = message == nullptr ? "" : message;
  krb5_free_error_message(context_, message);
  if (const Meaning* meaning = meaning_of(code)) return {meaning->code, fmt::format("{}: {}", what, meaning->text), theirs};
  return {ErrorCode::FailedPrecondition, fmt::format("{}: Kerberos says: {}", what, theirs)};
}

}  // namespace ipam::client::kerberos
