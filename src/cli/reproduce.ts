import type { Command } from "commander";
import { addEventsOption } from "./events-option.js";
import { addCommonOptions } from "./options.js";
import type { ReproduceFlags } from "./reproduce-study.js";
import { addStopOptions } from "./stop-options.js";

const examples = `Examples:
  rbm-rg reproduce mehta-schwab                     40×40, three layers
  rbm-rg reproduce mehta-schwab --scale smoke       a small lattice, under a minute
  rbm-rg reproduce mehta-schwab --scale paper       as printed: 0/1 units, 200 epochs
  rbm-rg reproduce burns --jobs 2                   what training on the free energy does
  rbm-rg reproduce mehta-schwab --dry-run           what would run, how long, how much memory
`;

/** `rbm-rg reproduce`: a packaged study, from sampling to verdicts. */
export function configureReproduce(command: Command): void {
  command
    .argument("<study>", "mehta-schwab or burns")
    .addHelpText("before", examples)
    .option("--scale <name>", "smoke, standard or paper", "standard")
    .option("-j, --jobs <n>", "runs at a time (default: as many as there are processors, or runs)")
    .option("--threads <n>", "threads of each run (default: processors / jobs); no result depends on it")
    .option("--kernels <name>", "auto, wasm or reference (default: auto, wasm where it runs)")
    .option("--keep-going", "go on with other runs after one has failed")
    .option("--retry <n>", "try a failed run again, so many times (default: 0)");
  addStopOptions(command);
  addEventsOption(command);
  addCommonOptions(command, true);
  command
    .option("-o, --out <folder>", "where to write (default: results/<study>, results/<study>-<scale>)")
    .option("--force", "begin anew, whatever is there")
    .option("--dry-run", "say what would run, how long and with how much memory; compute nothing");
  command.action(async (name: string, flags: ReproduceFlags) =>
    (await import("./reproduce-study.js")).reproduceStudy(name, flags),
  );
}
