import { DataError } from "../errors/index.js";
import type { TypedArray } from "../kernels/array-view.js";

export type { TypedArray } from "../kernels/array-view.js";

/** How the elements of one .npy type are stored and what they are read into. */
export interface ElementType {
  /** Bytes per element in the file. */
  readonly bytes: number;
  readonly littleEndian: boolean;
  /** Take over `buffer`, filled with data in the machine's own byte order from element number `first` of the file on. */
  readonly view: (buffer: ArrayBuffer, origin: string, first: number) => TypedArray;
}

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

const views: Readonly<Record<string, ElementType["view"]>> = {
  b1: booleans,
  i1: (buffer) => new Int8Array(buffer),
  u1: (buffer) => new Uint8Array(buffer),
  i2: (buffer) => new Int16Array(buffer),
  u2: (buffer) => new Uint16Array(buffer),
  i4: (buffer) => new Int32Array(buffer),
  u4: (buffer) => new Uint32Array(buffer),
  i8: (buffer, origin, first) => longIntegers(buffer, true, origin, first),
  u8: (buffer, origin, first) => longIntegers(buffer, false, origin, first),
  f2: halves,
  f4: (buffer) => new Float32Array(buffer),
  f8: (buffer) => new Float64Array(buffer),
};

/** What NumPy's letters mean, for the types that are refused. */
const refused: Readonly<Record<string, string>> = {
  O: "Python objects (a pickle, which could run any program)",
  U: "text",
  S: "text",
  a: "text",
  c: "complex numbers",
  f: "floating-point numbers of an unusual length",
  M: "dates",
  m: "time spans",
  V: "raw bytes or records",
};

/** The element type NumPy calls `descr`. DataError for everything but real numbers and booleans. */
export function elementType(descr: string, origin: string): ElementType {
  const [, order, name] = (/^([<>|])([a-z][1248])$/.exec(descr) ?? []) as (string | undefined)[];
  const bytes = Number(name?.[1]);
  if (name === undefined || !Object.hasOwn(views, name) || (order === "|" && bytes > 1)) {
    const letter = /[A-Za-z]/.exec(descr)?.[0] ?? "";
    const meaning = Object.hasOwn(refused, letter) ? `, ${refused[letter]}` : "";
    throw new DataError(
      `${origin}: the array's type is "${descr.slice(0, 40)}"${meaning}; expected integers, booleans, float32 or ` +
        "float64. In Python: numpy.save(path, array.astype(numpy.int8)) for spins, " +
        "numpy.save(path, array.astype(numpy.float64)) for real numbers.",
    );
  }
  return { bytes, littleEndian: order !== ">", view: views[name] };
}

/** NumPy's name of an array that this program writes, little-endian. */
export function descrOf(data: TypedArray): string {
  const letter =
    data instanceof Float32Array || data instanceof Float64Array
      ? "f"
      : data instanceof Int8Array || data instanceof Int16Array || data instanceof Int32Array
        ? "i"
        : "u";
  return `${data.BYTES_PER_ELEMENT === 1 ? "|" : "<"}${letter}${data.BYTES_PER_ELEMENT}`;
}

/** Turn elements of `size` bytes from the given byte order into the machine's or back, in place. */
export function toHostOrder(bytes: Uint8Array, size: number, littleEndian: boolean): void {
  if (littleEndian === hostIsLittleEndian) return;
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) raw.swap16();
  if (size === 4) raw.swap32();
  if (size === 8) raw.swap64();
}

/** Bytes 0 and 1; anything else would count as true in one program and as its number in another. */
function booleans(buffer: ArrayBuffer, origin: string, first: number): Uint8Array {
  const values = new Uint8Array(buffer);
  const wrong = values.findIndex((value) => value > 1);
  if (wrong >= 0) {
    throw new DataError(
      `${origin}: element ${first + wrong} of this boolean array is the byte ${values[wrong]}; expected 0 or 1. ` +
        "In Python: numpy.save(path, (array != 0)).",
    );
  }
  return values;
}

/** Half-precision numbers (IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction) as Float32, exactly. */
function halves(buffer: ArrayBuffer): Float32Array {
  return Float32Array.from(new Uint16Array(buffer), (bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 0x1f;
    const fraction = (bits & 0x3ff) / 1024;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return exponent === 0 ? sign * fraction * 2 ** -14 : sign * (1 + fraction) * 2 ** (exponent - 15);
  });
}

/** 64-bit integers as Float64, converted in place, so that no second copy is needed. */
function longIntegers(buffer: ArrayBuffer, signed: boolean, origin: string, first: number): Float64Array {
  const words = signed ? new Int32Array(buffer) : new Uint32Array(buffer);
  const lowWords = new Uint32Array(buffer);
  const low = hostIsLittleEndian ? 0 : 1;
  const values = new Float64Array(buffer);
  for (let i = 0; i < values.length; i++) {
    // Exact below 2^53; beyond, rounding cannot bring the sum back below 2^53.
    const value = words[2 * i + 1 - low] * 4294967296 + lowWords[2 * i + low];
    if (!Number.isSafeInteger(value)) {
      const integers = signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
      throw new DataError(
        `${origin}: element ${first + i} is ${String(integers[i])}; 64-bit integers must lie within ±(2^53 − 1) to be ` +
          "represented exactly. In Python: numpy.save(path, array.astype(numpy.float64)), if rounding is acceptable.",
      );
    }
    values[i] = value;
  }
  return values;
}
