import {
  type ClassCoupling,
  type CouplingClass,
  expandClasses,
  type ExpandedClass,
  fitCouplings,
  type Projection,
  projectHamiltonian,
} from "../../analysis/couplings/index.js";
import { receptiveFields } from "../../analysis/weight-product.js";
import { DomainError } from "../../errors/index.js";
import { type BitMatrix, type Kernels, type LayerArrays, rowRange } from "../../kernels/index.js";
import { deriveKey, type SeedKey } from "../../random/index.js";
import { effectiveHamiltonians } from "../../rbm/effective-hamiltonian.js";
import { transposeRbm } from "../../rbm/ensemble.js";
import { sampleHiddenLayer } from "../../rbm/stack.js";
import type { Dataset } from "../../runs/index.js";
import { expandedClasses, fittedClasses, placesOfFields, type SpinGeometry } from "./layer-spins.js";

export type Side = "visible" | "hidden";

/** How a coupling was found: expansion over all configurations alike, projection on configurations, or a fit to them. */
export type CouplingMethod = "expansion" | "projection" | "pseudo-likelihood";

export interface CouplingRow extends ClassCoupling {
  readonly side: Side;
  readonly method: CouplingMethod;
}

/** The couplings of the spins of one side of a layer. */
export interface SideCouplings {
  readonly side: Side;
  readonly rows: readonly CouplingRow[];
  readonly expanded: readonly ExpandedClass[];
  /** Of −H on the configurations; null where the products depend on one another. */
  readonly projection: Projection | null;
}

/** A layer of a run with those below it. */
export interface CouplingsSubject {
  /** From the bottom up, the last one measured. */
  readonly layers: readonly LayerArrays[];
  readonly dataset: Dataset;
}

export interface CouplingsOptions {
  /** Distance up to which pairs are taken, in sites, of hidden spins in their spacings. */
  readonly reach: number;
  /** Configurations used for projection and fit. */
  readonly rows: number;
  /** Weights of each unit that are treated exactly; Infinity: all. */
  readonly largestWeights: number;
}

/**
 * The effective Hamiltonians −H_λ(v) and −H'(h) of a layer: expanded, and projected on the data (h drawn once from
 * P(h | v) for every configuration); H' is also fitted to these h by pseudo-likelihood. `share` is told how much is done.
 */
export async function measureCouplings(
  { layers, dataset }: CouplingsSubject,
  options: CouplingsOptions,
  key: SeedKey,
  kernels: Kernels,
  share: (share: number) => void | Promise<void>,
): Promise<Readonly<Record<Side, SideCouplings>>> {
  const layer = layers[layers.length - 1];
  const chains = dataset.chains ?? null;
  const rows = configurationsOf(layers, dataset.rows, options.rows, key, kernels);
  const [visibleGeometry, hiddenGeometry] = geometries(layers, dataset);
  const common = { options, chains, kernels };
  const visible = await measureSide({
    ...common,
    ...{ side: "visible", layer, rows: rows.visible, geometry: visibleGeometry },
    share: (done) => share(done / 2),
  });
  const transposed = toSingle(layer);
  const hidden = await measureSide({
    ...common,
    ...{ side: "hidden", layer: transposed, rows: rows.hidden, geometry: hiddenGeometry },
    share: (done) => share((1 + done) / 2),
  });
  return { visible, hidden };
}

/** Configurations of the layer's own visible and hidden spins: the data passed up, sampled at each layer. */
function configurationsOf(
  layers: readonly LayerArrays[],
  data: BitMatrix,
  most: number,
  key: SeedKey,
  kernels: Kernels,
): Readonly<Record<Side, BitMatrix>> {
  let visible = rowRange(data, 0, Math.min(most, data.rows));
  let hidden = visible;
  layers.forEach((layer, index) => {
    visible = hidden;
    hidden = sampleHiddenLayer(layer, visible, deriveKey(key, "analysis", index), kernels);
  });
  return { visible, hidden };
}

function geometries(
  layers: readonly LayerArrays[],
  { lattice }: Dataset,
): readonly [visible: SpinGeometry, hidden: SpinGeometry] {
  if (lattice === null) return [{ kind: "unplaced" }, { kind: "unplaced" }];
  const { shape } = lattice;
  const fields = receptiveFields(layers);
  const hidden = placesOfFields(fields[layers.length - 1], shape);
  if (layers.length === 1) return [{ kind: "lattice", shape }, hidden];
  return [placesOfFields(fields[layers.length - 2], shape), hidden];
}

function toSingle(layer: LayerArrays): LayerArrays {
  const { visibleBias, hiddenBias } = layer;
  const { units, visible, hidden, weights } = transposeRbm(layer);
  return {
    ...{ units, visible, hidden, weights: Float32Array.from(weights) },
    ...{ visibleBias: hiddenBias, hiddenBias: visibleBias },
  };
}

interface SideRequest {
  readonly side: Side;
  /** With the spins in question as its visible ones. */
  readonly layer: LayerArrays;
  readonly rows: BitMatrix;
  readonly geometry: SpinGeometry;
  readonly options: CouplingsOptions;
  readonly chains: number | null;
  readonly kernels: Kernels;
  readonly share: (share: number) => void | Promise<void>;
}

async function measureSide(request: SideRequest): Promise<SideCouplings> {
  const { side, layer, rows, geometry, options, chains, kernels, share } = request;
  const { reach, largestWeights } = options;
  const products = expandedClasses(geometry, layer, reach).filter((of) => of.members.length > 0);
  const expanded = await expandClasses(layer, products, {
    largestWeights,
    pause: (done, units) => share(done / units),
  });
  const classes =
    fittedClasses(geometry, layer.visible, reach)?.filter((of) => of.members.length > 0) ?? null;
  const projection =
    classes === null ? null : project(effectiveHamiltonians(layer, rows, kernels), rows, classes);
  const fit = classes === null || side === "visible" ? null : fitCouplings(rows, classes, chains);
  const named = (method: CouplingMethod, all: readonly ClassCoupling[]): readonly CouplingRow[] =>
    all.map((each) => ({ ...each, side, method }));
  return {
    side,
    rows: [
      ...named(
        "expansion",
        expanded.map(({ summary }) => summary),
      ),
      ...named("projection", projection?.couplings ?? []),
      ...named("pseudo-likelihood", fit?.couplings ?? []),
    ],
    expanded,
    projection,
  };
}

/** Null where the configurations do not tell the products apart, as those of a frozen model. */
function project(
  hamiltonians: Float64Array,
  rows: BitMatrix,
  classes: readonly CouplingClass[],
): Projection | null {
  if (rows.rows <= classes.length) return null;
  try {
    return projectHamiltonian(hamiltonians, rows, classes);
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}
