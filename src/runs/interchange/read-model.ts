import { UsageError } from "../../errors/index.js";
import type { LayerArrays, UnitType } from "../../kernels/index.js";
import type { EnergySign, Orientation } from "./convention.js";
import { type ForeignChoice, type ForeignStack, readForeignStack } from "./foreign-layers.js";
import { type ImportConvention, importLayers } from "./import-layers.js";

/** What is said of weights from elsewhere; what an archive written by `writeModel` says of itself need not be. */
export interface ModelDescription extends Partial<ForeignChoice> {
  /** ±1 or 0/1; the weights do not tell. */
  readonly units?: UnitType;
  /** Default: `minus`, E = −c·v − b·h − vᵀWh. */
  readonly energy?: EnergySign;
  /** Which axis of the matrix comes first; default: inferred from the biases and the number of visible units. */
  readonly orientation?: Orientation;
  /** The number of visible units, where it is known. */
  readonly visible?: number;
}

/**
 * Read the layers of a model, from the bottom up, as this library has them: weights of shape visible × hidden in single precision,
 * E = −c·v − b·h − vᵀWh, units as they are. Files are .npz (one layer, or a stack `weights_1`, `weights_2`, …), .npy or CSV, one a
 * layer. UsageError where the description leaves open which array is what, or contradicts the archive; MissingInputError and
 * DataError as of the files.
 *
 * @param paths the file, or the files from the bottom up
 * @param description what the files do not say of themselves; units at least, but for archives of `writeModel`
 */
export function readModel(
  paths: string | readonly string[],
  description: ModelDescription = {},
): readonly LayerArrays[] {
  const { weights = null, visibleBias = null, hiddenBias = null, noBias = false } = description;
  const choice = { weights, visibleBias, hiddenBias, noBias };
  const stack = readForeignStack(typeof paths === "string" ? [paths] : paths, choice);
  return importLayers(stack.layers, agreedConvention(stack, description), description.visible ?? null).layers;
}

/** The convention as it is described, which may not contradict what the archive says of itself. UsageError if it does. */
export function agreedConvention(
  { stated }: ForeignStack,
  said: Pick<ModelDescription, "units" | "energy" | "orientation">,
): ImportConvention {
  const units = said.units ?? stated.units;
  const energy = said.energy ?? stated.energy ?? "minus";
  const orientation = said.orientation ?? stated.orientation ?? null;
  for (const [flag, own, chosen] of [
    ["--units", stated.units, units],
    ["--energy", stated.energy, energy],
  ]) {
    if (own !== undefined && own !== chosen) {
      throw new UsageError(`${flag} ${chosen}: the archive says of itself that it is ${own}.`);
    }
  }
  if (units === undefined) {
    throw new UsageError(
      "say with --units spin (±1) or binary (0/1) what the units are; the weights do not tell.",
    );
  }
  return { units, energy, orientation };
}
