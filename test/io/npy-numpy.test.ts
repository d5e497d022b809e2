import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { DataError } from "../../src/errors/index.js";
import { encodeNpy, type EncodableArray, readJson, readNpy } from "../../src/io/index.js";
import { describeWithNumpy, python } from "./numpy.js";
import { expectError, temporaryFolder } from "./temporary.js";

/** Writes arrays of every type, order and format version; prints what must be read from them. */
const WRITE = `
import json, sys, numpy
folder = sys.argv[1]
numbers = numpy.random.default_rng(5)
expected = {}
for kind in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f4 f8".split():
    for order in "<>":
        for shape in ((), (0,), (5,), (3, 4), (2, 3, 4), (2, 0, 3)):
            for layout in "CF":
                for version in (1, 2, 3):
                    array = numpy.array((numbers.random(shape) - (kind[0] not in "bu") * 0.5) * 250)
                    array = (array > 100 if kind == "b1" else array).astype(order + kind, order=layout)
                    name = f"{kind}{'le' if order == '<' else 'be'}{layout}{version}-{'x'.join(map(str, shape))}.npy"
                    with open(f"{folder}/{name}", "wb") as file:
                        numpy.lib.format.write_array(file, array, version=(version, 0))
                    expected[name] = [list(shape), [float(x) for x in array.ravel(order="C")]]
with open(folder + "/expected.json", "w") as file:
    json.dump(expected, file)
numpy.save(folder + "/object.npy", numpy.array([{}, []], dtype=object), allow_pickle=True)
numpy.save(folder + "/text.npy", numpy.array(["a", "b"]))
numpy.save(folder + "/complex.npy", numpy.array([1j]))
numpy.save(folder + "/record.npy", numpy.zeros(2, dtype=[("x", "f4"), ("y", "i4")]))
numpy.savez(folder + "/archive.npy.npz", numpy.zeros(2))
`;

/** Loads our files, saves them again and prints type, shape, elements. */
const READ = `
import json, sys, numpy
found = {}
for path in sys.argv[1:]:
    array = numpy.load(path, allow_pickle=False)
    numpy.save(path + ".again.npy", array)
    found[path] = [array.dtype.str, list(array.shape), [float(x) for x in array.ravel()]]
print(json.dumps([numpy.__version__, found]))
`;

describeWithNumpy("NumPy itself", () => {
  it("writes arrays of every type, order and version that are read exactly", () => {
    const folder = temporaryFolder();
    python(WRITE, folder);
    const expected = Object.entries(
      readJson(join(folder, "expected.json")) as Record<string, [number[], number[]]>,
    );
    expect(expected).toHaveLength(11 * 2 * 6 * 2 * 3);
    for (const [name, [shape, elements]] of expected) {
      const read = readNpy(join(folder, name));
      expect([name, read.shape, [...read.data]]).toEqual([name, shape, elements]);
    }
    for (const name of ["object.npy", "text.npy", "complex.npy", "record.npy", "archive.npy.npz"]) {
      expectError(() => readNpy(join(folder, name)), DataError, name);
    }
  });

  it("loads what we write, and saves it again as the same bytes", () => {
    const folder = temporaryFolder();
    const various: readonly (readonly [string, EncodableArray, readonly number[]])[] = [
      ["|i1", Int8Array.of(-1, 1, 1, -1, 127, -128), [2, 3]],
      ["|u1", Uint8Array.of(0, 255), [2]],
      ["<i4", Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, 5), [2, 1, 2]],
      ["<f4", Float32Array.of(0.1, -1e-40, 3e38), [3, 1]],
      ["<f8", Float64Array.of(0.1, 5e-324, -1.7e308, 1), [1, 4]],
      ["<f8", Float64Array.of(Math.PI), []],
      ["<f4", new Float32Array(0), [0, 7]],
      ["|i1", new Int8Array(123456), [123456]],
      ["|i1", new Int8Array(7), [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 7]],
    ];
    // Headers of every length modulo 64, the multiple to which they are padded.
    const padded = Array.from({ length: 66 }, (_, i) => {
      const last = [1, 10, 100][i % 3];
      const shape = [...new Array<number>(Math.floor(i / 3)).fill(1), last];
      return ["|i1", new Int8Array(last), shape] as const;
    });
    const arrays = [...various, ...padded];
    const paths = arrays.map(([, data, shape], i) => {
      const path = join(folder, `${i}.npy`);
      writeFileSync(path, encodeNpy(data, shape));
      return path;
    });
    const output = python(READ, ...paths);
    const [version, found] = JSON.parse(output) as [string, Record<string, unknown>];
    arrays.forEach(([descr, data, shape], i) => {
      expect(found[paths[i]]).toEqual([descr, shape, [...data]]);
      // Older versions leave no room for the first axis to grow.
      if (Number(version.split(".")[0]) >= 2) {
        expect(readFileSync(`${paths[i]}.again.npy`).equals(readFileSync(paths[i]))).toBe(true);
      }
    });
  });
});
