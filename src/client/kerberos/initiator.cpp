#include "client/kerberos/initiator.h"

#include <fmt/format.h>
#include <gssapi/gssapi_krb5.h>

#include <vector>

namespace ipam::client::kerberos {
namespace {

constexpr OM_uint32 kFlags = GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG | GSS_C_DCE_STYLE;

std::string status_text(OM_uint32 status, int kind) {
  OM_uint32 minor = 0, more = 0;
  gss_buffer_desc text = GSS_C_EMPTY_BUFFER;
  // The mechanism by its structure, for the library takes a pointer to what it does not change.
  auto* mechanism = const_cast<gss_OID>(gss_mech_krb5);
  if (GSS_ERROR(gss_display_status(&minor, status, kind, mechanism, &more, &text))) return fmt::format("status {}", status);
  std::string copy(static_cast<const char*>(text.value), text.length);
  gss_release_buffer(&minor, &text);
  return copy;
}

// The buffers of a message: a header for the signature, then the parts.
std::vector<gss_iov_buffer_desc> buffers_of(std::span<const Part> parts) {
  std::vector<gss_iov_buffer_desc> buffers(parts.size() + 1);
  buffers[0].type = GSS_IOV_BUFFER_TYPE_HEADER;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    buffers[i + 1].type = parts[i].what == Part::What::Sealed ? GSS_IOV_BUFFER_TYPE_DATA : GSS_IOV_BUFFER_TYPE_SIGN_ONLY;
    buffers[i + 1].buffer.value = parts[i].octets.data();
    buffers[i + 1].buffer.length = parts[i].octets.size();
  }
  return buffers;
}

}  // namespace

Initiator::~Initiator() {
  OM_uint32 minor = 0;
  gss_delete_sec_context(&minor, &context_, GSS_C_NO_BUFFER);
  gss_release_cred(&minor, &gss_credential_);
  gss_release_name(&minor, &target_);
}

Error Initiator::failure(const char* step, OM_uint32 major, OM_uint32 minor) const {
  const std::string what = fmt::format("the service {}", service_name());
  // What it says of a wrong password or keytab is about the account, which has its ticket by now.
  const Meaning* const meaning = meaning_of(static_cast<krb5_error_code>(minor));
  if (meaning != nullptr && meaning->code != ErrorCode::Unauthenticated) return {meaning->code, fmt::format("{}: {}", what, meaning->text)};
  return {ErrorCode::Unauthenticated,
          fmt::format("{}: {} failed: {}; {}", what, step, status_text(major, GSS_C_GSS_CODE), status_text(minor, GSS_C_MECH_CODE))};
}

Result<Bytes> Initiator::start() {
  const std::string principal = IPAM_TRY(credential_->ticket_for(service_, host_));
  OM_uint32 minor = 0;
  gss_buffer_desc name = {principal.size(), const_cast<char*>(principal.data())};
  auto major = gss_import_name(&minor, &name, GSS_KRB5_NT_PRINCIPAL_NAME, &target_);
  if (GSS_ERROR(major)) return failure("reading its name", major, minor);
  gss_key_value_element_desc element = {"ccache", credential_->cache_name().c_str()};
  const gss_key_value_set_desc store = {1, &element};
  gss_OID_set_desc mechanisms = {1, const_cast<gss_OID>(gss_mech_krb5)};
  major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechanisms, GSS_C_INITIATE, &store, &gss_credential_, nullptr, nullptr);
  if (GSS_ERROR(major)) return failure("taking the tickets", major, minor);
  return run({});
}

Result<Bytes> Initiator::step(ByteView token) { return run(token); }

Result<Bytes> Initiator::run(ByteView token) {
  OM_uint32 minor = 0, flags = 0;
  gss_buffer_desc input = {token.size(), const_cast<std::uint8_t*>(token.data())};
  gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
  const auto major = gss_init_sec_context(&minor, gss_credential_, &context_, target_, const_cast<gss_OID>(gss_mech_krb5), kFlags, GSS_C_INDEFINITE,
                                          GSS_C_NO_CHANNEL_BINDINGS, token.empty() ? GSS_C_NO_BUFFER : &input, nullptr, &output, &flags, nullptr);
  const auto* begin = static_cast<const std::uint8_t*>(output.value);
  Bytes answer(begin, begin + output.length);
  OM_uint32 ignored = 0;
  gss_release_buffer(&ignored, &output);
  if (GSS_ERROR(major)) return failure("signing in", major, minor);
  established_ = major == GSS_S_COMPLETE;
  constexpr OM_uint32 kNeeded = GSS_C_MUTUAL_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
  if (established_ && (flags & kNeeded) != kNeeded) {
    established_ = false;
    return Error(ErrorCode::FailedPrecondition, fmt::format("the service {}: it does not let messages be sealed", service_name()));
  }
  return answer;
}

Result<std::size_t> Initiator::signature_size(std::span<const Part> parts) {
  auto buffers = buffers_of(parts);
  OM_uint32 minor = 0;
  const auto major = gss_wrap_iov_length(&minor, context_, 1, GSS_C_QOP_DEFAULT, nullptr, buffers.data(), static_cast<int>(buffers.size()));
  if (GSS_ERROR(major)) return failure("sealing", major, minor);
  return buffers[0].buffer.length;
}

Result<Bytes> Initiator::seal(std::span<const Part> parts) {
  Bytes signature(IPAM_TRY(signature_size(parts)));
  auto buffers = buffers_of(parts);
  buffers[0].buffer = {signature.size(), signature.data()};
  OM_uint32 minor = 0;
  int sealed = 0;
  const auto major = gss_wrap_iov(&minor, context_, 1, GSS_C_QOP_DEFAULT, &sealed, buffers.data(), static_cast<int>(buffers.size()));
  if (GSS_ERROR(major)) return failure("sealing", major, minor);
  if (sealed == 0 || buffers[0].buffer.length != signature.size()) {
    return Error(ErrorCode::Internal, fmt::format("the service {}: Kerberos did not seal a message as it should", service_name()));
  }
  return signature;
}

Result<void> Initiator::open(std::span<const Part> parts, ByteView signature) {
  Bytes copy(signature.begin(), signature.end());
  auto buffers = buffers_of(parts);
  buffers[0].buffer = {copy.size(), copy.data()};
  OM_uint32 minor = 0;
  int sealed = 0;
  const auto major = gss_unwrap_iov(&minor, context_, &sealed, nullptr, buffers.data(), static_cast<int>(buffers.size()));
  if (major != GSS_S_COMPLETE || sealed == 0) {
    return Error(ErrorCode::Malformed, fmt::format("the service {}: a message was changed under way, comes again, or was not sealed ({})",
                                                   service_name(), status_text(major, GSS_C_GSS_CODE)));
  }
  return {};
}

}  // namespace ipam::client::kerberos
