import { exp } from "../../kernels/elementary.js";
import { median } from "../../statistics/index.js";
import { withError } from "../../statistics/number-text.js";
import type { LogPartitionEstimate } from "./estimate.js";
import { upperSpread } from "./log-weights.js";

/** Fewer effective samples than this make an average of weights, and its error bar, a guess. */
const LEAST_EFFECTIVE = 4;

/** Probes whose works lie this far (nats) above the best upward chain are somewhere no upward chain has been, … */
const UNREACHED_MARGIN = 3;
/** … if they also lie this many deviations σ above the mean + σ² of upward works that are Gaussian. */
const UNREACHED_DEVIATIONS = 3.5;
/** So many of the probes, and no fewer than `LEAST_UNREACHED`, are no accident. */
const UNREACHED_SHARE = 0.05;
const LEAST_UNREACHED = 3;

/** The reasons that are not null, as one; null if there is none. */
export function joinDoubts(...doubts: readonly (string | null)[]): string | null {
  const reasons = doubts.filter((doubt) => doubt !== null);
  return reasons.length === 0 ? null : [...new Set(reasons)].join("; ");
}

/** Whether an average over weighted chains rests on too few independent ones. */
export function doubtfulFamilies(effective: number): string | null {
  return effective >= LEAST_EFFECTIVE ? null : `only ${effective.toFixed(1)} effective independent chains`;
}

/**
 * Whether chains that set out elsewhere have been where no upward chain ever came. If the upward works describe the
 * model, a downward work far above all of them is rare: P_down(w) = P_up(w) e^{w − ln Z} (Crooks 1999), so that Gaussian
 * works move up by σ².
 */
export function unreachedModes(upward: Float64Array, downward: Float64Array, origin: string): string | null {
  const spread = upperSpread(upward);
  const gaussian = median(upward) + spread + UNREACHED_DEVIATIONS * Math.sqrt(spread);
  const limit = Math.max(upward.reduce((a, b) => Math.max(a, b)) + UNREACHED_MARGIN, gaussian);
  const beyond = downward.filter((w) => w > limit).length;
  if (beyond < Math.max(LEAST_UNREACHED, UNREACHED_SHARE * downward.length)) return null;
  return `${beyond} of ${downward.length} chains ${origin} are in modes that no annealed chain has reached, so ln Z may be too small`;
}

/** Works this far (nats), and 3 standard deviations, on the wrong side of ln Z_λ are rare. */
const IMPROBABLE_MARGIN = 4;
/** So many of them may occur beyond the bound on their expected number. */
const IMPROBABLE_EXCESS = 3;

/**
 * Whether the works contradict an estimate. Since ⟨e^{w}⟩ = Z_λ upwards and ⟨e^{−w}⟩ = 1/Z_λ downwards, an upward work exceeds
 * ln Z_λ + a, and a downward one falls below ln Z_λ − a, with probability at most e^{−a} (Jarzynski 1999).
 */
export function improbableWorks(
  { value, error }: { readonly value: number; readonly error: number },
  upward: Float64Array,
  downward: Float64Array,
): string | null {
  const margin = IMPROBABLE_MARGIN + 3 * error;
  const excessive = (count: number, of: number): boolean =>
    count > IMPROBABLE_EXCESS + 2 * of * exp(-IMPROBABLE_MARGIN);
  const above = upward.filter((w) => w > value + margin).length;
  if (excessive(above, upward.length)) {
    return `${above} of ${upward.length} works towards the model lie ${margin.toFixed(1)} nats above ln Z, which is too small`;
  }
  const below = downward.filter((w) => w < value - margin).length;
  if (excessive(below, downward.length)) {
    return `${below} of ${downward.length} works from the model lie ${margin.toFixed(1)} nats below ln Z, which is too large`;
  }
  return null;
}

/** What speaks against a value that was followed from one anchor to the next, which gave `anchored`; null: of another layer. */
export function doubtFollowed(
  followed: LogPartitionEstimate,
  anchored: LogPartitionEstimate | null,
): string | null {
  if (anchored === null || !disagree(followed, anchored)) return followed.doubt;
  return joinDoubts(
    followed.doubt,
    `${withError(followed.value, followed.error)} was followed, and estimated anew it is ` +
      withError(anchored.value, anchored.error),
  );
}

/** Whether two estimates differ by more than 3 of their joint standard deviations; and by more than rounding. */
export function disagree(
  a: { readonly value: number; readonly error: number },
  b: { readonly value: number; readonly error: number },
): boolean {
  const error = Math.sqrt(a.error * a.error + b.error * b.error);
  return Math.abs(a.value - b.value) > 3 * error + 1e-3;
}
