import type { Command } from "commander";
import type { MachineFlags } from "./environment.js";
import {
  addCommonOptions,
  addMachineOptions,
  addOptions,
  type CommonFlags,
  flagsConfig,
  modelOptions,
  optionWithDefault,
  samplingChains,
  samplingOptions,
} from "./options.js";

/** Flags of `rbm-rg mcrg` but for those that say what is sampled. */
export interface McrgFlags extends CommonFlags, MachineFlags {
  readonly rule: string;
  readonly steps: string;
  readonly filter?: string;
  readonly bias?: string;
  readonly filterSide?: string;
  readonly filterCoupling?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** Flags that say what is sampled. */
const samplingFlags = [...modelOptions, ...samplingOptions, samplingChains];

const examples = `Examples:
  rbm-rg mcrg -L 64 -n 20000 --steps 3                 64×64 at K_c, sampled inline
  rbm-rg mcrg results/ising-64 --rule decimation -o results/mcrg
  rbm-rg mcrg ising-32 ising-64 ising-128 --steps 3    one row for each lattice and step
  rbm-rg mcrg -L 32 --rule rbm --filter weights.csv    p(h|v) of one filter with stride 2
  rbm-rg mcrg -L 32 --rule rbm-kl -o results/rbm-kl    the same, trained on the 4×4 torus at K_c
`;

/** `rbm-rg mcrg`: Swendsen's Monte-Carlo renormalization group. */
export function configureMcrg(command: Command): void {
  command
    .argument(
      "[data...]",
      "dataset folders, .npy or .csv files (default: sampled inline, at K_c unless told)",
    )
    .addHelpText("before", examples)
    .addOption(
      optionWithDefault(
        "--rule <name>",
        "block rule: majority, majority-3, decimation, random-filter, uniform-filter, rbm, or trained: rbm-kl, rbm-trace, rbm-reverse-kl",
        "majority",
      ),
    )
    .addOption(
      optionWithDefault(
        "--steps <n>",
        "renormalization steps; block spins must leave sides of 4 or more",
        "2",
      ),
    )
    .option("--filter <file>", "of rule rbm: weights w as a square table of numbers, at most 4×4")
    .option("--bias <b>", "of rule rbm: bias b of the block spin (default: 0)")
    .option("--filter-side <n>", "of trained rules: side of the filter, 2, 3 or 4 (default: 3)")
    .option("--filter-coupling <K>", "of trained rules: K of the Ising model they learn (default: K_c)")
    .option("-o, --out <folder>", "also write tables and a figure there (default: nothing is written)")
    .option("--force", "replace an existing analysis");
  addOptions(command, samplingFlags);
  addMachineOptions(command);
  addCommonOptions(command, true);
  command.action(async (data: readonly string[], flags: McrgFlags) => {
    const { runMcrg } = await import("./mcrg-run.js");
    await runMcrg(data, flags, await flagsConfig(command, samplingFlags));
  });
}
