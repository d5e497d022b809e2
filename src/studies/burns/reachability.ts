import type { Claim } from "../study.js";
import { familiesOf, type Family, NEAR, type Point } from "./families.js";
import { listed, measured, type MeasuredRun, short } from "./final-metrics.js";
import { drawPhases } from "./phases-figure.js";
import { drawReachability } from "./reachability-figure.js";
import { GROWN } from "./transition.js";
import { all, atMost, given, type Holds, verdictOf } from "./verdicts.js";

/** How close to its prediction the transition must be found, relative to it. */
const LOCATED = 0.01;

/** A gap of at most so many nats is closed. */
const CLOSED = 0.5;

/** How well ‖λ‖² must follow its leading order near the threshold. */
const NORM_TOLERANCE = 0.05;

/** How close KL/n of the zero RBM must be to ln 2 − s(K), relative to it, besides the error of a sampled one. */
const KL_TOLERANCE = 0.01;
const SIGMAS = 3;

/**
 * (b) Where the literal objective can be met: |F − F_λ| → 0 if ln Z > (n + m) ln 2, and λ → 0 otherwise. Near the threshold
 * ‖λ‖² = 2(ln Z − (n + m) ln 2), as ln Z_λ = (n + m) ln 2 + ½‖λ‖² + O(λ⁴).
 */
export async function concludeReachability(
  runs: readonly MeasuredRun[],
  folder: string,
): Promise<readonly Claim[]> {
  if (runs.length === 0) return [];
  const families = familiesOf(runs);
  await drawReachability(families, folder);
  await drawPhases(families, folder);
  return judgeReachability(families);
}

/** What the families say of the transition, of the side above it and of the side below. */
export function judgeReachability(families: readonly Family[]): readonly Claim[] {
  return [transitionClaim(families), gapClaim(families), collapseClaim(families)];
}

function transitionClaim(families: readonly Family[]): Claim {
  const located = ({ found, predicted }: Family): Holds =>
    found === null ? null : atMost(Math.abs(found.coupling - predicted), found.error, LOCATED * predicted);
  return {
    claim:
      `the literal objective can be met only above K*(α), ln Z(K*) = (n + m) ln 2: ‖λ‖², extrapolated to zero from the ` +
      `couplings where it grows, gives K* within ${100 * LOCATED} %`,
    measured: listed(families, describeTransition),
    verdict: verdictOf(families.map(located)),
  };
}

function describeTransition({ latticeName, alpha, predicted, found }: Family): string {
  const where = `${latticeName}, α = ${short(alpha)}: `;
  if (found === null) return `${where}not found, predicted ${short(predicted)}`;
  const off = 100 * (found.coupling / predicted - 1);
  return (
    `${where}${measured(found.coupling, found.error)} (between ${short(found.lastCollapsed)} and ` +
    `${short(found.firstGrown)}), predicted ${predicted.toFixed(5)}, off by ${off.toFixed(3)} %`
  );
}

function gapClaim(families: readonly Family[]): Claim {
  const above = families.flatMap(({ points }) => points).filter(({ excess }) => excess > 0);
  const near = above.filter(({ excess }) => excess < NEAR);
  const normError = ({ squaredNorm, excess }: Point): number => Math.abs(squaredNorm / (2 * excess) - 1);
  const closes = verdictOf(above.map(({ gap }) => given([gap], (known) => Math.abs(known) <= CLOSED)));
  const follows = verdictOf(near.map((point) => normError(point) <= NORM_TOLERANCE));
  return {
    claim: `above K* the gap closes (at most ${CLOSED} nats), and near it ‖λ‖² = 2(ln Z − (n + m) ln 2) (within ${100 * NORM_TOLERANCE} %)`,
    measured:
      `largest |F − F_λ| = ${short(largest(above.map(({ gap }) => Math.abs(gap ?? NaN))))} nats over ${above.length} runs; ` +
      `‖λ‖² off by at most ${short(100 * largest(near.map(normError)))} % in the ${near.length} runs with less than ${NEAR} nats to spare`,
    verdict: verdictOf([asHolds(closes), asHolds(follows)]),
  };
}

function collapseClaim(families: readonly Family[]): Claim {
  const below = families.flatMap(({ points }) => points).filter(({ excess }) => excess < 0);
  const offset = (point: Point): number => (point.klPerSpin ?? NaN) - point.klPerSpinOfZero;
  const ends = below.map((point) =>
    all(
      point.squaredNorm <= GROWN,
      given(
        [offset(point), point.klPerSpinError],
        (off, error) => Math.abs(off) <= KL_TOLERANCE * point.klPerSpinOfZero + SIGMAS * error,
      ),
    ),
  );
  const worst = largest(below.map((point) => Math.abs(offset(point) / point.klPerSpinOfZero)));
  return {
    claim: "below K* training ends at the zero RBM: ‖λ‖ → 0, KL/n → ln 2 − s(K) (within 1 %)",
    measured:
      `largest ‖λ‖² = ${short(largest(below.map(({ squaredNorm }) => squaredNorm)))}; KL/n off by at most ` +
      `${short(100 * worst)} % over ${below.length} runs`,
    verdict: verdictOf(ends),
  };
}

function asHolds(verdict: Claim["verdict"]): Holds {
  return verdict === "undecided" ? null : verdict === "yes";
}

/** NaN if one of them is, or if there is none. */
function largest(values: readonly number[]): number {
  return values.length === 0 ? NaN : Math.max(...values);
}
