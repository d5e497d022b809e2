/** A part of a figure, drawn in its own coordinates from (0, 0) at the upper left. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly elements: readonly string[];
  /** Explanation set below the drawing, likewise from (0, 0); at most 280 wide and 56 high. */
  readonly key: readonly string[];
}
