import * as v from "valibot";
import type { ConfigIssue } from "../errors/index.js";
import { canonicalJson } from "../io/index.js";
import { snakeCase } from "../runs/index.js";
import type { AssignedValue, Axis } from "./definition.js";
import { formatValue } from "./expand.js";
import { expandNumbers } from "./number-range.js";

/** The key under which seeds vary. */
export const SEED_KEY = "seed";

/** The key of a matrix that holds groups of keys that advance together. */
const ZIP_KEY = "zip";

/** The path of a key in a section. */
const KEY = /^[a-z]\w*(\.[a-z]\w*)+$/i;

/** A value of a key: number, text, switch, or a list of these. */
export const valueSchema: v.GenericSchema<unknown, AssignedValue> = v.union(
  [
    v.pipe(v.number(), v.finite()),
    v.string(),
    v.boolean(),
    v.array(v.union([v.pipe(v.number(), v.finite()), v.string(), v.boolean()])),
  ],
  "expected a number, text, true, false, or a list of these",
);

/** `sample.learningRate` → `sample.learning_rate`, as in files and messages. */
export function writtenPath(path: string): string {
  return path.split(".").map(snakeCase).join(".");
}

/** The axes of a matrix in the order of the file, and the keys whose values could not be read. */
export function readMatrix(
  matrix: unknown,
  issues: ConfigIssue[],
): { readonly axes: readonly Axis[]; readonly unreadable: readonly string[] } {
  const entries = mapping(
    matrix ?? {},
    "matrix",
    "keys and their values, such as `sample.temperature: [2.0, 2.5]`",
    issues,
  );
  const axes: Axis[] = [];
  const unreadable: string[] = [];
  for (const [name, value] of entries) {
    if (name === ZIP_KEY) {
      for (const group of readGroups(value, issues))
        readAxis(group.entries, group.path, axes, unreadable, issues);
    } else readAxis([[name, value]], "matrix", axes, unreadable, issues);
  }
  reportTwice(
    axes.flatMap(({ keys }) => keys),
    issues,
  );
  return { axes, unreadable };
}

interface Group {
  readonly path: string;
  readonly entries: readonly (readonly [string, unknown])[];
}

function readGroups(value: unknown, issues: ConfigIssue[]): readonly Group[] {
  if (!Array.isArray(value)) {
    issues.push({
      path: "matrix.zip",
      message: `${JSON.stringify(value)}: expected a list of groups of keys that advance together, such as \`- { sample.lattice: [8x8, 16x16], model.hidden: [16, 64] }\``,
    });
    return [];
  }
  return value.map((group: unknown, index) => {
    const path = `matrix.zip.${index}`;
    return { path, entries: mapping(group, path, "keys with lists of the same length", issues) };
  });
}

/** Add the axis of keys that advance together (usually one); what is wrong with it is recorded, and it is left out. */
function readAxis(
  entries: Group["entries"],
  path: string,
  axes: Axis[],
  unreadable: string[],
  issues: ConfigIssue[],
): void {
  if (entries.length === 0) return;
  const columns = entries.map(([name, value]) => {
    const key = writtenPath(name);
    return { key, values: readValues(key, value, `${path}.${key}`, issues) };
  });
  const lengths = new Set(columns.flatMap(({ values }) => (values === null ? [] : [values.length])));
  if (lengths.size > 1) {
    const found = columns.map(({ key, values }) => `${key} has ${values?.length ?? "no"} values`).join(", ");
    issues.push({ path, message: `${found}; keys that advance together need lists of the same length` });
  }
  const readable = columns.flatMap(({ key, values }) => (values === null ? [] : [{ key, values }]));
  if (readable.length < columns.length || lengths.size !== 1) {
    unreadable.push(...columns.map(({ key }) => key));
    return;
  }
  const points = readable[0].values.map((_, index) =>
    Object.fromEntries(readable.map(({ key, values }) => [key, values[index]])),
  );
  const seen = new Set<string>();
  const twice = points.find((point) => seen.size === seen.add(canonicalJson(point)).size);
  if (twice !== undefined) {
    const found = Object.values(twice).map(formatValue).join(", ");
    issues.push({ path: `${path}.${readable[0].key}`, message: `${found} occurs twice; remove one` });
  }
  axes.push({ keys: readable.map(({ key }) => key), points });
}

function readValues(
  key: string,
  value: unknown,
  path: string,
  issues: ConfigIssue[],
): readonly AssignedValue[] | null {
  const wrong = (message: string): null => {
    issues.push({ path, message });
    return null;
  };
  if (key === SEED_KEY) return wrong("vary the seed with seeds: 5 or seeds: [1, 2] beside matrix");
  if (key === "name")
    return wrong("cannot vary; each run's name is made from the sweep's name and its values");
  if (!KEY.test(key)) return wrong("expected the path of a key, such as sample.temperature or train.l1");
  const numbers = typeof value === "string" ? expandNumbers(value) : null;
  if (numbers !== null) return numbers;
  const result = v.safeParse(v.pipe(v.array(valueSchema), v.nonEmpty()), value);
  if (result.success) return result.output;
  return wrong(
    `${JSON.stringify(value)}: expected a list of values, such as [0, 0.01], or a range FIRST:LAST:STEP of at most 10000 numbers, such as "2.0:3.0:0.1"`,
  );
}

function reportTwice(keys: readonly string[], issues: ConfigIssue[]): void {
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  for (const key of twice) issues.push({ path: `matrix.${key}`, message: "varies twice; name it once" });
}

function mapping(
  value: unknown,
  path: string,
  expected: string,
  issues: ConfigIssue[],
): readonly (readonly [string, unknown])[] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return Object.entries(value);
  issues.push({ path, message: `${JSON.stringify(value)}: expected ${expected}` });
  return [];
}
