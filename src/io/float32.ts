/**
 * The shortest decimal text that reads back as the same single-precision number: `0.1`, not `0.10000000149011612`.
 * Nine significant digits always suffice.
 */
export function formatFloat32(value: number): string {
  if (!Number.isFinite(value) || value === 0) return Number.isFinite(value) ? "0" : String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}
