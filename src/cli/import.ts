import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import type { LayerArrays } from "../kernels/index.js";
import type { ExperimentConfig, RawConfig } from "../runs/config/index.js";
import type { ForeignStack } from "../runs/interchange/foreign-layers.js";
import { oneOf } from "./choice-option.js";
import { readCount } from "./count-option.js";
import type { MachineFlags } from "./environment.js";
import {
  addCommonOptions,
  addMachineOptions,
  addOptions,
  type CommonFlags,
  dataFileOptions,
  flagsConfig,
  modelOptions,
  samplingOptions,
  withDataSection,
} from "./options.js";
import { print, printJson } from "./output.js";

interface ImportFlags extends CommonFlags, MachineFlags {
  readonly units?: string;
  readonly energy?: string;
  readonly orientation?: string;
  readonly weights?: string;
  readonly visibleBias?: string;
  readonly hiddenBias?: string;
  /** Commander's name for what --no-bias says. */
  readonly bias: boolean;
  readonly data?: string;
  readonly ownSamples?: string;
  readonly out?: string;
  readonly force?: boolean;
}

/** Configurations drawn from the model where no data are given. */
const OWN_SAMPLES = 2000;

const examples = `Examples:
  rbm-rg import model.npz --units binary --data digits.npy --lattice 28x28 -o results/digits
  rbm-rg import sklearn.npz --units binary -o results/sklearn          components_, intercept_hidden_, …
  rbm-rg import W.npy --visible-bias c.npy --hidden-bias b.npy --units spin --energy plus -L 8 -K 0.44 -o results/theirs
`;

/** `rbm-rg import`: an RBM or stack trained elsewhere as a run folder. */
export function configureImport(command: Command): void {
  command
    .argument(
      "<weights...>",
      ".npz, .npy or .csv; several files are the layers of a stack, from the bottom up",
    )
    .addHelpText("before", examples)
    .option("--units <type>", "spin (±1) or binary (0/1); needed unless the archive says so")
    .option("--energy <sign>", "minus: E = −c·v − b·h − vᵀWh (default); plus: E = c·v + b·h + vᵀWh")
    .option(
      "--orientation <name>",
      "visible-hidden: a row a visible unit; hidden-visible: a row a hidden unit (default: what fits biases and data)",
    )
    .option("--weights <name>", "name of the weights in the archive (default: weights, W, components_, …)")
    .option(
      "--visible-bias <name>",
      "name of the visible biases in the archive, or a file (default: by usual names)",
    )
    .option(
      "--hidden-bias <name>",
      "name of the hidden biases in the archive, or a file (default: by usual names)",
    )
    .option("--no-bias", "all biases are zero, whatever else the archive holds")
    .option(
      "--data <path>",
      "dataset folder, .npy or .csv of ±1 or 0/1 configurations to hold the model against",
    );
  addOptions(command, [...modelOptions, ...samplingOptions, ...dataFileOptions]);
  command
    .option(
      "--own-samples <n>",
      `configurations drawn from the model where no data are given or sampled (default: ${OWN_SAMPLES})`,
    )
    .option("-o, --out <folder>", "run folder (default: results/<name of the file>)")
    .option("--force", "replace a different run in the same folder");
  addMachineOptions(command);
  addCommonOptions(command, true);
  command.action((paths: readonly string[], flags: ImportFlags) => runImport(paths, flags, command));
}

async function runImport(paths: readonly string[], flags: ImportFlags, command: Command): Promise<void> {
  const { readForeignStack } = await import("../runs/interchange/foreign-layers.js");
  const { importLayers } = await import("../runs/interchange/import-layers.js");
  const { importRun } = await import("../experiment/import-run.js");
  const { withEnvironment } = await import("./environment.js");
  const { requireOutputFolder } = await import("./output-folder.js");
  const stack = readForeignStack(paths, {
    weights: flags.weights ?? null,
    visibleBias: flags.visibleBias ?? null,
    hiddenBias: flags.hiddenBias ?? null,
    noBias: !flags.bias,
  });
  const convention = await readConvention(flags, stack);
  const data = await flagsConfig(command, [...modelOptions, ...samplingOptions, ...dataFileOptions]);
  const section = await withDataSection(flags.data, data);
  const run = flags.out ?? `results/${nameOf(paths[0])}`;
  requireOutputFolder(run);
  const visible = await knownVisible(section);
  const { layers, orientation } = importLayers(stack.layers, convention, visible);
  const config = await importConfig(section, layers, run, flags);
  const samples = readCount("--own-samples", flags.ownSamples, 1, OWN_SAMPLES);
  const ownSamples = hasSource(section) ? null : samples;
  if (ownSamples === null && flags.ownSamples !== undefined) {
    throw new UsageError(
      "--own-samples are drawn where there are no other data; leave out one or the other.",
    );
  }
  const { files } = stack;
  const request = { layers, files, energy: convention.energy, orientation, config, ownSamples };
  const outcome = await withEnvironment(flags, (environment) =>
    importRun(request, run, environment, { force: flags.force === true }),
  );
  const summary = outcome.kind === "imported" ? Object.fromEntries(outcome.report.summary) : {};
  if (flags.json === true) printJson({ run, status: outcome.kind, orientation, ...summary });
  else if (outcome.kind === "already-there") {
    if (flags.quiet !== true)
      print(`${run} holds this model already; nothing to do (--force imports it again).`);
  } else if (flags.quiet !== true) {
    const { summaryText } = await import("./summary-text.js");
    const absent = absentBiases(stack);
    print(
      `weights read as ${orientation.replace("-", " × ")}${absent === null ? "" : `, ${absent} zero`}; kept in single precision`,
    );
    if (ownSamples !== null) {
      print(
        `no data were given: beside ${ownSamples} configurations of the model itself; --data names others`,
      );
    }
    print(summaryText(run, outcome.report));
  }
}

/** The biases that no file has, at least of one layer; null if all are there. */
function absentBiases({ layers }: ForeignStack): string | null {
  const visible = layers.some(({ visibleBias }) => visibleBias === null);
  const hidden = layers.some(({ hiddenBias }) => hiddenBias === null);
  if (visible && hidden) return "biases";
  return visible ? "visible biases" : hidden ? "hidden biases" : null;
}

/** The convention by the flags, which may not contradict what the archive says. */
async function readConvention(flags: ImportFlags, stack: ForeignStack) {
  const { energySigns, orientations } = await import("../runs/interchange/convention.js");
  const { agreedConvention } = await import("../runs/interchange/read-model.js");
  const units = oneOf("--units", flags.units, ["spin", "binary"] as const);
  const energy = oneOf("--energy", flags.energy, energySigns);
  const orientation = oneOf("--orientation", flags.orientation, orientations);
  return agreedConvention(stack, {
    ...(units === undefined ? {} : { units }),
    ...(energy === undefined ? {} : { energy }),
    ...(orientation === undefined ? {} : { orientation }),
  });
}

function nameOf(path: string): string {
  const name = path.split(/[/\\]/).at(-1) ?? "";
  return name.replace(/\.[a-z]+$/i, "").replace(/[^\w.=+-]+/g, "_");
}

/** Whether the flags name data, or how to sample them. */
function hasSource(section: RawConfig): boolean {
  const data = section["data"] as { readonly path?: string } | undefined;
  const sample = section["sample"] as Readonly<Record<string, unknown>> | undefined;
  return (
    data?.path !== undefined || (sample !== undefined && Object.keys(sample).some((key) => key !== "lattice"))
  );
}

/** The number of visible units by the lattice or the data, if one of them tells. */
async function knownVisible(section: RawConfig): Promise<number | null> {
  const { getPath } = await import("../runs/config/index.js");
  const lattice = getPath(section, "data.lattice") ?? getPath(section, "sample.lattice");
  if (typeof lattice === "string") {
    const { parseLattice } = await import("../ising/lattice.js");
    return parseLattice(lattice).sites;
  }
  const packed = getPath(section, "data.packed");
  if (typeof packed === "number") return packed;
  const path = getPath(section, "data.path");
  if (typeof path !== "string") return null;
  const { readDataset } = await import("../runs/index.js");
  return readDataset(path).rows.columns;
}

/** The configuration of a run of these layers that trains nothing. */
async function importConfig(
  section: RawConfig,
  layers: readonly LayerArrays[],
  run: string,
  { seed }: ImportFlags,
): Promise<ExperimentConfig> {
  const { getPath, resolveConfig } = await import("../runs/config/index.js");
  const { ownSamplesPath } = await import("../experiment/import-run.js");
  const lattice = getPath(section, "sample.lattice") ?? getPath(section, "data.lattice");
  const own = { data: { path: ownSamplesPath(run), ...(lattice === undefined ? {} : { lattice }) } };
  return resolveConfig(
    {
      ...(hasSource(section) ? section : own),
      name: nameOf(run.replace(/[/\\]+$/, "")) || "imported",
      ...(seed === undefined ? {} : { seed }),
      model: { hidden: layers.map(({ hidden }) => hidden), units: layers[0].units },
      train: { epochs: 0 },
    },
    "the options",
  );
}
