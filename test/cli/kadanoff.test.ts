import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inFolder, rbmRg } from "./run.js";

it("kadanoff prints the fixed points, and as JSON everything", () => {
  inFolder((folder) => {
    const { status, stdout, stderr } = rbmRg(folder, "kadanoff");
    expect(status).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(/^p\* +0\.765983 +0\.760989$/m);
    expect(stdout).toMatch(/^y_T +1\.000879 +1\.017535 +1$/m);
    expect(stdout).toMatch(/^y_H +1\.875316 +1\.877736 +1\.875$/m);
    expect(stdout).toMatch(/^K_c +0\.484833 +0\.483647 +0\.440687$/m);
    expect(stdout).toMatch(/^0\.440687 +0\.929695 +0\.967163 +0\.946624$/m);
    expect(readdirSync(folder)).toEqual([]);

    const json = JSON.parse(rbmRg(folder, "kadanoff", "--json").stdout) as {
      fixedPoints: { symmetry: string; thermal: number }[];
      freeEnergy: { coupling: number; exact: number; fixed: number; optimal: number }[];
      flow: { axis: string; step: number }[];
    };
    expect(json.fixedPoints.map(({ symmetry }) => symmetry)).toEqual(["permutation", "square"]);
    expect(json.fixedPoints[0].thermal).toBeCloseTo(1.000879, 6);
    for (const { exact, fixed, optimal } of json.freeEnergy) {
      expect(fixed).toBeGreaterThanOrEqual(optimal);
      expect(optimal).toBeGreaterThan(exact - 1e-12);
    }
    expect(new Set(json.flow.map(({ axis }) => axis))).toEqual(new Set(["nearest", "permutation"]));
  });
});

it("kadanoff -o writes tables and figures, the same bytes each time", () => {
  inFolder((folder) => {
    expect(rbmRg(folder, "kadanoff", "-o", "out").stdout).toMatch(/written: out\/fixed-points\.csv/);
    expect(rbmRg(folder, "kadanoff", "-q", "-o", "again").stdout).not.toMatch(/written/);
    const names = readdirSync(join(folder, "out"), { recursive: true }) as string[];
    expect(names.sort()).toEqual([
      "figures",
      ...["figures/flow.csv", "figures/flow.png", "figures/flow.svg"],
      ...["figures/free-energy.csv", "figures/free-energy.png", "figures/free-energy.svg"],
      ...["fixed-points.csv", "flow.csv", "free-energy.csv", "manifest.json"],
    ]);
    expect(rbmRg(folder, "verify", "out").stdout).toMatch(/out: kadanoff, 9 files intact/);
    expect(rbmRg(folder, "inspect", "out").stdout).toMatch(/analysis folder\n.*rbm-rg kadanoff/);
    const read = rbmRg(folder, "kadanoff", "-o", "out");
    expect([read.status, read.stdout]).toEqual([73, ""]);
    expect(read.stderr).toMatch(/out exists\. Choose another -o, or --force/);
    expect(rbmRg(folder, "kadanoff", "-o", "out", "--force", "-q").status).toBe(0);
    for (const name of names.filter((path) => path.includes("."))) {
      const bytes = readFileSync(join(folder, "out", name));
      expect(bytes.equals(readFileSync(join(folder, "again", name))), name).toBe(true);
    }
    const text = readFileSync(join(folder, "out", "fixed-points.csv"), "utf8");
    const { rows } = parseCsv(text, "fixed-points.csv");
    expect(rows.map(({ symmetry }) => symmetry)).toEqual(["permutation", "square"]);
    expect(Number(rows[0]["k1"])).toBeCloseTo(0.139717, 6);
    expect(Number(rows[0]["y_h"])).toBeCloseTo(1.875316, 6);
    const flow = parseCsv(readFileSync(join(folder, "out", "flow.csv"), "utf8"), "flow.csv");
    expect(flow.columns).toEqual(["axis", "start_coupling", "step", "k1", "k2", "k4"]);
    expect(flow.rows.filter(({ step }) => step === "0").length).toBe(14);
  });
});

it("kadanoff refuses what it does not understand", () => {
  inFolder((folder) => {
    writeFileSync(join(folder, "file"), "");
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine/flow.csv"), "kept");
    for (const [args, code, message] of [
      [["kadanoff", "extra"], 64, /too many arguments/],
      [["kadanoff", "--steps", "3"], 64, /unknown option/],
      [["kadanoff", "-o", ""], 64, /-o needs the name of a folder/],
      [["kadanoff", "-o", "file"], 73, /file is a file/],
      [["kadanoff", "-o", "mine", "--force"], 73, /mine holds flow\.csv, which is not part of an analysis/],
      [["kadanoff", "-o", "file/below"], 73, /cannot write file\/below/],
    ] as const) {
      const { status, stdout, stderr } = rbmRg(folder, ...args);
      expect(stderr).toMatch(message);
      expect(status).toBe(code);
      expect(stdout).toBe("");
    }
    expect(readdirSync(folder).sort()).toEqual(["file", "mine"]);
    expect(readFileSync(join(folder, "mine/flow.csv"), "utf8")).toBe("kept");
  });
});
