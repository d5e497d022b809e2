import { sin } from "../../kernels/elementary.js";

/** Below this share of N the structure factor at the smallest wave vector is mostly rounding error of G. */
const RESOLVED_STRUCTURE_FACTOR = 1e-9;

/**
 * ⟨m²⟩ = (1/N) Σ_r G(r), m = Σ v/N, from the translation-invariant two-point function.
 *
 * @param correlations G(r) = ⟨v_0 v_r⟩, not connected, of all N displacements
 */
export function squareMagnetization(correlations: Float64Array): number {
  let sum = 0;
  for (const value of correlations) sum += value;
  return sum / correlations.length;
}

/**
 * Second-moment correlation length of a torus from G(r), row-major width × height, in lattice units: along each axis
 *   ξ = [S(0)/S(k) − 1]^{1/2}/(2 sin(k/2)),  k = 2π/side,  S(k) = Σ_r G(r) cos(k·r),
 * then the mean of both axes. Undefined deep in the ordered phase, where S(k) < 1e-9 N is lost in the rounding of G.
 *
 * @param correlations G(r) = ⟨v_0 v_r⟩ of every displacement r = (x, y), at x·height + y
 * @param width Lx, in sites
 * @param height Ly, in sites
 */
export function secondMomentCorrelationLength(
  correlations: Float64Array,
  width: number,
  height: number,
): number | undefined {
  let total = 0;
  let deficitX = 0; // S(0) − S(k) summed directly, without cancellation where the correlations are weak
  let deficitY = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      const value = correlations[x * height + y];
      total += value;
      deficitX += value * versine(x, width);
      deficitY += value * versine(y, height);
    }
  }
  const smallest = total - Math.max(deficitX, deficitY);
  if (smallest < RESOLVED_STRUCTURE_FACTOR * width * height) return undefined;
  const length = (deficit: number, side: number): number =>
    Math.sqrt(Math.max(0, deficit) / (total - deficit)) / (2 * sin(Math.PI / side));
  return (length(deficitX, width) + length(deficitY, height)) / 2;
}

/** 1 − cos(2πx/side). */
function versine(x: number, side: number): number {
  const half = sin((Math.PI * x) / side);
  return 2 * half * half;
}
