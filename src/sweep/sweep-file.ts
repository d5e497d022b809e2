import { basename, dirname, resolve } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import * as v from "valibot";
import { ConfigError, type ConfigIssue, RbmRgError } from "../errors/index.js";
import { isPlainObject, overlay, type RawConfig, readConfigFile, snakeCase } from "../runs/index.js";
import { check } from "./check-value.js";
import type { SweepDefinition, SweepPart } from "./definition.js";
import { writtenPath } from "./matrix.js";
import { readPart, type WrittenPart } from "./sweep-part.js";

/** A sweep file as far as it could be read, with everything found wrong in it. */
export interface SweepReading {
  readonly definition: SweepDefinition;
  readonly issues: readonly ConfigIssue[];
}

/** What is asked for beside the file. */
export interface SweepChoice {
  /** The name of one of the file's scales; `standard`, the default, is the file itself if it has no scale of that name. */
  readonly scale?: string | undefined;
  /** Takes the place of the file's seed, and begins the names of its seeds. */
  readonly seed?: string | undefined;
}

/** Longest name of a sweep, which is that of its folder, in characters. */
const LONGEST_NAME = 200;

/** The name of a sweep. */
export const nameSchema = v.pipe(
  v.string("expected text"),
  v.regex(/^[\w=+-][\w.=+-]*$/, "expected letters, digits and . _ - = + only, no dot first"),
  v.maxLength(LONGEST_NAME, `expected at most ${LONGEST_NAME} characters`),
);
const known = ["name", "question", "base", "scale", "matrix", "seeds", "exclude", "parts"] as const;
const knownInPart = ["base", "matrix", "seeds", "exclude"] as const;

/**
 * Read a sweep file at one of its scales. MissingInputError, or ConfigError if it is not YAML or has no such scale; other
 * errors are returned all together.
 */
export function readSweepFile(path: string, { scale, seed }: SweepChoice = {}): SweepReading {
  const file = readConfigFile(path, scale);
  const issues = unknownKeys(file, known);
  const name = readName(file, path, issues);
  check(v.string("expected text"), file["question"], "question", issues);
  const base = readBase(file, path, issues);
  const parts =
    file["parts"] === undefined
      ? [readPart(null, sections(file), base, seed, issues)]
      : readParts(file, base, seed, issues);
  return { definition: { name, parts }, issues };
}

/** Only the name of a sweep, which says where its folder is. */
export function readSweepName(path: string, scale?: string): string {
  const issues: ConfigIssue[] = [];
  const name = readName(readConfigFile(path, scale), path, issues);
  if (issues.length > 0) throw new ConfigError(issues, path);
  return name;
}

/** What a sweep is to answer, as its file says; null if it does not. */
export function readSweepQuestion(path: string): string | null {
  const { question } = readConfigFile(path);
  return typeof question === "string" ? question : null;
}

/** The grids of a sweep that has several, each around the sweep's base with its own laid over it. */
function readParts(
  file: RawConfig,
  base: RawConfig | null,
  seed: string | undefined,
  issues: ConfigIssue[],
): readonly SweepPart[] {
  const { parts } = file;
  for (const key of ["matrix", "exclude"] as const) {
    if (file[key] !== undefined) issues.push({ path: key, message: "belongs into one of the parts" });
  }
  const entries = isPlainObject(parts) ? Object.entries(parts).filter(([, part]) => part !== null) : [];
  if (entries.length === 0) {
    issues.push({ path: "parts", message: "expected names, each with base, matrix, seeds or exclude" });
  }
  return entries.map(([key, part]) => {
    const name = snakeCase(key);
    const found: ConfigIssue[] = [];
    const own = isPlainObject(part) ? part : {};
    if (!isPlainObject(part)) {
      found.push({ path: "", message: `${JSON.stringify(part)}: expected base, matrix, seeds or exclude` });
    }
    found.push(...unknownKeys(own, knownInPart));
    const over = own["base"] ?? {};
    if (!isPlainObject(over)) {
      found.push({ path: "base", message: `${JSON.stringify(over)}: expected keys to lay over the base` });
    }
    const written = sections({ seeds: file["seeds"], ...own });
    const around = base === null || !isPlainObject(over) ? base : overlay(base, over);
    const read = readPart(name, written, around, seed, found);
    issues.push(...found.map(({ path, message }) => ({ path: partPath(name, path), message })));
    return read;
  });
}

/** Where in the file something of a part stands; `name` is null in a sweep that is one grid. */
export function partPath(name: string | null, path: string): string {
  return [...(name === null ? [] : ["parts", name]), ...(path === "" ? [] : [path])].join(".");
}

function sections({ matrix, seeds, exclude }: RawConfig): WrittenPart {
  return { matrix, seeds, exclude };
}

function unknownKeys(section: RawConfig, allowed: readonly string[]): ConfigIssue[] {
  return Object.keys(section)
    .filter((key) => !allowed.includes(key))
    .map((key) => {
      const match = closest(key, allowed);
      const hint = distance(key, match) <= 2 ? `did you mean ${match}?` : `known keys: ${allowed.join(", ")}`;
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
      .replace(/^\.+/, "")
      .slice(0, LONGEST_NAME) ||
      "sweep")
  );
}

/** The configuration around which things vary: written here, or in a file named relative to this one, at its `scale`. */
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
