#include "cli/commands.h"
#include "cli/session_verbs.h"

namespace ipam::cli {
namespace {

CLI::App& add(CLI::App& app, Invocation& invocation, const char* name, const VerbHelp& help, Result<int> (*verb)(Session&)) {
  CLI::App& command = *app.add_subcommand(name, help.sentence);
  add_help(command, help);
  add_common_options(command, invocation);
  command.callback([&invocation, verb] { invocation.action = verb; });
  return command;
}

}  // namespace

void add_session_commands(CLI::App& app, Invocation& invocation) {
  CLI::App& login =
      add(app, invocation, "login",
          {"Sign in to an IPAM server and keep the session in the profile.", "ipam login https://127.0.0.1:48885 --user admin", ""}, run_login);
  login.add_option("URL", invocation.server, "The IPAM server (https://127.0.0.1:48885)")->type_name("");
  login.add_option("--user", invocation.user_name, "User name; asked for when left out")->type_name("NAME");
  login.add_option("--password-file", invocation.password_file, "File that holds the password; - reads standard input")->type_name("FILE");
  auto* fingerprint =
      login.add_option("--fingerprint", invocation.fingerprint, "Trust exactly the certificate with this fingerprint")->type_name("SHA256");
  login.add_option("--ca", invocation.ca_file, "Trust certificates of this authority")->type_name("FILE")->excludes(fingerprint);

  add(app, invocation, "logout", {"End the session and forget its token.", "ipam logout", ""}, run_logout);
  add(app, invocation, "whoami", {"Say who you are to the server and what you may do.", "ipam whoami", ""}, run_whoami);

  CLI::App& passwd = add(app, invocation, "passwd", {"Change your own password.", "ipam passwd", ""}, run_passwd);
  passwd.add_option("--password-file", invocation.password_file, "File that holds the current password; - reads standard input")->type_name("FILE");
  passwd.add_option("--new-password-file", invocation.new_password_file, "File that holds the new password")->type_name("FILE");
}

}  // namespace ipam::cli
