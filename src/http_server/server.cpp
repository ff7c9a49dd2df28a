#include "http_server/server.h"

#include "base/log.h"
#include "http_server/connection.h"
#include "http_server/registry.h"
#include "io/acceptor.h"
#include "io/sleep.h"

#include <fmt/format.h>

#include <future>
#include <random>

namespace ipam::http_server {
namespace {

// After the process ran out of descriptors: until some connection has ended.
constexpr Duration kAcceptPause = std::chrono::milliseconds(100);
constexpr Duration kHardStop = std::chrono::seconds(5);

std::string random_prefix() {
  std::random_device random;
  return fmt::format("{:08x}", random());
}

}  // namespace

struct Server::Core {
  Core(io::IoPool& pool_in, std::shared_ptr<Shared> shared_in)
      : pool(pool_in),
        shared(std::move(shared_in)),
        registry(std::make_shared<Registry>(shared->options.connections, shared->options.connections_per_peer)),
        executor(pool.executor()) {}

  static io::Task<void> accept(std::shared_ptr<Core> core);

  io::IoPool& pool;
  std::shared_ptr<Shared> shared;
  std::shared_ptr<Registry> registry;
  io::Executor executor;  // of the acceptor
  std::unique_ptr<io::Acceptor> acceptor;
  io::Endpoint local;
  std::stop_source stop_accepting;
  std::promise<void> accepting_ended;
  bool started = false;
};

io::Task<void> Server::Core::accept(std::shared_ptr<Core> core) {
  const io::Deadline deadline = io::Deadline::never().with(core->stop_accepting.get_token());
  while (!core->stop_accepting.stop_requested()) {
    const io::Executor target = core->pool.executor();
    auto accepted = co_await core->acceptor->accept(target, deadline);
    if (!accepted.ok()) {
      if (accepted.error().code == ErrorCode::Cancelled) break;
      if (accepted.error().code == ErrorCode::Overloaded) {
        log::warning("IPAM-5001 out of file descriptors: connections wait", {{"error", accepted.error().describe()}});
        (void)co_await io::sleep_for(kAcceptPause, deadline);
      }
      continue;
    }
    io::StreamPtr stream = std::move(accepted).value();
    auto place = Registry::enter(core->registry, stream->peer().address);
    if (!place) {
      log::debug("a connection over the limit was closed", {{"peer", stream->peer().to_string()}});
      continue;
    }
    io::spawn(target, ConnectionLoop::run(core->shared, std::move(place), std::move(stream)), "connection");
  }
  core->acceptor.reset();
  core->accepting_ended.set_value();
}

Result<std::unique_ptr<Server>> Server::create(io::IoPool& pool, Router router, ServerOptions options) {
  if (options.transport == Transport::Tls && !options.tls) return Error(ErrorCode::InvalidArgument, "the server needs a TLS certificate and its key");
  auto shared = std::make_shared<Shared>();
  shared->router = std::move(router);
  shared->options = std::move(options);
  shared->id_prefix = random_prefix();
  *shared->tls.lock() = shared->options.tls;
  auto core = std::make_shared<Core>(pool, shared);
  const ServerOptions& set = shared->options;
  core->acceptor = set.descriptor >= 0 ? IPAM_TRY(io::Acceptor::adopt(core->executor, set.descriptor))
                                       : IPAM_TRY(io::Acceptor::listen(core->executor, set.address, set.port));
  core->local = core->acceptor->local();
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::Server(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Server::~Server() {
  const auto stopped = stop(Duration::zero());
  if (!stopped.ok()) log::error("IPAM-5002 the server did not end", {{"error", stopped.error().describe()}});
}

void Server::start() {
  core_->started = true;
  io::spawn(core_->executor, Core::accept(core_), "accept");
}

Result<void> Server::stop(Duration patience) {
  core_->stop_accepting.request_stop();
  if (std::exchange(core_->started, false)) core_->accepting_ended.get_future().wait_for(kHardStop);
  core_->registry->stop_idle();
  if (core_->registry->wait_until_empty(patience)) return {};
  core_->registry->stop_hard();
  if (core_->registry->wait_until_empty(kHardStop)) return {};
  return Error(ErrorCode::DeadlineExceeded, fmt::format("{} requests did not end when the server stopped", core_->registry->size()));
}

void Server::set_tls(std::shared_ptr<const io::TlsServerContext> tls) { *core_->shared->tls.lock() = std::move(tls); }

const io::Endpoint& Server::local() const { return core_->local; }
const Router& Server::router() const { return core_->shared->router; }
std::size_t Server::connection_count() const { return core_->registry->size(); }

}  // namespace ipam::http_server
