import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Observations } from "../../src/analysis/pca/observations.js";
import { DataError, MissingInputError, UsageError } from "../../src/errors/index.js";
import { encodeNpy, type EncodableArray } from "../../src/io/index.js";
import { openObservations } from "../../src/runs/observations-file.js";
import { expectError, temporaryFolder } from "../io/temporary.js";

function save(name: string, content: string | Uint8Array): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const npy = (data: EncodableArray, shape: readonly number[]): string =>
  save("data.npy", encodeNpy(data, shape));

/** All rows, and the sizes of the blocks they came in. */
function readAll({ rows, columns, forEachBlock }: Observations): { values: number[]; blocks: number[] } {
  const values: number[] = [];
  const blocks: number[] = [];
  forEachBlock((block, count, first) => {
    expect(first * columns).toBe(values.length);
    values.push(...block.subarray(0, count * columns));
    blocks.push(count);
  });
  expect(values).toHaveLength(rows * columns);
  return { values, blocks };
}

describe("data from files", () => {
  const reals = Float64Array.from({ length: 600 * 7 }, (_, k) => Math.sin(k) * 1e3);

  it("are the same from .npy and from text, in blocks, as often as they are asked for", () => {
    const text = Array.from({ length: 600 }, (_, s) => reals.subarray(7 * s, 7 * s + 7).join(",")).join("\n");
    for (const path of [
      npy(reals, [600, 7]),
      save("data.csv", `a,b,c,d,e,f,g\n${text}\n`),
      save("data.txt", text.replaceAll(",", " ")),
    ]) {
      const { observations, lattice, model } = openObservations(path);
      expect([observations.rows, observations.columns, observations.bits, lattice, model]).toEqual([
        600,
        7,
        null,
        null,
        null,
      ]);
      for (let time = 0; time < 2; time++) {
        const { values, blocks } = readAll(observations);
        expect(values).toEqual([...reals]);
        expect(Math.max(...blocks)).toBe(256);
      }
    }
  });

  it("of two states become bits, whichever two they are", () => {
    const spins = Int8Array.from({ length: 300 * 16 }, (_, k) => (k % 5 < 2 ? -1 : 1));
    const zeros = spins.map((s) => (s + 1) / 2);
    for (const path of [
      npy(spins, [300, 4, 4]),
      npy(zeros, [300, 4, 4]),
      npy(Float64Array.from(spins), [300, 4, 4]),
    ]) {
      const { observations, lattice } = openObservations(path);
      expect(observations.bits?.rows).toBe(300);
      expect(lattice?.shape).toEqual([4, 4]);
      expect(readAll(observations).values).toEqual([...spins]);
    }
    const mixed = spins.with(4000, 0);
    expect(openObservations(npy(mixed, [300, 16])).observations.bits).toBeNull();
    expect(readAll(openObservations(npy(mixed, [300, 16])).observations).values).toEqual([...mixed]);
  });

  it("live on the lattice that is named, if it fits", () => {
    const path = npy(reals, [200, 21]);
    expect(openObservations(path).lattice).toBeNull();
    expect(openObservations(path, "3x7").lattice?.shape).toEqual([3, 7]);
    expect(openObservations(path, "21").lattice?.kind).toBe("chain");
    expectError(() => openObservations(path, "4x4"), DataError, /21 columns, which does not fit lattice 4x4/);
  });

  it("are refused with file and place where they are malformed", () => {
    const cases: readonly (readonly [string, abstract new (...args: never[]) => Error, RegExp])[] = [
      [
        npy(reals.slice(0, 6).with(4, NaN), [2, 3]),
        DataError,
        /data\.npy: row 2, column 2 is NaN.*Remove the row/,
      ],
      [npy(reals.slice(0, 6).with(2, -Infinity), [2, 3]), DataError, /row 1, column 3 is -Infinity/],
      [save("d.csv", "1,2\n3,nan\n"), DataError, /d\.csv, line 2: column 2 holds "nan"/],
      [save("d.csv", "1,2\n3\n"), DataError, /d\.csv, line 2: found 1 columns; expected 2/],
      [save("d.csv", "name,age\nbob,3\n"), DataError, /line 2: column 1 \(name\) holds "bob"/],
      [save("d.csv", "these,are,names\n"), DataError, /a header but no rows/],
      [save("d.csv", ""), DataError, /no rows/],
      [save("d.csv", "x,y\n1,2\n"), DataError, /1 row\(s\).*at least two.*transposed/],
      [npy(reals.slice(0, 5), [1, 5]), DataError, /1 row\(s\)/],
      [npy(reals.slice(0, 5), [5]), DataError, /shape \(5\); expected \(observations, units\)/],
      [npy(new Float64Array(0), [5, 0]), DataError, /shape \(5, 0\)/],
      [npy(new Int8Array(2e6), [2, 1e6]), DataError, /1000000 columns; at most 4096/],
      [
        save("d.csv", `${"1,".repeat(999999)}1\n${"1,".repeat(999999)}1\n`),
        DataError,
        /1000000 columns; at most/,
      ],
      [save("d.xlsx", "PK"), UsageError, /ends in \.npy, \.csv/],
      ["/dev/null", DataError, /pipe or a device/],
      ["/absent.csv", MissingInputError, /does not exist/],
    ];
    for (const [path, errorClass, message] of cases) {
      expectError(() => openObservations(path), errorClass, message);
    }
  });
});
