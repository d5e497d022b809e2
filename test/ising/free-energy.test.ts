import { describe, expect, it } from "vitest";
import { enumerateIsing, exactRing, exactTorus, transferMatrix } from "../../src/ising/exact/index.js";
import { exactIsingLogPartition, isingLogPartition } from "../../src/ising/free-energy.js";
import { chain, type Lattice, torus } from "../../src/ising/lattice.js";
import { CRITICAL_COUPLING, type IsingModel, isingModel } from "../../src/ising/model.js";
import {
  integrateLogPartition,
  type IntegratedLogPartition,
} from "../../src/ising/thermodynamic-integration.js";
import { seedKey } from "../../src/random/index.js";
import { kernels } from "../physics/kernels.js";

const options = { samples: 2048, chains: 128, maxIntervals: 64 };

function integrate(model: IsingModel, seed = "integral"): Promise<IntegratedLogPartition> {
  return integrateLogPartition(model, options, seedKey(seed), kernels);
}

describe("ln Z of an Ising model", () => {
  it("is exact for tori, rings, strips in a field and few sites, and says by what", () => {
    const cases: readonly [Lattice, number, number, number, string][] = [
      [torus(40, 40), 0.408, 0, exactTorus(40, 40, 0.408).logPartition, "closed form (Kaufman)"],
      [torus(100, 200), 0.45, 0, exactTorus(100, 200, 0.45).logPartition, "closed form (Kaufman)"],
      [torus(3, 4), 0.3, 0.2, enumerateIsing(isingModel(torus(3, 4), 0.3, 0.2)).logPartition, "enumeration"],
      [
        torus(8, 9),
        0.4,
        0.1,
        transferMatrix(isingModel(torus(8, 9), 0.4, 0.1)).logPartition,
        "transfer matrix",
      ],
      [chain(100), 1, 0.3, exactRing(100, 1, 0.3).logPartition, "2 × 2 transfer matrix"],
    ];
    for (const [lattice, coupling, field, value, method] of cases) {
      const found = exactIsingLogPartition(isingModel(lattice, coupling, field));
      expect(found).toEqual({ value, method, error: 0, doubt: null });
    }
    expect(exactIsingLogPartition(isingModel(torus(40, 40), 0.408))!.value / 1600).toBeCloseTo(
      0.88839535841881,
      13,
    );
  });

  it("is not exact for a large torus in a field, which is integrated", async () => {
    const model = isingModel(torus(16, 16), 0.3, 0.2);
    expect(exactIsingLogPartition(model)).toBeNull();
    const found = await isingLogPartition(model, seedKey("large"), kernels, options);
    expect(found.method).toBe("thermodynamic integration");
    expect(found.error).toBeGreaterThan(0);
    expect((await isingLogPartition(isingModel(torus(16, 16), 0.3), seedKey("a"), kernels)).error).toBe(0);
  });
});

describe("thermodynamic integration", () => {
  const cases: readonly [string, IsingModel, number][] = [
    ["a torus above T_c", isingModel(torus(12, 12), 0.35), exactTorus(12, 12, 0.35).logPartition],
    [
      "a critical torus",
      isingModel(torus(12, 12), CRITICAL_COUPLING),
      exactTorus(12, 12, CRITICAL_COUPLING).logPartition,
    ],
    ["a torus below T_c", isingModel(torus(12, 12), 0.6), exactTorus(12, 12, 0.6).logPartition],
    ...(
      [
        [8, 12, 0.4, 0.1],
        [8, 8, 0.6, 0.02],
        [10, 16, 0.5, -0.05],
        [4, 6, 0.2, 1.5],
        [10, 12, 0.9, 0.3],
      ] as const
    ).map(([width, height, coupling, field]): [string, IsingModel, number] => {
      const model = isingModel(torus(width, height), coupling, field);
      const { logPartition } = transferMatrix(model);
      return [`a ${width} × ${height} torus with K = ${coupling}, B = ${field}`, model, logPartition];
    }),
    ["a ring in a field", isingModel(chain(60), 0.9, 0.1), exactRing(60, 0.9, 0.1).logPartition],
  ];

  it.each(cases)("agrees with the exact value within its errors: %s", async (_name, model, exact) => {
    const { value, error, doubt } = await integrate(model);
    expect(Math.abs(value - exact)).toBeLessThan(3.5 * error);
    expect(error).toBeLessThan(0.003 * exact);
    expect(doubt).toBeNull();
  });

  it("has errors as large as it says", async () => {
    const model = isingModel(torus(4, 6), 0.4, 0.1);
    const exact = transferMatrix(model).logPartition;
    const scores: number[] = [];
    for (let seed = 0; seed < 40; seed++) {
      const few = { samples: 128, chains: 32, maxIntervals: 16 };
      const { value, error } = await integrateLogPartition(model, few, seedKey(seed), kernels);
      scores.push((value - exact) / error);
    }
    const rms = Math.sqrt(scores.reduce((sum, z) => sum + z * z, 0) / 40);
    expect(rms).toBeGreaterThan(0.6);
    expect(rms).toBeLessThan(1.4);
  });

  it("is exact without couplings, and symmetric in the field to the bit", async () => {
    const free = await integrate(isingModel(torus(5, 5), 0, 0.7));
    expect(free.value).toBeCloseTo(25 * Math.log(2 * Math.cosh(0.7)), 12);
    expect(free.error).toBe(0);
    const [up, down] = [0.3, -0.3].map((field) => integrate(isingModel(torus(5, 5), 0.3, field)));
    expect(await up).toEqual(await down);
  });

  it("is content with its first rule where the integrand is smooth, its exact end included", async () => {
    expect((await integrate(isingModel(torus(12, 12), 0.5, 1))).intervals).toBe(8);
    expect((await integrate(isingModel(torus(12, 12), 0.5, 0.7))).intervals).toBe(8);
  });

  it("refines its rule where the integrand has a steep part, and says so where it may not", async () => {
    const model = isingModel(torus(8, 8), 0.9, 0.01);
    const fine = await integrate(model);
    expect(fine.intervals).toBeGreaterThan(8);
    const coarse = await integrateLogPartition(
      model,
      { ...options, maxIntervals: 8 },
      seedKey("coarse"),
      kernels,
    );
    expect(coarse.intervals).toBe(8);
    expect(coarse.doubt).toMatch(/still changed by .* at 8 intervals/);
    expect(coarse.error).toBeGreaterThan(fine.error);
  });

  it("reports progress and can be stopped", async () => {
    const model = isingModel(torus(6, 6), 0.2, 0.1);
    const told: [number, number][] = [];
    await integrateLogPartition(model, options, seedKey("progress"), kernels, (done, total) => {
      told.push([done, total]);
    });
    expect(told.slice(0, 9)).toEqual(Array.from({ length: 9 }, (_, k) => [k + 1, 9]));
    const stop = (): void => {
      throw new Error("stopped");
    };
    await expect(integrateLogPartition(model, options, seedKey("stop"), kernels, stop)).rejects.toThrow(
      "stopped",
    );
  });
});
