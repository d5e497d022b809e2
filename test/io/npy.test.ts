import { constants } from "node:buffer";
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { DataError, DomainError, MissingInputError, RbmRgError } from "../../src/errors/index.js";
import { encodeNpy, type EncodableArray, npyParts, readNpy, readNpyBlocks } from "../../src/io/index.js";
import { elementBytes, type ElementKind, elementKinds, handMadeNpy, npyDictionary } from "./npy-bytes.js";
import { expectError, filesOf, temporaryFolder } from "./temporary.js";

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 });
const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

function saved(bytes: Uint8Array): string {
  return filesOf("npy")(bytes);
}

describe("encodeNpy", () => {
  it("writes the header of numpy.save byte for byte", () => {
    const header =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }" + " ".repeat(20) + " ".repeat(38) + "\n";
    const expected = Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]),
      Buffer.from(header),
      Buffer.from("0000803f000000c00000004000000000000080bf0000003f", "hex"),
    ]);
    const bytes = encodeNpy(Float32Array.of(1, -2, 2, 0, -1, 0.5), [2, 3]);
    expect(Buffer.from(bytes).equals(expected)).toBe(true);
  });

  it("starts the data at a multiple of 64 for every shape", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31), { maxLength: 12 }), (sides) => {
        const bytes = encodeNpy(new Int8Array(0), [...sides, 0]);
        expect(bytes.length % 64).toBe(0);
        expect(bytes.length - 10).toBe(bytes[8] + 256 * bytes[9]);
      }),
    );
  });

  it("copies a view of a larger buffer, not the buffer", () => {
    const whole = Float64Array.of(1, 2, 3, 4);
    expect(readNpy(saved(encodeNpy(whole.subarray(1, 3), [2]))).data).toEqual(Float64Array.of(2, 3));
  });

  it.each([
    [[3]],
    [[-4]],
    [[2.5, 2]],
    [[4, Number.NaN]],
    [[2 ** 53, 2 ** 53]],
    [new Array<number>(65).fill(1)],
  ])("refuses the shape %j for 4 elements", (shape) => {
    expectError(() => encodeNpy(new Int8Array(4), shape), DomainError, /shape/);
  });
});

describe("npyParts", () => {
  const blocks = [Float32Array.from({ length: 300_000 }, (_, k) => k / 3), Float32Array.of(1, 2, 3, 4)];

  it("makes the bytes of encodeNpy, none of its parts large", () => {
    const parts = [...npyParts([150_002, 2], blocks)];
    const whole = Float32Array.from(blocks.flatMap((block) => [...block]));
    expect(Buffer.concat(parts).equals(encodeNpy(whole, [150_002, 2]))).toBe(true);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThanOrEqual(2 ** 20);
  });

  it("refuses another number of elements than the shape holds", () => {
    expectError(() => [...npyParts([300_003], blocks)], DomainError, /does not hold the 300004 elements/);
    expectError(() => [...npyParts([2], [])], DomainError, /does not hold the 0 elements/);
  });
});

describe("readNpyBlocks", () => {
  /** The blocks joined, and the number of each block's first element. */
  function joined(path: string) {
    const [data, starts]: [number[], number[]] = [[], []];
    let shape: readonly number[] = [];
    readNpyBlocks(path, (sides) => {
      shape = sides;
      return (block, first) => {
        starts.push(first);
        for (const value of block) data.push(value);
      };
    });
    return { shape, data, starts };
  }

  it("gives whole entries of the first axis, in order", () => {
    const data = Int8Array.from({ length: 3 * 150_000 }, (_, k) => k % 101);
    const read = joined(saved(encodeNpy(data, [3, 1000, 150])));
    expect(read.shape).toEqual([3, 1000, 150]);
    expect(Int8Array.from(read.data)).toEqual(data);
    expect(read.starts).toEqual([0, 150_000, 300_000]);
    expect(joined(saved(encodeNpy(data, [450_000]))).starts).toEqual([0, 2 ** 18]);
  });

  it("gives nothing of an empty array, a scalar whole, and a Fortran-ordered array as one block in C order", () => {
    expect(joined(saved(encodeNpy(new Int8Array(0), [0, 4]))).data).toEqual([]);
    expect(joined(saved(encodeNpy(Int8Array.of(5), []))).data).toEqual([5]);
    const dictionary = npyDictionary("|i1", [2, 3], true);
    const read = joined(saved(handMadeNpy({ dictionary, data: Uint8Array.of(1, 4, 2, 5, 3, 6) })));
    expect(read).toEqual({ shape: [2, 3], data: [1, 2, 3, 4, 5, 6], starts: [0] });
  });

  it("counts elements from the file's start when it refuses one", () => {
    const bytes = new Uint8Array(300_000);
    bytes[299_999] = 2;
    const path = saved(handMadeNpy({ dictionary: npyDictionary("|b1", [300_000]), data: bytes }));
    expectError(() => joined(path), DataError, /element 299999 of this boolean array is the byte 2/);
  });
});

describe("a round trip", () => {
  const arrays: readonly ((length: number) => fc.Arbitrary<EncodableArray>)[] = [
    (length) => fc.int8Array({ minLength: length, maxLength: length }),
    (length) => fc.uint8Array({ minLength: length, maxLength: length }),
    (length) => fc.int32Array({ minLength: length, maxLength: length }),
    (length) => fc.float32Array({ minLength: length, maxLength: length }),
    (length) => fc.float64Array({ minLength: length, maxLength: length }),
  ];

  it("keeps type, shape and every bit", () => {
    const save = filesOf("npy");
    const cases = shapes.chain((shape) =>
      fc.tuple(fc.constant(shape), fc.oneof(...arrays.map((make) => make(size(shape))))),
    );
    fc.assert(
      fc.property(cases, ([shape, data]) => {
        const path = save(encodeNpy(data, shape));
        const read = readNpy(path);
        expect(read.shape).toEqual(shape);
        expect(read.data).toStrictEqual(data);
      }),
      { numRuns: 500 },
    );
  });
});

describe("readNpy", () => {
  const kinds = Object.keys(elementKinds) as ElementKind[];
  const formats = kinds.flatMap((kind) => {
    const orders = elementKinds[kind].bytes === 1 ? ["|"] : ["<", ">"];
    return orders.map((order) => ({ kind, order, descr: order + kind }));
  });

  it.each(formats)("reads $descr in C and Fortran order and every version", ({ kind, order, descr }) => {
    const save = filesOf("npy");
    const { integers } = elementKinds[kind];
    const value: fc.Arbitrary<number | bigint> =
      integers === undefined
        ? fc.double().map((x) => (kind === "f4" ? Math.fround(x) : x))
        : fc.oneof(fc.bigInt(integers[0], integers[1]), fc.constantFrom(...integers));
    const cases = shapes.chain((shape) =>
      fc
        .array(value, { minLength: size(shape), maxLength: size(shape) })
        .map((values) => ({ shape, values })),
    );
    const versions = fc.constantFrom<1 | 2 | 3>(1, 2, 3);
    fc.assert(
      fc.property(cases, fc.boolean(), versions, ({ shape, values }, fortran, version) => {
        const dictionary = npyDictionary(descr, shape, fortran);
        const stored = fortran ? toFortran(values, shape) : values;
        const data = elementBytes(kind, stored, order !== ">");
        const path = save(handMadeNpy({ dictionary, data, version }));
        const read = readNpy(path);
        expect({ dtype: read.dtype, shape: read.shape }).toEqual({ dtype: descr, shape });
        expect([...read.data]).toEqual(values.map(Number));
      }),
      { numRuns: 60 },
    );
  });

  it("reads what Python 2 wrote, keys in any order, double quotes", () => {
    const dictionary = `{"shape": (2L, 1L), 'fortran_order': False,\n "descr": "|i1"}    `;
    const read = readNpy(saved(handMadeNpy({ dictionary, data: Uint8Array.of(255, 1) })));
    expect(read).toEqual({ dtype: "|i1", shape: [2, 1], data: Int8Array.of(-1, 1) });
  });

  it.each([
    ["<i8", "i8", 2n ** 53n],
    [">i8", "i8", -(2n ** 53n)],
    ["<i8", "i8", -(2n ** 63n)],
    ["<u8", "u8", 2n ** 64n - 1n],
    [">u8", "u8", 2n ** 53n + 1n],
  ] as const)("refuses the 64-bit integer %s %s %s", (descr, kind, value) => {
    const data = elementBytes(kind, [7, value], descr.startsWith("<"));
    const path = saved(handMadeNpy({ dictionary: npyDictionary(descr, [2]), data }));
    expectError(() => readNpy(path), DataError, path, `element 1 is ${value};`, "astype");
  });

  it.each([
    "|O",
    "<U3",
    "|S4",
    "<c8",
    "<c16",
    "<f16",
    "<M8[ns]",
    "|V8",
    "=f4",
    "f4",
    "|f4",
    "<i3",
    "",
    "<i44",
    "toString",
  ])("refuses the type %j and says what to do", (descr) => {
    const path = saved(handMadeNpy({ dictionary: npyDictionary(descr, [1]), data: new Uint8Array(8) }));
    expectError(() => readNpy(path), DataError, path, "numpy.save(path, array.astype(numpy.int8))");
  });

  it("says that an object array is a pickle, and a record array a structured one", () => {
    const object = handMadeNpy({ dictionary: npyDictionary("|O", [1]), data: new Uint8Array(8) });
    expectError(() => readNpy(saved(object)), DataError, /pickle/);
    const dictionary = "{'descr': [('x', '<f4'), ('y', '<i4')], 'fortran_order': False, 'shape': (1,), }";
    expectError(
      () => readNpy(saved(handMadeNpy({ dictionary, data: new Uint8Array(8) }))),
      DataError,
      /structured/,
    );
  });

  it("refuses a boolean that is neither 0 nor 1", () => {
    const bytes = handMadeNpy({ dictionary: npyDictionary("|b1", [2]), data: Uint8Array.of(1, 2) });
    expectError(() => readNpy(saved(bytes)), DataError, /element 1 .* byte 2/);
  });

  it.each([
    "",
    "{",
    "{}",
    "{'descr': '|i1', 'fortran_order': False, }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), 'shape': (1,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), 'more': True, }",
    "{'descr': '|i1', 'fortran_order': 0, 'shape': (1,), }",
    "{'descr': '|i1', 'fortran_order': false, 'shape': (1,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': 1, }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': [1], }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (-1,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (01,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1.0,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1e0,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (True,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1,,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1 1), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (1,), } + 1",
    "{'descr': '|i1' 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|i1', 'fortran_order': False, 'shape': (0, 18446744073709551616), }",
    `{'descr': '|i1', 'fortran_order': False, 'shape': (${"1, ".repeat(65)}), }`,
    "{'descr': 1, 'fortran_order': False, 'shape': (1,), }",
    "{'descr': '|\\x691', 'fortran_order': False, 'shape': (1,), }",
    "{descr: '|i1', 'fortran_order': False, 'shape': (1,), }",
    "__import__('os').system('true')",
  ])("refuses the header %s", (dictionary) => {
    const path = saved(handMadeNpy({ dictionary, data: Uint8Array.of(1) }));
    expectError(() => readNpy(path), DataError, path, /malformed \.npy header/);
  });

  it("refuses headers no plain array needs", () => {
    const dictionary = npyDictionary("|i1", [1]) + " ".repeat(65536);
    const path = saved(handMadeNpy({ dictionary, data: Uint8Array.of(1), version: 2 }));
    expectError(() => readNpy(path), DataError, /header claims 65\d\d\d bytes; at most 65536/);
  });

  it("refuses every truncation and any trailing byte", () => {
    const save = filesOf("npy");
    const bytes = encodeNpy(Float64Array.of(1, 2, 3), [3]);
    for (let length = 0; length < bytes.length; length++) {
      const path = save(bytes.subarray(0, length));
      expectError(() => readNpy(path), DataError, path);
    }
    const path = save(Buffer.concat([bytes, Buffer.from([0])]));
    expectError(() => readNpy(path), DataError, /needs 24 bytes of data, but the file has 25/);
  });

  it.each([
    ["PK\x03\x04........", /npz/],
    ["\x80\x04\x95........", /pickle/],
    ["\x89HDF\r\n\x1a\n", /HDF5/],
    ["\x1f\x8b\x08......", /gzip/],
    ["1,2,3\n4,5,6\n", /not a \.npy file/],
    ["", /empty/],
    ["\x93NUMPY\x04\x00", /version 4\.0/],
    ["\x93NUMPY\x01\x01", /version 1\.1/],
  ])("says what %j is instead", (text, pattern) => {
    expectError(() => readNpy(saved(Buffer.from(text, "latin1"))), DataError, pattern);
  });

  it("reports missing files, folders and devices", () => {
    const folder = temporaryFolder();
    const path = join(folder, "nowhere.npy");
    expectError(() => readNpy(path), MissingInputError, path, /no such file/);
    expectError(() => readNpy(folder), MissingInputError, folder, /folder/);
    expectError(() => readNpy(`${folder}\0`), MissingInputError);
    writeFileSync(path, "");
    expectError(() => readNpy(join(path, "below.npy")), MissingInputError, /not a folder/);
    expectError(() => readNpy("/dev/zero"), DataError, /device/);
  });

  it("refuses arrays beyond the engine's limit without reading them", () => {
    const path = join(temporaryFolder(), "sparse.npy");
    const length = constants.MAX_LENGTH + 1;
    const header = handMadeNpy({ dictionary: npyDictionary("|i1", [length]), data: new Uint8Array(0) });
    const descriptor = openSync(path, "w");
    writeSync(descriptor, header);
    ftruncateSync(descriptor, header.length + length);
    closeSync(descriptor);
    expectError(() => readNpy(path), DataError, `${length} bytes`, "not supported");
  });
});

describe("a lying or damaged file", () => {
  it.each([
    [[2 ** 40], /needs 8796093022208 bytes/],
    [[2 ** 28], /needs 2147483648 bytes/],
    [[2 ** 26, 2 ** 26, 2 ** 26], /more than 2\^53/],
    [[2 ** 50], /needs 9007199254740992 bytes/],
    [[0, 2 ** 53 - 1], /needs 0 bytes .* has 8/],
  ])("of shape %j takes no memory", (shape, pattern) => {
    const largest = watchAllocations();
    const path = saved(handMadeNpy({ dictionary: npyDictionary("<f8", shape), data: new Uint8Array(8) }));
    expectError(() => readNpy(path), DataError, pattern);
    expect(largest()).toBeLessThan(200);
  });

  it("reads an array with a side of zero, whatever the others are", () => {
    const dictionary = npyDictionary("<f8", [...new Array<number>(20).fill(2 ** 53 - 1), 0], true);
    expect(readNpy(saved(handMadeNpy({ dictionary, data: new Uint8Array(0) }))).data).toHaveLength(0);
  });

  it("gives a valid array or an RbmRgError and never takes more memory than the file has bytes", () => {
    const largest = watchAllocations();
    const save = filesOf("npy");
    const outcomes = { arrays: 0, errors: 0 };
    fc.assert(
      fc.property(mutatedFiles(), (bytes) => {
        const path = save(bytes);
        try {
          const { data, shape } = readNpy(path);
          expect(data.length).toBe(size(shape));
          outcomes.arrays++;
        } catch (error) {
          if (!(error instanceof RbmRgError)) throw error;
          outcomes.errors++;
        }
        expect(largest()).toBeLessThanOrEqual(Math.max(8, bytes.length));
      }),
      { numRuns: 6000, seed: 20 },
    );
    expect(outcomes.arrays).toBeGreaterThan(100);
    expect(outcomes.errors).toBeGreaterThan(2000);
  });
});

/** The same elements with the first index varying fastest, by their definition. */
function toFortran<T>(values: readonly T[], shape: readonly number[]): T[] {
  return values.map((_, position) => {
    let rest = position;
    const index = shape.map((side) => {
      const i = rest % side;
      rest = (rest - i) / side;
      return i;
    });
    return values[shape.reduce((offset, side, axis) => offset * side + index[axis], 0)];
  });
}

/** Record the buffers made from now on; returns the size of the largest since the last call. */
function watchAllocations(): () => number {
  let largest = 0;
  const record = (bytes: unknown): void => {
    largest = Math.max(largest, Number(bytes));
  };
  const alloc = Buffer.alloc.bind(Buffer);
  vi.spyOn(Buffer, "alloc").mockImplementation((bytes: number) => {
    record(bytes);
    return alloc(bytes);
  });
  vi.stubGlobal(
    "ArrayBuffer",
    new Proxy(ArrayBuffer, {
      construct(target, values: [number]) {
        record(values[0]);
        return new target(...values);
      },
    }),
  );
  onTestFinished(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  return () => {
    const result = largest;
    largest = 0;
    return result;
  };
}

/** Valid files with a few bytes changed, removed, inserted or exchanged for pieces of header syntax. */
function mutatedFiles(): fc.Arbitrary<Uint8Array> {
  const valid = fc
    .record({
      descr: fc.constantFrom("|i1", "<f4", ">f8", "<i8", "|b1", "<u2", "|O", "<U2"),
      shape: shapes,
      fortran: fc.boolean(),
      version: fc.constantFrom<1 | 2 | 3>(1, 2, 3),
    })
    .map(({ descr, shape, fortran, version }) => {
      const data = new Uint8Array(size(shape) * Number(descr.at(-1)) || 0);
      return handMadeNpy({ dictionary: npyDictionary(descr, shape, fortran), data, version });
    });
  const pieces = fc.oneof(
    fc.constantFrom(
      "(",
      ")",
      "{",
      "}",
      "'",
      '"',
      ",",
      ":",
      "L",
      "-1",
      "[",
      "99999999999",
      "0,",
      "True",
      "\\",
      "\n",
    ),
    fc.nat(255).map((byte) => String.fromCharCode(byte)),
    fc.nat().map(String),
    fc.constant(""),
  );
  const edit = fc.record({ at: fc.nat(140), removed: fc.nat(3), piece: pieces, cut: fc.boolean() });
  return fc.tuple(valid, fc.array(edit, { maxLength: 3 })).map(([bytes, edits]) =>
    edits.reduce<Uint8Array>((result, { at, removed, piece, cut }) => {
      const offset = at % (result.length + 1);
      const rest = cut && at % 4 === 0 ? [] : [result.subarray(offset + removed)];
      return Buffer.concat([result.subarray(0, offset), Buffer.from(piece, "latin1"), ...rest]);
    }, bytes),
  );
}
