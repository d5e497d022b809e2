import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DataError, RbmRgError } from "../../src/errors/index.js";
import { sha256Hex } from "../../src/io/index.js";
import type { StateArrays } from "../../src/rbm/layer-state.js";
import {
  type Checkpoint,
  CheckpointWriter,
  removeCheckpoints,
  restoreCheckpoint,
  type StoredCheckpoint,
  surveyCheckpoints,
} from "../../src/runs/index.js";
import { NewerCheckpoint, readCheckpointFile } from "../../src/runs/checkpoint-file.js";
import { contentsOf, expectError, filesOf, temporaryFolder } from "../io/temporary.js";

function content(changes: Partial<Checkpoint> = {}): Checkpoint {
  return {
    identity: "identity",
    kernels: "wasm",
    dataset: "dataset",
    finished: ["one", "two"],
    epoch: 3,
    update: 14,
    metrics: "layer,epoch\n1,1\n",
    ...changes,
  };
}

/** Arrays of every type, of odd lengths and with odd values. */
function someArrays(): StateArrays {
  return {
    "parameters.weights": Float32Array.of(1.5, -0, NaN, Infinity, -Infinity, 2 ** -149, Math.fround(0.1)),
    "estimator.chains": Uint32Array.of(0, 1, 0xffffffff),
    "optimizer.decay.powers": Float64Array.of(0.1, -0, 5e-324),
    "parameters.empty": new Float32Array(0),
  };
}

function emptied(arrays: StateArrays): StateArrays {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, array]) => [name, array.slice().fill(77)] as const),
  );
}

const bits = (arrays: StateArrays): string[] =>
  Object.entries(arrays).map(
    ([name, array]) => `${name}: ${Buffer.from(array.slice().buffer).toString("hex")}`,
  );

function restored(stored: StoredCheckpoint): StateArrays {
  const into = emptied(someArrays());
  restoreCheckpoint(stored, into);
  return into;
}

describe("a checkpoint", () => {
  it("reads back as it was written, to the last bit", () => {
    const run = temporaryFolder();
    new CheckpointWriter(run, null).write(content(), someArrays());
    const { whole, problems } = surveyCheckpoints(run);
    expect(problems).toEqual([]);
    expect(whole[0].header).toMatchObject({ ...content(), program: "rbm-rg", sequence: 1 });
    expect(bits(restored(whole[0]))).toEqual(bits(someArrays()));
  });

  it("holds arrays larger than the parts it is written in, and arrays in memory that threads share", () => {
    const run = temporaryFolder();
    const big = new Float64Array(new SharedArrayBuffer(8 * 300_001)).map((_, k) => k / 7);
    new CheckpointWriter(run, null).write(content(), { big });
    const into = { big: new Float64Array(new SharedArrayBuffer(big.byteLength)) };
    restoreCheckpoint(surveyCheckpoints(run).whole[0], into);
    expect(into.big.every((x, k) => x === k / 7)).toBe(true);
  });

  it("is little-endian with its hash at the end, whatever the machine", () => {
    const run = temporaryFolder();
    new CheckpointWriter(run, null).write(content(), { a: Float32Array.of(1) });
    const bytes = readFileSync(surveyCheckpoints(run).whole[0].path);
    expect(bytes.subarray(0, 8).toString()).toBe("RBMRGCKP");
    expect(bytes.readUInt32LE(8)).toBe(1);
    expect(bytes.subarray(-36, -32).toString("hex")).toBe("0000803f");
    expect(bytes.subarray(-32).toString("hex")).toBe(sha256Hex(bytes.subarray(0, -32)));
  });

  it("leaves the one before as it was, and takes the place of the last but one", () => {
    const run = temporaryFolder();
    const writer = new CheckpointWriter(run, null);
    const updates = (): number[] => surveyCheckpoints(run).whole.map(({ header }) => header.update);
    for (let update = 1; update <= 5; update++) {
      writer.write(content({ update }), someArrays());
      expect(updates()).toEqual(update === 1 ? [1] : [update, update - 1]);
    }
    expect(contentsOf(join(run, "checkpoint"))).toEqual(["a.checkpoint", "b.checkpoint"]);
    for (const used of [0, 1]) {
      const before = surveyCheckpoints(run).whole[used];
      new CheckpointWriter(run, before).write(content({ update: 100 + used }), {});
      expect(updates()).toContain(before.header.update);
      expect(updates()).toContain(100 + used);
    }
    removeCheckpoints(run);
    expect(existsSync(join(run, "checkpoint"))).toBe(false);
    expect(surveyCheckpoints(run)).toEqual({ whole: [], damaged: [], problems: [] });
  });

  it("is not poured into arrays of other names, types or lengths", () => {
    const run = temporaryFolder();
    new CheckpointWriter(run, null).write(content(), { a: Float32Array.of(1, 2), b: Uint32Array.of(3) });
    const [stored] = surveyCheckpoints(run).whole;
    const wrong: readonly StateArrays[] = [
      { a: new Float32Array(2) },
      { a: new Float32Array(2), c: new Uint32Array(1) },
      { a: new Float32Array(2), b: new Float32Array(1) },
      { a: new Float32Array(3), b: new Uint32Array(1) },
      { a: new Float32Array(2), b: new Uint32Array(1), c: new Float32Array(0) },
    ];
    for (const into of wrong) {
      expectError(
        () => {
          restoreCheckpoint(stored, into);
        },
        DataError,
        /holds the arrays a \(2 × float32\), b \(1 × uint32\); expected/,
      );
      expect(Object.values(into).every((array) => array.every((x) => x === 0))).toBe(true);
    }
  });
});

/** A checkpoint's bytes with the prefix and hash made anew around another header. */
function withHeader(bytes: Buffer, change: (header: Record<string, unknown>) => unknown, format = 1): Buffer {
  const length = bytes.readUInt32LE(12);
  const header = JSON.parse(bytes.subarray(16, 16 + length).toString()) as Record<string, unknown>;
  const text = Buffer.from(JSON.stringify(change(header)));
  const prefix = Buffer.from(bytes.subarray(0, 16));
  prefix.writeUInt32LE(format, 8);
  prefix.writeUInt32LE(text.length, 12);
  const body = Buffer.concat([prefix, text, bytes.subarray(16 + length, -32)]);
  return Buffer.concat([body, Buffer.from(sha256Hex(body), "hex")]);
}

function wholeBytes(): Buffer {
  const run = temporaryFolder();
  new CheckpointWriter(run, null).write(content(), someArrays());
  return readFileSync(surveyCheckpoints(run).whole[0].path);
}

describe("a damaged checkpoint", () => {
  it("is noticed wherever it breaks off, and if anything follows it", () => {
    const bytes = wholeBytes();
    const save = filesOf("checkpoint");
    for (let length = 0; length < bytes.length; length++) {
      expectError(
        () => readCheckpointFile(save(bytes.subarray(0, length))),
        DataError,
        /not a whole checkpoint/,
      );
    }
    const longer = save(bytes);
    appendFileSync(longer, "x");
    expectError(() => readCheckpointFile(longer), DataError, /not a whole checkpoint/);
  });

  it("is noticed with any bit flipped, at every byte and at random", () => {
    const bytes = wholeBytes();
    const save = filesOf("checkpoint");
    const refuse = (flips: readonly (readonly [number, number])[]): void => {
      const torn = Buffer.from(bytes);
      for (const [offset, bit] of flips) torn[offset] ^= 1 << bit;
      if (torn.equals(bytes)) return;
      const path = save(torn);
      const into = emptied(someArrays());
      expectError(() => readCheckpointFile(path), RbmRgError, path);
      expectError(() => readCheckpointFile(path, into), RbmRgError, path);
    };
    for (let offset = 0; offset < bytes.length; offset++) refuse([[offset, offset % 8]]);
    const flip = fc.tuple(fc.nat(bytes.length - 1), fc.nat(7));
    fc.assert(fc.property(fc.array(flip, { minLength: 1, maxLength: 4 }), refuse), { numRuns: 500 });
  });

  it("never makes the program take memory that the file does not fill", () => {
    const bytes = wholeBytes();
    const save = filesOf("checkpoint");
    for (const length of [2 ** 40, Number.MAX_SAFE_INTEGER, 2 ** 60, -1, 1.5, null, "7"]) {
      const arrays = [{ name: "parameters.weights", type: "float32", length }];
      const path = save(withHeader(bytes, (header) => ({ ...header, arrays })));
      expectError(() => readCheckpointFile(path), DataError, /not a whole checkpoint/);
    }
    const long = Buffer.from(bytes);
    long.writeUInt32LE(0xfffffff0, 12);
    expectError(() => readCheckpointFile(save(long)), DataError, /its header would have 4294967280 bytes/);
  });

  it("is refused with a reason if its header is not one", () => {
    const bytes = wholeBytes();
    const save = filesOf("checkpoint");
    for (const wrong of [[], {}, { epoch: "3" }, { update: -1 }, { program: "other" }, { metrics: null }]) {
      const path = save(
        withHeader(bytes, (header) =>
          Array.isArray(wrong) || Object.keys(wrong).length === 0 ? wrong : { ...header, ...wrong },
        ),
      );
      expectError(() => readCheckpointFile(path), DataError, /its header lacks something/);
    }
  });

  it("of a later format is refused as such, not taken for damaged", () => {
    const bytes = wholeBytes();
    const run = temporaryFolder();
    const writer = new CheckpointWriter(run, null);
    writer.write(content(), someArrays());
    writer.write(content(), someArrays());
    const later = withHeader(bytes, () => ({ anything: "else" }), 2);
    writeFileSync(join(run, "checkpoint", "a.checkpoint"), later);
    expectError(
      () => surveyCheckpoints(run),
      NewerCheckpoint,
      /format 2; this version of rbm-rg reads format 1/,
      /--force/,
    );
    later[20] ^= 1;
    writeFileSync(join(run, "checkpoint", "a.checkpoint"), later);
    expect(surveyCheckpoints(run).whole).toHaveLength(1);
  });
});

describe("two checkpoints", () => {
  it("of which one is damaged in any way: the other is found, with its own numbers", () => {
    const run = temporaryFolder();
    const writer = new CheckpointWriter(run, null);
    writer.write(content({ update: 1 }), { a: Float32Array.of(1, 1, 1) });
    writer.write(content({ update: 2 }), { a: Float32Array.of(2, 2, 2) });
    const paths = ["a", "b"].map((name) => join(run, "checkpoint", `${name}.checkpoint`));
    const originals = paths.map((path) => readFileSync(path));
    const damage = fc.record({
      which: fc.nat(1),
      kind: fc.constantFrom("cut", "flip", "zero", "empty"),
      place: fc.double({ min: 0, max: 0.999999, noNaN: true }),
    });
    fc.assert(
      fc.property(damage, ({ which, kind, place }) => {
        const bytes = Buffer.from(originals[which]);
        const offset = Math.floor(place * bytes.length);
        if (kind === "flip") bytes[offset] ^= 4;
        if (kind === "zero") bytes.fill(0, offset);
        const length = kind === "cut" ? offset : kind === "empty" ? 0 : bytes.length;
        writeFileSync(paths[which], bytes.subarray(0, length));
        const { whole, problems } = surveyCheckpoints(run);
        // zeros from an offset on may be what was there before only if nothing changed
        const changed = !bytes.subarray(0, length).equals(originals[which]);
        expect(whole.map(({ header }) => header.update)).toEqual(changed ? [2 - which] : [2, 1]);
        expect(problems).toHaveLength(changed ? 1 : 0);
        const into = { a: new Float32Array(3) };
        restoreCheckpoint(whole[0], into);
        expect([...into.a]).toEqual(new Array(3).fill(whole[0].header.update));
        writeFileSync(paths[which], originals[which]);
      }),
      { numRuns: 500 },
    );
  });
});
