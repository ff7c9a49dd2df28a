// Loads an HTTPS server with one request over many kept connections, as cheaply as can be: one thread, one epoll, OpenSSL on memory-free sockets, and
// of each answer only what must be known. Prints one JSON object.
//
//   http_load HOST PORT TOKEN-FILE METHOD TARGET BODY CONNECTIONS SECONDS EXPECTED-STATUS
//
// BODY "-" is none. Connections are made before the clock starts. With a body that allocates, the addresses of all answers are compared: none may
// come twice. For a server of one's own on loopback: the certificate is not checked.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Arguments {
  const char* host;
  std::uint16_t port;
  std::string request;
  std::size_t connections;
  std::chrono::duration<double> seconds;
  std::string expected;  // "HTTP/1.1 201"
};

[[noreturn]] void fail(const std::string& text) {
  fmt::print(stderr, "http_load: {}\n", text);
  std::exit(1);
}

struct SslDeleter {
  void operator()(SSL* tls) const { SSL_free(tls); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

struct Connection {
  int descriptor = -1;
  std::unique_ptr<SSL, SslDeleter> tls;
  std::string answer;
  Clock::time_point asked;
};

class Load {
 public:
  explicit Load(Arguments arguments) : arguments_(std::move(arguments)), context_(SSL_CTX_new(TLS_client_method())), poll_(epoll_create1(0)) {
    for (std::size_t i = 0; i < arguments_.connections; ++i) connections_.push_back(connect());
  }

  void run() {
    const auto begin = Clock::now();
    for (Connection& connection : connections_) ask(connection);
    std::vector<epoll_event> events(connections_.size());
    std::size_t waiting = connections_.size();
    while (waiting > 0) {
      const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 30'000);
      if (ready <= 0) fail("no answer within 30 s");
      for (int i = 0; i < ready; ++i) {
        Connection& connection = connections_[events[static_cast<std::size_t>(i)].data.u64];
        if (!read_answer(connection)) continue;
        ended_ = Clock::now();
        note(connection);
        // Every request that was asked is waited for, so that what the server counts is what is counted here.
        if (ended_ - begin < arguments_.seconds) {
          ask(connection);
        } else {
          --waiting;
        }
      }
    }
    print(ended_ - begin);
  }

 private:
  Connection connect() {
    Connection made;
    made.descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(arguments_.port);
    inet_pton(AF_INET, arguments_.host, &to.sin_addr);
    if (::connect(made.descriptor, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("the server cannot be reached");
    const int yes = 1;
    setsockopt(made.descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    made.tls.reset(SSL_new(context_.get()));
    SSL_set_fd(made.tls.get(), made.descriptor);
    if (SSL_connect(made.tls.get()) != 1) fail("the TLS handshake failed");
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = connections_.size();
    epoll_ctl(poll_, EPOLL_CTL_ADD, made.descriptor, &event);
    return made;
  }

  void ask(Connection& connection) const {
    connection.answer.clear();
    connection.asked = Clock::now();
    if (SSL_write(connection.tls.get(), arguments_.request.data(), static_cast<int>(arguments_.request.size())) <= 0) fail("the connection ended");
  }

  // Whether the answer is complete. Sockets block, but a record that has begun to come is there in a moment.
  static bool read_answer(Connection& connection) {
    do {
      char buffer[16'384];
      const int count = SSL_read(connection.tls.get(), buffer, sizeof buffer);
      if (count <= 0) fail("the connection ended before the answer: " + connection.answer);
      connection.answer.append(buffer, static_cast<std::size_t>(count));
    } while (SSL_pending(connection.tls.get()) > 0);
    const auto head = connection.answer.find("\r\n\r\n");
    if (head == std::string::npos) return false;
    constexpr std::string_view kField = "Content-Length: ";
    const auto field = connection.answer.find(kField);
    if (field == std::string::npos || field > head) fail("an answer without a length: " + connection.answer);
    std::size_t length = 0;
    std::from_chars(connection.answer.data() + field + kField.size(), connection.answer.data() + head, length);
    return connection.answer.size() >= head + 4 + length;
  }

  void note(const Connection& connection) {
    if (!connection.answer.starts_with(arguments_.expected)) fail(connection.answer);
    taken_.push_back(std::chrono::duration<double, std::milli>(ended_ - connection.asked).count());
    constexpr std::string_view kAllocated = R"({"addresses":[{)";
    constexpr std::string_view kAddress = R"("address":")";
    if (connection.answer.find(kAllocated) == std::string::npos) return;
    const auto begin = connection.answer.find(kAddress) + kAddress.size();
    const std::string address = connection.answer.substr(begin, connection.answer.find('"', begin) - begin);
    if (!addresses_.insert(address).second) fail(address + " was given twice");
  }

  void print(std::chrono::duration<double> seconds) {
    std::sort(taken_.begin(), taken_.end());
    rusage own{};
    getrusage(RUSAGE_SELF, &own);
    const auto micros = [](const timeval& time) { return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_usec); };
    const auto count = static_cast<double>(taken_.size());
    fmt::print(R"({{"requests":{},"seconds":{:.3f},"rate":{:.1f},"p50_ms":{:.3f},"p99_ms":{:.3f},"addresses":{},"client_cpu_us":{:.1f}}})"
               "\n",
               taken_.size(), seconds.count(), count / seconds.count(), taken_[taken_.size() / 2], taken_[taken_.size() * 99 / 100],
               addresses_.size(), (micros(own.ru_utime) + micros(own.ru_stime)) / count);
  }

  Arguments arguments_;
  std::unique_ptr<SSL_CTX, SslDeleter> context_;
  int poll_;
  std::vector<Connection> connections_;
  std::vector<double> taken_;
  std::unordered_set<std::string> addresses_;
  Clock::time_point ended_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 10) fail("HOST PORT TOKEN-FILE METHOD TARGET BODY CONNECTIONS SECONDS EXPECTED-STATUS");
  std::string token;
  std::ifstream(argv[3]) >> token;
  const std::string body = std::string_view(argv[6]) == "-" ? "" : argv[6];
  Arguments arguments{.host = argv[1],
                      .port = static_cast<std::uint16_t>(std::atoi(argv[2])),
                      .request = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n", argv[4], argv[5], token),
                      .connections = static_cast<std::size_t>(std::max(1, std::atoi(argv[7]))),
                      .seconds = std::chrono::duration<double>(std::atof(argv[8])),
                      .expected = fmt::format("HTTP/1.1 {} ", argv[9])};
  if (!body.empty()) arguments.request += fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n", body.size());
  arguments.request += "\r\n" + body;
  Load(std::move(arguments)).run();
}
