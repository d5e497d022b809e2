import {
  type Measures,
  type Memberships,
  memberships,
  measureTransformation,
  nearReach,
  sampledTraceCondition,
  traceMismatches,
  vennExamples,
} from "../../analysis/variational-rg/index.js";
import { latticeName } from "../../ising/lattice.js";
import { type Kernels, rowRange } from "../../kernels/index.js";
import { hiddenInformation } from "../../rbm/hidden-information.js";
import type { MetricsRow } from "../../runs/index.js";
import { compensatedSum } from "../../statistics/index.js";
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
  const last = metrics.filter((row) => row.layer === 1).at(-1);
  const perSpin = last?.klPerSpin ?? null;
  const own: Measures = {
    spins: layer.visible,
    divergence: perSpin === null ? null : perSpin * layer.visible,
    gap: last?.freeEnergyGap ?? null,
    trace:
      rows.rows < 2
        ? null
        : sampledTraceCondition(traceMismatches(model, layer, rows, kernels), dataset.chains ?? null),
    information: hiddenInformation(layer, rows, kernels),
    nearShare: nearPairShare(hidden, layer.hidden, model.lattice.shape),
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

/** Share of Σ J² of the pairs of hidden spins that are near; null where not all pairs are known, 1 without coupling. */
function nearPairShare({ expanded }: SideCouplings, spins: number, shape: readonly number[]): number | null {
  const pairs = expanded.filter(({ of }) => of.order === 2);
  const known = pairs.reduce((count, { values }) => count + values.length, 0);
  if (known < (spins * (spins - 1)) / 2) return null;
  const squares = pairs.map(({ values }) => compensatedSum(values.map((value) => value * value)));
  const reach = nearReach(spins, shape);
  if (pairs.every(({ of }) => of.distance <= reach)) return null;
  const near = compensatedSum(squares.filter((_, index) => pairs[index].of.distance <= reach));
  const all = compensatedSum(squares);
  return all === 0 ? 1 : near / all;
}
