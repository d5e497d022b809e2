import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type BitMatrix,
  bitMatrix,
  countUp,
  gatherRows,
  getBit,
  packBits,
  popcount,
  rowRange,
  setBit,
  transposeBits,
  unpackRow,
} from "../../src/kernels/index.js";

const size = fc.oneof(fc.constantFrom(1, 31, 32, 33, 64, 65), fc.integer({ min: 1, max: 100 }));

/** A matrix of zeros and ones, also at widths on both sides of a word's end. */
const table = fc.tuple(fc.integer({ min: 1, max: 40 }), size).chain(([rows, columns]) =>
  fc.record({
    rows: fc.constant(rows),
    columns: fc.constant(columns),
    bits: fc.array(fc.constantFrom<0 | 1>(0, 1), { minLength: rows * columns, maxLength: rows * columns }),
  }),
);

const settings = { seed: 1, numRuns: 100 };

/** The bits beyond the last column of every row. */
function padding(matrix: BitMatrix): number {
  let bits = 0;
  for (let row = 0; row < matrix.rows; row++) {
    for (let column = matrix.columns; column < 32 * matrix.wordsPerRow; column++) {
      bits += getBit(matrix, row, column);
    }
  }
  return bits;
}

describe("a bit matrix", () => {
  it("keeps what is put into it: packing, single bits, unpacking, row counts", () => {
    fc.assert(
      fc.property(table, ({ rows, columns, bits }) => {
        const packed = packBits(
          bits.map((bit) => 2 * bit - 1),
          rows,
          columns,
        );
        const single = bitMatrix(rows, columns);
        single.words.fill(0xffffffff);
        for (let row = 0; row < rows; row++) {
          for (let c = 0; c < 32 * single.wordsPerRow; c++) {
            setBit(single, row, c, c < columns ? bits[row * columns + c] : 0);
          }
        }
        expect(single.words).toEqual(packed.words);
        expect(padding(packed)).toBe(0);
        for (let row = 0; row < rows; row++) {
          const own = bits.slice(row * columns, (row + 1) * columns);
          const spins = new Int8Array(columns + 2);
          unpackRow(packed, row, spins, -1, 1, 1);
          expect([...spins]).toEqual([0, ...own.map((bit) => 2 * bit - 1), 0]);
          expect(own.map((_, c) => getBit(packed, row, c))).toEqual(own);
          expect(countUp(packed, row)).toBe(own.reduce<number>((sum, bit) => sum + bit, 0));
        }
      }),
      settings,
    );
  });

  it("transposes: out[c, r] = in[r, c], whatever was in the target, and twice is the identity", () => {
    fc.assert(
      fc.property(table, ({ rows, columns, bits }) => {
        const source = packBits(bits, rows, columns);
        const target = bitMatrix(columns, rows);
        target.words.fill(0xffffffff);
        transposeBits(source, target);
        expect(padding(target)).toBe(0);
        for (let row = 0; row < rows; row++) {
          for (let c = 0; c < columns; c++) expect(getBit(target, c, row)).toBe(bits[row * columns + c]);
        }
        const back = bitMatrix(rows, columns);
        transposeBits(target, back);
        expect(back).toEqual(source);
      }),
      settings,
    );
  });

  it("gathers rows in any order and shares the words of a range of rows", () => {
    fc.assert(
      fc.property(table, fc.nat(), ({ rows, columns, bits }, start) => {
        const source = packBits(bits, rows, columns);
        const order = Uint32Array.from({ length: rows + 3 }, (_, k) => (start + 7 * k) % rows);
        const out = bitMatrix(rows, columns);
        gatherRows(source, order, 3, out);
        for (let row = 0; row < rows; row++) {
          expect(rowRange(out, row, 1).words).toEqual(rowRange(source, order[row + 3], 1).words);
        }
        const last = rowRange(source, rows - 1, 1);
        setBit(last, 0, columns - 1, 1);
        expect(getBit(source, rows - 1, columns - 1)).toBe(1);
        setBit(last, 0, columns - 1, 0);
        expect(getBit(source, rows - 1, columns - 1)).toBe(0);
      }),
      settings,
    );
  });

  it("counts the ones of a word", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (word) => {
        const ones = word.toString(2).replaceAll("0", "").length;
        expect(popcount(word)).toBe(ones);
        expect(popcount(word | 0)).toBe(ones);
      }),
      { seed: 1, numRuns: 1000, examples: [[0], [0xffffffff], [0x80000000]] },
    );
  });
});
