// Library: MIT Kerberos 5 as objects: a context with a configuration of its own, and its errors in our terms. Internal to this room. Thread rule: one
// thread at a time.
#pragma once

#include "base/result.h"

#include <krb5/krb5.h>

#include <memory>
#include <string>
#include <vector>

namespace ipam::client::kerberos {

// What the library is told instead of the files of the system. With no key distribution center given, the system's configuration and DNS find one.
struct Configuration {
  std::string realm;
  std::vector<std::string> kdcs;  // "10.0.0.1", "kdc.example:88"
};

class Library {
 public:
  // Errors: Internal (the system's configuration cannot be read).
  static Result<std::unique_ptr<Library>> create(Configuration configuration);
  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  krb5_context context() const { return context_; }
  // The library's error as one that says what to mend, about `what` ("the account reader@CONTOSO.TEST").
  Error error(krb5_error_code code, const std::string& what) const;

 private:
  explicit Library(Configuration configuration) : configuration_(std::move(configuration)) {}

  Configuration configuration_;
  krb5_context context_ = nullptr;
};

// What an error of the library means for who asks: the text that mends it, or nothing for a code without a meaning of its own.
struct Meaning {
  ErrorCode code;
  std::string_view text;
};
const Meaning* meaning_of(krb5_error_code code);

}  // namespace ipam::client::kerberos
