import { dirname } from "node:path";
import type { Command } from "commander";
import type { RawConfig } from "../runs/config/index.js";
import type { MadeDataset } from "../experiment/make-dataset.js";
import type { SampleSource } from "../runs/index.js";
import type { ObservableRow } from "../runs/observables-table.js";
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
  samplingChains,
  samplingOptions,
} from "./options.js";
import { significant, withError } from "../statistics/number-text.js";
import { formatTable, printJson } from "./output.js";
import type { SampleTask } from "./sample-plan.js";
import { addStopOptions, type StopFlags } from "./stop-options.js";

interface SampleFlags extends ConfigFlags, EventsFlags, MachineFlags, StopFlags {
  readonly out?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

const options = [...modelOptions, ...samplingOptions, samplingChains];

const examples = `Examples:
  rbm-rg sample -L 40 -K 0.408 -n 20000 -o results/ising
  rbm-rg sample -L 16 -T 2.0:2.6:0.1 --seed 7          seven datasets, results/ising-16x16/T2, …/T2.1, …
  rbm-rg sample --lattice 64 -T 1.5 --algorithm heat-bath
`;

/** `rbm-rg sample`: draw Ising configurations into dataset folders. */
export function configureSample(command: Command): void {
  command.addHelpText("before", examples);
  addOptions(command, options);
  addConfigOptions(command);
  addMachineOptions(command);
  addStopOptions(command);
  addEventsOption(command);
  addCommonOptions(command, true);
  command.option("-o, --out <folder>", "where to write (default: results/ising-<lattice>-<temperature>)");
  command.option("--force", "replace an existing dataset");
  command.option(
    "--dry-run",
    "check everything and say what would be sampled, and its memory; write nothing",
  );
  command.action((flags: SampleFlags) => runSample(flags, command));
}

async function runSample(flags: SampleFlags, command: Command): Promise<void> {
  const { sampleDataset } = await import("../experiment/make-dataset.js");
  const { createFolder } = await import("../io/folders.js");
  const { holdsDataset, requireReplaceableDataset } = await import("../runs/dataset-folder.js");
  const { samplingIdentity } = await import("../runs/sampling-checkpoint.js");
  const { isFileSource, resolveConfig } = await import("../runs/config/index.js");
  const { withStoppableEnvironment } = await import("./environment.js");
  const { spreadTemperatures } = await import("./temperature-list.js");
  const points = spreadTemperatures(await layeredConfig(flags, await flagsConfig(command, options)));
  const tasks = points.map((point): SampleTask => {
    const resolved = resolveConfig(withoutLayers(point.config), configOrigin(flags));
    const { data, seed } = resolved;
    if (isFileSource(data)) throw new TypeError("sample needs a sample section");
    const path = outputPath(flags.out, data.lattice, point.label, points.length > 1);
    const isThere = flags.force !== true && holdsDataset(path, samplingIdentity(data, seed));
    return { config: { ...resolved, hidden: [] }, data, seed, path, isThere };
  });
  for (const { path, isThere } of tasks) {
    requireEventsOutside(flags, path);
    if (!isThere) requireReplaceableDataset(path, flags.force === true);
  }
  if (flags.dryRun === true) {
    const { showSamplePlan } = await import("./sample-plan.js");
    await showSamplePlan(tasks, flags);
    return;
  }
  for (const { path } of tasks) createFolder(dirname(path));
  const results: object[] = [];
  await withStoppableEnvironment(flags, async (environment) => {
    for (const { data, seed, path, isThere } of tasks) {
      if (isThere) {
        results.push({ path, skipped: true });
        environment.progress.note(
          `${path} is sampled already, with this configuration (--force samples it again).`,
        );
        continue;
      }
      const made = await sampleDataset(data, seed, path, environment, { replace: true });
      results.push(describe(path, made));
      if (flags.json !== true) printSummary(datasetText(path, data, made, flags.quiet === true), flags);
    }
  });
  if (flags.json === true) printJson(results);
}

/** No layer is trained here: the default one must not be too large for the lattice. */
function withoutLayers(config: RawConfig): RawConfig {
  return "model" in config ? config : { ...config, model: { hidden: [1] } };
}

/** One dataset for people. */
function datasetText(
  path: string,
  data: SampleSource,
  { set, observables }: MadeDataset,
  quiet: boolean,
): string {
  const line =
    `${path}: ${set.configurations.rows} configurations of ${data.lattice} at K = ${data.coupling} by ${set.algorithm} ` +
    `(${set.chains} chains, ${set.thermalization} ${set.stepUnit}s to thermalise, every ${set.spacing})`;
  return quiet ? line : `${line}\n${observablesTable(observables)}`;
}

/** One dataset as JSON. */
function describe(path: string, { set, observables }: MadeDataset): object {
  const { algorithm, chains, thermalization, spacing } = set;
  return { path, algorithm, chains, thermalization, spacing, observables };
}

function outputPath(out: string | undefined, lattice: string, label: string, several: boolean): string {
  if (several) return `${out ?? `results/ising-${lattice}`}/${label}`;
  return out ?? `results/ising-${lattice}-${label}`;
}

function observablesTable(rows: readonly ObservableRow[]): string {
  const number = (value: number | null, digits: number): string =>
    value === null ? "–" : significant(value, digits);
  return formatTable(
    ["observable", "value(error)", "tau", "ess", "exact", "z"],
    rows.map(({ name, value, error, tau, ess, exact, z }) => [
      name,
      withError(value, error),
      number(tau, 3),
      number(ess, 5),
      number(exact, 8),
      z === null ? "–" : z.toFixed(1),
    ]),
  );
}
