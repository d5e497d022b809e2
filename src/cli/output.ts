import { writeStdout } from "../io/stdout.js";

/** Print a value as one JSON document on stdout; numbers that JSON lacks become null. */
export function printJson(value: unknown): void {
  writeStdout(`${JSON.stringify(value, null, 2)}\n`);
}

/** Print text on stdout, ended by one newline. */
export function print(text: string): void {
  writeStdout(text.endsWith("\n") ? text : `${text}\n`);
}

/** Columns of text, padded so that they line up; numbers are the caller's to format. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd();
  return [header, ...rows].map(line).join("\n");
}

/** A value with its error in parentheses form, 1.1520(12); plain if the error is zero or unknown. */
export function withError(value: number, error: number | null): string {
  if (!Number.isFinite(value)) return "–";
  if (error === null || !(error > 0) || !Number.isFinite(error)) return String(Number(value.toPrecision(8)));
  let decimals = 0;
  let scaled = error;
  while (scaled < 9.5 && decimals < 15) {
    scaled *= 10;
    decimals++;
  }
  if (decimals === 0) return `${Math.round(value)}(${Math.round(error)})`;
  return `${value.toFixed(decimals)}(${Math.round(scaled)})`;
}

/** An amount of memory in binary units, three digits: 152 MiB, 9.31 GiB. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let [value, unit] = [bytes, 0];
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toPrecision(3))} ${units[unit]}`;
}
