/** More points than this in one range is a slip of the pen. */
const MAX_POINTS = 10_000;

/**
 * The numbers of `2.0:3.0:0.1` (FIRST:LAST:STEP, ends included), of `2.0,2.3`, or of a mixture of both; null if the text
 * is none of these.
 */
export function expandNumbers(text: string): readonly number[] | null {
  const values: number[] = [];
  for (const part of text.split(",")) {
    const numbers = part.split(":").map((word) => (word.trim() === "" ? NaN : Number(word)));
    if (!numbers.every(Number.isFinite)) return null;
    if (numbers.length === 1) values.push(numbers[0]);
    else if (numbers.length === 3) {
      const [first, last, step] = numbers;
      const count = Math.floor((last - first) / step + 1e-9) + 1;
      if (!(count >= 1 && count <= MAX_POINTS)) return null;
      // Twelve digits hide the rounding of the steps: 2.3, not 2.3000000000000003.
      for (let k = 0; k < count; k++) values.push(Number((first + k * step).toPrecision(12)));
    } else return null;
  }
  return values;
}
