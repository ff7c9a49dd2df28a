#include "base/strings.h"
#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/session.h"

#include <algorithm>
#include <array>

namespace ipam::cli {
namespace {

// Verbs whose argument is an object that there is.
constexpr std::array<std::string_view, 8> kOfObjects{"show", "edit", "delete", "verify", "collect", "run", "wait", "cancel"};

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> options;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) options.push_back("--" + name);
    for (const std::string& name : option->get_snames()) options.push_back("-" + name);
  }
  return options;
}

std::vector<CommandWords> words_of(const CLI::App& app) {
  std::vector<CommandWords> commands;
  for (const CLI::App* command : app.get_subcommands({})) {
    CommandWords words{command->get_name(), command->get_aliases(), command->get_description(), {}, options_of(*command), false};
    for (const CLI::App* verb : command->get_subcommands({})) {
      const bool of_object = std::find(kOfObjects.begin(), kOfObjects.end(), verb->get_name()) != kOfObjects.end();
      words.verbs.push_back({verb->get_name(), verb->get_description(), options_of(*verb), of_object});
      words.can_list = words.can_list || verb->get_name() == "list";
    }
    commands.push_back(std::move(words));
  }
  return commands;
}

}  // namespace

void add_completion_command(CLI::App& app, Invocation& invocation) {
  const VerbHelp help{"Print a script by which bash, zsh or fish completes commands, options and names of objects.", "source <(ipam completion bash)",
                      ""};
  CLI::App& command = *app.add_subcommand("completion", help.sentence);
  add_help(command, help);
  command.add_option("SHELL", invocation.subject, "bash, zsh or fish")->required()->type_name("");
  command.callback([&app, &invocation] {
    invocation.action = [&app](Session& session) -> Result<int> {
      session.print(IPAM_TRY(completion_script(session.invocation().subject, words_of(app))));
      return 0;
    };
  });
}

}  // namespace ipam::cli
