#include "driver/kea/kea_secrets.h"

#include "base/strings.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace ipam::driver::kea {
namespace json = boost::json;

namespace {

// Kea's own: password (databases, basic authentication, HA peers), secret (TSIG keys, RADIUS), basic-auth-password. The rest is what hooks and the
// administrators' user contexts call such things.
constexpr std::array<std::string_view, 21> kSecretKeys{"password",   "passwords",   "passwd",        "passphrase", "pin",    "secret",
                                                       "secrets",    "basic-auth",  "authorization", "token",      "tokens", "api-key",
                                                       "apikey",     "private-key", "credentials",   "credential", "psk",    "shared-secret",
                                                       "access-key", "key-data",    "community"};
constexpr std::array<std::string_view, 6> kSecretEndings{"-password", "-passphrase", "-secret", "-token", "-api-key", "-private-key"};

// "https://user:secret@host/": the user information of a URL.
void remove_user_information(json::string& text) {
  const std::string_view view(text.data(), text.size());
  const auto scheme = view.find("://");
  if (scheme == std::string_view::npos) return;
  const auto begin = scheme + 3;
  const auto end = std::min(view.find_first_of("/?#", begin), view.size());
  const auto at = view.substr(0, end).rfind('@');
  if (at == std::string_view::npos || at < begin) return;
  text.replace(begin, at - begin, json::string_view(kRemoved));
}

// All texts inside of a value.
void collect_texts(const json::value& value, std::vector<std::string>& texts) {
  constexpr std::size_t kShortest = 4;  // a shorter one would be found in ordinary words
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) collect_texts(member, texts);
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) collect_texts(item, texts);
  } else if (const auto* text = value.if_string(); text != nullptr && text->size() >= kShortest) {
    texts.emplace_back(text->data(), text->size());
  }
}

void collect_secrets(const json::value& value, std::vector<std::string>& texts) {
  if (const auto* object = value.if_object()) {
    for (const auto& [key, member] : *object) {
      if (is_secret_key(std::string_view(key.data(), key.size()))) {
        collect_texts(member, texts);
      } else {
        collect_secrets(member, texts);
      }
    }
  } else if (const auto* array = value.if_array()) {
    for (const auto& item : *array) collect_secrets(item, texts);
  }
}

}  // namespace

std::vector<std::string> secrets_in(std::string_view text) {
  std::vector<std::string> secrets;
  json::error_code error;
  const json::value value = json::parse(json::string_view(text), error);
  if (!error) collect_secrets(value, secrets);
  return secrets;
}

bool is_secret_key(std::string_view key) {
  std::string name = to_lower(key);
  std::replace(name.begin(), name.end(), '_', '-');
  return std::find(kSecretKeys.begin(), kSecretKeys.end(), name) != kSecretKeys.end() ||
         std::any_of(kSecretEndings.begin(), kSecretEndings.end(), [&](std::string_view ending) { return name.ends_with(ending); });
}

// Recursive: the parser has bounded the depth.
void remove_secrets(json::value& value) {
  if (auto* object = value.if_object()) {
    for (auto& [key, member] : *object) {
      if (is_secret_key(std::string_view(key.data(), key.size()))) {
        member = json::string_view(kRemoved);
      } else {
        remove_secrets(member);
      }
    }
  } else if (auto* array = value.if_array()) {
    for (auto& item : *array) remove_secrets(item);
  } else if (auto* text = value.if_string()) {
    remove_user_information(*text);
  }
}

}  // namespace ipam::driver::kea
