import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeNpy } from "../../src/io/index.js";
import { makeDataset } from "../../src/experiment/make-dataset.js";
import { packBits } from "../../src/kernels/index.js";
import { isFileSource, readDataset, resolveConfig } from "../../src/runs/index.js";
import { inFolder } from "./in-folder.js";
import { stillEnvironment } from "./still-environment.js";

async function makeSmall(path: string, samples = 40) {
  const { data } = resolveConfig({ sample: { lattice: "3x5", coupling: 0.3, samples } });
  if (isFileSource(data)) throw new Error("expected a sample source");
  return makeDataset(data, "seed", path, stillEnvironment, { replace: false });
}

describe("a dataset folder", () => {
  it("reads back as it was written", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "data");
      const { dataset } = await makeSmall(path);
      const read = readDataset(path);
      expect(read.rows.words).toEqual(dataset.rows.words);
      expect(read.model).toEqual(dataset.model);
      expect(read.sha256).toBe(dataset.sha256);
    });
  });

  it("is refused if its configurations changed, and never half replaced", async () => {
    await inFolder(async (folder) => {
      const path = join(folder, "data");
      await makeSmall(path);
      await expect(makeSmall(path)).rejects.toThrow();
      const file = join(path, "configurations.npy");
      const bytes = readFileSync(file);
      bytes[bytes.length - 1] = bytes[bytes.length - 1] === 1 ? 255 : 1;
      writeFileSync(file, bytes);
      expect(() => readDataset(path)).toThrow(/has changed since it was written/);
      appendFileSync(join(path, "manifest.json"), "}");
      expect(() => readDataset(path)).toThrow(/manifest\.json/);
    });
  });

  it("exists for a single sample too, with no errors to report", async () => {
    await inFolder(async (folder) => {
      const { observables } = await makeSmall(join(folder, "one"), 1);
      expect(observables).toEqual([]);
      expect(existsSync(join(folder, "one", "observables.csv"))).toBe(true);
      expect(readDataset(join(folder, "one")).rows.rows).toBe(1);
    });
  });
});

describe("a file of configurations", () => {
  it("may be ±1 or 0/1, flat or on a lattice", async () => {
    await inFolder((folder) => {
      const path = join(folder, "data.npy");
      writeFileSync(path, encodeNpy(Uint8Array.of(0, 1, 1, 0, 0, 1, 1, 1), [2, 4]));
      expect([...readDataset(path).rows.words]).toEqual([0b0110, 0b1110]);
      expect(readDataset(path).lattice).toBeNull();
      expect(readDataset(path, "2x2").lattice?.shape).toEqual([2, 2]);
      const large = Int8Array.from({ length: 700 * 625 }, (_, k) => ((k * k) % 7 < 3 ? 1 : -1));
      writeFileSync(path, encodeNpy(large, [700, 25, 25]));
      expect(readDataset(path).rows).toEqual(packBits(large, 700, 625));
      large[437_000] = 0;
      writeFileSync(path, encodeNpy(large, [700, 25, 25]));
      expect(() => readDataset(path)).toThrow(/row 700, column 126 is 0 but earlier values are -1/);
      const csv = join(folder, "data.csv");
      writeFileSync(csv, "a,b\n1,-1\n-1,-1\n");
      expect([...readDataset(csv).rows.words]).toEqual([1, 0]);
      return Promise.resolve();
    });
  });
});
