// Shell completion, generated from the program's own command tree so that it cannot lag behind it.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <map>
#include <ostream>
#include <vector>

#include "sluice/command.h"

namespace sluice::cli {
namespace {

struct Level {
  std::vector<std::string> commands;
  std::vector<std::string> options;
};

// "sluice token issue" → what may follow it.
using Levels = std::map<std::string, Level>;

void collect(const CLI::App& app, const std::string& path, Levels& levels) {
  Level& level = levels[path];
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) level.options.push_back("--" + name);
    for (const std::string& name : option->get_snames()) level.options.push_back("-" + name);
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    level.commands.push_back(command->get_name());
    collect(*command, path + " " + command->get_name(), levels);
  }
}

std::string bash_script(const Levels& levels) {
  std::vector<std::string> known;
  std::string cases;
  for (const auto& [path, level] : levels) {
    if (path != "sluice") known.push_back(fmt::format("\"{}\"", path));
    cases += fmt::format("    \"{}\") words=\"{} {}\" ;;\n", path, fmt::join(level.commands, " "),
                         fmt::join(level.options, " "));
  }
  return fmt::format(
      "_sluice() {{\n"
      "  local current=\"${{COMP_WORDS[COMP_CWORD]}}\" path=sluice words= i\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case \"$path ${{COMP_WORDS[i]}}\" in\n"
      "    {}) path=\"$path ${{COMP_WORDS[i]}}\" ;;\n"
      "    esac\n"
      "  done\n"
      "  case \"$path\" in\n{}  esac\n"
      "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
      "}}\n"
      "complete -o default -F _sluice sluice\n",
      fmt::join(known, "|"), cases);
}

std::string zsh_script(const Levels& levels) {
  return "autoload -U +X bashcompinit && bashcompinit\n" + bash_script(levels);
}

std::string fish_script(const Levels& levels) {
  std::string script;
  for (const auto& [path, level] : levels) {
    const std::string within = path == "sluice" ? "__fish_use_subcommand"
                                                : fmt::format("__fish_seen_subcommand_from {}",
                                                              path.substr(path.rfind(' ') + 1));
    for (const std::string& command : level.commands) {
      script += fmt::format("complete -c sluice -f -n '{}' -a {}\n", within, command);
    }
    for (const std::string& option : level.options) {
      const bool is_long = option.starts_with("--");
      script += fmt::format("complete -c sluice -n '{}' -{} {}\n", within, is_long ? 'l' : 's',
                            option.substr(is_long ? 2 : 1));
    }
  }
  return script;
}

}  // namespace

void add_completion(const Program& program) {
  CLI::App* command = program.app.add_subcommand("completion", "Print shell completion");
  command->footer("Example:\n  source <(sluice completion bash)");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([program, shell] {
    Levels levels;
    collect(program.app, "sluice", levels);
    program.io.out << (*shell == "bash"  ? bash_script(levels)
                       : *shell == "zsh" ? zsh_script(levels)
                                         : fish_script(levels));
    program.exit_code = kOk;
  });
}

}  // namespace sluice::cli
