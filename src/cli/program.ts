import { Command, CommanderError } from "commander";
import { commands } from "./commands.js";

const USAGE_EXIT = 64;

const overview = `Do restricted Boltzmann machines do renormalization? Sample the Ising model, train RBMs on it,
look at what they learned; every number is checked against an exact one where one exists.

Examples:
  rbm-rg reproduce mehta-schwab                        the Mehta–Schwab experiment, figures included
  rbm-rg train -L 4 -T 2.269 -n 20000 --hidden 16 --estimator pcd
  for T in 2.0 2.2 2.4; do rbm-rg train -L 8 -T $T --hidden 32; done; rbm-rg collect results/*
`;

/** Parse the command line and run its command. Returns the exit code; what a command throws is passed on. */
export async function runProgram(argv: readonly string[], version: string): Promise<number> {
  const program = new Command("rbm-rg")
    .description("Do restricted Boltzmann machines do renormalization?")
    .version(version)
    .addHelpText("before", overview)
    .configureHelp({
      showGlobalOptions: true,
      subcommandTerm: (command) => `${command.name()} ${command.usage()}`,
    })
    .showSuggestionAfterError(true)
    .exitOverride();
  const words = new Set(argv.slice(2));
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.description);
    if (words.has(entry.name)) (await entry.load())(command);
    else command.usage(entry.usage);
  }
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    // Commander has printed its own messages already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT;
    throw error;
  }
}
