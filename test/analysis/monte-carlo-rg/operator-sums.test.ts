import { describe, expect, it } from "vitest";
import { countLanes } from "../../../src/analysis/monte-carlo-rg/lane-counts.js";
import {
  couplingOperator,
  evenCouplings,
  LANES,
  oddCouplings,
  OperatorSums,
  type TorusShape,
} from "../../../src/analysis/monte-carlo-rg/index.js";
import { RandomStream, seedKey } from "../../../src/random/index.js";
import { brutalSum, lanesOf, randomSpins } from "./spins.js";

const operators = [...evenCouplings, ...oddCouplings];

describe("coupling operators", () => {
  it("have as many shapes a site as the square's symmetries make", () => {
    const counts = Object.fromEntries(operators.map(({ name, shapes }) => [name, shapes.length]));
    expect(counts).toEqual({
      nearest: 2,
      diagonal: 2,
      plaquette: 1,
      third: 2,
      knight: 4,
      "double-diagonal": 2,
      diamond: 1,
      magnetization: 1,
      corner: 4,
      line: 2,
      wedge: 4,
    });
    expect(
      couplingOperator("chiral", [
        [0, 0],
        [1, 0],
        [1, 1],
        [2, 1],
      ]).shapes.length,
    ).toBe(4);
    expect(
      couplingOperator("L", [
        [0, 0],
        [1, 0],
        [2, 0],
        [2, 1],
      ]).shapes.length,
    ).toBe(8);
  });

  it("come in an even and an odd set, at least four and three, no two alike", () => {
    expect(evenCouplings.every(({ parity }) => parity === "even")).toBe(true);
    expect(oddCouplings.every(({ parity }) => parity === "odd")).toBe(true);
    expect(evenCouplings.length).toBeGreaterThanOrEqual(4);
    expect(oddCouplings.length).toBeGreaterThanOrEqual(3);
    expect(new Set(operators.map(({ shapes }) => JSON.stringify(shapes))).size).toBe(operators.length);
  });

  it("do not depend on the image they are given as", () => {
    const one = couplingOperator("x", [
      [0, 0],
      [2, 1],
    ]);
    const other = couplingOperator("x", [
      [5, 5],
      [4, 7],
    ]);
    const sorted = ({ shapes }: typeof one): string[] => shapes.map((shape) => JSON.stringify(shape)).sort();
    expect(sorted(one)).toEqual(sorted(other));
  });
});

describe("sums of products", () => {
  it.each([
    [2, 2],
    [3, 3],
    [4, 4],
    [4, 7],
    [5, 6],
    [8, 8],
  ] as TorusShape[])(
    "are those of every site and shape on %d × %d, 32 configurations at a time",
    (...shape) => {
      const sites = shape[0] * shape[1];
      const rows = Array.from({ length: LANES }, (_, row) =>
        randomSpins(`row ${row} of ${shape.join()}`, sites),
      );
      const out = new Int32Array(operators.length * LANES);
      const sums = new OperatorSums(operators, shape);
      sums.measure(lanesOf(rows), out);
      sums.measure(lanesOf(rows), out); // nothing is left behind
      operators.forEach((operator, alpha) => {
        rows.forEach((row, lane) => {
          expect(out[alpha * LANES + lane]).toBe(brutalSum(operator, row, shape));
        });
      });
    },
  );

  it("count the bits of every lane", () => {
    const stream = new RandomStream(seedKey("lanes"));
    for (const length of [0, 1, 7, 8, 9, 16, 31, 64, 100, 1000]) {
      const words = Uint32Array.from({ length: length + 3 }, () => stream.nextWord());
      const counts = new Int32Array(LANES + 5).fill(-1);
      countLanes(words, length, counts, 5);
      for (let lane = 0; lane < LANES; lane++) {
        const expected = words.subarray(0, length).reduce((sum, word) => sum + ((word >>> lane) & 1), 0);
        expect(counts[5 + lane]).toBe(expected);
      }
      expect([...counts.subarray(0, 5)]).toEqual([-1, -1, -1, -1, -1]);
    }
    const all = new Int32Array(LANES);
    countLanes(new Uint32Array(4096).fill(0xffffffff), 4096, all, 0);
    expect([...all]).toEqual(new Array(LANES).fill(4096));
  });
});
