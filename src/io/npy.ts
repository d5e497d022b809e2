import { constants } from "node:buffer";
import { DataError, DomainError } from "../errors/index.js";
import { fortranView, inOrder } from "../kernels/array-view.js";
import { type Input, readFully, withInput } from "./input.js";
import { descrOf, type ElementType, elementType, toHostOrder, type TypedArray } from "./npy-element.js";
import { countElements, formatNpyHeader, NPY_MAGIC, type NpyHeader, parseNpyHeader } from "./npy-header.js";

export type { TypedArray } from "./npy-element.js";

/** An array read from a .npy file. */
export interface NpyArray {
  /** The element type the file states, for example `<f4`. */
  readonly dtype: string;
  /** The sides; [] for a scalar. */
  readonly shape: readonly number[];
  /** The elements in C order (the last index varies fastest); 64-bit integers as Float64, booleans as 0 and 1. */
  readonly data: TypedArray;
}

/** The arrays `encodeNpy` writes. */
export type EncodableArray = Int8Array | Uint8Array | Int32Array | Float32Array | Float64Array;

/** NumPy's headers are some 100 bytes; only records with thousands of fields need more than this. */
const MAX_HEADER_BYTES = 65536;

/** Elements in a part of a file that is read or written in parts. */
const BLOCK_ELEMENTS = 1 << 18;

/**
 * The bytes of a .npy file (format 1.0, little-endian, C order) of `data` with the given shape, as numpy.save writes
 * them. DomainError if the shape does not hold exactly `data.length` elements.
 */
export function encodeNpy(data: EncodableArray, shape: readonly number[]): Uint8Array {
  if (countElements(shape) !== data.length) {
    throw new DomainError(`shape (${shape.join(", ")}) does not hold the array's ${data.length} elements.`);
  }
  const header = formatNpyHeader(descrOf(data), shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  toHostOrder(bytes.subarray(header.length), data.BYTES_PER_ELEMENT, true);
  return bytes;
}

/**
 * The bytes of `encodeNpy` in parts, so that neither they nor the array need exist as a whole: `blocks`, joined, are its
 * elements. DomainError if there are none, or not as many as the shape holds.
 */
export function* npyParts(
  shape: readonly number[],
  blocks: Iterable<EncodableArray>,
): Generator<Uint8Array, void> {
  let count = 0;
  for (const block of blocks) {
    if (count === 0) yield formatNpyHeader(descrOf(block), shape);
    for (let first = 0; first < block.length; first += BLOCK_ELEMENTS) {
      const piece = block.slice(first, first + BLOCK_ELEMENTS);
      const bytes = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
      toHostOrder(bytes, block.BYTES_PER_ELEMENT, true);
      yield bytes;
    }
    count += block.length;
  }
  if (count === 0 || count !== countElements(shape)) {
    throw new DomainError(`shape (${shape.join(", ")}) does not hold the ${count} elements of the blocks.`);
  }
}

/**
 * Read a .npy file (format 1.0, 2.0 or 3.0) of booleans, integers of 1 to 8 bytes, float16, float32 or float64, in either byte
 * order, in C or Fortran order. The file's length is compared with its header before memory is taken.
 * MissingInputError if the file cannot be opened; DataError if it is anything but a well-formed file of these types, or
 * holds 64-bit integers beyond ±(2^53 − 1).
 */
export function readNpy(path: string): NpyArray {
  return withInput(path, readNpyInput);
}

/** The same from an input that stands at its beginning, such as a member of an archive. */
export function readNpyInput(input: Input): NpyArray {
  const opened = openArray(input);
  const { descr, shape } = opened.header;
  return { dtype: descr, shape, data: readWhole(input, opened) };
}

/** Takes the elements of an array block by block; `first` is the number of the block's first element. */
export type NpyVisitor = (block: TypedArray, first: number) => void;

/**
 * Read a .npy file as `readNpy` does, but a part at a time: `begin` is given the shape and returns what takes the
 * blocks, each of whole entries of the first axis. An array in Fortran order is one block.
 */
export function readNpyBlocks(path: string, begin: (shape: readonly number[]) => NpyVisitor): void {
  withInput(path, (input) => {
    const opened = openArray(input);
    const { header } = opened;
    const visit = begin(header.shape);
    if (header.fortranOrder) visit(readWhole(input, opened), 0);
    else readParts(input, opened, visit);
  });
}

/**
 * Read a .npy file a part at a time in the order of the file, which `begin` is told beside the shape: with `fortranOrder`
 * the first index varies fastest. In C order the blocks are whole entries of the first axis.
 */
export function readNpyInFileOrder(
  path: string,
  begin: (shape: readonly number[], fortranOrder: boolean) => NpyVisitor,
): void {
  withInput(path, (input) => {
    const opened = openArray(input);
    readParts(input, opened, begin(opened.header.shape, opened.header.fortranOrder));
  });
}

/** Whole entries of the first axis, as many as make a block; in Fortran order these are numbers like any others. */
function readParts(input: Input, { header, element, count }: OpenedArray, visit: NpyVisitor): void {
  const entry = Math.max(1, count / Math.max(1, header.shape[0] ?? 1));
  const length = header.fortranOrder
    ? BLOCK_ELEMENTS
    : entry * Math.max(1, Math.floor(BLOCK_ELEMENTS / entry));
  for (let first = 0; first < count; first += length) {
    visit(readElements(input, element, first, Math.min(length, count - first)), first);
  }
}

/** A .npy file whose header has been read and agrees with the file's length; the data come next. */
interface OpenedArray {
  readonly header: NpyHeader;
  readonly element: ElementType;
  /** Number of elements. */
  readonly count: number;
}

function openArray(input: Input): OpenedArray {
  if (!input.regular) {
    throw new DataError(
      `${input.path} is a pipe or a device; a .npy file must be a file on disk. Save it first.`,
    );
  }
  const { headerBytes, dataOffset } = readPreamble(input);
  const header = parseNpyHeader(readText(input, headerBytes), input.path);
  const element = elementType(header.descr, input.path);
  const bytes = requireMatchingSize(input, dataOffset, header.shape, element.bytes);
  return { header, element, count: bytes / element.bytes };
}

function readWhole(input: Input, { header, element, count }: OpenedArray): TypedArray {
  const values = readElements(input, element, 0, count);
  return header.fortranOrder ? inOrder(fortranView(values, header.shape)) : values;
}

/** The next `count` elements, of which the first is number `first` of the file. */
function readElements(input: Input, element: ElementType, first: number, count: number): TypedArray {
  const buffer = readData(input, count * element.bytes);
  toHostOrder(new Uint8Array(buffer), element.bytes, element.littleEndian);
  return element.view(buffer, input.path, first);
}

/** Magic, version and header length; the input then stands at the header's first byte. */
function readPreamble(input: Input): { readonly headerBytes: number; readonly dataOffset: number } {
  const start = Buffer.alloc(8);
  const count = readFully(input, start);
  if (count < start.length || !start.subarray(0, NPY_MAGIC.length).equals(NPY_MAGIC)) {
    throw new DataError(
      `${input.path} is not a .npy file${likelyKind(start.subarray(0, count))}. ` +
        "In Python: numpy.save(path, array).",
    );
  }
  const [major, minor] = [start[6], start[7]];
  if (minor !== 0 || major < 1 || major > 3) {
    throw new DataError(
      `${input.path}: .npy format version ${major}.${minor}; expected 1.0, 2.0 or 3.0. ` +
        "Write the file again with numpy.save(path, array).",
    );
  }
  const length = Buffer.alloc(major === 1 ? 2 : 4);
  const lengthRead = readFully(input, length);
  const headerBytes = length.readUIntLE(0, length.length);
  const dataOffset = start.length + length.length + headerBytes;
  if (lengthRead < length.length || dataOffset > input.size) throw truncated(input, "inside its header");
  if (headerBytes > MAX_HEADER_BYTES) {
    throw new DataError(
      `${input.path}: the header claims ${headerBytes} bytes; at most ${MAX_HEADER_BYTES} are accepted, plain arrays ` +
        "need about 100. Write the file again with numpy.save(path, array).",
    );
  }
  return { headerBytes, dataOffset };
}

function likelyKind(start: Uint8Array): string {
  if (start.length === 0) return ": it is empty";
  const is = (...bytes: readonly number[]): boolean => bytes.every((byte, i) => start[i] === byte);
  if (is(0x50, 0x4b)) return " but a zip archive, perhaps .npz; save the one array alone";
  if (is(0x80)) return " but perhaps a Python pickle; load it in Python and save the array alone";
  if (is(0x89, 0x48, 0x44, 0x46)) return " but an HDF5 file; save the one array alone";
  if (is(0x1f, 0x8b)) return " but a gzip archive; decompress it first";
  return "";
}

function readText(input: Input, length: number): string {
  const bytes = Buffer.alloc(length);
  if (readFully(input, bytes) < length) throw truncated(input, "inside its header");
  // Version 3.0 means UTF-8, but only names of record fields need it, and records are refused.
  return bytes.toString("latin1");
}

/** The number of data bytes, once the file is known to have exactly as many. */
function requireMatchingSize(
  input: Input,
  dataOffset: number,
  shape: readonly number[],
  elementBytes: number,
): number {
  const count = countElements(shape);
  const present = input.size - dataOffset;
  const name = `shape (${shape.join(", ")}) of ${elementBytes}-byte elements`;
  if (count === undefined || count * elementBytes !== present) {
    const needed = count === undefined ? "more than 2^53" : String(count * elementBytes);
    throw new DataError(
      `${input.path}: ${name} needs ${needed} bytes of data, but the file has ${present}. It was cut off, or written by ` +
        "a faulty program; write it again with numpy.save(path, array).",
    );
  }
  if (present > constants.MAX_LENGTH) {
    throw new DataError(
      `${input.path}: ${name} is ${present} bytes; arrays of more than ${constants.MAX_LENGTH} bytes are not ` +
        "supported. Use fewer configurations, or numpy.save(path, array.astype(numpy.int8)).",
    );
  }
  return present;
}

function readData(input: Input, bytes: number): ArrayBuffer {
  const buffer = allocate(bytes, input.path);
  if (readFully(input, new Uint8Array(buffer)) < bytes) throw truncated(input, "while it was being read");
  return buffer;
}

function allocate(bytes: number, origin: string): ArrayBuffer {
  try {
    return new ArrayBuffer(bytes);
  } catch (error) {
    throw new DataError(
      `${origin}: there is not enough memory for its ${bytes} bytes. Use fewer configurations, or ` +
        "numpy.save(path, array.astype(numpy.int8)).",
      { cause: error },
    );
  }
}

function truncated(input: Input, where: string): DataError {
  return new DataError(
    `${input.path} ends ${where} (${input.size} bytes). It was cut off; copy it or write it again.`,
  );
}
