// The real BIND of tests/lab as the driver's tests see it. Thread rule: one test at a time.
#pragma once

#include "client/dns/bind_lab_suite.h"
#include "driver/changer_contract_suite.h"
#include "driver/dns_contract_suite.h"

namespace ipam::driver::bind9 {

// The endpoint of a server of the lab: statistics channel, DNS with this key, control channel.
Endpoint lab_endpoint(const client::dns::BindLab& lab, const client::dns::LabServer& server, const std::string& key);
// What dig prints, line by line.
std::vector<std::string> dig(std::uint16_t port, const std::string& arguments);
// Lets nsupdate carry out these commands, signed by the key. Throws when it fails.
void nsupdate(const client::dns::LabKey& key, const std::string& commands);

}  // namespace ipam::driver::bind9
