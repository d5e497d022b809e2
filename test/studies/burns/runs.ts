import { type MetricsRow, resolveConfig } from "../../../src/runs/index.js";
import type { MeasuredRun } from "../../../src/studies/burns/final-metrics.js";
import type { OptimumRun } from "../../../src/studies/burns/stationarity.js";
import type { Claim } from "../../../src/studies/study.js";

const unknownRow: MetricsRow = {
  layer: 1,
  epoch: 1,
  reconstructionError: 0,
  logPartition: null,
  logPartitionError: null,
  logPartitionReliable: null,
  freeEnergyTarget: null,
  freeEnergyTargetError: null,
  freeEnergyModel: null,
  freeEnergyGap: null,
  freeEnergyGapError: null,
  freeEnergyLower: null,
  freeEnergyUpper: null,
  klPerSpin: null,
  klPerSpinError: null,
  meanDData: null,
  meanDDataError: null,
  meanDModel: null,
  meanDModelError: null,
  varianceDData: null,
  conditionKl: null,
  conditionKlNoise: null,
  conditionRg: null,
  conditionRgNoise: null,
  weightRms: 0,
  squaredNorm: 0,
  magnetizationModel: null,
  positiveFraction: null,
  hiddenInformation: null,
};

/** What a run is about. */
export interface System {
  readonly objective: "kl" | "trace" | "literal" | "data" | "model";
  readonly lattice?: string;
  readonly coupling?: number;
  readonly hidden?: number;
}

/**
 * A run without a folder: `epochs` rows in which every field of `final` has that value, or, where it is a list, its values in
 * turn, the last of them to the end.
 */
export function run(
  { objective, lattice = "4x4", coupling = 0.408, hidden = 4 }: System,
  final: Partial<{ readonly [Field in keyof MetricsRow]: MetricsRow[Field] | readonly MetricsRow[Field][] }>,
  epochs = 20,
): MeasuredRun {
  const train =
    objective === "kl" || objective === "trace"
      ? { objective }
      : { objective: "free-energy", gauge: objective };
  const config = resolveConfig({ sample: { lattice, coupling }, model: { hidden }, train });
  const metrics = Array.from({ length: epochs }, (_, index): MetricsRow => {
    const own = Object.entries(final).map(([name, value]) => [
      name,
      Array.isArray(value) ? (value as unknown[])[Math.min(index, value.length - 1)] : value,
    ]);
    return { ...unknownRow, epoch: index + 1, ...(Object.fromEntries(own) as Partial<MetricsRow>) };
  });
  return {
    folder: "nowhere",
    parts: [],
    config,
    summary: { lattice, coupling: String(coupling), hidden: String(hidden) },
    metrics,
    final: metrics[metrics.length - 1],
  };
}

/** The same with the slope it has ended with. */
export function optimum(slope: number | null, ...given: Parameters<typeof run>): OptimumRun {
  return { ...run(...given), slope };
}

/** The verdict on the one claim that has these words. */
export function verdictOn(words: string, claims: readonly Claim[]): string {
  const found = claims.filter(({ claim }) => claim.includes(words));
  if (found.length !== 1) throw new Error(`${found.length} claims have "${words}"`);
  return found[0].verdict;
}
