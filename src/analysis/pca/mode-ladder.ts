/**
 * Numbers of modes at which a flow is looked at, ascending from 1 to `count`: 1, 2, 3, 4, 6, 8, 11, 16, … by factors of √2,
 * and count − 1, count − 2, count − 4, …, which resolve the removal of the first few.
 */
export function modeLadder(count: number): Uint32Array {
  const rungs = new Set<number>([count]);
  for (let octave = 1; octave < count; octave *= 2) {
    for (const rung of [octave, Math.round(octave * Math.SQRT2), count - octave]) {
      if (rung < count) rungs.add(rung);
    }
  }
  return Uint32Array.from(rungs).sort();
}
