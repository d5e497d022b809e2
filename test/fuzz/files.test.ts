import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { RbmRgError } from "../../src/errors/index.js";
import { encodeNpy } from "../../src/io/index.js";
import { RandomStream, seedKey } from "../../src/random/index.js";
import { readConfigFile, readDataset, resolveConfig } from "../../src/runs/index.js";
import { verifyFolder } from "../../src/runs/verify.js";
import { bin, rbmRg } from "../cli/run.js";
import { mutated } from "./mutations.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rbm-rg-fuzz-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Either it works, or one of our errors says why not, in words. */
function expectOurs(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof RbmRgError)) throw error;
    expect(error.message.length).toBeGreaterThan(20);
    expect(error.message).not.toMatch(/undefined|\[object/);
  }
}

/** Read `file` with every one of `runs` mutations of `content`. */
function fuzz(file: string, content: Uint8Array, runs: number, read: () => unknown): void {
  fc.assert(
    fc.property(mutated(content), (bytes) => {
      writeFileSync(join(folder, file), bytes);
      expectOurs(read);
    }),
    { seed: 20_261_121, numRuns: runs },
  );
}

function spins(count: number): Int8Array {
  const stream = new RandomStream(seedKey("fuzz"));
  return Int8Array.from({ length: count }, () => (stream.nextWord() & 1 ? 1 : -1));
}

describe("malformed files", () => {
  it("npy: 2,500 mutations", () => {
    const content = encodeNpy(spins(20 * 16), [20, 4, 4]);
    fuzz("a.npy", content, 2500, () => readDataset(join(folder, "a.npy")));
  });

  it("npy: headers that claim what is not there, up to exabytes", () => {
    const text = (shape: string): Uint8Array => {
      const header = `{'descr': '|i1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + "\n";
      return Buffer.concat([
        Buffer.from("\x93NUMPY\x01\x00", "latin1"),
        Buffer.of(118, 0),
        Buffer.from(header, "latin1"),
        Buffer.from(spins(64).buffer as ArrayBuffer),
      ]);
    };
    const count = fc.oneof(
      fc.constantFrom(
        "0",
        "1",
        "-1",
        "1e3",
        "0x10",
        "9007199254740993",
        "99999999999999999999",
        "None",
        "1.5",
      ),
      fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String),
      fc.nat(100).map(String),
    );
    fc.assert(
      fc.property(fc.array(count, { maxLength: 6 }), (sides) => {
        writeFileSync(join(folder, "b.npy"), text(`(${sides.join(", ")}${sides.length === 1 ? "," : ""})`));
        expectOurs(() => readDataset(join(folder, "b.npy")));
      }),
      { seed: 1, numRuns: 1000 },
    );
  });

  it("csv: 1,000 mutations", () => {
    const values = spins(20 * 9);
    const rows = Array.from({ length: 20 }, (_, row) => values.subarray(9 * row, 9 * row + 9).join(","));
    fuzz("a.csv", Buffer.from(`${rows.join("\n")}\n`), 1000, () => readDataset(join(folder, "a.csv"), "3x3"));
  });

  it("yaml: 1,500 mutations of a packaged configuration", () => {
    const content = readFileSync(join(bin, "..", "..", "configs", "mehta-schwab.yaml"));
    const path = join(folder, "a.yaml");
    fuzz("a.yaml", content, 1500, () => resolveConfig(readConfigFile(path), path));
  });

  it("manifests: 500 mutations, of a dataset and of a run", () => {
    const train = ["-L", "2", "-K", "0.3", "-n", "10", "--hidden", "1", "--epochs", "1", "-q", "-o", "run"];
    expect(rbmRg(folder, "train", ...train).status).toBe(0);
    const data = join(folder, "run", "data");
    for (const [manifest, read] of [
      ["run/data/manifest.json", () => readDataset(data)],
      ["run/manifest.json", () => verifyFolder(join(folder, "run"))],
    ] as const) {
      fuzz(manifest, readFileSync(join(folder, manifest)), 250, read);
    }
  });
});
