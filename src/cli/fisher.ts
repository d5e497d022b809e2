import type { Command } from "commander";
import { basename, resolve } from "node:path";
import { defaultFisher, MOST_FISHER_SAMPLES } from "../analysis/fisher/defaults.js";
import type { Kernels } from "../kernels/index.js";
import type { LayerFisher } from "../report/fisher/fisher-tables.js";
import { significant } from "../statistics/number-text.js";
import { readCount } from "./count-option.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, addMachineOptions, type CommonFlags } from "./options.js";
import { formatTable, print, printJson } from "./output.js";

interface FisherFlags extends CommonFlags, MachineFlags {
  readonly layer?: string;
  readonly samples?: string;
  readonly gibbsSteps?: string;
  readonly directions?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const DEFAULTS = { layer: 1, ...defaultFisher };

const examples = `Examples:
  rbm-rg fisher results/run
  rbm-rg fisher results/run --samples 2000 --layer 2
  rbm-rg fisher results/T2.0 results/T2.27 results/T2.6 -o results/sloppiness       against temperature
`;

/** `rbm-rg fisher`: spectra of the Fisher matrices of trained layers, and whether they are sloppy. */
export function configureFisher(command: Command): void {
  command
    .argument("<runs...>", "run folders; several are compared, against temperature and epochs")
    .addHelpText("before", examples)
    .option("--layer <n>", `layer, counted from 1 at the bottom (default: ${DEFAULTS.layer})`)
    .option("--samples <n>", `model samples, from as many Gibbs chains (default: ${DEFAULTS.samples})`)
    .option("--gibbs-steps <n>", `Gibbs steps of each chain (default: ${DEFAULTS.steps})`)
    .option("--directions <n>", `stiffest directions to show (default: ${DEFAULTS.directions})`)
    .option("-o, --out <folder>", "where to write (default: results/fisher-<name of the first run>)")
    .option("--force", "replace an existing analysis");
  addMachineOptions(command);
  addCommonOptions(command, true);
  command.action((runs: readonly string[], flags: FisherFlags) => runFisher(runs, flags));
}

async function runFisher(runs: readonly string[], flags: FisherFlags): Promise<void> {
  const { LEAST_SAMPLES } = await import("../analysis/fisher/analysis.js");
  const { requireReplaceableAnalysis, writeAnalysisFolder } = await import("../report/analysis-folder.js");
  const { fisherFiles } = await import("../report/fisher/fisher-report.js");
  const { fisherSummary, spectraOf } = await import("../report/fisher/fisher-tables.js");
  const { withEnvironment } = await import("./environment.js");
  const options = {
    layer: readCount("--layer", flags.layer, 1, DEFAULTS.layer),
    samples: readCount("--samples", flags.samples, LEAST_SAMPLES, DEFAULTS.samples, MOST_FISHER_SAMPLES),
    steps: readCount("--gibbs-steps", flags.gibbsSteps, 1, DEFAULTS.steps),
    directions: readCount("--directions", flags.directions, 0, DEFAULTS.directions),
  };
  const folder = flags.out ?? `results/fisher-${basename(resolve(runs[0]))}`;
  requireReplaceableAnalysis(folder, "fisher", flags.force === true);
  const seed = flags.seed ?? "1";
  await withEnvironment(flags, async ({ kernels, progress }) => {
    const layers: LayerFisher[] = [];
    progress.start("Fisher matrices", runs.length);
    for (const run of runs) {
      await progress.update(layers.length, run);
      layers.push(await layerFisher(run, options, seed, kernels));
    }
    progress.finish();
    const inputs = runs.map((path) => ({ path, sha256: null }));
    const files = await fisherFiles(layers);
    writeAnalysisFolder(folder, { kind: "fisher", seed, inputs, options }, files, { replace: true });
    const rows = layers.flatMap((layer) =>
      spectraOf(layer).map((spectrum) => fisherSummary(layer, spectrum)),
    );
    if (flags.json === true) printJson({ folder, spectra: rows.map((row) => Object.fromEntries(row)) });
    else if (flags.quiet !== true)
      print(`${table(layers)}\nwritten: ${folder}/fisher.csv, ${folder}/figures/spectra.png`);
  });
}

/** The Fisher matrices of one layer of a run folder. */
async function layerFisher(
  run: string,
  options: { layer: number; samples: number; steps: number; directions: number },
  seed: string,
  kernels: Kernels,
): Promise<LayerFisher> {
  const { seedKey } = await import("../random/index.js");
  const { measureFisher } = await import("../report/fisher/measure-fisher.js");
  const { readTrainedLayer } = await import("../runs/trained-layer.js");
  const trained = readTrainedLayer(run, options.layer);
  return measureFisher({ ...trained, run, layer: options.layer }, options, seedKey(seed), kernels);
}

function table(layers: readonly LayerFisher[]): string {
  const number = (value: number | undefined): string => (value === undefined ? "–" : significant(value, 4));
  const header = [
    "run",
    "distribution",
    "parameters",
    "λ max",
    "dimension",
    "half of the samples",
    "decades",
    "verdict",
  ];
  const rows = layers.flatMap(({ run, spectra }) =>
    [spectra.marginal, spectra.joint].map((spectrum) => [
      run,
      spectrum.kind,
      String(spectrum.parameters),
      number(spectrum.eigenvalues[0]),
      number(spectrum.dimension.unbiased),
      spectrum.exact ? "exact" : number(spectrum.halvedDimension?.unbiased),
      number(spectrum.verdict.decades),
      spectrum.verdict.kind,
    ]),
  );
  return formatTable(header, rows);
}
