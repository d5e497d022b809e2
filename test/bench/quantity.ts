/** What a number is: its unit, and whether less of it is better (a time) or more (a rate). */
export interface Quantity {
  readonly unit: string;
  readonly better: "less" | "more";
}

/** One contender's numbers, one a round. */
export interface Series {
  readonly subject: string;
  readonly values: readonly number[];
}

/** Median and range of one contender's numbers. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, min: sorted[0], max: sorted[sorted.length - 1] };
}

/** How many times better `base` is than `other`, round by round: above 1 the base wins. */
export function ratios(base: Series, other: Series, { better }: Quantity): readonly number[] {
  return base.values.map((value, round) =>
    better === "less" ? other.values[round] / value : value / other.values[round],
  );
}
