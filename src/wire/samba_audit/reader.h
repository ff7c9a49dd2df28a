// Reader: logons from the authentication log of a Samba domain controller ("log level = 1 auth_json_audit:3"), one JSON object a line, from a file
// that grows while it is read. Cursor, places and bad lines: wire/log_lines/line_reader.h.
//
// Fields that are not known are passed over, since Samba adds some with every version; what is missing or null is empty. Lines of other kinds
// (changes of the directory, of passwords and groups) are counted and nothing else. Specification: Samba's "Setting up Audit Logging" (JSON,
// versions 1.0 to 1.3). Errors: what the takers answer. Thread rule: one thread.
#pragma once

#include "base/clock.h"
#include "ip/address.h"
#include "wire/log_lines/line_reader.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ipam::wire::samba_audit {

// Authentication: somebody proved who they are, or failed to. Authorization: a session began, of somebody who had proved it before.
enum class Kind : std::uint8_t { Authentication, Authorization };

struct Logon {
  std::uint64_t offset = 0, size = 0;  // of the line
  Kind kind = Kind::Authentication;
  Time time;
  bool success = false;
  std::string status;                  // "NT_STATUS_OK"; empty for an authorization, which is always a success
  std::uint32_t event_id = 0;          // Windows' number for it, 4624 or 4625; 0 when Samba does not say
  std::uint32_t logon_type = 0;        // as Windows': 3 network, 8 network with clear text
  std::optional<ip::Address> address;  // of the client; an IPv4-mapped address is IPv4, a zone is left out
  std::uint16_t port = 0;
  std::string service, method;  // "Kerberos KDC", "ENC-TS Pre-authentication"
  // Who they became; of a failure who they said they are, "CONTOSO\alice" and "alice@CONTOSO.TEST" taken apart. Printable UTF-8, case as in the log.
  std::string account, domain;
  std::string sid;
  std::string workstation;  // as the client says
  std::string password_type;

  bool operator==(const Logon&) const = default;
};

// One logon may be told twice: a Kerberos client asks over UDP and then again over TCP. Lines of the same key are one: the account without case, the
// address, the second, and whether it was a success.
std::string deduplication_key(const Logon& logon);

struct Takers {
  std::function<Result<void>(const Logon&)> on_logon;
  std::function<Result<void>(const log_lines::BadLine&)> on_bad;
};

class Reader {
 public:
  static constexpr std::size_t kMaxLine = 262'144;

  explicit Reader(Takers takers, std::uint64_t offset = 0);
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Result<void> feed(std::string_view piece) { return lines_.feed(piece); }
  Result<void> finish() { return lines_.finish(); }
  std::uint64_t offset() const { return lines_.offset(); }
  // Lines of other kinds.
  std::uint64_t others() const { return others_; }

 private:
  Result<void> take_line(const log_lines::Line& line);

  const Takers takers_;
  std::uint64_t others_ = 0;
  log_lines::LineReader lines_;
};

}  // namespace ipam::wire::samba_audit
