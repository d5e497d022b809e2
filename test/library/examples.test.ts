import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exactTorus } from "../../src/ising/exact/index.js";
import { root } from "../cli/run.js";

const examples = join(root, "docs", "examples");

/** A user's project in which the built program is installed. */
let project = "";
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "rbm-rg-library-"));
  writeFileSync(join(project, "package.json"), '{ "private": true, "type": "module" }');
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules", "rbm-rg"), "dir");
  cpSync(examples, project, { recursive: true });
});
afterAll(() => {
  rmSync(project, { recursive: true, force: true });
});

/** Run an example with plain Node.js; its lines as a name and the numbers after it. */
function run(name: string): readonly (readonly [string, readonly number[]])[] {
  const source = readFileSync(join(project, `${name}.ts`), "utf8");
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  writeFileSync(join(project, `${name}.js`), ts.transpileModule(source, { compilerOptions }).outputText);
  const { status, stdout, stderr } = spawnSync(process.execPath, [`${name}.js`], {
    cwd: project,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${name} → ${String(status)}\n${stdout}\n${stderr}`);
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const [, label, rest] = /^(.*?)((?: (?:-?[\d.]+(?:e[+-]?\d+)?|null|true|false))+)$/.exec(line)!;
      return [
        label,
        rest
          .trim()
          .split(" ")
          .map((word) => Number(JSON.parse(word))),
      ] as const;
    });
}

describe("the examples", () => {
  it("agree with the types of the package, Node's own types absent", () => {
    const compilerOptions = {
      ...{ noEmit: true, strict: true, module: "nodenext", target: "es2022" },
      ...{ lib: ["es2023"], types: [], skipLibCheck: true },
    };
    writeFileSync(
      join(project, "console.d.ts"),
      "declare const console: { log(...values: unknown[]): void };",
    );
    const files = ["console.d.ts", ...readdirSync(examples)];
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc], { cwd: project, encoding: "utf8" });
    expect([status, stdout]).toEqual([0, ""]);
  });

  it("sample-and-measure: all observables lie within four errors of their exact values", () => {
    const rows = new Map(run("sample-and-measure"));
    const { energyPerSite } = exactTorus(16, 16, 0.4);
    const known = [...rows].filter(([, [, , exact]]) => exact !== 0);
    expect(known.map(([name]) => name)).toEqual(
      expect.arrayContaining(["energy", "specificHeat", "susceptibility", "xi", "m2"]),
    );
    expect(rows.get("energy")![2]).toBeCloseTo(energyPerSite, 12);
    for (const [name, [value, error, exact, z]] of known) {
      if (name === "bond" || z === 0) continue;
      expect(Math.abs(value - exact), name).toBeLessThan(4 * error);
      expect((value - exact) / error, name).toBeCloseTo(z, 10);
    }
    // One bond of the lattice, two bonds a site; 4000 samples of τ < 1.5 are worth more than 1300.
    const correlation = -energyPerSite / 2;
    const error = Math.sqrt((1 - correlation ** 2) / 1300);
    expect(Math.abs(rows.get("bond")![0] - correlation)).toBeLessThan(4 * error);
  });

  it("train-with-callbacks: the KL divergence is that of an enumeration of the weights, and ends the training", () => {
    const lines = run("train-with-callbacks");
    const epochs = lines.filter(([name]) => name === "epoch").map(([, numbers]) => numbers);
    const divergences = epochs.map(([, kl]) => kl);
    expect(divergences.at(-1)).toBeLessThan(0.002);
    expect(Math.min(...divergences.slice(0, -1))).toBeGreaterThanOrEqual(0.002);
    const [updates, kl, gap, meanD] = lines.find(([name]) => name === "trained")![1];
    expect(updates).toBe(50 * epochs.length);
    expect(kl).toBe(divergences.at(-1));
    expect(gap - meanD).toBeCloseTo(9 * kl, 10);
    expect(enumeratedDivergence(lines.find(([name]) => name === "weights")![1]) / 9).toBeCloseTo(kl, 12);
  });

  it("analyse: ln Z, couplings, fields and the fit have their closed forms", () => {
    const rows = new Map(run("analyse"));
    // Each pair: Σ over v₁, v₂ of 1 + e^{2(v₁ + v₂)}.
    expect(rows.get("log-partition")![0]).toBeCloseTo(2 * Math.log(5 + 2 * Math.exp(2) + Math.exp(4)), 12);
    // In ±1 units: W = b/2 = c = ½; f(s) = ln 2cosh(1 + (s₁ + s₂)/2).
    const f = (sum: number): number => Math.log(2 * Math.cosh(1 + sum / 2));
    const pair = (f(2) + f(-2) - 2 * f(0)) / 4;
    expect(rows.get("field")![0]).toBeCloseTo(1 / 2 + (f(2) - f(-2)) / 4, 12);
    // Two of the four nearest pairs of the ring have no hidden unit.
    expect(rows.get("pair")![0]).toBe(1);
    expect(rows.get("pair")![1]).toBeCloseTo(pair / 2, 12);
    expect(rows.get("pair")![2]).toBeCloseTo(pair / 2, 12);
    expect(rows.get("field of unit")).toEqual([1, 0, 2]);
    expect(rows.get("fitted field")![0]).toBeCloseTo(Math.atanh(0.5), 9);
    expect(rows.get("fitted field")![1]).toBe(1);
  });
});

/** KL(P‖P_λ), nats, of the 3×3 torus at K = 0.3 and an RBM of ±1 units without biases, by all 2⁹ states. */
function enumeratedDivergence(weights: readonly number[]): number {
  const hidden = weights.length / 9;
  const energies: number[][] = [[], []];
  for (let state = 0; state < 512; state++) {
    const v = Array.from({ length: 9 }, (_, site) => (((state >> site) & 1) === 1 ? 1 : -1));
    const spin = (x: number, y: number): number => v[3 * (x % 3) + (y % 3)];
    let bonds = 0;
    for (let site = 0; site < 9; site++) {
      const [x, y] = [Math.floor(site / 3), site % 3];
      bonds += v[site] * (spin(x + 1, y) + spin(x, y + 1));
    }
    energies[0].push(-0.3 * bonds);
    let effective = 0;
    for (let j = 0; j < hidden; j++) {
      const input = v.reduce((sum, value, i) => sum + value * weights[i * hidden + j], 0);
      effective -= Math.log(2 * Math.cosh(input));
    }
    energies[1].push(effective);
  }
  const [p, q] = energies.map((values) => {
    const z = values.reduce((sum, value) => sum + Math.exp(-value), 0);
    return values.map((value) => Math.exp(-value) / z);
  });
  return p.reduce((sum, probability, state) => sum + probability * Math.log(probability / q[state]), 0);
}
