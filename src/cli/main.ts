import { Command, CommanderError } from "commander";
import { RbmRgError } from "../errors/index.js";
import { VERSION } from "../runs/version.js";
import { addCollectCommand } from "./collect.js";
import { addExactCommand } from "./exact.js";
import { addInspectCommand } from "./inspect.js";
import { addReportCommand } from "./report.js";
import { addReproduceCommand } from "./reproduce.js";
import { addSampleCommand } from "./sample.js";
import { addTrainCommand } from "./train.js";

const USAGE_EXIT = 64;
const FAILURE_EXIT = 1;
const WRITE_EXIT = 73;

const overview = `Do restricted Boltzmann machines do renormalization? Sample the Ising model, train RBMs on it,
look at what they learned; every number is checked against an exact one where one exists.

Examples:
  rbm-rg reproduce mehta-schwab                        the Mehta–Schwab experiment, figures included
  rbm-rg train -L 4 -T 2.269 -n 20000 --hidden 16 --estimator pcd
  for T in 2.0 2.2 2.4; do rbm-rg train -L 8 -T $T --hidden 32; done; rbm-rg collect results/*
`;

/** The program: parse, run one command, map errors to exit codes. Returns the exit code; never ends the process. */
export async function main(argv: readonly string[]): Promise<number> {
  const program = new Command("rbm-rg")
    .description("Do restricted Boltzmann machines do renormalization?")
    .version(VERSION)
    .addHelpText("before", overview)
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true)
    .exitOverride();
  for (const add of [
    addSampleCommand,
    addExactCommand,
    addTrainCommand,
    addReportCommand,
    addCollectCommand,
    addInspectCommand,
    addReproduceCommand,
  ]) {
    add(program);
  }
  // A reader that has seen enough (`| head`) closes the pipe; that is not an error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`rbm-rg: cannot write to standard output: ${error.message}\n`);
    process.exitCode = WRITE_EXIT;
  });
  try {
    await program.parseAsync(argv);
    return 0;
  } catch (error) {
    return explain(error);
  }
}

/** Print an error for the user and choose the exit code. Commander has printed its own messages already. */
function explain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_EXIT;
  if (error instanceof RbmRgError) {
    process.stderr.write(`rbm-rg: ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `rbm-rg: internal error, please report it with the command that caused it:\n${stack}\n`,
  );
  return FAILURE_EXIT;
}
