import { log } from "../../kernels/elementary.js";

/** What the spectrum of a Fisher matrix looks like over the eigenvalues that the samples resolve. */
export type SpectrumKind = "sloppy" | "broad, not uniform" | "narrow" | "unresolved";

/** What a spectrum looks like, and why. */
export interface SloppinessVerdict {
  /** What it looks like; `unresolved` with fewer than 10 eigenvalues. */
  readonly kind: SpectrumKind;
  /** Leading eigenvalues that agree between all samples and half of them. */
  readonly resolved: number;
  /** log₁₀ of the largest over the smallest of these. */
  readonly decades: number;
  /** Largest distance between the distribution of their ln λ and the uniform one on its range (Kolmogorov–Smirnov). */
  readonly distance: number;
  /** The figures that decided, in one sentence. */
  readonly reason: string;
}

/** ln λ from all samples and from half of them that differ by less agree: 25 %. */
const AGREEMENT = 0.25;
/** Share of the leading eigenvalues that must agree; where the spectrum is steep, single ones may not. */
const MOST = 0.9;
/** Below this share of the largest eigenvalue there is rounding. */
const ROUNDING = 1e-10;
const LEAST_RESOLVED = 10;
/** A sloppy spectrum spans many decades; three are the least that deserve the word. */
const LEAST_DECADES = 3;
/** Deviation from uniform in ln λ that still counts as uniform. */
const UNIFORM = 0.15;

/**
 * Whether the eigenvalues are uniform in ln λ, ρ(λ) ∝ 1/λ, as those of sloppy models are (Waterfall et al., Phys. Rev. Lett.
 * 97, 150601 (2006); Liu's ρ ~ 1, α = 1, in §5.2 is the density in ln λ: in λ it is α = 0). Counted are as many
 * leading eigenvalues as there can be if 90 % of them, and the last, change by at most 25 % when half of the samples are
 * used; `halved` is null for an exact spectrum, of which all but rounding counts. Sloppy: at least 10 of them over at least 3 decades, within 0.15 of
 * the uniform distribution of ln λ.
 */
export function judgeSloppiness(values: Float64Array, halved: Float64Array | null): SloppinessVerdict {
  const logarithms = Array.from(values.subarray(0, resolvedCount(values, halved)), log);
  const resolved = logarithms.length;
  const decades = resolved === 0 ? 0 : (logarithms[0] - logarithms[resolved - 1]) / Math.LN10;
  const distance = uniformDistance(logarithms);
  const summary = `${resolved} eigenvalues are resolved, over ${decades.toFixed(2)} decades`;
  const measured = { resolved, decades, distance };
  if (resolved < LEAST_RESOLVED) {
    return { ...measured, kind: "unresolved", reason: `${summary}; at least ${LEAST_RESOLVED} are needed` };
  }
  if (decades < LEAST_DECADES) {
    return {
      ...measured,
      kind: "narrow",
      reason: `${summary}; a sloppy spectrum spans at least ${LEAST_DECADES}`,
    };
  }
  const kind = distance <= UNIFORM ? "sloppy" : "broad, not uniform";
  const from = `at a distance of ${distance.toFixed(2)} from uniform in ln λ (sloppy: ${UNIFORM} or less)`;
  return { ...measured, kind, reason: `${summary}, ${from}` };
}

function resolvedCount(values: Float64Array, halved: Float64Array | null): number {
  const floor = ROUNDING * values[0];
  let [resolved, agreeing] = [0, 0];
  for (let k = 0; k < values.length && values[k] > floor; k++) {
    const agrees =
      halved === null ||
      (k < halved.length && halved[k] > 0 && Math.abs(log(values[k] / halved[k])) <= AGREEMENT);
    if (agrees) agreeing++;
    if (agrees && agreeing >= MOST * (k + 1)) resolved = k + 1;
  }
  return resolved;
}

/** max |F_n − F| for values in descending order against the uniform distribution between the last and the first. */
function uniformDistance(descending: readonly number[]): number {
  const n = descending.length;
  const [top, bottom] = [descending[0], descending[n - 1]];
  if (n < 2 || top === bottom) return n === 0 ? NaN : 1;
  return descending.reduce((largest, value, k) => {
    const uniform = (top - value) / (top - bottom);
    return Math.max(largest, Math.abs(uniform - k / n), Math.abs(uniform - (k + 1) / n));
  }, 0);
}
