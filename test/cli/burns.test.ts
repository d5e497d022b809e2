import { appendFileSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inspectPath } from "../../src/runs/inspect.js";
import { inFolder, rbmRg } from "./run.js";

interface Claim {
  readonly claim: string;
  readonly verdict: string;
}

describe("reproduce burns --scale smoke", () => {
  it("finds the predicted transitions, and judges no run that is not finished", () => {
    inFolder((folder) => {
      const { status, stdout } = rbmRg(folder, "reproduce", "burns", "--scale", "smoke", "-o", "b", "--json");
      expect(status).toBe(0);
      const { claims } = JSON.parse(stdout) as { claims: readonly Claim[] };
      const verdictOf = (words: string): string => claims.find(({ claim }) => claim.includes(words))!.verdict;
      expect(verdictOf("can be met only above K*")).toBe("yes");
      expect(verdictOf("above K* the gap closes")).toBe("yes");
      expect(verdictOf("ends at the zero RBM")).toBe("yes");
      expect(verdictOf("is brought to zero")).toBe("yes");
      expect(verdictOf("is out of reach")).toBe("yes");
      expect(verdictOf("an identity, no finding")).toBe("yes");
      expect(verdictOf("closing the literal gap")).toBe("no");
      expect(verdictOf("a perfect RBM, one hidden unit per bond")).toBe("yes");
      expect(verdictOf("a perfect RBM (KL = 0)")).toBe("no");
      // Ten epochs are too few to say anything of a minimum, whichever way the numbers lean.
      for (const words of ["at the minimum of KL", "`trace`, Var_P(D), reaches", "the gauge `model`"])
        expect(verdictOf(words)).toBe("undecided");
      for (const name of ["reachability", "phases", "gauges"]) {
        for (const kind of ["csv", "svg", "png"])
          expect(existsSync(join(folder, "b", "figures", `${name}.${kind}`))).toBe(true);
      }
      const perfect = join(folder, "b", "tables", "perfect.csv");
      for (const row of parseCsv(readFileSync(perfect, "utf8"), perfect).rows) {
        expect(Math.abs(Number(row["kl"]))).toBeLessThan(1e-9);
        expect(Number(row["free_energy_gap"])).toBeCloseTo(32 * (Math.LN2 + Number(row["coupling"])), 4);
      }
      const page = readFileSync(join(folder, "b", "SUMMARY.md"), "utf8");
      expect(page).toMatch(/^# burns-smoke: what does training/);
      expect(page).toContain("](figures/phases.png)");
      expectKnownAndVerified(folder);
    });
  });
});

/** Every file of a study is one that `inspect` knows, and one that `verify` watches: its own, and those of its runs. */
function expectKnownAndVerified(folder: string): void {
  const study = join(folder, "b");
  const files = readdirSync(study, { recursive: true, encoding: "utf8" }).map((name) => join(study, name));
  const unknown = files
    .filter((file) => statSync(file).isFile())
    .filter((file) => inspectPath(file).meaning === "Not a file this program writes.");
  expect(unknown).toEqual([]);
  expect(inspectPath(study).kind).toBe("study folder");

  const good = rbmRg(folder, "verify", "b");
  expect(good.status).toBe(0);
  expect(good.stdout).toMatch(/^b: study, \d+ files, \d+ runs intact\n$/);
  const [run] = readdirSync(join(study, "runs"));
  appendFileSync(join(study, "claims.csv"), "a,b,c\n");
  appendFileSync(join(study, "runs", run, "metrics.csv"), "1\n");
  const bad = rbmRg(folder, "verify", "b");
  expect(bad.status).toBe(65);
  expect(bad.stdout).toMatch(
    /^ {2}changed +claims\.csv\nb\/runs\/\w+: run, .*\n {2}changed +metrics\.csv\n$/m,
  );
}
