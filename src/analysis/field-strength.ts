/** What a field r over the visible units is like, whatever their geometry. */
export interface FieldStrength {
  /** PR = (Σ r²)²/Σ r⁴: about how many units carry the field; N for a uniform one, 1 for a single unit. */
  readonly participationRatio: number;
  /** |Σ r|/Σ|r|: 1 if all weights have one sign, 0 if they cancel. */
  readonly signCoherence: number;
  /** The weight of largest magnitude, with its sign. */
  readonly peak: number;
  /** √(Σ r²) */
  readonly norm: number;
}

/** Σ r², and what follows from that and other sums; a field of zeros has NaN for all ratios and norm 0. */
export function fieldStrength(field: ArrayLike<number>): FieldStrength & { readonly square: number } {
  let [sum, magnitude, square, fourth, peak] = [0, 0, 0, 0, 0];
  for (let site = 0; site < field.length; site++) {
    const r = field[site];
    sum += r;
    magnitude += Math.abs(r);
    square += r * r;
    fourth += r * r * r * r;
    if (Math.abs(r) > Math.abs(peak)) peak = r;
  }
  return {
    participationRatio: (square * square) / fourth,
    signCoherence: Math.abs(sum) / magnitude,
    peak,
    norm: Math.sqrt(square),
    square,
  };
}
