// The three ways to a BIND server: its statistics channel (HTTP), DNS, and its control channel, from a driver's endpoint. Thread rule: as the
// clients.
#pragma once

#include "client/dns/client.h"
#include "client/http/client.h"
#include "client/rndc/client.h"
#include "driver/driver.h"

namespace ipam::driver::bind9 {

// The same error, said of a place: "ns1: http://…: …".
Error located(Error error, std::string_view place);

// Errors: InvalidArgument (a URL or key that cannot be).
Result<client::dns::ClientOptions> dns_options(const AccessEndpoint& access, const Limits& limits);
Result<client::rndc::ClientOptions> rndc_options(const AccessEndpoint& access);

class StatisticsChannel {
 public:
  // Errors: InvalidArgument.
  static Result<std::unique_ptr<StatisticsChannel>> create(const Endpoint& endpoint, const Limits& limits, io::Resolver& resolver);

  // The JSON document at the path. Errors name the URL.
  io::Task<Result<std::string>> get(std::string path, io::Deadline deadline);

 private:
  StatisticsChannel(client::http::Url url, const Limits& limits, io::Resolver& resolver, client::http::ClientOptions options);

  client::http::Url url_;
  Limits limits_;
  client::http::Client client_;
};

}  // namespace ipam::driver::bind9
