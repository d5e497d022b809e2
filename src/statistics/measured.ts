/** A number with one standard deviation: 0 where it is exact, both NaN where there is none. */
export interface Measured {
  /** The number. */
  readonly value: number;
  /** One standard deviation. */
  readonly error: number;
}
