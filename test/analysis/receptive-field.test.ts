import { describe, expect, it } from "vitest";
import { measureReceptiveField } from "../../src/analysis/receptive-field.js";

const shape = [40, 40] as const;

/** A field r(d) of the distance to (cx, cy) on the 40×40 torus. */
function radialField(cx: number, cy: number, r: (distance: number) => number): Float64Array {
  const wrap = (offset: number): number => offset - 40 * Math.round(offset / 40);
  return Float64Array.from({ length: 1600 }, (_, site) =>
    r(Math.hypot(wrap(Math.floor(site / 40) - cx), wrap((site % 40) - cy))),
  );
}

describe("measures of a receptive field", () => {
  it("of a Gaussian: centre, PR = 2π s², radius of gyration s √1 (weights r²)", () => {
    // r = exp(−d²/2s²): r² has variance s²/2 per axis, so R_g = s; PR = (π s²)²/(π s²/2) = 2π s².
    const s = 2.5;
    const field = measureReceptiveField(
      radialField(13.25, 38.5, (d) => Math.exp(-(d * d) / (2 * s * s))),
      shape,
    );
    expect(field.center[0]).toBeCloseTo(13.25, 6);
    expect(field.center[1]).toBeCloseTo(38.5, 6);
    expect(field.radiusOfGyration).toBeCloseTo(s, 6);
    expect(field.participationRatio).toBeCloseTo(2 * Math.PI * s * s, 6);
    expect(field.signCoherence).toBeCloseTo(1, 12);
    expect(field.localized).toBe(false);
  });

  it("of a single site, a 3×3 block over the torus edge, and a uniform field", () => {
    const single = measureReceptiveField(
      radialField(7, 0, (d) => (d === 0 ? -0.3 : 0)),
      shape,
    );
    expect(single).toMatchObject({
      participationRatio: 1,
      peak: -0.3,
      norm: 0.3,
      signCoherence: 1,
      localized: true,
    });
    expect(single.radiusOfGyration).toBeCloseTo(0, 6);
    const block = measureReceptiveField(
      radialField(0, 39, (d) => (d < 1.5 ? 0.5 : 0)),
      shape,
    );
    expect(block.participationRatio).toBeCloseTo(9, 12);
    expect(block.radiusOfGyration).toBeCloseTo(Math.sqrt(12 / 9), 9);
    expect(Math.min(block.center[0], 40 - block.center[0])).toBeCloseTo(0, 9);
    expect(block.center[1]).toBeCloseTo(39, 9);
    const uniform = measureReceptiveField(new Float64Array(1600).fill(0.01), shape);
    expect(uniform.participationRatio).toBeCloseTo(1600, 6);
    expect(uniform.localized).toBe(false);
  });

  it("does not change under translation, reflection and sign", () => {
    const shaped = (d: number): number => Math.exp(-d / 1.7) - 0.02;
    const reference = measureReceptiveField(radialField(11, 17, shaped), shape);
    const moved = measureReceptiveField(
      radialField(39, 1, (d) => -shaped(d)),
      shape,
    );
    for (const key of ["radiusOfGyration", "participationRatio", "signCoherence", "norm"] as const) {
      expect(moved[key]).toBeCloseTo(reference[key], 9);
    }
    expect(moved.peak).toBe(-reference.peak);
  });

  it("says so where it has no meaning: a dead unit", () => {
    const dead = measureReceptiveField(new Float64Array(1600), shape);
    expect(dead.norm).toBe(0);
    expect(dead.localized).toBe(false);
    expect(dead.participationRatio).toBeNaN();
    expect(dead.center[0]).toBeNaN();
  });

  it("works on a chain", () => {
    const field = measureReceptiveField([1, 0, 0, 0, 0, 0, 0, 1], [8]);
    expect(field.center).toHaveLength(1);
    expect(field.center[0]).toBeCloseTo(7.5, 9);
    expect(field.radiusOfGyration).toBeCloseTo(0.5, 9);
  });
});
