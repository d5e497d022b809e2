import { describe, expect, it } from "vitest";
import { measureReceptiveField } from "../../src/analysis/receptive-field.js";
import { ringCorrelationLength } from "../../src/ising/exact/index.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { radialField, ringField } from "./synthetic-fields.js";

const shape = [40, 40] as const;
const onTorus = (cx: number, cy: number, r: (distance: number) => number): Float64Array =>
  radialField(shape, [cx, cy], r);

/** Independent normal weights of deviation `sigma`. */
function noise(sigma: number, sites = 1600, seed = "floor"): Float64Array {
  const out = new Float64Array(sites);
  fillStandardNormal(seedKey(seed), out);
  return out.map((x) => sigma * x);
}

describe("measures of a receptive field", () => {
  it("of a Gaussian: centre, PR = 2π s², radius of gyration s (weights r²), ξ = s/√2 by its second moment", () => {
    // r = exp(−d²/2s²): r² has variance s²/2 per axis, so R_g = s; PR = (π s²)²/(π s²/2) = 2π s².
    const s = 2.5;
    const field = measureReceptiveField(
      onTorus(13.25, 38.5, (d) => Math.exp(-(d * d) / (2 * s * s))),
      shape,
    );
    expect(field.center[0]).toBeCloseTo(13.25, 6);
    expect(field.center[1]).toBeCloseTo(38.5, 6);
    expect(field.radiusOfGyration).toBeCloseTo(s, 6);
    expect(field.participationRatio).toBeCloseTo(2 * Math.PI * s * s, 6);
    expect(field.signCoherence).toBeCloseTo(1, 12);
    expect(field.core).toMatchObject({ window: 10, sign: 1 });
    expect(field.core.weight).toBeGreaterThan(0.9999);
    expect(Math.abs(field.core.radius / s - 1)).toBeLessThan(1e-5);
    // r̂(k) = r̂(0) e^{−k²s²/2} on the whole lattice; the window cuts 3e-4 of Σ r.
    const k = (2 * Math.PI) / 40;
    const exact = Math.sqrt(Math.exp((k * k * s * s) / 2) - 1) / (2 * Math.sin(k / 2));
    expect(Math.abs(field.core.correlationLength / exact - 1)).toBeLessThan(5e-3);
    expect(Math.abs(exact / (s / Math.SQRT2) - 1)).toBeLessThan(0.05);
  });

  it("of an exponential t^|x| on a ring: PR and R_g by the geometric series", () => {
    // Σ q^|x| = (1 + q)/(1 − q), Σ x² q^|x| = 2q(1 + q)/(1 − q)³ with q = t² for r² and t⁴ for r⁴.
    const q = Math.exp(-2 / 3);
    const field = measureReceptiveField(
      ringField(200, (x) => Math.exp(-Math.min(x, 200 - x) / 3)),
      [200],
    );
    const sum = (ratio: number): number => (1 + ratio) / (1 - ratio);
    expect(field.participationRatio).toBeCloseTo(sum(q) ** 2 / sum(q * q), 9);
    expect(field.radiusOfGyration).toBeCloseTo(Math.sqrt(2 * q) / (1 - q), 9);
    expect(field.core.window).toBe(9);
    expect(Math.abs(field.core.radius / field.radiusOfGyration - 1)).toBeLessThan(0.04);
  });

  it("of an exponential on a torus: R_g = √(3/2) ℓ, not cut by its window", () => {
    // ∫ d³ e^{−2d/ℓ} dd/∫ d e^{−2d/ℓ} dd = 3ℓ²/2
    const field = measureReceptiveField(
      onTorus(20, 20, (d) => Math.exp(-d / 3)),
      shape,
    );
    expect(Math.abs(field.radiusOfGyration / Math.sqrt(13.5) - 1)).toBeLessThan(0.02);
    expect(Math.abs(field.core.radius / field.radiusOfGyration - 1)).toBeLessThan(0.01);
    expect(field.core.window).toBe(15);
    // r̂(k) ∝ (1 + k²ℓ²)^{−3/2} on the whole plane; the window cuts the second moment, hence ξ.
    const k = (2 * Math.PI) / 40;
    const whole = Math.sqrt((1 + 9 * k * k) ** 1.5 - 1) / (2 * Math.sin(k / 2));
    expect(Math.abs(field.core.correlationLength / whole - 0.9)).toBeLessThan(0.01);
  });

  it("of a disc: PR the number of its sites, R_g² their mean squared distance", () => {
    const field = measureReceptiveField(
      onTorus(5, 35, (d) => (d <= 3.1 ? -2 : 0)),
      shape,
    );
    const inside = Array.from({ length: 49 }, (_, i) => [Math.floor(i / 7) - 3, (i % 7) - 3])
      .map(([x, y]) => x * x + y * y)
      .filter((d2) => d2 <= 3.1 * 3.1);
    expect(field.participationRatio).toBeCloseTo(inside.length, 9);
    const meanSquare = inside.reduce((sum, d2) => sum + d2, 0) / inside.length;
    expect(field.radiusOfGyration).toBeCloseTo(Math.sqrt(meanSquare), 9);
    expect(field.core.radius).toBeCloseTo(Math.sqrt(meanSquare), 9);
    expect(field).toMatchObject({ peak: -2, core: { sign: -1, weight: 1 } });
  });

  it("of two blobs D apart: centre between them, PR twice, R_g² = (D/2)² + s², and one core that holds both", () => {
    const s = 1.5;
    const blob = (cx: number): Float64Array => onTorus(cx, 7, (d) => Math.exp(-(d * d) / (2 * s * s)));
    const [one, other] = [blob(34), blob(2)];
    const field = measureReceptiveField(
      one.map((r, site) => r + other[site]),
      shape,
    );
    expect(field.center[0]).toBeCloseTo(38, 6);
    expect(field.center[1]).toBeCloseTo(7, 6);
    // e^{−D²/4s²} = 8e-4 is what the two overlap.
    expect(Math.abs(field.participationRatio / (4 * Math.PI * s * s) - 1)).toBeLessThan(0.01);
    expect(Math.abs(field.radiusOfGyration / Math.sqrt(16 + s * s) - 1)).toBeLessThan(0.001);
    expect(Math.abs(field.core.radius / field.radiusOfGyration - 1)).toBeLessThan(0.001);
    // Nor does a window close around a small weight that happens to lie between them.
    const between = measureReceptiveField(
      one.map((r, site) => (site === 38 * 40 + 7 ? 0.2 : r + other[site] > 0.3 ? r + other[site] : 0)),
      shape,
    );
    expect(between.core.weight).toBeCloseTo(1, 12);
    expect(between.core.radius).toBeGreaterThan(3.5);
  });

  it("of a single site, a 3×3 block over the torus edge, and a uniform field", () => {
    const single = measureReceptiveField(
      onTorus(7, 0, (d) => (d === 0 ? -0.3 : 0)),
      shape,
    );
    expect(single).toMatchObject({ participationRatio: 1, peak: -0.3, norm: 0.3, signCoherence: 1 });
    expect(single.radiusOfGyration).toBeCloseTo(0, 6);
    expect(single.core).toMatchObject({ window: 1, weight: 1, correlationLength: 0 });
    const block = measureReceptiveField(
      onTorus(0, 39, (d) => (d < 1.5 ? 0.5 : 0)),
      shape,
    );
    expect(block.participationRatio).toBeCloseTo(9, 12);
    expect(block.radiusOfGyration).toBeCloseTo(Math.sqrt(12 / 9), 9);
    expect(block.core).toMatchObject({ window: 5, weight: 1, signCoherence: 1 });
    expect(Math.min(block.center[0], 40 - block.center[0])).toBeCloseTo(0, 9);
    expect(block.center[1]).toBeCloseTo(39, 9);
    const uniform = measureReceptiveField(new Float64Array(1600).fill(0.01), shape);
    expect(uniform.participationRatio).toBeCloseTo(1600, 6);
  });

  it("finds a block under a floor of noise that hides its radius and sign", () => {
    const s = 0.9;
    const sigma = 0.006;
    const block = onTorus(11, 17, (d) => Math.exp(-(d * d) / (2 * s * s)));
    const floor = noise(sigma);
    const field = measureReceptiveField(
      block.map((r, site) => r + floor[site]),
      shape,
    );
    // Σ r² = π s² + Nσ², Σ r² d² = π s⁴ + Nσ² ⟨d²⟩ with ⟨d²⟩ = 2·(40² + 2)/12 on average.
    const floorWeight = 1600 * sigma * sigma;
    const square = Math.PI * s * s + floorWeight;
    const hidden = Math.sqrt((Math.PI * s ** 4 + floorWeight * ((2 * 1602) / 12)) / square);
    expect(hidden).toBeGreaterThan(2.4);
    expect(Math.abs(field.radiusOfGyration / hidden - 1)).toBeLessThan(0.05);
    expect(field.signCoherence).toBeLessThan(0.6);
    expect(Math.abs(field.core.radius / s - 1)).toBeLessThan(0.02);
    expect(field.core.signCoherence).toBeGreaterThan(0.95);
    expect(Math.abs(field.core.weight - (1 - floorWeight / square))).toBeLessThan(0.003);
    expect(Math.hypot(field.center[0] - 11, field.center[1] - 17)).toBeLessThan(0.02);
  });

  it("of noise alone: PR = N/3, R_g the lattice's own, no core but the lattice", () => {
    const field = measureReceptiveField(noise(1), shape);
    expect(Math.abs(field.participationRatio / (1600 / 3) - 1)).toBeLessThan(0.1);
    expect(Math.abs(field.radiusOfGyration / Math.sqrt((2 * 1602) / 12) - 1)).toBeLessThan(0.05);
    expect(field.core.weight).toBeCloseTo(1, 12);
    expect(field.core.radius).toBeCloseTo(field.radiusOfGyration, 12);
  });

  it("has the correlation length of a field that is a ring's two-point function, low by what the window cuts", () => {
    const t = Math.tanh(0.9);
    const field = ringField(60, (x) => t ** x + t ** (60 - x));
    const { correlationLength, window } = measureReceptiveField(field, [60]).core;
    const k = (2 * Math.PI) / 60;
    let [atZero, atK] = [0, 0];
    for (let x = -window; x <= window; x++) {
      atZero += field[Math.abs(x)];
      atK += field[Math.abs(x)] * Math.cos(k * x);
    }
    const inWindow = Math.sqrt(atZero / atK - 1) / (2 * Math.sin(k / 2));
    expect(Math.abs(correlationLength / inWindow - 1)).toBeLessThan(1e-9);
    const share = correlationLength / ringCorrelationLength(0.9);
    expect(Math.abs(share - 0.81)).toBeLessThan(0.01);
  });

  it.each([
    ["translated over the edge", (x: number, y: number) => [(x + 31) % 40, (y + 5) % 40]],
    ["reflected", (x: number, y: number) => [(40 - x) % 40, y]],
    ["with x and y exchanged", (x: number, y: number) => [y, x]],
  ])("does not change when the field is %s and its sign turned", (_, move) => {
    const floor = noise(0.02);
    const field = onTorus(11.3, 17.6, (d) => Math.exp(-d / 1.7) - 0.02).map((r, site) => r + floor[site]);
    const moved = new Float64Array(1600);
    field.forEach((r, site) => {
      const [x, y] = move(Math.floor(site / 40), site % 40);
      moved[x * 40 + y] = -r;
    });
    const [one, other] = [field, moved].map((each) => measureReceptiveField(each, shape));
    for (const key of ["radiusOfGyration", "participationRatio", "signCoherence", "norm"] as const) {
      expect(other[key]).toBeCloseTo(one[key], 9);
    }
    for (const key of ["window", "weight", "radius", "signCoherence", "correlationLength"] as const) {
      expect(other.core[key]).toBeCloseTo(one.core[key], 9);
    }
    expect(other.peak).toBe(-one.peak);
    expect(other.core.sign).toBe(-one.core.sign);
    const [x, y] = move(one.center[0], one.center[1]);
    expect(other.center[0]).toBeCloseTo(x, 9);
    expect(other.center[1]).toBeCloseTo(y, 9);
  });

  it("says so where it has no meaning: a dead unit", () => {
    const dead = measureReceptiveField(new Float64Array(1600), shape);
    expect(dead.norm).toBe(0);
    expect(dead.participationRatio).toBeNaN();
    expect(dead.radiusOfGyration).toBeNaN();
    expect(dead.center[0]).toBeNaN();
    expect(dead.core.radius).toBeNaN();
  });

  it("works on a chain and on a rectangle", () => {
    const field = measureReceptiveField([1, 0, 0, 0, 0, 0, 0, 1], [8]);
    expect(field.center).toHaveLength(1);
    expect(field.center[0]).toBeCloseTo(7.5, 9);
    expect(field.radiusOfGyration).toBeCloseTo(0.5, 9);
    const s = 1.2;
    const oblong = measureReceptiveField(
      radialField([12, 30], [11.5, 29], (d) => Math.exp(-(d * d) / (2 * s * s))),
      [12, 30],
    );
    expect(oblong.center[0]).toBeCloseTo(11.5, 6);
    expect(oblong.center[1]).toBeCloseTo(29, 6);
    expect(oblong.radiusOfGyration).toBeCloseTo(s, 5);
  });
});
