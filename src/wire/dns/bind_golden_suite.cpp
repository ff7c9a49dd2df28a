#include "wire/dns/bind_golden_suite.h"

#include "base/file.h"
#include "base/strings.h"

#include <stdexcept>

namespace ipam::wire::dns {

Bytes golden(const std::string& file) {
  const std::string content = read_file(IPAM_SOURCE_FOLDER "/tests/golden/bind/" + file, 1U << 20U).value();
  return {content.begin(), content.end()};
}

std::vector<Bytes> golden_messages(const std::string& file) {
  const Bytes stream = golden(file);
  std::vector<Bytes> messages;
  for (std::size_t at = 0; at + 2 <= stream.size();) {
    const std::size_t length = static_cast<std::size_t>(stream[at]) << 8 | stream[at + 1];
    const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(at) + 2;
    messages.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(length));
    at += 2 + length;
  }
  return messages;
}

TsigKey golden_key(const std::string& name) {
  const Bytes content = golden("keys.txt");
  for (const std::string_view line : split(as_text(content), '\n')) {
    const auto words = split(line, ' ');
    if (words.size() == 3 && words[0] == name) return TsigKey::create(words[0], words[1], Secret(std::string(words[2]))).value();
  }
  throw std::runtime_error("no such key: " + name);
}

// The record ends with the digest, the original id, the error and the length of nothing.
GoldenSignature golden_signature(const Bytes& request, std::size_t digest_size) {
  const std::size_t mac_at = request.size() - 6 - digest_size;
  Reader reader(request, mac_at - 10);
  GoldenSignature signature;
  signature.time = Time(std::chrono::seconds(reader.u48()));
  const auto mac = ByteView(request).subspan(mac_at, digest_size);
  signature.mac.assign(mac.begin(), mac.end());
  return signature;
}

}  // namespace ipam::wire::dns
