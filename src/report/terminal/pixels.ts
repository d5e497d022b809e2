/** A picture of numbers: rows of equal length from the top; null where there is nothing. */
export type Pixels = readonly (readonly (number | null)[])[];

/** The field of one hidden unit on the torus [Lx, Ly], site = x·Ly + y, or on the chain [N]. */
interface PlacedField {
  readonly values: Float64Array;
  readonly shape: readonly number[];
}

/**
 * A field with x to the right and y down, one pixel for each square of block × block sites: their mean. Squares at the far
 * edges may be cut. A chain is one row.
 */
export function fieldPixels({ values, shape }: PlacedField, block: number): Pixels {
  const [lx, ly] = [shape[0], shape.length === 1 ? 1 : shape[1]];
  const range = (from: number, end: number): readonly number[] =>
    Array.from({ length: Math.min(block, end - from) }, (_, k) => from + k);
  return Array.from({ length: Math.ceil(ly / block) }, (_, row) =>
    Array.from({ length: Math.ceil(lx / block) }, (__, column) => {
      const sites = range(column * block, lx).flatMap((x) =>
        range(row * block, ly).map((y) => values[x * ly + y]),
      );
      return sites.reduce((sum, value) => sum + value, 0) / sites.length;
    }),
  );
}

/** Pictures of equal height side by side, with `gap` empty pixels between them. */
export function beside(pictures: readonly Pixels[], gap: number): Pixels {
  const empty: readonly null[] = Array.from({ length: gap }, () => null);
  return pictures[0].map((_, row) =>
    pictures.flatMap((picture, index) => (index === 0 ? picture[row] : [...empty, ...picture[row]])),
  );
}
