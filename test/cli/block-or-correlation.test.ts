import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inspectPath } from "../../src/runs/inspect.js";
import { inFolder, rbmRg } from "./run.js";

it("reproduce block-or-correlation --scale smoke answers every claim, from files that inspect knows and verify watches", () => {
  inFolder((folder) => {
    const made = rbmRg(folder, "reproduce", "block-or-correlation", "--scale", "smoke", "-o", "b", "--json");
    expect(made.status).toBe(0);
    const { claims } = JSON.parse(made.stdout) as {
      claims: readonly { verdict: string; measured: string }[];
    };
    expect(claims.length).toBeGreaterThanOrEqual(8);
    expect(claims.map(({ measured }) => measured).join()).not.toMatch(/NaN|undefined/);
    const study = join(folder, "b");
    const sizes = join(study, "tables", "sizes.csv");
    const rows = parseCsv(readFileSync(sizes, "utf8"), sizes).rows;
    expect(rows).toHaveLength(readdirSync(join(study, "runs")).length);
    expect(new Set(rows.map((row) => row["control"])).size).toBe(4);
    expect(rbmRg(folder, "verify", "b").status).toBe(0);
    const files = readdirSync(study, { recursive: true, encoding: "utf8" }).map((name) => join(study, name));
    const unknown = files
      .filter((file) => statSync(file).isFile())
      .filter((file) => inspectPath(file).meaning === "Not a file this program writes.");
    expect(unknown).toEqual([]);
  });
});
