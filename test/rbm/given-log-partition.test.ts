import { describe, expect, it } from "vitest";
import { exactIsingLogPartition } from "../../src/ising/free-energy.js";
import { torus } from "../../src/ising/lattice.js";
import { isingModel, type IsingModel } from "../../src/ising/model.js";
import { doubtGiven } from "../../src/rbm/given-log-partition.js";

const doubt = (value: number, error: number, model: IsingModel | null): string | null =>
  doubtGiven({ value, error, visible: 16, hidden: 4, maxWeight: 100, model });

describe("an ln Z that is given for data of which nothing else is known", () => {
  it("is doubted only where it needs a constant in H, or is out of reach of every layer", () => {
    // 16 ln 2 = 11.09; 20 ln 2 + 100 (64 + 20) = 8413.9
    for (const [value, error] of [
      [11.1, 0],
      [10.9, 0.1],
      [8400, 0],
      [9000, 200],
    ])
      expect(doubt(value, error, null)).toBeNull();
    expect(doubt(-14.6, 0, null)).toMatch(/ln Z ≥ 16 ln 2 = 11\.0904, unless .* F = −ln Z/);
    expect(doubt(0.9, 1, null)).toMatch(/ln Z per unit/);
    expect(doubt(1e15, 0, null)).toMatch(/a 16 × 4 layer with parameters up to 100 has ln Z ≤ 8413\.86/);
    expect(doubt(-1e15, 0, null)).not.toBeNull();
  });
});

describe("an ln Z that is given for samples of an Ising model", () => {
  it("is held against the exact one", () => {
    const model = isingModel(torus(4, 4), 0.4);
    const { value } = exactIsingLogPartition(model)!;
    expect(doubt(value, 0, model)).toBeNull();
    expect(doubt(value + 0.29, 0.1, model)).toBeNull();
    expect(doubt(value + 0.31, 0.1, model)).toMatch(/has ln Z = 14\.5611 exactly/);
  });

  it("is held against bounds where no exact one is known", () => {
    const model = isingModel(torus(13, 13), 0.3, 0.2);
    expect(exactIsingLogPartition(model)).toBeNull();
    expect(doubt(150, 0, model)).toBeNull();
    expect(doubt(100, 1, model)).toMatch(/has ln Z between 124\.45 and 221\.9/);
    expect(doubt(300, 1, model)).toMatch(/between/);
  });
});
