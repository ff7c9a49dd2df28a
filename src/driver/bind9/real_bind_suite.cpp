#include "driver/bind9/real_bind_suite.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace ipam::driver::bind9 {

Endpoint lab_endpoint(const client::dns::BindLab& lab, const client::dns::LabServer& server, const std::string& key) {
  Endpoint endpoint;
  endpoint.server_name = "lab-bind";
  endpoint.url = fmt::format("http://127.0.0.1:{}/", server.statistics_port);
  const auto access = [&](model::AccessKind kind, const std::string& url, const std::string& name) {
    const client::dns::LabKey& credential = lab.key(name);
    AccessEndpoint made;
    made.kind = kind;
    made.url = url;
    made.user_name = credential.name;
    made.algorithm = credential.algorithm;
    made.secret = credential.secret;
    made.credential_kind = model::CredentialKind::TsigKey;
    endpoint.accesses.push_back(std::move(made));
  };
  access(model::AccessKind::Dns, fmt::format("dns://127.0.0.1:{}", server.port), key);
  access(model::AccessKind::Rndc, fmt::format("rndc://127.0.0.1:{}", server.control_port), "rndc-key");
  return endpoint;
}

std::vector<std::string> dig(std::uint16_t port, const std::string& arguments) {
  const std::string command = fmt::format("dig @127.0.0.1 -p {} +norec +time=20 +tries=1 {}", port, arguments);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error("dig cannot be started; install bind9-dnsutils");
  std::vector<std::string> lines;
  std::array<char, 4096> line{};
  while (fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::string text = line.data();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    if (!text.empty() && text[0] != ';') lines.push_back(std::move(text));
  }
  return lines;
}

void nsupdate(const client::dns::LabKey& key, const std::string& commands) {
  const std::string command = fmt::format("nsupdate -y {}:{}:{}", key.algorithm, key.name, key.secret.reveal());
  FILE* pipe = popen(command.c_str(), "w");
  if (pipe == nullptr) throw std::runtime_error("nsupdate cannot be started; install bind9-dnsutils");
  const bool written = fputs(commands.c_str(), pipe) >= 0;
  if (pclose(pipe) != 0 || !written) throw std::runtime_error("nsupdate failed; its message stands above");
}

}  // namespace ipam::driver::bind9
