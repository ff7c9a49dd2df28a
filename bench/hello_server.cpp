// The reference of P3: a bare Boost.Beast server over TLS that answers every request with the same short text, in the manner of Beast's own examples
// (parser, serializer and stream of Beast and Asio, a coroutine for each connection, two threads). It checks nothing and knows nothing.
//
//   hello_server CERTIFICATE KEY BODY-BYTES      prints its port on 127.0.0.1, ends when its standard input does
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <unistd.h>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using Tcp = asio::ip::tcp;
using Stream = beast::ssl_stream<beast::tcp_stream>;

asio::awaitable<void> serve(Tcp::socket socket, asio::ssl::context& context, const std::string& body) {
  Stream stream(beast::tcp_stream(std::move(socket)), context);
  stream.next_layer().socket().set_option(Tcp::no_delay(true));
  try {
    co_await stream.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
    beast::flat_buffer buffer;
    for (bool keep = true; keep;) {
      stream.next_layer().expires_after(std::chrono::seconds(30));
      http::request<http::string_body> request;
      co_await http::async_read(stream, buffer, request, asio::use_awaitable);
      http::response<http::string_body> response(http::status::ok, request.version());
      response.set(http::field::content_type, "application/json");
      response.keep_alive(request.keep_alive());
      response.body() = body;
      response.prepare_payload();
      keep = response.keep_alive();
      co_await http::async_write(stream, response, asio::use_awaitable);
    }
  } catch (const boost::system::system_error&) {
    // The client left.
  }
}

asio::awaitable<void> accept_all(Tcp::acceptor& acceptor, asio::ssl::context& context, const std::string& body) {
  while (true) {
    Tcp::socket socket = co_await acceptor.async_accept(asio::make_strand(acceptor.get_executor()), asio::use_awaitable);
    const auto executor = socket.get_executor();
    asio::co_spawn(executor, serve(std::move(socket), context, body), asio::detached);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  asio::io_context io(2);
  asio::ssl::context context(asio::ssl::context::tls_server);
  context.use_certificate_chain_file(argv[1]);
  context.use_private_key_file(argv[2], asio::ssl::context::pem);
  const std::string body(static_cast<std::size_t>(std::atoi(argv[3])), 'x');
  Tcp::acceptor acceptor(io, {asio::ip::make_address("127.0.0.1"), 0});
  asio::co_spawn(io, accept_all(acceptor, context, body), asio::detached);
  std::printf("%d\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  std::thread first([&] { io.run(); }), second([&] { io.run(); });
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  io.stop();
  first.join();
  second.join();
  return 0;
}
