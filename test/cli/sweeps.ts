import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { sha256Hex } from "../../src/io/index.js";
import { rbmRg } from "./run.js";

/** Two tasks that share a dataset. */
export const sharingSweep = `name: s
base:
  sample: { lattice: 4x4, samples: 200 }
  model: { hidden: 4 }
  train: { epochs: 2 }
matrix:
  sample.temperature: [2]
  train.l1: [0, 0.1]
`;

/**
 * What of a finished sweep is the same wherever and however it was run: the sha256 of its plan and of all csv, npy, svg and
 * png files, and the collected table.
 */
export function sweepResults(folder: string, file: string, sweep: string): ReadonlyMap<string, string> {
  const root = join(folder, sweep);
  const paths = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((path) =>
    /^plan\.json$|\.(csv|npy|svg|png)$/.test(path),
  );
  const collected = rbmRg(folder, "sweep", "collect", file);
  expect(`${collected.stderr}${collected.status}`).toBe("0");
  return new Map([
    ...paths.sort().map((path) => [path, sha256Hex(readFileSync(join(root, path)))] as const),
    ["collected", collected.stdout],
  ]);
}
