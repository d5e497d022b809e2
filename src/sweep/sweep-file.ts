import { basename, dirname, resolve } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import * as v from "valibot";
import { ConfigError, type ConfigIssue, RbmRgError } from "../errors/index.js";
import { readText } from "../io/index.js";
import { parseYaml, type RawConfig, readConfigFile } from "../runs/index.js";
import { check } from "./check-value.js";
import type { Axis, SweepDefinition } from "./definition.js";
import { readExclusions } from "./exclusions.js";
import { combinationCount } from "./expand.js";
import { readMatrix, SEED_KEY, writtenPath } from "./matrix.js";

/** More tasks than this are a slip of the pen. */
const MAX_TASKS = 100_000;

/** A sweep file as far as it could be read, with everything found wrong in it. */
export interface SweepReading {
  readonly definition: SweepDefinition;
  readonly issues: readonly ConfigIssue[];
  /** Keys that vary but whose values could not be read. */
  readonly unreadable: readonly string[];
}

const nameSchema = v.pipe(
  v.string("expected text"),
  v.regex(/^[\w=+-][\w.=+-]*$/, "expected letters, digits and . _ - = + only, no dot first"),
);
const SEEDS = "expected how many (seeds 1, 2, …) or a list such as [1, 2, 3]";
const seedsSchema = v.union(
  [
    v.pipe(
      v.number(),
      v.check((n) => Number.isSafeInteger(n) && n >= 1, SEEDS),
    ),
    v.pipe(
      v.array(
        v.union(
          [
            v.pipe(v.number(), v.finite("expected a finite number"), v.transform(String)),
            v.pipe(v.string(), v.nonEmpty("expected text")),
          ],
          "expected a number or text",
        ),
      ),
      v.nonEmpty(SEEDS),
    ),
  ],
  SEEDS,
);
const known = ["name", "base", "scale", "matrix", "seeds", "exclude"] as const;

/** Read a sweep file. MissingInputError, or ConfigError if it is not YAML; other errors are returned all together. */
export function readSweepFile(path: string): SweepReading {
  const file = parseYaml(readText(path), path);
  const issues: ConfigIssue[] = unknownKeys(file);
  const name = readName(file, path, issues);
  const base = readBase(file, path, issues);
  const matrix = readMatrix(file["matrix"], issues);
  const unreadable = base === null ? [...matrix.unreadable, "sample.lattice"] : matrix.unreadable;
  const seeds = check(seedsSchema, file["seeds"], "seeds", issues);
  const axes = seeds === undefined ? matrix.axes : [...matrix.axes, seedAxis(seeds, issues)];
  const exclude = readExclusions(file["exclude"], axes, unreadable, issues);
  const combinations = combinationCount(axes);
  if (combinations > MAX_TASKS) {
    issues.push({
      path: "matrix",
      message: `expands to ${combinations} combinations; at most ${MAX_TASKS} are supported. Split the sweep`,
    });
  }
  return { definition: { name, base: base ?? {}, axes, exclude }, issues, unreadable };
}

/** Only the name of a sweep, which says where its folder is. */
export function readSweepName(path: string): string {
  const issues: ConfigIssue[] = [];
  const name = readName(parseYaml(readText(path), path), path, issues);
  if (issues.length > 0) throw new ConfigError(issues, path);
  return name;
}

function unknownKeys(file: RawConfig): ConfigIssue[] {
  return Object.keys(file)
    .filter((key) => !known.some((name) => name === key))
    .map((key) => {
      const match = closest(key, known);
      const hint = distance(key, match) <= 2 ? `did you mean ${match}?` : `known keys: ${known.join(", ")}`;
      return { path: writtenPath(key), message: `unknown key; ${hint}` };
    });
}

function readName(file: RawConfig, path: string, issues: ConfigIssue[]): string {
  const given = check(nameSchema, file["name"], "name", issues);
  return (
    given ??
    (basename(path)
      .replace(/\.ya?ml$/i, "")
      .replace(/[^\w.=+-]+/g, "_")
      .replace(/^\.+/, "") ||
      "sweep")
  );
}

/** The configuration around which things vary: written here, or in a file named relative to this one. */
function readBase(file: RawConfig, path: string, issues: ConfigIssue[]): RawConfig | null {
  const { base, scale } = file;
  if (scale !== undefined && typeof scale !== "string") {
    issues.push({
      path: "scale",
      message: `${JSON.stringify(scale)}: expected the name of one of the base's scales`,
    });
  }
  if (typeof base === "string" && base !== "") {
    try {
      return readConfigFile(resolve(dirname(path), base), typeof scale === "string" ? scale : undefined);
    } catch (error) {
      if (!(error instanceof RbmRgError)) throw error;
      issues.push({ path: "base", message: error.message });
      return null;
    }
  }
  if (typeof scale === "string")
    issues.push({
      path: "scale",
      message: "chooses among the scales of a base that is a file; write base: FILE",
    });
  if (typeof base === "object" && base !== null && !Array.isArray(base)) return base as RawConfig;
  const found = base === undefined ? "missing" : JSON.stringify(base);
  issues.push({
    path: "base",
    message: `${found}: expected a configuration as rbm-rg train --config reads it, or the name of such a file`,
  });
  return null;
}

function seedAxis(seeds: number | readonly string[], issues: ConfigIssue[]): Axis {
  const count = typeof seeds === "number" ? Math.min(seeds, MAX_TASKS + 1) : 0;
  const list = typeof seeds === "number" ? Array.from({ length: count }, (_, k) => String(k + 1)) : seeds;
  const twice = list.find((seed, index) => list.indexOf(seed) !== index);
  if (typeof seeds !== "number" && twice !== undefined)
    issues.push({ path: "seeds", message: `${twice} occurs twice; remove one` });
  return { keys: [SEED_KEY], points: list.map((seed) => ({ [SEED_KEY]: seed })) };
}
