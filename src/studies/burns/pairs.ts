import { hasConverged } from "./convergence.js";
import { objectiveOf, onSameSystem, short, systemOf } from "./final-metrics.js";
import type { OptimumRun } from "./stationarity.js";
import { all, given, type Holds } from "./verdicts.js";

/** How much more KL than the objective `kl` another one may end with to have reached it. */
export const REACHED = 1.05;

/** A KL per spin below this, in nats, is too near to zero for a share of it to mean anything. */
export const LEAST_KL = 1e-4;

/** A run beside that of `kl` on the same system. */
export interface Pair {
  readonly run: OptimumRun;
  readonly kl: OptimumRun;
}

/** The runs of one objective, each beside that of `kl`. */
export function pairsOf(runs: readonly OptimumRun[], objective: string): readonly Pair[] {
  return runs
    .filter((run) => objectiveOf(run) === objective)
    .flatMap((run) => {
      const kl = runs.find((other) => objectiveOf(other) === "kl" && onSameSystem(run, other));
      return kl === undefined ? [] : [{ run, kl }];
    });
}

/** By how much the KL of the run is more than that of `kl`, as a share of it; null where it is not known or that is near zero. */
export function excessShare({ run, kl }: Pair): number | null {
  const [reached, best] = [run.final.klPerSpin, kl.final.klPerSpin];
  return reached === null || best === null || best < LEAST_KL ? null : reached / best - 1;
}

/** Whether both have come to their minima. */
export function haveConverged({ run, kl }: Pair): Holds {
  return all(hasConverged(run), hasConverged(kl));
}

/** Whether the run has come to the KL of `kl`; null as long as one of the two has not come to its minimum. */
export function reaches(pair: Pair): Holds {
  return haveConverged(pair) === true ? given([excessShare(pair)], (share) => 1 + share <= REACHED) : null;
}

/** `m = 4, K = 0.3: 0.01923 against 0.01796 nats per spin, 7.06 % more`. */
export function comparison(pair: Pair): string {
  const { run, kl } = pair;
  const share = excessShare(pair);
  const still = [run, kl].filter((one) => hasConverged(one) !== true).map(objectiveOf);
  return (
    `${systemOf(run)}: ${short(run.final.klPerSpin)} against ${short(kl.final.klPerSpin)} nats per spin` +
    (share === null ? "" : `, ${(100 * Math.abs(share)).toFixed(2)} % ${share < 0 ? "less" : "more"}`) +
    (still.length === 0 ? "" : `, not converged: ${still.join(" and ")}`)
  );
}
