import type { ConfigIssue } from "../errors/index.js";
import type { RawConfig } from "../runs/index.js";
import type { SweepPart } from "./definition.js";
import { readExclusions } from "./exclusions.js";
import { combinationCount } from "./expand.js";
import { readMatrix, SEED_KEY } from "./matrix.js";
import { readSeeds } from "./seed-axis.js";

/** More tasks than this are a slip of the pen. */
const MAX_TASKS = 100_000;

/** The sections of a grid as they stand in the file. */
export interface WrittenPart {
  readonly matrix: unknown;
  readonly seeds: unknown;
  readonly exclude: unknown;
}

/**
 * Read one grid around `base`, null if that could not be read. What is wrong is recorded; keys with it are left out and
 * named as unreadable. `seed`, if given, replaces the seed of the file.
 */
export function readPart(
  name: string | null,
  written: WrittenPart,
  base: RawConfig | null,
  seed: string | undefined,
  issues: ConfigIssue[],
): SweepPart {
  const matrix = readMatrix(written.matrix, issues);
  const seeds = readSeeds(written.seeds, seed, MAX_TASKS + 1, issues);
  const axes = seeds === null ? matrix.axes : [...matrix.axes, seeds];
  const unreadable = base === null ? [...matrix.unreadable, "sample.lattice"] : matrix.unreadable;
  const exclude = readExclusions(written.exclude, axes, unreadable, issues);
  const own = seed === undefined ? {} : { [SEED_KEY]: seed };
  const part = { name, base: { ...base, ...own }, axes, exclude, unreadable };
  const combinations = combinationCount(axes);
  if (combinations <= MAX_TASKS) return part;
  issues.push({
    path: "matrix",
    message: `expands to ${combinations} combinations; at most ${MAX_TASKS} are supported. Split the sweep`,
  });
  return { ...part, axes: [], exclude: [], unreadable: [...unreadable, ...axes.flatMap(({ keys }) => keys)] };
}
