import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import type { MachineFlags } from "./environment.js";
import { addEventsOption, type EventsFlags, printSummary, requireEventsOutside } from "./events-option.js";
import {
  addCommonOptions,
  addConfigOptions,
  addMachineOptions,
  addOptions,
  configOrigin,
  type ConfigFlags,
  flagsConfig,
  layeredConfig,
  modelOptions,
  samplingOptions,
  trainingOptions,
  withDataSection,
} from "./options.js";
import { printJson } from "./output.js";
import { addStopOptions, type StopFlags } from "./stop-options.js";

interface TrainFlags extends ConfigFlags, EventsFlags, MachineFlags, StopFlags {
  readonly data?: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

const options = [...modelOptions, ...samplingOptions, ...trainingOptions];

const examples = `Examples:
  rbm-rg train -L 4 -T 2.269185 --hidden 16 --estimator pcd --epochs 100
  rbm-rg train --data results/ising --hidden 400,100,25 --no-bias --l1 0.01
  rbm-rg train -L 128 -K 0.44 --hidden 1024 --dry-run        how much memory would it take?
  rbm-rg train -L 64 -K 0.44 --hidden 512 --time-limit 01:55:00     end in time; the same command goes on
  rbm-rg train --config configs/mehta-schwab.yaml --scale smoke --set train.l1=0.005 -o results/l1-0.005
`;

/** `rbm-rg train`: configurations → RBM or stack → tables and figures, in one run folder. */
export function configureTrain(command: Command): void {
  command.addHelpText("before", examples);
  command.option("--data <path>", "dataset folder, .npy or .csv of ±1 or 0/1 configurations");
  addOptions(command, options);
  addConfigOptions(command);
  addMachineOptions(command);
  addStopOptions(command);
  addEventsOption(command);
  addCommonOptions(command, true);
  command
    .option("-o, --out <folder>", "run folder (default: results/<name>)")
    .option("--resume", "go on with an unfinished run; also done without this flag")
    .option("--force", "train from the beginning; replace a different run in the same folder")
    .option(
      "--dry-run",
      "check everything, print the resolved configuration and the memory it takes, compute nothing",
    );
  command.action((flags: TrainFlags) => runTrain(flags, command));
}

async function runTrain(flags: TrainFlags, command: Command): Promise<void> {
  if (flags.resume === true && flags.force === true) {
    throw new UsageError("--resume goes on with a run and --force starts it again; give one of them.");
  }
  const { resolveConfig } = await import("../runs/config/index.js");
  const raw = await layeredConfig(
    flags,
    await withDataSection(flags.data, await flagsConfig(command, options)),
  );
  const config = resolveConfig(raw, configOrigin(flags));
  const run = flags.out ?? `results/${config.name}`;
  requireEventsOutside(flags, run);
  if (flags.dryRun === true) {
    const { dryRun } = await import("./dry-run.js");
    await dryRun(config, run, flags);
    return;
  }
  const { runExperiment } = await import("../experiment/run-experiment.js");
  const { withStoppableEnvironment } = await import("./environment.js");
  const outcome = await withStoppableEnvironment(flags, (environment) =>
    runExperiment(config, run, environment, { force: flags.force === true }),
  );
  if (outcome.kind === "finished" && flags.quiet !== true) {
    for (const line of outcome.report.diagnoses) process.stderr.write(`rbm-rg: ${line}.\n`);
  }
  if (flags.json === true) {
    const summary = outcome.kind === "finished" ? Object.fromEntries(outcome.report.summary) : {};
    printJson({ run, status: outcome.kind, ...summary });
  } else if (outcome.kind === "already-finished") {
    printSummary(
      `${run} is finished already, with this configuration; nothing to do (--force trains it again).`,
      flags,
    );
  } else if (flags.quiet !== true) {
    const { summaryText } = await import("./summary-text.js");
    printSummary(summaryText(run, outcome.report), flags);
  }
}
