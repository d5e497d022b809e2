import { short, withInterval } from "../number-text.js";
import { type Claim, type StudyRun, summaryNumber } from "../study.js";
import { withError } from "../verdicts.js";
import { writeTable } from "../write-table.js";

/** Share of localised units above which a layer counts as block spins. */
const BLOCK_SHARE = 0.9;

/** Overlap with a block majority above which a local unit is called a block spin; correlations alone give an extended unit
 * less, 0.67 after one epoch without penalty. */
const MAJORITY_OVERLAP = 0.75;

/** |z| above which a sampled value contradicts the exact one, and errors above which a difference is one. */
const Z_LIMIT = 4;

/** Errors by which an accuracy may be lower and still be as good. */
const AS_GOOD = 2;

/** Columns of tables/layers.csv, each a column of summary.csv for every layer. */
const layerColumns = [
  "localized_fraction",
  "beyond_null_fraction",
  "dead_units",
  "participation_ratio",
  "participation_ratio_lower",
  "participation_ratio_upper",
  "core_radius",
  "core_radius_lower",
  "core_radius_upper",
  "gaussian_length",
  "exponential_length",
  "response_core_radius",
  "block_size",
  "block_overlap",
  "site_overlap",
  "coverage",
  "coverage_random",
  "nearest_center",
  "nearest_center_random",
  "growth",
  "growth_lower",
  "growth_upper",
  "random_composition_growth",
  "random_composition_growth_lower",
  "random_composition_growth_upper",
  "reconstruction_accuracy",
  "reconstruction_accuracy_error",
  "majority_accuracy",
  "block_accuracy",
  "reconstructed_energy",
  "reconstructed_energy_error",
  "reconstructed_abs_magnetization",
] as const;

/** A figure of one layer of a run. */
type LayerValue = (name: string, layer: number) => number;

/** The stack of all layers: blocks, their growth, the tiling, and what comes back from the top. */
export function concludeStack(run: StudyRun, folder: string): readonly Claim[] {
  const value: LayerValue = (name, layer) => summaryNumber(run, `${name}_${layer}`);
  const layers = run.config.hidden.map((_, index) => index + 1);
  writeTable(
    folder,
    "layers",
    ["layer", "units", ...layerColumns],
    layers.map((layer) => [
      layer,
      run.config.hidden[layer - 1],
      ...layerColumns.map((name) => value(name, layer)),
    ]),
  );
  return [
    sampling(run),
    ...blocks(value),
    ...growth(value, layers),
    tiling(value, layers),
    ...reconstruction(value, layers, run),
  ];
}

function sampling(run: StudyRun): Claim {
  const value = (name: string): number => summaryNumber(run, name);
  const z = (value("energy") - value("energy_exact")) / value("energy_error");
  return {
    claim:
      "the samples are Ising configurations at this temperature (energy per site against the exact value)",
    measured: `E/N = ${withError({ value: value("energy"), error: value("energy_error") })}, exact ${short(value("energy_exact"))}, z = ${short(z)}`,
    verdict: Number.isNaN(z) ? "undecided" : Math.abs(z) < Z_LIMIT ? "yes" : "no",
  };
}

function blocks(value: LayerValue): readonly Claim[] {
  const share = value("localized_fraction", 1);
  const radius = withInterval(
    value("core_radius", 1),
    value("core_radius_lower", 1),
    value("core_radius_upper", 1),
  );
  return [
    {
      claim: "layer-1 units are local blocks (participation ratio < 30 sites and core radius < 4 sites)",
      measured:
        `${short(100 * share)} % of units; ${short(100 * value("beyond_null_fraction", 1))} % are smaller than chance allows; ` +
        `median PR ${short(value("participation_ratio", 1))} sites, median core radius ${radius} sites`,
      verdict: share >= BLOCK_SHARE ? "yes" : "no",
    },
    {
      claim: `layer-1 units follow the majority of a block of spins (local, and median overlap > ${MAJORITY_OVERLAP})`,
      measured: `median best block ${short(value("block_size", 1))} sites wide, overlap |⟨h · majority⟩| = ${short(value("block_overlap", 1))}; with the nearest spin ${short(value("site_overlap", 1))}`,
      verdict: share >= BLOCK_SHARE && value("block_overlap", 1) > MAJORITY_OVERLAP ? "yes" : "no",
    },
  ];
}

function growth(value: LayerValue, layers: readonly number[]): readonly Claim[] {
  const upper = layers.slice(1);
  const interval = (name: string, layer: number): string =>
    withInterval(value(name, layer), value(`${name}_lower`, layer), value(`${name}_upper`, layer));
  const grows = upper.every((layer) => value("growth_lower", layer) > 1);
  const exceeds = upper.every(
    (layer) => value("growth_lower", layer) > value("random_composition_growth_upper", layer),
  );
  return [
    {
      claim: "receptive fields grow with depth",
      measured: `median core radius by layer: ${layers.map((layer) => interval("core_radius", layer)).join(", ")} sites`,
      verdict: upper.length === 0 ? "undecided" : grows ? "yes" : "no",
    },
    {
      claim: "they grow more than sums of neighbouring units do that are put together at random",
      measured: upper
        .map(
          (layer) =>
            `layer ${layer - 1} to ${layer}: ×${interval("growth", layer)}, at random ×${interval("random_composition_growth", layer)}`,
        )
        .join("; "),
      verdict: upper.length === 0 ? "undecided" : exceeds ? "yes" : "no",
    },
  ];
}

/** Tiling: neighbours farther apart, and more of the lattice covered, than by units placed at random. */
function tiling(value: LayerValue, layers: readonly number[]): Claim {
  const apart = layers.every(
    (layer) => value("nearest_center", layer) > value("nearest_center_random", layer),
  );
  const covering = layers.every((layer) => value("coverage", layer) > value("coverage_random", layer));
  return {
    claim: "the units of each layer share out the lattice (more evenly than placed at random)",
    measured: layers
      .map(
        (layer) =>
          `layer ${layer}: nearest centre ${short(value("nearest_center", layer))} sites (random ${short(value("nearest_center_random", layer))}), ` +
          `coverage ${short(value("coverage", layer))} (random ${short(value("coverage_random", layer))})`,
      )
      .join("; "),
    verdict: apart && covering ? "yes" : "no",
  };
}

function reconstruction(value: LayerValue, layers: readonly number[], run: StudyRun): readonly Claim[] {
  const top = layers.at(-1)!;
  const accuracy = value("reconstruction_accuracy", top);
  const error = value("reconstruction_accuracy_error", top);
  const blockwise = value("block_accuracy", top);
  const lists = layers.map(
    (layer) =>
      `from ${run.config.hidden[layer - 1]} units ${short(100 * value("reconstruction_accuracy", layer))} % ` +
      `(as many block means ${short(100 * value("block_accuracy", layer))} %), E/N = ${short(value("reconstructed_energy", layer))}, ` +
      `|m| = ${short(value("reconstructed_abs_magnetization", layer))}`,
  );
  const energies = `originals E/N = ${short(summaryNumber(run, "energy"))}`;
  return [
    {
      claim:
        "the top layer reconstructs the configurations (more spins right than their magnetisation alone would give)",
      measured: `${lists.join("; ")}; ${energies}; magnetisation alone ${short(100 * value("majority_accuracy", top))} %`,
      verdict: accuracy - value("majority_accuracy", top) > Z_LIMIT * error ? "yes" : "no",
    },
    {
      claim: "it does so at least as well as the means of as many square blocks",
      measured: `${withError({ value: 100 * accuracy, error: 100 * error })} % against ${short(100 * blockwise)} %`,
      verdict: Number.isNaN(blockwise) ? "undecided" : accuracy > blockwise - AS_GOOD * error ? "yes" : "no",
    },
  ];
}
