import { deriveKey, type SeedKey } from "../../random/index.js";
import { compensatedSum, variance } from "../../statistics/index.js";
import type { Annealing, Pause } from "./annealing.js";
import { upperSpread } from "./log-weights.js";

/** Parts of the path whose variance is measured, and steps of the pilot in each. */
const PARTS = 24;
const PILOT_STEPS_PER_PART = 10;

/** A part gets at least this share of the mean density of steps. */
const LEAST_DENSITY = 0.1;

/** Steps made by the pilot. */
const PILOT_STEPS = PARTS * PILOT_STEPS_PER_PART;

/** What a pilot run along a path has measured. */
export interface PathMeasurement {
  /** The standard deviation of the work in each part. */
  readonly parts: Float64Array;
  /** K steps in proportion to `parts` give Var(work) ≈ `effort`/K. */
  readonly effort: number;
}

/**
 * Lead pilot chains along the path with evenly spaced steps. The variance of the work in a part is friction · Δs²/steps,
 * and the least total variance, (Σ parts)² in place of PARTS · Σ parts², has steps in proportion to √friction · Δs
 * (Crooks, Phys. Rev. Lett. 99, 100602 (2007)). The total is taken from the whole works, whose parts are correlated where
 * the chains are slow, over their upper half, which decides on the weights.
 */
export async function measurePath(chains: Annealing, key: SeedKey, pause: Pause): Promise<PathMeasurement> {
  const parts = new Float64Array(PARTS);
  for (let part = 0; part < PARTS; part++) {
    const before = chains.works.slice();
    await chains.follow(evenly(part), deriveKey(key, "logPartition", part), pause);
    const gained = chains.works.map((w, row) => w - before[row]);
    parts[part] = Math.sqrt(variance(gained));
  }
  const [sum, squares] = [compensatedSum(parts), compensatedSum(parts.map((part) => part * part))];
  const gain = squares > 0 ? (sum * sum) / (PARTS * squares) : 1;
  return { parts, effort: PILOT_STEPS * gain * upperSpread(chains.works) };
}

/** The values of s in one part of the pilot. */
function evenly(part: number): Float32Array {
  return Float32Array.from(
    { length: PILOT_STEPS_PER_PART + 1 },
    (_, k) => (part + k / PILOT_STEPS_PER_PART) / PARTS,
  );
}

/** `steps` + 1 values of s from 0 to 1 with steps in proportion to the deviations of the parts. */
export function spacedSchedule({ parts }: PathMeasurement, steps: number): Float32Array {
  const total = compensatedSum(parts);
  const floor = total > 0 ? (LEAST_DENSITY * total) / PARTS : 1;
  const cumulative = new Float64Array(PARTS + 1);
  parts.forEach((length, part) => {
    cumulative[part + 1] = cumulative[part] + Math.max(floor, length);
  });
  const schedule = new Float32Array(steps + 1);
  let part = 0;
  for (let k = 1; k < steps; k++) {
    const target = (k / steps) * cumulative[PARTS];
    while (cumulative[part + 1] < target) part++;
    const inside = (target - cumulative[part]) / (cumulative[part + 1] - cumulative[part]);
    schedule[k] = (part + inside) / PARTS;
  }
  schedule[steps] = 1;
  return schedule;
}
