import type { Command } from "commander";
import { UsageError } from "../errors/index.js";
import type { Convention } from "../runs/interchange/convention.js";
import type { ExportedLayer } from "../runs/interchange/export-layers.js";
import { oneOf } from "./choice-option.js";
import { addCommonOptions, type CommonFlags } from "./options.js";
import { print, printJson } from "./output.js";

interface ExportFlags extends CommonFlags {
  readonly units?: string;
  readonly energy?: string;
  readonly orientation?: string;
  readonly layer?: string;
  readonly output?: string;
  readonly force?: boolean;
}

const examples = `Examples:
  rbm-rg export results/blocks -o blocks.npz
  rbm-rg export results/blocks --units binary --orientation hidden-visible -o blocks01.npz    as scikit-learn has it
  rbm-rg export results/blocks --layer 1 -o blocks.csv       with blocks-visible-bias.csv, blocks-hidden-bias.csv
`;

/** `rbm-rg export`: the layers of a run for other programs. */
export function configureExport(command: Command): void {
  command
    .argument("<run>", "run folder, finished or running")
    .addHelpText("before", examples)
    .requiredOption(
      "-o, --output <file>",
      ".npz: weights, visible_bias, hidden_bias (of a stack weights_1, …); .csv: the weights of one layer, and two files of biases",
    )
    .option("--units <type>", "spin (±1) or binary (0/1) (default: those of the run)")
    .option("--energy <sign>", "minus: E = −c·v − b·h − vᵀWh (default); plus: E = c·v + b·h + vᵀWh")
    .option("--orientation <name>", "visible-hidden: a row a visible unit (default), or hidden-visible")
    .option("--layer <n>", "this layer only, counted from 1 at the bottom (default: all)")
    .option("--force", "replace files that are there");
  addCommonOptions(command, false);
  command.action((run: string, flags: ExportFlags) => runExport(run, flags));
}

async function runExport(run: string, flags: ExportFlags): Promise<void> {
  const { manifestConfig, readLayers, readManifest, requireIntactInputs } = await import("../runs/index.js");
  const { exportLayer } = await import("../runs/interchange/export-layers.js");
  const { MissingInputError } = await import("../errors/index.js");
  const file = flags.output!;
  if (!/\.(npz|csv)$/i.test(file)) {
    throw new UsageError(`-o ${file}: expected a file that ends in .npz or .csv.`);
  }
  const manifest = readManifest(run);
  requireIntactInputs(run, manifest, "analysis");
  const { units } = manifestConfig(manifest).training;
  const layers = readLayers(run, units);
  if (layers.length === 0)
    throw new MissingInputError(`${run} has no trained layer; there is nothing to export.`);
  const chosen = chosenLayers(run, flags.layer, layers.length);
  const convention = await readConvention(flags, units);
  const exported = chosen.map((layer) => exportLayer(layers[layer - 1], convention));
  const written = /\.csv$/i.test(file)
    ? await writeCsv(file, exported, convention, flags)
    : await writeNpz(file, exported, convention, flags);
  const shifts = exported.map(({ logPartitionShift }) => logPartitionShift);
  if (flags.json === true) {
    printJson({ run, layers: chosen, ...convention, files: written, log_partition_shift: shifts });
  } else if (flags.quiet !== true) {
    const shifted = shifts.some((shift) => shift !== 0);
    const remark = `ln Z of the run = ln Z of these weights + ${shifts.join(", + ")} (layer ${chosen.join(", ")})\n`;
    print(`${shifted ? remark : ""}written: ${written.join(", ")}`);
  }
}

function chosenLayers(run: string, text: string | undefined, count: number): readonly number[] {
  if (text === undefined) return Array.from({ length: count }, (_, index) => index + 1);
  const layer = /^[1-9]\d*$/.test(text) ? Number(text) : NaN;
  if (layer <= count) return [layer];
  throw new UsageError(`--layer ${text}: ${run} has ${count} layer(s), counted from 1 at the bottom.`);
}

async function readConvention(flags: ExportFlags, units: Convention["units"]): Promise<Convention> {
  const { energySigns, orientations } = await import("../runs/interchange/convention.js");
  return {
    units: oneOf("--units", flags.units, ["spin", "binary"] as const) ?? units,
    energy: oneOf("--energy", flags.energy, energySigns) ?? "minus",
    orientation: oneOf("--orientation", flags.orientation, orientations) ?? "visible-hidden",
  };
}

async function writeNpz(
  file: string,
  layers: readonly ExportedLayer[],
  convention: Convention,
  { force }: ExportFlags,
): Promise<readonly string[]> {
  const { writeFileAtomic } = await import("../io/index.js");
  const { exportedNpz } = await import("../runs/interchange/export-layers.js");
  await requireNew([file], force === true);
  writeFileAtomic(file, exportedNpz(layers, convention));
  return [file];
}

/** A table holds one matrix: the biases are files beside it. */
async function writeCsv(
  file: string,
  layers: readonly ExportedLayer[],
  convention: Convention,
  { force }: ExportFlags,
): Promise<readonly string[]> {
  if (layers.length > 1) {
    throw new UsageError(
      `a .csv file holds one of the ${layers.length} layers; choose it with --layer, or write .npz.`,
    );
  }
  const { writeFileAtomic } = await import("../io/index.js");
  const { exportedBiasCsv, exportedWeightsCsv } = await import("../runs/interchange/export-layers.js");
  const base = file.slice(0, -".csv".length);
  const files = [file, `${base}-visible-bias.csv`, `${base}-hidden-bias.csv`];
  await requireNew(files, force === true);
  const [layer] = layers;
  writeFileAtomic(files[0], exportedWeightsCsv(layer, convention));
  writeFileAtomic(files[1], exportedBiasCsv("visible_bias", layer.visibleBias));
  writeFileAtomic(files[2], exportedBiasCsv("hidden_bias", layer.hiddenBias));
  return files;
}

async function requireNew(files: readonly string[], force: boolean): Promise<void> {
  const { OutputError } = await import("../errors/index.js");
  const { pathStatus, requireWritable } = await import("../io/index.js");
  for (const file of files) {
    const status = pathStatus(file);
    if (status?.isDirectory() === true) throw new OutputError(`${file} is a folder; expected a file.`);
    if (status !== undefined && !force)
      throw new OutputError(`${file} exists. Choose another -o, or --force.`);
    requireWritable(file);
  }
}
