#include "client/kerberos/samba_lab_suite.h"

#include "base/file.h"

#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ipam::client::kerberos {

Bytes SambaLab::reader_keytab() const {
  const std::string content = read_file(program_.text("reader_keytab"), 1U << 20U).value();
  return {content.begin(), content.end()};
}

std::vector<std::string> SambaLab::run(const std::string& command) const {
  const std::string folder = program_.text("folder");
  const std::string whole = fmt::format(
      "unshare --mount sh -c 'mount --bind {0}/hosts /etc/hosts && mount --bind {0}/resolv.conf /etc/resolv.conf && KRB5_CONFIG={0}/krb5.conf exec "
      "{1}'",
      folder, command);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(whole.c_str(), "r"), pclose);
  if (!pipe) throw std::runtime_error("no command can be run in the lab");
  std::vector<std::string> lines;
  std::array<char, 4096> line{};
  while (fgets(line.data(), line.size(), pipe.get()) != nullptr) {
    std::string text = line.data();
    while (!text.empty() && text.back() == '\n') text.pop_back();
    lines.push_back(std::move(text));
  }
  return lines;
}

}  // namespace ipam::client::kerberos
