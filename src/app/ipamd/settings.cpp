#include "app/ipamd/settings.h"

#include "base/strings.h"
#include "base/version.h"

#include <fmt/format.h>
#include <toml++/toml.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <map>
#include <ostream>

namespace ipam::app {
namespace {

// The texts of the settings that one source gives, by name, and where each was said.
struct Given {
  std::vector<std::string> values;
  std::string where;  // "--listen", "IPAMD_LISTEN", "ipamd.toml:7: listen"
};
using Texts = std::map<std::string, Given, std::less<>>;

Error bad(const Given& given, const std::string& what) { return {ErrorCode::InvalidArgument, fmt::format("{}: {}", given.where, what)}; }

Result<ListenAddress> read_listen(const Given& given, const std::string& text) {
  const Error wrong = bad(given, fmt::format("'{}' is not ADDRESS:PORT, as in 127.0.0.1:48885 or [::1]:48885", shorten(text, 100)));
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return wrong;
  std::string address = text.substr(0, colon);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') address = address.substr(1, address.size() - 2);
  const auto port = parse_integer<std::uint16_t>(std::string_view(text).substr(colon + 1));
  if (!port || address.empty()) return wrong;
  return ListenAddress{address, *port};
}

Result<bool> read_boolean(const Given& given, const std::string& text) {
  if (text == "true" || text == "1" || text == "yes") return true;
  if (text == "false" || text == "0" || text == "no") return false;
  return bad(given, fmt::format("'{}' is neither true nor false", shorten(text, 40)));
}

struct Apply {
  const SettingRow& row;
  const Given& given;
  Settings& settings;

  const std::string& text() const { return given.values.back(); }

  Result<void> operator()(std::filesystem::path Settings::*member) const {
    settings.*member = text();
    return {};
  }
  Result<void> operator()(ListenAddress Settings::*member) const {
    settings.*member = IPAM_TRY(read_listen(given, text()));
    return {};
  }
  Result<void> operator()(std::vector<std::string> Settings::*member) const {
    settings.*member = given.values;
    return {};
  }
  Result<void> operator()(std::int64_t Settings::*member) const {
    const auto number = parse_integer<std::int64_t>(text(), row.low, row.high);
    if (!number) return bad(given, fmt::format("'{}' is not a whole number within {} and {}", shorten(text(), 40), row.low, row.high));
    settings.*member = *number;
    return {};
  }
  Result<void> operator()(Duration Settings::*member) const {
    const auto duration = parse_duration(text());
    if (!duration.ok()) return bad(given, duration.error().message);
    const auto low = std::chrono::seconds(row.low), high = std::chrono::seconds(row.high);
    if (*duration < low || *duration > high)
      return bad(given, fmt::format("{} is not within {} and {}", shorten(text(), 40), format_duration(low), format_duration(high)));
    settings.*member = *duration;
    return {};
  }
  Result<void> operator()(std::string Settings::*member) const {
    const bool chosen = row.choices.empty() || std::find(row.choices.begin(), row.choices.end(), text()) != row.choices.end();
    if (!chosen) return bad(given, fmt::format("'{}' is none of {}", shorten(text(), 40), fmt::join(row.choices, ", ")));
    settings.*member = text();
    return {};
  }
  Result<void> operator()(bool Settings::*member) const {
    settings.*member = IPAM_TRY(read_boolean(given, text()));
    return {};
  }
};

Result<void> take_over(const Texts& texts, Settings& settings) {
  for (const SettingRow& row : setting_rows()) {
    const auto found = texts.find(row.name);
    if (found != texts.end()) IPAM_TRY(std::visit(Apply{row, found->second, settings}, row.member));
  }
  return {};
}

bool is_list(const SettingRow& row) { return std::holds_alternative<std::vector<std::string> Settings::*>(row.member); }
bool is_number(const SettingRow& row) { return std::holds_alternative<std::int64_t Settings::*>(row.member); }
bool is_boolean(const SettingRow& row) { return std::holds_alternative<bool Settings::*>(row.member); }

// What a value of the file says, or nothing when it is not of the setting's kind.
std::optional<std::vector<std::string>> texts_of(const SettingRow& row, const toml::node& value) {
  if (is_list(row)) {
    std::vector<std::string> items;
    if (!value.is_array()) return std::nullopt;
    for (const auto& item : *value.as_array()) {
      if (!item.is_string()) return std::nullopt;
      items.push_back(item.value_or(std::string()));
    }
    return items;
  }
  if (is_number(row) && value.is_integer()) return std::vector{std::to_string(value.value_or(std::int64_t{0}))};
  if (is_boolean(row) && value.is_boolean()) return std::vector{std::string(value.value_or(false) ? "true" : "false")};
  if (is_number(row) || is_boolean(row) || !value.is_string()) return std::nullopt;
  return std::vector{value.value_or(std::string())};
}

Result<Texts> read_file(const std::string& path) {
  Texts texts;
  try {
    const toml::table file = toml::parse_file(path);
    for (const auto& [key, value] : file) {
      const std::string name(key.str());
      const std::string where = fmt::format("{}:{}: {}", path, key.source().begin.line, name);
      const auto& rows = setting_rows();
      const auto row = std::find_if(rows.begin(), rows.end(), [&](const SettingRow& each) { return each.name == name; });
      if (row == rows.end()) return Error(ErrorCode::InvalidArgument, where + " is not a setting; ipamd(8) lists them");
      auto said = texts_of(*row, value);
      if (!said) return Error(ErrorCode::InvalidArgument, where + ": the value is not of the right kind; ipamd(8) has an example");
      texts[name] = {*std::move(said), where};
    }
  } catch (const toml::parse_error& failure) {
    return Error(ErrorCode::InvalidArgument, fmt::format("{}:{}: {}", path, failure.source().begin.line, failure.description()));
  }
  return texts;
}

Texts read_environment(const Environment& environment) {
  Texts texts;
  for (const SettingRow& row : setting_rows()) {
    std::string variable = "IPAMD_" + std::string(row.name);
    for (char& c : variable) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    const char* value = environment(variable.c_str());
    if (value == nullptr || (*value == 0 && !is_list(row))) continue;
    Given given{{}, variable};
    for (const std::string_view part : is_list(row) ? split(value, ',') : std::vector<std::string_view>{value}) given.values.emplace_back(trim(part));
    texts[std::string(row.name)] = std::move(given);
  }
  return texts;
}

void add_option(CLI::App& app, const SettingRow& row, Texts& given) {
  const std::string flag = "--" + std::string(row.flag);
  const std::string help = fmt::format("{} [{}]", row.help, row.default_text);
  const auto take = [&given, name = std::string(row.name), flag, list = is_list(row)](const std::string& value) {
    Given& said = given[name];
    said.where = flag;
    if (!list) said.values.clear();
    said.values.push_back(value);
  };
  if (is_boolean(row)) {
    app.add_flag_function(
        flag, [take](std::int64_t count) { take(count > 0 ? "true" : "false"); }, help);
    return;
  }
  auto* option = app.add_option_function<std::vector<std::string>>(
      flag,
      [take](const std::vector<std::string>& values) {
        for (const std::string& value : values) take(value);
      },
      help);
  option->type_name(std::string(row.placeholder))->expected(1)->allow_extra_args(false);
  if (is_list(row)) option->expected(1, 1'000)->allow_extra_args(false);
}

}  // namespace

Result<ParsedArguments> read_settings(int argc, const char* const* argv, const Environment& environment, std::ostream& out, std::ostream& error) {
  ParsedArguments parsed;
  Texts given;
  std::string config;
  CLI::App app{"The Cadastre IPAM server: API, scheduled tasks and embedded database in one process.", "ipamd"};
  app.set_version_flag("--version", std::string("ipamd ") + kVersion);
  app.add_option("--config", config, "Configuration file (TOML); none is read unless it is named here")->type_name("FILE");
  app.add_option("--restore", parsed.restore, "Put this backup in the place of the database, say what came of it, and end; the server must not run")
      ->type_name("BACKUP");
  for (const SettingRow& row : setting_rows()) add_option(app, row, given);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& failure) {
    const int status = app.exit(failure, out, error);
    parsed.exit_status = status == 0 ? 0 : 2;
    return parsed;
  }
  if (!config.empty()) IPAM_TRY(take_over(IPAM_TRY(read_file(config)), parsed.settings));
  IPAM_TRY(take_over(read_environment(environment), parsed.settings));
  IPAM_TRY(take_over(given, parsed.settings));
  return parsed;
}

log::Level log_level(const Settings& settings) {
  if (settings.log_level == "debug") return log::Level::Debug;
  if (settings.log_level == "warning") return log::Level::Warning;
  if (settings.log_level == "error") return log::Level::Error;
  return log::Level::Info;
}

}  // namespace ipam::app
