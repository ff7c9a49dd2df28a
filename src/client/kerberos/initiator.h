// Initiator: a security context of GSS-API with Kerberos (RFC 4121) as DCE/RPC uses it (MS-KILE section 3.4.5.4; GSS_C_DCE_STYLE): three tokens,
// mutual authentication, and messages of which parts are sealed and parts only signed (RFC 4121 and the "iov" extension of GSS-API).
//
//   blocking thread:  token = initiator->start();  … the server's token …  token = initiator->step(theirs);  initiator->established()
//   any thread:       auto signature = initiator->seal(parts);  initiator->open(parts, signature);
// Errors: those of Credential; Unauthenticated (the server's token is not its own), Malformed (what was sealed was changed under way or comes again).
// Thread rule: one thread at a time. start and step may block; seal and open only compute.
#pragma once

#include "client/kerberos/credential.h"

#include "base/bytes.h"

#include <gssapi/gssapi_ext.h>

#include <span>

namespace ipam::client::kerberos {

// A part of a message, in its order. What is Sealed is encrypted and decrypted where it stands.
struct Part {
  enum class What { Sealed, Signed };
  What what = What::Sealed;
  std::span<std::uint8_t> octets;
};

class Initiator {
 public:
  // For a service on a host. The credential is shared with other contexts.
  Initiator(std::shared_ptr<Credential> credential, std::string service, std::string host)
      : credential_(std::move(credential)), service_(std::move(service)), host_(std::move(host)) {}
  ~Initiator();
  Initiator(const Initiator&) = delete;
  Initiator& operator=(const Initiator&) = delete;

  // The first token.
  Result<Bytes> start();
  // The answer to the server's token; empty when there is none.
  Result<Bytes> step(ByteView token);
  // Whether both sides know each other, and messages can be sealed.
  bool established() const { return established_; }

  // How long the signature of such parts will be. What is sealed must be a multiple of 16 octets long.
  Result<std::size_t> signature_size(std::span<const Part> parts);
  Result<Bytes> seal(std::span<const Part> parts);
  Result<void> open(std::span<const Part> parts, ByteView signature);

 private:
  Result<Bytes> run(ByteView token);
  Error failure(const char* step, OM_uint32 major, OM_uint32 minor) const;
  std::string service_name() const { return service_ + "/" + host_; }

  std::shared_ptr<Credential> credential_;
  std::string service_;
  std::string host_;
  gss_name_t target_ = GSS_C_NO_NAME;
  gss_cred_id_t gss_credential_ = GSS_C_NO_CREDENTIAL;
  gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
  bool established_ = false;
};

}  // namespace ipam::client::kerberos
