import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DataError, UsageError } from "../../src/errors/index.js";
import { encodeNpy, readNpy } from "../../src/io/index.js";
import { getBit, packBits } from "../../src/kernels/index.js";
import { readDataset } from "../../src/runs/index.js";
import { handMadeNpy, npyDictionary } from "../io/npy-bytes.js";
import { expectError, temporaryFolder } from "../io/temporary.js";

/** Rows of 0 and 1 without a period of eight. */
const spin = (row: number, column: number): 0 | 1 =>
  (row * row + 3 * column * column + row * column) % 7 < 3 ? 1 : 0;

function saved(name: string, bytes: Uint8Array | string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, bytes);
  return path;
}

describe("arrays in Fortran order", () => {
  it.each([
    [[5, 7], (column: number) => [column]],
    [[300, 3, 4], (column: number) => [Math.floor(column / 4), column % 4]],
    // More than one block of 2^18 numbers.
    [[3000, 100], (column: number) => [column]],
  ] as const)("of shape %j are what they are in C order", (shape, indices) => {
    const [rows, ...sides] = shape as readonly number[];
    const columns = sides.reduce((a, b) => a * b);
    const data = new Int8Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const index = [row, ...indices(column)].reduceRight((sum, i, axis) => sum * shape[axis] + i, 0);
        data[index] = 2 * spin(row, column) - 1;
      }
    }
    const dictionary = npyDictionary("|i1", shape, true);
    const path = saved("f.npy", handMadeNpy({ dictionary, data: new Uint8Array(data.buffer) }));
    const values = Array.from({ length: rows * columns }, (_, k) =>
      spin(Math.floor(k / columns), k % columns),
    );
    expect(readDataset(path).rows).toEqual(packBits(values, rows, columns));
    data[rows + 2] = 3;
    writeFileSync(path, handMadeNpy({ dictionary, data: new Uint8Array(data.buffer) }));
    const column = sides.length === 2 ? 4 + 1 : 1 + 1;
    expectError(() => readDataset(path), DataError, new RegExp(`row 3, column ${column} is 3`));
  });
});

describe("half-precision numbers", () => {
  it("are read exactly: ±1, the smallest, the largest, infinities", () => {
    const bits = Uint16Array.of(0x3c00, 0xbc00, 0x0001, 0x8000, 0x7bff, 0x0400, 0x3555, 0x7c00, 0xfc00);
    const dictionary = npyDictionary("<f2", [9]);
    const path = saved("h.npy", handMadeNpy({ dictionary, data: new Uint8Array(bits.buffer) }));
    expect([...readNpy(path).data]).toEqual([
      ...[1, -1, 2 ** -24, -0, 65504, 2 ** -14, 0.333251953125, Infinity, -Infinity],
    ]);
  });
});

describe("packed bits", () => {
  const [rows, columns] = [9, 13];

  /** As numpy.packbits(array, axis=1): the first unit is the highest bit of the first byte. */
  function packed(order: "C" | "F"): Uint8Array {
    const bytes = new Uint8Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const byte = column >> 3;
        bytes[order === "C" ? 2 * row + byte : row + rows * byte] |= spin(row, column) << (7 - (column & 7));
      }
    }
    return bytes;
  }

  it("are the units they were packed from, in either order", () => {
    for (const order of ["C", "F"] as const) {
      const dictionary = npyDictionary("|u1", [rows, 2], order === "F");
      const read = readDataset(
        saved("p.npy", handMadeNpy({ dictionary, data: packed(order) })),
        null,
        columns,
      );
      expect([read.rows.rows, read.rows.columns]).toEqual([rows, columns]);
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          expect(getBit(read.rows, row, column)).toBe(spin(row, column));
        }
      }
    }
  });

  it("may have a lattice, and are refused with another number of units, type or file", () => {
    const path = saved("p.npy", encodeNpy(packed("C"), [rows, 2]));
    expect(readDataset(path, "13", columns).lattice?.sites).toBe(13);
    expectError(
      () => readDataset(path, "3x4", columns),
      DataError,
      /13 columns, which does not fit lattice 3x4/,
    );
    expectError(
      () => readDataset(path, null, 20),
      DataError,
      /20 units packed eight a byte .* \(samples, 3\)/,
    );
    expectError(() => readDataset(path, null, 9), DataError, /a bit set after the 9 units/);
    const signed = saved("i.npy", encodeNpy(Int8Array.from(packed("C")), [rows, 2]));
    expectError(() => readDataset(signed, null, columns), DataError, /does not hold bytes/);
    expectError(() => readDataset(saved("p.csv", "1,0\n"), null, 2), UsageError, /\.npy files only/);
    expectError(() => readDataset(path), DataError, /--packed/);
  });
});

describe("text", () => {
  it("may have words for its bits, and any number of rows", () => {
    const path = saved("b.csv", "True,false,TRUE\nFalse,True,False\n");
    expect([...readDataset(path).rows.words]).toEqual([0b101, 0b010]);
    const values = Array.from({ length: 1000 * 40 }, (_, k) => spin(Math.floor(k / 40), k % 40));
    const lines = Array.from({ length: 1000 }, (_, row) => values.slice(40 * row, 40 * row + 40).join(" "));
    expect(readDataset(saved("many.txt", lines.join("\n"))).rows).toEqual(packBits(values, 1000, 40));
  });

  it("with a column of row numbers is refused with the way out of pandas", () => {
    const path = saved("i.csv", ",a,b\n0,1,0\n1,0,1\n2,1,1\n");
    expectError(() => readDataset(path), DataError, /row 3, column 1 is 2; .* index=False/);
  });
});
