#include "wire/rndc/rndc.h"

#include "base/strings.h"
#include "crypto/hash.h"

#include <fmt/format.h>

#include <array>
#include <map>

namespace ipam::wire::rndc {
namespace {

constexpr std::size_t kMaxCommand = 2048;
constexpr std::size_t kDigestText = 88;  // base64 of the longest digest; shorter ones are padded with zeros
constexpr std::uint8_t kBinary = 1;
constexpr std::uint8_t kTable = 2;
constexpr std::uint8_t kFirstAlgorithm = 161;  // hmac-sha1; the others follow in order
constexpr std::array<std::string_view, 5> kAlgorithms{"hmac-sha1", "hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"};

Error malformed(std::string_view why) { return {ErrorCode::Malformed, fmt::format("the reply on the control channel is malformed: {}", why)}; }

void append_length(Bytes& out, std::size_t length) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(length >> shift));
}

void append_value(Bytes& out, std::string_view key, std::uint8_t type, ByteView value) {
  out.push_back(static_cast<std::uint8_t>(key.size()));
  out.insert(out.end(), key.begin(), key.end());
  out.push_back(type);
  append_length(out, value.size());
  out.insert(out.end(), value.begin(), value.end());
}

void append_text(Bytes& out, std::string_view key, std::string_view value) { append_value(out, key, kBinary, as_bytes(value)); }

std::string digest_text(const Key& key, ByteView covered) {
  crypto::Hmac hmac(key.algorithm, as_bytes(key.secret.reveal()));
  hmac.update(covered);
  return to_base64(hmac.finish());
}

struct Entry {
  std::string_view key;
  std::uint8_t type = 0;
  ByteView value;
};

// Takes the first entry off a table.
Result<Entry> take_entry(ByteView& table) {
  Entry entry;
  const std::size_t key_size = table[0];
  if (table.size() < 1 + key_size + 5) return malformed("an entry is cut off");
  entry.key = as_text(table.subspan(1, key_size));
  entry.type = table[1 + key_size];
  std::size_t length = 0;
  for (std::size_t i = 0; i < 4; ++i) length = length << 8 | table[2 + key_size + i];
  table = table.subspan(6 + key_size);
  if (table.size() < length) return malformed("a value goes past the end");
  entry.value = table.first(length);
  table = table.subspan(length);
  return entry;
}

// The entries of a table by key. Later ones with the same key are refused.
Result<std::map<std::string_view, Entry>> entries_of(ByteView table) {
  std::map<std::string_view, Entry> entries;
  while (!table.empty()) {
    const Entry entry = IPAM_TRY(take_entry(table));
    if (!entries.emplace(entry.key, entry).second) return malformed("a key stands twice");
  }
  return entries;
}

std::string text_in(const std::map<std::string_view, Entry>& entries, std::string_view key) {
  const auto found = entries.find(key);
  return found == entries.end() || found->second.type != kBinary ? std::string() : std::string(as_text(found->second.value));
}

Result<std::map<std::string_view, Entry>> table_in(const std::map<std::string_view, Entry>& entries, std::string_view key) {
  const auto found = entries.find(key);
  if (found == entries.end() || found->second.type != kTable) return malformed("a table is missing");
  return entries_of(found->second.value);
}

Result<void> check_digest(const Entry& auth, ByteView covered, const Key& key) {
  const auto entries = IPAM_TRY(entries_of(auth.value));
  const std::string digest = text_in(entries, "hsha");
  if (digest.size() != 1 + kDigestText) return malformed("its digest is missing");
  std::string expected = digest_text(key, covered);
  expected.resize(kDigestText, '\0');
  const auto algorithm = static_cast<std::uint8_t>(kFirstAlgorithm + static_cast<std::uint8_t>(key.algorithm));
  if (static_cast<std::uint8_t>(digest[0]) != algorithm || !crypto::equal_in_constant_time(as_bytes(expected), as_bytes(digest).subspan(1))) {
    return Error(ErrorCode::Unauthenticated,
                 "the reply on the control channel has a wrong signature: it was altered on its way, or made with another key");
  }
  return {};
}

}  // namespace

Result<Key> Key::create(std::string_view algorithm, const Secret& base64_secret) {
  Key key;
  std::size_t at = 0;
  while (at < kAlgorithms.size() && !equals_ignoring_case(kAlgorithms[at], algorithm)) ++at;
  if (equals_ignoring_case(algorithm, "hmac-md5")) {
    return Error(ErrorCode::Unsupported, "hmac-md5 is broken and not spoken here; make a key with hmac-sha256: rndc-confgen -A hmac-sha256");
  }
  if (at == kAlgorithms.size()) {
    return Error(ErrorCode::InvalidArgument, fmt::format("this is not an algorithm for control keys; there are {}", fmt::join(kAlgorithms, ", ")));
  }
  key.algorithm = static_cast<crypto::HmacAlgorithm>(at);
  const auto octets = from_base64(base64_secret.reveal());
  if (!octets.ok() || octets->empty())
    return Error(ErrorCode::InvalidArgument, "the secret of a control key is base64 text, as in the server's key clause");
  key.secret = Secret(std::string(as_text(*octets)));
  return key;
}

Result<Bytes> encode(const Command& command, const Key& key) {
  if (command.text.size() > kMaxCommand || !is_clean_text(command.text) || command.text.find('\n') != std::string::npos) {
    return Error(ErrorCode::InvalidArgument, "a control command is one line of at most 2048 octets");
  }
  const auto now = std::chrono::floor<std::chrono::seconds>(command.sent).time_since_epoch().count();
  Bytes control;
  append_text(control, "_ser", std::to_string(command.serial));
  append_text(control, "_tim", std::to_string(now));
  append_text(control, "_exp", std::to_string(now + 60));
  if (!command.nonce.empty()) append_text(control, "_nonce", command.nonce);
  Bytes data;
  append_text(data, "type", command.text);
  Bytes body;
  append_value(body, "_ctrl", kTable, control);
  append_value(body, "_data", kTable, data);

  std::string digest(1, static_cast<char>(kFirstAlgorithm + static_cast<std::uint8_t>(key.algorithm)));
  digest += digest_text(key, body);
  digest.resize(1 + kDigestText, '\0');
  Bytes auth;
  append_text(auth, "hsha", digest);
  Bytes message;
  append_length(message, 1);  // the version
  append_value(message, "_auth", kTable, auth);
  message.insert(message.end(), body.begin(), body.end());
  Bytes framed;
  append_length(framed, message.size());
  framed.insert(framed.end(), message.begin(), message.end());
  return framed;
}

Result<Reply> decode(ByteView message, const Key& key) {
  if (message.size() > kMaxReply) return malformed("it is longer than 4 MiB");
  if (message.size() < 5 || message[0] != 0 || message[1] != 0 || message[2] != 0 || message[3] != 1) return malformed("its version is not 1");
  ByteView rest = message.subspan(4);
  const Entry auth = IPAM_TRY(take_entry(rest));
  if (auth.key != "_auth" || auth.type != kTable) return malformed("it does not begin with its digest");
  IPAM_TRY(check_digest(auth, rest, key));
  const auto tables = IPAM_TRY(entries_of(rest));
  const auto control = IPAM_TRY(table_in(tables, "_ctrl"));
  const auto data = IPAM_TRY(table_in(tables, "_data"));
  Reply reply;
  const auto serial = parse_integer<std::uint32_t>(text_in(control, "_ser"));
  if (!serial) return malformed("it has no serial");
  reply.serial = *serial;
  reply.nonce = text_in(control, "_nonce");
  reply.error = text_in(data, "err");
  reply.text = text_in(data, "text");
  const std::string result = text_in(data, "result");
  const auto number = parse_integer<std::uint32_t>(result.empty() ? std::string("0") : result);
  if (!number) return malformed("its result is not a number");
  reply.result = *number;
  return reply;
}

}  // namespace ipam::wire::rndc
