#include "client/dns/bind_lab_suite.h"

#include "base/file.h"
#include "base/strings.h"

#include <stdexcept>
#include <utility>

namespace ipam::client::dns {
namespace {

std::vector<std::string> in_words(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "--plain");
  return arguments;
}

}  // namespace

BindLab::BindLab(std::vector<std::string> arguments) : program_("bind_lab.py", in_words(std::move(arguments))) { read_truth(program_.line()); }

wire::dns::TsigKey BindLab::tsig_key(const std::string& name) const {
  const LabKey& key = keys_.at(name);
  return wire::dns::TsigKey::create(key.name, key.algorithm, key.secret).value();
}

// "primary DNS CONTROL STATISTICS secondary DNS CONTROL STATISTICS KEYS-FILE", and the file has a key a line.
void BindLab::read_truth(const std::string& line) {
  const auto words = split(trim(line), ' ');
  if (words.size() != 9) throw std::runtime_error("tests/lab/bind_lab.py says: " + line);
  const auto server = [&](std::size_t at) {
    const auto port = [&](std::size_t index) { return *parse_integer<std::uint16_t>(words[index]); };
    return LabServer{port(at), port(at + 1), port(at + 2)};
  };
  primary_ = server(1);
  secondary_ = server(5);
  const std::string keys = read_file(std::string(words[8]), 1U << 20U).value();
  for (const std::string_view text : split(keys, '\n')) {
    const auto parts = split(text, ' ');
    if (parts.size() != 3) continue;
    keys_[std::string(parts[0])] = {std::string(parts[0]), std::string(parts[1]), Secret(std::string(parts[2]))};
  }
}

}  // namespace ipam::client::dns
