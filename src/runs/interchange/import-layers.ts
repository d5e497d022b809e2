import { DataError, UsageError } from "../../errors/index.js";
import { arrayView, inOrder, type LayerArrays } from "../../kernels/index.js";
import type { EnergySign, Orientation } from "./convention.js";
import { negated } from "./export-layers.js";
import type { ForeignLayer } from "./foreign-layers.js";
import type { ForeignArray } from "./read-arrays.js";

/** The convention of arrays that are imported. */
export interface ImportConvention {
  readonly units: LayerArrays["units"];
  readonly energy: EnergySign;
  /** Null: it is inferred from the biases and the number of visible units. */
  readonly orientation: Orientation | null;
}

/** Layers in the convention of this program, and the orientation that the matrices had. */
export interface ImportedStack {
  readonly layers: readonly LayerArrays[];
  readonly orientation: Orientation;
}

/**
 * The layers of a stack in this program's convention, visible × hidden with E = −c·v − b·h − vᵀWh, in single precision;
 * their units stay what they are. `visible` is the number of visible units if it is known. UsageError where the
 * orientation is not clear, DataError where the shapes do not fit together or a number is too large.
 */
export function importLayers(
  foreign: readonly ForeignLayer[],
  convention: ImportConvention,
  visible: number | null,
): ImportedStack {
  let { orientation } = convention;
  let below = visible;
  const layers = foreign.map((layer) => {
    orientation = orientationOf(layer, orientation, below);
    const imported = importLayer(layer, { ...convention, orientation });
    below = imported.hidden;
    return imported;
  });
  return { layers, orientation: orientation! };
}

function orientationOf(
  { weights, visibleBias, hiddenBias }: ForeignLayer,
  stated: Orientation | null,
  visible: number | null,
): Orientation {
  const { origin, shape } = weights;
  if (shape.length !== 2 || shape.includes(0)) {
    throw new DataError(`${origin}: shape (${shape.join(", ")}); weights are a matrix, visible × hidden.`);
  }
  const fits = (n: number, m: number): boolean =>
    (visible === null || visible === n) &&
    (visibleBias === null || length(visibleBias) === n) &&
    (hiddenBias === null || length(hiddenBias) === m);
  const possible = [
    ...(fits(shape[0], shape[1]) ? (["visible-hidden"] as const) : []),
    ...(fits(shape[1], shape[0]) ? (["hidden-visible"] as const) : []),
  ];
  if (stated === null && possible.length > 1) {
    throw new UsageError(
      `${origin}: shape (${shape.join(", ")}) could be visible × hidden or hidden × visible; say which with ` +
        "--orientation visible-hidden or hidden-visible. (scikit-learn and PyTorch have hidden-visible.)",
    );
  }
  const chosen = stated ?? possible.at(0);
  if (chosen !== undefined && possible.includes(chosen)) return chosen;
  const facts = [
    ...(visible === null ? [] : [`${visible} visible units below`]),
    ...(visibleBias === null ? [] : [`${length(visibleBias)} visible biases`]),
    ...(hiddenBias === null ? [] : [`${length(hiddenBias)} hidden biases`]),
  ];
  throw new DataError(
    `${origin}: shape (${shape.join(", ")})${stated === null ? "" : `, ${stated},`} does not fit ${facts.join(", ")}. ` +
      "Are these the biases and the data of this matrix?",
  );
}

/** A vector, or a matrix of one row or column. */
function length({ origin, shape, data }: ForeignArray): number {
  if (shape.filter((side) => side !== 1).length > 1) {
    throw new DataError(`${origin}: shape (${shape.join(", ")}); biases are a vector, one number a unit.`);
  }
  return data.length;
}

function importLayer(
  { weights, visibleBias, hiddenBias }: ForeignLayer,
  { units, energy, orientation }: ImportConvention & { readonly orientation: Orientation },
): LayerArrays {
  const matrix = arrayView(single(weights), weights.shape);
  const placed = orientation === "hidden-visible" ? matrix.transpose(1, 0) : matrix;
  const [visible, hidden] = placed.shape;
  const layer: LayerArrays = {
    units,
    visible,
    hidden,
    weights: inOrder(placed),
    visibleBias: visibleBias === null ? new Float32Array(visible) : single(visibleBias),
    hiddenBias: hiddenBias === null ? new Float32Array(hidden) : single(hiddenBias),
  };
  return energy === "plus" ? negated(layer) : layer;
}

function single({ origin, data }: ForeignArray): Float32Array {
  const values = Float32Array.from(data);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return values;
  throw new DataError(
    `${origin}: element ${wrong} is ${data[wrong]}; parameters are kept in single precision, up to 3.4e38.`,
  );
}
