/** A number with one standard deviation: 0 where it is exact, both NaN where there is none. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}
