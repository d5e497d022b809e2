import { describe, expect, it } from "vitest";
import {
  analyzeFlow,
  cheapestAssignment,
  type CouplingChange,
  findFixedPoints,
  type Flow,
  gridShape,
  type HiddenLayout,
  layerFlow,
  layOut,
  onGrid,
  readState,
} from "../../../src/analysis/flow/index.js";
import { latticeGeometry } from "../../../src/analysis/lattice-geometry.js";
import { measureReceptiveFields } from "../../../src/analysis/receptive-field.js";
import { sampleReference } from "../../../src/analysis/thermometers/index.js";
import { DataError, DomainError } from "../../../src/errors/index.js";
import { torus } from "../../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../../src/ising/model.js";
import { sampleIsing } from "../../../src/ising/sample.js";
import { bitMatrix, getBit, type LayerArrays, setBit } from "../../../src/kernels/index.js";
import { RandomStream, seedKey, shuffle } from "../../../src/random/index.js";
import { bondRbm } from "../../../src/rbm/bond-rbm.js";
import { zeroRbm } from "../../../src/rbm/parameters.js";
import { kernels } from "../../physics/kernels.js";

describe("cheapestAssignment", () => {
  it("is as cheap as the best of all permutations", () => {
    const random = new RandomStream(seedKey("assignment"));
    for (let trial = 0; trial < 40; trial++) {
      const n = 1 + (trial % 6);
      const cost = Float64Array.from({ length: n * n }, () => random.nextInteger(trial < 20 ? 5 : 1000));
      const partner = cheapestAssignment(cost);
      expect([...partner].sort()).toEqual(Array.from({ length: n }, (_, k) => k));
      const price = (columns: ArrayLike<number>): number =>
        Array.from(columns, (column, row) => cost[row * n + column]).reduce((a, b) => a + b, 0);
      const best = (chosen: readonly number[]): number =>
        chosen.length === n
          ? price(chosen)
          : Math.min(
              ...Array.from({ length: n }, (_, k) => (chosen.includes(k) ? Infinity : best([...chosen, k]))),
            );
      expect(price(partner)).toBe(best([]));
    }
    expect(() => cheapestAssignment(new Float64Array(5))).toThrow(DomainError);
    expect(() => cheapestAssignment(Float64Array.of(NaN))).toThrow(DomainError);
  });
});

/** Fields of one site each, on every second site of a 12 × 12 torus from `shift` on, units in random order. */
function gridFields(shift: readonly [number, number]) {
  const order = Uint32Array.from({ length: 36 }, (_, k) => k);
  shuffle(seedKey("order"), order);
  const fields = new Float64Array(36 * 144);
  order.forEach((site, unit) => {
    const x = (2 * Math.floor(site / 6) + shift[0]) % 12;
    const y = (2 * (site % 6) + shift[1]) % 12;
    fields[unit * 144 + 12 * x + y] = unit % 3 === 0 ? -2 : 2;
  });
  return { order, fields };
}

describe("the layout of hidden units", () => {
  it("takes grids shaped like the lattice, if there are any", () => {
    expect(gridShape(100, [40, 40])).toEqual([10, 10]);
    expect(gridShape(25, [40, 40])).toEqual([5, 5]);
    expect(gridShape(20, [16, 16])).toEqual([4, 5]);
    expect(gridShape(32, [16, 8])).toEqual([8, 4]);
    for (const units of [4, 13, 21]) expect(gridShape(units, [16, 16])).toBeNull();
  });

  it("puts units where their fields are, whatever their order, the shift and the sign", () => {
    for (const shift of [
      [0, 0],
      [1, 0],
    ] as const) {
      const { order, fields } = gridFields(shift);
      const layout = layOut(measureReceptiveFields(fields, latticeGeometry([12, 12])), [12, 12])!;
      expect(layout.displacement).toBeLessThan(1e-6);
      const [first] = [...layout.units].map((unit) => order[unit]);
      layout.units.forEach((unit, site) => {
        // The grid may begin at another of its own sites.
        const moved = 6 * ((Math.floor(site / 6) + Math.floor(first / 6)) % 6) + ((site + first) % 6);
        if (first % 6 === 0) expect(order[unit]).toBe(moved);
        expect(layout.signs[site]).toBe(unit % 3 === 0 ? -1 : 1);
      });
      const states = bitMatrix(2, 36);
      setBit(states, 1, 5, 1);
      const grid = onGrid(states, layout);
      layout.units.forEach((unit, site) => {
        const turned = unit % 3 === 0 ? 1 : 0;
        expect(getBit(grid, 0, site)).toBe(turned);
        expect(getBit(grid, 1, site)).toBe(unit === 5 ? 1 - turned : turned);
      });
    }
  });
});

describe("fixed points", () => {
  const changes = (f: (k: number) => number, error = 0.01): readonly CouplingChange[] =>
    [0.5, 0.1, 0.3, 0.2, 0.4].map((start) => ({ start, change: { value: f(start), error } }));

  it("are where changes turn their sign, stable if couplings on both sides move there", () => {
    const stable = findFixedPoints(changes((k) => 0.27 - k));
    expect(stable).toMatchObject({ growing: 2, shrinking: 2, unchanged: 1 });
    const [point] = stable.fixedPoints;
    expect(point.coupling.value).toBeCloseTo(0.27, 8);
    expect(point.stable).toBe(true);
    expect(point.between).toEqual([0.2, 0.4]);
    // A weighted line through three points at 0.2, 0.3, 0.4: variance σ²(1/3 + 0.03²/0.02) of the value there, slope −1.
    expect(point.coupling.error).toBeCloseTo(0.01 * Math.sqrt(1 / 3 + 0.0009 / 0.02), 6);
    const [unstable] = findFixedPoints(changes((k) => 2 * (k - 0.33))).fixedPoints;
    expect(unstable.stable).toBe(false);
    expect(unstable.coupling.value).toBeCloseTo(0.33, 8);
  });

  it("know how far a curve may be from the straight line", () => {
    const [{ coupling }] = findFixedPoints(changes((k) => 0.0784 - k * k, 1e-6)).fixedPoints;
    expect(coupling.error).toBeGreaterThan(1e-4);
    expect(Math.abs(coupling.value - 0.28)).toBeLessThan(1.5 * coupling.error);
    expect(coupling.error).toBeLessThan(0.02);
  });

  it("are as uncertain as the changes between are off the straight line", () => {
    const flat = changes((k) => (k < 0.15 ? 1 : k > 0.45 ? -0.3 : 0.001));
    const [{ coupling, between }] = findFixedPoints(flat).fixedPoints;
    expect(between).toEqual([0.1, 0.5]);
    expect(coupling.error).toBeGreaterThan(0.05);
  });

  it("are none where all starts move one way, or nothing moves for certain", () => {
    expect(findFixedPoints(changes((k) => -k)).fixedPoints).toEqual([]);
    expect(findFixedPoints(changes((k) => 0.02 * Math.sign(k - 0.25)))).toMatchObject({
      fixedPoints: [],
      growing: 0,
      shrinking: 0,
      unchanged: 5,
    });
  });
});

/** The machine that is the Ising model of 10 × 10 spins exactly. */
function exactMachine(coupling: number): LayerArrays {
  const { weights, visibleBias, hiddenBias, ...others } = bondRbm(isingModel(torus(10, 10), coupling));
  const single = (values: ArrayLike<number>): Float32Array => Float32Array.from(values);
  return {
    ...others,
    weights: single(weights),
    visibleBias: single(visibleBias),
    hiddenBias: single(hiddenBias),
  };
}

const options = {
  couplings: [0, 0.25, 0.35, 0.42, 0.48, 0.6],
  samples: 1024,
  steps: 4,
  referenceSamples: 1024,
  key: seedKey("flow"),
};

describe("the flow of a machine that is the Ising model itself", () => {
  it("goes toward its own temperature, the nulls do not (K = 0.39)", async () => {
    const subject = {
      layers: [exactMachine(0.39)],
      shape: [10, 10],
      initialDeviation: 0.01,
      dataCoupling: 0.39,
    } as const;
    const machines = ["trained", "untrained", "site-permuted"] as const;
    const { flows } = await analyzeFlow(subject, { ...options, machines }, kernels);
    const gibbs = (machine: string): Flow =>
      flows.find((flow) => flow.machine === machine && flow.kind === "gibbs")!;
    const { verdict, trajectories } = gibbs("trained");
    expect(verdict.kind).toBe("data");
    expect(verdict.words).toMatch(
      /^toward the temperature of the data, T = 2\.564, not toward T_c = 2\.269 \[/,
    );
    const found = verdict.thermometers.filter(({ fixedPoints }) => fixedPoints.length > 0);
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const { fixedPoints } of found) {
      const [{ coupling, stable }] = fixedPoints;
      expect(stable).toBe(true);
      expect(Math.abs(coupling.value - 0.39)).toBeLessThan(3 * coupling.error);
    }
    const onsager = found.find(({ thermometer }) => thermometer === "inverse-onsager")!;
    expect(onsager.fixedPoints[0].coupling.error).toBeLessThan(0.01);
    // The starts are Ising states; on their way they are not.
    const p = (index: number) => trajectories.map(({ points }) => points.at(index)!.state.residual.pValue);
    expect(Math.min(...p(0))).toBeGreaterThan(1e-3);
    expect(Math.min(...p(1))).toBeLessThan(1e-6);

    expect(gibbs("untrained").verdict).toMatchObject({ kind: "hotter", isIsing: true });
    expect(gibbs("untrained").verdict.words).toMatch(/^no fixed point between the starts/);
    const permuted = gibbs("site-permuted").verdict;
    expect(permuted.isIsing).toBe(false);
    expect(permuted.kind).not.toBe("data");
  });

  it("goes toward T_c if that is its temperature", async () => {
    const subject = {
      ...{ layers: [exactMachine(CRITICAL_COUPLING)], shape: [10, 10] as const, initialDeviation: 0.01 },
      dataCoupling: null,
    };
    const { flows } = await analyzeFlow(subject, { ...options, machines: ["trained"] }, kernels);
    expect(flows[0].verdict.kind).toBe("critical");
    expect(flows[0].verdict.words).toMatch(/^toward T_c = 2\.269/);
  });

  it("refuses a machine of another lattice, and too few starts", async () => {
    const subject = {
      layers: [exactMachine(0.3)],
      shape: [10, 10],
      initialDeviation: 0.01,
      dataCoupling: null,
    } as const;
    const flow = { ...options, machines: ["trained"] as const };
    await expect(analyzeFlow({ ...subject, shape: [10, 12] }, flow, kernels)).rejects.toThrow(DataError);
    await expect(analyzeFlow(subject, { ...flow, couplings: [0.3] }, kernels)).rejects.toThrow(DataError);
    await expect(analyzeFlow(subject, { ...flow, samples: 63 }, kernels)).rejects.toThrow(DataError);
  });
});

it("the flow from layer to layer of copies of every second spin reads decimated configurations", async () => {
  const layer = zeroRbm("spin", 144, 36);
  const { fields } = gridFields([0, 0]);
  for (let unit = 0; unit < 36; unit++) {
    for (let site = 0; site < 144; site++) layer.weights[site * 36 + unit] = 20 * fields[unit * 144 + site];
  }
  const [layout] = [layOut(measureReceptiveFields(fields, latticeGeometry([12, 12])), [12, 12])] as [
    HiddenLayout,
  ];
  const set = await sampleIsing(
    isingModel(torus(12, 12), 0.4),
    {
      ...{ samples: 256, chains: 64, algorithm: "auto", start: "auto" },
      ...{ thermalization: "auto", spacing: "auto" },
    },
    seedKey("decimated"),
    kernels,
  );
  const rows = set.configurations;
  const reference = await sampleReference([6, 6], 256, seedKey("small"), kernels);
  const state = readState(rows, [12, 12], 64, null);
  const start = { coupling: 0.4, rows, chains: 64, state };
  const { points } = await layerFlow(
    [layer],
    [layout],
    start,
    [12, 12],
    () => reference,
    seedKey("up"),
    kernels,
  );
  const decimated = bitMatrix(256, 36);
  for (let row = 0; row < 256; row++) {
    for (let site = 0; site < 36; site++) {
      setBit(decimated, row, site, getBit(rows, row, 24 * Math.floor(site / 6) + 2 * (site % 6)));
    }
  }
  const expected = readState(decimated, [6, 6], 64, reference);
  expect(points.map(({ shape }) => shape)).toEqual([
    [12, 12],
    [6, 6],
  ]);
  expect(points[1].state.nearestCorrelation.value).toBeCloseTo(expected.nearestCorrelation.value, 12);
  expect(points[1].state.absMagnetization.value).toBeCloseTo(expected.absMagnetization.value, 12);
  expect(points[1].state.residual.pValue).toBeCloseTo(expected.residual.pValue, 6);
});
