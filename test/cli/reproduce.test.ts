import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { inspectPath } from "../../src/runs/inspect.js";
import { type CliResult, inFolder, rbmRg, root } from "./run.js";

const file = `name: tiny
question: does it learn at all?
base: { sample: { lattice: 4x4, coupling: 0.4, samples: 200 }, model: { hidden: 4 }, train: { epochs: 1 } }
matrix: { train.l1: [0, 0.1] }
scales:
  large: { name: tiny-large, base: { train: { epochs: 2 } } }
`;

/** The program with one study more: a file. */
let copy = "";
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "rbm-rg-copy-"));
  for (const name of ["assets", "bin", "configs", "dist", "package.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  writeFileSync(join(copy, "configs", "studies", "tiny.yaml"), file);
});
afterAll(() => {
  rmSync(copy, { recursive: true, force: true });
});

function reproduce(folder: string, ...args: readonly string[]): CliResult {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(copy, "bin", "rbm-rg.js"), "reproduce", ...args],
    { cwd: folder, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

describe("reproduce", () => {
  it("runs a study that is nothing but a file, and ends in the table of its runs", () => {
    inFolder((folder) => {
      const { status, stdout, stderr } = reproduce(folder, "tiny", "-q", "-j", "1");
      expect(`${stderr}${status}`).toBe("0");
      expect(stdout).toMatch(/^written: results\/tiny\/tables\/runs\.csv, results\/tiny\/SUMMARY\.md/);
      const study = join(folder, "results", "tiny");
      const table = join(study, "tables", "runs.csv");
      const { columns, rows } = parseCsv(readFileSync(table, "utf8"), table);
      expect(columns.slice(0, 3)).toEqual(["train.l1", "task", "run"]);
      expect(rows.map((row) => row["l1"])).toEqual(["0", "0.1"]);
      expect(readFileSync(join(study, "SUMMARY.md"), "utf8")).toMatch(
        /^# tiny: does it learn at all\?\n\n2 runs, rbm-rg \S+; all of it in tables\/runs\.csv\.\n$/,
      );
      expect(existsSync(join(study, "claims.csv"))).toBe(false);
      const files = readdirSync(study, { recursive: true, encoding: "utf8" }).map((name) =>
        join(study, name),
      );
      const unknown = files
        .filter((path) => statSync(path).isFile())
        .filter((path) => inspectPath(path).meaning === "Not a file this program writes.");
      expect(unknown).toEqual([]);
      expect(rbmRg(folder, "verify", "results/tiny").status).toBe(0);
      const again = reproduce(folder, "tiny", "--json");
      expect(JSON.parse(again.stdout)).toMatchObject({ study: "tiny", claims: [] });
    });
  });

  it("names in its help every study, its scales and its question", () => {
    inFolder((folder) => {
      const { status, stdout } = reproduce(folder, "--help");
      expect(status).toBe(0);
      expect(stdout).toMatch(/^ {2}tiny \(standard, large\)\n +does it learn at all\?$/m);
      expect(stdout).toMatch(
        /^ {2}burns \(standard, smoke.*\)\n +what does training an RBM on the free energy do\?$/m,
      );
      expect(stdout).toMatch(/^ {2}mehta-schwab \(standard, smoke, .*paper\)\n +do stacked RBMs/m);
    });
  });

  it("refuses a study or scale that there is not, and names those that there are", () => {
    inFolder((folder) => {
      const scale = reproduce(folder, "tiny", "--scale", "smoke");
      expect(scale.stderr).toBe("rbm-rg: --scale smoke: the scales of tiny are standard, large.\n");
      expect(scale.status).toBe(64);
      const study = reproduce(folder, "tiniest");
      expect(study.stderr).toMatch(
        /^rbm-rg: there is no study "tiniest"; known: .*burns, .*mehta-schwab, .*tiny/,
      );
      expect(study.status).toBe(64);
      for (const name of ["../../package", "constructor", "toString"])
        expect(reproduce(folder, name).stderr).toMatch(/there is no study/);
      expect(readdirSync(folder)).toEqual([]);
    });
  });
});
