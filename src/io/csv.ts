import { CsvError, parse } from "csv-parse/sync";
import { stringify } from "csv-stringify/sync";
import { DataError, DomainError } from "../errors/index.js";

/** What a field may hold; null, undefined and NaN become an empty field. */
export type CsvValue = string | number | boolean | null | undefined;

/** A table whose first line names the columns. */
export interface CsvTable {
  readonly columns: readonly string[];
  /** Every row by column name, fields as they stand in the text. */
  readonly rows: readonly Readonly<Record<string, string>>[];
}

/** Fields formatted at a time. */
const PART_FIELDS = 1 << 14;

/**
 * A table as comma-separated text (RFC 4180 but with `\n` line ends): a line of column names, then the rows. Numbers
 * are written by shortest round trip, ±∞ as ±Infinity, NaN as an empty field. DomainError if no column is named, a name
 * occurs twice or a row does not have one value per column.
 */
export function formatCsv(columns: readonly string[], rows: Iterable<readonly CsvValue[]>): string {
  return [...csvParts(columns, rows)].join("");
}

/** The same text in parts, for large tables: the rows are asked for as they are needed. */
export function* csvParts(
  columns: readonly string[],
  rows: Iterable<readonly CsvValue[]>,
): Generator<string, void> {
  if (columns.length === 0) throw new DomainError("a CSV table needs at least one column.");
  const twice = firstRepeated(columns);
  if (twice !== undefined) throw new DomainError(`column "${twice}" occurs twice in this CSV table.`);
  let records: string[][] = [[...columns]];
  let count = 0;
  for (const row of rows) {
    count++;
    if (row.length !== columns.length) {
      throw new DomainError(
        `row ${count} of a CSV table has ${row.length} values; expected ${columns.length}: ` +
          `${columns.join(", ")}.`,
      );
    }
    records.push(row.map(formatField));
    if (records.length * columns.length >= PART_FIELDS) {
      yield formatRecords(records);
      records = [];
    }
  }
  if (records.length > 0) yield formatRecords(records);
}

function formatRecords(records: string[][]): string {
  // A bare carriage return or a leading byte order mark would be taken for part of the file's form.
  return stringify(records, { quoted_match: /\r|^\ufeff/ });
}

/**
 * Read comma-separated text whose first line names the columns; both line ends, quoted fields and a byte order mark are
 * understood. DataError, naming `origin` and the line, for ragged rows, stray quotes, a missing header or a column name
 * that occurs twice.
 */
export function parseCsv(text: string, origin: string): CsvTable {
  const records = parseRecords(text, origin);
  const columns = records.shift();
  if (columns === undefined) {
    throw new DataError(`${origin}: is empty; expected a first line with the names of the columns.`);
  }
  const twice = firstRepeated(columns);
  if (twice !== undefined) {
    throw new DataError(`${origin}, line 1: column "${twice}" occurs twice. Rename one of them.`);
  }
  const rows = records.map((fields) => Object.fromEntries(fields.map((field, i) => [columns[i], field])));
  return { columns, rows };
}

function parseRecords(text: string, origin: string): string[][] {
  return splitPlain(text) ?? parseAny(text, origin);
}

/** What most tables are, split: without quotes, and as wide everywhere as at the top. Null for others. */
function splitPlain(text: string): string[][] | null {
  if (/["\r\ufeff]/.test(text)) return null;
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const records = lines.map((line) => line.split(","));
  return records.every(({ length }) => length === records[0].length) ? records : null;
}

function parseAny(text: string, origin: string): string[][] {
  try {
    return parse(text, { bom: true, record_delimiter: ["\r\n", "\n"] });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new DataError(`${origin}, line ${lineOf(error)}: ${explain(error)}.`, { cause: error });
  }
}

function lineOf(error: CsvError): number {
  return typeof error["lines"] === "number" ? error["lines"] : 1;
}

function explain(error: CsvError): string {
  const record: unknown = error["record"];
  if (error.code === "CSV_RECORD_INCONSISTENT_FIELDS_LENGTH" && Array.isArray(record)) {
    const expected = /expect (\d+)/.exec(error.message)?.[1] ?? "as many as the first line";
    return `found ${record.length} fields; expected ${expected}, one per column. Quote fields that contain commas`;
  }
  return `${error.message}. Quote the whole field and double the quotes inside it`;
}

function formatField(value: CsvValue): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  return Object.is(value, -0) ? "-0" : String(value);
}

function firstRepeated(names: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return names.find((name) => seen.size === seen.add(name).size);
}
