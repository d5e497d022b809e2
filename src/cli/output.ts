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
