#include "io/tls_stream.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <new>

namespace ipam::io {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr int kMaxWithoutWaiting = 32;

// OpenSSL's own socket transport writes with write(2), which raises SIGPIPE on a connection that the peer has closed. This one does not.
int transport_read(BIO* bio, char* data, int size) {
  auto& transport = *static_cast<TlsStream::Transport*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto count = ::recv(transport.descriptor, data, static_cast<std::size_t>(size), 0);
  if (count > 0) return static_cast<int>(count);
  if (count == 0) {
    transport.ended = true;
    return 0;
  }
  transport.last_errno = errno;
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) BIO_set_retry_read(bio);
  return -1;
}

int transport_write(BIO* bio, const char* data, int size) {
  auto& transport = *static_cast<TlsStream::Transport*>(BIO_get_data(bio));
  BIO_clear_retry_flags(bio);
  const auto count = ::send(transport.descriptor, data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (count >= 0) return static_cast<int>(count);
  transport.last_errno = errno;
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) BIO_set_retry_write(bio);
  return -1;
}

long transport_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return static_cast<TlsStream::Transport*>(BIO_get_data(bio))->ended ? 1 : 0;
  return 0;
}

BIO_METHOD* transport_method() {
  // Process-wide and immutable: a table of functions, which OpenSSL wants to allocate itself.
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "ipam socket");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(made, transport_read);
    BIO_meth_set_write(made, transport_write);
    BIO_meth_set_ctrl(made, transport_control);
    return made;
  }();
  return method;
}

// OpenSSL's queue of errors belongs to the thread: what another session left there would be read as ours.
std::string last_reason() {
  const unsigned long code = ERR_peek_error();
  const char* reason = ERR_reason_error_string(code);
  return reason == nullptr ? std::string("unknown error") : std::string(reason);
}

}  // namespace

void TlsSessionDeleter::operator()(ssl_st* session) const { SSL_free(session); }

TlsStream::TlsStream(asio::ip::tcp::socket socket, std::shared_ptr<const TlsServerContext> context)
    : SocketStream(std::move(socket)), context_(context), name_(peer_.to_string()) {
  attach(context->native());
  SSL_set_accept_state(ssl_.get());
}

TlsStream::TlsStream(asio::ip::tcp::socket socket, std::shared_ptr<const TlsClientContext> context, const std::string& host, std::uint16_t port)
    : SocketStream(std::move(socket)), context_(context), name_(host_and_port(host, port)) {
  attach(context->native());
  const std::string& wanted = context->server_name().empty() ? host : context->server_name();
  error_code not_numeric;
  asio::ip::make_address(wanted, not_numeric);
  X509_VERIFY_PARAM* rules = SSL_get0_param(ssl_.get());
  X509_VERIFY_PARAM_set_hostflags(rules, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const int named =
      not_numeric ? X509_VERIFY_PARAM_set1_host(rules, wanted.data(), wanted.size()) : X509_VERIFY_PARAM_set1_ip_asc(rules, wanted.c_str());
  if (named != 1) throw std::bad_alloc();
  if (not_numeric) SSL_set_tlsext_host_name(ssl_.get(), wanted.c_str());
  if (!context->pinned_fingerprint().empty()) verification_.pinned = &context->pinned_fingerprint();
  SSL_set_connect_state(ssl_.get());
}

void TlsStream::attach(ssl_ctx_st* context) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
  transport_.descriptor = socket_.native_handle();
  ssl_.reset(SSL_new(context));
  BIO* bio = ssl_ ? BIO_new(transport_method()) : nullptr;
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, &transport_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_app_data(ssl_.get(), &verification_);
}

Error TlsStream::untrusted() const {
  const std::string fingerprint = to_hex(verification_.seen, ':');
  if (verification_.pinned != nullptr) {
    return {
        ErrorCode::FailedPrecondition,
        fmt::format("{}: its certificate is not the pinned one; the SHA-256 fingerprint it shows is {}: find out why it changed before you trust it",
                    name_, fingerprint)};
  }
  return {ErrorCode::FailedPrecondition,
          fmt::format("{}: its certificate is not trusted ({}); name the CA that signed it, or pin its SHA-256 fingerprint {}", name_,
                      X509_verify_cert_error_string(verification_.error), fingerprint)};
}

Error TlsStream::tls_failure(int reason, const char* doing) const {
  if (!verification_.seen.empty() && verification_.error != X509_V_OK) return untrusted();
  if (transport_.ended) return {ErrorCode::Unavailable, fmt::format("{}: closed the connection while {}", name_, doing)};
  if (reason == SSL_ERROR_SYSCALL) {
    const error_code system(transport_.last_errno, boost::system::system_category());
    return {ErrorCode::Unavailable, fmt::format("{}: the connection failed while {}: {}", name_, doing, system.message())};
  }
  return {ErrorCode::Unavailable, fmt::format("{}: TLS failed while {}: {}", name_, doing, last_reason())};
}

Task<Result<void>> TlsStream::ready(int returned, Deadline deadline, const char* doing) {
  const int reason = SSL_get_error(ssl_.get(), returned);
  if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) co_return tls_failure(reason, doing);
  if (!socket_.is_open()) co_return Error(ErrorCode::Cancelled, fmt::format("{}: the connection was closed while {}", name_, doing));
  if (const auto verdict = watchdog_.begin(deadline)) co_return interrupted(*verdict, doing);
  const auto direction = reason == SSL_ERROR_WANT_READ ? asio::socket_base::wait_read : asio::socket_base::wait_write;
  error_code error;
  without_waiting_ = 0;
  co_await socket_.async_wait(direction, asio::redirect_error(asio::use_awaitable, error));
  const auto verdict = watchdog_.end();
  if (error) co_return failure(error, verdict, doing);
  co_return Result<void>();
}

Task<void> TlsStream::give_way() {
  without_waiting_ = 0;
  co_await asio::post(executor_, asio::use_awaitable);
}

Task<Result<void>> TlsStream::handshake(Deadline deadline) {
  while (true) {
    ERR_clear_error();
    const int returned = SSL_do_handshake(ssl_.get());
    if (returned == 1) co_return Result<void>();
    IPAM_CO_CHECK(co_await ready(returned, deadline, "negotiating TLS"));
  }
}

Task<Result<std::size_t>> TlsStream::read_some(std::span<std::uint8_t> buffer, Deadline deadline) {
  // A peer that always has data ready never makes us wait: without this check it would outlast every deadline.
  if (const auto verdict = deadline.verdict()) co_return interrupted(*verdict, "reading");
  if (++without_waiting_ > kMaxWithoutWaiting) co_await give_way();
  while (true) {
    ERR_clear_error();
    std::size_t count = 0;
    const int returned = SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
    if (returned == 1) co_return count;
    if (SSL_get_error(ssl_.get(), returned) == SSL_ERROR_ZERO_RETURN) co_return std::size_t{0};
    IPAM_CO_CHECK(co_await ready(returned, deadline, "reading"));
  }
}

Task<Result<void>> TlsStream::write(ByteView bytes, Deadline deadline) {
  if (const auto verdict = deadline.verdict()) co_return interrupted(*verdict, "writing");
  while (!bytes.empty()) {
    ERR_clear_error();
    std::size_t count = 0;
    const int returned = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count);
    if (returned == 1) {
      bytes = bytes.subspan(count);
      continue;
    }
    IPAM_CO_CHECK(co_await ready(returned, deadline, "writing"));
  }
  co_return Result<void>();
}

bool TlsStream::is_quiet() {
  // Peeking through TLS, because records without content (session tickets) may wait on the socket of a connection in good order.
  ERR_clear_error();
  char byte = 0;
  std::size_t count = 0;
  const int returned = SSL_peek_ex(ssl_.get(), &byte, 1, &count);
  return returned != 1 && SSL_get_error(ssl_.get(), returned) == SSL_ERROR_WANT_READ;
}

Task<void> TlsStream::shutdown(Deadline deadline) {
  while (SSL_is_init_finished(ssl_.get()) != 0) {
    ERR_clear_error();
    // 0: our close_notify is sent. The peer's own is not waited for: what it still sends is dropped as bytes.
    const int returned = SSL_shutdown(ssl_.get());
    if (returned >= 0) break;
    const auto waited = co_await ready(returned, deadline, "closing");
    if (!waited.ok()) break;
  }
  co_await end_tcp(std::move(deadline));
}

}  // namespace ipam::io
