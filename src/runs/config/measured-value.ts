import { ConfigError } from "../../errors/index.js";

/** A number with one standard deviation. */
export interface MeasuredValue {
  /** The number. */
  readonly value: number;
  /** One standard deviation; 0 where the value is exact. */
  readonly error: number;
}

const UNSIGNED = String.raw`(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const MEASURED = new RegExp(String.raw`^\s*([-+]?${UNSIGNED})\s*(?:(?:±|\+/-|\+-)\s*(${UNSIGNED}))?\s*$`);

/** What a measured value looks like, for messages. */
export const expectedMeasuredValue =
  "expected a number, or one with its standard deviation ≥ 0 such as 1421.4±0.2, both below 1.8e308 in size";

/** Whether `readMeasuredValue` reads the text. */
export function isMeasuredValue(text: string): boolean {
  return parse(text) !== null;
}

/** Read `X±dX`, `X+-dX`, `X+/-dX` or `X` (exact), dX ≥ 0. ConfigError for anything else, and what no double can hold. */
export function readMeasuredValue(written: number | string): MeasuredValue {
  const measured = parse(String(written));
  if (measured === null) {
    throw new ConfigError([{ path: "", message: `"${written}": ${expectedMeasuredValue}` }]);
  }
  return measured;
}

function parse(text: string): MeasuredValue | null {
  const match = MEASURED.exec(text);
  if (match === null) return null;
  const [value, error = "0"] = match.slice(1) as [string, string | undefined];
  const measured = { value: Number(value), error: Number(error) };
  return Number.isFinite(measured.value) && Number.isFinite(measured.error) ? measured : null;
}

/** The same value as a user would write it: a number where it is exact. */
export function writtenMeasuredValue({ value, error }: MeasuredValue): number | string {
  return error === 0 ? value : `${value}±${error}`;
}
