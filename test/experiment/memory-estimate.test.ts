import { describe, expect, it } from "vitest";
import { estimateMemory, requireKernelMemory } from "../../src/experiment/memory-estimate.js";
import { parseLattice } from "../../src/ising/lattice.js";
import { referenceKernels } from "../../src/kernels/index.js";
import { type ExperimentConfig, isFileSource, type RawConfig, resolveConfig } from "../../src/runs/index.js";

const MIB = 2 ** 20;

function estimate(raw: RawConfig, threads = 2): number {
  const config = resolveConfig(raw);
  return estimateMemory(config, sizeOf(config), threads).peak;
}

function sizeOf({ data }: ExperimentConfig): { rows: number; columns: number } {
  if (isFileSource(data)) throw new Error("expected a sample source");
  return { rows: data.samples, columns: parseLattice(data.lattice).sites };
}

const run = (lattice: string, samples: number, hidden: readonly number[], train: RawConfig = {}) => ({
  sample: { lattice, coupling: 0.4, samples },
  model: { hidden },
  train,
});

/** Peak resident memory in MiB of whole runs with Node 20 on Linux (VmHWM), --kernels wasm --threads 2. */
const measured: readonly (readonly [what: string, config: RawConfig, mebibytes: number])[] = [
  ["4×4, 4 units, 200 samples", run("4x4", 200, [4]), 159],
  ["8×8, 64 units, 20,000 samples", run("8x8", 20_000, [64]), 152],
  ["8×8, four layers", run("8x8", 20_000, [64, 32, 16, 8]), 241],
  ["chain of 64, pcd", run("64", 20_000, [32], { estimator: "pcd" }), 145],
  ["4×4, exact", run("4x4", 2000, [16], { estimator: "exact" }), 157],
  ["16×16, two layers", run("16x16", 6000, [64, 16]), 199],
  ["40×40, 400 units, 2000 samples", run("40x40", 2000, [400]), 217],
  ["40×40, two layers, 2000 samples", run("40x40", 2000, [400, 100]), 243],
  ["40×40, 400 units, 20,000 samples", run("40x40", 20_000, [400]), 236],
  ["configs/mehta-schwab.yaml", run("40x40", 20_000, [400, 100, 25]), 291],
  ["64×64, adam, batches of 1000", run("64x64", 2000, [512], { optimizer: "adam", batchSize: 1000 }), 325],
  ["64×64, 16 units, 100,000 samples", run("64x64", 100_000, [16]), 294],
  ["128×128, 1024 units, 1000 samples", run("128x128", 1000, [1024]), 722],
  ["512×512, 16 units, 200 samples", run("512x512", 200, [16]), 684],
];

/** The same of runs that the constants were not chosen by. */
const heldOut: typeof measured = [
  [
    "32×32, 0/1 units, 500 chains",
    {
      ...run("32x32", 10_000, [256, 64], { estimator: "pcd", chains: 500 }),
      model: { hidden: [256, 64], units: "binary" },
    },
    235,
  ],
  ["96×96, 300 units, 3000 samples", run("96x96", 3000, [300]), 341],
  ["64×64, two layers, adam", run("64x64", 10_000, [256, 64], { optimizer: "adam" }), 321],
  ["chain of 200, three layers", run("200", 5000, [100, 50, 25]), 194],
];

describe("memory estimate", () => {
  it.each([...measured, ...heldOut])("%s: within 15 %% of the peak once measured", (_, config, mebibytes) => {
    expect(Math.abs(estimate(config) / (mebibytes * MIB) - 1)).toBeLessThan(0.15);
  });

  it("grows with samples as bits, with weights, with Adam, with batches and with threads", () => {
    const base = estimate(run("64x64", 2000, [512]));
    expect(estimate(run("64x64", 102_000, [512])) - base).toBeLessThan(100_000 * 4096 * 0.3);
    expect(estimate(run("64x64", 2000, [1024])) - base).toBeGreaterThan(4096 * 512 * 4 * 7);
    expect(estimate(run("64x64", 2000, [512], { optimizer: "adam" })) - base).toBe(4096 * 512 * 4);
    expect(estimate(run("64x64", 2000, [512], { batchSize: 2000 }))).toBeGreaterThan(base);
    expect(estimate(run("64x64", 2000, [512]), 4)).toBeGreaterThan(base);
  });

  it("refuses what WebAssembly memory cannot hold, says what to change, and lets the reference try", () => {
    const wasm = { ...referenceKernels, name: "wasm" };
    const config = resolveConfig(run("512x512", 10, [1024], { optimizer: "adam" }));
    const check = (kernels: typeof wasm, checked: ExperimentConfig) => () => {
      requireKernelMemory(checked, sizeOf(checked), kernels);
    };
    expect(check(wasm, config)).toThrow(
      /about 4\.\d+ GiB in the kernels.*ends at 4 GiB.*model\.hidden.*reference/,
    );
    expect(check(referenceKernels, config)).not.toThrow();
    expect(check(wasm, resolveConfig(run("512x512", 10, [1024])))).not.toThrow();
  });
});
