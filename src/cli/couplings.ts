import type { Command } from "commander";
import { defaultCouplings } from "../analysis/couplings/defaults.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";

/** Flags of `rbm-rg couplings`. */
export interface CouplingsFlags extends CommonFlags, MachineFlags {
  readonly layer?: string;
  readonly reach?: string;
  readonly rows?: string;
  readonly largest?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const examples = `Examples:
  rbm-rg couplings results/run                       into results/run/couplings
  rbm-rg couplings results/run --reach 3 --json
  rbm-rg couplings results/stack --layer 2 -o results/second-layer
`;

/** `rbm-rg couplings`: the effective Hamiltonians of a trained layer, and whether it renormalizes. */
export function configureCouplings(command: Command): void {
  command
    .argument("<run>", "run folder, finished or with a trained layer")
    .addHelpText("before", examples)
    .option("--layer <n>", "layer, counted from 1 at the bottom (default: 1)")
    .option(
      "--reach <r>",
      `pairs up to this distance, in sites; of hidden spins in their mean spacing (default: ${defaultCouplings.reach})`,
    )
    .option(
      "--rows <n>",
      `configurations to project the Hamiltonians on and to fit H′ to (default: ${defaultCouplings.rows})`,
    )
    .option(
      "--largest <n>",
      "average exactly over the n largest weights of each unit only, over the others as a Gaussian (default: over all)",
    )
    .option("-o, --out <folder>", "where to write (default: <run>/couplings)")
    .option("--force", "replace an existing analysis");
  addMachineOptions(command);
  addCommonOptions(command, true);
  command.action(async (run: string, flags: CouplingsFlags) => {
    const { runCouplings } = await import("./couplings-run.js");
    await runCouplings(run, flags);
  });
}
