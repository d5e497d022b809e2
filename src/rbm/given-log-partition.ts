import { exactIsingLogPartition } from "../ising/free-energy.js";
import { isingLogPartitionBounds } from "../ising/log-partition-bounds.js";
import type { IsingModel } from "../ising/model.js";

/** Standard deviations by which a number must miss what it should be before that is certain. */
const SIGMAS = 3;

/** Share of an exact value by which a number given without an error may differ from it. */
const ROUNDING = 1e-6;

/** An ln Z that somebody gives for the distribution behind the data, and the layer that is trained on these. */
export interface GivenLogPartition {
  readonly value: number;
  /** One standard deviation. */
  readonly error: number;
  readonly visible: number;
  readonly hidden: number;
  /** The largest parameter that training allows. */
  readonly maxWeight: number;
  /** The Ising model behind the data; null if it is not known. */
  readonly model: IsingModel | null;
}

/**
 * Why a given ln Z is not that of the data, or nothing a layer can reach, in words; null where neither is certain. Of an Ising
 * model it must be its exact value or within its bounds. Of any H, ln Z ≥ n ln 2 − ⟨H⟩ over all states (Jensen), so that a
 * smaller one needs an H with a constant in it; and a layer whose parameters are at most w in size has
 * ln Z_λ ≤ (n + m) ln 2 + w (nm + n + m).
 */
export function doubtGiven(given: GivenLogPartition): string | null {
  return given.model === null ? doubtOfUnknown(given) : doubtOfIsing(given, given.model);
}

function doubtOfIsing({ value, error }: GivenLogPartition, model: IsingModel): string | null {
  const exact = exactIsingLogPartition(model);
  if (exact !== null) {
    const off = Math.abs(value - exact.value) > SIGMAS * error + ROUNDING * Math.abs(exact.value);
    return off ? `the Ising model of the data has ln Z = ${short(exact.value)} exactly` : null;
  }
  const { lower, upper } = isingLogPartitionBounds(model);
  if (value + SIGMAS * error >= lower && value - SIGMAS * error <= upper) return null;
  return `the Ising model of the data has ln Z between ${short(lower)} and ${short(upper)}`;
}

function doubtOfUnknown({ value, error, visible, hidden, maxWeight }: GivenLogPartition): string | null {
  const free = visible * Math.LN2;
  if (value + SIGMAS * error < free) {
    return (
      `${visible} units have ln Z ≥ ${visible} ln 2 = ${short(free)}, unless their H has a constant in it; is it F = −ln Z, ` +
      "or ln Z per unit?"
    );
  }
  const most = (visible + hidden) * Math.LN2 + maxWeight * (visible * hidden + visible + hidden);
  if (value - SIGMAS * error <= most) return null;
  return `a ${visible} × ${hidden} layer with parameters up to ${maxWeight} has ln Z ≤ ${short(most)}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(6)));
}
