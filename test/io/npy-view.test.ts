import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { encodeNpy, loadNpy, readNpz, npzParts, readNpy, saveNpy } from "../../src/io/index.js";
import { arrayView } from "../../src/kernels/index.js";
import { temporaryFolder } from "./temporary.js";

const matrix = arrayView(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);

it("a .npy file is written of any strides and read with its axes", () => {
  const path = join(temporaryFolder(), "a.npy");
  for (const [view, shape, data] of [
    [matrix, [2, 3], [1, 2, 3, 4, 5, 6]],
    [matrix.transpose(1, 0), [3, 2], [1, 4, 2, 5, 3, 6]],
    [matrix.pick(1, null), [3], [4, 5, 6]],
    [matrix.step(1, -2), [2, 2], [3, 1, 6, 4]],
  ] as const) {
    saveNpy(path, view);
    expect(readNpy(path)).toEqual({ dtype: "<f4", shape, data: Float32Array.from(data) });
    const read = loadNpy(path);
    expect(read.shape).toEqual(shape);
    expect(read.get(...shape.map((side) => side - 1))).toBe(data.at(-1));
  }
  writeFileSync(path, encodeNpy(Int8Array.of(7), []));
  expect(loadNpy(path).get()).toBe(7);
});

it("an archive is written of any strides", () => {
  const path = join(temporaryFolder(), "a.npz");
  writeFileSync(path, Buffer.concat([...npzParts([["a", matrix.transpose(1, 0)]])]));
  expect(readNpz(path).get("a")).toEqual({
    dtype: "<f4",
    shape: [3, 2],
    data: Float32Array.of(1, 4, 2, 5, 3, 6),
  });
});
