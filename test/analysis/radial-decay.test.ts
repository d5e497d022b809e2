import { describe, expect, it } from "vitest";
import { latticeGeometry } from "../../src/analysis/lattice-geometry.js";
import {
  type DecayName,
  decayNames,
  fitRadialDecay,
  type RadialDecay,
} from "../../src/analysis/radial-decay.js";
import { measureReceptiveField } from "../../src/analysis/receptive-field.js";
import { fillStandardNormal, seedKey } from "../../src/random/index.js";
import { radialField, ringField } from "./synthetic-fields.js";

const shape = [40, 40] as const;

function fit(field: Float64Array, sides: readonly number[] = shape): RadialDecay {
  return fitRadialDecay(field, measureReceptiveField(field, sides), latticeGeometry(sides));
}

function noisy(field: Float64Array, sigma: number, seed: string): Float64Array {
  const noise = new Float64Array(field.length);
  fillStandardNormal(seedKey(seed), noise);
  return field.map((r, site) => r + sigma * noise[site]);
}

const profiles: Readonly<Record<DecayName, (length: number) => (d: number) => number>> = {
  exponential: (length) => (d) => Math.exp(-d / length),
  gaussian: (length) => (d) => Math.exp((-d * d) / (2 * length * length)),
  disc: (length) => (d) => (d <= length ? 1 : 0),
};

describe("decay of a field", () => {
  it.each([
    ["exponential", 0.8],
    ["exponential", 4.2],
    ["gaussian", 0.9],
    ["gaussian", 3.3],
  ] as const)("finds an exact %s of length %d anywhere, whatever its sign and height", (name, length) => {
    // The nearest image alone is counted: a kink at half the lattice of e^{−20/4.2} = 0.9 % is left.
    const field = radialField(shape, [38.37, 11.81], (d) => -0.3 * profiles[name](length)(d));
    const { best, fits } = fit(field);
    expect(best).toBe(name);
    expect(Math.abs(fits[name].length / length - 1)).toBeLessThan(1e-3);
    expect(fits[name].error).toBeLessThan(1e-3);
    for (const other of decayNames) if (other !== name) expect(fits[other].aicDifference).toBeGreaterThan(10);
  });

  it("finds a disc: 13 sites lie within radii 2 … √5, 9 of a 3×3 block within √2 … 2", () => {
    const disc = fit(radialField(shape, [0, 0], (d) => (d <= 2 ? 0.4 : 0)));
    expect(disc.best).toBe("disc");
    expect(disc.fits.disc.length).toBeCloseTo((2 + Math.sqrt(5)) / 2, 12);
    expect(disc.fits.disc.error).toBeCloseTo((Math.sqrt(5) - 2) / 2, 12);
    const block = fit(radialField(shape, [39, 17], (d) => (d <= 1.5 ? 1 : 0)));
    expect(block.best).toBe("disc");
    expect(block.fits.disc.length).toBeCloseTo((2 + Math.SQRT2) / 2, 12);
    // A 2×2 block is a disc around a point between the sites.
    const between = fit(radialField(shape, [5.5, 39.5], (d) => (d < 1 ? 1 : 0)));
    expect(between.best).toBe("disc");
    expect(between.fits.disc.length).toBeCloseTo((Math.SQRT1_2 + Math.sqrt(2.5)) / 2, 12);
  });

  it.each([
    ["exponential", 1.8, 200],
    ["gaussian", 2, 200],
    ["disc", 2.9, 30],
  ] as const)(
    "tells a noisy %s from the others, and its error bar holds the truth",
    (name, length, repeats) => {
      const small = [24, 24] as const;
      let [right, chiSquare] = [0, 0];
      for (let r = 0; r < repeats; r++) {
        const center = name === "disc" ? ([10, 20] as const) : ([10 + r / 7, 20 + r / 11] as const);
        const exact = radialField(small, center, profiles[name](length));
        const { best, fits } = fit(noisy(exact, 0.03, `${name} ${r}`), small);
        if (best === name) right++;
        chiSquare += ((fits[name].length - length) / fits[name].error) ** 2 / repeats;
      }
      expect(right).toBe(repeats);
      // Of a disc the error is the half width of the interval that holds the radius: never left.
      if (name === "disc") expect(chiSquare).toBeLessThan(1);
      // z² has mean 1 and deviation √2: three errors of the mean.
      else expect(Math.abs(chiSquare - 1)).toBeLessThan((3 * Math.SQRT2) / Math.sqrt(repeats));
    },
  );

  it("finds no decay in noise, though the largest weight is fitted", () => {
    for (let r = 0; r < 20; r++) {
      const { best, fits } = fit(noisy(new Float64Array(1600), 1, `noise ${r}`));
      expect(best).toBeNull();
      expect(Math.min(...decayNames.map((name) => fits[name].aicDifference))).toBe(0);
    }
  });

  it("fits rings, and says nothing of a dead unit or a lattice of four sites", () => {
    const ring = fit(
      ringField(64, (x) => 5 * Math.exp(-Math.abs(x - 20.3) / 2.5)),
      [64],
    );
    expect(ring.best).toBe("exponential");
    expect(Math.abs(ring.fits.exponential.length / 2.5 - 1)).toBeLessThan(1e-6);
    const dead = fit(new Float64Array(1600));
    expect(dead.best).toBeNull();
    expect(dead.fits.gaussian.length).toBeNaN();
    expect(fit(Float64Array.of(1, 2, 3, 4), [2, 2]).best).toBeNull();
  });

  it("takes a single site for a disc of no more than one site", () => {
    const { best, fits } = fit(radialField(shape, [3, 39], (d) => (d === 0 ? 2 : 0)));
    expect(best).toBe("disc");
    expect(fits.disc).toMatchObject({ length: 0.5, error: 0.5, aicDifference: 0 });
  });

  it("gives a single site in noise no width that the data do not hold", () => {
    const site = radialField([10, 10], [3, 9], (d) => (d === 0 ? 2 : 0));
    for (let r = 0; r < 40; r++) {
      const { best, fits } = fit(noisy(site, 0.1, `site ${r}`), [10, 10]);
      expect(best).not.toBeNull();
      const { length, error } = fits[best ?? "disc"];
      expect(length).toBeLessThan(0.6);
      expect(error).toBeLessThanOrEqual(length);
    }
  });

  it("looks for the disc's centre around that of the field", () => {
    // 2×2 sites of weights 1, ½, ½, ¼: the centre of r² lies 0.2 sites from the first, the disc around all four fits best.
    const field = new Float64Array(1600);
    for (const [site, weight] of [
      [0, 1],
      [1, 0.5],
      [40, 0.5],
      [41, 0.25],
    ])
      field[site] = weight;
    expect(fit(field).fits.disc.length).toBeCloseTo((Math.SQRT1_2 + Math.sqrt(2.5)) / 2, 12);
  });
});
