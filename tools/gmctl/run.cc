#include "tools/gmctl/run.h"

#include "tools/gmctl/commands/commands.h"
#include "tools/gmctl/report.h"

namespace hallwarden::gmctl {
namespace {

ExitCode Fail(World& world, const absl::Status& status, Language language, bool color) {
  const std::string text = DescribeError(status, Catalogue(language));
  world.console.WriteError(FinishForConsole(text, color, false));
  return ExitCodeOf(status);
}

}  // namespace

ExitCode Run(const std::vector<std::string>& words, World& world) {
  const Language language = ReadLanguage(words, world.environment);
  const absl::StatusOr<Args> args = Args::Parse(words);
  if (!args.ok()) return Fail(world, args.status(), language, false);
  const absl::StatusOr<Manner> manner = ReadManner(*args, world);
  if (!manner.ok()) return Fail(world, manner.status(), language, false);
  Context context(world, *args, *manner);
  const CommandSpec& command = args->command();
  const absl::Status status = args->Has("help") && command.path != "help"
                                  ? ShowHelp(context, command)
                                  : command.handler(context);
  return status.ok() ? ExitCode::kOk : Fail(world, status, manner->language, manner->color_error);
}

}  // namespace hallwarden::gmctl
