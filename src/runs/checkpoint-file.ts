import { createHash } from "node:crypto";
import * as v from "valibot";
import { DataError } from "../errors/index.js";
import { type Input, readFully, withInput } from "../io/input.js";
import { toHostOrder } from "../io/npy-element.js";
import type { StateArray, StateArrays } from "../rbm/layer-state.js";

/*
 * One checkpoint: magic (8 bytes), format and header length (32 bits each, little-endian), header (JSON, UTF-8), the arrays
 * one after the other (little-endian), SHA-256 of all that (32 bytes). In every format the first 16 and the last 32
 * bytes are these.
 */
const MAGIC = Buffer.from("RBMRGCKP", "latin1");
const FORMAT = 1;
const PREFIX_BYTES = 16;
const HASH_BYTES = 32;
const CHUNK_BYTES = 1 << 20;
const MAX_HEADER_BYTES = 2 ** 28;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** What every checkpoint says of itself. */
const commonEntries = {
  program: v.literal("rbm-rg"),
  version: v.string(),
  /** What it is a checkpoint of: nothing else goes on from it. */
  identity: v.string(),
  arrays: v.pipe(
    v.array(
      v.object({ name: v.string(), type: v.picklist(["float32", "float64", "uint32"]), length: count }),
    ),
    v.maxLength(1000),
  ),
};

type CommonHeader = v.InferOutput<v.ObjectSchema<typeof commonEntries, undefined>>;

const layerSchema = v.object({
  ...commonEntries,
  /** Counts the checkpoints of a run. */
  sequence: count,
  kernels: v.string(),
  /** sha256 of the configurations. */
  dataset: v.string(),
  /** The hashes of the finished layers (layerHash), from the bottom up. The layer in training is the next one. */
  finished: v.array(v.string()),
  /** Epoch under way in the layer in training, and updates made in it; 0 if it has not begun. */
  epoch: count,
  update: count,
  /** The text of metrics.csv so far. */
  metrics: v.string(),
});

const samplingSchema = v.object({
  ...commonEntries,
  steps: count,
  halfway: v.nullable(count),
  schedule: v.nullable(v.object({ thermalization: count, spacing: count })),
  rows: count,
});

/** What the checkpoint of a sampling says beside the arrays; see SamplingState. */
export type SamplingHeader = v.InferOutput<typeof samplingSchema>;

/** What the checkpoint of a training says beside the arrays. */
export type CheckpointHeader = v.InferOutput<typeof layerSchema>;

/** An intact checkpoint that this version cannot read. */
export class NewerCheckpoint extends DataError {}

/** The bytes of a checkpoint file, in parts. */
export function* checkpointParts(
  header: Omit<CheckpointHeader, "arrays"> | Omit<SamplingHeader, "arrays">,
  arrays: StateArrays,
): Generator<Uint8Array, void> {
  const list = Object.entries(arrays).map(([name, array]) => ({
    name,
    type: typeOf(array),
    length: array.length,
  }));
  const text = Buffer.from(JSON.stringify({ ...header, arrays: list }), "utf8");
  const prefix = Buffer.alloc(PREFIX_BYTES);
  MAGIC.copy(prefix);
  prefix.writeUInt32LE(FORMAT, 8);
  prefix.writeUInt32LE(text.length, 12);
  const hash = createHash("sha256");
  for (const part of [prefix, text]) {
    hash.update(part);
    yield part;
  }
  for (const array of Object.values(arrays)) {
    const bytes = bytesOf(array);
    for (let first = 0; first < bytes.length; first += CHUNK_BYTES) {
      // A copy: the array may lie in memory that threads share.
      const chunk = Uint8Array.from(bytes.subarray(first, first + CHUNK_BYTES));
      toHostOrder(chunk, array.BYTES_PER_ELEMENT, true);
      hash.update(chunk);
      yield chunk;
    }
  }
  yield hash.digest();
}

/** Read the checkpoint of a training; see `readWhole`. */
export function readCheckpointFile(path: string, into: StateArrays | null = null): CheckpointHeader {
  return readWhole(path, layerSchema, into);
}

/** Read the checkpoint of a sampling; see `readWhole`. */
export function readSamplingFile(path: string, into: StateArrays | null = null): SamplingHeader {
  return readWhole(path, samplingSchema, into);
}

/**
 * Read a whole checkpoint and check it against its hash; with `into`, fill these arrays, which must be those of the file
 * by name, type and length. What memory is taken is bounded by the file's size. DataError if the file is not a complete
 * checkpoint (`into` may then have been written to), NewerCheckpoint if it is one of a later format, MissingInputError
 * if it cannot be read.
 */
function readWhole<Header extends CommonHeader>(
  path: string,
  schema: v.GenericSchema<unknown, Header>,
  into: StateArrays | null,
): Header {
  return withInput(path, (input) => {
    const reader = new HashedReader(input);
    const headerBytes = readPrefix(reader);
    const header = parseHeader(path, schema, reader.take(headerBytes));
    const content = PREFIX_BYTES + headerBytes + arrayBytes(header);
    if (input.size !== content + HASH_BYTES) {
      throw damaged(path, `it has ${input.size} bytes, its header says ${content + HASH_BYTES}`);
    }
    if (into !== null) requireSameArrays(path, header, into);
    for (const { name, type, length } of header.arrays) {
      const size = bytesPerElement[type];
      const target = into === null ? null : bytesOf(into[name]);
      for (let first = 0; first < length * size; first += CHUNK_BYTES) {
        const chunk = reader.take(Math.min(CHUNK_BYTES, length * size - first));
        if (target === null) continue;
        toHostOrder(chunk, size, true);
        target.set(chunk, first);
      }
    }
    reader.requireHash();
    return header;
  });
}

/** Reads a file from front to back and hashes it on the way. */
class HashedReader {
  readonly #hash = createHash("sha256");

  constructor(readonly input: Input) {}

  /** The next bytes, at most what the file has left. */
  take(length: number): Buffer {
    const bytes = Buffer.alloc(Math.min(length, this.input.size));
    if (readFully(this.input, bytes) < length) throw damaged(this.input.path, "it breaks off");
    this.#hash.update(bytes);
    return bytes;
  }

  /** The file must end here, with the hash of all before. */
  requireHash(): void {
    const stored = Buffer.alloc(HASH_BYTES);
    if (readFully(this.input, stored) < HASH_BYTES) throw damaged(this.input.path, "it breaks off");
    if (!stored.equals(this.#hash.digest())) {
      throw damaged(this.input.path, "its content does not have the sha256 it ends with");
    }
  }
}

/** Check the first bytes; returns the length of the header. */
function readPrefix(reader: HashedReader): number {
  const { path, size, regular } = reader.input;
  if (!regular) throw damaged(path, "it is not a file on disk");
  if (size < PREFIX_BYTES + HASH_BYTES) throw damaged(path, `it has only ${size} bytes`);
  const prefix = reader.take(PREFIX_BYTES);
  if (!prefix.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged(path, "it does not begin like one");
  const format = prefix.readUInt32LE(8);
  const length = prefix.readUInt32LE(12);
  if (format !== FORMAT) {
    for (let left = size - PREFIX_BYTES - HASH_BYTES; left > 0; left -= CHUNK_BYTES) {
      reader.take(Math.min(left, CHUNK_BYTES));
    }
    reader.requireHash();
    throw new NewerCheckpoint(
      `${path} is a checkpoint of format ${format}; this version of rbm-rg reads format ${FORMAT}. Go on with the ` +
        `version that wrote it, or give --force to train from the beginning.`,
    );
  }
  if (length > Math.min(MAX_HEADER_BYTES, size - PREFIX_BYTES - HASH_BYTES)) {
    throw damaged(path, `its header would have ${length} bytes`);
  }
  return length;
}

function parseHeader<Header>(path: string, schema: v.GenericSchema<unknown, Header>, bytes: Buffer): Header {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw damaged(path, "its header is not JSON");
  }
  const result = v.safeParse(schema, value);
  if (!result.success) throw damaged(path, "its header lacks something");
  return result.output;
}

const bytesPerElement = { float32: 4, float64: 8, uint32: 4 } as const;

function arrayBytes({ arrays }: CommonHeader): number {
  return arrays.reduce((sum, { type, length }) => sum + bytesPerElement[type] * length, 0);
}

function requireSameArrays(path: string, { arrays }: CommonHeader, into: StateArrays): void {
  const describe = (list: CommonHeader["arrays"]): string =>
    list
      .map(({ name, type, length }) => `${name} (${length} × ${type})`)
      .sort()
      .join(", ");
  const wanted = Object.entries(into).map(([name, array]) => ({
    name,
    type: typeOf(array),
    length: array.length,
  }));
  if (describe(arrays) === describe(wanted)) return;
  throw new DataError(
    `${path} holds the arrays ${describe(arrays)}; expected ${describe(wanted)}. Give --force to begin again.`,
  );
}

function typeOf(array: StateArray): keyof typeof bytesPerElement {
  if (array instanceof Float32Array) return "float32";
  return array instanceof Float64Array ? "float64" : "uint32";
}

function bytesOf(array: StateArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function damaged(path: string, why: string): DataError {
  return new DataError(`${path} is not a whole checkpoint: ${why}.`);
}
