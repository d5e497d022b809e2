import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, DomainError, RbmRgError } from "../../src/errors/index.js";
import { crc32 } from "../../src/io/crc32.js";
import { encodeNpy, npzParts, readJson, readNpz } from "../../src/io/index.js";
import { arrayView } from "../../src/kernels/index.js";
import { mutated } from "../fuzz/mutations.js";
import { handMadeNpy, npyDictionary } from "./npy-bytes.js";
import { describeWithNumpy, python } from "./numpy.js";
import { expectError, filesOf, temporaryFolder } from "./temporary.js";
import { handMadeZip, type HandMadeMember } from "./zip-bytes.js";

const weights = Float32Array.from({ length: 24 }, (_, k) => Math.fround(Math.sin(k)));
const npy = encodeNpy(weights, [6, 4]);
const member = (more: Partial<HandMadeMember> = {}): HandMadeMember => ({
  name: "weights.npy",
  content: npy,
  ...more,
});
const saved = (bytes: Uint8Array): string => filesOf("npz")(bytes);

describe("readNpz", () => {
  it("reads stored and deflated members, with extra fields, a comment, and other files beside them", () => {
    for (const deflated of [false, true]) {
      const bytes = handMadeZip(
        [
          member({ deflated, extra: Buffer.from([1, 0, 4, 0, 9, 9, 9, 9]) }),
          { name: "notes.txt", content: Buffer.from("mine") },
          { name: "b.npy", content: encodeNpy(Float64Array.of(Math.PI), []), deflated },
        ],
        "a comment with PK\x05\x06 in it",
      );
      const arrays = readNpz(saved(bytes));
      expect([...arrays.keys()]).toEqual(["weights", "b"]);
      expect(arrays.get("weights")).toEqual({ dtype: "<f4", shape: [6, 4], data: weights });
      expect(arrays.get("b")!.data).toEqual(Float64Array.of(Math.PI));
    }
  });

  it("reads only what is wanted", () => {
    const bytes = handMadeZip([
      member(),
      { name: "pickle.npy", content: handMadeNpy({ dictionary: npyDictionary("|O", [1]), data: npy }) },
    ]);
    const path = saved(bytes);
    expect(readNpz(path, (name) => name === "weights").get("pickle")).toBeNull();
    expectError(() => readNpz(path), DataError, path, "array pickle", /pickle, which could run/);
  });

  it.each<readonly [string, readonly HandMadeMember[], RegExp]>([
    ["a wrong check sum", [member({ claims: { crc: 5 } })], /check sum/],
    ["an encrypted member", [member({ claims: { flags: 1 } })], /encrypted/],
    ["another method", [member({ claims: { method: 14 } })], /method 14; only deflate/],
    ["a stored member of another size", [member({ claims: { size: 5 } })], /cannot be/],
    [
      "a bomb",
      [member({ deflated: true, claims: { size: 4e9 } })],
      /4000000000 bytes, packed into \d+, which cannot be/,
    ],
    [
      "more than it says",
      [{ name: "a.npy", content: new Uint8Array(1e6), deflated: true, claims: { size: 1000 } }],
      /cannot be unpacked/,
    ],
    [
      "less than it says",
      [{ name: "a.npy", content: new Uint8Array(1e6), deflated: true, claims: { size: 1000001 } }],
      /length and check sum/,
    ],
    ["ZIP64", [member({ claims: { size: 0xffffffff, packed: 0xffffffff } })], /ZIP64/],
    ["a member elsewhere", [member({ claims: { offset: 7 } })], /overlaps|not where/],
    ["members that overlap", [member(), member({ name: "b.npy", claims: { offset: 0 } })], /overlaps/],
    ["a name that occurs twice", [member(), member()], /occurs twice/],
    ["another name in the local header", [member({ localName: "weightz.npy" })], /contradicts its directory/],
    ["a way out", [member({ name: "../weights.npy" })], /a member called "\.\.\/weights\.npy"/],
    ["a way out further in", [member({ name: "a/../../weights.npy" })], /a member called/],
    ["an absolute path", [member({ name: "/etc/weights.npy" })], /a member called/],
    ["a path of Windows", [member({ name: "C:\\weights.npy" })], /a member called/],
    ["a terminal escape", [member({ name: "\u001b[2Jweights.npy" })], /a member called "\\u001b/],
    ["a NUL", [member({ name: "weights.npy\0.txt" })], /a member called/],
    ["no arrays", [{ name: "notes.txt", content: npy }], /holds no arrays/],
    ["nothing", [], /holds no arrays/],
  ])("refuses %s", (_, members, message) => {
    const path = saved(handMadeZip(members));
    expectError(() => readNpz(path), DataError, path, message);
  });

  it("refuses arrays whose header claims terabytes, before it takes memory for them", () => {
    for (const shape of [[2 ** 40], [2 ** 20, 2 ** 20], [2 ** 33, 2 ** 33], [0, 2 ** 40, 7]]) {
      const content = handMadeNpy({ dictionary: npyDictionary("<f8", shape), data: new Uint8Array(64) });
      const path = saved(handMadeZip([{ name: "W.npy", content, deflated: true }]));
      expectError(() => readNpz(path), DataError, "array W", /bytes of data, but the file has 64/);
    }
  });

  it("refuses what was cut off anywhere, and what is no archive", () => {
    const bytes = handMadeZip([member({ deflated: true })]);
    const save = filesOf("npz");
    for (let length = 0; length < bytes.length; length += 7) {
      expectError(() => readNpz(save(bytes.subarray(0, length))), DataError, /not an archive of arrays/);
    }
    expectError(() => readNpz(save(npy)), DataError, /no zip archive/);
  });

  it("gives an array or one of our errors for 1,500 mutations", () => {
    const bytes = handMadeZip([member({ deflated: true }), member({ name: "b.npy" })]);
    const path = join(temporaryFolder(), "a.npz");
    let refused = 0;
    fc.assert(
      fc.property(mutated(bytes), (changed) => {
        writeFileSync(path, changed);
        try {
          readNpz(path);
        } catch (error) {
          if (!(error instanceof RbmRgError)) throw error;
          expect(error.message).toContain(path);
          expect(error.message).not.toMatch(/undefined|\[object/);
          refused++;
        }
      }),
      { seed: 12, numRuns: 1500 },
    );
    expect(refused).toBeGreaterThan(1250);
  });
});

describe("npzParts", () => {
  const arrays = [
    ["weights", arrayView(weights, [6, 4])],
    ["lower_state", arrayView(Int8Array.of(-1), [])],
  ] as const;

  it("makes an archive that is read back exactly, the same bytes every time", () => {
    const bytes = Buffer.concat([...npzParts(arrays)]);
    expect(Buffer.concat([...npzParts(arrays)]).equals(bytes)).toBe(true);
    const read = readNpz(saved(bytes));
    expect(read.get("weights")!.data).toEqual(weights);
    expect(read.get("lower_state")).toEqual({ dtype: "|i1", shape: [], data: Int8Array.of(-1) });
  });

  it("refuses two arrays of one name", () => {
    expectError(() => [...npzParts([arrays[0], arrays[0]])], DomainError, /same name/);
  });
});

it("crc32 is the check value of ISO 3309", () => {
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
});

const WRITE = `
import json, sys, numpy
folder = sys.argv[1]
numbers = numpy.random.default_rng(5)
expected = {}
for kind in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8".split():
    for order in "<>":
        for layout in "CF":
            array = numpy.array((numbers.random((4, 3)) - (kind[0] not in "bu") * 0.5) * 100)
            array = (array > 50 if kind == "b1" else array).astype(order + kind, order=layout)
            for name, save in (("s", numpy.savez), ("c", numpy.savez_compressed)):
                save(f"{folder}/{kind}{ord(order)}{layout}{name}.npz", first=array, second=array.T)
                expected[f"{kind}{ord(order)}{layout}{name}.npz"] = [float(x) for x in array.ravel(order="C")]
with open(folder + "/expected.json", "w") as file:
    json.dump(expected, file)
`;

const READ = `
import json, sys, numpy
with numpy.load(sys.argv[1], allow_pickle=False) as arrays:
    print(json.dumps({name: [arrays[name].dtype.str, arrays[name].shape, arrays[name].ravel().tolist()] for name in arrays}))
`;

describeWithNumpy("NumPy itself", () => {
  it("writes archives, stored and compressed, of every type and order, that are read exactly", () => {
    const folder = temporaryFolder();
    python(WRITE, folder);
    const expected = Object.entries(readJson(join(folder, "expected.json")) as Record<string, number[]>);
    expect(expected).toHaveLength(12 * 2 * 2 * 2);
    for (const [name, values] of expected) {
      const arrays = readNpz(join(folder, name));
      expect([name, arrays.get("first")!.shape, [...arrays.get("first")!.data]]).toEqual([
        name,
        [4, 3],
        values,
      ]);
      const transposed = [0, 1, 2].flatMap((j) => [0, 1, 2, 3].map((i) => values[3 * i + j]));
      expect([name, [...arrays.get("second")!.data]]).toEqual([name, transposed]);
    }
  });

  it("loads what we write", () => {
    const path = saved(
      Buffer.concat([
        ...npzParts([
          ["weights_1", arrayView(weights, [6, 4])],
          ["b", arrayView(Float64Array.of(0.1, -1e-300), [2])],
          ["energy_sign", arrayView(Int8Array.of(-1), [])],
        ]),
      ]),
    );
    expect(readFileSync(path).subarray(0, 2).toString()).toBe("PK");
    expect(JSON.parse(python(READ, path))).toEqual({
      weights_1: ["<f4", [6, 4], [...weights]],
      b: ["<f8", [2], [0.1, -1e-300]],
      energy_sign: ["|i1", [], [-1]],
    });
  });
});
