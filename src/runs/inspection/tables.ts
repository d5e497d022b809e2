import { parseCsv, readText } from "../../io/index.js";
import { withInput } from "../../io/input.js";
import { columnMeanings } from "./column-meanings.js";
import { type FileFacts, shortList } from "./inspection.js";

/** Tables up to this size are read whole; of larger ones the first line. In bytes. */
const MAX_TABLE = 2 ** 27;
const HEAD_BYTES = 2 ** 20;

/** What a CSV file holds. DataError if it is not one. */
export function tableFacts(path: string, bytes: number, table: string): FileFacts {
  const { columns, rows } = bytes <= MAX_TABLE ? parseCsv(readText(path), path) : headOf(path);
  return {
    kind: "CSV table",
    facts: [
      ["rows", rows === null ? "not counted, the table is large" : String(rows.length)],
      ["columns", shortList(columns)],
    ],
    columns: columnMeanings(columns, table),
  };
}

function headOf(path: string): { readonly columns: readonly string[]; readonly rows: null } {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const length = withInput(path, (input) => input.read(bytes));
  const [line] = bytes.toString("utf8", 0, length).split(/\r?\n/, 1);
  return { columns: parseCsv(`${line}\n`, path).columns, rows: null };
}

/** Tables that are printed, or written where the user says, by columns that only they have. */
const printed: readonly (readonly [columns: readonly string[], meaning: string])[] = [
  [
    ["run", "status", "seed", "objective"],
    "Runs, a row each, as rbm-rg collect or sweep collect prints them: varied keys, settings, final figures.",
  ],
  [
    ["layer", "unit", "participation_ratio"],
    "Receptive fields, a row per hidden unit, as rbm-rg fields prints them.",
  ],
  [
    ["layer", "localized_fraction", "coverage"],
    "Layers of a run, a row each, as rbm-rg fields --table layers prints them.",
  ],
  [
    ["layer", "distance", "spin_correlation"],
    "Correlations between hidden units, as rbm-rg fields --table correlations prints them.",
  ],
];

/** What a table is by its columns, wherever it lies; null if these say nothing. */
export function tableMeaning({ columns = [] }: FileFacts): string | null {
  const names = columns.map(([name]) => name);
  return printed.find(([own]) => own.every((name) => names.includes(name)))?.[1] ?? null;
}
