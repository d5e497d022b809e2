import type { Command } from "commander";
import { addCommonOptions, type CommonFlags } from "./options.js";

/** Flags of `rbm-rg kadanoff`. */
export interface KadanoffFlags extends CommonFlags {
  readonly out?: string;
  readonly force?: boolean;
}

const examples = `Examples:
  rbm-rg kadanoff
  rbm-rg kadanoff --json
  rbm-rg kadanoff -o results/kadanoff                  tables and figures of flow and free energy
`;

/** `rbm-rg kadanoff`: Kadanoff's variational renormalization group, computed exactly. */
export function configureKadanoff(command: Command): void {
  command
    .addHelpText("before", examples)
    .option("-o, --out <folder>", "also write tables and figures there (default: nothing is written)")
    .option("--force", "replace an existing analysis");
  addCommonOptions(command, false);
  command.action(async (flags: KadanoffFlags) => {
    const { runKadanoff } = await import("./kadanoff-run.js");
    await runKadanoff(flags);
  });
}
