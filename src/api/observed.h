// Observed: what the server knows of itself: answered requests by route, status and time; its figures as a page for Prometheus; whether it can work.
// Thread rule: any thread; it outlives the HTTP server.
#pragma once

#include "base/guarded.h"
#include "http_server/server.h"
#include "ip/prefix.h"
#include "ledger/ledger.h"
#include "metrics/histogram.h"
#include "metrics/text_writer.h"

#include <functional>
#include <map>

namespace ipam::api {

struct Services;

// One thing without which the server cannot work.
struct HealthCheck {
  std::string name;
  std::function<Result<std::string>()> look;  // what is well, or what is not; no secret
};

struct ObservedOptions {
  std::vector<ip::Prefix> metrics_readers;  // addresses that read the metrics without signing in
};

class Observed {
 public:
  explicit Observed(const Clock& clock, ObservedOptions options = {}) : clock_(clock), options_(std::move(options)), started_(clock.now()) {}

  // For ServerOptions::on_finished.
  void finished(const http_server::FinishedRequest& request);
  bool may_read_metrics(const std::string& address) const;
  // Once, before the server starts.
  void add_check(HealthCheck check) { checks_.push_back(std::move(check)); }
  const std::vector<HealthCheck>& checks() const { return checks_; }

  // The same: figures of parts that only the program knows.
  void add_figures(std::function<void(metrics::TextWriter&)> write) { figures_.push_back(std::move(write)); }

  // The page; made anew at most once a second. Reads the store: not on an I/O thread.
  Result<std::string> page(Services& services);

 private:
  struct OfRoute {
    metrics::Histogram seconds;
    std::map<std::pair<std::string, int>, std::uint64_t> answers;  // by method and status
  };
  struct Page {
    std::string text;
    MonotonicTime made{};
  };

  Result<std::string> make_page(Services& services);
  void write_requests(metrics::TextWriter& page) const;

  const Clock& clock_;
  const ObservedOptions options_;
  const Time started_;
  std::vector<HealthCheck> checks_;
  std::vector<std::function<void(metrics::TextWriter&)>> figures_;
  Guarded<std::map<std::string, OfRoute, std::less<>>> routes_;  // as many as the program has
  Guarded<Page> page_;
};

// Disk space, database and ledger of a server. The ledger is not well when since the last look commits failed and none succeeded, until one does.
HealthCheck disk_check(std::string folder);
HealthCheck database_check(store::Store& store);
HealthCheck ledger_check(ledger::Ledger& ledger);

}  // namespace ipam::api
