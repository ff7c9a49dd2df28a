#include "cli/profile.h"

#include "base/bytes.h"
#include "base/file.h"
#include "base/strings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <system_error>

namespace ipam::cli {
namespace {

constexpr std::size_t kMaxFile = 256U << 10U;

struct Key {
  std::string_view name;
  std::string Profile::*member;
};
constexpr std::array<Key, 6> kKeys{{{"server", &Profile::server},
                                    {"fingerprint", &Profile::fingerprint},
                                    {"ca_file", &Profile::ca_file},
                                    {"user_name", &Profile::user_name},
                                    {"token", &Profile::token},
                                    {"expires_at", &Profile::expires_at}}};

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

// A basic string with the escapes that quote() writes, then at most a comment.
std::optional<std::string> unquote(std::string_view text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  std::string out;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      const std::string_view rest = trim(text.substr(i + 1));
      return rest.empty() || rest.front() == '#' ? std::optional(out) : std::nullopt;
    }
    if (text[i] != '\\') {
      out += text[i];
    } else if (i + 1 < text.size() && (text[i + 1] == '"' || text[i + 1] == '\\')) {
      out += text[++i];
    } else {
      const auto code = text.substr(i).starts_with("\\u00") ? from_hex(text.substr(i + 4, 2)) : Result<Bytes>(Error());
      if (!code.ok() || code->size() != 1 || code->front() > 0x7F) return std::nullopt;
      out += static_cast<char>(code->front());
      i += 5;
    }
  }
  return std::nullopt;
}

// "[name]" or "[\"any text\"]".
std::optional<std::string> section_name(std::string_view line) {
  if (line.size() < 3 || line.front() != '[' || line.back() != ']') return std::nullopt;
  const std::string_view inner = trim(line.substr(1, line.size() - 2));
  if (!inner.empty() && inner.front() == '"') return unquote(inner);
  const bool bare = !inner.empty() && std::all_of(inner.begin(), inner.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
  return bare ? std::optional(std::string(inner)) : std::nullopt;
}

}  // namespace

Result<Profiles> parse_profiles(std::string_view text) {
  Profiles profiles;
  Profile* current = nullptr;
  std::size_t number = 0;
  for (const std::string_view raw : split(text, '\n')) {
    ++number;
    const std::string_view line = trim(raw);
    const auto wrong = [&](std::string_view what) { return Error(ErrorCode::Malformed, fmt::format("line {}: {}", number, what)); };
    if (line.empty() || line.front() == '#') continue;
    if (line.front() == '[') {
      const auto name = section_name(line);
      if (!name) return wrong("a profile begins with its name in brackets, as in [default]");
      const auto [place, added] = profiles.try_emplace(*name);
      if (!added) return wrong("there is a profile of this name already");
      current = &place->second;
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || current == nullptr) return wrong("expected [profile] or key = \"value\"");
    const std::string_view name = trim(line.substr(0, equals));
    const auto* key = std::find_if(kKeys.begin(), kKeys.end(), [&](const Key& k) { return k.name == name; });
    if (key == kKeys.end()) return wrong("'" + shorten(name, 40) + "' is not a key of a profile");
    const auto value = unquote(trim(line.substr(equals + 1)));
    if (!value) return wrong("the value must be one string in double quotes");
    current->*key->member = *value;
  }
  return profiles;
}

std::string write_profiles(const Profiles& profiles) {
  std::string out = "# Kept by `ipam login` and `ipam logout`. It holds session tokens: keep it to yourself.\n";
  for (const auto& [name, profile] : profiles) {
    out += fmt::format("\n[{}]\n", quote(name));
    for (const Key& key : kKeys) {
      if (!(profile.*key.member).empty()) out += fmt::format("{} = {}\n", key.name, quote(profile.*key.member));
    }
  }
  return out;
}

Result<Profiles> load_profiles(const std::filesystem::path& path) {
  auto text = read_private_file(path, kMaxFile);
  if (!text.ok() && text.error().code == ErrorCode::NotFound) return Profiles{};
  if (!text.ok()) return std::move(text).error();
  auto profiles = parse_profiles(text->reveal());
  if (!profiles.ok()) return std::move(profiles).error().wrapped(ErrorCode::Malformed, path.string() + ": " + profiles.error().message);
  return profiles;
}

Result<void> save_profiles(const std::filesystem::path& path, const Profiles& profiles) {
  const std::filesystem::path folder = path.parent_path();
  std::error_code error;
  if (!folder.empty() && std::filesystem::create_directories(folder, error)) {
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  }
  if (error) return Error(ErrorCode::FailedPrecondition, fmt::format("cannot make the folder {}: {}", folder.string(), error.message()));
  return write_file_atomically(path, as_bytes(write_profiles(profiles)), 0600);
}

}  // namespace ipam::cli
