import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeNpy, npzParts, parseCsv, readNpy } from "../../src/io/index.js";
import { arrayView } from "../../src/kernels/index.js";
import { inspectPath } from "../../src/runs/index.js";
import { randomRbm } from "../rbm/oracle.js";
import { rbmRg, root } from "./run.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rbm-rg-import-"));
  const { weights, visibleBias, hiddenBias } = randomRbm("binary", 9, 4, "elsewhere");
  const arrays = [
    ["W", arrayView(Float64Array.from(weights), [9, 4])],
    ["visible_bias", arrayView(Float64Array.from(visibleBias), [9])],
    ["hidden_bias", arrayView(Float64Array.from(hiddenBias), [4])],
  ] as const;
  writeFileSync(join(folder, "theirs.npz"), Buffer.concat([...npzParts(arrays)]));
  const spins = Int8Array.from({ length: 40 * 9 }, (_, k) => ((k * k) % 11 < 5 ? 1 : 0));
  writeFileSync(join(folder, "data.npy"), encodeNpy(spins, [40, 9]));
  must("train", "-q", "-L", "3", "-K", "0.4", "-n", "200", "--hidden", "5,3", "--epochs", "2", "-o", "stack");
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Run the program in the folder; its stdout. */
function must(...args: readonly string[]): string {
  const { status, stdout, stderr } = rbmRg(folder, ...args);
  if (status !== 0) throw new Error(`rbm-rg ${args.join(" ")} → ${status}\n${stdout}\n${stderr}`);
  return stdout;
}

function refused(code: number, message: RegExp, ...args: readonly string[]): void {
  const { status, stderr } = rbmRg(folder, ...args);
  expect([status, stderr]).toEqual([code, expect.stringMatching(message)]);
}

/** A column of a table of a run, by the value of another one. */
function lookUp(table: string, key: string, value: string, column: string): number {
  const { rows } = parseCsv(readFileSync(join(folder, table), "utf8"), table);
  return Number(rows.find((row) => row[key] === value)![column]);
}

describe("rbm-rg import", () => {
  it("makes a run that evaluate, fields, report, verify and inspect work on", () => {
    must("import", "theirs.npz", "--units", "binary", "--data", "data.npy", "--lattice", "3x3", "-o", "run");
    must("evaluate", "run", "-q");
    expect(must("fields", "run").split("\n")).toHaveLength(1 + 4 + 1);
    must("report", "run", "-q");
    expect(must("verify", "run")).toMatch(/run: run, \d+ files intact/);
    const { facts, meaning } = inspectPath(join(folder, "run"));
    expect(meaning).toMatch(/^An RBM that was trained elsewhere/);
    expect(new Map(facts).get("imported.orientation")).toBe("visible-hidden");
    const exact = lookUp("run/evaluation.csv", "quantity", "log_partition_exact", "value");
    expect(lookUp("run/metrics.csv", "layer", "1", "log_partition")).toBeCloseTo(exact, 10);
    expect(readFileSync(join(folder, "run", "report.html"), "utf8")).toContain("trained elsewhere");
  });

  it("says so when it is there already, and leaves another run alone", () => {
    const again = ["import", "theirs.npz", "--units", "binary", "--data", "data.npy", "--lattice", "3x3"];
    expect(must(...again, "-o", "run")).toMatch(/holds this model already/);
    refused(73, /holds a different run/, ...again, "--energy", "plus", "-o", "run");
    refused(73, /holds a different run/, ...again, "-o", "stack");
  });

  it("takes samples of an Ising model, or of the model itself, where there are no data", () => {
    const sampled = ["-L", "3", "-K", "0.4", "-n", "100", "-o", "sampled", "-q"];
    must("import", "theirs.npz", "--units", "binary", ...sampled);
    expect(must("verify", "sampled")).toMatch(/intact/);
    expect(must("import", "theirs.npz", "--units", "binary", "--own-samples", "500", "-o", "own")).toMatch(
      /500 configurations of the model itself/,
    );
    expect(readNpy(join(folder, "own", "data", "configurations.npy")).shape).toEqual([500, 9]);
    expect(must("verify", "own")).toMatch(/intact/);
    // −ln P of a model over its own samples is its entropy: below ln 2 a unit, and by the errors of 500 samples no more.
    const likelihood = lookUp("own/summary.csv", "name", "own", "log_likelihood_per_unit_1");
    expect(likelihood).toBeGreaterThan(-Math.LN2);
    expect(likelihood).toBeLessThan(-0.3);
  });

  it("refuses what is not clear or does not fit, before it writes anything", () => {
    const file = ["import", "theirs.npz"];
    refused(64, /--units spin .* the weights do not tell/, ...file, "-o", "no");
    refused(64, /--units bits: expected one of spin, binary/, ...file, "--units", "bits", "-o", "no");
    const units = ["--units", "binary", "-o", "no"];
    refused(65, /does not fit 16 visible units/, ...file, ...units, "-L", "4", "-K", "0.4");
    refused(64, /contradicts the sampling flags/, ...file, ...units, "--data", "data.npy", "-K", "0.4");
    refused(66, /absent\.npz: no such file/, "import", "absent.npz", ...units);
    refused(64, /\.npz, \.npy, \.csv/, "import", "data", ...units);
    refused(73, /-o \. contains theirs\.npz/, ...file, "--units", "binary", "-o", ".", "--force");
    expect(rbmRg(folder, "inspect", "no").status).toBe(66);
  });
});

describe("rbm-rg export", () => {
  it("writes an archive that comes back as the same layers, bit for bit", () => {
    must("export", "stack", "-o", "stack.npz");
    must("import", "stack.npz", "--data", "stack/data", "-q", "-o", "again");
    for (const name of ["weights", "visible-bias", "hidden-bias"]) {
      for (const layer of [1, 2]) {
        const bytes = (run: string) => readFileSync(join(folder, run, `${name}-${layer}.npy`));
        expect(bytes("again").equals(bytes("stack"))).toBe(true);
      }
    }
    expect(inspectPath(join(folder, "stack.npz")).meaning).toMatch(/^An RBM or stack as rbm-rg export/);
    refused(73, /stack\.npz exists/, "export", "stack", "-o", "stack.npz");
    refused(
      64,
      /the archive says of itself that it is spin/,
      "import",
      "stack.npz",
      "--units",
      "binary",
      "-o",
      "no",
    );
  });

  it("writes tables that come back", () => {
    refused(64, /one of the 2 layers; choose it with --layer/, "export", "stack", "-o", "two.csv");
    refused(64, /--layer 3: stack has 2 layer/, "export", "stack", "--layer", "3", "-o", "two.csv");
    refused(64, /\.npz or \.csv/, "export", "stack", "-o", "two.h5");
    must("export", "stack", "--layer", "2", "-o", "two.csv");
    const biases = ["--visible-bias", "two-visible-bias.csv", "--hidden-bias", "two-hidden-bias.csv"];
    must("import", "two.csv", ...biases, "--units", "spin", "-q", "-o", "two");
    const weights = (run: string, layer: number) => readFileSync(join(folder, run, `weights-${layer}.npy`));
    expect(weights("two", 1).equals(weights("stack", 2))).toBe(true);
  });
});

/** An RBM in 0/1 units with E = +c·v + b·h + vᵀWh, and ln Z by summing over all joint states, in double precision. */
const MAKE = `
import itertools, json, numpy
numbers = numpy.random.default_rng(7)
n, m = 8, 5
W, c, b = numbers.normal(size=(n, m)), numbers.normal(size=n), numbers.normal(size=m)
numpy.savez("numpy.npz", components_=W.T, intercept_visible_=c, intercept_hidden_=b)
numpy.save("W.npy", numpy.asfortranarray(W)); numpy.save("c.npy", c[:, None]); numpy.save("b.npy", b.astype(">f8"))
v = numpy.array(list(itertools.product((0, 1), repeat=n)))
h = numpy.array(list(itertools.product((0, 1), repeat=m)))
E = (v @ c)[:, None] + (h @ b)[None, :] + v @ W @ h.T
print(json.dumps(float(numpy.log(numpy.exp(-E).sum()))))
`;

/** F_λ(v), F_λ and ⟨h⟩ given v of runs and exported files, by assets/python/rbm.py. */
const RECOMPUTE = `
import json, sys
sys.path.insert(0, sys.argv[1])
from rbm import Rbm
import numpy
bits = numpy.arange(8 * 6).reshape(6, 8) ** 2 % 7 < 3
found = {}
for path in sys.argv[2:]:
    rbm = Rbm(path)
    v = numpy.where(bits, 1, rbm.low)
    assert rbm.visible_means(numpy.ones((1, len(rbm.b)))).shape == (1, len(rbm.c))
    found[path] = [rbm.free_energy(), rbm.effective_hamiltonian(v).tolist(), rbm.hidden_means(v)[3].tolist()]
print(json.dumps(found))
`;

function python(script: string, ...args: readonly string[]): unknown {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", script, ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

const required = process.env["RBM_RG_REQUIRE_NUMPY"] !== undefined;
const numpyIsThere = spawnSync("python3", ["-c", "import numpy"]).status === 0;

describe.skipIf(!required && !numpyIsThere)("with NumPy", () => {
  it("an RBM in 0/1 units and with the other sign evaluates to the same ln Z, however it is saved", () => {
    const exact = python(MAKE) as number;
    const flags = ["--units", "binary", "--energy", "plus", "-q"];
    const biases = ["--visible-bias", "c.npy", "--hidden-bias", "b.npy"];
    must("import", "numpy.npz", ...flags, "-o", "sklearn");
    must("import", "W.npy", ...biases, ...flags, "-o", "files");
    must("evaluate", "files", "-q");
    // Parameters are kept in single precision: 53 of order one, each wrong by at most 6e-8.
    expect(lookUp("files/evaluation.csv", "quantity", "log_partition_exact", "value")).toBeCloseTo(exact, 6);
    expect(lookUp("sklearn/metrics.csv", "layer", "1", "log_partition")).toBeCloseTo(exact, 6);
  });

  it("the module recomputes F_λ, H_λ(v) and ⟨h⟩ of runs and exported files in every convention", () => {
    const files = [
      ["binary", "minus", "hidden-visible"],
      ["binary", "plus", "visible-hidden"],
      ["spin", "plus", "hidden-visible"],
      ["spin", "minus", "visible-hidden"],
    ].map(([units, energy, orientation]) => {
      const file = `${units}-${energy}.npz`;
      const flags = ["--units", units, "--energy", energy, "--orientation", orientation];
      const { log_partition_shift: shift } = JSON.parse(
        must("export", "files", ...flags, "--json", "-o", file),
      ) as { log_partition_shift: [number] };
      return { file, shift: shift[0], low: units === "spin" ? -1 : 0 };
    });
    const paths = ["files", ...files.map(({ file }) => file)];
    const found = python(RECOMPUTE, join(root, "assets", "python"), ...paths) as Record<
      string,
      [number, number[], number[]]
    >;
    const [free, hamiltonians, means] = found["files"];
    const exact = lookUp("files/evaluation.csv", "quantity", "log_partition_exact", "value");
    expect(Math.abs(free + exact)).toBeLessThan(1e-6);
    for (const { file, shift, low } of files) {
      const [F, H, h] = found[file];
      expect(Math.abs(F - shift - free)).toBeLessThan(1e-6);
      H.forEach((value, row) => {
        expect(Math.abs(value - shift - hamiltonians[row])).toBeLessThan(1e-6);
      });
      h.forEach((value, unit) => {
        expect(Math.abs((low === -1 ? (1 + value) / 2 : value) - means[unit])).toBeLessThan(1e-6);
      });
    }
  });
});
