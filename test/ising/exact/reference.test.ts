import { describe, expect, it } from "vitest";
import {
  enumerateIsing,
  EXACT_QUANTITIES,
  exactReference,
  exactReferenceTable,
  exactRing,
  transferMatrix,
} from "../../../src/ising/exact/index.js";
import { chain, type Lattice, torus } from "../../../src/ising/lattice.js";
import { isingModel } from "../../../src/ising/model.js";
import { CRITICAL, fixture } from "./fixture.js";

const known = (lattice: Lattice, coupling: number, field = 0): readonly string[] =>
  Object.keys(exactReference(isingModel(lattice, coupling, field)));

describe("the exact reference of a model", () => {
  it("has everything for an enumerable zero-field lattice, in printing order", () => {
    expect(known(torus(4, 4), 0.4)).toEqual(EXACT_QUANTITIES);
    expect(known(chain(8), 1)).toEqual(EXACT_QUANTITIES);
  });

  it("has what can be computed elsewhere, and nothing that cannot", () => {
    const without = (...absent: string[]) =>
      EXACT_QUANTITIES.filter((quantity) => !absent.includes(quantity));
    expect(known(torus(3, 4), 0.4, 0.1)).toEqual(without("correlationLength"));
    expect(known(torus(8, 8), 0.4)).toEqual(without("absMagnetization"));
    expect(known(torus(8, 9), 0.4, 0.1)).toEqual(without("absMagnetization", "correlationLength"));
    expect(known(torus(16, 16), 0.4)).toEqual(without("absMagnetization", "m4", "binder"));
    expect(known(torus(100, 100), 0.4)).toEqual([
      "logPartition",
      "energyPerSite",
      "specificHeat",
      "magnetization",
    ]);
    expect(known(torus(16, 16), 0.4, 0.1)).toEqual([]);
    expect(known(chain(100), 1)).toEqual(without("absMagnetization"));
    expect(known(chain(100), 1, 0.3)).toEqual(without("absMagnetization", "correlationLength"));
  });

  it("defines the ratios as its documentation says", () => {
    const model = isingModel(torus(3, 4), 0.3, 0.2);
    const moments = enumerateIsing(model);
    const reference = exactReference(model);
    expect(reference.binder).toBeCloseTo(1 - moments.m4 / (3 * moments.m2 ** 2), 14);
    expect(reference.susceptibility).toBeCloseTo(12 * (moments.m2 - moments.magnetization ** 2), 13);
    expect(exactReference(isingModel(torus(3, 4), 0.3)).susceptibility).toBeCloseTo(
      12 * enumerateIsing(isingModel(torus(3, 4), 0.3)).m2,
      13,
    );
  });

  it("agrees between methods where lattices outgrow one and enter the other", () => {
    for (const [lattice, other] of [
      [torus(4, 5), transferMatrix(isingModel(torus(4, 5), 0.43))],
      [chain(20), exactRing(20, 0.43)],
    ] as const) {
      const reference = exactReference(isingModel(lattice, 0.43));
      expect(reference.logPartition).toBeCloseTo(other.logPartition, 12);
      expect(reference.specificHeat).toBeCloseTo(other.specificHeatPerSite, 12);
      expect(reference.m2).toBeCloseTo(other.m2, 13);
      expect(reference.m4).toBeCloseTo(other.m4, 13);
    }
  });

  it("names the method of each value", () => {
    const methods = new Map(
      exactReferenceTable(isingModel(torus(8, 8), CRITICAL)).map(({ quantity, method }) => [
        quantity,
        method,
      ]),
    );
    expect(methods.get("energyPerSite")).toBe("closed form (Kaufman)");
    expect(methods.get("m4")).toBe("transfer matrix");
    expect(methods.get("correlationLength")).toBe("two-point function (Pfaffians)");
  });

  it("hits the 40 x 40 torus at K = 0.408 that the packaged experiments use", () => {
    const reference = exactReference(isingModel(torus(40, 40), 0.408));
    expect(reference.logPartition! / 1600).toBeCloseTo(fixture.tori[40]["0.408"].logZPerSite, 13);
    expect(reference.energyPerSite).toBeCloseTo(fixture.tori[40]["0.408"].energyPerSite, 13);
    expect(reference.correlationLength).toBeCloseTo(7.433184583784, 10); // as computed by this program, to notice a change
  });
});
