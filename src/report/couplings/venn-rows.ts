import type { ExpandedClass } from "../../analysis/couplings/index.js";
import { pointDistance } from "../../analysis/lattice-geometry.js";
import {
  type Measures,
  type Memberships,
  memberships,
  measureTransformation,
  nearReach,
  overfittingBias,
  rbmTransformation,
  sampledTraceCondition,
  traceMismatches,
  vennExamples,
} from "../../analysis/variational-rg/index.js";
import { latticeName } from "../../ising/lattice.js";
import type { IsingModel } from "../../ising/model.js";
import { type Kernels, type LayerArrays, rowRange } from "../../kernels/index.js";
import { hiddenInformation } from "../../rbm/hidden-information.js";
import { toDouble } from "../../rbm/parameters.js";
import type { MetricsRow } from "../../runs/index.js";
import { compensatedSum } from "../../statistics/index.js";
import { measureLayers } from "../layer-fields.js";
import type { CouplingsSubject, SideCouplings } from "./measure-couplings.js";

/** A transformation, what was measured of it, and to which sets of Liu's Venn diagram it belongs. */
export interface VennRow extends Measures, Memberships {
  readonly transformation: string;
  readonly lattice: string;
  readonly hidden: number;
}

/**
 * Liu's Venn diagram: the first layer of a run, and transformations whose places in it are known, at the same coupling. None for
 * upper layers and for data that are not known to come from an Ising model.
 */
export function vennRows(
  name: string,
  subject: CouplingsSubject,
  hidden: SideCouplings,
  metrics: readonly MetricsRow[],
  mostRows: number,
  kernels: Kernels,
): readonly VennRow[] {
  const { layers, dataset } = subject;
  const { model } = dataset;
  if (model === null || layers.length > 1) return [];
  const [layer] = layers;
  const rows = rowRange(dataset.rows, 0, Math.min(mostRows, dataset.rows.rows));
  const [{ measures }] = measureLayers(layers, rows, model.lattice.shape, kernels);
  const own: Measures = {
    spins: layer.visible,
    ...freeEnergies(
      layer,
      model,
      dataset.rows.rows,
      metrics.filter((row) => row.layer === 1).at(-1),
      kernels,
    ),
    trace:
      rows.rows < 2
        ? null
        : sampledTraceCondition(traceMismatches(model, layer, rows, kernels), dataset.chains ?? null),
    information: hiddenInformation(layer, rows, kernels),
    nearShare: nearPairShare(
      hidden.expanded,
      measures.map(({ center }) => center),
      model.lattice.shape,
    ),
    localized: measures.filter(({ localized }) => localized).length / layer.hidden,
  };
  const examples = model.coupling > 0 ? vennExamples(model.coupling, kernels) : [];
  return [
    vennRow(name, latticeName(model.lattice), layer.hidden, own),
    ...examples.map((each) =>
      vennRow(each.name, latticeName(each.model.lattice), each.hiddenSpins, measureTransformation(each)),
    ),
  ];
}

function vennRow(transformation: string, lattice: string, hidden: number, measures: Measures): VennRow {
  return { transformation, lattice, hidden, ...measures, ...memberships(measures) };
}

type FreeEnergies = Pick<Measures, "divergence" | "divergenceError" | "overfitting" | "gap" | "gapError">;

/** Units of either layer up to which states are summed over where training has left no metrics. */
const MOST_ENUMERATED = 16;

/**
 * KL(P‖P_λ) and F − F_λ with their errors from the last row of the metrics; of a small layer that was imported, by enumeration.
 * Summed over all states (its error is 0) the divergence knows nothing of the sample; otherwise it is that of the sample which
 * the layer was trained on.
 */
function freeEnergies(
  layer: LayerArrays,
  model: IsingModel,
  samples: number,
  last: MetricsRow | undefined,
  kernels: Kernels,
): FreeEnergies {
  const { visible, weights, visibleBias, hiddenBias } = layer;
  if (last === undefined && Math.max(visible, layer.hidden) <= MOST_ENUMERATED) {
    return measureTransformation(rbmTransformation("", model, toDouble(layer), null, kernels));
  }
  const perSpin = last?.klPerSpin ?? null;
  const perSpinError = last?.klPerSpinError ?? NaN;
  const parameters = [weights, visibleBias, hiddenBias].reduce(
    (count, all) => count + all.reduce((own, value) => own + (value === 0 ? 0 : 1), 0),
    0,
  );
  return {
    divergence: perSpin === null ? null : perSpin * visible,
    divergenceError: perSpinError * visible,
    overfitting: perSpinError === 0 ? 0 : overfittingBias(parameters, samples),
    gap: last?.freeEnergyGap ?? null,
    gapError: last?.freeEnergyGapError ?? NaN,
  };
}

/**
 * Share of Σ J² of the pairs of hidden spins that lie within `nearReach` of each other, pair by pair. Spins without weights have
 * no place (NaN) and no coupling. Null where not all pairs of the others are known or all are near, 1 without coupling.
 */
export function nearPairShare(
  expanded: readonly ExpandedClass[],
  centers: readonly (readonly number[])[],
  shape: readonly number[],
): number | null {
  const placed = centers.filter((center) => !center.some(Number.isNaN)).length;
  if (placed === 0) return 1;
  const pairs = expanded
    .filter(({ of }) => of.order === 2)
    .flatMap(({ of, values }) =>
      Array.from(values, (value, pair) => {
        const [a, b] = of.members.subarray(2 * pair, 2 * pair + 2);
        return { square: value * value, distance: pointDistance(centers[a], centers[b], shape) };
      }),
    );
  if (pairs.length < (placed * (placed - 1)) / 2) return null;
  const reach = nearReach(placed, shape);
  if (pairs.every(({ distance }) => distance <= reach)) return null;
  const sum = (all: typeof pairs): number => compensatedSum(Float64Array.from(all, ({ square }) => square));
  const all = sum(pairs);
  return all === 0 ? 1 : sum(pairs.filter(({ distance }) => distance <= reach)) / all;
}
