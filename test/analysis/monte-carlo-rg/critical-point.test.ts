import { expect, it } from "vitest";
import { isCritical } from "../../../src/analysis/monte-carlo-rg/index.js";
import { chain, torus } from "../../../src/ising/lattice.js";
import { CRITICAL_COUPLING, isingModel } from "../../../src/ising/model.js";

it("calls a model critical on a torus, without field, at K_c to four digits", () => {
  const square = torus(8, 8);
  for (const coupling of [CRITICAL_COUPLING, 0.4407, 0.440687, 1 / 2.269]) {
    expect(isCritical(isingModel(square, coupling))).toBe(true);
  }
  for (const coupling of [0, 0.44, 0.4408, 1 / 2.27, 1]) {
    expect(isCritical(isingModel(square, coupling))).toBe(false);
  }
  expect(isCritical(isingModel(square, CRITICAL_COUPLING, 1e-9))).toBe(false);
  expect(isCritical(isingModel(chain(64), CRITICAL_COUPLING))).toBe(false);
});
