// HttpConnector: connections to a real IPAM server: HTTPS with the trust that was chosen, one request at a time. Thread rule: one thread.
#pragma once

#include "cli/connection.h"
#include "io/blocking.h"
#include "io/resolver.h"

namespace ipam::cli {

class HttpConnector final : public Connector {
 public:
  // `request_timeout` bounds each request from connecting to its last byte.
  explicit HttpConnector(Duration request_timeout = std::chrono::seconds(60)) : request_timeout_(request_timeout) {}

  Result<std::unique_ptr<Connection>> open(const ServerAccess& access) override;
  Result<std::string> fingerprint(const std::string& url) override;

 private:
  Duration request_timeout_;
  io::Resolver resolver_{1, 16};
  io::BlockingLoop loop_;
};

}  // namespace ipam::cli
