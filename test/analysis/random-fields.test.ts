import { describe, expect, it } from "vitest";
import { latticeGeometry } from "../../src/analysis/lattice-geometry.js";
import { fieldNulls, isBeyondNull } from "../../src/analysis/random-fields.js";
import { measureReceptiveField, measureReceptiveFields } from "../../src/analysis/receptive-field.js";
import { fillStandardNormal, RandomStream, seedKey } from "../../src/random/index.js";
import { radialField } from "./synthetic-fields.js";

const shape = [16, 16] as const;
const geometry = latticeGeometry(shape);
const key = seedKey("null");

function normals(length: number, seed: string): Float64Array {
  const out = new Float64Array(length);
  fillStandardNormal(seedKey(seed), out);
  return out;
}

describe("null of random fields", () => {
  it("holds 95 % of untrained fields: PR about N/3, radius about that of the lattice", () => {
    const fields = normals(500 * 256, "untrained");
    const [none] = fieldNulls([fields], geometry, key);
    expect(none.participationRatio.lower).toBeLessThan(256 / 3);
    expect(none.participationRatio.upper).toBeGreaterThan(256 / 3);
    const lattice = Math.sqrt((2 * 258) / 12);
    expect(none.radiusOfGyration.lower / lattice).toBeGreaterThan(0.85);
    expect(none.radiusOfGyration.upper / lattice).toBeLessThan(1.05);
    const measures = measureReceptiveFields(fields, geometry);
    for (const name of ["participationRatio", "radiusOfGyration"] as const) {
      const inside = measures.filter(
        (m) => m[name] >= none[name].lower && m[name] <= none[name].upper,
      ).length;
      // 500 fields against an interval from 400: a share of 0.95 with deviation √(0.95·0.05/500 + 2·0.025·0.975/400) = 1.5 %.
      expect(Math.abs(inside / 500 - 0.95)).toBeLessThan(0.06);
    }
    // Both measures below their own 2.5 % and the radius below the shuffled one's: of 500, less than a handful.
    expect(measures.filter((m) => isBeyondNull(m, none)).length).toBeLessThan(8);
  });

  it("of deeper layers is wider, as their weights are sums of few fields", () => {
    const nulls = fieldNulls([normals(8 * 256, "first"), normals(4 * 256, "second")], geometry, key);
    const width = nulls.map(({ participationRatio: { lower, upper } }) => upper - lower);
    expect(width[1]).toBeGreaterThan(width[0]);
  });

  it("calls a block beyond it, and not a handful of weights on random sites, nor one site, nor a dead unit", () => {
    const block = radialField(shape, [3, 15], (d) => (d < 1.5 ? 1 : 0));
    const floor = normals(256, "floor").map((x) => 0.02 * x);
    const fields = new Float64Array(40 * 256);
    const stream = new RandomStream(seedKey("sites"));
    for (let unit = 0; unit < 20; unit++) {
      block.forEach((r, site) => (fields[unit * 256 + site] = r + floor[site]));
      for (let k = 0; k < 6; k++) fields[(20 + unit) * 256 + stream.nextInteger(256)] = 1;
    }
    const [none] = fieldNulls([fields], geometry, key);
    const beyond = measureReceptiveFields(fields, geometry).map((field) => isBeyondNull(field, none));
    expect(beyond.slice(0, 20)).toEqual(Array<boolean>(20).fill(true));
    expect(beyond.slice(20).filter(Boolean).length).toBeLessThanOrEqual(2);

    const single = new Float64Array(20 * 256);
    for (let unit = 0; unit < 19; unit++) single[unit * 256 + 7 * unit] = 1;
    const [copies] = fieldNulls([single], geometry, key);
    expect(measureReceptiveFields(single, geometry).some((field) => isBeyondNull(field, copies))).toBe(false);
    expect(isBeyondNull(measureReceptiveField(new Float64Array(256), shape), none)).toBe(false);
    const [dead] = fieldNulls([new Float64Array(512)], geometry, key);
    expect(dead.shuffledRadius.lower).toBeNaN();
  });
});
