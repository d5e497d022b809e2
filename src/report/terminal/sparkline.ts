import { mean } from "../../statistics/index.js";
import type { TerminalStyle } from "./style.js";

/** From the lowest value to the highest. */
const BLOCKS = Array.from("▁▂▃▄▅▆▇█");
const SIGNS = Array.from("_.-=+*%#");

/**
 * A curve as one line of at most `room` characters: one per value or, of more values, one per equal share of them, which
 * shows their mean. The lowest and the highest character stand for the least and the greatest of what is shown; a space for
 * what is not finite.
 */
export function sparkline(values: readonly number[], room: number, { unicode }: TerminalStyle): string {
  const shown = shares(values, Math.min(values.length, room));
  const finite = shown.filter(Number.isFinite);
  const [least, greatest] = [Math.min(...finite), Math.max(...finite)];
  const levels = unicode ? BLOCKS : SIGNS;
  const level = (value: number): string => {
    if (!Number.isFinite(value)) return " ";
    const height = greatest > least ? (value - least) / (greatest - least) : 0;
    return levels[Math.min(levels.length - 1, Math.floor(height * levels.length))];
  };
  return shown.map(level).join("");
}

/** Means over `count` consecutive shares, of those values that are finite; NaN where none is. */
function shares(values: readonly number[], count: number): readonly number[] {
  return Array.from({ length: count }, (_, k) => {
    const [from, to] = [k, k + 1].map((edge) => Math.floor((edge * values.length) / count));
    const finite = values.slice(from, to).filter(Number.isFinite);
    return finite.length === 0 ? NaN : mean(Float64Array.from(finite));
  });
}
