import { describe, expect, it } from "vitest";
import { DataError, DomainError } from "../../src/errors/index.js";
import { arrayView, fortranView, inOrder, transposedMatrix } from "../../src/kernels/array-view.js";
import { getBit, packSpins, rowRange, spinArray } from "../../src/kernels/index.js";
import { expectError } from "../io/temporary.js";

const count = (length: number): Float64Array => Float64Array.from({ length }, (_, k) => k);

describe("inOrder", () => {
  it("gives the elements of any view as get does, for shapes of up to four axes", () => {
    for (const [shape, axes] of [
      [[6], [0]],
      [
        [2, 3],
        [1, 0],
      ],
      [
        [2, 3, 4],
        [2, 0, 1],
      ],
      [
        [2, 1, 3, 2],
        [3, 1, 0, 2],
      ],
    ] as const) {
      const size = shape.reduce<number>((product, side) => product * side, 1);
      const view = arrayView(count(size), shape).transpose(...axes);
      for (const part of [view, view.step(...shape.map(() => -1)), view.lo(1)]) {
        const values = inOrder(part);
        expect(values).toHaveLength(part.size);
        values.forEach((value, k) => {
          let rest = k;
          const index = part.shape.map((_, axis) => {
            const below = part.shape.slice(axis + 1).reduce((product, side) => product * side, 1);
            const place = Math.floor(rest / below);
            rest %= below;
            return place;
          });
          expect(value).toBe(part.get(...index));
        });
      }
    }
  });

  it("copies nothing that lies in order, and keeps the type", () => {
    const data = Int8Array.of(1, 2, 3, 4, 5, 6);
    expect(inOrder(arrayView(data, [2, 3]).lo(1, 0)).buffer).toBe(data.buffer);
    expect(inOrder(arrayView(data, [2, 3]).transpose(1, 0))).toEqual(Int8Array.of(1, 4, 2, 5, 3, 6));
    expect(inOrder(arrayView(data.subarray(0, 1), []))).toEqual(Int8Array.of(1));
    expect(inOrder(fortranView(data, [2, 3]))).toEqual(Int8Array.of(1, 3, 5, 2, 4, 6));
    expect(transposedMatrix(data, 3, 2)).toEqual(Int8Array.of(1, 3, 5, 2, 4, 6));
  });

  it("is refused for other arrays, as are shapes of another size", () => {
    expectError(() => arrayView(count(5), [2, 3]), DomainError, /\(2, 3\) does not hold .* 5 elements/);
    const clamped = arrayView(new Uint8ClampedArray(6) as unknown as Uint8Array, [2, 3]).transpose(1, 0);
    expectError(() => inOrder(clamped), DomainError, /"uint8_clamped"/);
  });
});

describe("configurations", () => {
  it("become ±1 with the axes of the lattice, and bits again, transposed views and 0/1 too", () => {
    const values = Int8Array.from({ length: 5 * 6 }, (_, k) => ((k * k) % 7 < 3 ? 1 : -1));
    const packed = packSpins(arrayView(values, [5, 2, 3]));
    const spins = spinArray(packed, [2, 3]);
    expect(spins.shape).toEqual([5, 2, 3]);
    expect(spins.data).toEqual(values);
    expect(spins.get(4, 1, 2)).toBe(getBit(packed, 4, 5) === 1 ? 1 : -1);
    expect(spinArray(packed).shape).toEqual([5, 6]);
    const turned = packSpins(spins.transpose(0, 2, 1));
    expect([0, 1, 2].map((y) => getBit(turned, 1, 2 * y))).toEqual(
      [0, 1, 2].map((y) => getBit(packed, 1, y)),
    );
    const binary = values.map((value) => (value > 0 ? 1 : 0));
    expect(packSpins(arrayView(binary, [5, 6])).words).toEqual(packed.words);
    expect(spinArray(rowRange(packed, 2, 2)).data).toEqual(values.subarray(12, 24));
  });

  it("are refused where numbers are neither ±1 nor 0/1, or axes are missing", () => {
    const of = (...values: number[]) => packSpins(arrayView(Float64Array.from(values), [1, values.length]));
    expectError(() => of(1, 0, -1), DataError, /holds 0 and -1; expected −1 and 1, or 0 and 1/);
    expectError(() => of(1, 2), DataError, /holds 2/);
    expectError(() => of(1, NaN), DataError, /NaN/);
    expectError(() => packSpins(arrayView(count(4), [4])), DataError, /shape \(4\)/);
    expectError(() => spinArray(of(1, -1), [3]), DomainError, /does not hold/);
    expect(of(1, 1).words).toEqual(Uint32Array.of(3));
  });
});
