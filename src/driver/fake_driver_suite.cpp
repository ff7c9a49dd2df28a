#include "driver/fake_driver_suite.h"

#include "io/sleep.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace ipam::driver {

FakeDriver::FakeDriver(SharedFakeServer server, Endpoint endpoint, Limits limits)
    : server_(std::move(server)), endpoint_(std::move(endpoint)), limits_(limits) {}

Error FakeDriver::failure(Error error) const {
  error.message = endpoint_.server_name + ": " + error.message;
  return error;
}

io::Task<Result<FakeServer>> FakeDriver::arrive(io::Deadline deadline) {
  auto in_time = deadline.check(endpoint_.url);
  if (!in_time.ok()) co_return failure(std::move(in_time).error());
  if (!server_) co_return failure({ErrorCode::Unavailable, endpoint_.url + ": nothing answers there"});
  const Duration delay = server_->with([](const FakeServer& server) { return server.delay; });
  if (delay > Duration::zero()) {
    auto slept = co_await io::sleep_for(delay, deadline.at_most(limits_.request_timeout));
    if (!slept.ok()) co_return failure(std::move(slept).error());
  }
  FakeServer state = *server_->lock();
  if (state.error) co_return failure(*state.error);
  if (!state.password.empty() && state.password != endpoint_.password.reveal()) {
    co_return failure({ErrorCode::Unauthenticated, endpoint_.url + ": the server refuses the credential; correct the user name or the password"});
  }
  co_return state;
}

io::Task<Result<ProbeReport>> FakeDriver::probe(io::Deadline deadline) {
  if (server_) ++server_->lock()->probes;
  IPAM_CO_TRY(const FakeServer state, co_await arrive(deadline));
  co_return state.probe;
}

DhcpReader* FakeDriver::dhcp() {
  const bool has_dhcp = !server_ || server_->lock()->has_dhcp;
  return has_dhcp ? this : nullptr;
}

io::Task<Result<ObservedConfiguration>> FakeDriver::collect_configuration(io::Deadline deadline) {
  if (server_) ++server_->lock()->collections;
  IPAM_CO_TRY(const FakeServer state, co_await arrive(deadline));
  if (state.configuration_error) co_return failure(*state.configuration_error);
  if (state.configuration.scopes.size() > limits_.scopes) co_return failure({ErrorCode::Malformed, "more scopes than are read from one server"});
  co_return state.configuration;
}

io::Task<Result<std::vector<ObservedStatistics>>> FakeDriver::collect_statistics(io::Deadline deadline) {
  if (server_) ++server_->lock()->collections;
  IPAM_CO_TRY(const FakeServer state, co_await arrive(deadline));
  if (state.statistics_error) co_return failure(*state.statistics_error);
  co_return state.statistics;
}

io::Task<Result<LeaseCollection>> FakeDriver::collect_leases(LeaseSink& sink, io::Deadline deadline) {
  if (server_) ++server_->lock()->collections;
  IPAM_CO_TRY(FakeServer state, co_await arrive(deadline));
  if (state.leases.size() > limits_.leases) co_return failure({ErrorCode::Malformed, "more leases than are read from one server"});
  std::sort(state.leases.begin(), state.leases.end(), [](const ObservedLease& a, const ObservedLease& b) { return a.address < b.address; });
  const std::size_t told = state.lease_error ? std::min(state.lease_error_after, state.leases.size()) : state.leases.size();
  for (std::size_t from = 0; from < told; from += state.chunk) {
    const auto begin = state.leases.begin() + static_cast<std::ptrdiff_t>(from);
    std::vector<ObservedLease> chunk(begin, begin + static_cast<std::ptrdiff_t>(std::min(state.chunk, told - from)));
    IPAM_CO_CHECK(co_await sink.accept(std::move(chunk)));
  }
  if (state.lease_error) co_return failure(*state.lease_error);
  co_return LeaseCollection{.route = "memory", .leases = told};
}

Guarded<FakeServer>& FakeFactory::server(const std::string& url) {
  auto servers = servers_.lock();
  SharedFakeServer& server = (*servers)[url];
  if (!server) server = std::make_shared<Guarded<FakeServer>>();
  return *server;
}

Result<std::unique_ptr<Driver>> FakeFactory::create(model::Product, const Endpoint& endpoint, const Limits& limits) const {
  const SharedFakeServer server = servers_.with([&](const auto& servers) {
    const auto found = servers.find(endpoint.url);
    return found == servers.end() ? nullptr : found->second;
  });
  return std::unique_ptr<Driver>(std::make_unique<FakeDriver>(server, endpoint, limits));
}

io::Task<Result<void>> CollectingSink::accept(std::vector<ObservedLease> chunk) {
  if (error) co_return *error;
  ++chunks;
  largest_chunk = std::max(largest_chunk, chunk.size());
  leases.insert(leases.end(), std::make_move_iterator(chunk.begin()), std::make_move_iterator(chunk.end()));
  co_return Result<void>();
}

}  // namespace ipam::driver
