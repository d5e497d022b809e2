import { exp, log1p } from "../kernels/elementary.js";
import { significant, withError } from "../statistics/number-text.js";
import type { Assessment } from "./assessment.js";
import type { TrainingOptions } from "./training-options.js";

/** Digits of a number without an error. */
const DIGITS = 4;

/** Error bars within which a value counts as zero. */
const SIGMAS = 3;

/** A gap of at most so many nats, or of 3 of its errors, is closed; with an error above that it is not known whether. */
const CLOSED_GAP = 0.5;

/** From this KL per spin on, in nats, two distributions are called different. */
const DIFFERENT_KL = 0.01;

/** A hidden unit that tells less than this, in nats, about the configuration is independent of it. */
const LEAST_INFORMATION = 0.001;

/** A sampled residual of at most so many times its noise floor is zero as far as can be seen. */
const NOISE_FACTOR = 1.2;

/** An exact residual of at most this per parameter (root mean square) is zero; statistics are of order 1. */
const EXACT_RESIDUAL = 0.001;

/** Symmetric models whose share of positive configurations is outside [x, 1 − x] have lost a mode. */
const LEAST_FRACTION = 0.05;

/** What a diagnosis is about. */
export interface DiagnosedLayer {
  /** How it was trained. */
  readonly options: Pick<TrainingOptions, "objective" | "gauge" | "units" | "bias">;
  /** n, the number of visible units. */
  readonly visible: number;
  /** m, the number of hidden units. */
  readonly hidden: number;
  /** Whether P(v) = P(−v) for the data's Ising model; null without one. */
  readonly symmetric: boolean | null;
  /** Its last assessment. */
  readonly assessment: Assessment;
}

/** One thing that the measured numbers say. */
export interface Finding {
  /**
   * unreachable: no layer of this shape has F_λ = F; trivial: the hidden units tell nothing of the visible ones;
   * gap-closed: F = F_λ as far as can be seen, yet P and P_λ differ; gap-undecided: the error of F − F_λ is too large
   * to say; condition-kl and condition-rg: the first-order condition of KL or of |F − F_λ| is met; lost-mode: the model
   * of symmetric data has one sign of m; doubtful: ln Z_λ is not to be trusted.
   */
  readonly kind:
    | "unreachable"
    | "trivial"
    | "gap-closed"
    | "gap-undecided"
    | "condition-kl"
    | "condition-rg"
    | "lost-mode"
    | "doubtful";
  /** In words, with the numbers and the threshold. */
  readonly text: string;
}

/**
 * What has become of a layer, decided by its last assessment alone.
 *
 * @param layer how it was trained, its size and its last assessment
 */
export function diagnose(layer: DiagnosedLayer): readonly Finding[] {
  const outOfReach = unreachable(layer);
  return [
    outOfReach,
    trivial(layer),
    // A gap that no parameters close may be small, but is not closed.
    outOfReach === null ? closedGap(layer) : null,
    conditionKl(layer),
    conditionRg(layer),
    lostMode(layer),
    doubtful(layer),
  ].filter((finding) => finding !== null);
}

/**
 * The greatest lower bound of ln Z_λ over all parameters: (n + m) ln 2 at λ = 0 for ±1 units, as ln Z_λ is convex and even
 * there; for 0/1 units 0 with biases (all to −∞), ln(2ⁿ + 2ᵐ − 1) without (W → −∞: one of the layers is all zero).
 */
export function leastLogPartition({ options: { units, bias }, visible, hidden }: DiagnosedLayer): number {
  if (units === "spin") return (visible + hidden) * Math.LN2;
  if (bias) return 0;
  const [larger, smaller] = [Math.max(visible, hidden), Math.min(visible, hidden)];
  return larger * Math.LN2 + log1p(exp((smaller - larger) * Math.LN2) - exp(-larger * Math.LN2));
}

function unreachable(layer: DiagnosedLayer): Finding | null {
  const { options, assessment: a } = layer;
  if (options.objective !== "free-energy" || options.gauge !== "literal") return null;
  if (a.freeEnergyTarget === null) return null;
  const [logPartition, least] = [-a.freeEnergyTarget, leastLogPartition(layer)];
  if (logPartition + SIGMAS * (a.freeEnergyTargetError ?? 0) >= least) return null;
  const consequence =
    options.units === "spin"
      ? `the objective's minimum is the zero RBM (now ‖λ‖² = ${short(a.squaredNorm)})`
      : "no RBM of this shape closes the gap";
  const bound = options.units === "spin" ? "(n+m) ln 2" : "ln(2^n + 2^m − 1)";
  return {
    kind: "unreachable",
    text: `unreachable: ln Z = ${short(logPartition)} < ${bound} = ${short(least)} nats; ${consequence}`,
  };
}

function trivial({ assessment: { hiddenInformation } }: DiagnosedLayer): Finding | null {
  if (hiddenInformation === null || hiddenInformation >= LEAST_INFORMATION) return null;
  return {
    kind: "trivial",
    text:
      `trivial: hidden layer independent of visible; a hidden unit tells ${short(hiddenInformation)} nats about the ` +
      `configuration (below ${LEAST_INFORMATION})`,
  };
}

/** Whether F − F_λ is zero as far as can be seen, while the distributions differ. */
function closedGap({ assessment: a }: DiagnosedLayer): Finding | null {
  if (a.freeEnergyGap === null) return null;
  const error = a.freeEnergyGapError ?? 0;
  const closed = Math.max(CLOSED_GAP, SIGMAS * error);
  if (!(Math.abs(a.freeEnergyGap) <= closed)) return null;
  const gap = `F − F_λ = ${measured(a.freeEnergyGap, error)} nats`;
  if (error > CLOSED_GAP) {
    return {
      kind: "gap-undecided",
      text: `undecided whether the gap is closed: ${gap}, with an error above ${CLOSED_GAP}`,
    };
  }
  if (a.klPerSpin === null || a.klPerSpin - SIGMAS * (a.klPerSpinError ?? 0) < DIFFERENT_KL) return null;
  return {
    kind: "gap-closed",
    text:
      `gap closed but KL/spin = ${measured(a.klPerSpin, a.klPerSpinError)} nats: ${gap} (at most ${short(closed)}), yet ` +
      `the model is another distribution (KL/spin above ${DIFFERENT_KL})`,
  };
}

function conditionKl(layer: DiagnosedLayer): Finding | null {
  const { conditionKl: residual, conditionKlNoise: noise } = layer.assessment;
  const met = metCondition(layer, residual, noise);
  if (met === null) return null;
  return {
    kind: "condition-kl",
    text: `first-order condition of KL met ${met}: ‖⟨∇H_λ⟩_P − ⟨∇H_λ⟩_λ‖ = ${short(residual)}`,
  };
}

function conditionRg(layer: DiagnosedLayer): Finding | null {
  const { conditionRg: residual, conditionRgNoise: noise } = layer.assessment;
  const met = metCondition(layer, residual, noise);
  if (met === null) return null;
  return {
    kind: "condition-rg",
    text: `first-order condition of |F − F_λ| met ${met}: ‖⟨∇H_λ⟩_λ‖ = ${short(residual)}`,
  };
}

/** How a residual counts as zero, or null if it does not. */
function metCondition(layer: DiagnosedLayer, residual: number | null, noise: number | null): string | null {
  if (residual === null || noise === null) return null;
  if (noise > 0)
    return residual <= NOISE_FACTOR * noise
      ? `to noise (${short(noise)} expected from sampling alone)`
      : null;
  const { visible, hidden, options } = layer;
  const parameters = visible * hidden + (options.bias ? visible + hidden : 0);
  const limit = EXACT_RESIDUAL * Math.sqrt(parameters);
  return residual <= limit ? `(at most ${short(limit)})` : null;
}

function lostMode({ symmetric, assessment: { positiveFraction: share } }: DiagnosedLayer): Finding | null {
  if (symmetric !== true || share === null) return null;
  if (share >= LEAST_FRACTION && share <= 1 - LEAST_FRACTION) return null;
  return {
    kind: "lost-mode",
    text:
      `one mode lost: P(m > 0) = ${short(share)} in the model (outside ${LEAST_FRACTION} to ${1 - LEAST_FRACTION}), and the ` +
      "data's Ising model is symmetric",
  };
}

function doubtful({
  assessment: { logPartitionReliable, logPartition, logPartitionError },
}: DiagnosedLayer): Finding | null {
  if (logPartitionReliable !== 0 || logPartition === null) return null;
  return {
    kind: "doubtful",
    text: `doubtful: ln Z_λ = ${measured(logPartition, logPartitionError)} nats is not to be trusted, nor what follows from it`,
  };
}

function short(value: number | null): string {
  return value === null ? "unknown" : significant(value, DIGITS);
}

function measured(value: number, error: number | null): string {
  return withError(value, error, DIGITS);
}
