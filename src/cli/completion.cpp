#include "cli/completion.h"

#include "base/strings.h"

#include <fmt/format.h>

namespace ipam::cli {
namespace {

// At most so many names are asked for; more are of no help to someone who types.
constexpr int kNames = 200;

// Words of this program hold none of the characters that a shell reads anything into; help texts may.
std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string pattern_of(const CommandWords& command) {
  std::vector<std::string> names{command.name};
  names.insert(names.end(), command.aliases.begin(), command.aliases.end());
  return join(names, "|");
}

std::vector<std::string> names_of(const std::vector<CommandWords>& commands) {
  std::vector<std::string> names;
  for (const CommandWords& command : commands) names.push_back(command.name);
  return names;
}

// What bash and zsh share: functions that print the verbs of a noun, the options of a command, and whether an object is meant.
std::string shared_functions(const std::vector<CommandWords>& commands) {
  std::string verbs, options, objects;
  for (const CommandWords& command : commands) {
    std::vector<std::string> words;
    for (const VerbWords& verb : command.verbs) words.push_back(verb.name);
    if (!words.empty()) verbs += fmt::format("    {}) echo '{}' ;;\n", pattern_of(command), join(words, " "));
    if (command.verbs.empty()) options += fmt::format("    '{} '*) echo '{}' ;;\n", command.name, join(command.options, " "));
    for (const VerbWords& verb : command.verbs) {
      std::vector<std::string> patterns;
      patterns.push_back(fmt::format("'{} {}'", command.name, verb.name));
      for (const std::string& alias : command.aliases) patterns.push_back(fmt::format("'{} {}'", alias, verb.name));
      options += fmt::format("    {}) echo '{}' ;;\n", join(patterns, "|"), join(verb.options, " "));
      if (verb.takes_object && command.can_list)
        objects += fmt::format("    {}) ipam {} list -q --limit {} ;;\n", join(patterns, "|"), command.name, kNames);
    }
  }
  return fmt::format(
      "_ipam_verbs() {{\n  case \"$1\" in\n{}  esac\n}}\n"
      "_ipam_options() {{\n  case \"$1 $2\" in\n{}  esac\n}}\n"
      "_ipam_objects() {{\n  case \"$1 $2\" in\n{}  esac </dev/null 2>/dev/null\n}}\n",
      verbs, options, objects);
}

std::string bash_script(const std::vector<CommandWords>& commands) {
  return "# Completion of ipam for bash: source <(ipam completion bash)\n" + shared_functions(commands) +
         fmt::format(R"(_ipam() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" noun="${{COMP_WORDS[1]}}" verb="${{COMP_WORDS[2]}}" words
  if ((COMP_CWORD == 1)); then
    words='{}'
  elif [[ $current == -* ]]; then
    words=$(_ipam_options "$noun" "$verb")
  elif ((COMP_CWORD == 2)) && [[ -n $(_ipam_verbs "$noun") ]]; then
    words=$(_ipam_verbs "$noun")
  elif ((COMP_CWORD == 3)); then
    words=$(_ipam_objects "$noun" "$verb")
  elif [[ $noun == completion ]]; then
    words='bash zsh fish'
  fi
  local IFS=$' \t\n'
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -o default -F _ipam ipam
)",
                     join(names_of(commands), " "));
}

std::string zsh_script(const std::vector<CommandWords>& commands) {
  return "#compdef ipam\n# Completion of ipam for zsh: source <(ipam completion zsh), or as _ipam in a folder of $fpath\n" + shared_functions(commands) +
         fmt::format(R"script(_ipam_complete() {{
  local current="${{words[CURRENT]}}" noun="${{words[2]}}" verb="${{words[3]}}"
  if ((CURRENT == 2)); then
    compadd -- {}
  elif [[ $current == -* ]]; then
    compadd -- ${{=$(_ipam_options "$noun" "$verb")}}
  elif ((CURRENT == 3)) && [[ -n $(_ipam_verbs "$noun") ]]; then
    compadd -- ${{=$(_ipam_verbs "$noun")}}
  elif [[ $noun == completion ]]; then
    compadd -- bash zsh fish
  elif ((CURRENT == 4)); then
    compadd -- ${{(f)"$(_ipam_objects "$noun" "$verb")"}}
  fi
}}
if (( $+functions[compdef] )); then compdef _ipam_complete ipam; fi
)script",
                     join(names_of(commands), " "));
}

std::string fish_script(const std::vector<CommandWords>& commands) {
  std::string text =
      "# Completion of ipam for fish: ipam completion fish | source\n"
      "function __ipam_at\n"
      "  set -l typed (commandline -opc)\n"
      "  test (count $typed) -ge (math (count $argv) + 1); or return 1\n"
      "  for i in (seq (count $argv))\n"
      "    contains -- $typed[(math $i + 1)] (string split '|' -- $argv[$i]); or return 1\n"
      "  end\n"
      "end\n"
      "function __ipam_words\n"
      "  test (count (commandline -opc)) -eq $argv[1]\n"
      "end\n"
      "complete -c ipam -e\n"
      "complete -c ipam -f\n";
  for (const CommandWords& command : commands) {
    text += fmt::format("complete -c ipam -n '__ipam_words 1' -a {} -d {}\n", command.name, quoted(command.help));
    const auto add_options = [&](const std::string& at, const std::vector<std::string>& options) {
      for (const std::string& option : options) {
        const bool is_long = option.starts_with("--");
        text += fmt::format("complete -c ipam -n \"__ipam_at {}\" {} {}\n", at, is_long ? "-l" : "-s", option.substr(is_long ? 2 : 1));
      }
    };
    const std::string noun = quoted(pattern_of(command));
    if (command.verbs.empty()) add_options(noun, command.options);
    for (const VerbWords& verb : command.verbs) {
      text += fmt::format("complete -c ipam -n \"__ipam_words 2; and __ipam_at {}\" -a {} -d {}\n", noun, verb.name, quoted(verb.help));
      add_options(noun + " " + verb.name, verb.options);
      if (verb.takes_object && command.can_list) {
        text += fmt::format("complete -c ipam -n \"__ipam_words 3; and __ipam_at {} {}\" -a '(ipam {} list -q --limit {} 2>/dev/null </dev/null)'\n",
                            noun, verb.name, command.name, kNames);
      }
    }
  }
  return text + "complete -c ipam -n \"__ipam_at completion\" -a 'bash zsh fish'\n";
}

}  // namespace

Result<std::string> completion_script(std::string_view shell, const std::vector<CommandWords>& commands) {
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  return Error(ErrorCode::InvalidArgument, "'" + shorten(shell, 20) + "' is not one of bash, zsh, fish");
}

}  // namespace ipam::cli
