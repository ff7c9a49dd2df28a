#include "app/ipamd/web_console.h"

#include "base/log.h"

#include <system_error>

namespace ipam::app {

Result<std::optional<console::Console>> read_web_console(const std::filesystem::path& folder) {
  std::error_code error;
  if (folder.empty() || !std::filesystem::exists(folder, error)) {
    log::info("no web console here: the API alone is served", {{"folder", folder.string()}});
    return std::optional<console::Console>();
  }
  auto console = IPAM_TRY(console::Console::read(folder));
  log::info("the web console was read", {{"folder", folder.string()}, {"files", console.file_count()}});
  return std::optional<console::Console>(std::move(console));
}

}  // namespace ipam::app
