import { ConfigError } from "../../errors/index.js";

/** A number with one standard deviation. */
export interface MeasuredValue {
  readonly value: number;
  /** 0 where the value is exact. */
  readonly error: number;
}

const NUMBER = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const MEASURED = new RegExp(String.raw`^\s*(${NUMBER})\s*(?:(?:±|\+/-|\+-)\s*(${NUMBER}))?\s*$`);

/** The form that `readMeasuredValue` reads. */
export function isMeasuredValue(text: string): boolean {
  return MEASURED.test(text);
}

/** Read `X±dX`, `X+-dX`, `X+/-dX` or `X` (exact). ConfigError for anything else. */
export function readMeasuredValue(written: number | string): MeasuredValue {
  const match = MEASURED.exec(String(written));
  if (match === null) throw new ConfigError([{ path: "", message: `"${written}": expected X±dX` }]);
  const [value, error = "0"] = match.slice(1) as [string, string | undefined];
  return { value: Number(value), error: Math.abs(Number(error)) };
}

/** The same value as a user would write it: a number where it is exact. */
export function writtenMeasuredValue({ value, error }: MeasuredValue): number | string {
  return error === 0 ? value : `${value}±${error}`;
}
