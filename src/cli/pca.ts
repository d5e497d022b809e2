import type { Command } from "commander";
import { basename, resolve } from "node:path";
import { UsageError } from "../errors/index.js";
import type { PcaAnalysis } from "../analysis/pca/analysis.js";
import type { ModeComparison } from "../analysis/pca/linear-theory.js";
import type { SpectralExponent } from "../analysis/pca/spectral-exponent.js";
import type { ObservedData } from "../runs/observations-file.js";
import { readCount } from "./count-option.js";
import type { MachineFlags } from "./environment.js";
import { addCommonOptions, type CommonFlags, optionWithDefault } from "./options.js";
import { significant, withError } from "../statistics/number-text.js";
import { print, printJson } from "./output.js";

interface PcaFlags extends CommonFlags, MachineFlags {
  readonly lattice?: string;
  readonly mean: string;
  readonly standardize?: boolean;
  readonly momentRows?: string;
  readonly rbm?: string;
  readonly out?: string;
  readonly force?: boolean;
}

const examples = `Examples:
  rbm-rg pca results/ising                          an Ising dataset
  rbm-rg pca returns.csv --standardize              your own matrix, a row per observation
  rbm-rg pca spikes.npy --lattice 16x16 -o results/spikes-pca
  rbm-rg pca results/ising --rbm results/run        beside the weights trained on it
`;

/** `rbm-rg pca`: principal components of data, read as a momentum-shell renormalization group. */
export function configurePca(command: Command): void {
  command
    .argument(
      "<data>",
      "dataset folder, .npy or .csv (with or without a line of names): a row per observation, a column per unit",
    )
    .addHelpText("before", examples)
    .option(
      "--lattice <size>",
      "periodic lattice that the columns of a file live on, for example 40x40 or 64",
    )
    .addOption(
      optionWithDefault(
        "--mean <choice>",
        "data (subtract the mean of every column), zero, or auto: zero for Ising datasets without a field, else data",
        "auto",
      ),
    )
    .option("--standardize", "divide every column by its standard deviation")
    .option(
      "--moment-rows <n>",
      "most rows used for the fourth moments (default: what takes some twenty seconds)",
    )
    .option("--rbm <run>", "compare with the first layer of this run")
    .option("-o, --out <folder>", "where to write (default: results/pca-<name of the data>)")
    .option("--force", "replace an existing analysis");
  addCommonOptions(command, true);
  command.action((data: string, flags: PcaFlags) => runPca(data, flags));
}

async function runPca(path: string, flags: PcaFlags): Promise<void> {
  const { analyzePca } = await import("../analysis/pca/analysis.js");
  const { seedKey } = await import("../random/index.js");
  const { openObservations } = await import("../runs/observations-file.js");
  const { requireReplaceableAnalysis, writeAnalysisFolder } = await import("../report/analysis-folder.js");
  const { pcaFiles } = await import("../report/pca/pca-report.js");
  const { pcaSummary } = await import("../report/pca/pca-tables.js");
  const { withEnvironment } = await import("./environment.js");
  const name = basename(resolve(path)).replace(/\.[a-z]+$/i, "");
  const folder = flags.out ?? `results/pca-${name}`;
  requireReplaceableAnalysis(folder, "pca", flags.force === true);
  const data = openObservations(path, flags.lattice ?? null);
  const options = await resolveOptions(flags, data);
  const seed = flags.seed ?? "1";
  await withEnvironment(flags, async ({ progress }) => {
    progress.start("principal components", 4);
    let steps = 0;
    const analysis = await analyzePca(data.observations, { ...options, key: seedKey(seed) }, (step) =>
      progress.update(steps++, step),
    );
    progress.finish();
    const comparison = flags.rbm === undefined ? null : await compareWithRun(analysis, flags.rbm);
    const summary = [["data", path] as const, ["mean", options.mean] as const, ...pcaSummary(analysis)];
    const files = await pcaFiles({ analysis, name, shape: options.shape, comparison, summary });
    const inputs = [{ path, sha256: data.sha256 }];
    writeAnalysisFolder(folder, { kind: "pca", seed, inputs, options }, files, { replace: true });
    if (flags.json === true) {
      const { momentFlow, couplingFlow, rankExponent, fourierExponent } = analysis;
      printJson({
        folder,
        ...Object.fromEntries(summary),
        exponents: { rank: rankExponent, momentum: fourierExponent },
        fourth_moments: momentFlow,
        coupling_flow: couplingFlow,
      });
    } else if (flags.quiet !== true) {
      print(describe(path, folder, analysis));
    }
  });
}

async function resolveOptions(flags: PcaFlags, { observations, lattice, model }: ObservedData) {
  const { affordableMomentRows, defaultMean } = await import("../analysis/pca/defaults.js");
  const choices = ["auto", "data", "zero"] as const;
  const choice = choices.find((known) => known === flags.mean);
  if (choice === undefined) {
    throw new UsageError(`--mean ${flags.mean}: expected one of ${choices.join(", ")}.`);
  }
  return {
    mean: choice === "auto" ? defaultMean(model) : choice,
    standardize: flags.standardize === true,
    shape: lattice?.shape ?? null,
    momentRows: readCount("--moment-rows", flags.momentRows, 2, affordableMomentRows(observations.columns)),
  };
}

async function compareWithRun(analysis: PcaAnalysis, run: string): Promise<readonly ModeComparison[]> {
  const { compareWithLinearTheory } = await import("../analysis/pca/linear-theory.js");
  const { readTrainedLayer } = await import("../runs/trained-layer.js");
  return compareWithLinearTheory(analysis.eigen, readTrainedLayer(run, 1).parameters);
}

function describe(path: string, folder: string, analysis: PcaAnalysis): string {
  const { units, eigen, noise, rankExponent, fourierExponent, verdict } = analysis;
  const left = units.constant.length === 0 ? "" : `, ${units.constant.length} constant column(s) left out`;
  const above = eigen.values.filter((value) => value > noise.upper).length;
  const lines = [
    `${path}: ${units.count} units, ${units.samples} observations${left}`,
    `${verdict.kind.toUpperCase()}: ${verdict.reason}`,
    `1/α = ${formatExponent(rankExponent)} from eigenvalue against rank`,
    ...(fourierExponent === null ? [] : [`1/α = ${formatExponent(fourierExponent)} from S(k)`]),
    `${above} modes above the noise band of equal units (variance > ${significant(noise.upper, 4)})`,
    `written: ${folder}/pca.csv, ${folder}/figures/fourth-moments.png, ${folder}/figures/spectrum.png`,
  ];
  return lines.join("\n");
}

function formatExponent({
  inverseAlpha,
  standardError,
  interval,
  range,
  straight,
}: SpectralExponent): string {
  if (!Number.isFinite(inverseAlpha)) return "– (too few modes)";
  const digits = (value: number): string => significant(value, 3);
  const bent = straight ? "" : ", not a straight line";
  return (
    `${withError(inverseAlpha, standardError)}, interval ${interval.map(digits).join(" … ")}, ` +
    `fitted from ${range.map(digits).join(" to ")}${bent}`
  );
}
