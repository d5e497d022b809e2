/** Rotations kept before they are applied: enough that copying the panels in and out costs little. */
const BUFFERED = 1 << 16;
/** Columns rotated together. A panel of four, 32 bytes a row, stays in the fastest cache for 1000 rows. */
const PANEL = 4;

/**
 * Applies sweeps of plane rotations to the rows of a square matrix. A sweep rotates the rows (i, i + 1) for
 * i = last − 1, last − 2, …: (r_i, r_{i+1}) ← (c r_i − s r_{i+1}, s r_i + c r_{i+1}). Sweeps are gathered and then applied
 * to a few columns at a time, which gives the same numbers and reads the matrix once for all of them.
 */
export class RotationSweeps {
  /** c and s of all rotations, in the order they are made. */
  readonly #rotations = new Float64Array(2 * BUFFERED);
  #count = 0;
  /** Of every sweep its first lower row and the number of its first rotation. */
  #sweeps: { readonly last: number; readonly from: number }[] = [];

  constructor(
    private readonly rows: Float64Array,
    private readonly size: number,
  ) {}

  /** Begin a sweep with the rows (last − 1, last). */
  begin(last: number): void {
    if (this.#count + last > BUFFERED) this.finish();
    this.#sweeps.push({ last, from: this.#count });
  }

  /** The next rotation of the sweep, one row further up. */
  rotate(cosine: number, sine: number): void {
    this.#rotations[2 * this.#count] = cosine;
    this.#rotations[2 * this.#count + 1] = sine;
    this.#count++;
  }

  /** Apply what has been gathered. */
  finish(): void {
    const { rows, size } = this;
    const panel = new Float64Array(size * PANEL);
    for (let column = 0; column < size && this.#count > 0; column += PANEL) {
      const width = Math.min(PANEL, size - column);
      for (let r = 0; r < size; r++) {
        for (let k = 0; k < width; k++) panel[r * PANEL + k] = rows[r * size + column + k];
      }
      this.#sweeps.forEach(({ last, from }, index) => {
        const to = index + 1 < this.#sweeps.length ? this.#sweeps[index + 1].from : this.#count;
        sweepPanel(panel, this.#rotations, last, from, to);
      });
      for (let r = 0; r < size; r++) {
        for (let k = 0; k < width; k++) rows[r * size + column + k] = panel[r * PANEL + k];
      }
    }
    this.#sweeps = [];
    this.#count = 0;
  }
}

/** One sweep over a panel of four columns; the row that goes up from rotation to rotation stays in registers. */
function sweepPanel(
  panel: Float64Array,
  rotations: Float64Array,
  last: number,
  from: number,
  to: number,
): void {
  let below = last * PANEL;
  let [x0, x1, x2, x3] = [panel[below], panel[below + 1], panel[below + 2], panel[below + 3]];
  for (let k = from; k < to; k++) {
    const c = rotations[2 * k];
    const s = rotations[2 * k + 1];
    const row = below - PANEL;
    const y0 = panel[row];
    const y1 = panel[row + 1];
    const y2 = panel[row + 2];
    const y3 = panel[row + 3];
    panel[below] = s * y0 + c * x0;
    panel[below + 1] = s * y1 + c * x1;
    panel[below + 2] = s * y2 + c * x2;
    panel[below + 3] = s * y3 + c * x3;
    x0 = c * y0 - s * x0;
    x1 = c * y1 - s * x1;
    x2 = c * y2 - s * x2;
    x3 = c * y3 - s * x3;
    below = row;
  }
  panel[below] = x0;
  panel[below + 1] = x1;
  panel[below + 2] = x2;
  panel[below + 3] = x3;
}
