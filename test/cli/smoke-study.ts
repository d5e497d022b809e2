import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { inspectPath } from "../../src/runs/inspect.js";
import { rbmRg } from "./run.js";

interface Claim {
  readonly claim: string;
  readonly measured: string;
  readonly verdict: string;
}

/** Run a packaged study at its smoke scale into a folder `b`; returns the verdict on the first claim that has these words. */
export function smokeVerdicts(folder: string, study: string): (words: string) => string {
  const { status, stdout, stderr } = rbmRg(
    folder,
    ...["reproduce", study, "--scale", "smoke", "-o", "b", "--json"],
  );
  expect(stderr).not.toMatch(/internal error/);
  expect(status).toBe(0);
  const { claims } = JSON.parse(stdout) as { claims: readonly Claim[] };
  for (const { claim, measured } of claims) {
    expect(claim).not.toMatch(/NaN|undefined/);
    expect(measured).not.toMatch(/NaN|undefined|^$/);
  }
  return (words) => claims.find(({ claim }) => claim.includes(words))!.verdict;
}

/** Expect the figures of the study in `b`, that `inspect` knows each of its files, and that `verify` finds them intact. */
export function expectWhole(folder: string, figures: readonly string[]): void {
  for (const name of figures) {
    for (const kind of ["csv", "svg", "png"]) {
      expect(existsSync(join(folder, "b", "figures", `${name}.${kind}`)), name).toBe(true);
    }
  }
  const files = readdirSync(join(folder, "b"), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, "b", name))
    .filter((file) => statSync(file).isFile());
  const unknown = files.filter((file) => inspectPath(file).meaning === "Not a file this program writes.");
  expect(unknown).toEqual([]);
  expect(rbmRg(folder, "verify", "b").status).toBe(0);
}
