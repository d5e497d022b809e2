/** A .npy file made by hand, independently of the code under test. */
export interface HandMade {
  readonly dictionary: string;
  readonly data: Uint8Array;
  readonly version?: 1 | 2 | 3;
}

export function handMadeNpy({ dictionary, data, version = 1 }: HandMade): Uint8Array {
  const header = Buffer.from(`${dictionary}\n`, "latin1");
  const length = Buffer.alloc(version === 1 ? 2 : 4);
  length.writeUIntLE(header.length, 0, length.length);
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from("NUMPY"),
    Buffer.from([version, 0]),
    length,
    header,
    data,
  ]);
}

export function npyDictionary(descr: string, shape: readonly number[], fortranOrder = false): string {
  const sides = shape.map((side) => `${side},`).join(" ");
  return `{'descr': '${descr}', 'fortran_order': ${fortranOrder ? "True" : "False"}, 'shape': (${sides}), }`;
}

/** The DataView method that writes one element, and its range. */
export const elementKinds = {
  b1: { bytes: 1, set: "setUint8", integers: [0n, 1n] },
  i1: { bytes: 1, set: "setInt8", integers: [-128n, 127n] },
  u1: { bytes: 1, set: "setUint8", integers: [0n, 255n] },
  i2: { bytes: 2, set: "setInt16", integers: [-(2n ** 15n), 2n ** 15n - 1n] },
  u2: { bytes: 2, set: "setUint16", integers: [0n, 2n ** 16n - 1n] },
  i4: { bytes: 4, set: "setInt32", integers: [-(2n ** 31n), 2n ** 31n - 1n] },
  u4: { bytes: 4, set: "setUint32", integers: [0n, 2n ** 32n - 1n] },
  i8: { bytes: 8, set: "setBigInt64", integers: [-(2n ** 53n) + 1n, 2n ** 53n - 1n] },
  u8: { bytes: 8, set: "setBigUint64", integers: [0n, 2n ** 53n - 1n] },
  f4: { bytes: 4, set: "setFloat32", integers: undefined },
  f8: { bytes: 8, set: "setFloat64", integers: undefined },
} as const;

export type ElementKind = keyof typeof elementKinds;

/** `values` as consecutive elements in the given byte order. */
export function elementBytes(
  kind: ElementKind,
  values: readonly (number | bigint)[],
  littleEndian: boolean,
): Uint8Array {
  const { bytes, set } = elementKinds[kind];
  const view = new DataView(new ArrayBuffer(values.length * bytes));
  values.forEach((value, i) => {
    if (set === "setBigInt64" || set === "setBigUint64") view[set](i * 8, BigInt(value), littleEndian);
    else view[set](i * bytes, Number(value), littleEndian);
  });
  return new Uint8Array(view.buffer);
}
