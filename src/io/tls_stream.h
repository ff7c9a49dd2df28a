// TlsStream: TLS on a connected socket, by OpenSSL on the non-blocking descriptor itself. Internal to this room: others see Stream.
// Thread rule: as Stream.
#pragma once

#include "io/socket_stream.h"
#include "io/tls_context.h"

struct bio_st;
struct ssl_st;

namespace ipam::io {

struct TlsSessionDeleter {
  void operator()(ssl_st* session) const;
};

class TlsStream final : public SocketStream {
 public:
  TlsStream(boost::asio::ip::tcp::socket socket, std::shared_ptr<const TlsServerContext> context);
  // `host` is what the program wanted to reach: the name for SNI and for the check unless the context has another, and for messages.
  TlsStream(boost::asio::ip::tcp::socket socket, std::shared_ptr<const TlsClientContext> context, const std::string& host, std::uint16_t port);

  Task<Result<void>> handshake(Deadline deadline);

  Task<Result<std::size_t>> read_some(std::span<std::uint8_t> buffer, Deadline deadline) override;
  Task<Result<void>> write(ByteView bytes, Deadline deadline) override;
  bool is_quiet() override;
  Task<void> shutdown(Deadline deadline) override;
  bool encrypted() const override { return true; }

  // The certificate that the peer showed, trusted or not; empty before.
  const Bytes& seen_fingerprint() const { return verification_.seen; }

  // What the transport under OpenSSL keeps: public for the C callbacks only.
  struct Transport {
    int descriptor = -1;
    int last_errno = 0;
    bool ended = false;
  };
  struct Verification {
    const Bytes* pinned = nullptr;  // null: verify by CA and name
    Bytes seen;
    int error = 0;  // X509_V_ERR_…
  };

 private:
  void attach(ssl_ctx_st* context);
  // Waits until the socket is ready for what OpenSSL asked for after `returned`, or answers why it will never be.
  Task<Result<void>> ready(int returned, Deadline deadline, const char* doing);
  // Lets other coroutines of the thread run when this stream has gone on for long without waiting, because its peer is faster than we are.
  Task<void> give_way();
  Error tls_failure(int reason, const char* doing) const;
  Error untrusted() const;

  std::shared_ptr<const void> context_;  // keeps the context of either side alive
  std::unique_ptr<ssl_st, TlsSessionDeleter> ssl_;
  Transport transport_;
  Verification verification_;
  std::string name_;  // of the peer in messages
  int without_waiting_ = 0;
};

}  // namespace ipam::io
