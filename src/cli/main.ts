import { VERSION } from "../runs/version.js";

const FAILURE_EXIT = 1;
const WRITE_EXIT = 73;

/**
 * The program: parse, run one command, map errors to exit codes. Returns the exit code; never ends the process. What a
 * command line does not need is not loaded.
 */
export async function main(argv: readonly string[]): Promise<number> {
  // A reader that has seen enough (`| head`) closes the pipe; that is not an error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.stderr.write(`rbm-rg: cannot write to standard output: ${error.message}\n`);
    process.exitCode = WRITE_EXIT;
  });
  // A log that takes nothing more (its disk is full) must not end what is being done, nor change its exit code.
  process.stderr.on("error", () => undefined);
  if (argv.length === 3 && ["--version", "-V"].includes(argv[2])) {
    process.stdout.write(`${VERSION}\n`);
    return 0;
  }
  try {
    const { endWithScheduler } = await import("./scheduler.js");
    endWithScheduler();
    const { runProgram } = await import("./program.js");
    return await runProgram(argv, VERSION);
  } catch (error) {
    return await explain(error);
  }
}

/** Print an error for the user and choose the exit code. */
async function explain(error: unknown): Promise<number> {
  const { RbmRgError } = await import("../errors/index.js");
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
