// The root: exceptions, which are bugs, end here.
#include "cli/cli.h"
#include "cli/http_connection.h"
#include "cli/process_host.h"

#include <csignal>
#include <exception>
#include <string>

namespace ipam::cli {

int run_process(int count, char** arguments) {
  std::signal(SIGPIPE, SIG_DFL);  // `ipam … | head` ends quietly
  ProcessHost host;
  try {
    HttpConnector connector;
    const int status = run({arguments + (count > 0 ? 1 : 0), arguments + count}, host, connector);
    if (host.flush()) return status;
    host.write_error("ipam: standard output did not take everything\n");
  } catch (const std::exception& error) {
    host.write_error(std::string("ipam: this is a fault of ipam itself: ") + error.what() + '\n');
  }
  return error_code_row(ErrorCode::Internal).exit_status;
}

}  // namespace ipam::cli
