import { CsvError, parse } from "csv-parse/sync";
import { DataError } from "../errors/index.js";
import { forEachLine } from "./lines.js";

/** The shape of a matrix read from text. */
export interface MatrixShape {
  readonly rows: number;
  readonly columns: number;
}

/** Takes a row of finite numbers and its index; `values` is overwritten by the next row. */
export type RowVisitor = (values: Float64Array, row: number) => void;

/**
 * Read a matrix of numbers, of which `visit` is given one row after the other: one row per line, separated by commas,
 * semicolons, tabs or blanks (found from the first two lines), decimals with a point, true and false as 1 and 0, either
 * line end, with or without a byte order mark. The first row is a header if one of its fields is text. Lines that begin with # and empty lines at
 * either end are skipped. The file is read in pieces and nothing of it is kept. DataError, naming file, line and column,
 * for ragged rows, anything that is not a finite number, and files without numbers; MissingInputError if the file cannot
 * be read.
 */
export function readNumericCsv(path: string, visit: RowVisitor): MatrixShape {
  const reader = new MatrixReader(path, visit);
  forEachLine(path, (text, line) => {
    reader.accept(text, line);
  });
  return reader.finish();
}

type Separator = "\t" | ";" | "," | " " | "none";

interface Line {
  readonly text: string;
  readonly number: number;
}

class MatrixReader {
  #separator: Separator | undefined;
  #first: Line | undefined;
  #emptyLine: number | undefined;
  #values = new Float64Array(0);
  #names: readonly string[] | undefined;
  #rows = 0;

  constructor(
    private readonly path: string,
    private readonly visit: RowVisitor,
  ) {}

  accept(text: string, number: number): void {
    const trimmed = text.trim();
    if (trimmed.startsWith("#")) return;
    if (trimmed === "") {
      this.#emptyLine ??= this.#first === undefined ? undefined : number;
      return;
    }
    if (this.#emptyLine !== undefined) {
      throw this.#error(
        this.#emptyLine,
        "is empty, but more rows follow. Remove the line or fill in its values",
      );
    }
    const line = { text, number };
    if (this.#first === undefined) {
      this.#first = line;
    } else if (this.#separator === undefined) {
      this.#begin(this.#first, line);
      this.#addRow(line);
    } else {
      this.#addRow(line);
    }
  }

  finish(): MatrixShape {
    if (this.#first === undefined)
      throw new DataError(`${this.path}: contains no rows; expected lines of numbers.`);
    if (this.#separator === undefined) this.#begin(this.#first, this.#first);
    if (this.#rows === 0) {
      throw new DataError(`${this.path}: contains a header but no rows; expected lines of numbers below it.`);
    }
    return { rows: this.#rows, columns: this.#values.length };
  }

  /** Settle the separator from the first two rows, then take `first` as the header or as a row. */
  #begin(first: Line, second: Line): void {
    this.#separator = chooseSeparator(first.text, second.text);
    const fields = this.#split(first);
    this.#values = new Float64Array(fields.length);
    if (fields.some(isName)) {
      this.#names = fields;
    } else {
      this.#addRow(first);
    }
  }

  #addRow(line: Line): void {
    const fields = this.#split(line);
    if (fields.length !== this.#values.length) {
      throw this.#error(
        line.number,
        `found ${fields.length} columns; expected ${this.#values.length}, as in line ${this.#first!.number}`,
      );
    }
    for (let column = 0; column < fields.length; column++) {
      const value = toNumber(fields[column]);
      if (value === undefined || !Number.isFinite(value))
        throw this.#fieldError(line, column, fields[column]);
      this.#values[column] = value;
    }
    this.visit(this.#values, this.#rows++);
  }

  #split({ text, number }: Line): readonly string[] {
    const separator = this.#separator!;
    if (text.includes('"')) return this.#splitQuoted(text, number, separator);
    if (separator === "none") return [text.trim()];
    if (separator === " ") return text.trim().split(/\s+/);
    return text.split(separator).map((field) => field.trim());
  }

  #splitQuoted(text: string, number: number, separator: Separator): readonly string[] {
    try {
      const [fields] = parse(text.trim(), { delimiter: separator === "none" ? "," : separator });
      const trimmed = fields.map((field) => field.trim());
      return separator === " " ? trimmed.filter((field) => field !== "") : trimmed;
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      throw this.#error(number, `its quotes are malformed. Remove them, numbers need none`);
    }
  }

  #fieldError(line: Line, column: number, field: string): DataError {
    const name = this.#names === undefined ? "" : ` (${this.#names[column]})`;
    const where = `column ${column + 1}${name}`;
    const found = field === "" ? "is empty" : `holds ${JSON.stringify(field.slice(0, 40))}`;
    const advice = isMissing(field)
      ? "Remove the row or fill in a value"
      : "Write numbers like -1, 0.5 or 2e-3, with a decimal point";
    return this.#error(line.number, `${where} ${found}; expected a finite number. ${advice}`);
  }

  #error(line: number, problem: string): DataError {
    return new DataError(`${this.path}, line ${line}: ${problem}.`);
  }
}

/**
 * The second line's separator, for the first may be a header with anything in its names. If the second has one field
 * only, so must the first, unless it is a header of words; the ragged row is reported later.
 */
function chooseSeparator(first: string, second: string): Separator {
  const separator = findSeparator(second);
  if (separator !== "none") return separator;
  const inFirst = findSeparator(first);
  return inFirst === " " && first.trim().split(/\s+/).every(isName) ? "none" : inFirst;
}

/** The strongest separator in the line: blanks may pad any other, and decimal commas are not read anyway. */
function findSeparator(text: string): Separator {
  const line = text.trim().replaceAll(/"[^"]*"/g, "0");
  const separators = ["\t", ";", ",", " "] as const;
  return separators.find((separator) => line.includes(separator)) ?? "none";
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The number a field spells in decimal, ±∞ if it is beyond Float64; 1 for true, 0 for false; undefined if it is no number. */
function toNumber(field: string): number | undefined {
  if (NUMBER.test(field)) return Number(field);
  if (!/^(?:true|false)$/i.test(field)) return undefined;
  return field.length === 4 ? 1 : 0;
}

/** A column's name rather than a number, a gap or a number misspelt, such as 1,5 or 1.2.3. */
function isName(field: string): boolean {
  return toNumber(field) === undefined && !isMissing(field) && !/^[-+.,\d\s]+$/.test(field);
}

/** A gap in the data rather than a column's name. */
function isMissing(field: string): boolean {
  return /^(?:|[+-]?(?:nan|inf|infinity)|na|n\/a|null|none|-|\?)$/i.test(field);
}
