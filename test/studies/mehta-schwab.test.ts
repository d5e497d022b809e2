import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseCsv } from "../../src/io/index.js";
import { exactTorus } from "../../src/ising/exact/index.js";
import { referenceKernels } from "../../src/kernels/index.js";
import { resolveConfig } from "../../src/runs/index.js";
import { concludeChain } from "../../src/studies/mehta-schwab/chain.js";
import { concludeControls } from "../../src/studies/mehta-schwab/controls.js";
import { concludePrinted } from "../../src/studies/mehta-schwab/printed.js";
import { concludeScan } from "../../src/studies/mehta-schwab/scan.js";
import { concludeStack } from "../../src/studies/mehta-schwab/stack.js";
import type { Claim, StudyRun } from "../../src/studies/study.js";

const COUPLING = 0.3;

async function inFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "rbm-rg-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run with nothing but a configuration and a summary. */
function run(
  summary: Readonly<Record<string, number | string>>,
  train: object = {},
  hidden = [16, 4],
): StudyRun {
  const config = resolveConfig({ sample: { lattice: "8x8", coupling: COUPLING }, model: { hidden }, train });
  const texts = Object.entries({ lattice: "8x8", coupling: COUPLING, ...summary });
  return {
    folder: "nowhere",
    parts: [],
    config,
    summary: Object.fromEntries(texts.map(([name, value]) => [name, String(value)])),
  };
}

const verdicts = (claims: readonly Claim[]): readonly string[] => claims.map(({ verdict }) => verdict);

/** A stack that everything speaks for. */
const good = {
  energy: -0.7,
  energy_error: 0.01,
  energy_exact: -0.701,
  localized_fraction_1: 1,
  beyond_null_fraction_1: 1,
  block_overlap_1: 0.9,
  block_size_1: 3,
  growth_2: 2,
  growth_lower_2: 1.9,
  growth_upper_2: 2.1,
  random_composition_growth_2: 1.5,
  random_composition_growth_lower_2: 1.4,
  random_composition_growth_upper_2: 1.6,
  nearest_center_1: 2,
  nearest_center_random_1: 1,
  coverage_1: 1,
  coverage_random_1: 0.8,
  nearest_center_2: 4,
  nearest_center_random_2: 2,
  coverage_2: 1,
  coverage_random_2: 0.8,
  reconstruction_accuracy_2: 0.8,
  reconstruction_accuracy_error_2: 0.005,
  majority_accuracy_2: 0.7,
  block_accuracy_2: 0.805,
  participation_ratio_1: 5,
  participation_ratio_lower_1: 4.9,
  participation_ratio_upper_1: 5.1,
  core_radius_1: 0.95,
  core_radius_lower_1: 0.9,
  core_radius_upper_1: 1,
  radius_of_gyration_1: 2,
};

describe("the claims of the stack", () => {
  it("are all met by a stack that everything speaks for, each falls with its own figure", async () => {
    await inFolder((folder) => {
      expect(verdicts(concludeStack(run(good), folder))).toEqual(Array.from({ length: 8 }, () => "yes"));
      const fallen = (change: object): number[] =>
        verdicts(concludeStack(run({ ...good, ...change }), folder)).flatMap((v, i) =>
          v === "yes" ? [] : [i],
        );
      expect(fallen({ energy: -0.75 })).toEqual([0]);
      expect(fallen({ localized_fraction_1: 0.8 })).toEqual([1, 2]);
      expect(fallen({ block_overlap_1: 0.7 })).toEqual([2]);
      expect(fallen({ growth_lower_2: 0.9 })).toEqual([3, 4]);
      expect(fallen({ random_composition_growth_upper_2: 1.95 })).toEqual([4]);
      expect(fallen({ coverage_2: 0.7 })).toEqual([5]);
      expect(fallen({ majority_accuracy_2: 0.79 })).toEqual([6]);
      expect(fallen({ block_accuracy_2: 0.82 })).toEqual([7]);
      const path = join(folder, "tables", "layers.csv");
      const { rows } = parseCsv(readFileSync(path, "utf8"), path);
      expect(rows.map((row) => [row["layer"], row["units"], row["growth"]])).toEqual([
        ["1", "16", ""],
        ["2", "4", "2"],
      ]);
    });
  });
});

describe("the L1 scan", () => {
  const point = (l1: number, share: number, error: number, kl: number): StudyRun =>
    run(
      {
        beyond_null_fraction_1: share,
        reconstruction_error_1: error,
        model_kl_per_spin: kl,
        model_kl_per_spin_error: 0.001,
      },
      { l1 },
      [16],
    );

  it("judges by the best penalty, and gives the likelihood as minus entropy and divergence", async () => {
    await inFolder(async (folder) => {
      const runs = [point(0.01, 0.95, 0.43, 0.02), point(0, 0.3, 0.5, 0.01), point(0.1, 0, 0.9, 0.3)];
      expect(verdicts(await concludeScan(runs, folder))).toEqual(["yes", "yes", "no"]);
      expect(
        verdicts(await concludeScan([point(0, 0.95, 0.4, 0.2), point(0.01, 0.95, 0.5, 0.1)], folder)),
      ).toEqual(["undecided", "no", "yes"]);
      const close = [point(0, 0.95, 0.4, 0.1), point(0.01, 0.95, 0.5, 0.099)];
      expect(verdicts(await concludeScan(close, folder))[2]).toBe("undecided");
      await concludeScan(runs, folder);
      const path = join(folder, "tables", "l1-scan.csv");
      const { rows } = parseCsv(readFileSync(path, "utf8"), path);
      expect(rows.map((row) => row["l1"])).toEqual(["0", "0.01", "0.1"]);
      const { logPartition, energyPerSite } = exactTorus(8, 8, COUPLING);
      const entropy = logPartition / 64 + COUPLING * energyPerSite;
      expect(Number(rows[1]["log_likelihood_per_spin"])).toBeCloseTo(-entropy - 0.02, 12);
      const figure = readFileSync(join(folder, "figures", "l1-scan.csv"), "utf8");
      expect(figure).toBe(readFileSync(path, "utf8"));
      expect(await concludeScan([], folder)).toEqual([]);
    });
  });
});

describe("the controls", () => {
  const control = (name: string, change: object): StudyRun =>
    run({ ...good, shuffled_radius_lower_1: 3, dead_units_1: 0, data_control: name, ...change });

  it("compare participation ratios, radii and shares with those of the stack", async () => {
    await inFolder((folder) => {
      const of = (name: string, change: object): string =>
        verdicts(concludeControls(run(good), [control(name, change)], [], folder))[0];
      expect(of("site-permuted", { radius_of_gyration_1: 3.2 })).toBe("yes");
      expect(of("site-permuted", { radius_of_gyration_1: 2.5 })).toBe("no");
      const larger = {
        participation_ratio_1: 9,
        participation_ratio_lower_1: 8.5,
        participation_ratio_upper_1: 9.5,
      };
      expect(of("site-permuted", { radius_of_gyration_1: 3.2, ...larger })).toBe("no");
      expect(of("gaussian-clone", {})).toBe("no");
      expect(of("gaussian-clone", larger)).toBe("yes");
      expect(of("infinite-temperature", { beyond_null_fraction_1: 0.05 })).toBe("yes");
      expect(of("infinite-temperature", { beyond_null_fraction_1: 0.5 })).toBe("no");
      const untrained = run({ ...good, beyond_null_fraction_1: 0, dead_units_1: 0 });
      expect(verdicts(concludeControls(run(good), [], [untrained], folder))).toEqual(["yes"]);
      const path = join(folder, "tables", "controls.csv");
      const { rows } = parseCsv(readFileSync(path, "utf8"), path);
      expect(rows.map((row) => row["control"])).toEqual(["none", "none", "untrained", "untrained"]);
      expect(concludeControls(run(good), [], [], folder)).toEqual([]);
    });
  });
});

describe("the printed setting and the chain", () => {
  it("are left out where they were not run", async () => {
    await inFolder((folder) => {
      expect(concludePrinted(undefined, folder)).toEqual([]);
      expect(concludeChain(undefined, folder, referenceKernels)).toEqual([]);
    });
  });

  it("decimation is exact, whatever training finds", async () => {
    await inFolder((folder) => {
      writeFileSync(join(folder, "metrics.csv"), "layer,epoch,kl_per_spin\n1,1,0.02\n");
      const chain = (overlap: number): StudyRun => ({
        ...run({ lattice: "16", coupling: 1, site_overlap_1: overlap }, {}, [8]),
        folder,
      });
      expect(verdicts(concludeChain(chain(0.9), folder, referenceKernels))).toEqual(["yes", "no"]);
      expect(verdicts(concludeChain(chain(0.999), folder, referenceKernels))).toEqual(["yes", "yes"]);
      const path = join(folder, "tables", "decimation.csv");
      const { rows } = parseCsv(readFileSync(path, "utf8"), path);
      expect(rows.map((row) => Number(row["decimated_coupling"]).toFixed(10))).toEqual([
        "0.6625013737",
        "0.3500611389",
        "0.1136720675",
      ]);
    });
  });
});
