import type { Command } from "commander";
import { addEventsOption } from "./events-option.js";
import { addCommonOptions, optionWithDefault } from "./options.js";
import type { ReproduceFlags } from "./reproduce-study.js";
import { addStopOptions } from "./stop-options.js";

const examples = `Examples:
  rbm-rg reproduce mehta-schwab                     40×40, three layers
  rbm-rg reproduce mehta-schwab --scale smoke       a small lattice, under a minute
  rbm-rg reproduce mehta-schwab --scale full        the L1 scan, the printed setting and the controls beside it
  rbm-rg reproduce mehta-schwab --scale paper       as printed: 0/1 units, 200 epochs
  rbm-rg reproduce block-or-correlation             receptive fields against temperature and compression
  rbm-rg reproduce burns --jobs 2                   what training on the free energy does
  rbm-rg reproduce mehta-schwab --dry-run           what would run, how long, how much memory
`;

/** `rbm-rg reproduce`: a packaged study, from sampling to verdicts. Its help names all there are, which takes a moment. */
export async function loadReproduce(): Promise<(command: Command) => void> {
  const isHelp = process.argv.some((word) => word === "--help" || word === "-h");
  const list = isHelp ? await studyList() : "";
  return (command) => {
    configureReproduce(command, list);
  };
}

/** Every study with its scales and its question. */
async function studyList(): Promise<string> {
  const { findStudy, studyNames, studyScales } = await import("../studies/index.js");
  const lines = studyNames().map(
    (name) => `  ${name} (${studyScales(name).join(", ")})\n      ${findStudy(name)!.question}\n`,
  );
  return `\nStudies, and their scales:\n${lines.join("")}`;
}

function configureReproduce(command: Command, list: string): void {
  command
    .argument("<study>", "the name of a study")
    .addHelpText("before", examples)
    .addHelpText("after", list)
    .addOption(optionWithDefault("--scale <name>", "one of the study's scales", "standard"))
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
