import type { Domain } from "./chart-data.js";

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Mantissas repeated every so many decades. */
interface Ladder {
  readonly decades: number;
  readonly mantissas: readonly number[];
}

/** From coarse to fine. */
const LADDERS: readonly Ladder[] = [
  ...[32, 16, 8, 4, 3, 2, 1].map((decades) => ({ decades, mantissas: [1] })),
  { decades: 1, mantissas: [1, 2, 5] },
  { decades: 1, mantissas: [1, 2, 3, 5, 7] },
  { decades: 1, mantissas: [1, 2, 3, 4, 5, 6, 7, 8, 9] },
];

/**
 * Ticks of a logarithmic axis within [low, high], 0 < low < high: the densest set of at most `most` (≥ 3) among every
 * n-th power of ten, {1, 2, 5} · 10^k, {1, 2, 3, 5, 7} · 10^k and n · 10^k. Over less than a factor of three, evenly spaced round numbers.
 */
export function logTicks([low, high]: Domain, most: number): number[] {
  if (high < 3 * low) return evenTicks(low, high, most);
  let best: number[] = [];
  for (const ladder of LADDERS) {
    const ticks = ladderTicks(ladder, low, high);
    if (ticks.length > most) break;
    best = ticks;
  }
  return best;
}

function ladderTicks({ decades, mantissas }: Ladder, low: number, high: number): number[] {
  const ticks: number[] = [];
  const [first, last] = [decimalExponent(low), decimalExponent(high)];
  for (let exponent = Math.floor(first / decades) * decades; exponent <= last; exponent += decades) {
    ticks.push(...mantissas.map((mantissa) => Number(`${mantissa}e${exponent}`)));
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/** Multiples of the smallest step 1, 2 or 5 · 10^k that gives at most `most` of them. */
function evenTicks(low: number, high: number, most: number): number[] {
  for (let exponent = decimalExponent(high - low) - 2; ; exponent++) {
    for (const mantissa of [1, 2, 5]) {
      const step = Number(`${mantissa}e${exponent}`);
      // The slack keeps a tick on the very end of the axis from being lost to rounding.
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      if (last - first >= most) continue;
      return Array.from({ length: last - first + 1 }, (_, i) =>
        Number(`${(first + i) * mantissa}e${exponent}`),
      );
    }
  }
}

/** ⌊log₁₀ value⌋, exactly. */
function decimalExponent(value: number): number {
  return Number(value.toExponential().split("e")[1]);
}

/** Ticks as text: 0.02 or 300 if all lie within three decades of one, otherwise all as 10⁴ or 2·10⁻⁷. */
export function logTickLabels(ticks: readonly number[]): string[] {
  const plain = ticks.every((tick) => Math.abs(decimalExponent(tick)) <= 3);
  return ticks.map(plain ? String : scientific);
}

function scientific(value: number): string {
  const [mantissa, exponent] = value.toExponential().split("e");
  const raised = exponent
    .replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])
    .replace("-", "⁻")
    .replace("+", "");
  return mantissa === "1" ? `10${raised}` : `${mantissa}·10${raised}`;
}
